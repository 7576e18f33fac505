// Holds the inputs of all tools to their promises: every fault in one answer, in plain words, and nothing sent.
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { MERCHANT_TOOLS } from '../../src/tools/index.ts'
import type { Services, Tool } from '../../src/tools/tool.ts'
import { ALL_NAMES, CATALOGUE, taking } from './catalogue.ts'

function touched(): never {
  throw new Error('a service was touched')
}
/** Services of which nothing may be used: the input is read before anything else. */
const untouchable: Services = Object.create(new Proxy({}, { get: touched }))

function toolNamed(name: string): Tool {
  const tool = MERCHANT_TOOLS.find((one) => one.name === name)
  if (!tool) throw new Error(`there is no tool ${name}`)
  return tool
}
async function faultsOf(name: string, raw: unknown): Promise<string[]> {
  const error = await toolNamed(name)
    .call(raw, untouchable)
    .catch((caught: unknown) => caught)
  if (!(error instanceof InputError)) throw error
  const head = `${name} was not called, its input is wrong. `
  expect(error.message.startsWith(head)).toBe(true)
  return error.message.slice(head.length).split(' | ')
}
const order = { subject: 'Coffee 咖啡', total_amount: '9.90' }
const create = (fields: object) => faultsOf('create_payment', { ...order, ...fields })

const GIVE = 'Give yuan with at most two decimals, such as "9.90".'
const ASK_IN_YUAN =
  'only yuan (CNY) can be paid here. Ask for the price in yuan; do not convert it, and do not drop the currency.'
const FOREIGN = `is in another currency; ${ASK_IN_YUAN}`
const NOT_YUAN = 'must be an amount in yuan such as "9.90".'

describe('an amount', () => {
  it.each([
    ['9.90', '9.90'],
    ['9.9', '9.90'],
    [9.9, '9.90'],
    [10, '10.00'],
    ['0.01', '0.01'],
    [0.01, '0.01'],
    [1.1 + 2.2 - 2.2, '1.10'],
    [4.35, '4.35'],
    ['100000000.00', '100000000.00'],
    [100_000_000, '100000000.00'],
  ])('of %j is taken as %s', (given, taken) => {
    const input = toolNamed('create_payment').input.parse({ ...order, total_amount: given })
    expect(input).toMatchObject({ total_amount: taken })
  })

  it.each([
    [9.999, `has more than two decimals. ${GIVE}`],
    ['9.999', `has more than two decimals. ${GIVE}`],
    ['9.900', `has more than two decimals. ${GIVE}`],
    [0.1 + 0.2, `has more than two decimals. ${GIVE}`],
    ['1e3', `is in exponent notation. ${GIVE}`],
    [1e21, `is in exponent notation. ${GIVE}`],
    [1e-7, `is in exponent notation. ${GIVE}`],
    ['￥9', `has a currency sign; amounts are always yuan (CNY). ${GIVE}`],
    ['9元', `has a currency sign; amounts are always yuan (CNY). ${GIVE}`],
    ['9.90 CNY', `has a currency sign; amounts are always yuan (CNY). ${GIVE}`],
    ...['USD 9.90', 'usd9.90', '9.90 EUR', '€9.90', '$9', '9 £', '-$1'].map((text): [string, string] => [
      text,
      FOREIGN,
    ]),
    [-1, `is negative. ${GIVE}`],
    ['-0.01', `is negative. ${GIVE}`],
    [0, `is zero; the least is 0.01. ${GIVE}`],
    [-0, `is zero; the least is 0.01. ${GIVE}`],
    ['0.00', `is zero; the least is 0.01. ${GIVE}`],
    ['100000000.01', `is over 100000000.00. ${GIVE}`],
    [100_000_000.01, `is over 100000000.00. ${GIVE}`],
    ['9'.repeat(400), `is over 100000000.00. ${GIVE}`],
    ...['NaN', '', ' 9.9', '9.9 ', '9.90\n', '9.', '.5', '+1', '010', '1,000', '9.9.9', '0x10', '９.９', '٩'].map(
      (text): [string, string] => [text, `is not an amount. ${GIVE}`],
    ),
    ...[Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, {}, ['9.90'], 10n].map(
      (value): [unknown, string] => [value, NOT_YUAN],
    ),
  ])('of %s is refused with the reason, in every tool that takes one', async (given, reason) => {
    expect(await create({ total_amount: given })).toStrictEqual([`total_amount: ${reason}`])
    if (given === undefined) return
    // An empty one may be left out, and is told so: host-inputs.test.ts.
    if (given === '' || given === null || String(given) === '[object Object]') return
    for (const tool of taking('refund_amount')) {
      const faults = await faultsOf(tool, { out_trade_no: 'A', refund_amount: given })
      expect(faults).toStrictEqual([`refund_amount: ${reason}`])
    }
  })
})

