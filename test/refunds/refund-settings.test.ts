// Where refunds are off until the operator has set something, or cannot be what is asked for: production and the sandbox.
import { expect, it } from 'vitest'
import { YES } from '../../src/approval/chat.ts'
import { beijingTime } from '../../src/clock.ts'
import type { Rules } from '../../src/guard/call.ts'
import { type Fields, openShop, type Shop, type ShopOptions } from '../shop.ts'

const refund = (shop: Shop, args: Fields) => shop.call('refund_payment', args)
const calls = async (shop: Shop) => ({ ...Object(await shop.trades()).calls })

async function withShop<T>(options: ShopOptions, use: (shop: Shop) => Promise<T>): Promise<T> {
  const shop = await openShop({ answer: () => YES, ...options })
  return use(shop).finally(() => shop.close())
}

const FEN = { callsPerMinute: 0, maxRefundFen: 50_000, dailyRefundsFen: 200_000 }
const SET: Partial<Rules> = { refundApproval: 'chat', limits: FEN, seller_id: '2088000000000000' }
const { maxRefundFen: _, ...withoutMax } = FEN
const { dailyRefundsFen: __, ...withoutDaily } = FEN

const LINES = {
  ALIPAY_REFUND_APPROVAL:
    'ALIPAY_REFUND_APPROVAL=operator (or chat: whoever sits in this chat is the merchant or staff)',
  ALIPAY_MAX_REFUND: 'ALIPAY_MAX_REFUND=500.00 (the most that one refund may give back)',
  ALIPAY_DAILY_REFUNDS: 'ALIPAY_DAILY_REFUNDS=2000.00 (the most of one day)',
  ALIPAY_SELLER_ID: 'ALIPAY_SELLER_ID=2088... (the merchant, so that all its apps share one ledger)',
}
const off = (...names: (keyof typeof LINES)[]) =>
  `Not configured: refunds are off in production until the operator sets: ${names.map((name) => LINES[name]).join('; ')}.`
const BY_HAND =
  'Tell the operator; the merchant can refund by hand in the console (b.alipay.com 商家平台, 交易订单, 退款).'

it.each<[string, Partial<Rules>, string]>([
  ['all four', {}, off('ALIPAY_REFUND_APPROVAL', 'ALIPAY_MAX_REFUND', 'ALIPAY_DAILY_REFUNDS', 'ALIPAY_SELLER_ID')],
  ['who approves', { ...SET, refundApproval: undefined }, off('ALIPAY_REFUND_APPROVAL')],
  ['the most of one refund', { ...SET, limits: withoutMax }, off('ALIPAY_MAX_REFUND')],
  ['the most of a day', { ...SET, limits: withoutDaily }, off('ALIPAY_DAILY_REFUNDS')],
  ['the merchant', { ...SET, seller_id: undefined }, off('ALIPAY_SELLER_ID')],
])('in production refunds are off while %s is not set: the lines to set are told', (_, rules, message) =>
  withShop({ environment: 'production', rules }, async (shop) => {
    const { out_trade_no } = await shop.paidOrder()
    const { fields } = await shop.whole('refund_payment', { out_trade_no })
    expect(fields).toStrictEqual({
      message,
      error: 'not_configured',
      retry: 'after_change',
      moved: 'no',
      message_zh: expect.stringMatching(/。$/),
      money: 'Nothing was sent. This call moved nothing.',
      next_step: BY_HAND,
      environment: 'production',
      environment_note: 'Real money.',
    })
    expect(await refund(shop, { out_trade_no })).toMatchObject({ error: 'not_configured', isError: true })
    expect(await calls(shop)).toStrictEqual({})
  }),
)

it('in production with all of them set the merchant is asked, and a refund is made', () => {
  const questions: string[] = []
  const answer = (question: string) => {
    questions.push(question)
    return YES
  }
  return withShop({ environment: 'production', rules: SET, answer }, async (shop) => {
    const { out_trade_no } = await shop.paidOrder()
    const made = await refund(shop, { out_trade_no, refund_amount: '30.00' })
    expect(made).toMatchObject({ moved: 'now', refunded_total: '30.00', environment: 'production' })
    expect(made.message).toMatch(
      /^Refund accepted: 30\.00 yuan on .* Beijing time\. A person approved the refund in the form of this chat\.$/,
    )
    expect(questions).toHaveLength(1)
    expect(questions[0]).toContain('真实资金 real money (production)')
    expect(await shop.trades()).toMatchObject({ refunded: '30.00' })
  })
})

it('the sandbox is sent no part, which it would refuse for good; the whole is still refunded', () =>
  withShop({ environment: 'sandbox', sandboxRules: true }, async (shop) => {
    const { out_trade_no } = await shop.paidOrder()
    const refused = await refund(shop, { out_trade_no, refund_amount: '30.00' })
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true, environment: 'sandbox' })
    expect(refused.message).toContain("refund_amount: Alipay's sandbox refunds only whole orders, here 100.00 yuan")
    expect(await calls(shop)).not.toHaveProperty(['alipay.trade.refund'])
    expect(await refund(shop, { out_trade_no })).toMatchObject({ moved: 'now', refunded_total: '100.00' })
    const again = await refund(shop, { out_trade_no, refund_amount: 100 })
    expect(again).toMatchObject({ moved: 'earlier' })
  }))

it('a server that only reads sends nothing that changes something, even if such a tool is called', () =>
  withShop({ rules: { readOnly: true } }, async (shop) => {
    const order = { out_trade_no: 'SHOP_1', subject: 'Tea', total_amount: '9.90' }
    const content = { ...order, time_expire: beijingTime(shop.clock.now() + 60_000) }
    const pay_url = await shop.gateway.payLink('page', content)
    await shop.control('scan', { pay_url })
    const { out_trade_no } = order
    const made = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    const closed = await shop.call('close_payment', { out_trade_no })
    await shop.control('pay', { pay_url })
    const refunded = await refund(shop, { out_trade_no })
    for (const refused of [made, closed, refunded]) {
      expect(refused.message).toMatch(/^Not configured: this server is read-only \(ALIPAY_READ_ONLY\)\.$/)
      expect(refused).toMatchObject({
        isError: true,
        error: 'not_configured',
        message_zh: expect.stringMatching(/。$/),
        money: expect.stringMatching(/nothing/i),
      })
    }
    const operator = 'Tell the user and stop: only the operator can set ALIPAY_READ_ONLY=false and restart the server.'
    expect(made.next_step).toBe(operator)
    expect(closed.next_step).toMatch(
      / Meanwhile the operator can close an order .* "alipay-mcp close --read-only=false --order"/,
    )
    expect(refunded.next_step).toMatch(/ Meanwhile a person can refund by hand on the emulator's own page\./)
    expect(await shop.trades()).toMatchObject({ paid: '9.90', refunded: '0.00' })
    for (const method of ['close', 'refund', 'precreate']) {
      expect(await calls(shop)).not.toHaveProperty([`alipay.trade.${method}`])
    }
  }))
