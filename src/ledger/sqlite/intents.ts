// Intents as rows, each with a row for every attempt: what they say together, who holds one, and the writing of both.

import type { Actor, Intent, IntentKind, IntentState } from '../ledger.ts'
import { isOpenIntent, OPEN_STATES } from '../order.ts'
import { type Columns, quoted } from './database.ts'
import type { SqlValue } from './engines.ts'
import { dayOf, note, type Partition } from './partition.ts'
import type { Row } from './rows.ts'
import { day, fen, maybeMoment, maybeOneOf, maybeText, moment, oneOf, readAll, readEntry, text, whole } from './rows.ts'
import { columnsOf } from './schema.ts'

const KINDS: readonly IntentKind[] = ['create', 'refund', 'close', 'charge']
const STATES: readonly IntentState[] = ['prepared', 'sent', 'unknown', 'done', 'refused', 'not_executed']

// Longer than a call may take from its decision to its last read.
export const LEASE_MS = 70_000

/** The `lease_until` of what nobody holds, by the clock of any process. */
export const FREE = 0

/** Each intent with its latest attempt, which alone tells how it is now. */
export const LATEST = `intents join attempts on attempts.intent = intents.id and attempts.attempt =
  (select max(attempt) from attempts as others where others.intent = intents.id)`

type Asked = Pick<Intent, 'kind' | 'out_trade_no' | 'trade_no' | 'number' | 'portion' | 'amount_fen'>

/** What is asked for, and what a new attempt at it starts with. */
export type NewAttempt = Asked & Pick<Intent, 'reason' | 'approved_by'>

/** By anybody, its own server included: something may be on its way right now. */
export function isHeld(intent: Intent, at: number): boolean {
  return isOpenIntent(intent) && intent.lease_until > at
}

export function intentById(partition: Partition, id: number): Intent | undefined {
  return intentsWhere(partition, 'id = ?', id)[0]
}

export function intentsOf(partition: Partition, out_trade_no: string): readonly Intent[] {
  return intentsWhere(partition, 'out_trade_no = ?', out_trade_no)
}

export function refundsOf(partition: Partition, out_trade_no: string): readonly Intent[] {
  return intentsOf(partition, out_trade_no).filter(({ kind }) => kind === 'refund')
}

const MAYBE_OPEN = `id in (select intent from attempts where state in (${quoted(OPEN_STATES)}))`

export function intentsInDoubt(partition: Partition, out_trade_no?: string): readonly Intent[] {
  if (out_trade_no !== undefined) return intentsOf(partition, out_trade_no).filter(isOpenIntent)
  // One that is damaged stops its own order, and nobody can resolve it; the others go on.
  return readAll(attemptsOf(partition, MAYBE_OPEN), intentOf).entries.filter(isOpenIntent)
}

export function intentsWhere(partition: Partition, where: string, ...values: SqlValue[]): readonly Intent[] {
  return attemptsOf(partition, where, ...values).map(intentOf)
}

const COLUMNS = `${columnsOf('intents')}, ${columnsOf('attempts')}`

/** Of each intent the rows of its attempts, oldest first. */
function attemptsOf({ db, id }: Partition, where: string, ...values: SqlValue[]): readonly (readonly Row[])[] {
  const sql = `select ${COLUMNS} from intents join attempts on intent = id
    where partition = ? and ${where} order by id, attempt`
  const intents = new Map<unknown, Row[]>()
  for (const row of db.all(sql, id, ...values)) {
    const attempts = intents.get(row.id)
    if (attempts) attempts.push(row)
    else intents.set(row.id, [row])
  }
  return [...intents.values()]
}

/** Writes into the latest attempt. */
export function update(partition: Partition, { id, attempt }: Intent, columns: Columns): Intent {
  partition.db.update('attempts', { intent: id, attempt }, columns)
  return theIntent(partition, id)
}

/** Writes an attempt, prepared and held. */
export function prepare(partition: Partition, asked: NewAttempt, earlier: Intent | undefined, actor: Actor): Intent {
  note(partition, actor, `${asked.kind} prepared`, asked.out_trade_no)
  const held = { state: 'prepared', lease_until: actor.at + LEASE_MS, ...createdBy(actor) }
  return insertAttempt(partition, asked, earlier, held)
}

/** The first of its number, or one more: nothing is written into those before. */
export function insertAttempt(
  partition: Partition,
  { reason, approved_by, ...asked }: NewAttempt,
  earlier: Intent | undefined,
  columns: Columns,
): Intent {
  const intent = earlier?.id ?? insertIntent(partition, asked)
  if (earlier) nameTrade(partition, earlier, asked.trade_no)
  const attempt = (earlier?.attempt ?? 0) + 1
  partition.db.insert('attempts', { intent, attempt, reason, approved_by, ...columns })
  return theIntent(partition, intent)
}

function insertIntent({ db, id }: Partition, { portion, ...asked }: Asked): number {
  const { kind, ordinal } = portion ?? {}
  return db.insert('intents', { partition: id, ...asked, portion: kind, ordinal })
}

