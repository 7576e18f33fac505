// One damaged entry: it is named, what it could have counted for is not forgotten, and everything else goes on.
import { describe, expect, it, onTestFinished } from 'vitest'
import { DamagedEntry } from '../../../src/errors.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { Database } from '../../../src/ledger/sqlite/database.ts'
import { ENGINES, engine, IN_MEMORY, type Opener } from '../../../src/ledger/sqlite/engines.ts'
import { makeTables } from '../../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../../src/ledger/sqlite/sqlite-ledger.ts'
import { actor, DAY, done, NOON, order, paidOrder, refund, SHOP, UNASKED, unknown } from '../places.ts'

const HERE = (await Promise.all(ENGINES.map(async (name) => ({ name, open: await engine(name, 'memory') })))).filter(
  (one): one is { name: (typeof one)['name']; open: Opener } => one.open !== undefined,
)

const NO_TEXT = `cast(x'41c328' as text)`
const BEYOND = '9007199254740993'

/** Two paid orders; of each 10 yuan were refunded. */
async function shop(open: Opener): Promise<{ db: Database; ledger: Ledger; reopened(): Ledger }> {
  const db = new Database(open(IN_MEMORY))
  onTestFinished(() => db.close())
  makeTables(db)
  const reopened = () => sqliteLedger(db, SHOP, undefined)
  const ledger = reopened()
  for (const out_trade_no of ['A', 'B']) {
    await paidOrder(ledger, out_trade_no)
    await done(ledger, refund(1_000, { out_trade_no }))
  }
  return { db, ledger, reopened }
}

const ofA = `out_trade_no = 'A'`
const ofItsIntent = `intent = (select id from intents where ${ofA})`

const problemOf = (failing: Promise<unknown>) =>
  failing.then(
    () => 'none',
    (error) => (error instanceof DamagedEntry ? error.entry : Promise.reject(error)),
  )

const ORDER_DAMAGE = [
  ...['trade_no', 'subject', 'body', 'channel', 'pay_url', 'qr_content', 'time_expire', 'trade_status'],
  ...['send_pay_date', 'replaces', 'replaced_by', 'day', 'host'],
].map((column) => [column, NO_TEXT])
const ORDER_SUMS = ['total_fen', 'refunded_fen'].flatMap((column) => [
  [column, '-1'],
  [column, BEYOND],
])
const ORDER_REST = [
  ['trade_status', `'PAID'`],
  ['channel', `'letter'`],
  ['time_expire', `'soon'`],
  ['time_expire', `'2026-02-31 25:00:00'`],
  ['day', `'2026-3-2'`],
  ['can_never_be_paid', '7'],
  ['created_here', '-1'],
  ['created_at', '-1'],
  ['checked_at', BEYOND],
  ['refund_quiet_from', '-9007199254740993'],
]

