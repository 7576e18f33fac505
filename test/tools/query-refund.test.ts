// Holds query_refund to telling of one request only: executed with proof, or not known.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'
import { local } from './answers.ts'

const shop = useShop()

const minute = (time: unknown) => String(time).slice(0, 16)
const ask = (args: Fields) => shop.call('query_refund', args)
const refund = (args: Fields) => shop.call('refund_payment', args)

async function onlyTrade(): Promise<Fields> {
  const [trade] = (await shop.trades()).trades
  return trade ?? {}
}

describe('a refund that was made', () => {
  it('is told whole, and "executed" is not called "arrived"', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: 9.9, refund_reason: 'Broken "cup"' })
    const { trade_no, refunds } = await onlyTrade()
    const [made] = Array.isArray(refunds) ? refunds : []
    const told = {
      message: `Refunded: 9.90 yuan on ${minute(made.gmt_refund_pay)} Beijing time.`,
      message_zh: `支付宝已退款 9.90 元（${minute(made.gmt_refund_pay)}），到银行卡可能需要几天。`,
      subject: 'Tea 茶',
      total_amount: '100.00',
      moved: 'earlier',
      out_trade_no,
      trade_no,
      out_request_no: made.out_request_no,
      refund_amount: '9.90',
      refund_status: 'REFUND_SUCCESS',
      gmt_refund_pay: made.gmt_refund_pay,
      refund_reason: 'Broken "cup"',
      next_step: 'The money goes back the way the buyer paid, to a bank card within days.',
      ...local,
    }
    expect(await ask({ out_trade_no, refund_amount: '9.90' })).toStrictEqual(told)
    expect(await ask({ trade_no, refund_amount: 9.9 })).toStrictEqual(told)
  })

  it('is found on another computer, because its number follows from order and amount', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no } = await refund({ out_trade_no, refund_amount: '30.00' })
    await shop.forgetAll()
    const asked = await ask({ out_trade_no, refund_amount: 30 })
    expect(asked).toMatchObject({ refund_status: 'REFUND_SUCCESS', out_request_no })
  })

  it('is found by its number, whoever made it, with the amount that Alipay names', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no } = await refund({ out_trade_no, refund_amount: '30.00' })
    const told = await ask({ out_trade_no, refund_amount: 30 })
    expect(await ask({ out_trade_no, out_request_no })).toStrictEqual(told)
    await shop.forgetAll()
    const { subject: _, ...withoutLedger } = told
    expect(await ask({ out_trade_no, out_request_no })).toStrictEqual(withoutLedger)
    shop.clock.advance(3_000)
    await shop.gateway.refund({ out_trade_no }, { out_request_no: 'shop-7', refund_amount: '5.00' })
    const foreign = { out_request_no: 'shop-7', refund_amount: '5.00', refund_status: 'REFUND_SUCCESS' }
    expect(await ask({ out_trade_no, out_request_no: 'shop-7' })).toMatchObject(foreign)
  })

  it('elsewhere is recorded, so that what is left of an order is known', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no } = await ask({ out_trade_no, refund_amount: '30.00' })
    await shop.gateway.refund({ out_trade_no }, { out_request_no: String(out_request_no), refund_amount: '30.00' })
    await ask({ out_trade_no, refund_amount: '30.00' })
    const known = {
      number: out_request_no,
      state: 'done',
      approved_by: 'elsewhere',
      portion: { kind: 'amount', ordinal: 1 },
    }
    expect(await (await shop.ledger()).intents(String(out_trade_no))).toMatchObject([known])
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ left: '70.00' })
  })
})

