// Holds query_payment to what silence means: an order that Alipay has no trade of can still be paid, or not any more.
import { describe, expect, it, vi } from 'vitest'
import { type Fields, openShop, useShop } from '../shop.ts'
import { local } from '../tools/answers.ts'

const LINK_MS = 31 * 60_000

const shop = useShop()

const query = (args: Fields, at = shop) => at.call('query_payment', args)
const tea = { subject: 'Tea 茶', total_amount: 9.9 }
const order = () => shop.call('create_payment', tea)

describe('an order without a trade', () => {
  const noTrade = { paid: false, refunded: 'none_known', sub_code: 'ACQ.TRADE_NOT_EXIST' }
  const notPaidYet = (time_expire: unknown) => {
    const until = String(time_expire).slice(0, 16)
    return {
      message: `Not paid yet: 9.90 yuan. No buyer has scanned, logged in or confirmed; payable until ${until} Beijing time.`,
      message_zh: `尚未付款 9.90 元：还没有买家扫码、登录或确认，可支付至 ${until}。`,
      ...noTrade,
    }
  }
  /** Of a number that neither this ledger nor Alipay knows. */
  const nowhere = (number: unknown) => ({
    message: `No order ${number} here or at Alipay; check the number. Not found does not mean not paid.`,
    message_zh: `这里和支付宝都查不到订单 ${number}，请核对号码；查不到不等于没付。`,
    sub_code: 'ACQ.TRADE_NOT_EXIST',
  })

  it('is not called unpaid for ever: its link, shown again, can be paid until its expiry, after a restart, too', async () => {
    const { out_trade_no, pay_url, time_expire } = await order()
    const waiting = {
      ...notPaidYet(time_expire),
      out_trade_no,
      subject: 'Tea 茶',
      total_amount: '9.90',
      payable_until: `${time_expire} Beijing time`,
      expires: `29 minutes left, until ${time_expire} Beijing time`,
      pay_url,
      next_step: 'The buyer can still pay. Only if they are paying now: call wait_for_payment.',
      ...local,
    }
    expect(await query({ out_trade_no })).toStrictEqual(waiting)
    await shop.restart()
    expect(await query({ out_trade_no })).toStrictEqual(waiting)
  })

  it('is shown as a code where it is one', async () => {
    const { out_trade_no, qr_content, time_expire } = await shop.call('create_payment', { ...tea, channel: 'qr' })
    const asked = await query({ out_trade_no })
    expect(asked).toMatchObject({ ...notPaidYet(time_expire), qr_content })
    expect(asked).not.toHaveProperty('pay_url')
  })

  it('has no time until when it can be paid where nobody knows it, and is to be checked: a link lives 15 days at most', async () => {
    const { out_trade_no } = await order()
    await shop.forgetAll()
    expect(await query({ out_trade_no })).toStrictEqual({
      ...nowhere(out_trade_no),
      out_trade_no,
      next_step: expect.stringMatching(
        /^Check the number .*An order of another program .* looks the same and can still be paid, at most 15 days after its link was made: .*ask again once the buyer has opened it\.$/,
      ),
      ...local,
    })
  })

  it('is said to be payable for at most 15 hours in the sandbox', async () => {
    const sandbox = await openShop({ environment: 'sandbox', sandboxRules: true })
    const { next_step } = await query({ out_trade_no: 'NEVER_MADE' }, sandbox)
    await sandbox.close()
    expect(next_step).toMatch(/ can still be paid, at most 15 hours after its link was made/)
  })

  it('is not said to be payable still once its link has expired', async () => {
    const { out_trade_no, time_expire } = await order()
    shop.clock.advance(LINK_MS)
    const asked = await query({ out_trade_no })
    expect(asked).toMatchObject({ paid: false, sub_code: 'ACQ.TRADE_NOT_EXIST' })
    expect(asked.message).toMatch(/^Not paid: 9\.90 yuan\. The time to pay is over; a payment .* may still show\.$/)
    expect(asked.payable_until).toContain(`${time_expire} Beijing time, which is past`)
    expect(asked.next_step).toBe('Call query_payment once more 15 minutes after the end of that time.')
    for (const key of ['pay_url', 'expires']) expect(asked).not.toHaveProperty(key)
  })

  it('is expired for good a quarter of an hour later: until then a last payment may still show', async () => {
    const { out_trade_no, time_expire } = await order()
    shop.clock.advance(LINK_MS + 15 * 60_000)
    expect(await query({ out_trade_no })).toStrictEqual({
      ...noTrade,
      message: 'Expired unpaid: nobody can pay the 9.90 yuan any more.',
      message_zh: '订单已过期，9.90 元没有付款，也不能再付款。',
      out_trade_no,
      subject: 'Tea 茶',
      total_amount: '9.90',
      payable_until: expect.stringContaining(`${time_expire} Beijing time, which is past`),
      next_step: 'Only if the merchant wants a new payment: call create_payment without out_trade_no.',
      ...local,
    })
  })

  it('may have been paid while the computer slept over the answer: it is not called expired before it is asked again', async () => {
    const { out_trade_no, pay_url, time_expire } = await order()
    const { query: ask } = shop.gateway
    vi.spyOn(shop.gateway, 'query').mockImplementationOnce(async (...args) => {
      const answer = await ask.apply(shop.gateway, args)
      await shop.control('pay', { pay_url })
      shop.clock.advance(2 * LINK_MS)
      return answer
    })
    const asked = await query({ out_trade_no })
    expect(asked).toMatchObject({ ...notPaidYet(time_expire), out_trade_no })
    expect(await (await shop.ledger()).order({ out_trade_no: String(out_trade_no) })).not.toHaveProperty(
      'can_never_be_paid',
      true,
    )
    expect(await query({ out_trade_no })).toMatchObject({ paid: true })
  })

  it("under Alipay's own number means that the number is wrong: a link has none before its trade", async () => {
    const trade_no = '2026112022001400100500000001'
    const unknown = { ...nowhere(trade_no), trade_no, ...local }
    expect(await query({ trade_no })).toStrictEqual({ ...unknown, next_step: 'Check the number with the user.' })
    // With nothing in the ledger there is nothing to find it in.
    await order()
    expect(await query({ trade_no })).toStrictEqual({
      ...unknown,
      next_step:
        'Check the number with the user, or find the order with list_payments (text: part of number or subject).',
    })
  })
})
