// A second refund of the same amount: only under the number that an answer offered, and only once the first one is proven.
import { beforeEach, describe, expect, it } from 'vitest'
import { NO } from '../../src/approval/chat.ts'
import { furtherNumber } from '../../src/refunds/refund-number.ts'
import { useMerchant } from '../merchant.ts'
import { type Fields, useShop } from '../shop.ts'

const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'

const merchant = useMerchant()
const { options, questions } = merchant
const shop = useShop(options)
let out_trade_no: string
beforeEach(async () => {
  out_trade_no = (await shop.paidOrder('100.00')).out_trade_no
})

const refund = (out_request_no?: unknown, refund_amount = '10.00') =>
  shop.call('refund_payment', { out_trade_no, refund_amount, ...(out_request_no ? { out_request_no } : {}) })
/** The call that a result "Already refunded" offers. */
function offered({ next_step }: Fields): Fields {
  return JSON.parse(String(/{.*}/.exec(String(next_step))))
}
const truth = async () => {
  const { refunded, trades } = await shop.trades()
  return { refunded, numbers: Object(trades[0]).refunds.map((one: Fields) => one.out_request_no) }
}

describe('the number that an answer offers', () => {
  it('makes the second refund, and then the third, each asked about', async () => {
    const first = await refund()
    const second = await refund(offered(await refund()).out_request_no)
    expect(second).toMatchObject({ moved: 'now', refunded_total: '20.00' })
    const repeated = await refund()
    expect(repeated.next_step).toMatch(
      /^Nothing more to do\. 2 refunds of 10\.00 yuan of this order were made\. .*that one was made, too, and its result offers the next number\.$/,
    )
    // Who asks twice for a second one means one.
    const again = await shop.call('refund_payment', offered(repeated))
    expect(again).toMatchObject({ moved: 'earlier', out_request_no: second.out_request_no })
    const third = await shop.call('refund_payment', offered(again))
    expect(third).toMatchObject({ moved: 'now', refunded_total: '30.00' })
    const numbers = [first, second, third].map(({ out_request_no }) => out_request_no)
    expect(await truth()).toStrictEqual({ refunded: '30.00', numbers })
    expect(new Set(numbers).size).toBe(3)
    expect(questions).toHaveLength(3)
    const further = /already had a refund of the same amount; this is one more/
    expect(questions.map((question) => further.test(question))).toStrictEqual([false, true, true])
  })

  it('is named where what became of the second one is asked: by amount alone it would be the first', async () => {
    await refund()
    const number = String(offered(await refund()).out_request_no)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    expect(await refund(number)).toMatchObject({ error: 'unknown' })
    await shop.control('faults/clear', {})
    shop.clock.advance(11 * 60_000)
    const told = await shop.call('query_refund', { out_trade_no, out_request_no: number })
    expect(told).toMatchObject({ refund_status: 'not_executed', moved: 'no' })
    const again = offered(told)
    expect(again).toMatchObject({ refund_amount: '10.00', out_request_no: number })
    expect(await shop.call('refund_payment', again)).toMatchObject({ moved: 'now', refunded_total: '20.00' })
  })

  it('is offered by the number itself too, and is the same on any computer', async () => {
    const first = await refund()
    const there = offered(await refund(first.out_request_no))
    await shop.forgetAll()
    expect(offered(await refund())).toStrictEqual(there)
    expect(await shop.call('refund_payment', there)).toMatchObject({ moved: 'now', refunded_total: '20.00' })
  })

  it.each([
    ['none is asked about', { refundApproval: 'none' }],
    ['small ones are not asked about', { approveAboveFen: 100_000 }],
  ] as const)('is asked about even where %s', async (_, rules) => {
    options.rules = rules
    await shop.restart()
    const first = await refund()
    expect(questions).toStrictEqual([])
    merchant.says = () => NO
    const next = offered(await refund())
    expect(await shop.call('refund_payment', next)).toMatchObject({ error: 'declined', isError: true })
    expect(questions).toHaveLength(1)
    expect(await truth()).toStrictEqual({ refunded: '10.00', numbers: [first.out_request_no] })
  })

  it('is refused where Alipay does not say that the one before was made', async () => {
    const { out_request_no } = offered(await refund().then(() => refund()))
    const refuse = { fault: 'refuse', sub_code: 'ACQ.ACCESS_FORBIDDEN', method: REFUND_QUERY }
    await shop.control('faults', refuse)
    expect(await refund(out_request_no)).toMatchObject({
      error: 'not_sent',
      retry: 'after_change',
      moved: 'no',
      isError: true,
      message: 'Not sent: Alipay does not confirm that the refund of 10.00 yuan before this one was made.',
      message_zh: expect.stringMatching(/。$/),
      money: 'Nothing was sent. This call moved nothing.',
      out_trade_no,
      total_amount: '100.00',
      refund_amount: '10.00',
      next_step: 'Leave out_request_no out: the earlier refund comes first.',
    })
    expect(await truth()).toMatchObject({ refunded: '10.00' })
  })
})

describe('a number that nobody offered', () => {
  const invented = {
    error: 'invalid_input',
    isError: true,
    message: expect.stringMatching(/^out_request_no: this number was never offered for this order and amount/),
    message_zh: expect.stringMatching(/。$/),
    money: 'This call moved nothing.',
  }

  it.each(['RF1', `RF${'0'.repeat(30)}`, 'REFUND-2026-1'])(
    'is refused, before and after a refund: %s',
    async (number) => {
      expect(await refund(number)).toMatchObject(invented)
      await refund()
      expect(await refund(number)).toMatchObject(invented)
      expect(await truth()).toMatchObject({ refunded: '10.00' })
    },
  )

  it('is one of another amount, of another order, or of the rest', async () => {
    const next = offered(await refund().then(() => refund())).out_request_no
    expect(await refund(next, '20.00')).toMatchObject(invented)
    const whole = { out_trade_no, out_request_no: next }
    expect(await shop.call('refund_payment', whole)).toMatchObject(invented)
    out_trade_no = (await shop.paidOrder('100.00')).out_trade_no
    expect(await refund(next)).toMatchObject(invented)
    expect(await shop.trades()).toMatchObject({ refunded: '10.00' })
  })

  it('is the second one before the first refund was made, and the third one before the second', async () => {
    const asked = await shop.gateway.query({ out_trade_no })
    if (asked.outcome !== 'done') throw new Error('the order is not there')
    const request = { out_trade_no, trade_no: asked.answer.trade_no, total_fen: 10_000, amount_fen: 1_000 }
    const numberAfter = (ordinal: number) =>
      furtherNumber(asked.answer, { ...request, portion: { kind: 'amount', ordinal }, out_request_no: '' })
    const [second, third] = [numberAfter(1), numberAfter(2)]
    const earlierFirst = { error: 'not_sent', next_step: expect.stringMatching(/the earlier refund comes first/) }
    for (const number of [second, third]) expect(await refund(number)).toMatchObject(earlierFirst)
    await refund()
    expect(await refund(third)).toMatchObject(earlierFirst)
    expect(await truth()).toMatchObject({ refunded: '10.00' })
    expect(await refund(second)).toMatchObject({ moved: 'now' })
    expect(await refund(third)).toMatchObject({ moved: 'now', refunded_total: '30.00' })
  })

  it('is the first one where it is given by the model: that is simply the first refund', async () => {
    const { out_request_no } = await shop.call('query_refund', { out_trade_no, refund_amount: '10.00' })
    expect(await refund(out_request_no)).toMatchObject({ moved: 'now', out_request_no })
    expect(questions).toHaveLength(1)
  })
})