describe('a refund that Alipay has no record of', () => {
  it('is not known, which is told whole and not called failed', async () => {
    const { out_trade_no } = await shop.paidOrder()
    expect(await ask({ out_trade_no, refund_amount: '30' })).toStrictEqual({
      message:
        'No refund of 30.00 yuan of this order is known: none was sent from here, and Alipay has none under its number. Refunds made by hand are not seen.',
      message_zh: '没有查到 30.00 元的退款：这里没有发出过，支付宝也没有对应的记录；手工退的款这里看不到。',
      subject: 'Tea 茶',
      total_amount: '100.00',
      moved: 'unknown',
      out_trade_no,
      trade_no: (await onlyTrade()).trade_no,
      out_request_no: expect.stringMatching(/^RF[0-9a-f]{30}$/),
      refund_amount: '30.00',
      refund_status: 'none_known',
      next_step:
        'If another computer may have sent it within the last 10 minutes, ask again then. If the refund is still wanted, call refund_payment with ' +
        'the same order and amount: the same request moves money once only.',
      ...local,
    })
  })

  it.each([
    ['of another amount was made', (args: Fields) => refund({ ...args, refund_amount: '31.00' })],
    ['was made by hand', (args: Fields) => shop.control('refund', { ...args, refund_amount: '30.00' })],
  ])('is not proven by one that %s', async (_what, other) => {
    const { out_trade_no } = await shop.paidOrder()
    await other({ out_trade_no })
    const { refund_status } = await ask({ out_trade_no, refund_amount: '30.00' })
    expect(refund_status).toBe('none_known')
  })

  it('belongs to an order that nobody paid', async () => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    expect(await ask({ out_trade_no, refund_amount: 1 })).toMatchObject({ refund_status: 'none_known' })
  })

  it('under a number that nobody knows is not called a request', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const told = await ask({ out_trade_no, out_request_no: 'shop-8' })
    expect(told).toMatchObject({
      message: 'Not known: Alipay has no record of a refund under this number.',
      refund_status: 'unknown',
    })
    expect(told.next_step).toMatch(/ask again then\. Check the number/)
    expect(told).not.toHaveProperty('refund_amount')
  })

  it('is told with what the ledger knows of another one of that amount', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: '60.00' })
    shop.clock.advance(3_000)
    const rest = await refund({ out_trade_no })
    expect(rest).toMatchObject({ moved: 'now', refund_amount: '40.00' })
    const { next_step } = await ask({ out_trade_no, refund_amount: '40.00' })
    expect(next_step).toMatch(/Another refund of the same amount is known here: call query_refund with the order alone/)
    expect(await ask({ out_trade_no, out_request_no: rest.out_request_no })).toMatchObject({
      refund_status: 'REFUND_SUCCESS',
    })
  })
})

describe('no answer about a refund', () => {
  it('is possible for an order that Alipay does not know', async () => {
    const refused = await ask({ out_trade_no: 'NEVER_MADE' })
    expect(refused).toStrictEqual({
      message: 'No order NEVER_MADE here or at Alipay; check the number. Not found does not mean not paid.',
      error: 'invalid_input',
      retry: 'after_change',
      moved: 'no',
      out_trade_no: 'NEVER_MADE',
      sub_code: 'ACQ.TRADE_NOT_EXIST',
      trace_id: expect.any(String),
      message_zh: expect.stringMatching(/。$/),
      money: 'This call changed nothing.',
      next_step:
        'Check the number with the user, or find the order with list_payments (text: part of number or subject).',
      ...local,
      isError: true,
    })
  })

  it('says that whether it was made is not known, when Alipay refuses to tell', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const method = 'alipay.trade.fastpay.refund.query'
    await shop.control('faults', {
      fault: 'refuse',
      sub_code: 'ACQ.ACCESS_FORBIDDEN',
      method,
      times: 'always',
    })
    const refused = await ask({ out_trade_no })
    for (const way of [{ refund_amount: '100.00' }, { out_request_no: 'RF1' }]) {
      expect(await ask({ out_trade_no, ...way })).toMatchObject({ isError: true, error: 'refused_by_alipay' })
    }
    const money = 'This call only reads; whether the refund was made is not known.'
    expect(refused).toMatchObject({
      isError: true,
      error: 'refused_by_alipay',
      message_zh: expect.stringMatching(/。$/),
      money,
      sub_code: 'ACQ.ACCESS_FORBIDDEN',
    })
  })

  it.each([
    [{ refund_amount: '1.00' }, 'Name the order by exactly one of out_trade_no and trade_no.'],
    [{ out_trade_no: 'A', refund_amount: '9.999' }, 'refund_amount: has more than two decimals.'],
    [{ out_trade_no: 'A', refund_amount: 0 }, 'refund_amount: is zero'],
    [{ out_trade_no: 'A', out_request_no: 'RF 1' }, 'out_request_no: must be 1 to 64 letters, digits, '],
    [
      { out_trade_no: 'A', out_request_no: 'RF1', refund_amount: 1 },
      'Name a refund by refund_amount or by out_request_no, not by both; by neither for all of the order.',
    ],
  ])('is given for %j, of which nothing is sent', async (args, reason) => {
    const refused = await ask(args)
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
    expect(refused.message).toContain(reason)
    expect(Object(await shop.trades()).calls).toStrictEqual({})
  })
})

it.each([{}, { refund_amount: '1.00' }, { out_request_no: 'RF1' }])(
  'with %j only reads the order and a refund',
  async (way) => {
    const { out_trade_no } = await shop.paidOrder()
    const before = await onlyTrade()
    await ask({ out_trade_no, ...way })
    expect(await onlyTrade()).toStrictEqual(before)
    const calls = { 'alipay.trade.query': 1, 'alipay.trade.fastpay.refund.query': 1 }
    expect(Object(await shop.trades()).calls).toStrictEqual(calls)
  },
)
