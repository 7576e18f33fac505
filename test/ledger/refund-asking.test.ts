// When the merchant is asked before a refund, and what a yes is worth: one refund, as it was shown, once.
import { describe, expect, it } from 'vitest'
import type { Ledger, RefundRequest, RefundRules, Yes } from '../../src/ledger/ledger.ts'
import {
  actor,
  DAY,
  done,
  MINUTE,
  NOON,
  opened,
  PLACES,
  paidOrder,
  prepared,
  refund,
  refused,
  SHOP,
  sent,
  tempFolder,
  UNASKED,
  unknown,
} from './places.ts'

const ALWAYS: RefundRules = { asks: 'always' }
const EXCEPTIONS: RefundRules = { asks: 'exceptions' }

describe.each(PLACES)('with $name', ({ open }) => {
  const paid = async () => {
    const ledger = await open()
    await paidOrder(ledger)
    return ledger
  }
  const asks = async (ledger: Ledger, refundRequest: RefundRequest, rules: RefundRules, at = NOON) =>
    (await ledger.evaluateRefund(refundRequest, rules, actor(at))).asks
  const approvalDigest = async (ledger: Ledger, refundRequest: RefundRequest, at = NOON) =>
    (await ledger.evaluateRefund(refundRequest, ALWAYS, actor(at))).approvalDigest
  const reserve = (ledger: Ledger, refundRequest: RefundRequest, yes?: Yes, at = NOON) =>
    ledger.reserveRefund(refundRequest, ALWAYS, yes, actor(at))
  const chat = (bound: string, nonce = 'nonce'): Yes => ({ how: 'chat', approvalDigest: bound, nonce })

  /** Asked for and decided outside the chat. */
  const operator = async (ledger: Ledger, refundRequest: RefundRequest, decision: boolean | undefined, at = NOON) => {
    const bound = await approvalDigest(ledger, refundRequest, at)
    const request = {
      approvalDigest: bound,
      out_trade_no: 'A',
      amount_fen: refundRequest.amount_fen,
      question: 'Refund?',
    }
    const { id } = await ledger.requestApproval(request, actor(at))
    if (decision !== undefined) await ledger.decide(id, decision, 'page', actor(at))
    return { how: 'operator', approvalDigest: bound, id } satisfies Yes
  }

  it('always asks, or never, or only for exceptions', async () => {
    const ledger = await paid()
    expect(await asks(ledger, refund(1), ALWAYS)).toBe(true)
    expect(await asks(ledger, refund(1), EXCEPTIONS)).toBe(false)
    expect(await asks(ledger, refund(1), UNASKED)).toBe(false)
    const further = refund(1, { portion: { kind: 'amount', ordinal: 2 } })
    expect(await asks(ledger, further, EXCEPTIONS)).toBe(true)
    expect(await asks(ledger, further, { ...ALWAYS, approve_above_fen: 1_000 })).toBe(true)
    expect(await asks(ledger, further, UNASKED)).toBe(false)
  })

  it.each(['unknown', 'not_executed'])('asks for any refund of an order after one that ended %s', async (how) => {
    const ledger = await paid()
    const first = await unknown(ledger, refund(3_000))
    if (how === 'not_executed') await ledger.resolve(first.id, { state: how, answer: 'empty twice' }, actor())
    const [earlier] = await ledger.intents('A')
    for (const refundRequest of [refund(3_000), refund(1)]) {
      expect(await ledger.evaluateRefund(refundRequest, EXCEPTIONS, actor())).toMatchObject({
        asks: true,
        earlier,
      })
    }
  })

  it('remembers an attempt that ended unknown beyond a refusal of the next one, until it is done', async () => {
    const ledger = await paid()
    const { id } = await unknown(ledger, refund(3_000))
    const again = await sent(ledger, refund(3_000), NOON + 3_000)
    expect(again).toMatchObject({
      id,
      attempt: 2,
      state: 'prepared',
      in_doubt_since: NOON,
      sent_at: undefined,
    })
    await ledger.resolve(id, { state: 'refused', answer: 'no' }, actor(NOON + 4_000))
    expect(await asks(ledger, refund(1), EXCEPTIONS)).toBe(true)
    await ledger.resolve(id, { state: 'done' }, actor(NOON + 5_000, 'anybody'))
    expect(await asks(ledger, refund(1), EXCEPTIONS)).toBe(false)
  })

  it('does not ask after a refusal, but where the same try had been unknown', async () => {
    const ledger = await paid()
    await refused(ledger, refund(3_000))
    expect(await asks(ledger, refund(3_000), EXCEPTIONS)).toBe(false)
    const { id } = await unknown(ledger, refund(1), NOON + 3_000)
    await ledger.resolve(id, { state: 'refused', answer: 'no' }, actor())
    expect(await asks(ledger, refund(3_000), EXCEPTIONS)).toBe(true)
  })

  it('asks from the amount on that unasked refunds come to, of this order or of this day', async () => {
    const ledger = await paid()
    const rules = { ...ALWAYS, approve_above_fen: 1_000 }
    expect(await asks(ledger, refund(999), rules)).toBe(false)
    expect(await asks(ledger, refund(1_000), rules)).toBe(true)
    await paidOrder(ledger, 'B')
    await done(ledger, refund(400, { out_trade_no: 'B' }), NOON)
    expect(await asks(ledger, refund(599), rules)).toBe(false)
    expect(await asks(ledger, refund(600), rules)).toBe(true)
    expect(await asks(ledger, refund(999), rules, NOON + DAY)).toBe(false)
    expect(await asks(ledger, refund(600, { out_trade_no: 'B' }), rules, NOON + DAY)).toBe(true)
  })

  it('does not count what was asked for, or found made, as unasked', async () => {
    const ledger = await paid()
    await ledger.foundRefund(refund(500), {}, actor())
    const reserved = await reserve(ledger, refund(700), chat(await approvalDigest(ledger, refund(700))))
    expect(reserved).toMatchObject({ outcome: 'prepared', intent: { approved_by: 'chat' } })
    const rules = { ...ALWAYS, approve_above_fen: 1_000 }
    expect(await asks(ledger, refund(999), rules)).toBe(false)
  })

  it('without a yes, or with one to something else, answers with the question and writes nothing', async () => {
    const ledger = await paid()
    const other = chat(await approvalDigest(ledger, refund(3_001)))
    for (const yes of [undefined, other]) {
      expect(await reserve(ledger, refund(3_000), yes)).toStrictEqual({ outcome: 'ask' })
    }
    expect(await ledger.intents('A')).toStrictEqual([])
    expect(await ledger.approvals({})).toStrictEqual([])
  })

  it('takes a yes of the chat once, whatever it is for', async () => {
    const ledger = await paid()
    const yes = chat(await approvalDigest(ledger, refund(3_000)))
    expect(await reserve(ledger, refund(3_000), yes)).toMatchObject({ outcome: 'prepared' })
    expect(await ledger.approvals({})).toMatchObject([
      { approvalDigest: yes.approvalDigest, state: 'used', decided_by: 'chat', amount_fen: 3_000 },
    ])
    await paidOrder(ledger, 'B')
    const refundRequest = refund(3_000, { out_trade_no: 'B' })
    const replayed = chat(await approvalDigest(ledger, refundRequest), 'nonce')
    expect(await reserve(ledger, refundRequest, replayed)).toMatchObject({ outcome: 'ask' })
    expect(await reserve(ledger, refundRequest, chat(replayed.approvalDigest, 'fresh'))).toMatchObject({
      outcome: 'prepared',
    })
  })

  it.each<[string, boolean | undefined, number, string]>([
    ['approved', true, NOON, 'prepared'],
    ['approved, in time', true, NOON + 15 * MINUTE - 1, 'prepared'],
    ['approved, too late', true, NOON + 15 * MINUTE, 'ask'],
    ['approved, with the clock set back', true, NOON - 15 * MINUTE, 'ask'],
    ['denied', false, NOON, 'ask'],
    ['not decided', undefined, NOON, 'ask'],
  ])('takes a request that was %s', async (_, decision, at, outcome) => {
    const ledger = await paid()
    const yes = await operator(ledger, refund(3_000), decision)
    expect(await reserve(ledger, refund(3_000), yes, at)).toMatchObject({ outcome })
    const used = outcome === 'prepared'
    expect((await ledger.approval(yes.id))?.state === 'used').toBe(used)
    expect(await ledger.intents('A')).toMatchObject(used ? [{ approved_by: 'operator' }] : [])
  })

  it('takes an approved request once, and no other one for its digest', async () => {
    const ledger = await paid()
    const yes = await operator(ledger, refund(3_000), true)
    const stolen: Yes = { ...yes, approvalDigest: await approvalDigest(ledger, refund(9_000)) }
    expect(await reserve(ledger, refund(9_000), stolen)).toMatchObject({ outcome: 'ask' })
    const reserved = await reserve(ledger, refund(3_000), yes)
    if (reserved.outcome !== 'prepared') throw new Error('not prepared')
    await ledger.resolve(reserved.intent.id, { state: 'refused', answer: 'no' }, actor())
    expect(await reserve(ledger, refund(3_000), yes, NOON + 5_000)).toMatchObject({ outcome: 'ask' })
    const request = {
      approvalDigest: yes.approvalDigest,
      out_trade_no: 'A',
      amount_fen: 3_000,
      question: 'Refund?',
    }
    expect(await ledger.requestApproval(request, actor())).toMatchObject({ id: yes.id + 1, state: 'asked' })
  })

  it.each<[string, (ledger: Ledger) => Promise<unknown>]>([
    ['another refund was made', (ledger) => done(ledger, refund(1))],
    ['it was tried', (ledger) => unknown(ledger, refund(3_000))],
    ['it was refused', (ledger) => refused(ledger, refund(3_000))],
    ['another try ended unknown', (ledger) => unknown(ledger, refund(1))],
  ])('is another question once %s', async (_, happened) => {
    const ledger = await paid()
    const before = await approvalDigest(ledger, refund(3_000))
    expect(await approvalDigest(ledger, refund(3_000), NOON + DAY)).toBe(before)
    await happened(ledger)
    expect(await approvalDigest(ledger, refund(3_000))).not.toBe(before)
  })

  it('is another question for another program, or for another reason: both stand in it', async () => {
    const ledger = await paid()
    const request = refund(3_000, { reason: 'one box is missing' })
    const asked = await ledger.evaluateRefund(request, ALWAYS, actor())
    const by = async (of: RefundRequest, host = actor().host) =>
      (await ledger.evaluateRefund(of, ALWAYS, { ...actor(), host })).approvalDigest
    expect(await by(request)).toBe(asked.approvalDigest)
    expect(await by(request, 'another host')).not.toBe(asked.approvalDigest)
    expect(await by(refund(3_000, { reason: 'a friend' }))).not.toBe(asked.approvalDigest)
    expect(await reserve(ledger, refund(3_000), chat(asked.approvalDigest))).toStrictEqual({ outcome: 'ask' })
    expect(await reserve(ledger, request, chat(asked.approvalDigest))).toMatchObject({ outcome: 'prepared' })
  })

  it('does not let a yes over what stands in the way', async () => {
    const ledger = await paid()
    const yes = await operator(ledger, refund(3_000), true)
    await prepared(ledger, refund(1))
    expect(await reserve(ledger, refund(3_000), yes)).toMatchObject({ block: { why: 'in_flight' } })
    expect(await ledger.approval(yes.id)).toMatchObject({ state: 'approved' })
  })
})

it('a yes of one environment is none in another', async () => {
  const folder = tempFolder()
  const digests = (['local', 'sandbox', 'production'] as const).map(async (environment) => {
    const ledger = await opened({ folder, partition: { ...SHOP, environment } })
    return (await ledger.evaluateRefund(refund(1), ALWAYS, actor())).approvalDigest
  })
  expect(new Set(await Promise.all(digests)).size).toBe(3)
})
