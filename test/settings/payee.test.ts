// ALIPAY_PAYEE and ALIPAY_TRUSTED_PROXIES: what is taken, and what is told of the rest.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Problem } from '../../src/errors.ts'
import { payeeOf, trustedProxiesOf } from '../../src/settings/payee.ts'
import { SettingsReader } from '../../src/settings/settings-reader.ts'

function read<T>(name: string, value: string | undefined, how: (read: SettingsReader) => T) {
  const notices: Problem[] = []
  const schema = z
    .any()
    .transform((_, ctx) => how(new SettingsReader({ variables: { [name]: value }, origins: new Map() }, ctx, notices)))
  const { data, error } = schema.safeParse({})
  return { data, problems: error?.issues.map(({ message }) => message) ?? [] }
}

describe('the payee', () => {
  const payee = (value: string | undefined) => read('ALIPAY_PAYEE', value, payeeOf)

  it('is JSON with a name, and what the law may want beside it', () => {
    const whole = {
      name: '茶铺',
      licence: '91310000',
      contact: '021-1',
      icp: '沪ICP备1号',
      refund_policy: '七天无理由',
    }
    expect(payee(JSON.stringify(whole))).toEqual({ data: whole, problems: [] })
    expect(payee(' {"name":" 茶铺 "} ')).toEqual({ data: { name: '茶铺' }, problems: [] })
    expect(payee(undefined)).toEqual({ data: undefined, problems: [] })
  })

  it.each([
    ['茶铺', 'has no fitting JSON object.'],
    ['"茶铺"', 'has no fitting JSON object.'],
    ['[]', 'has no fitting JSON object.'],
    ['null', 'has no fitting JSON object.'],
    ['{}', 'has no fitting name.'],
    ['{"name":""}', 'has no fitting name.'],
    ['{"name":1}', 'has no fitting name.'],
    [JSON.stringify({ name: 'x'.repeat(61) }), 'has no fitting name.'],
    ['{"name":"a","refund_policy":""}', 'has no fitting refund_policy.'],
    ['{"name":"a","licence":{}}', 'has no fitting licence.'],
    ['{"name":"a","license":"b"}', 'holds "license", which it does not have.'],
  ])('%s is told: %s', (value, problem) => {
    expect(payee(value).problems).toEqual([problem])
  })
})

describe('the proxies', () => {
  const proxies = (value: string) => read('ALIPAY_TRUSTED_PROXIES', value, trustedProxiesOf)

  it('are addresses and networks, of both kinds', () => {
    const { data, problems } = proxies('127.0.0.1, 10.0.0.0/8,::1,fd00::/8')
    expect(problems).toEqual([])
    for (const inside of ['127.0.0.1', '10.1.2.3']) expect(data?.check(inside, 'ipv4')).toBe(true)
    for (const outside of ['127.0.0.2', '11.0.0.1']) expect(data?.check(outside, 'ipv4')).toBe(false)
    for (const inside of ['::1', 'fd12::1']) expect(data?.check(inside, 'ipv6')).toBe(true)
    expect(data?.check('fe80::1', 'ipv6')).toBe(false)
  })

  it.each(['localhost', '10.0.0.0/33', '::1/129', '1.2.3', '10.0.0.1/', '', '127.0.0.1,,', '10.0.0.0/8/8', '*'])(
    '%j is told',
    (value) => {
      if (value === '') return expect(proxies(value).problems).toHaveLength(1)
      expect(proxies(value).problems[0]).toMatch(/which is no address\.$/)
    },
  )
})
