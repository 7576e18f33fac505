// A close before Alipay has a trade closes nothing: the answer says so, and the request is kept until it can be done.
import { describe, expect, it } from 'vitest'
import { type Fields, openShop, useShop } from '../shop.ts'
import { local } from '../tools/answers.ts'

const LINK_MS = 31 * 60_000
const NEW_ORDER = 'Only if the merchant wants a new payment: call create_payment without out_trade_no.'

const shop = useShop()

const close = (args: Fields, at = shop) => at.call('close_payment', args)
const tea = { subject: 'Tea 茶', total_amount: 9.9 }
const order = () => shop.call('create_payment', tea)
const query = (args: Fields) => shop.call('query_payment', args)
describe('an order without a trade', () => {
  it('is not closed: it can be paid until its expiry, as the ledger knows it, also after a restart', async () => {
    const { out_trade_no, pay_url, time_expire } = await order()
    const until = `${time_expire} Beijing time`
    const notClosed = {
      message:
        'Not closed: no buyer has scanned, logged in or confirmed, so Alipay has nothing to close. The 9.90 yuan can be paid until' +
        ` ${String(time_expire).slice(0, 16)} Beijing time.`,
      message_zh: `没有关闭：还没有买家扫码、登录或确认，支付宝没有可关闭的交易；9.90 元在 ${String(time_expire).slice(0, 16)} 前仍可付款。`,
      out_trade_no,
      subject: 'Tea 茶',
      total_amount: '9.90',
      closed: false,
      paid: false,
      refunded: 'none_known',
      payable_until: until,
      expires: `29 minutes left, until ${until}`,
      sub_code: 'ACQ.TRADE_NOT_EXIST',
      next_step: expect.stringMatching(
        /^Tell the buyer not to use the link\. The order expires by itself; 15 minutes after that call query_payment once,.* Only if query_payment shows WAIT_BUYER_PAY before: call close_payment\.$/,
      ),
      ...local,
    }
    expect(await close({ out_trade_no })).toStrictEqual(notClosed)
    await shop.restart()
    expect(await close({ out_trade_no })).toStrictEqual({ ...notClosed, close_requested: true })
    await shop.control('scan', { pay_url })
    expect(await close({ out_trade_no })).toMatchObject({ closed: true })
  })

  it('is not closed by a close that Alipay refuses for that, though no query is answered', async () => {
    const { out_trade_no, time_expire } = await order()
    await shop.control('faults', { fault: 'http_502', method: 'alipay.trade.query', times: 'always' })
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ closed: false, payable_until: `${time_expire} Beijing time` })
    expect(answer.message).toMatch(/^Not closed: no buyer has scanned/)
    expect(answer.next_step).toMatch(/^Tell the buyer not to use the link\./)
    await shop.control('faults/clear', {})
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ close_requested: true })
  })

  it('is not believed of an order that Alipay had before, where no query is answered', async () => {
    const { out_trade_no, pay_url } = await order()
    await shop.control('scan', { pay_url })
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
    await shop.control('faults', { fault: 'http_502', method: 'alipay.trade.query', times: 'always' })
    const refuse = { fault: 'refuse', sub_code: 'ACQ.TRADE_NOT_EXIST', method: 'alipay.trade.close', times: 'always' }
    await shop.control('faults', refuse)
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ isError: true, sub_code: 'ACQ.TRADE_NOT_EXIST' })
    expect(answer.message).not.toMatch(/no buyer has opened/)
    const replacing = { subject: 'Other', total_amount: '8.00', replaces: out_trade_no }
    expect(await shop.call('create_payment', replacing)).toMatchObject({ isError: true })
    expect((await shop.trades()).trades).toHaveLength(1)
  })

  it('can be paid for at most 15 days where the ledger does not know it, and no close is sent', async () => {
    const { out_trade_no, pay_url } = await order()
    await shop.forgetAll()
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ closed: false })
    expect(answer).not.toHaveProperty('paid')
    expect(answer.message).toBe(
      `Not closed. No order ${out_trade_no} here or at Alipay; check the number. Not found does not mean not paid.`,
    )
    expect(answer.message_zh).toMatch(/^没有关闭。.*查不到不等于没付。$/)
    expect(answer).not.toHaveProperty('payable_until')
    expect(answer.next_step).toMatch(/^Check the number.* can still be paid, at most 15 days after its link was made/)
    expect(Object(await shop.trades()).calls).toStrictEqual({ 'alipay.trade.query': 1 })
    await shop.control('pay', { pay_url })
  })

  it('can be paid for at most 15 hours in the sandbox', async () => {
    const sandbox = await openShop({ environment: 'sandbox', sandboxRules: true })
    const { next_step } = await close({ out_trade_no: 'NEVER_MADE' }, sandbox)
    await sandbox.close()
    expect(next_step).toMatch(/ can still be paid, at most 15 hours after its link was made/)
  })

  it('is not said to be payable still once its link has expired', async () => {
    const { out_trade_no } = await order()
    shop.clock.advance(LINK_MS)
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ closed: false, paid: false, next_step: expect.stringContaining('15 minutes') })
    expect(answer.message).toMatch(/^Not closed\. Not paid: 9\.90 yuan\. The time to pay is over/)
    expect(answer.message).not.toMatch(/can still be paid|payable until/)
  })

  it('is called expired once that is certain, and no close is sent any more', async () => {
    const { out_trade_no } = await order()
    shop.clock.advance(LINK_MS + 15 * 60_000)
    await shop.call('query_payment', { out_trade_no })
    const answer = await close({ out_trade_no })
    expect(answer).toMatchObject({ closed: false, paid: false, next_step: NEW_ORDER })
    expect(answer.message).toBe('Not closed. Expired unpaid: nobody can pay the 9.90 yuan any more.')
    expect(Object(await shop.trades()).calls).toStrictEqual({ 'alipay.trade.query': 2 })
  })

  it("under Alipay's own number means that the number is wrong, and promises nothing of a link", async () => {
    const answer = await close({ trade_no: '2026112022001400100500000001' })
    expect(answer.closed).not.toBe(true)
    expect(answer.message).toMatch(
      /^Not closed\. No order 2026112022001400100500000001 .*check the number\. Not found does not mean not paid\.$/,
    )
    expect(answer.next_step).toMatch(/^Check the number with the user, or find the order with list_payments/)
    expect(answer).not.toHaveProperty('payable_until')
    expect(JSON.stringify(answer)).not.toContain('can still be paid')
  })
})

