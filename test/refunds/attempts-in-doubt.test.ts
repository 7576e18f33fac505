// Refunds as a reviewer broke them: an attempt that never left, a late proof, another shop's order, a slow yes.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { YES } from '../../src/approval/chat.ts'
import { LedgerError } from '../../src/errors.ts'
import type { Call } from '../../src/guard/call.ts'
import type { Actor } from '../../src/ledger/ledger.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { refundRequestFor } from '../../src/refunds/refund-number.ts'
import { busy, FORBIDDEN, MINUTE, useRefunding } from './paid-order.ts'

const SECOND = 1_000
let questions: string[] = []
const answer = (question: string) => {
  questions.push(question)
  return YES
}
const order = useRefunding({ answer, rules: { limits: { callsPerMinute: 0, dailyRefundsFen: 5_000 } } })
const { shop } = order
beforeEach(() => {
  questions = []
})

const refunded = async () => (await shop.trades()).refunded
const onlyRefunds = async () => (await order.truth()).sent

/** An attempt of which nobody knows, and after it another one that is written and never sent. */
const NEVER_LEFT: readonly [string, () => Promise<void>][] = [
  [
    'the ledger failed before it was sent',
    async () => {
      const second = await order.unwritten('30.00')
      expect(second).toMatchObject({
        error: 'ledger_unavailable',
        retry: 'after_change',
        moved: 'unknown',
        isError: true,
        money: 'This call moved nothing. How an earlier try of the same refund ended is still unknown.',
        next_step: expect.stringContaining('query_refund'),
      })
    },
  ],
  [
    'all was frozen before it was sent',
    async () => {
      const second = await order.frozenMeanwhile('30.00')
      expect(second).toMatchObject({ error: 'frozen', moved: 'unknown', isError: true })
    },
  ],
]

describe.each(NEVER_LEFT)('an unknown refund, asked for again, where %s', (_, again) => {
  beforeEach(async () => {
    expect(await order.unknown('30.00')).toMatchObject({ error: 'unknown' })
    shop.clock.advance(20 * SECOND)
    await again()
    expect(await order.row()).toMatchObject({ attempt: 2 })
    shop.clock.advance(71 * SECOND)
  })

  it('is unknown again: others wait, the limit counts it, and a late proof is written', async () => {
    const { refunds } = await shop.call('query_refund', { out_trade_no: order.out_trade_no })
    expect(refunds).toMatchObject([{ state: 'unknown', moved: 'unknown' }])
    const blocked = await order.refund('20.00')
    expect(blocked).toMatchObject(busy)
    expect(blocked.message).toContain('another refund of this order, 30.00 yuan, has an unknown outcome')
    const { out_trade_no } = await shop.paidOrder('100.00')
    const over = await shop.call('refund_payment', { out_trade_no, refund_amount: 30 })
    expect(over).toMatchObject({ error: 'over_limit', variable: 'ALIPAY_DAILY_REFUNDS', used: '30.00', left: '20.00' })
    const out_request_no = await order.carriedOutLate('30.00')
    const { trade_no } = await order.trade()
    await shop.call('query_refund', { trade_no, out_request_no })
    expect(await order.row()).toMatchObject({ state: 'done' })
    expect(await order.known()).toBe(3_000)
    expect(await refunded()).toBe('30.00')
  })

  it('is resolved by reading 10 minutes after it was sent, and others go on', async () => {
    for (const state of ['unknown', 'not_executed']) {
      await shop.call('query_refund', { out_trade_no: order.out_trade_no })
      expect((await order.row()).state).toBe(state)
      shop.clock.advance(11 * MINUTE)
      if (state === 'unknown') await shop.restart()
    }
    expect(await order.refund('20.00')).toMatchObject({ moved: 'now' })
    expect(await refunded()).toBe('20.00')
  })
})

describe('a proof that query_refund finds by number', () => {
  it.each(['refused', 'not_executed'])('is written over %s', async (state) => {
    if (state === 'refused') {
      await order.fault('refuse', FORBIDDEN)
      await order.refund('30.00')
    } else {
      await order.unknown('30.00')
      shop.clock.advance(11 * MINUTE)
      for (let reads = 0; reads < 2; reads++) await order.find('20.00')
    }
    expect((await order.row()).state).toBe(state)
    shop.clock.advance(5 * SECOND)
    const out_request_no = await order.carriedOutLate('30.00')
    const { trade_no } = await order.trade()
    const found = await shop.call('query_refund', { trade_no, out_request_no })
    expect(found.message).toMatch(/^Refunded: 30\.00 yuan on /)
    expect(await order.row()).toMatchObject({ state: 'done', moved: 'now' })
    expect(await order.known()).toBe(3_000)
    expect((await (await shop.ledger()).days())[0]).toMatchObject({ refunded_fen: 3_000 })
    expect(await order.refund('80.00')).toMatchObject({ error: 'invalid_input', left: '70.00' })
    expect(await refunded()).toBe('30.00')
  })
})

