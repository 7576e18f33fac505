// The merchant's yes to a refund in the chat: what is asked, and that nothing moves without it.
import { beforeEach, describe, expect, it } from 'vitest'
import { NO, YES } from '../../src/approval/chat.ts'
import { useMerchant } from '../merchant.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import { type ShopOptions, useShop } from '../shop.ts'

const merchant = useMerchant()
const { options, questions } = merchant
const shop = useShop(options)
let out_trade_no: string
beforeEach(async () => {
  nextNoon(shop.clock)
  out_trade_no = (await shop.paidOrder('1000.00')).out_trade_no
})

const refund = (refund_amount?: string, of = out_trade_no) =>
  shop.call('refund_payment', { out_trade_no: of, ...(refund_amount && { refund_amount }) })
const refunded = async () => (await shop.trades()).refunded
const linesOf = (question = '') => question.split('\n')
async function rules(set: ShopOptions['rules']): Promise<void> {
  options.rules = { ...set }
  await shop.restart()
}

describe('the question', () => {
  it('tells order, item, buyer, amounts, who asks and why, and that no real money moves; a yes lets it pass', async () => {
    await refund('30.00')
    const second = { out_trade_no, refund_amount: '20.00', refund_reason: '少了一盒 one box' }
    expect(await shop.call('refund_payment', second)).toMatchObject({ moved: 'now', refunded_total: '50.00' })
    expect(questions).toHaveLength(2)
    expect(linesOf(questions[1])).toStrictEqual([
      expect.stringContaining('Approve this refund?'),
      expect.stringMatching(/: ¥20\.00$/),
      expect.stringMatching(/Item: "Tea 茶"$/),
      expect.stringMatching(/Buyer: abc\*\*\*@sandbox\.com$/),
      expect.stringMatching(/Paid .*: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      expect.stringMatching(/total: ¥1000\.00$/),
      expect.stringMatching(/Refunded so far .*: ¥30\.00$/),
      expect.stringMatching(/Left afterwards .*: ¥950\.00$/),
      expect.stringMatching(`: ${out_trade_no}$`),
      expect.stringMatching(/Requested by .*: "[^"]+"$/),
      expect.stringMatching(/Reason, in the assistant's words: "少了一盒 one box"$/),
      expect.stringMatching(/no real money/),
    ])
  })

  it('names all that is left where no amount was named', async () => {
    await refund('30.00')
    expect(await refund()).toMatchObject({ moved: 'now', refund_amount: '970.00' })
    expect(linesOf(questions[1])[1]).toMatch(/: ¥970\.00$/)
  })

  it('is not asked about a refund that was made, is not allowed, or cannot be', async () => {
    await refund('30.00')
    questions.length = 0
    expect(await refund('30.00')).toMatchObject({ moved: 'earlier' })
    expect(await refund('970.01')).toMatchObject({ error: 'invalid_input', left: '970.00' })
    await rules({ limits: { callsPerMinute: 0, maxRefundFen: 100 } })
    expect(await refund('2.00')).toMatchObject({ error: 'over_limit', variable: 'ALIPAY_MAX_REFUND' })
    expect(questions).toStrictEqual([])
  })
})

describe('nothing moves', () => {
  it.each([
    ['no', () => NO, 'declined', 'the merchant said no'],
    [
      'closing the question',
      () => undefined,
      'declined',
      'the client closed the question without an answer; if nobody saw a form, set ALIPAY_REFUND_APPROVAL=operator',
    ],
    [
      'a yes in other words',
      () => 'yes',
      'not_sent',
      'the form came back without a clear yes; if nobody saw a form, set ALIPAY_REFUND_APPROVAL=operator',
    ],
  ])('after %s, and the answer says so', async (_, given, error, why) => {
    merchant.says = given
    expect(await refund('30.00')).toStrictEqual({
      message: `${error === 'declined' ? 'Declined' : 'Not sent'}: ${why}.`,
      error,
      retry: error === 'declined' ? 'no' : 'after_change',
      moved: 'no',
      out_trade_no,
      subject: 'Tea 茶',
      total_amount: '1000.00',
      refund_amount: '30.00',
      message_zh: expect.stringMatching(/。$/),
      money: 'Nothing was sent. This call moved nothing.',
      next_step: expect.any(String),
      environment: 'local',
      isError: true,
    })
    expect(Object(await shop.trades()).calls).not.toHaveProperty(['alipay.trade.refund'])
    expect(questions).toHaveLength(1)
    merchant.says = () => YES
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
  })
})

describe('ALIPAY_REFUND_APPROVAL none', () => {
  it('asks nobody', async () => {
    await rules({ refundApproval: 'none' })
    const made = await refund('30.00')
    expect(made).toMatchObject({ moved: 'now' })
    expect(made.message).toMatch(
      /^Refund accepted: 30\.00 yuan on .* Beijing time\. Nobody was asked .* ALIPAY_REFUND_APPROVAL is none\.$/,
    )
    expect(questions).toStrictEqual([])
  })
})

describe('ALIPAY_REFUND_APPROVAL operator', () => {
  beforeEach(() => rules({ refundApproval: 'operator' }))
  const waiting = {
    error: 'waiting_for_approval',
    retry: 'after_change',
    moved: 'no',
    message: expect.stringMatching(
      /^Waiting for approval: the refund of \d\d\.\d\d yuan of order .*Do not repeat the call/,
    ),
    message_zh: expect.stringMatching(/^退款 \d\d\.\d\d 元等待商家确认/),
    total_amount: '1000.00',
    money: 'Nothing was sent. This call moved nothing.',
  }
  async function decide(yes: boolean): Promise<void> {
    const ledger = await shop.ledger()
    const at = shop.clock.now()
    const [open, ...others] = await ledger.openApprovals(at)
    expect(others).toStrictEqual([])
    const actor = { at, owner: 'a person', host: 'terminal' }
    expect(await ledger.decide(Number(open?.id), yes, 'terminal', actor)).toBe(true)
  }

  it('lets a refund pass once, after a yes outside the chat, where nothing is asked', async () => {
    expect(await refund('30.00')).toMatchObject(waiting)
    expect(await refund('30.00')).toMatchObject(waiting)
    await decide(true)
    await shop.control('balance', { balance: '29.99' })
    expect(await refund('30.00')).toMatchObject({ sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    await shop.control('balance', { balance: null })
    expect(await refund('30.00')).toMatchObject(waiting)
    await decide(true)
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
    expect(questions).toStrictEqual([])
    expect(await refunded()).toBe('30.00')
  })

  it('keeps a no, and takes a yes for nothing else than what was asked', async () => {
    await refund('30.00')
    await decide(false)
    const refused = await refund('30.00')
    expect(refused.message).toBe('Declined: the merchant said no to this refund.')
    await refund('20.00')
    await decide(true)
    expect(await refund('20.01')).toMatchObject(waiting)
    await decide(true)
    expect(await refund('20.01')).toMatchObject({ moved: 'now' })
    // What was refunded is another sum now: the older yes was to something else.
    expect(await refund('20.00')).toMatchObject(waiting)
    expect(await refunded()).toBe('20.01')
  })

  it('keeps a no to an order and an amount, whatever reason is given, and for the rest of the order, too', async () => {
    await refund('30.00')
    await decide(false)
    const other = { out_trade_no, refund_amount: '30.00', refund_reason: 'the box was broken' }
    const refused = await shop.call('refund_payment', other)
    expect(refused).toMatchObject({ error: 'declined', moved: 'no', refund_amount: '30.00' })
    expect(refused.next_step).toMatch(
      /^Do not repeat the call: whatever the refund_reason, this no stands for this order/,
    )
    await refund('970.00')
    await decide(true)
    expect(await refund('970.00')).toMatchObject({ moved: 'now' })
    // Something else was refunded since: this is a new question, and its no holds for the same money without an amount.
    expect(await refund('30.00')).toMatchObject(waiting)
    await decide(false)
    expect(await refund()).toMatchObject({ error: 'declined', refund_amount: '30.00' })
    shop.clock.advance(15 * 60_000)
    expect(await shop.call('refund_payment', other)).toMatchObject(waiting)
  })
})

describe('ALIPAY_APPROVE_ABOVE 100.00', () => {
  beforeEach(() => rules({ approveAboveFen: 10_000 }))

  it('asks about 100.00 and not about 99.99', async () => {
    await refund('99.99')
    expect(questions).toStrictEqual([])
    out_trade_no = (await shop.paidOrder('1000.00')).out_trade_no
    shop.clock.advance(DAY_MS)
    await refund('100.00')
    expect(questions).toHaveLength(1)
  })

  it('asks about small ones of one order that come to it, on whatever day', async () => {
    await refund('50.00')
    shop.clock.advance(DAY_MS)
    await refund('49.99')
    expect(questions).toStrictEqual([])
    shop.clock.advance(DAY_MS)
    merchant.says = () => NO
    expect(await refund('0.01')).toMatchObject({ error: 'declined' })
    expect(questions).toHaveLength(1)
    expect(await refunded()).toBe('99.99')
  })

  it('asks about small ones of one day that come to it, of whatever order; the next day begins anew', async () => {
    await refund('60.00')
    const other = (await shop.paidOrder('1000.00')).out_trade_no
    merchant.says = () => NO
    expect(await refund('40.00', other)).toMatchObject({ error: 'declined' })
    expect(await refund('39.99', other)).toMatchObject({ moved: 'now' })
    expect(questions).toHaveLength(1)
    shop.clock.advance(DAY_MS)
    const third = (await shop.paidOrder('1000.00')).out_trade_no
    expect(await refund('99.99', third)).toMatchObject({ moved: 'now' })
    expect(questions).toHaveLength(1)
  })

  it('does not count those that the merchant said yes to', async () => {
    await refund('500.00')
    expect(questions).toHaveLength(1)
    await refund('99.99')
    expect(questions).toHaveLength(1)
  })
})