it.each(['currency', 'trans_currency', 'Currency'])('a field %s is not dropped: yuan are asked for', async (field) => {
  const [fault] = await create({ [field]: 'USD' })
  expect(fault).toMatch(`unknown field "${field}"; the fields are subject, total_amount,`)
  expect(fault).toMatch(ASK_IN_YUAN)
})

describe('a text that a buyer sees', () => {
  const CONTROL = 'has line breaks, control characters or signs that turn the direction; remove them.'

  it.each([
    ['', 'is empty.'],
    ['x'.repeat(300), 'is longer than 256 characters.'],
    ['字'.repeat(257), 'is longer than 256 characters.'],
    ['😀'.repeat(257), 'is longer than 256 characters.'],
    // 129 to whoever counts an emoji once, 258 to whoever counts it twice.
    ['😀'.repeat(129), 'is longer than 256 characters: an emoji counts as two, or more.'],
    ['👨‍👩‍👧'.repeat(33), 'is longer than 256 characters: an emoji counts as two, or more.'],
    ...['a\nb', 'a\r', '\tb', 'a\u0000b', 'a\u001b[31m', 'a\u007f', 'a\u0085b'].map((text): [string, string] => [
      text,
      CONTROL,
    ]),
    ['a\ud800', 'has half a character (a lone surrogate); remove it.'],
    ...['/', '=', '&'].map((char): [string, string] => [
      `a${char}b`,
      `has characters that Alipay forbids in a subject: ${char}. Leave out / = and &.`,
    ]),
    ['a=b&c=d/e', 'has characters that Alipay forbids in a subject: = & /. Leave out / = and &.'],
    ...[5.5, true, null, undefined, {}, ['x']].map((value): [unknown, string] => [value, 'must be a text.']),
    ...['null', 'undefined'].map((word): [string, string] => [word, 'is no text but the word for none.']),
    ['\u200b', 'is blank.'],
  ])('as a subject of %j is refused with the reason', async (given, reason) => {
    expect(await create({ subject: given })).toStrictEqual([`subject: ${reason}`])
  })

  it('as a body or a reason may hold / = & but no line breaks', async () => {
    expect(await create({ body: 'x'.repeat(129), channel: 'x' })).toContain('body: is longer than 128 characters.')
    expect(await create({ body: 'a\nb' })).toStrictEqual([`body: ${CONTROL}`])
    const long = (most: number) => `is longer than ${most} characters: an emoji counts as two, or more.`
    expect(await create({ body: '😀'.repeat(65) })).toStrictEqual([`body: ${long(128)}`])
    const reason = { out_trade_no: 'A', refund_reason: '😀'.repeat(129) }
    expect(await faultsOf('refund_payment', reason)).toStrictEqual([`refund_reason: ${long(256)}`])
    expect(await create({ body: 'a/b=c&d', channel: 'x' })).toStrictEqual(['channel: must be page, mobile or qr.'])
    const refund = { out_trade_no: 'A', refund_reason: 'a\nb' }
    expect(await faultsOf('refund_payment', refund)).toStrictEqual([`refund_reason: ${CONTROL}`])
  })
})