describe('the request to close an order that has no trade yet', () => {
  it('is told by every read, which shows no link any more', async () => {
    const { out_trade_no, pay_url } = await order()
    await close({ out_trade_no })
    for (const tool of ['query_payment', 'wait_for_payment']) {
      const asked = await shop.call(tool, { out_trade_no })
      expect(asked).toMatchObject({ paid: false, close_requested: true })
      expect(asked.next_step).toMatch(
        /^Tell the buyer not to pay: this order was to be closed, .*Call close_payment again once/,
      )
      expect(asked).not.toHaveProperty('pay_url')
    }
    await shop.control('scan', { pay_url })
    for (const tool of ['query_payment', 'wait_for_payment']) {
      const asked = await shop.call(tool, { out_trade_no })
      expect(asked).toMatchObject({ trade_status: 'WAIT_BUYER_PAY', close_requested: true })
      expect(asked.next_step).toMatch(/^Call close_payment again now: this order was to be closed .*can still be paid/)
      expect(asked).not.toHaveProperty('pay_url')
    }
  })

  it('is over once the order is closed, paid or expired', async () => {
    const [closed, paid, expired] = [await order(), await order(), await order()]
    for (const { out_trade_no } of [closed, paid, expired]) await close({ out_trade_no })
    await shop.control('scan', { pay_url: closed.pay_url })
    await close({ out_trade_no: closed.out_trade_no })
    await shop.control('pay', { pay_url: paid.pay_url })
    expect(await query({ out_trade_no: paid.out_trade_no })).toMatchObject({ paid: true })
    shop.clock.advance(LINK_MS + 15 * 60_000)
    for (const { out_trade_no } of [closed, paid, expired]) {
      expect(await query({ out_trade_no })).not.toHaveProperty('close_requested')
    }
  })

  it.each(['answered', 'lost_before'])('is withdrawn by showing the link again, the close %s', async (how) => {
    const { out_trade_no, pay_url } = await order()
    if (how !== 'answered') await shop.control('faults', { fault: how, method: 'alipay.trade.close' })
    await close({ out_trade_no })
    expect(await shop.call('create_payment', { ...tea, out_trade_no })).toMatchObject({ pay_url })
    const asked = await query({ out_trade_no })
    expect(asked).toMatchObject({ pay_url })
    expect(asked).not.toHaveProperty('close_requested')
  })

  it('is kept when a close was lost on its way, and a later look finds no trade', async () => {
    const { out_trade_no } = await order()
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.close' })
    expect(await close({ out_trade_no })).toMatchObject({ closed: false })
    expect(await query({ out_trade_no })).toMatchObject({ close_requested: true })
  })
})
