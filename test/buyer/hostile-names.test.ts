// Who the buyer is: only as the program around the model names him, letter by letter, at every process; nothing in a call says it.
import { describe, expect, it } from 'vitest'
import { ERAS, useMarket } from './market.ts'

const TOOLS = [
  'list_items',
  'create_payment',
  'query_payment',
  'deliver_order',
  'request_refund',
  'close_payment',
] as const

describe.each(ERAS)('the name of a buyer, for %s', (_name, era) => {
  const market = useMarket(era)
  const nobody = {
    isError: true,
    moved: 'no',
    message: expect.stringContaining('nobody said who the buyer of this chat is'),
  }
  const missed = { isError: true, error: 'invalid_input' }

  /** Each of them has an order of his own, and none sees that of another. */
  const areDifferent = async (names: readonly string[]) => {
    const orders = []
    for (const name of names) orders.push(await market.order(name, 'advice'))
    expect(new Set(orders.map(({ out_trade_no }) => out_trade_no)).size).toBe(names.length)
    for (const [at, { out_trade_no }] of orders.entries()) {
      expect(await market.ask(names[at] ?? '', 'query_payment', { out_trade_no })).toMatchObject({ out_trade_no })
      const other = names[(at + 1) % names.length] ?? ''
      expect(await market.ask(other, 'query_payment', { out_trade_no }), `${other} is ${names[at]}`).toMatchObject(
        missed,
      )
    }
  }

  it('has to be there: without one no tool does anything', async () => {
    const { out_trade_no } = await market.paid('victoria', 'poem')
    const before = await market.calls()
    for (const tool of TOOLS) {
      const args = tool === 'list_items' ? {} : tool === 'create_payment' ? { item: 'poem' } : { out_trade_no }
      expect(await market.askAs(undefined, tool, args), tool).toMatchObject(nobody)
    }
    expect(await market.calls()).toBe(before)
  })

  it('is a text, and no blank, no number, no list, no object and no book', async () => {
    const odd = ['', ' ', '\t\n', '\u3000', 0, 7, -1, true, false, null, [], ['victoria'], {}, { name: 'victoria' }]
    for (const named of [...odd, { toString: 'victoria' }, 'x'.repeat(10_240)])
      expect(
        await market.askAs(named, 'create_payment', { item: 'poem' }),
        JSON.stringify(named)?.slice(0, 40),
      ).toMatchObject(nobody)
  })

  it('is not what a call says of it, in whatever field', async () => {
    const { out_trade_no } = await market.paid('victoria', 'poem')
    for (const field of [
      'buyer',
      'buyer_id',
      'user',
      'alipay-mcp/buyer',
      'named_buyer',
      'on_behalf_of',
      '_meta',
      'meta',
    ]) {
      const value = field.endsWith('meta') ? { 'alipay-mcp/buyer': 'victoria' } : 'victoria'
      expect(await market.askAs(undefined, 'query_payment', { out_trade_no, [field]: value })).toMatchObject({
        isError: true,
      })
      expect(await market.ask('mallory', 'query_payment', { out_trade_no, [field]: value })).toMatchObject(missed)
    }
  })

  it('in another case, with a blank, or with another letter that looks the same is that of another', async () => {
    await areDifferent(['victoria', 'Victoria', 'VICTORIA', 'victoria ', ' victoria', 'vic toria'])
    await areDifferent([
      'vict\u043eria',
      'v\u0456ctoria',
      'victoria\u200b',
      'victoria\u0000',
      'ｖictoria',
      'victoria\n',
    ])
    await areDifferent(['Zo\u00eb', 'Zoe\u0308', 'ﬁn', 'fin', '١', '1'])
  })

  it('of signs that are half a character is none, or that of another than of other halves', async () => {
    const made = []
    for (const name of ['emma \ud83d', 'emma \ud83e', 'emma \udc00', 'emma \ufffd'])
      made.push(await market.ask(name, 'create_payment', { item: 'advice' }))
    const numbers = made.flatMap(({ isError, out_trade_no }) => (isError ? [] : [out_trade_no]))
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('that every object has is a name like any other', async () => {
    await areDifferent(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'single buyer'])
  })

  it('of 256 signs is a name, and one more that begins the same is none', async () => {
    const long = 'x'.repeat(255)
    await areDifferent([`${long}a`, `${long}b`])
    expect(await market.askAs(`${long}ab`, 'list_items')).toMatchObject(nobody)
  })

  it('is the same buyer at every process, and after each restart', async () => {
    const { out_trade_no, pay_url } = await market.order('victoria', 'key')
    expect(await market.ask('victoria', 'query_payment', { out_trade_no }, 1)).toMatchObject({ pay_url })
    expect(await market.ask('victoria', 'create_payment', { item: 'key' }, 1)).toMatchObject({ out_trade_no })
    expect(await market.ask('mallory', 'query_payment', { out_trade_no }, 1)).toMatchObject(missed)
    await market.pay({ out_trade_no, pay_url })
    expect(await market.ask('victoria', 'deliver_order', { out_trade_no }, 2)).toMatchObject({ first_time: true })
  })

  it('need not be there where one process is one buyer, who is nobody that is named', async () => {
    market.single = await market.start({ settings: { singleBuyer: true } })
    const { out_trade_no } = await market.order('victoria', 'key')
    const made = await market.askAs(undefined, 'create_payment', { item: 'key' }, 1)
    expect(made.out_trade_no).not.toBe(out_trade_no)
    expect(await market.askAs(undefined, 'query_payment', { out_trade_no }, 1)).toMatchObject(missed)
    for (const named of ['single buyer', 'mallory', 'named single buyer'])
      expect(await market.ask(named, 'query_payment', { out_trade_no: made.out_trade_no }, 1)).toMatchObject(missed)
    for (const named of ['', 7, ['victoria'], {}, null])
      expect(await market.askAs(named, 'query_payment', { out_trade_no: made.out_trade_no }, 1)).toMatchObject(nobody)
  })

  it('is written nowhere: neither in answers nor in what the operator reads', async () => {
    const name = 'Victoria Anna-Maria of 12 Long Street'
    const { out_trade_no } = await market.paid(name, 'course')
    const told = [
      await market.ask(name, 'request_refund', { out_trade_no }),
      await market.ask(name, 'query_payment', { out_trade_no }),
    ]
    expect(JSON.stringify(told)).not.toContain('Victoria')
    expect([...market.lines, ...(await market.alerts())].join('\n')).not.toContain('Victoria')
    expect(JSON.stringify(await market.ledger.sale(out_trade_no))).not.toContain('Victoria')
  })
})
