// Charges of subscriptions: at most one of a period that can take effect, none after a wish to end it, and what was announced.
import { fromBeijingTime } from '../../clock.ts'
import type {
  Actor,
  Charge,
  ChargeBlock,
  ChargeRequest,
  Intent,
  Order,
  ReservedCharge,
  Subscription,
} from '../ledger.ts'
import { isOpenIntent, wasPaid } from '../order.ts'
import { isSamePeriod, MOST_ATTEMPTS, nextAttempt } from '../periods.ts'
import { isPostponing } from '../subscriptions.ts'
import type { SqlValue } from './engines.ts'
import { intentsWhere, prepare } from './intents.ts'
import { findOrder, insertOrder, ordersWhere, updateOrder } from './orders.ts'
import { dayOf, frozenBlock, note, type Partition } from './partition.ts'
import { damagedEntry, day, fen, maybeMoment, oneOf, type Row, readEntry, text, whole, yesNo } from './rows.ts'
import { columnsOf } from './schema.ts'
import { subscription } from './subscription-rows.ts'

/** Past the expiry of its trade, Alipay is asked twice whether there is one. */
const PAST_MS = 10 * 60_000
const BETWEEN_LOOKS_MS = 60_000

const SELECT = `select ${columnsOf('charges')} from charges where partition = ?`

export function charges(partition: Partition, external_agreement_no: string): readonly Charge[] {
  return select(partition, 'external_agreement_no = ?', external_agreement_no)
}

export const chargeByNumber = (partition: Partition, out_trade_no: string): Charge | undefined =>
  select(partition, 'out_trade_no = ?', out_trade_no)[0]

/** Of all of them at once: a list looks at every charge of every subscription. */
function select(partition: Partition, where: string, ...values: SqlValue[]): readonly Charge[] {
  const { db, id } = partition
  const rows = db.all(`${SELECT} and ${where} order by planned_day, attempt`, id, ...values)
  if (rows.length === 0) return []
  const those = `out_trade_no in (select out_trade_no from charges where partition = ${id} and ${where})`
  const orders = new Map(ordersWhere(partition, those, ...values).map((order) => [order.out_trade_no, order]))
  const intents = intentsWhere(partition, `kind = 'charge' and ${those}`, ...values)
  const intentOf = new Map(intents.map((intent) => [intent.out_trade_no, intent]))
  return rows.map((row) => {
    const charge = readCharge(row)
    return chargeOf(row, charge, orders.get(charge.out_trade_no), intentOf.get(charge.out_trade_no))
  })
}

/** @throws DamagedEntry */
function chargeOf(row: Row, charge: ReturnType<typeof readCharge>, order?: Order, intent?: Intent): Charge {
  return readEntry('the charge of order', row, () => {
    if (!intent || order?.time_expire === undefined) throw damagedEntry('the charge of order', row, 'out_trade_no')
    const closed = order.trade_status === 'TRADE_CLOSED' && order.can_never_be_paid
    return { ...charge, time_expire: order.time_expire, is_over: charge.is_over || closed, intent }
  })
}

/** As its own row stands. @throws DamagedEntry */
export function readCharge(row: Row): Omit<Charge, 'intent' | 'time_expire'> {
  return readEntry('the charge of order', row, () => ({
    external_agreement_no: text(row, 'external_agreement_no'),
    planned_day: day(row, 'planned_day'),
    attempt: whole(row, 'attempt'),
    out_trade_no: text(row, 'out_trade_no'),
    amount_fen: fen(row, 'amount_fen'),
    notice: oneOf(row, 'notice', ['hook', 'own', 'none']),
    announced_at: maybeMoment(row, 'announced_at'),
    is_over: yesNo(row, 'is_over'),
  }))
}

/** A byte may have left, and nobody has said how it ended; or Alipay said no, and its number can still be paid. */
export function chargesOnTheWay(partition: Partition, external_agreement_no: string, { at }: Actor): readonly Charge[] {
  const isOnTheWay = (charge: Charge) => isOpenIntent(charge.intent) && charge.intent.state !== 'prepared'
  return charges(partition, external_agreement_no).filter((one) => isOnTheWay(one) || isPayable(one, at))
}

