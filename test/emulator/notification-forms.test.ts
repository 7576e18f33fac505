// The odd and the forged notifications that can be sent on request, each judged by its bytes.
import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageOrder, useRaw } from './raw-client.ts'
import { useReceiver } from './receiver.ts'

const client = await useRaw()
const receiver = await useReceiver()

interface Sent {
  answer: string
  confirmed: boolean
}

async function send(form: string, body: object = { out_trade_no: 'N' }): Promise<Sent> {
  const { body: sent } = await client.control('/notifications/send', { form, ...body })
  return sent as Sent
}

async function bodyOf(form: string): Promise<string> {
  const pay_url = client.link('alipay.trade.page.pay', pageOrder('N', { subject: '咖啡' }), {
    notify_url: receiver.url,
  })
  await client.control('/pay', { pay_url })
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(1)
  expect(await send(form)).toEqual({
    form,
    notify_id: expect.any(String),
    answer: 'HTTP 200 "success"',
    confirmed: true,
    body: form === 'oversized' ? undefined : receiver.received.at(-1)?.body,
  })
  return receiver.received.at(-1)?.body ?? ''
}

/** Name and value of each pair, each byte one character. */
const pairsOf = (body: string) =>
  body.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=')
    const bytes = (text: string) =>
      text.replaceAll('+', ' ').replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    return [bytes(name), bytes(value)] as const
  })

function isSigned(body: string, { digest = 'sha256', empties = false } = {}): boolean {
  const pairs = pairsOf(body)
  const text = pairs
    .filter(([name, value]) => !['sign', 'sign_type'].includes(name) && (empties || value !== ''))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const der = Buffer.from(client.emulator.alipay_public_key, 'base64')
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  const signature = Buffer.from(new Map(pairs).get('sign') ?? '', 'base64')
  return verify(digest, Buffer.from(text, 'latin1'), key, signature)
}

const valueIn = (body: string, name: string) => new Map(pairsOf(body)).get(name)
const text = (body: string, name: string, charset: string) =>
  new TextDecoder(charset).decode(Buffer.from(valueIn(body, name) ?? '', 'latin1'))

test('again is the same, letter by letter', async () => {
  const body = await bodyOf('again')
  expect(body).toBe(receiver.received[0]?.body)
  expect(isSigned(body)).toBe(true)
})

test.each(['altered', 'forged', 'unsigned', 'sha1'])('%s has no RSA2 signature of Alipay', async (form) => {
  expect(isSigned(await bodyOf(form))).toBe(false)
})

test('sha1 is what the older RSA type would be', async () => {
  const body = await bodyOf('sha1')
  expect([valueIn(body, 'sign_type'), isSigned(body, { digest: 'sha1' })]).toEqual(['RSA', true])
})

test.each([
  ['other_app', 'app_id'],
  ['other_seller', 'seller_id'],
  ['other_amount', 'total_amount'],
  ['other_order', 'out_trade_no'],
])('%s is signed and says another %s', async (form, name) => {
  const body = await bodyOf(form)
  expect(isSigned(body)).toBe(true)
  expect(valueIn(body, name)).not.toBe(receiver.received[0]?.fields.get(name))
})

test('doubled has total_amount twice, oversized two megabytes', async () => {
  const names = pairsOf(await bodyOf('doubled')).map(([name]) => name)
  expect(names.filter((name) => name === 'total_amount')).toHaveLength(2)
  await send('oversized')
  expect(receiver.received.at(-1)?.body.length).toBeGreaterThan(2 * 1024 * 1024)
})

test('empty values are signed or not, as one asks', async () => {
  expect(isSigned(await bodyOf('empty_value'))).toBe(true)
  await send('empty_value_signed')
  const body = receiver.received.at(-1)?.body ?? ''
  expect([isSigned(body), isSigned(body, { empties: true })]).toEqual([false, true])
})

test('GBK is signed over its bytes, and charset tells the truth or not', async () => {
  const body = await bodyOf('gbk')
  expect([isSigned(body), valueIn(body, 'charset'), text(body, 'subject', 'gb18030')]).toEqual([true, 'gbk', '咖啡'])
  await send('badly_encoded')
  const other = receiver.received.at(-1)?.body ?? ''
  expect([isSigned(other), valueIn(other, 'charset'), text(other, 'subject', 'gb18030')]).toEqual([
    true,
    'utf-8',
    '咖啡',
  ])
})

test('what cannot be sent says why', async () => {
  const refused = async (body: object) => (await client.control('/notifications/send', body)).body
  expect(await refused({ out_trade_no: 'NONE' })).toMatchObject({
    error: expect.stringContaining('no such notification'),
  })
  expect(await refused({})).toMatchObject({ allowed: ['out_trade_no', 'agreement_no', 'notify_id'] })
  await bodyOf('again')
  expect(await refused({ out_trade_no: 'N', form: 'odd' })).toMatchObject({
    allowed: expect.arrayContaining(['forged']),
  })
})
