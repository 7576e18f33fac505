// One decision between delivery and refund, whoever asks first.
import { describe, expect, it } from 'vitest'
import type { Ledger, RefundRequest } from '../../src/ledger/ledger.ts'
import { ledgerWithPage, TOKEN } from './pages.ts'
import { actor, MINUTE, NOON, PLACES, refund, trade, UNASKED } from './places.ts'
import { deliver, HOOK, pay, sale, sell, sellPaid, TEXT } from './sold.ts'

const WHOLE = refund(10_000, { portion: { kind: 'rest', ordinal: 1 } })
const ASKED = { out_trade_no: 'A', buyer: 'alice', amount_fen: 10_000 }
const AUTO = { ...WHOLE, of_buyer: { buyer: 'alice', auto: { daily_fen: 100_000 } } }
const BY_OPERATOR = { ...WHOLE, of_buyer: { buyer: 'alice' } }
const reserve = (ledger: Ledger, request: RefundRequest, at = NOON) =>
  ledger.reserveRefund(request, UNASKED, undefined, actor(at))
const blocked = (why: string) => ({ outcome: 'blocked', why })
const refundBlocked = (why: string) => ({ outcome: 'blocked', block: { why } })

async function ended(ledger: Ledger, state: 'refused' | 'not_executed' | 'unknown' | 'done') {
  const reserved = await reserve(ledger, WHOLE)
  if (reserved.outcome !== 'prepared') throw new Error(reserved.outcome)
  const { id } = reserved.intent
  await ledger.markSending(id, false, actor())
  const answer = 'x'
  if (state === 'done') await ledger.resolve(id, { state }, actor())
  else await ledger.resolve(id, state === 'unknown' ? { state, answer, empty: false } : { state, answer }, actor())
}

/** Its answer was lost; nobody knew how it ended, and then, perhaps, somebody did. */
async function lost(ledger: Ledger, state: 'unknown' | 'not_executed', at = NOON): Promise<number> {
  const reserved = await reserve(ledger, WHOLE)
  if (reserved.outcome !== 'prepared') throw new Error(reserved.outcome)
  const { id } = reserved.intent
  await ledger.markSending(id, false, actor(at))
  await ledger.resolve(id, { state: 'unknown', answer: 'x', empty: false }, actor(at))
  if (state === 'not_executed') await ledger.resolve(id, { state, answer: 'x' }, actor(at))
  return id
}

