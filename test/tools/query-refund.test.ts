// Holds query_refund to telling of one wish only: executed with proof, or not known.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fields, openShop, type Shop } from '../shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
beforeEach(() => shop.control('reset', {}))
afterAll(() => shop.close())

const local = { environment: 'local', environment_note: expect.stringContaining('no real money moves') }
const ask = (args: Fields) => shop.call('query_refund', args)
const refund = (args: Fields) => shop.call('refund_payment', args)

async function onlyTrade(): Promise<Fields> {
  const [trade] = (await shop.books()).trades
  return trade ?? {}
}

describe('a refund that was made', () => {
  it('is told whole, and "executed" is not called "arrived"', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: 9.9, refund_reason: 'Broken "cup"' })
    const { trade_no, refunds } = await onlyTrade()
    const [made] = Array.isArray(refunds) ? refunds : []
    const told = {
      message: `Refund of 9.90 yuan was executed by Alipay on ${made.gmt_refund_pay} Beijing time.`,
      out_trade_no,
      trade_no,
      out_request_no: made.out_request_no,
      refund_amount: '9.90',
      refund_status: 'REFUND_SUCCESS',
      gmt_refund_pay: made.gmt_refund_pay,
      refund_reason: 'Broken "cup"',
      next_step:
        'Executed is not arrived: it goes back the way the buyer paid, to a bank card it can take days.',
      ...local,
    }
    expect(await ask({ out_trade_no, refund_amount: '9.90' })).toStrictEqual(told)
    expect(await ask({ trade_no, refund_amount: 9.9 })).toStrictEqual(told)
  })

  it('is found after a restart, because its number follows from order and amount', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no } = await refund({ out_trade_no, refund_amount: '30.00' })
    await shop.restart()
    const asked = await ask({ out_trade_no, refund_amount: 30 })
    expect(asked).toMatchObject({ refund_status: 'REFUND_SUCCESS', out_request_no })
  })

  it('of the whole order is found with and without its amount', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    await refund({ out_trade_no })
    const unnamed = await ask({ out_trade_no })
    expect(unnamed).toMatchObject({ refund_status: 'REFUND_SUCCESS', refund_amount: '9.90' })
    expect(await ask({ out_trade_no, refund_amount: 9.9 })).toStrictEqual(unnamed)
  })
})

describe('a refund that Alipay has no record of', () => {
  it('is not known, which is told whole and not called failed', async () => {
    const { out_trade_no } = await shop.paidOrder()
    expect(await ask({ out_trade_no, refund_amount: '30' })).toStrictEqual({
      message: 'Alipay has no record of a refund of 30.00 yuan under this wish.',
      out_trade_no,
      trade_no: (await onlyTrade()).trade_no,
      out_request_no: expect.stringMatching(/^RF[0-9a-f]{30}$/),
      refund_amount: '30.00',
      refund_status: 'not_known',
      next_step:
        'This proves nothing within 10 minutes of a refund: ask again then. To make it, call refund_payment with ' +
        'the same order and amount; the same wish moves money once only.',
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
    expect(refund_status).toBe('not_known')
  })

  it('belongs to an order that nobody paid', async () => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    expect(await ask({ out_trade_no })).toMatchObject({ refund_status: 'not_known', refund_amount: '1.00' })
  })
})

describe('no answer about a refund', () => {
  it('is possible for an order that Alipay does not know', async () => {
    const refused = await ask({ out_trade_no: 'NEVER_MADE' })
    expect(refused).toStrictEqual({
      message: 'query_refund: Alipay refused: 40004 ACQ.TRADE_NOT_EXIST 交易不存在',
      error: 'refused',
      code: '40004',
      sub_code: 'ACQ.TRADE_NOT_EXIST',
      sub_msg: '交易不存在',
      trace_id: expect.any(String),
      cause: expect.stringContaining('No trade at Alipay yet'),
      remedy: expect.stringContaining('Check number and environment.'),
      who_can_act: 'model',
      safe_to_repeat: 'yes',
      money: 'Nothing was sent but the query, and this call moved nothing.',
      ...local,
      isError: true,
    })
  })

  it('says that whether it was made is not known, when Alipay refuses to tell', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no })
    const method = 'alipay.trade.fastpay.refund.query'
    await shop.control('faults', { fault: 'refuse', sub_code: 'ACQ.ACCESS_FORBIDDEN', method })
    const refused = await ask({ out_trade_no })
    const money = 'This call only reads. Whether the refund was made is not known.'
    expect(refused).toMatchObject({
      isError: true,
      error: 'refused',
      money,
      sub_code: 'ACQ.ACCESS_FORBIDDEN',
    })
  })

  it.each([
    [{ refund_amount: '1.00' }, 'Name the order by exactly one of out_trade_no and trade_no.'],
    [{ out_trade_no: 'A', refund_amount: '9.999' }, 'refund_amount: has more than two decimals.'],
    [{ out_trade_no: 'A', refund_amount: 0 }, 'refund_amount: is zero'],
    [{ out_trade_no: 'A', out_request_no: 'RF1' }, 'out_request_no'],
  ])('is given for %j, of which nothing is sent', async (args, reason) => {
    const refused = await ask(args)
    expect(refused).toMatchObject({ error: 'input', isError: true })
    expect(refused.message).toContain(reason)
    expect(Object(await shop.books()).calls).toStrictEqual({})
  })
})

it('changes nothing: it only asks for the order and for the refund', async () => {
  const { out_trade_no } = await shop.paidOrder()
  const before = await onlyTrade()
  await ask({ out_trade_no })
  expect(await onlyTrade()).toStrictEqual(before)
  const calls = { 'alipay.trade.query': 1, 'alipay.trade.fastpay.refund.query': 1 }
  expect(Object(await shop.books()).calls).toStrictEqual(calls)
})
