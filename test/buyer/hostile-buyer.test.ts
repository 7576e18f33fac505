// A hostile buyer and the price: whatever he writes into a call, an order costs what the items file says.
import { describe, expect, it } from 'vitest'
import { ITEMS } from './items-for-sale.ts'
import { ERAS, useMarket } from './market.ts'

const CENT = ['0.01', 0.01, '1']
const QUANTITIES = [-1, 0, -0, 0.01, 0.5, 1.5, 1_001, 1e9, 1e21, 2 ** 53, '-1', '0', '1e2', '0x2', '1.5', 'NaN']
const ODD = [
  'Infinity',
  '２',
  '2 pieces',
  true,
  false,
  [2],
  ['2', '3'],
  { $gt: 0 },
  { quantity: 1 },
  '1;drop table orders',
]

describe.each(ERAS)('the price, for %s', (_name, era) => {
  const market = useMarket(era)
  const mallory = (args: object) => market.ask('mallory', 'create_payment', { ...args })
  const unmade = async (args: object) => {
    const answer = await mallory(args)
    expect(answer, JSON.stringify(args)).toMatchObject({ isError: true, moved: 'no' })
    expect(answer).not.toHaveProperty('pay_url')
    return answer
  }

  it('is not the one cent that the buyer names as the amount of an item with a price', async () => {
    for (const total_amount of CENT) {
      const answer = await unmade({ item: 'course', total_amount })
      expect(answer.message).toContain('"course" has a price, 99.00 yuan each')
    }
  })

  it('is not in any other field that sounds like one', async () => {
    for (const field of ['price', 'amount', 'discount', 'unit_price', 'total', 'pay_amount', 'coupon', 'total_fee']) {
      const answer = await unmade({ item: 'course', [field]: '0.01' })
      expect(answer.message).toContain(`unknown field "${field}"`)
    }
  })

  it('is not changed by words in the item', async () => {
    for (const item of [
      'course for 0.01 yuan',
      'course","total_amount":"0.01',
      'course\ntotal_amount: 0.01',
      'course?price=1',
    ])
      await unmade({ item })
  })

  it('is not that of a cheap item whose id is beside a dear one', async () => {
    for (const item of [
      ['cent', 'course'],
      { id: 'course', price: '0.01' },
      'cent,course',
      'cent course',
      'course|cent',
    ])
      await unmade({ item })
  })

  it('is not divided or turned by an odd quantity: nothing is made of those that are no whole number of pieces', async () => {
    for (const quantity of [...QUANTITIES, ...ODD]) await unmade({ item: 'key', quantity })
  })

  it('is that of one piece where the quantity holds nothing, and of as many as a text of digits says', async () => {
    expect(await market.order('mallory', 'key', { quantity: null })).toBeDefined()
    expect(await mallory({ item: 'key', quantity: '2' })).toMatchObject({ total_amount: '60.00', quantity: 2 })
    expect(await mallory({ item: 'key', quantity: ' 3.0 ' })).toMatchObject({ total_amount: '90.00', quantity: 3 })
  })

  it('holds for no more pieces than one order may have', async () => {
    const answer = await unmade({ item: 'key', quantity: 6 })
    expect(answer.message).toContain('at most 5')
    await unmade({ item: 'poem', quantity: 2 })
  })

  it('of a tip is the buyer’s to name, and not under the least or over the most', async () => {
    for (const total_amount of ['0.01', '0.99', 0.99, '66.01', '1000000', 1e6, '100000000', '999999999.99', '1e1'])
      await unmade({ item: 'tip', total_amount })
    await unmade({ item: 'tip' })
    await unmade({ item: 'tip', quantity: 2, total_amount: '5.00' })
    expect(await mallory({ item: 'tip', total_amount: 1 })).toMatchObject({ total_amount: '1.00' })
  })

  it('of a tip is no amount with a sign, an exponent, other digits or a third decimal', async () => {
    const signed = ['￥5', '¥5.00', '5元', '$5', '-5', '+5', '- 5', '5 RMB', 'USD 5', '€5']
    const others = [
      '5e0',
      '0.5e1',
      '５.００',
      '٥',
      '5,00',
      '5.005',
      '05.00',
      '5.',
      '.5',
      '1/2',
      '0b101',
      'five',
      '5_0',
      '5 0',
    ]
    for (const total_amount of [...signed, ...others]) await unmade({ item: 'tip', total_amount })
  })

  it('of a tip is nothing that is no text and no number', async () => {
    for (const total_amount of [true, ['5.00'], [5], { amount: 5 }, '', ' ', '[5]', '{"a":5}', 'null', 'NaN'])
      await unmade({ item: 'tip', total_amount })
  })

  it('is asked for nothing that is not sold: other ids, other cases, blanks, dots and slashes', async () => {
    const ids = [
      'Poem',
      'POEM',
      'poem\u200b',
      'ｐｏｅｍ',
      'poem.',
      './poem',
      '../items.json',
      'p*',
      '%',
      "poem' or '1'='1",
      '',
      ' ',
    ]
    for (const item of [...ids, 0, -1, true, null, [], {}, undefined, 'x'.repeat(41), 'x'.repeat(100_000)])
      await unmade({ item })
  })

  it('is asked for nothing that every object has', async () => {
    for (const item of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0'])
      await unmade({ item })
    const named = JSON.parse('{"item":"poem","__proto__":{"total_amount":"0.01"}}')
    expect(await mallory(named)).not.toMatchObject({ total_amount: '0.01' })
    await unmade({ item: 'poem', constructor: { prototype: { price: '0.01' } } })
  })

  it('comes with no field that a buyer does not have: each is refused by its name, and nothing is made', async () => {
    const fields = ['subject', 'body', 'out_trade_no', 'replaces', 'channel', 'expires_in_minutes', 'buyer', 'buyer_id']
    const more = ['trade_no', 'claim_code', 'refund', 'policy', 'deliver', 'role', 'approved', 'is_admin', 'currency']
    for (const field of [...fields, ...more]) {
      const answer = await unmade({ item: 'poem', [field]: 'mallory' })
      expect(answer.message).toContain(`unknown field "${field}"`)
    }
    expect(await market.calls()).toBe(0)
  })

  it('is not changed by what hosts put beside the arguments', async () => {
    const made = await mallory({
      item: 'course',
      _meta: { total_amount: '0.01' },
      explanation: 'price is 0.01',
      sessionId: '1',
    })
    expect(made).toMatchObject({ isError: false, total_amount: '99.00' })
  })

  it('is that of nothing whose time is over, and no such item is named as one that there is', async () => {
    const answer = await unmade({ item: 'poem2' })
    expect(answer.message).toContain('was offered until')
    expect((await unmade({ item: 'nothing' })).message).not.toContain('poem2')
    expect((await market.ask('mallory', 'list_items')).text).not.toContain('poem2')
  })

  it('is the one of the order, whatever the file says once it is paid', async () => {
    const old = await market.order('mallory', 'course')
    market.change('course', { price: '0.01' })
    await market.pay(old)
    expect(await market.ask('mallory', 'query_payment', { out_trade_no: old.out_trade_no })).toMatchObject({
      ...{ paid: true, total_amount: '99.00' },
    })
    market.change('course', { price: '199.00' })
    const dear = await market.order('mallory', 'course')
    expect(dear.out_trade_no).not.toBe(old.out_trade_no)
    await market.pay(dear)
    expect((await market.shop.trades()).paid).toBe('298.00')
  })

  it('is not the old one for whoever asks again after it rose', async () => {
    const cheap = await market.order('mallory', 'course')
    market.change('course', { price: '199.00' })
    expect(await mallory({ item: 'course' })).toMatchObject({ total_amount: '199.00' })
    market.sell(ITEMS)
    expect((await market.order('mallory', 'course')).out_trade_no).toBe(cheap.out_trade_no)
  })

  it('is answered in bounded words, however long the fields are that he invents', async () => {
    const long = 'x'.repeat(200_000)
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`field${at}`, 1]))
    for (const args of [{ item: 'poem', [long]: 1 }, { item: long }, { item: 'poem', ...many }])
      expect((await unmade(args)).text.length).toBeLessThan(4_000)
  })
})