const wasSent = ({ intent }: Charge) => intent.last_sent_at !== undefined
/** Nobody has proven that its number can be paid no more. */
const isNotOver = (charge: Charge) => wasSent(charge) && charge.intent.state !== 'done' && !charge.is_over
const isPayable = (charge: Charge, at: number) =>
  isNotOver(charge) && at < fromBeijingTime(charge.time_expire) + PAST_MS

export function reserveCharge(
  partition: Partition,
  request: ChargeRequest,
  rules: { daily_charges_fen?: number | undefined },
  actor: Actor,
): ReservedCharge {
  const found = subscription(partition, request)
  const block = chargeBlock(partition, found, request, rules, actor)
  if (block) return { outcome: 'blocked', block }
  const { external_agreement_no, planned_day, out_trade_no, amount_fen, notice, announced_at } = request
  const others = charges(partition, external_agreement_no)
  // One that never left: its number is used again.
  const before = others.find((charge) => charge.out_trade_no === out_trade_no)
  writeOrder(partition, request, actor)
  const columns = { amount_fen, notice, announced_at: announced_at ?? null, absent_at: null, is_over: 0 }
  const key = { partition: partition.id, out_trade_no }
  if (before) partition.db.update('charges', key, columns)
  else {
    const attempt = nextAttempt(others, planned_day)
    partition.db.insert('charges', { ...key, external_agreement_no, planned_day, attempt, ...columns })
  }
  const asked = { kind: 'charge', out_trade_no, trade_no: undefined, number: out_trade_no, portion: undefined } as const
  prepare(partition, { ...asked, amount_fen, reason: undefined, approved_by: 'unasked' }, before?.intent, actor)
  const charge = chargeByNumber(partition, out_trade_no)
  if (!charge) throw new Error('a charge that was just written is not there')
  return { outcome: 'prepared', charge }
}

/**
 * Known is one that never left, and one of which a ledger that was put back has heard from Alipay. It counts on the day on
 * which it is made now.
 */
function writeOrder(partition: Partition, request: ChargeRequest, { at, host }: Actor): void {
  const { out_trade_no, subject, time_expire, amount_fen } = request
  const known = findOrder(partition, { out_trade_no })
  const made = { subject, time_expire, total_fen: amount_fen, created_here: 1, day: dayOf(at) }
  if (known) updateOrder(partition, known, made)
  else insertOrder(partition, { out_trade_no, ...made, created_at: at, host })
}

function chargeBlock(
  partition: Partition,
  found: Subscription | undefined,
  request: ChargeRequest,
  rules: { daily_charges_fen?: number | undefined },
  actor: Actor,
): ChargeBlock | undefined {
  const stopped = frozenBlock(partition)
  if (stopped?.why === 'frozen') return stopped
  if (!found || found.signed_at === undefined || !isInForce(found)) return { why: 'not_live' }
  if (found.cancel) return { why: 'cancelled', at: found.cancel.at }
  if (isPostponing(found, actor.at)) return { why: 'postponing' }
  if (found.planned_day !== request.planned_day) return { why: 'other_day', planned_day: found.planned_day }
  const { ceiling_fen, payments } = found.terms
  if (request.amount_fen > ceiling_fen) return { why: 'ceiling', ceiling_fen }
  const all = charges(partition, request.external_agreement_no)
  const done = all.filter(({ intent }) => intent.state === 'done')
  if (payments !== undefined && done.length >= payments) return { why: 'payments', most: payments }
  const before = findOrder(partition, { out_trade_no: request.out_trade_no })
  const known = all.find(({ out_trade_no }) => out_trade_no === request.out_trade_no)
  if (before && !known && wasPaid(before)) return { why: 'paid_before', out_trade_no: before.out_trade_no }
  const block = attemptBlock(all, found, request, actor.at)
  if (block) return block
  if (known && wasSent(known)) return { why: 'just_tried' }
  return dailyBlock(partition, request.amount_fen, rules.daily_charges_fen, actor.at)
}