/** Alipay's number of an order may come to be known after the intent. */
export function nameTrade({ db }: Partition, { id, trade_no: before }: Intent, trade_no: string | undefined): void {
  if (trade_no !== undefined && trade_no !== before) db.update('intents', { id }, { trade_no })
}

export function createdBy({ at, owner, host }: Actor): Columns {
  return { owner, created_at: at, day: dayOf(at), host }
}

function theIntent(partition: Partition, id: number): Intent {
  const intent = intentById(partition, id)
  if (!intent) throw new Error('an intent that was just written is not there')
  return intent
}

/** One attempt, as its row has it. */
type Attempt = Omit<Intent, keyof Asked | 'id' | 'in_doubt_since' | 'uncertain_since'> & {
  /** When it first ended without a known outcome; it stays where the outcome came to be known. */
  unknown_since: number | undefined
}

/**
 * @param rows its attempts, oldest first
 * @throws DamagedEntry
 */
function intentOf(rows: readonly Row[]): Intent {
  return readEntry('an operation on order', rows.at(-1) ?? {}, () => readIntent(rows))
}

function readIntent(rows: readonly Row[]): Intent {
  const attempts = rows.map(attemptOf)
  const [row, latest] = [rows.at(-1), attempts.at(-1)]
  if (!row || !latest) throw new Error('there is no intent without an attempt')
  const { unknown_since, ...now } = latest
  const lastSent = attempts.findLastIndex(wasSent)
  const sinceLastSent = attempts.slice(Math.max(0, lastSent))
  const asked = askedOf(row)
  // A charge that never left is no attempt at it.
  const isOne = (attempt: Attempt) => asked.kind !== 'charge' || attempt.state !== 'not_executed' || wasSent(attempt)
  const uncertain_since = uncertainSince(attempts.filter(isOne))
  return {
    ...asked,
    ...now,
    ended_at: now.ended_at ?? unknown_since,
    last_sent_at: attempts[lastSent]?.last_sent_at,
    found_empty_at: sinceLastSent.find(({ found_empty_at }) => found_empty_at !== undefined)?.found_empty_at,
    uncertain_since,
    in_doubt_since: attempts.some(wasSent) ? uncertain_since : undefined,
  }
}

const wasSent = ({ last_sent_at }: Attempt) => last_sent_at !== undefined

/**
 * What the attempts of a number leave uncertain. An attempt is uncertain since its last send while nobody has said how
 * it ended; since its outcome was first unknown, even if it was refused later; and since it was found not executed,
 * which is a conclusion and no answer of Alipay's. The latest uncertain one counts: that a later attempt was refused or
 * never left takes nothing back. Only a proof does, for then the number is done.
 * Because of it the merchant is asked, and the order is kept (`uncertain_since`). Where any attempt has left this
 * computer, something of the number may still take effect as well (`in_doubt_since`).
 */
function uncertainSince(attempts: readonly Attempt[]): number | undefined {
  if (attempts.at(-1)?.state === 'done') return undefined
  const since = ({ state, last_sent_at, unknown_since, ended_at }: Attempt) =>
    state === 'sent' ? last_sent_at : state === 'not_executed' ? ended_at : unknown_since
  return attempts.map(since).findLast((at) => at !== undefined)
}

/** One attempt with what it is at, each as it stands. @throws DamagedEntry */
export function readAttempt(row: Row): void {
  readEntry('an operation on order', row, () => [askedOf(row), attemptOf(row)])
}

function askedOf(row: Row): Asked & Pick<Intent, 'id'> {
  const portion = maybeOneOf(row, 'portion', ['rest', 'amount'])
  return {
    id: whole(row, 'id'),
    kind: oneOf(row, 'kind', KINDS),
    out_trade_no: text(row, 'out_trade_no'),
    trade_no: maybeText(row, 'trade_no'),
    number: text(row, 'number'),
    portion: portion && { kind: portion, ordinal: whole(row, 'ordinal') },
    amount_fen: fen(row, 'amount_fen'),
  }
}

function attemptOf(row: Row): Attempt {
  return {
    attempt: whole(row, 'attempt'),
    state: oneOf(row, 'state', STATES),
    owner: text(row, 'owner'),
    lease_until: moment(row, 'lease_until'),
    created_at: moment(row, 'created_at'),
    day: day(row, 'day'),
    reason: maybeText(row, 'reason'),
    sent_at: maybeMoment(row, 'sent_at'),
    last_sent_at: maybeMoment(row, 'last_sent_at'),
    unknown_since: maybeMoment(row, 'unknown_since'),
    found_empty_at: maybeMoment(row, 'found_empty_at'),
    ended_at: maybeMoment(row, 'ended_at'),
    moved: maybeOneOf(row, 'moved', ['now', 'earlier']),
    gmt_refund_pay: maybeText(row, 'gmt_refund_pay'),
    answer: maybeText(row, 'answer'),
    trace_id: maybeText(row, 'trace_id'),
    approved_by: oneOf(row, 'approved_by', ['chat', 'operator', 'unasked', 'elsewhere']),
    host: maybeText(row, 'host'),
  }
}
