// Everything that the ledger knows, or what it knows of some days, states or one order, as plain rows: yuan text, Beijing time.
import { beijingTime, fromBeijingTime } from '../../clock.ts'
import { DamagedEntry } from '../../errors.ts'
import type { DaySums, Intent, Ledger, ListedPage, ListFilter } from '../../ledger/ledger.ts'
import { toFen, toYuan } from '../../money.ts'
import { whyLate } from '../../shop/delivery-hooks.ts'
import { approvalRow, closingEvents, eventRows, type ListedOrder, orderRow, type Row, refundRow } from './rows.ts'

export interface LedgerRecord {
  frozen: { at: string; why?: string | undefined } | undefined
  orders: readonly Row[]
  refunds: readonly Row[]
  /** Requests for a yes and what became of them, freezes and their ends. All rows of all kinds: newest first. */
  decisions: readonly Row[]
  /** None where one order or one state was asked for. */
  days: readonly Row[]
  /** Of the orders above. */
  totals: Row
  /** How many the same file holds for other apps, merchants or gateways; absent where days or a state were chosen from. */
  orders_elsewhere?: number | undefined
}

export interface Wanted {
  /** Milliseconds since the epoch. */
  since?: number | undefined
  /** The first moment that is too late. */
  before?: number | undefined
  /** `unknown`: with a step in doubt. */
  state?: ListFilter['state']
  /** Either number. */
  order?: string | undefined
}

const PAGE = 1_000

export async function readRecord(ledger: Ledger, wanted: Wanted, now: number): Promise<LedgerRecord> {
  const { since = 0, before = Number.POSITIVE_INFINITY, order, state } = wanted
  const isIn = (moment: number) => moment >= since && moment < before
  const orders: Row[] = []
  const refunds: Row[] = []
  let unknown_fen = 0
  const closings = closingEvents(await ledger.events({}))
  const undelivered = new Map((await ledger.undelivered()).map((one) => [one.order.out_trade_no, whyLate(one)]))
  for await (const listed of ordersOf(ledger, order, state)) {
    const intents = (await readableIntents(ledger, listed)).filter(({ kind }) => kind === 'refund')
    if (isIn(listed.created_at)) {
      const { out_trade_no } = listed
      const row = orderRow(listed, now, listed.state === 'closed' ? closings.get(out_trade_no) : undefined)
      const sold = order === undefined ? {} : await saleFields(ledger, out_trade_no)
      orders.push({ ...row, undelivered: undelivered.get(out_trade_no), ...sold })
      unknown_fen += sumOfUnknown(intents)
    }
    // Of an old order, too: a refund is found on the day on which it was made.
    refunds.push(...intents.filter((intent) => isIn(lastMoved(intent))).map(refundRow))
  }
  const out_trade_no = order === undefined ? undefined : (numberOf(orders) ?? numberOf(refunds) ?? order)
  const approvals = (await ledger.approvals({ since, out_trade_no })).filter(({ asked_at }) => isIn(asked_at))
  const events = (await ledger.events({ since, out_trade_no })).filter(({ at }) => isIn(at))
  const decisions = [...approvals.map((approval) => approvalRow(approval, now)), ...eventRows(events)]
  const frozen = await ledger.frozen()
  const isWhole = order === undefined && state === undefined
  const days = isWhole ? (await ledger.days(since)).filter(({ day }) => isIn(fromBeijingTime(`${day} 00:00:00`))) : []
  return {
    frozen: frozen && { at: beijingTime(frozen.at), why: frozen.why },
    orders,
    refunds: newestFirst(refunds, 'created_at'),
    decisions: newestFirst(state === undefined ? decisions : decisions.filter(isAbout(orders)), 'at'),
    days: days.map(dayRow),
    totals: totalsOf(orders, unknown_fen),
    ...((isWhole || orders.length === 0) && { orders_elsewhere: await ledger.ordersElsewhere() }),
  }
}

/** What was sold with it, where it was an item, and when it was handed out. */
async function saleFields(ledger: Ledger, out_trade_no: string): Promise<Row> {
  const sale = await ledger.sale(out_trade_no)
  if (!sale) return {}
  const delivery = await ledger.delivery(out_trade_no)
  const delivered_at = delivery && beijingTime(delivery.given_at)
  return { item: sale.item, quantity: String(sale.quantity), delivered_at }
}

export const newestFirst = (rows: readonly Row[], key: string) =>
  [...rows].sort((a, b) => String(b[key]).localeCompare(String(a[key])))

const isAbout = (orders: readonly Row[]) => {
  const numbers = new Set(orders.map(({ out_trade_no }) => out_trade_no))
  return ({ out_trade_no }: Row) => numbers.has(out_trade_no)
}

const PAID = ['paid', 'part_refunded', 'refunded']

/** Orders for which Alipay has another amount than the one asked are counted, and in no sum. */
function totalsOf(orders: readonly Row[], unknown_fen: number): Row {
  const paid = orders.filter(({ state }) => PAID.includes(String(state)))
  const [paid_fen, refunded_fen] = [sum(paid, 'total_amount'), sum(paid, 'refunded_amount')]
  return {
    orders: String(orders.length),
    paid_amount: toYuan(paid_fen),
    refunded_amount: toYuan(refunded_fen),
    net_amount: signedYuan(paid_fen - refunded_fen),
    unknown_amount: toYuan(unknown_fen),
    alarms: String(orders.filter(({ state }) => state === 'alarm').length),
  }
}

/** Refunds that may have moved money, or may yet, as the sums of days count them. */
const sumOfUnknown = (refunds: readonly Intent[]) =>
  refunds
    .filter(({ state }) => state === 'sent' || state === 'unknown')
    .reduce((all, { amount_fen }) => all + amount_fen, 0)

const sum = (rows: readonly Row[], key: string) => rows.reduce((all, row) => all + toFen(String(row[key])), 0)

/** More may go back on a day than comes in. */
const signedYuan = (fen: number) => (fen < 0 ? `-${toYuan(-fen)}` : toYuan(fen))

/** None of an order with a damaged one: which it is the command says. */
async function readableIntents(ledger: Ledger, { out_trade_no }: ListedOrder): Promise<readonly Intent[]> {
  return ledger.intents(out_trade_no).catch((error) => {
    if (error instanceof DamagedEntry) return []
    throw error
  })
}

const numberOf = (rows: readonly Row[]) => rows.map((row) => row.out_trade_no).find((no) => typeof no === 'string')

/** All of them, page by page; of one order only that. */
async function* ordersOf(
  ledger: Ledger,
  order: string | undefined,
  state: Wanted['state'],
): AsyncGenerator<ListedOrder> {
  let cursor: string | undefined
  do {
    const page: ListedPage = await ledger.list({ text: order, state, cursor, limit: PAGE })
    yield* page.orders.filter(
      ({ out_trade_no, trade_no }) => order === undefined || out_trade_no === order || trade_no === order,
    )
    cursor = page.next
  } while (cursor !== undefined)
}

const lastMoved = ({ created_at, last_sent_at = 0, ended_at = 0 }: Intent) =>
  Math.max(created_at, last_sent_at, ended_at)

function dayRow(day: DaySums): Row {
  return {
    day: day.day,
    orders: String(day.orders),
    created_amount: toYuan(day.created_fen),
    paid_amount: toYuan(day.paid_fen),
    alarm_amount: toYuan(day.alarm_fen),
    refunds: String(day.refunds),
    refunded_amount: toYuan(day.refunded_fen),
    net_amount: signedYuan(day.paid_fen - day.refunded_fen),
    unknown_amount: toYuan(day.unknown_fen),
  }
}