const isInForce = ({ ended_at, paused_at }: Subscription) => ended_at === undefined && paused_at === undefined

/** What nobody knows of an earlier period may be of this one, which may only have been put off. What never left is no attempt. */
function attemptBlock(
  all: readonly Charge[],
  found: Subscription,
  { planned_day }: ChargeRequest,
  at: number,
): ChargeBlock | undefined {
  const inDoubt = all.find(({ intent }) => isOpenIntent(intent))
  if (inDoubt) return { why: 'in_doubt', charge: inDoubt }
  const done = all.find(
    ({ intent, planned_day: day }) => intent.state === 'done' && isSamePeriod(found, planned_day, day),
  )
  if (done) return { why: 'charged', charge: done }
  const before = all.filter((charge) => charge.planned_day === planned_day && wasSent(charge))
  // It may have been made all the same: only Alipay's own no, signed, is one.
  const unproven = before.find(({ intent }) => intent.state !== 'refused' || intent.uncertain_since !== undefined)
  if (unproven) return { why: 'unproven', charge: unproven }
  // Of this period only a proof counts; of others, whose day somebody may have moved elsewhere, that it has expired.
  const payable = all.find((one) =>
    isSamePeriod(found, planned_day, one.planned_day) ? isNotOver(one) : isPayable(one, at),
  )
  if (payable) return { why: 'still_payable', charge: payable }
  return before.length >= MOST_ATTEMPTS ? { why: 'attempts', most: MOST_ATTEMPTS } : undefined
}

/** Looked at before each send, too. */
export function chargeStopped(partition: Partition, out_trade_no: string): ChargeBlock | undefined {
  const charge = chargeByNumber(partition, out_trade_no)
  const found = charge && subscription(partition, charge)
  if (!found || !isInForce(found)) return { why: 'not_live' }
  return found.cancel && { why: 'cancelled', at: found.cancel.at }
}

function dailyBlock(
  { db, id }: Partition,
  asked_fen: number,
  limit_fen: number | undefined,
  at: number,
): ChargeBlock | undefined {
  if (limit_fen === undefined) return undefined
  // What ended before it was sent moves nothing.
  const sql = `select total(charges.amount_fen) as used from charges join orders on orders.partition = charges.partition
    and orders.out_trade_no = charges.out_trade_no where charges.partition = ? and orders.day = ? and can_never_be_paid = 0
    and is_over = 0 and exists (select 1 from intents join attempts on intent = id where intents.partition = charges.partition
    and intents.out_trade_no = charges.out_trade_no and kind = 'charge' and (state <> 'not_executed' or last_sent_at is not null))`
  const used_fen = whole(db.get(sql, id, dayOf(at)) ?? {}, 'used')
  return used_fen + asked_fen <= limit_fen ? undefined : { why: 'daily_charges', limit_fen, used_fen }
}

export function noteChargeAbsent(
  partition: Partition,
  out_trade_no: string,
  closed: boolean,
  askedAt: number,
  actor: Actor,
): void {
  const { db, id } = partition
  const row = db.get(`${SELECT} and out_trade_no = ?`, id, out_trade_no)
  const expire = findOrder(partition, { out_trade_no })?.time_expire
  if (!row || expire === undefined || yesNo(row, 'is_over')) return
  const past = fromBeijingTime(expire) + PAST_MS
  const first = maybeMoment(row, 'absent_at')
  const isOver = closed || (first !== undefined && first >= past && askedAt >= first + BETWEEN_LOOKS_MS)
  if (isOver) note(partition, actor, 'charge can never be paid', out_trade_no)
  const absent_at = askedAt >= past && first === undefined ? askedAt : first
  db.update('charges', { partition: id, out_trade_no }, { absent_at: absent_at ?? null, is_over: isOver ? 1 : 0 })
}
