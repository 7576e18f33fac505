// Holds the way to a refund to the money rules: one request is one refund, one at a time, and nothing said unproven.
import { describe, expect, it, vi } from 'vitest'
import { busy, MINUTE, useRefunding } from './paid-order.ts'

const at = useRefunding()

describe('one request', () => {
  it('is one refund when two identical calls run at once: the second joins the first', async () => {
    const query = vi.spyOn(at.shop.gateway, 'query')
    const { answer, release } = await at.held('30.00')
    const second = at.refund(30)
    await vi.waitFor(() => expect(query).toHaveResolvedTimes(2), { interval: 1, timeout: 20_000 })
    release()
    const [first, joined] = await Promise.all([answer, second])
    const [accepted, unasked] = String(first.message).split(/(?= Nobody was asked)/)
    const message = `${accepted} Two identical calls ran at once: they are one refund.${unasked}`
    expect(joined).toStrictEqual({ ...first, message })
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('is one refund when its answer is lost: it is repeated with the same number, once', async () => {
    await at.fault('lost_after')
    expect(await at.refund('30.00')).toMatchObject({ moved: 'now', refunded_total: '30.00' })
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('is done when every answer is lost and the record of it proves it', async () => {
    await at.fault('lost_after', { times: 'always' })
    expect(await at.refund('30.00')).toMatchObject({ moved: 'now', refund_amount: '30.00' })
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('is not called done for fund_change N alone: the record has to prove it', async () => {
    await at.fault('lost_after')
    await at.thenRefuseToTell('always')
    expect(await at.refund('30.00')).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
  })

  it.each([
    ['the server restarted', () => at.shop.restart()],
    ['it is made on another computer', () => at.shop.forgetAll()],
  ])('is one refund when it was done unseen, %s, and it is made again', async (_, happens) => {
    const unknown = await at.doneUnseen('30.00')
    expect(unknown).toMatchObject({ error: 'unknown', isError: true })
    await happens()
    const again = await at.refund(30)
    expect(again).toMatchObject({ moved: 'earlier', out_request_no: unknown.out_request_no })
    expect(again.message).toMatch(/^Already refunded: 30\.00 yuan on .*; nothing moved now\.$/)
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('of the whole order is one refund, named or not: refused for the balance as one, made as the other', async () => {
    await at.shop.control('balance', { balance: '99.99' })
    await at.refund('100.00')
    await at.shop.control('balance', { balance: '100.00' })
    const { out_request_no } = await at.refund()
    expect(await at.refund('100.00')).toMatchObject({ moved: 'earlier', out_request_no })
    const [intent, ...others] = await at.intents()
    expect(intent).toMatchObject({ number: out_request_no, state: 'done', attempt: 2 })
    expect(others).toStrictEqual([])
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00' })
  })

  it('is unknown, not failed, when nothing proves it, and says the call that finds out', async () => {
    const unknown = await at.unknown('30.00')
    const { out_request_no, trade_no } = await at.find('30.00')
    expect(unknown).toStrictEqual({
      message: expect.stringMatching(/^Outcome unknown: /),
      message_zh: '退款 30.00 元的结果未知，钱可能已退；请稍后查询，不要另行退款。',
      error: 'unknown',
      retry: 'after_change',
      moved: 'unknown',
      out_trade_no: at.out_trade_no,
      subject: 'Tea 茶',
      total_amount: '100.00',
      refund_amount: '30.00',
      out_request_no,
      money: 'Money may have moved.',
      next_step:
        `Call query_refund with {"trade_no":"${trade_no}","out_request_no":"${out_request_no}"}, now and again in 10` +
        ' minutes. Until then make no other refund of this order, neither by hand nor under another number. The same' +
        ` refund may be repeated, with a new approval where one is needed: refund_payment with {"trade_no":"${trade_no}","refund_amount":"30.00",` +
        `"out_request_no":"${out_request_no}"}.`,
      environment: 'local',
      isError: true,
    })
    expect(await at.refund('30.00')).toMatchObject({ moved: 'now', out_request_no })
    expect(await at.truth()).toMatchObject({ sent: 3, refunded: '30.00' })
  })

  it('was made earlier where Alipay refuses it because another computer was faster', async () => {
    const { gateway } = at.shop
    const send = gateway.refund.bind(gateway)
    vi.spyOn(gateway, 'refund').mockImplementationOnce(async (...request) => {
      expect(await send(...request)).toMatchObject({ outcome: 'done' })
      await at.fault('refuse', { sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
      return send(...request)
    })
    expect(await at.refund('30.00')).toMatchObject({ moved: 'earlier', refund_amount: '30.00' })
    expect(await at.intents()).toMatchObject([{ state: 'done', moved: 'earlier' }])
    expect(await at.truth()).toMatchObject({ refunded: '30.00' })
  })

  it('runs to its end when the host cancels it on its way, and is recorded', async () => {
    const host = new AbortController()
    const { gateway } = at.shop
    const send = gateway.refund.bind(gateway)
    vi.spyOn(gateway, 'refund').mockImplementationOnce(async (...request) => {
      host.abort()
      await new Promise((resolve) => setImmediate(resolve))
      return send(...request)
    })
    const { out_trade_no } = at
    const cancelled = at.shop.call('refund_payment', { out_trade_no, refund_amount: '30.00' }, host.signal)
    await expect(cancelled).rejects.toThrow()
    const done = async () => expect(await at.intents()).toMatchObject([{ state: 'done', moved: 'now' }])
    await vi.waitFor(done, { timeout: 20_000 })
    expect(await at.refund('30.00')).toMatchObject({ moved: 'earlier' })
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('is not repeated when the computer slept before the repeat: that is a new decision', async () => {
    at.inThePause(() => at.shop.clock.advance(MINUTE))
    await at.fault('lost_before')
    expect(await at.refund('30.00')).toMatchObject({ error: 'unknown' })
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '0.00' })
  })

  it('is not sent when Alipay does not say whether it was made before', async () => {
    await at.refuseToTell()
    const refused = await at.refund('30.00')
    expect(refused).toMatchObject({
      error: 'refused_by_alipay',
      moved: 'no',
      out_trade_no: at.out_trade_no,
      subject: 'Tea 茶',
      total_amount: '100.00',
      refund_amount: '30.00',
      money: 'Nothing was sent. This call moved nothing.',
    })
    expect(await at.truth()).toMatchObject({ sent: 0 })
  })

  it('is not sent when Alipay does not answer whether it was made before', async () => {
    await at.fault('lost_before', { times: 'always' }, 'alipay.trade.fastpay.refund.query')
    expect(await at.refund('30.00')).toMatchObject({
      error: 'no_answer',
      moved: 'no',
      out_trade_no: at.out_trade_no,
      subject: 'Tea 茶',
      total_amount: '100.00',
      refund_amount: '30.00',
      money: 'Nothing was sent. This call moved nothing.',
    })
    expect(await at.truth()).toMatchObject({ sent: 0 })
  })
})

describe('another request', () => {
  it('is refused while one is in flight, and nothing of it is sent', async () => {
    const { answer, release } = await at.held('30.00')
    const other = await at.refund('20.00')
    const { sent } = await at.truth()
    release()
    expect(sent).toBe(0)
    expect(other).toMatchObject({ ...busy, out_request_no: (await answer).out_request_no })
    expect(other.next_step).toContain(`"out_request_no":"${other.out_request_no}"`)
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('is refused while one is unknown: that is resolved by reading only', async () => {
    const { out_request_no } = await at.unknown('30.00')
    const { sent } = await at.truth()
    for (const amount of ['20.00', undefined]) {
      expect(await at.refund(amount)).toMatchObject({ ...busy, out_request_no })
    }
    await at.find('30.00')
    await at.shop.call('query_payment', { out_trade_no: at.out_trade_no })
    expect(await at.truth()).toStrictEqual({ sent, refunded: '0.00', refunds: [] })
  })

  it('goes on once the unknown one is proven done', async () => {
    expect(await at.doneUnseen('30.00')).toMatchObject({ error: 'unknown' })
    expect(await at.refund('20.00')).toMatchObject({ moved: 'now', refunded_total: '50.00' })
    expect(await at.truth()).toMatchObject({ refunded: '50.00' })
  })

  it('goes on once the unknown one was not executed: read empty twice, 10 minutes after it was sent', async () => {
    await at.unknown('30.00')
    at.shop.clock.advance(9 * MINUTE)
    expect(await at.refund('20.00')).toMatchObject(busy)
    at.shop.clock.advance(MINUTE)
    expect(await at.refund('20.00')).toMatchObject({ moved: 'now' })
    expect(await at.truth()).toMatchObject({ refunded: '20.00' })
  })

  it('needs two empty readings: the first one after 10 minutes does not yet let it pass', async () => {
    await at.fault('lost_before', { times: 'always' })
    await at.thenRefuseToTell('always')
    await at.refund('30.00')
    await at.clear()
    at.shop.clock.advance(11 * MINUTE)
    expect(await at.refund('20.00')).toMatchObject(busy)
    expect(await at.refund('20.00')).toMatchObject({ moved: 'now' })
  })

  it('is refused as well when one was refused and Alipay did not say whether it had been made before', async () => {
    await at.fault('refuse', { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    await at.thenRefuseToTell(1)
    expect(await at.refund('30.00')).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
    expect(await at.refund('20.00')).toMatchObject(busy)
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '0.00' })
  })

  it('waits until three seconds after the answer of the last one, however slow the way to Alipay was', async () => {
    const send = at.shop.gateway.refund.bind(at.shop.gateway)
    vi.spyOn(at.shop.gateway, 'refund').mockImplementationOnce((...request) => {
      at.shop.clock.advance(4_000)
      return send(...request)
    })
    await at.refund('30.00')
    expect(await at.refund('20.00')).toMatchObject({ moved: 'now' })
    // Alipay refuses one that comes sooner, and it would have been sent again.
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '50.00' })
  })
})
