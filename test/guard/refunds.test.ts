// Holds the way to a refund to the money rules: one wish is one refund, one at a time, and nothing said unproven.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fields, openShop, type Shop } from '../shop.ts'

const REFUND = 'alipay.trade.refund'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
const FORBIDDEN = { sub_code: 'ACQ.ACCESS_FORBIDDEN' }
const MINUTE = 60_000
const busy = { error: 'refused', isError: true, money: expect.stringContaining('Nothing was sent.') }

let shop: Shop
let out_trade_no: string
beforeAll(async () => {
  shop = await openShop()
})
beforeEach(async () => {
  await shop.control('reset', {})
  out_trade_no = (await shop.paidOrder('100.00')).out_trade_no
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => shop.close())

const refund = (refund_amount?: unknown) =>
  shop.call('refund_payment', { out_trade_no, ...(refund_amount !== undefined && { refund_amount }) })
const find = (refund_amount: unknown) => shop.call('query_refund', { out_trade_no, refund_amount })
const fault = (name: string, method: string, more: Fields = {}) =>
  shop.control('faults', { fault: name, method, ...more })
const clear = () => shop.control('faults/clear', {})

/** The first question about a refund is answered, those after it are not. */
async function thenRefuseToTell(times: 1 | 'always'): Promise<void> {
  await fault('sign_first', REFUND_QUERY)
  await fault('refuse', REFUND_QUERY, { ...FORBIDDEN, times })
}

/** How many refunds were sent, and what the emulator's books have of them. */
async function truth(): Promise<{ sent: number; refunded: string; refunds: readonly Fields[] }> {
  const { trades, refunded, ...rest } = await shop.books()
  const refunds = trades[0]?.refunds
  return { sent: Object(rest).calls[REFUND] ?? 0, refunded, refunds: Array.isArray(refunds) ? refunds : [] }
}

/** A refund of 30 yuan of which nobody knows whether it was done: it was not. */
async function unknownRefund(): Promise<Fields> {
  await fault('lost_before', REFUND, { times: 'always' })
  const answer = await refund('30.00')
  await clear()
  return answer
}

/** A refund of 30 yuan that was done, though neither its answer nor a question brought that home. */
async function doneUnseen(): Promise<Fields> {
  await fault('lost_after', REFUND, { times: 'always' })
  await thenRefuseToTell('always')
  const answer = await refund('30.00')
  await clear()
  return answer
}

/** Holds the next refund just before it is sent. */
async function held(amount: unknown): Promise<{ answer: Promise<Fields>; release: () => void }> {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const sleep = vi.spyOn(shop.clock, 'sleep').mockReturnValueOnce(gate)
  const answer = refund(amount)
  await vi.waitFor(() => expect(sleep).toHaveBeenCalled(), { interval: 1 })
  return { answer, release }
}

/** Does something while the refund pauses before its repeat. */
function inThePause(deed: () => unknown): void {
  const sleep = shop.clock.sleep.bind(shop.clock)
  vi.spyOn(shop.clock, 'sleep').mockImplementation(async (ms) => {
    if (ms === 3_000) await deed()
    await sleep(ms)
  })
}

describe('one wish', () => {
  it('is one refund when two identical calls run at once: the second joins the first', async () => {
    const query = vi.spyOn(shop.gateway, 'query')
    const { answer, release } = await held('30.00')
    const second = refund(30)
    await vi.waitFor(() => expect(query).toHaveResolvedTimes(2), { interval: 1 })
    release()
    const [first, joined] = await Promise.all([answer, second])
    const message = `${first.message} Two identical calls ran at once: it is one refund.`
    expect(joined).toStrictEqual({ ...first, message })
    expect(await truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('is one refund when its answer is lost: it is repeated with the same number, once', async () => {
    await fault('lost_after', REFUND)
    expect(await refund('30.00')).toMatchObject({ moved: 'now', refund_fee: '30.00' })
    expect(await truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('is done when every answer is lost and the record of it proves it', async () => {
    await fault('lost_after', REFUND, { times: 'always' })
    expect(await refund('30.00')).toMatchObject({ moved: 'now', refund_amount: '30.00' })
    expect(await truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('is not called done for fund_change N alone: the record has to prove it', async () => {
    await fault('lost_after', REFUND)
    await thenRefuseToTell('always')
    expect(await refund('30.00')).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
  })

  it('is one refund when it was done, the server forgot it, and it is made again', async () => {
    const unknown = await doneUnseen()
    expect(unknown).toMatchObject({ error: 'unknown', isError: true })
    await shop.restart()
    const again = await refund(30)
    expect(again).toMatchObject({ moved: 'earlier', out_request_no: unknown.out_request_no })
    expect(again.message).toMatch(/was already made on .*; nothing moved now\.$/)
    expect(await truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  })

  it('of the whole has one number, named or not, which no named part has', async () => {
    const numbers = [await find(undefined), await find('100.00'), await find(50), await find('50.00')]
    const [whole, named, part, samePart] = numbers.map(({ out_request_no }) => out_request_no)
    expect([whole, part]).toStrictEqual([named, samePart])
    expect(whole).not.toBe(part)
  })

  it('is unknown, not failed, when nothing proves it, and says the call that finds out', async () => {
    const unknown = await unknownRefund()
    const { out_request_no, trade_no } = await find('30.00')
    expect(unknown).toStrictEqual({
      message: expect.stringMatching(/^refund_payment: the outcome is unknown: /),
      error: 'unknown',
      out_request_no,
      money: 'Money may have moved.',
      next_step:
        `call query_refund with {"trade_no":"${trade_no}","refund_amount":"30.00"}, now and again in 10` +
        ' minutes. Do not refund by hand or under another number meanwhile; asking for the same refund again is safe.',
      environment: 'local',
      environment_note: expect.stringContaining('no real money moves'),
      isError: true,
    })
    expect(await refund('30.00')).toMatchObject({ moved: 'now', out_request_no })
    expect(await truth()).toMatchObject({ sent: 3, refunded: '30.00' })
  })

  it('is not repeated when the computer slept before the repeat: that is a new decision', async () => {
    inThePause(() => shop.clock.advance(MINUTE))
    await fault('lost_before', REFUND)
    expect(await refund('30.00')).toMatchObject({ error: 'unknown' })
    expect(await truth()).toMatchObject({ sent: 1, refunded: '0.00' })
  })

  it('is not sent when Alipay does not say whether it was made before', async () => {
    await fault('refuse', REFUND_QUERY, FORBIDDEN)
    const refused = await refund('30.00')
    expect(refused).toMatchObject({ error: 'refused', money: 'No refund was sent. This call moved nothing.' })
    expect(await truth()).toMatchObject({ sent: 0 })
  })
})

describe('another wish', () => {
  it('is refused while one is in flight, and nothing of it is sent', async () => {
    const { answer, release } = await held('30.00')
    const other = await refund('20.00')
    const { sent } = await truth()
    release()
    expect(sent).toBe(0)
    expect(other).toMatchObject({ ...busy, out_request_no: (await answer).out_request_no })
    expect(other.next_step).toContain('"refund_amount":"30.00"')
    expect(await truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('is refused while one is unknown: that is settled by reading only', async () => {
    const { out_request_no } = await unknownRefund()
    const { sent } = await truth()
    for (const amount of ['20.00', undefined]) {
      expect(await refund(amount)).toMatchObject({ ...busy, out_request_no })
    }
    await find('30.00')
    await shop.call('query_payment', { out_trade_no })
    expect(await truth()).toStrictEqual({ sent, refunded: '0.00', refunds: [] })
  })

  it('goes on once the unknown one is proven done', async () => {
    expect(await doneUnseen()).toMatchObject({ error: 'unknown' })
    expect(await refund('20.00')).toMatchObject({ moved: 'now', refund_fee: '50.00' })
    expect(await truth()).toMatchObject({ refunded: '50.00' })
  })

  it('goes on once the unknown one was not executed: read empty twice, 10 minutes after it was sent', async () => {
    await unknownRefund()
    shop.clock.advance(9 * MINUTE)
    expect(await refund('20.00')).toMatchObject(busy)
    shop.clock.advance(MINUTE)
    expect(await refund('20.00')).toMatchObject({ moved: 'now' })
    expect(await truth()).toMatchObject({ refunded: '20.00' })
  })

  it('needs two empty readings: the first one after 10 minutes does not yet let it pass', async () => {
    await fault('lost_before', REFUND, { times: 'always' })
    await thenRefuseToTell('always')
    await refund('30.00')
    await clear()
    shop.clock.advance(11 * MINUTE)
    expect(await refund('20.00')).toMatchObject(busy)
    expect(await refund('20.00')).toMatchObject({ moved: 'now' })
  })

  it('is refused as well when one was refused and Alipay did not say whether it had been made before', async () => {
    await fault('refuse', REFUND, { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    await thenRefuseToTell(1)
    expect(await refund('30.00')).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
    expect(await refund('20.00')).toMatchObject(busy)
    expect(await truth()).toMatchObject({ sent: 1, refunded: '0.00' })
  })

  it('waits until three seconds after the answer of the last one, however slow the way to Alipay was', async () => {
    const send = shop.gateway.refund.bind(shop.gateway)
    vi.spyOn(shop.gateway, 'refund').mockImplementationOnce((...request) => {
      shop.clock.advance(5_000)
      return send(...request)
    })
    await refund('30.00')
    expect(await refund('20.00')).toMatchObject({ moved: 'now' })
    // Alipay refuses one that comes sooner, and it would have been sent again.
    expect(await truth()).toMatchObject({ sent: 2, refunded: '50.00' })
  })
})

describe('the merchant refunding by hand meanwhile', () => {
  it('is not joined by a refund that the server makes by itself', async () => {
    await unknownRefund()
    await shop.control('refund', { out_trade_no, refund_amount: '100.00' })
    const again = await refund('30.00')
    expect(again).toMatchObject({ error: 'refused', sub_code: 'ACQ.TRADE_HAS_CLOSE' })
    expect(again.money).toBe('This call moved nothing. An earlier try of the same refund is still unknown.')
    expect(await refund('20.00')).toMatchObject(busy)
    expect(await truth()).toMatchObject({ refunded: '100.00', refunds: [{ by: 'console' }] })
  })

  it('in the pause before the repeat leaves the wish unknown, and no fen moves twice', async () => {
    inThePause(() => shop.control('refund', { out_trade_no, refund_amount: '100.00' }))
    await fault('lost_before', REFUND)
    expect(await refund('30.00')).toMatchObject({ error: 'unknown' })
    expect(await truth()).toMatchObject({ sent: 2, refunded: '100.00', refunds: [{ by: 'console' }] })
  })
})