describe.each(PLACES)('$name', ({ open }) => {
  it('nothing is handed out that is not paid, not sold, or was refunded, and it says which', async () => {
    const ledger = await open()
    await sell(ledger, 'A', { terms: TEXT })
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('not_paid'))
    expect(await deliver(ledger, 'X')).toMatchObject(blocked('not_sold'))
    await ledger.recordTrade({ trade: trade('A', 'TRADE_SUCCESS', { total_amount: '0.01' }) }, actor())
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('not_paid'))
  })

  it.each([
    ['a hook', HOOK],
    ['the shop', { ...HOOK, deliver: 'none', url: undefined }],
  ] as const)('what %s hands out is not delivered from the page', async (_, terms) => {
    const ledger = await ledgerWithPage(open, { sale: sale({ terms }) })
    await pay(ledger, 'A')
    expect(await ledger.giveOnPage(TOKEN, actor())).toMatchObject(blocked('nothing_due'))
    expect(await ledger.delivery('A')).toBeUndefined()
  })

  it.each(['prepared', 'unknown', 'not_executed', 'done'] as const)(
    'a refund that is %s blocks delivery',
    async (state) => {
      const ledger = await open()
      await sellPaid(ledger, 'A', { terms: TEXT })
      if (state === 'prepared') await reserve(ledger, WHOLE)
      else await ended(ledger, state)
      expect(await deliver(ledger, 'A')).toMatchObject(blocked(state === 'done' ? 'refunded' : 'refund_in_doubt'))
    },
  )

  it('a refund that was certainly refused does not', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await ended(ledger, 'refused')
    expect(await deliver(ledger, 'A')).toMatchObject({ outcome: 'given', first_time: true })
  })

  it('a refund that was not executed, after a lost answer, blocks it until a person says no to the buyer', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await lost(ledger, 'not_executed')
    const asked = await ledger.askRefund(ASKED, actor())
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('refund_asked'))
    expect(await ledger.declineRequest('request' in asked ? asked.request.id : 0, 'terminal', actor())).toBe(true)
    expect(await deliver(ledger, 'A')).toMatchObject({ outcome: 'given', first_time: true })
  })

  it('a no to the buyer says nothing of a refund that was lost after it; then a person marks it as delivered', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const asked = await ledger.askRefund(ASKED, actor())
    expect(await ledger.declineRequest('request' in asked ? asked.request.id : 0, 'terminal', actor())).toBe(true)
    await lost(ledger, 'not_executed', NOON + MINUTE)
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('refund_in_doubt'))
    expect(await ledger.markDelivered('A', actor())).toBe(true)
  })

  it('a refund of which nobody knows the end is never declined nor marked delivered; one that ended can be', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const id = await lost(ledger, 'unknown')
    expect(await ledger.markDelivered('A', actor())).toBe(false)
    const asked = await ledger.askRefund(ASKED, actor())
    expect(await ledger.declineRequest('request' in asked ? asked.request.id : 0, 'terminal', actor())).toBe(false)
    await ledger.resolve(id, { state: 'not_executed', answer: 'x' }, actor())
    expect(await ledger.markDelivered('A', actor())).toBe(false)
    expect(await ledger.declineRequest('request' in asked ? asked.request.id : 0, 'terminal', actor())).toBe(true)
    expect(await ledger.markDelivered('A', actor())).toBe(true)
  })

  it('what a buyer asks back blocks delivery until it is answered, and a delivery blocks the refund', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const asked = await ledger.askRefund(ASKED, actor())
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('refund_asked'))
    if (asked.outcome !== 'asked') throw new Error(asked.outcome)
    expect(await ledger.declineRequest(asked.request.id, 'terminal', actor())).toBe(true)
    expect(await reserve(ledger, AUTO)).toMatchObject(refundBlocked('declined'))
    expect(await deliver(ledger, 'A')).toMatchObject({ outcome: 'given' })
    expect(await reserve(ledger, BY_OPERATOR)).toMatchObject(refundBlocked('delivered'))
    expect(await ledger.askRefund({ ...ASKED, out_trade_no: 'B' }, actor())).toMatchObject({ outcome: 'not_possible' })
  })

  it('a buyer who asks after the delivery is told so; the merchant may refund, and is always asked', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await deliver(ledger, 'A', NOON + MINUTE)
    expect(await ledger.askRefund(ASKED, actor())).toStrictEqual({ outcome: 'delivered', given_at: NOON + MINUTE })
    expect(await ledger.evaluateRefund(WHOLE, UNASKED, actor())).toMatchObject({
      asks: true,
      delivered_at: NOON + MINUTE,
    })
    expect(await reserve(ledger, WHOLE)).toStrictEqual({ outcome: 'ask' })
  })

  it('a delivery since the question makes the yes to it worth nothing', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const rules = { asks: 'always' } as const
    const { approvalDigest } = await ledger.evaluateRefund(WHOLE, rules, actor())
    await deliver(ledger, 'A')
    const yes = { how: 'chat', approvalDigest, nonce: 'n' } as const
    expect(await ledger.reserveRefund(WHOLE, rules, yes, actor())).toStrictEqual({ outcome: 'ask' })
  })

  it('a policy refund is the first try of all, and within what one buyer may get back on a day', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await ledger.askRefund(ASKED, actor())
    const capped = { ...AUTO, of_buyer: { buyer: 'alice', auto: { daily_fen: 9_999 } } }
    expect(await reserve(ledger, capped)).toMatchObject(refundBlocked('buyer_refunds'))
    expect(await reserve(ledger, AUTO)).toMatchObject({ outcome: 'prepared' })
    await sellPaid(ledger, 'B', { terms: TEXT, item: 'b' })
    await ledger.askRefund({ ...ASKED, out_trade_no: 'B' }, actor())
    const second = { ...AUTO, ...refund(10_000, { out_trade_no: 'B', portion: { kind: 'rest', ordinal: 1 } }) }
    const of_buyer = { buyer: 'alice', auto: { daily_fen: 19_999 } }
    expect(await reserve(ledger, { ...second, of_buyer })).toMatchObject(refundBlocked('buyer_refunds'))
    const asBob = { ...second, of_buyer: { ...of_buyer, buyer: 'bob' } }
    // She asked first, and nobody else's day is open to her.
    expect(await reserve(ledger, asBob)).toMatchObject(refundBlocked('buyer_refunds'))
    await sellPaid(ledger, 'C', { terms: TEXT, item: 'c', buyer: 'bob' })
    await ledger.askRefund({ ...ASKED, out_trade_no: 'C', buyer: 'bob' }, actor())
    expect(await reserve(ledger, { ...asBob, out_trade_no: 'C' })).toMatchObject({ outcome: 'prepared' })
  })

  it('a policy refund is never sent after any other try', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await ledger.askRefund(ASKED, actor())
    await ended(ledger, 'refused')
    expect(await reserve(ledger, AUTO)).toMatchObject(refundBlocked('tried_before'))
    expect(await reserve(ledger, BY_OPERATOR)).toMatchObject({ outcome: 'prepared' })
  })

  it('a no is not taken while the refund is on its way', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    const asked = await ledger.askRefund(ASKED, actor())
    await reserve(ledger, AUTO)
    const id = 'request' in asked ? asked.request.id : 0
    expect(await ledger.declineRequest(id, 'terminal', actor())).toBe(false)
  })

  it('hooks are due once their order is paid, until one took it; what it said counts as delivered all the same', async () => {
    const ledger = await open()
    await sell(ledger, 'A', { terms: HOOK })
    expect(await ledger.dueHooks(NOON, 9)).toHaveLength(0)
    await pay(ledger, 'A')
    expect(await ledger.dueHooks(NOON, 9)).toMatchObject([{ sale: { out_trade_no: 'A' }, delivery: undefined }])
    await ledger.reserveDelivery('A', 'watcher', actor())
    await ledger.endHook('A', { confirmed: false, answer: 'HTTP 500', next_at: NOON + 5_000 }, actor())
    expect(await ledger.dueHooks(NOON, 9)).toHaveLength(0)
    expect(await ledger.dueHooks(NOON + 5_000, 9)).toMatchObject([{ delivery: { tries: 1, confirmed: false } }])
    expect(await ledger.undelivered()).toHaveLength(1)
    expect(await ledger.askRefund(ASKED, actor())).toMatchObject({ outcome: 'delivered' })
    await ledger.endHook('A', { confirmed: true, answer: 'taken', next_at: NOON }, actor())
    expect(await ledger.dueHooks(NOON + 99 * MINUTE, 9)).toHaveLength(0)
    expect(await ledger.undelivered()).toHaveLength(0)
  })

  it('hooks of one moment are called in the order in which the orders were made', async () => {
    const ledger = await open()
    for (const number of ['C', 'A', 'B']) await sellPaid(ledger, number, { terms: HOOK })
    const due = await ledger.dueHooks(NOON, 9)
    expect(due.map(({ order }) => order.out_trade_no)).toEqual(['C', 'A', 'B'])
  })

  it('no hook is called again while a refund is on its way, or once all was given back', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: HOOK })
    await ledger.reserveDelivery('A', 'watcher', actor())
    const due = async () => (await ledger.dueHooks(NOON, 9)).length
    /** With a yes: it counts as delivered. */
    const refunded = async (request: RefundRequest, state: 'refused' | 'done') => {
      const { approvalDigest } = await ledger.evaluateRefund(request, UNASKED, actor())
      const yes = { how: 'chat', approvalDigest, nonce: state } as const
      const reserved = await ledger.reserveRefund(request, UNASKED, yes, actor())
      if (reserved.outcome !== 'prepared') throw new Error(reserved.outcome)
      await ledger.markSending(reserved.intent.id, false, actor())
      expect(await due()).toBe(0)
      const end = state === 'done' ? { state } : { state, answer: 'x' }
      await ledger.resolve(reserved.intent.id, end, actor())
    }
    expect(await due()).toBe(1)
    await refunded(WHOLE, 'refused')
    expect(await due()).toBe(1)
    await refunded(WHOLE, 'done')
    expect(await due()).toBe(0)
  })

  it('by hand, the operator takes an order off the list', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    expect(await ledger.undelivered(NOON)).toHaveLength(0)
    expect(await ledger.undelivered(NOON + 10 * MINUTE)).toHaveLength(1)
    expect(await ledger.list({ state: 'undelivered', limit: 9 })).toMatchObject({ count: 1 })
    expect(await ledger.markDelivered('A', actor())).toBe(true)
    expect(await ledger.markDelivered('A', actor())).toBe(false)
    expect(await ledger.list({ state: 'undelivered', limit: 9 })).toMatchObject({ count: 0 })
    expect(await deliver(ledger, 'A')).toMatchObject({ first_time: false })
  })

  it('nothing is handed out while all is frozen', async () => {
    const ledger = await open()
    await sellPaid(ledger, 'A', { terms: TEXT })
    await ledger.freeze(undefined, actor())
    expect(await deliver(ledger, 'A')).toMatchObject(blocked('frozen'))
  })
})