it.each([undefined, '10.00'])(
  "another shop's order under our number is not refunded without an operator: %s",
  async (amount) => {
    const made = { subject: 'Tea', out_trade_no: 'A1', total_amount: '10.00' }
    const { time_expire } = await shop.call('create_payment', made)
    const theirs = { ...made, total_amount: '100.00', subject: 'Web shop', time_expire: String(time_expire) }
    await shop.control('pay', { pay_url: await shop.gateway.payLink('page', theirs) })
    const request = { out_trade_no: 'A1', ...(amount && { refund_amount: amount }) }
    const refused = await shop.call('refund_payment', request)
    expect(refused).toMatchObject({
      error: amount ? 'waiting_for_approval' : 'over_limit',
      isError: true,
      next_step: expect.stringMatching(amount ? /tell the operator/i : /ALIPAY_DAILY_REFUNDS/),
    })
    const [asked] = await (await shop.ledger()).openApprovals(shop.clock.now())
    const alarm = 'Alipay has 100.00 yuan under this number, and 10.00 was asked here'
    if (amount) expect(asked?.question).toContain(alarm)
    expect([questions, await onlyRefunds(), await refunded()]).toStrictEqual([[], 0, '0.00'])
  },
)

it('a yes that takes 40 seconds outside the chat is sent', async () => {
  const actor = (): Actor => ({ at: shop.clock.now(), owner: 'a terminal', host: 'a terminal' })
  const ledger = await shop.ledger()
  const approver: Call['approver'] = {
    inChat: true,
    restartOnAnswer: (operation) => operation(),
    async yes(request) {
      shop.clock.advance(40 * SECOND)
      const { id } = await ledger.requestApproval(request, actor())
      await ledger.decide(id, true, 'terminal', actor())
      return { how: 'operator', approvalDigest: request.approvalDigest, id }
    },
  }
  const rules: Call['rules'] = {
    environment: 'local',
    readOnly: false,
    channels: ['page'],
    limits: { callsPerMinute: 0 },
  }
  const { gateway, clock } = shop
  const call: Call = { rules, gateway, clock, actor, approver, ledger: async () => ledger }
  const trade = await order.trade()
  const request = await refundRequestFor(call, trade, { refund_amount: '30.00' })
  expect(await new Refunds().make(call, trade, request)).toMatchObject({ moved: 'now' })
  expect(await refunded()).toBe('30.00')
})

it('a refund of which Alipay does not say whether money moved is told as moved now, once it is proven', async () => {
  const { gateway } = shop
  const send = gateway.refund.bind(gateway)
  vi.spyOn(gateway, 'refund').mockImplementationOnce(async (...request) => {
    const sent = await send(...request)
    if (sent.outcome !== 'done') return sent
    const { fund_change, ...answer } = sent.answer
    expect(fund_change).toBe('Y')
    return { outcome: 'done', answer }
  })
  const made = await order.refund('30.00')
  expect(made).toMatchObject({ moved: 'now', refunded_total: '30.00' })
  expect(made.message).toMatch(/^Refund accepted: 30\.00 yuan/)
  expect(await order.row()).toMatchObject({ state: 'done', moved: 'now' })
  expect(await order.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
})

it.each(['is written', 'cannot be written'])(
  'three seconds are kept after a refund that a reader found before its own end %s',
  async (end) => {
    const { gateway, clock } = shop
    const send = gateway.refund.bind(gateway)
    const ledger = await shop.ledger()
    const times: number[] = []
    vi.spyOn(gateway, 'refund').mockImplementation(async (...request) => {
      if (times.length > 0) times.push(clock.now())
      const sent = await send(...request)
      if (times.length > 0) return sent
      clock.advance(5 * SECOND)
      let over = clock.now()
      expect((await order.find('30.00')).message).toMatch(/^Refunded: 30\.00 yuan/)
      if (end === 'is written') over = clock.now() + 2 * SECOND
      else vi.spyOn(ledger, 'resolve').mockRejectedValueOnce(new LedgerError('It is full.', 'Free some space.'))
      clock.advance(Math.max(0, over - clock.now()))
      times.push(over)
      return sent
    })
    for (const amount of ['30.00', '20.00']) expect(await order.refund(amount)).toMatchObject({ moved: 'now' })
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(3 * SECOND)
    expect(await order.row()).toMatchObject({ state: 'done', moved: 'now' })
    expect(await order.truth()).toMatchObject({ sent: 2, refunded: '50.00' })
  },
)
