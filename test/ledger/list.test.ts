// Listing orders: by state, time and text, in pages that stay right while new orders come in, with sums of all.
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import type { Ledger, ListFilter } from '../../src/ledger/ledger.ts'
import { actor, done, NOON, order, PLACES, paidOrder, refund, trade, unknown } from './places.ts'

describe.each(PLACES)('with $name', ({ open }) => {
  const numbers = async (ledger: Ledger, filter: Partial<ListFilter> = {}) =>
    (await ledger.list({ limit: 100, ...filter })).orders.map(({ out_trade_no }) => out_trade_no)

  /** One order in each state, a minute apart. */
  const shop = async () => {
    const ledger = await open()
    const names = ['waiting', 'paid', 'part', 'refunded', 'closed', 'never']
    for (const [i, name] of names.entries()) {
      await ledger.reserveOrder(order(name), {}, actor(NOON + i * 60_000))
    }
    for (const name of ['paid', 'part', 'refunded']) await ledger.recordTrade({ trade: trade(name) }, actor())
    await done(ledger, refund(2_500, { out_trade_no: 'part' }))
    await done(ledger, refund(10_000, { out_trade_no: 'refunded' }))
    await ledger.recordTrade({ trade: trade('closed', 'TRADE_CLOSED') }, actor())
    await ledger.recordTrade({ out_trade_no: 'never', certainlyUnpaid: true }, actor())
    return ledger
  }

  it('tells the state of each order, newest first, and sums of all', async () => {
    const ledger = await shop()
    const page = await ledger.list({ limit: 2 })
    expect(page).toMatchObject({ count: 6, paid_count: 3, paid_fen: 30_000, refunded_fen: 12_500 })
    const states = (await ledger.list({ limit: 6 })).orders.map(({ out_trade_no, state }) => [out_trade_no, state])
    expect(states).toStrictEqual([
      ['never', 'closed'],
      ['closed', 'closed'],
      ['refunded', 'refunded'],
      ['part', 'part_refunded'],
      ['paid', 'paid'],
      ['waiting', 'waiting'],
    ])
    const [first] = page.orders
    expect(first).toStrictEqual({
      ...(await ledger.order({ out_trade_no: 'never' })),
      state: 'closed',
      in_doubt: [],
    })
  })

  it.each([
    ['waiting', ['waiting'], 0],
    ['paid', ['paid'], 10_000],
    ['part_refunded', ['part'], 10_000],
    ['refunded', ['refunded'], 10_000],
    ['closed', ['never', 'closed'], 0],
    ['unknown', ['paid'], 10_000],
  ] as const)('finds the orders that are %s', async (state, found, paid_fen) => {
    const ledger = await shop()
    if (state === 'unknown') await unknown(ledger, refund(1, { out_trade_no: 'paid' }))
    expect(await numbers(ledger, { state })).toStrictEqual(found)
    expect(await ledger.list({ state, limit: 1 })).toMatchObject({ count: found.length, paid_fen })
  })

  it('shows what is not resolved of an order', async () => {
    const ledger = await open()
    await paidOrder(ledger)
    await done(ledger, refund(1))
    const intent = await unknown(ledger, refund(2), NOON + 3_000)
    expect(await ledger.list({ limit: 1 })).toMatchObject({ orders: [{ in_doubt: [intent] }] })
  })

  it('finds orders by the time they were made', async () => {
    const ledger = await shop()
    const filter = { created_from: NOON + 60_000, created_before: NOON + 180_000 }
    expect(await numbers(ledger, filter)).toStrictEqual(['part', 'paid'])
  })

  it('finds a part of the subject or of either number, with signs taken as they are', async () => {
    const ledger = await open()
    const subjects = ['100% cotton', '100 cottons', 'a_b', 'aXb', 'back\\slash', "it's 茶"]
    for (const [i, subject] of subjects.entries()) {
      await ledger.reserveOrder(order(`N${i}`, { subject }), {}, actor())
    }
    await ledger.recordTrade({ trade: trade('N5', 'WAIT_BUYER_PAY', { trade_no: '2026xyz' }) }, actor())
    expect(await numbers(ledger, { text: '100%' })).toStrictEqual(['N0'])
    expect(await numbers(ledger, { text: 'a_b' })).toStrictEqual(['N2'])
    expect(await numbers(ledger, { text: 'k\\s' })).toStrictEqual(['N4'])
    expect(await numbers(ledger, { text: "'s 茶" })).toStrictEqual(['N5'])
    expect(await numbers(ledger, { text: '26xy' })).toStrictEqual(['N5'])
    expect(await numbers(ledger, { text: 'N3' })).toStrictEqual(['N3'])
    expect(await numbers(ledger, { text: 'nothing like it' })).toStrictEqual([])
  })

  it('turns pages while new orders come in, each order once, those of one moment too', async () => {
    const ledger = await open()
    const add = (name: string, at = NOON) => ledger.reserveOrder(order(name), {}, actor(at))
    for (const name of ['A', 'B', 'C', 'D', 'E']) await add(name)
    const first = await ledger.list({ limit: 2 })
    await add('F', NOON + 1)
    const second = await ledger.list({ limit: 2, cursor: first.next })
    const third = await ledger.list({ limit: 2, cursor: second.next })
    const pages = [first, second, third].map(({ orders }) => orders.map(({ out_trade_no }) => out_trade_no))
    expect(pages).toStrictEqual([['E', 'D'], ['C', 'B'], ['A']])
    expect([first.count, second.count, third.next]).toStrictEqual([5, 6, undefined])
  })

  it.each(['', 'nonsense', Buffer.from('1:2; drop').toString('base64url')])(
    'refuses the cursor "%s"',
    async (cursor) => {
      const ledger = await open()
      await expect(ledger.list({ limit: 1, cursor })).rejects.toThrow(InputError)
      expect(await numbers(ledger)).toStrictEqual([])
    },
  )
})
