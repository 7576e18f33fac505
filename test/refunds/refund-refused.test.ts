// Refunds that cannot be: refused here before anything is sent where that is certain, else by Alipay, in its words.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const LINK_MS = 31 * 60_000
const YEAR_MS = 367 * 24 * 3_600_000
const REFUND = 'alipay.trade.refund'

const shop = useShop()

const NOTHING_SENT = 'Nothing was sent. This call moved nothing.'
const refund = (args: Fields) => shop.call('refund_payment', args)
const calls = async () => ({ ...Object(await shop.trades()).calls })
const make = () => shop.call('create_payment', { subject: 'Tea', total_amount: '100.00' })

interface Refused {
  /** The order that is to be refunded. */
  order(): Promise<Fields>
  amount?: string
  message: string
  next_step: string
  facts: Fields
}

async function scanned(): Promise<Fields> {
  const { out_trade_no, pay_url } = await make()
  await shop.control('scan', { pay_url })
  return { out_trade_no }
}
async function paid(): Promise<Fields> {
  return { out_trade_no: (await shop.paidOrder('100.00')).out_trade_no }
}
async function paidThen(operation: (order: Fields) => unknown): Promise<Fields> {
  const order = await paid()
  await operation(order)
  return order
}

const unpaid = {
  message: 'Nothing to refund: the order is closed, and Alipay shows no payment',
  next_step: 'Tell the user; there is nothing more to do.',
  facts: { trade_status: 'TRADE_CLOSED' },
}
const MORE_THAN_LEFT =
  'The amount is more than what is left of the order: 100.00 yuan paid, at least 30.00 refunded, at most 70.00 left'
const WHICH_AMOUNT =
  'Ask the merchant which amount is meant; query_refund with the order alone lists its refunds. Another amount is a new ' +
  'request, and allowed.'
const CASES: Record<string, Refused> = {
  'an order that was not paid': {
    order: scanned,
    message: 'Nothing to refund: this order has not been paid',
    next_step: 'To end the order call close_payment.',
    facts: { trade_status: 'WAIT_BUYER_PAY' },
  },
  'an order that was closed unpaid': {
    ...unpaid,
    async order() {
      const order = await scanned()
      await shop.call('close_payment', order)
      return order
    },
  },
  'an order that expired unpaid': {
    ...unpaid,
    async order() {
      const order = await scanned()
      shop.clock.advance(LINK_MS)
      return order
    },
  },
  'an order that the merchant gave back by hand': {
    order: () => paidThen((order) => shop.control('refund', { ...order, refund_amount: '100.00' })),
    amount: '30.00',
    message: 'Nothing to refund: the order was refunded in full, by other refunds than this one',
    next_step: 'Call query_refund with the order alone to see the refunds that are known here.',
    facts: { trade_status: 'TRADE_CLOSED' },
  },
  "an order past Alipay's time for refunds": {
    order: () => paidThen(() => shop.clock.advance(YEAR_MS)),
    message: "The order is past Alipay's time for refunds (TRADE_FINISHED)",
    next_step: 'Tell the merchant: the money can only be given back outside Alipay.',
    facts: { trade_status: 'TRADE_FINISHED' },
  },
  'more than the whole order': {
    order: paid,
    amount: '100.01',
    message: '100.01 yuan is more than the whole order, 100.00 yuan',
    next_step: 'Ask the merchant which amount is meant; another amount is a new request, and allowed.',
    facts: {},
  },
  'more than what is left': {
    order: () => paidThen((order) => refund({ ...order, refund_amount: '30.00' })),
    amount: '70.01',
    message: MORE_THAN_LEFT,
    next_step: WHICH_AMOUNT,
    facts: { refunded_total: '30.00', left: '70.00' },
  },
  'the whole order, named, once a part was given back': {
    order: () => paidThen((order) => refund({ ...order, refund_amount: '30.00' })),
    amount: '100.00',
    message: MORE_THAN_LEFT,
    next_step: WHICH_AMOUNT,
    facts: { refunded_total: '30.00', left: '70.00' },
  },
}

