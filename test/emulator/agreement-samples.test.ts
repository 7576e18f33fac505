// Field by field against answers about agreements from Alipay's documents: same keys, same order, same values.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AgreementClient, SCENE } from './agreement-client.ts'
import { standingClock, useRaw } from './raw-client.ts'

interface Sample {
  method: string
  request: { biz_content: { external_agreement_no?: string; agreement_params?: object } }
  raw_response: string
}

/** The agreement of the samples, as it was signed. */
const client = await useRaw({ clock: standingClock(Date.parse('2026-10-06T10:00:00+08:00')) })
const agreements = new AgreementClient(client)
const PLAN = { period_type: 'MONTH', period: '1', execute_time: '2026-11-06', single_amount: '3000.00' }

/** Numbers and signatures differ from run to run, and there are no more users than the built-in ones. */
const normal = (text: string) =>
  text
    .replace(/"(agreement_no|trade_no|sign|buyer_logon_id|buyer_user_id|principal_id)":"[^"]*"/g, '"$1":"#"')
    .replace(/"(gmt_payment)":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/g, '"$1":"#"')

async function compare(name: string, more: object = {}): Promise<void> {
  const sample: Sample = JSON.parse(readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8'))
  const called = await client.call(sample.method, { ...sample.request.biz_content, ...more })
  expect(called.verified).toBe(true)
  expect(normal(called.text)).toBe(normal(sample.raw_response))
}

const signed = () =>
  agreements.signed('SIGN20261120001', { period_rule_params: PLAN, product_code: 'CYCLE_PAY_AUTH', ...SCENE }, 'buyer2')
const params = (agreement_no: string) => ({ product_code: 'CYCLE_PAY_AUTH', agreement_params: { agreement_no } })

test('query of an agreement that was charged once', async () => {
  const agreement_no = await signed()
  await agreements.until('2026-11-06')
  await agreements.charge(agreement_no, 'C1', params(agreement_no))
  const [first] = await agreements.listed()
  expect(first?.attempts).toMatchObject([{ answer: '10000' }])
  const sample: Sample = JSON.parse(
    readFileSync(new URL('../samples/agreement_query.normal.json', import.meta.url), 'utf8'),
  )
  const { text } = await client.call(sample.method, sample.request.biz_content)
  expect(normal(text)).toBe(normal(sample.raw_response))
})

test('query of an unknown agreement', () => compare('agreement_query.not_exist'))
test('unsigning', async () => compare('agreement_unsign.success', { agreement_no: await signed() }))
test('charge of an unknown agreement', () => compare('pay.agreement_not_exist'))

test('charge that is paid at once, and one in process', async () => {
  const period_rule_params = { ...PLAN, execute_time: '2026-11-07' }
  const plan = { period_rule_params, product_code: 'CYCLE_PAY_AUTH' }
  const one = await agreements.signed('A1', plan, 'buyer2')
  await compare('pay.agreement', params(one))
  const other = await agreements.signed('A2', plan, 'buyer2')
  await agreements.next(other, { outcome: 'in_process' })
  await compare('pay.in_process_10003', params(other))
})