describe.each(HERE)('with $name', ({ open }) => {
  it.each([...ORDER_DAMAGE, ...ORDER_SUMS, ...ORDER_REST])(
    'an order whose %s is %s is named, and all else goes on',
    async (column, value) => {
      const { db, ledger } = await shop(open)
      db.script(`update orders set ${column} = ${value} where ${ofA}`)
      const named = `order "A" (${column})`
      const again = refund(2_000)
      expect(await problemOf(ledger.order({ out_trade_no: 'A' }))).toBe(named)
      expect(await problemOf(ledger.reserveRefund(again, UNASKED, undefined, actor()))).toBe(named)
      expect(await ledger.order({ out_trade_no: 'B' })).toMatchObject({ refunded_fen: 1_000 })
      const { orders, damaged, count } = await ledger.list({ limit: 10 })
      expect({ orders: orders.map(({ out_trade_no }) => out_trade_no), damaged, count }).toStrictEqual({
        orders: ['B'],
        damaged: [named],
        count: 2,
      })
      expect(await ledger.damage()).toStrictEqual([named])
      await done(ledger, refund(3_000, { out_trade_no: 'B' }), NOON + 10_000)
      await paidOrder(ledger, 'C')
      await ledger.events({})
      await ledger.days()
      await ledger.prune(NOON + 1, actor(NOON + 90 * DAY))
      expect(await ledger.damage()).toStrictEqual([named])
    },
  )

  it.each([
    ['attempts', 'state', NO_TEXT],
    ['attempts', 'state', `'finished'`],
    ['attempts', 'day', NO_TEXT],
    ['attempts', 'owner', NO_TEXT],
    ['attempts', 'answer', NO_TEXT],
    ['attempts', 'reason', NO_TEXT],
    ['attempts', 'trace_id', NO_TEXT],
    ['attempts', 'gmt_refund_pay', NO_TEXT],
    ['attempts', 'approved_by', NO_TEXT],
    ['attempts', 'moved', `'later'`],
    ['attempts', 'lease_until', '-1'],
    ['attempts', 'created_at', BEYOND],
    ['intents', 'kind', NO_TEXT],
    ['intents', 'number', NO_TEXT],
    ['intents', 'portion', `'half'`],
    ['intents', 'amount_fen', '-1000'],
    ['intents', 'amount_fen', BEYOND],
  ])('an operation whose %s.%s is %s stops the refunds of its order only', async (table, column, value) => {
    const { db, ledger } = await shop(open)
    db.script(`update ${table} set ${column} = ${value} where ${table === 'intents' ? ofA : ofItsIntent}`)
    const named = `an operation on order "A" (${column})`
    expect(await problemOf(ledger.intents('A'))).toBe(named)
    expect(await problemOf(ledger.evaluateRefund(refund(1_000), UNASKED, actor()))).toBe(named)
    expect(await problemOf(ledger.reserveRefund(refund(2_000), UNASKED, undefined, actor()))).toBe(named)
    expect(await ledger.inDoubt()).toStrictEqual([])
    expect(await ledger.order({ out_trade_no: 'B' })).toMatchObject({ refunded_fen: 1_000 })
    expect(await ledger.damage()).toStrictEqual([named])
    await done(ledger, refund(3_000, { out_trade_no: 'B' }), NOON + 10_000)
    expect(await ledger.forget('A', actor())).toBe(true)
  })

  it('limits of a day count what is damaged, or nothing more is let through', async () => {
    const limits = { daily_payments_fen: 20_000, daily_refunds_fen: 2_000 }
    for (const [table, column, value, stops] of [
      ['orders', 'day', NO_TEXT, false],
      ['orders', 'day', `'2026-13'`, false],
      ['orders', 'total_fen', '-1000000', true],
      ['orders', 'created_here', '7', true],
      ['orders', 'can_never_be_paid', '7', true],
      ['intents', 'amount_fen', '-1000000', true],
      ['intents', 'kind', NO_TEXT, false],
      ['attempts', 'day', NO_TEXT, false],
      ['attempts', 'state', NO_TEXT, false],
      ['attempts', 'state', `'gone'`, false],
    ] as const) {
      const { db, ledger } = await shop(open)
      db.script(`update ${table} set ${column} = ${value} where ${table === 'attempts' ? ofItsIntent : ofA}`)
      const one = table === 'orders'
      const asked = one
        ? ledger.reserveOrder(order('C', { total_amount: '0.01' }), limits, actor())
        : ledger.reserveRefund(refund(1, { out_trade_no: 'B' }), { ...UNASKED, ...limits }, undefined, actor())
      if (stops) expect(await problemOf(asked)).toContain(`order "A" (${one ? 'total_fen' : 'amount_fen'})`)
      else expect(await asked).toMatchObject({ outcome: 'blocked', block: { used_fen: one ? 20_000 : 2_000 } })
    }
  })

  it('what nobody was asked about counts, whatever its approval has become', async () => {
    const { db, ledger } = await shop(open)
    db.script(`update attempts set approved_by = ${NO_TEXT} where ${ofItsIntent}`)
    const rules = { asks: 'always', approve_above_fen: 2_500 } as const
    const asked = await ledger.evaluateRefund(refund(600, { out_trade_no: 'B' }), rules, actor())
    expect(asked).toMatchObject({ asks: true })
  })

  it('sums leave out amounts that cannot be, and say how many', async () => {
    const { db, ledger } = await shop(open)
    db.script(`update orders set total_fen = -1 where ${ofA}`)
    const page = await ledger.list({ limit: 1, state: undefined })
    expect(page).toMatchObject({ count: 2, paid_fen: 10_000, refunded_fen: 1_000, not_summed: 1 })
    expect(await ledger.days()).toMatchObject([{ orders: 1, created_fen: 10_000 }])
  })

  it('a number that is damaged is told with its row, and hides no page', async () => {
    const { db, ledger } = await shop(open)
    db.script(`update orders set out_trade_no = ${NO_TEXT} where ${ofA}`)
    const first = await ledger.list({ limit: 1 })
    const second = await ledger.list({ limit: 1, cursor: first.next })
    expect([...first.orders, ...second.orders].map(({ out_trade_no }) => out_trade_no)).toStrictEqual(['B'])
    expect([...first.damaged, ...second.damaged]).toStrictEqual(['order "A\ufffd(" (out_trade_no)'])
    expect(await ledger.replacements('B')).toStrictEqual([])
    const similar = await ledger.reserveOrder(order('C'), {}, actor())
    expect(similar).toMatchObject({ outcome: 'made' })
  })

  it('a partition that cannot be read begins no new one, in which all limits would be free again', async () => {
    const { db, reopened } = await shop(open)
    db.script(`update partitions set merchant = ${NO_TEXT}`)
    expect(reopened).toThrow('ledger.db is damaged in one entry: partition in row 1 (merchant).')
  })

  it('a freeze stays one, whatever was written beside it', async () => {
    const { db, ledger } = await shop(open)
    await ledger.freeze('a theft', actor())
    db.script(`update freeze set why = ${NO_TEXT}, at = -1`)
    expect(await ledger.frozen()).toStrictEqual({ at: 0, why: undefined })
    expect(await ledger.reserveOrder(order('C'), {}, actor())).toMatchObject({ outcome: 'blocked' })
  })

  it('a question that is damaged is no yes, and is asked again; events and others stay readable', async () => {
    const { db, ledger } = await shop(open)
    const ask = (out_trade_no: string) => ({ approvalDigest: out_trade_no, out_trade_no, amount_fen: 1, question: '?' })
    const first = await ledger.requestApproval(ask('A'), actor())
    await ledger.requestApproval(ask('B'), actor())
    await ledger.decide(first.id, true, 'page', actor())
    db.script(`update approvals set question = ${NO_TEXT} where ${ofA}`)
    db.script(`update events set what = ${NO_TEXT} where ${ofA}`)
    expect(await ledger.requestApproval(ask('A'), actor())).toMatchObject({ state: 'asked', id: 3 })
    expect(await ledger.openApprovals(NOON)).toMatchObject([{ id: 2 }, { id: 3 }])
    expect(await ledger.approvals({})).toHaveLength(2)
    expect((await ledger.events({})).length).toBeGreaterThan(0)
    expect(await ledger.damage()).toStrictEqual([
      'a question about order "A" (question)',
      'an event of order "A" (what)',
    ])
  })

  it('what is in doubt elsewhere is still resolved', async () => {
    const { db, ledger } = await shop(open)
    for (const out_trade_no of ['A', 'B']) await unknown(ledger, refund(500, { out_trade_no }), NOON + 10_000)
    db.script(`update attempts set answer = ${NO_TEXT} where ${ofItsIntent.replace('= (', 'in (')}`)
    expect(await ledger.inDoubt()).toMatchObject([{ out_trade_no: 'B' }])
    expect(await ledger.list({ limit: 10 })).toMatchObject({ orders: [{ out_trade_no: 'B', unfinished: true }] })
  })
})
