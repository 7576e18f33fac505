// A request that was replaced and then paid on both links: every answer about either order says so, until one is given back.
import { beforeEach, describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const shop = useShop()
let old: Fields
let made: Fields
beforeEach(async () => {
  old = await shop.call('create_payment', { subject: 'Tea', total_amount: '100.00' })
  made = await replace(old)
})

const call = (tool: string, { out_trade_no }: Fields) => shop.call(tool, { out_trade_no })
const pay = ({ pay_url }: Fields) => shop.control('pay', { pay_url })
const replace = ({ out_trade_no: replaces }: Fields) =>
  shop.call('create_payment', { subject: 'Tea', total_amount: '80.00', replaces })
const TWICE =
  'Tell the merchant. If the merchant wants one of the two refunded, call refund_payment for that order; the server does ' +
  'nothing by itself.'

async function expectNothingOf(tool: string, order: Fields): Promise<void> {
  const answer = await call(tool, order)
  for (const key of ['paid_twice', 'paid_instead']) expect(answer).not.toHaveProperty(key)
  expect(answer.message).not.toMatch(/Paid twice|for the same request/)
}

describe.each(['query_payment', 'wait_for_payment'])('%s', (tool) => {
  it('says of either order that both were paid, also after a restart', async () => {
    for (const order of [old, made]) await pay(order)
    for (const [order, other] of [
      [old, made],
      [made, old],
    ] as const) {
      const both = [order.out_trade_no, other.out_trade_no]
      const answer = await call(tool, order)
      expect(answer).toMatchObject({ paid: true, paid_twice: both.join(', '), next_step: TWICE })
      expect(answer.message).toMatch(
        new RegExp(`^Paid twice: ${both.join(' and ')} replaced each other, and each was paid\\. Paid: `),
      )
      expect(answer.message_zh).toMatch(new RegExp(`^重复付款：${both.join('、')} .*已付款 `))
      await shop.restart()
    }
  })

  it('says of an order that was not paid that the other one was, and what to do', async () => {
    await pay(old)
    const answer = await call(tool, made)
    expect(answer).toMatchObject({ paid: false, paid_instead: old.out_trade_no })
    expect(answer.message).toMatch(
      new RegExp(` But ${old.out_trade_no}, another order for the same request, was paid\\.`),
    )
    expect(answer.message_zh).toMatch(new RegExp(`另一个订单 ${old.out_trade_no} 已付款。旧链接付了`))
    expect(answer.next_step).toMatch(
      /^Tell the merchant that the other link was paid, and the buyer not to use this one: .* expires by itself\. Only if/,
    )
  })

  it('says nothing of it while one was paid only, or none', async () => {
    for (const order of [old, made]) await expectNothingOf(tool, order)
  })

  it('says of one that was paid that the other one can still be paid, until that has expired', async () => {
    await pay(made)
    const answer = await call(tool, made)
    expect(answer).toMatchObject({ paid: true, next_step: expect.stringMatching(/^Tell the buyer not to pay /) })
    expect(answer.message).toMatch(
      new RegExp(`Careful: ${old.out_trade_no}, another order for the same request, can still be paid\\.$`),
    )
    expect(answer.message_zh).toMatch(new RegExp(`另一个订单 ${old.out_trade_no} 仍可付款。$`))
    shop.clock.advance(46 * 60_000)
    await expectNothingOf(tool, made)
  })
})

it('sends nobody on to a refund while another refund of the order is in doubt', async () => {
  for (const order of [old, made]) await pay(order)
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
  const part = { out_trade_no: old.out_trade_no, refund_amount: '30.00' }
  expect(await shop.call('refund_payment', part)).toMatchObject({ error: 'unknown', moved: 'unknown' })
  const answer = await call('query_payment', old)
  expect(answer.message).toMatch(/^Paid twice: .*A refund of 30\.00 yuan is in doubt: its money may have moved\.$/)
  expect(answer.next_step).toBe(`First find out what is in doubt (in_doubt). ${TWICE}`)
})

it('is told while both are kept, and ends with the refund of one', async () => {
  for (const order of [old, made]) await pay(order)
  const part = { out_trade_no: old.out_trade_no, refund_amount: '30.00' }
  const both = `${old.out_trade_no}, ${made.out_trade_no}`
  expect(await shop.call('refund_payment', part)).toMatchObject({ moved: 'now' })
  expect(await call('query_payment', old)).toMatchObject({ paid_twice: both })
  const rest = await call('refund_payment', old)
  expect(rest).toMatchObject({ moved: 'now', refund_amount: '70.00' })
  expect(await call('query_payment', old)).toMatchObject({ paid_instead: made.out_trade_no })
  await expectNothingOf('query_payment', made)
  expect(await shop.trades()).toMatchObject({ paid: '180.00', refunded: '100.00' })
})

it('ends when the merchant gives one back by hand, with the next answer about either', async () => {
  for (const order of [old, made]) await pay(order)
  expect(await call('query_payment', made)).toHaveProperty('paid_twice')
  await shop.control('refund', { out_trade_no: old.out_trade_no, refund_amount: '100.00' })
  await expectNothingOf('query_payment', made)
  const gone = await call('query_payment', old)
  expect(gone).toMatchObject({ refunded: 'full', paid_instead: made.out_trade_no })
  expect(gone.next_step).not.toMatch(/close_payment/)
  await expectNothingOf('query_payment', made)
})

it('is told of any two in a row of replaced orders, and of all three', async () => {
  const third = await shop.call('create_payment', {
    subject: 'Tea',
    total_amount: '60.00',
    replaces: made.out_trade_no,
  })
  for (const order of [third, old]) await pay(order)
  const twice = await call('query_payment', third)
  expect(String(twice.paid_twice).split(', ').sort()).toStrictEqual(
    [old, third].map(({ out_trade_no }) => out_trade_no).sort(),
  )
  expect(await call('query_payment', made)).toMatchObject({ paid: false, paid_twice: expect.any(String) })
  await pay(made)
  const { paid_twice } = await call('query_payment', made)
  expect(String(paid_twice).split(', ')).toHaveLength(3)
})

it('is asked about at Alipay: an order of which nobody asked is known to be paid, too', async () => {
  for (const order of [old, made]) await pay(order)
  await call('query_payment', made)
  const known = await (await shop.ledger()).order({ out_trade_no: String(old.out_trade_no) })
  expect(known).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
})

it('costs no question about orders that were never replaced', async () => {
  await shop.control('reset', {})
  await call('query_payment', await shop.paidOrder())
  expect(Object(await shop.trades()).calls).toStrictEqual({ 'alipay.trade.query': 1 })
})

it('is no reason to fail when Alipay does not tell of the other one', async () => {
  await pay(made)
  await shop.control('faults', { fault: 'sign_first', method: 'alipay.trade.query' })
  const refuse = { fault: 'refuse', sub_code: 'ACQ.ACCESS_FORBIDDEN', method: 'alipay.trade.query' }
  await shop.control('faults', refuse)
  expect(await call('query_payment', made)).toMatchObject({ paid: true })
})

describe('an old price that was paid', () => {
  const PRICE = 'Paid by the old link: 100.00 yuan; the new price is 80.00: 20.00 yuan too much.'
  const ZH = '旧链接付了 100.00 元，新价是 80.00 元，多付 20.00 元。'

  it('is told with the difference to the new one, of either order, and how the merchant gives that back', async () => {
    await pay(old)
    const call_it = JSON.stringify({ out_trade_no: old.out_trade_no, refund_amount: '20.00' })
    const step = `Only if the merchant asks to give the 20.00 yuan back, and has not done so by hand: call refund_payment with ${call_it}.`
    for (const order of [old, made]) {
      const answer = await call('query_payment', order)
      expect([answer.message, answer.message_zh, answer.next_step]).toStrictEqual([
        expect.stringContaining(PRICE),
        expect.stringContaining(ZH),
        expect.stringMatching(/^Tell the /),
      ])
      expect(String(answer.next_step).endsWith(` ${step}`)).toBe(true)
    }
    shop.clock.advance(46 * 60_000)
    expect(await call('query_payment', old)).toMatchObject({ next_step: step })
    await shop.call('refund_payment', { out_trade_no: old.out_trade_no, refund_amount: '15.00' })
    expect((await call('query_payment', old)).message).toContain(
      'Paid by the old link: 100.00 yuan, 15.00 refunded; the new price is 80.00: 5.00 yuan too much.',
    )
    await shop.call('refund_payment', { out_trade_no: old.out_trade_no, refund_amount: '5.00' })
    expect((await call('query_payment', old)).message).not.toContain('new price')
  })

  it('that is too little is told, too, with how the rest is asked for; the new price that was paid is no difference', async () => {
    const dear = { subject: 'Tea', total_amount: '100.00', replaces: made.out_trade_no }
    const last = await shop.call('create_payment', dear)
    await pay(made)
    const answer = await call('query_payment', last)
    expect(answer.message).toContain(
      'Paid by the old link: 80.00 yuan; the new price is 100.00: 20.00 yuan too little.',
    )
    expect(answer.message_zh).toContain('少付 20.00 元。')
    expect(answer.next_step).toMatch(/missing 20\.00 yuan: call create_payment for that amount, without replaces\.$/)
    const known = await (await shop.ledger()).order({ out_trade_no: String(old.out_trade_no) })
    expect(known).toMatchObject({ replaced_by: made.out_trade_no })
    const other = await shop.call('create_payment', { subject: 'Cup', total_amount: '5.00' })
    const cheap = await shop.call('create_payment', {
      subject: 'Cup',
      total_amount: '4.00',
      replaces: other.out_trade_no,
    })
    await pay(cheap)
    for (const order of [other, cheap]) expect((await call('query_payment', order)).message).not.toContain('new price')
  })

  it('names no refund while another refund of the order is in doubt', async () => {
    await pay(old)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    await shop.call('refund_payment', { out_trade_no: old.out_trade_no, refund_amount: '30.00' })
    const answer = await call('query_payment', old)
    expect(answer.message).toContain(PRICE)
    expect(answer.next_step).not.toContain('refund_payment')
  })
})
