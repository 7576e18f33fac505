// Refunds that must not be sent although everything before them went well.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { OutcomeUnknownError, RefusedError } from '../../src/errors.ts'
import type { RefundRecord, Trade } from '../../src/gateway/gateway.ts'
import type { Call } from '../../src/guard/call.ts'
import type { Actor, Intent, Ledger } from '../../src/ledger/ledger.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { refundRequestFor } from '../../src/refunds/refund-number.ts'
import type { RefundMade } from '../../src/refunds/send-refund.ts'
import { useShop } from '../shop.ts'

const shop = useShop()
let ledger: Ledger
let trade: Trade
let host: AbortController
beforeEach(async () => {
  ledger = await shop.ledger()
  host = new AbortController()
  const { out_trade_no } = await shop.paidOrder('100.00')
  const asked = await shop.gateway.query({ out_trade_no })
  if (asked.outcome !== 'done') throw new Error('the order is not there')
  trade = asked.answer
})

const actor = (owner = 'one'): Actor => ({ at: shop.clock.now(), owner, host: 'a host' })
const UNASKED = new Error('nobody is to be asked')
const callOf = (owner = 'one'): Call => ({
  rules: { environment: 'local', readOnly: false, channels: ['page'], limits: { callsPerMinute: 0 } },
  gateway: shop.gateway,
  clock: shop.clock,
  ledger: async () => ledger,
  actor: () => actor(owner),
  approver: {
    inChat: false,
    restartOnAnswer: (operation) => operation(),
    yes: () => Promise.reject(UNASKED),
  },
  signal: host.signal,
})

async function refund(refund_amount: string, owner?: string, refunds = new Refunds()): Promise<RefundMade> {
  const call = callOf(owner)
  return refunds.make(call, trade, await refundRequestFor(call, trade, { refund_amount }))
}

/** Runs something once, right before a step. */
function justBefore(step: 'refundQuery' | 'refund' | 'markSending' | 'reserveRefund', operation: () => unknown): void {
  const of: Record<string, unknown> = Object(step in shop.gateway ? shop.gateway : ledger)
  const real = of[step]
  if (typeof real !== 'function') throw new Error(`there is no ${step}`)
  of[step] = async (...args: unknown[]) => {
    of[step] = real
    await operation()
    return real.apply(step in shop.gateway ? shop.gateway : ledger, args)
  }
}
const HOURS = 8 * 3_600_000
const SECOND = 1_000

async function takenOver(): Promise<void> {
  shop.clock.advance(71 * SECOND)
  const [intent] = await ledger.intents(trade.out_trade_no)
  await ledger.takeOver(Number(intent?.id), actor('two'))
}

describe('nothing reaches Alipay', () => {
  const CANCELLED = 'the host cancelled the call'
  const ASLEEP = 'this computer was asleep or the clock was set; make the same call again if the refund is still wanted'
  const STALE = 'too much time passed since it was decided (this computer may have been asleep)'
  it.each<[string, Parameters<typeof justBefore>[0], () => unknown, string | RegExp]>([
    ['the host cancels while Alipay is asked', 'refundQuery', () => host.abort(), CANCELLED],
    ['the host cancels while it is written', 'markSending', () => host.abort(), CANCELLED],
    ['the computer sleeps while Alipay is asked', 'refundQuery', () => shop.clock.advance(HOURS), ASLEEP],
    ['36 seconds pass before', 'refundQuery', () => shop.clock.advance(36 * SECOND), ASLEEP],
    ['the computer sleeps before the first byte', 'refund', () => shop.clock.advance(6 * SECOND), STALE],
    ['the clock is set back before the first byte', 'refund', () => shop.clock.advance(-6 * SECOND), STALE],
    [
      'all is frozen before it is written',
      'reserveRefund',
      () => ledger.freeze('x', actor()),
      /^the operator froze all payments and refunds on /,
    ],
    [
      'all is frozen before it is marked',
      'markSending',
      () => ledger.freeze('x', actor()),
      /^the operator froze all payments and refunds on /,
    ],
    ['another process took it over', 'markSending', takenOver, /another one took over$/],
  ])('where %s', async (_, step, operation, why) => {
    justBefore(step, operation)
    const not_sent = why instanceof RegExp ? expect.stringMatching(why) : why
    await expect(refund('30.00')).rejects.toMatchObject({ refusal: { not_sent } })
    expect(Object(await shop.trades()).calls).not.toHaveProperty(['alipay.trade.refund'])
    await ledger.unfreeze(actor())
    const intents = await ledger.intents(trade.out_trade_no)
    for (const { state } of intents) expect(['refused', 'not_executed']).toContain(state)
    host = new AbortController()
    shop.clock.advance(71 * SECOND)
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
    expect(await shop.trades()).toMatchObject({ refunded: '30.00' })
  })

  it('of another process while one holds the order, though the first one sleeps', async () => {
    const OF_ANOTHER =
      /^this refund of 30\.00 yuan is under way in another server$|^another refund .* is under way and comes first$/
    let others: Promise<RefundMade | unknown>[] = []
    justBefore('refund', async () => {
      others = ['30.00', '20.00'].map((amount) => refund(amount, 'two').catch((error: unknown) => error))
      await Promise.all(others)
    })
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
    for (const other of await Promise.all(others)) {
      expect(other).toBeInstanceOf(RefusedError)
      expect(other).toMatchObject({
        refusal: { not_sent: expect.stringMatching(OF_ANOTHER) },
      })
    }
    expect(await shop.trades()).toMatchObject({ refunded: '30.00' })
  })
})

it.each<RefundRecord>([{ refund_amount: '30.00' }, { refund_status: 'REFUND_PROCESSING' }])(
  'no other one is sent while Alipay has any trace of an unknown one: %j',
  async (trace) => {
    const sends = vi.spyOn(shop.gateway, 'refund').mockResolvedValue({ outcome: 'unknown', why: 'lost' })
    vi.spyOn(shop.gateway, 'refundQuery')
      .mockResolvedValueOnce({ outcome: 'done', answer: {} })
      .mockResolvedValue({ outcome: 'done', answer: trace })
    await expect(refund('30.00')).rejects.toThrow(OutcomeUnknownError)
    for (let tries = 0; tries < 3; tries++) {
      shop.clock.advance(11 * 60 * SECOND)
      await expect(refund('50.00')).rejects.toThrow(RefusedError)
    }
    expect(sends).toHaveBeenCalledTimes(2)
  },
)

describe('a repeat is not sent', () => {
  const states = async (): Promise<Intent[]> => [...(await ledger.intents(trade.out_trade_no))]
  it.each<[string, () => unknown]>([
    ['more than 40 s after the first try', () => shop.clock.advance(38 * SECOND)],
    ['all is frozen', () => ledger.freeze(undefined, actor())],
  ])('where %s: it stays unknown', async (_, happens) => {
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund' })
    const sleep = shop.clock.sleep.bind(shop.clock)
    vi.spyOn(shop.clock, 'sleep').mockImplementationOnce(async (ms) => {
      await happens()
      await sleep(ms)
    })
    await expect(refund('30.00')).rejects.toThrow(OutcomeUnknownError)
    expect(Object(await shop.trades()).calls['alipay.trade.refund']).toBe(1)
    expect(await states()).toMatchObject([{ state: 'unknown', attempt: 1 }])
  })
})