describe('an order', () => {
  const named = taking('trade_no')
  const ONE = 'Name the order by exactly one of out_trade_no and trade_no.'
  const OUT = 'out_trade_no: must be 1 to 64 letters, digits or underscores.'
  const TRADE = "trade_no: must be Alipay's number, 16 to 64 digits."
  const trade_no = '2026112022001400100500000001'

  it.each(named)('of %s is named by exactly one number', async (tool) => {
    for (const raw of [{}, null, undefined]) expect(await faultsOf(tool, raw)).toStrictEqual([ONE])
    expect(await faultsOf(tool, { out_trade_no: 'A', trade_no })).toStrictEqual([ONE])
    expect(await faultsOf(tool, { out_trade_no: true, trade_no })).toStrictEqual(['out_trade_no: must be a text.', ONE])
    for (const empty of ['', ' ', null, {}, []]) {
      expect(await faultsOf(tool, { out_trade_no: empty, trade_no: empty })).toStrictEqual([ONE])
    }
  })

  it.each(named)('of %s has numbers without spaces and signs', async (tool) => {
    for (const number of ['A 1', ' A1', 'A1\n', 'A-1', 'A/1', 'A&x=1', '订单', 'x'.repeat(65)]) {
      expect(await faultsOf(tool, { out_trade_no: number })).toStrictEqual([OUT])
    }
    for (const number of [
      '2026',
      ` ${trade_no}`,
      `${trade_no} `,
      `${trade_no}\n`,
      '２０２６１１２０２２００１４００',
      'x'.repeat(20),
    ]) {
      expect(await faultsOf(tool, { trade_no: number })).toStrictEqual([TRADE])
    }
  })
})

describe('an input', () => {
  it.each(CATALOGUE)(
    'of $name with an unknown field is answered with the real ones',
    async ({ name, fields, args }) => {
      for (const field of ['out_request_id', 'amount', 'outTradeNo', 'Subject', 'a\nb']) {
        expect(await faultsOf(name, { ...args('A'), [field]: undefined })).toStrictEqual([
          `unknown field ${JSON.stringify(field.replace('\n', ' '))}; the fields are ${fields}.`,
        ])
      }
      const raw = JSON.parse(`{"__proto__":1,${JSON.stringify(args('A')).slice(1)}`)
      expect(await faultsOf(name, raw)).toStrictEqual([`unknown field "__proto__"; the fields are ${fields}.`])
    },
  )

  it.each(ALL_NAMES)('of %s that is no object is refused', async (tool) => {
    for (const raw of ['x', 5, true, []]) expect(await faultsOf(tool, raw)).toContain('the input must be an object.')
  })

  it.each([
    [0, 'is under 1.'],
    [-30, 'is under 1.'],
    [21_601, 'is over 21600 (15 days).'],
    [1.5, 'must be a whole number of minutes.'],
    ['0', 'is under 1.'],
    ...['1.5', '1e1', '030', '30 min', '٣٠', '0x1e', true, Number.NaN].map((value): [unknown, string] => [
      value,
      'must be a whole number of minutes.',
    ]),
  ])('of %j minutes is refused with the reason', async (minutes, reason) => {
    expect(await create({ expires_in_minutes: minutes })).toStrictEqual([`expires_in_minutes: ${reason}`])
  })

  it('with many faults is answered with all of them at once', async () => {
    const raw = {
      subject: true,
      total_amount: '￥9',
      out_trade_no: 'a b',
      channel: 'card',
      body: false,
      expires_in_minutes: 0,
      replaces: '-',
      x: 1,
    }
    const told = (await faultsOf('create_payment', raw)).map((fault) => fault.split(/[: ]/, 1)[0])
    expect(`${told.slice(0, -1).join(', ')}`).toBe(CATALOGUE[0]?.fields)
    expect(told.at(-1)).toBe('unknown')
    const refund = {
      trade_no: '1',
      refund_amount: -1,
      refund_reason: true,
      out_request_no: '/',
      x: 1,
      out_trade_no: '/',
    }
    expect(await faultsOf('refund_payment', refund)).toHaveLength(7)
  })
})
