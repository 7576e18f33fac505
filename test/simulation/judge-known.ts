// Holds what the ledger knows of orders, whoever told it, against Alipay's trades: never more than is so, and never less again.
import type { Order } from '../../src/ledger/ledger.ts'
import { isPaid, isStale, wasPaid } from '../../src/ledger/order.ts'
import { fenOf } from './agent.ts'
import { refundedFen, type Trade } from './alipay.ts'
import { tradeText } from './judge-answers.ts'
import type { Notified } from './page-records.ts'
import { type Findings, isLost, must, type Records, type Violation } from './records.ts'
import type { World } from './world.ts'

/** @param from of the notifications, those that have not been judged yet */
export async function judgeKnown(world: World, from: number): Promise<readonly (Violation | undefined)[]> {
  const { stage, records, terminal, agent, known } = world
  const found: (Violation | undefined)[] = []
  for (const { out_trade_no } of agent.orders) {
    const order = await terminal.order({ out_trade_no })
    if (!order) continue
    found.push(...judgeOrder(order, known.get(out_trade_no), stage.alipay.trade(out_trade_no)))
    known.set(out_trade_no, order)
  }
  for (const notified of records.pages.notified.slice(from)) found.push(...judgeNotified(notified, records))
  return found
}

function* judgeOrder(order: Order, before: Order | undefined, trade: Trade | undefined): Findings {
  const what = ({ trade_status, refunded_fen }: Order) => `${trade_status ?? 'no trade'}, ${refunded_fen} fen refunded`
  const why = () => `the ledger has ${order.out_trade_no} as ${what(order)}; Alipay has ${tradeText(trade)}`
  yield must(!wasPaid(order) || trade?.paid_at !== undefined, 'the ledger has as paid only what is paid', why)
  const most = trade ? refundedFen(trade) : 0
  yield must(order.refunded_fen <= most, 'the ledger has no more as refunded than was', why)
  const isLess = before && (order.refunded_fen < before.refunded_fen || isBack(before, order))
  yield must(!isLess, 'what was heard of an order stays so', () => `${why()}; it was ${before && what(before)}`)
}

function isBack(before: Order, { trade_status }: Order): boolean {
  return before.trade_status !== undefined && (trade_status === undefined || isStale(before, { trade_status }))
}

function* judgeNotified(notified: Notified, records: Records): Findings {
  const { form, isGenuine, fields, answer, before, after, isAlone, ...more } = notified
  const about = () => `${form}, ${fields.get('out_trade_no')} ${fields.get('trade_status')}: ${answer}`
  if (!isGenuine && isAlone) {
    const why = () => `${about()}; ${JSON.stringify(before)} became ${JSON.stringify(after)}`
    yield must(JSON.stringify(before) === JSON.stringify(after), 'a forged notification changes nothing', why)
  }
  yield must(!isAlone || more.isAgreementSame, 'a notification of an agreement changes nothing by itself', about)
  const isTaken = answer === '200 success'
  // What differs, or is about no order of ours, was sent by Alipay all the same.
  if (!isGenuine) yield must(!isTaken || form.startsWith('other_'), SUCCESS, about)
  // Written, and then an older copy took the place of the ledger in which it was.
  if (!isGenuine || !isTaken || !after || isLost(records, more.began)) return
  const isThere = isPaid(statusIn(fields)) ? wasPaid(after) : after.trade_status !== undefined
  const refunded = fields.get('refund_fee')
  const isSum = refunded === undefined || after.refunded_fen >= fenOf(refunded)
  yield must(isThere && isSum, SUCCESS, about)
}

const SUCCESS = 'success is answered for what is written, and for nothing else'

const STATUSES = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'] as const

function statusIn(fields: Notified['fields']) {
  return STATUSES.find((status) => status === fields.get('trade_status'))
}

/** After a watcher has begun anew: of every payment it has heard. */
export async function judgeWatched({
  stage,
  terminal,
  records,
  agent,
}: World): Promise<readonly (Violation | undefined)[]> {
  const found: (Violation | undefined)[] = []
  for (const { out_trade_no, paid_at } of stage.alipay.trades()) {
    const order = await terminal.order({ out_trade_no })
    const isElsewhere = agent.orders.some((one) => one.isElsewhere && one.out_trade_no === out_trade_no)
    if (paid_at === undefined || !order?.created_here || isElsewhere) continue
    const why = () => `${out_trade_no} is paid, and ${records.sent.length} requests later the ledger does not know it`
    found.push(must(wasPaid(order), 'a watcher that begins hears of every payment', why))
  }
  return found
}