describe('is refused before anything is sent', () => {
  it.each(Object.entries(CASES))('a refund of %s', async (_, { order, amount, message, next_step, facts }) => {
    const named = await order()
    const before = await shop.trades()
    const sent = (await calls())[REFUND]
    expect(await refund({ ...named, ...(amount && { refund_amount: amount }) })).toStrictEqual({
      message: `${message}.`,
      error: 'invalid_input',
      retry: 'trade_status' in facts ? 'no' : 'after_change',
      moved: 'no',
      ...facts,
      ...named,
      subject: expect.stringMatching(/^Tea/),
      total_amount: '100.00',
      refund_amount: amount ?? '100.00',
      message_zh: expect.stringMatching(/。$/),
      money: NOTHING_SENT,
      next_step,
      environment: 'local',
      isError: true,
    })
    expect((await shop.trades()).refunded).toBe(before.refunded)
    expect((await calls())[REFUND]).toBe(sent)
  })

  it('and so is one of an order without a trade, of which only the query was sent', async () => {
    const { out_trade_no } = await make()
    expect(await refund({ out_trade_no })).toMatchObject({
      isError: true,
      error: 'invalid_input',
      moved: 'no',
      message: 'Nothing to refund: this order has not been paid.',
      out_trade_no,
      message_zh: expect.stringMatching(/。$/),
      money: 'This call changed nothing.',
    })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })

  it('and so is one of the rest where nothing is left', async () => {
    const order = await paid()
    for (const refund_amount of ['30.00', '70.00']) await refund({ ...order, refund_amount })
    expect(await refund(order)).toMatchObject({
      isError: true,
      error: 'invalid_input',
      retry: 'no',
      moved: 'no',
      message: 'Nothing is left to refund: all 100.00 yuan were refunded, as far as known here.',
      ...order,
      subject: 'Tea 茶',
      total_amount: '100.00',
      refunded_total: '100.00',
      left: '0.00',
      message_zh: expect.stringMatching(/。$/),
      money: NOTHING_SENT,
    })
  })

  it('one that waits for the rest of what was named: a fen less is made', async () => {
    const order = await paid()
    await refund({ ...order, refund_amount: '30.00' })
    expect(await refund({ ...order, refund_amount: '70.00' })).toMatchObject({ moved: 'now' })
  })
})

describe('Alipay refuses', () => {
  it('what is over the rest where parts were given back by hand, which only Alipay knows; answered whole', async () => {
    const order = await paid()
    await shop.control('refund', { ...order, refund_amount: '50.00' })
    shop.clock.advance(10_000)
    expect(await refund({ ...order, refund_amount: '60.00' })).toStrictEqual({
      message: expect.stringMatching(/^Alipay refused: 40004 ACQ\.REASON_TRADE_REFUND_FEE_ERR /),
      message_zh: expect.stringMatching(/\p{Script=Han}/u),
      error: 'refused_by_alipay',
      retry: 'no',
      moved: 'no',
      code: '40004',
      sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
      sub_msg: expect.any(String),
      trace_id: expect.any(String),
      ...order,
      subject: 'Tea 茶',
      total_amount: '100.00',
      refund_amount: '60.00',
      cause: expect.any(String),
      remedy: expect.any(String),
      who_can_act: 'model',
      money: 'This call moved nothing.',
      environment: 'local',
      isError: true,
    })
    expect(await shop.trades()).toMatchObject({ refunded: '50.00' })
  })

  it('the rest after parts by hand, too, and says what is known here of the parts made here', async () => {
    const order = await paid()
    await refund({ ...order, refund_amount: '10.00' })
    await shop.control('refund', { ...order, refund_amount: '50.00' })
    shop.clock.advance(10_000)
    const refused = await refund(order)
    expect(refused).toMatchObject({ isError: true, sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
    expect(refused.next_step).toBe('Known here: 100.00 yuan paid, at least 10.00 refunded, at most 90.00 left.')
    expect(await shop.trades()).toMatchObject({ refunded: '60.00' })
  })
})
