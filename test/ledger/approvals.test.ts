// Requests for a yes outside the chat: one for each approval digest, for a quarter of an hour, decided once.
import { describe, expect, it } from 'vitest'
import type { ApprovalRequest } from '../../src/ledger/ledger.ts'
import { actor, MINUTE, NOON, PLACES } from './places.ts'

const QUARTER = 15 * MINUTE

const request = (approvalDigest: string): ApprovalRequest => ({
  approvalDigest,
  out_trade_no: 'A',
  amount_fen: 3_000,
  question: 'Refund 30.00 yuan?\n退款 30.00 元？',
})

describe.each(PLACES)('with $name', ({ open }) => {
  it('a request is asked once for its digest', async () => {
    const ledger = await open()
    const first = await ledger.requestApproval(request('a'), actor())
    expect(first).toStrictEqual({
      ...request('a'),
      id: 1,
      state: 'asked',
      asked_at: NOON,
      expires_at: NOON + QUARTER,
      decided_at: undefined,
      decided_by: undefined,
    })
    expect(await ledger.requestApproval(request('a'), actor(NOON + QUARTER - 1))).toStrictEqual(first)
    const other = await ledger.requestApproval(request('b'), actor())
    expect(await ledger.openApprovals(NOON)).toStrictEqual([first, other])
    expect(await ledger.approval(first.id)).toStrictEqual(first)
    expect(await ledger.approval(99)).toBeUndefined()
  })

  it('a request is asked anew when its quarter of an hour is over', async () => {
    const ledger = await open()
    const { id } = await ledger.requestApproval(request('a'), actor())
    expect(await ledger.openApprovals(NOON + QUARTER)).toStrictEqual([])
    expect(await ledger.decide(id, true, 'page', actor(NOON + QUARTER))).toBe(false)
    const again = await ledger.requestApproval(request('a'), actor(NOON + QUARTER))
    expect(again).toMatchObject({ id: id + 1, state: 'asked' })
  })

  it.each([
    [true, 'approved', 'page'],
    [false, 'denied', 'terminal'],
  ] as const)('a decision of %s is taken once, and found by who asks again', async (yes, state, by) => {
    const ledger = await open()
    const { id } = await ledger.requestApproval(request('a'), actor())
    expect(await ledger.decide(id, yes, by, actor(NOON + 5))).toBe(true)
    const decided = { id, state, decided_at: NOON + 5, decided_by: by }
    expect(await ledger.decide(id, !yes, by, actor(NOON + 6))).toBe(false)
    expect(await ledger.openApprovals(NOON)).toStrictEqual([])
    expect(await ledger.requestApproval(request('a'), actor(NOON + 7))).toMatchObject(decided)
    expect(await ledger.decide(99, yes, by, actor())).toBe(false)
  })

  it('a no stands for the same money in other words, until exactly those are approved after it', async () => {
    const ledger = await open()
    const [no, yes] = [
      await ledger.requestApproval(request('money:one'), actor()),
      await ledger.requestApproval(request('money:other'), actor()),
    ]
    await ledger.decide(no.id, false, 'page', actor(NOON + 1))
    const denied = { id: no.id, state: 'denied' }
    for (const words of ['money:one', 'money:other', 'money:third'])
      expect(await ledger.requestApproval(request(words), actor(NOON + 2))).toMatchObject(denied)
    expect(await ledger.requestApproval(request('more money:one'), actor(NOON + 2))).toMatchObject({ state: 'asked' })
    await ledger.decide(yes.id, true, 'page', actor(NOON + 3))
    const approved = { id: yes.id, state: 'approved' }
    expect(await ledger.requestApproval(request('money:other'), actor(NOON + 4))).toMatchObject(approved)
    expect(await ledger.requestApproval(request('money:third'), actor(NOON + 4))).toMatchObject(denied)
    expect(await ledger.requestApproval(request('money:third'), actor(NOON + QUARTER))).toMatchObject({
      state: 'asked',
    })
  })

  it('a no that comes after a yes to the same money in other words is the one that stands', async () => {
    const ledger = await open()
    const [yes, no] = [
      await ledger.requestApproval(request('money:one'), actor()),
      await ledger.requestApproval(request('money:other'), actor()),
    ]
    await ledger.decide(yes.id, true, 'page', actor(NOON + 1))
    await ledger.decide(no.id, false, 'page', actor(NOON + 2))
    expect(await ledger.requestApproval(request('money:one'), actor(NOON + 3))).toMatchObject({ id: no.id })
  })

  it('while all is frozen a yes is not taken, a no is', async () => {
    const ledger = await open()
    const { id } = await ledger.requestApproval(request('a'), actor())
    await ledger.freeze(undefined, actor())
    expect(await ledger.decide(id, true, 'page', actor())).toBe(false)
    expect(await ledger.approval(id)).toMatchObject({ state: 'asked' })
    expect(await ledger.decide(id, false, 'page', actor())).toBe(true)
  })

  it('the requests of a time, or of an order, are told oldest first', async () => {
    const ledger = await open()
    const a = await ledger.requestApproval(request('a'), actor(NOON))
    const b = await ledger.requestApproval({ ...request('b'), out_trade_no: 'B' }, actor(NOON + 1))
    expect(await ledger.approvals({})).toStrictEqual([a, b])
    expect(await ledger.approvals({ since: NOON + 1 })).toStrictEqual([b])
    expect(await ledger.approvals({ out_trade_no: 'A' })).toStrictEqual([a])
  })
})
