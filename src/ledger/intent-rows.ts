// Intents as rows: what a row says, who holds it, and the writing of an attempt.
import { type Books, dayOf, note } from './books.ts'
import {
  type Columns,
  maybeOneOf,
  maybeText,
  maybeWhole,
  oneOf,
  quoted,
  type Row,
  text,
  whole,
} from './database.ts'
import type { Act, Intent, IntentKind, IntentState, RequestedRefund } from './ledger.ts'
import { isOpenIntent, OPEN_STATES } from './order.ts'

const KINDS: readonly IntentKind[] = ['create', 'refund', 'close']
const STATES: readonly IntentState[] = ['prepared', 'sent', 'unknown', 'done', 'refused', 'not_executed']

// Longer than a call may take from its decision to its last read.
export const LEASE_MS = 70_000

/** The `lease_until` of what nobody holds, by the clock of any process. */
export const FREE = 0

/** What a new attempt starts with; also what a new row needs beside the wish. */
export type Wish = Pick<
  Intent,
  'kind' | 'out_trade_no' | 'trade_no' | 'number' | 'request' | 'amount_fen' | 'reason' | 'approved_by'
>

/** By anybody, its own server included: something may be on its way right now. */
export function isHeld(intent: Intent, at: number): boolean {
  return isOpenIntent(intent) && intent.lease_until > at
}

export function intentById({ db, id }: Books, intent: number): Intent | undefined {
  const row = db.get('select * from intents where partition = ? and id = ?', id, intent)
  return row && intentOf(row)
}

export function intentsOf({ db, id }: Books, out_trade_no: string): readonly Intent[] {
  return db
    .all('select * from intents where partition = ? and out_trade_no = ? order by id', id, out_trade_no)
    .map(intentOf)
}

export function refundsOf(books: Books, out_trade_no: string): readonly Intent[] {
  return intentsOf(books, out_trade_no).filter(({ kind }) => kind === 'refund')
}

export function unsettled({ db, id }: Books, out_trade_no?: string): readonly Intent[] {
  const sql = `select * from intents where partition = ? and state in (${quoted(OPEN_STATES)})`
  const rows =
    out_trade_no === undefined
      ? db.all(`${sql} order by id`, id)
      : db.all(`${sql} and out_trade_no = ? order by id`, id, out_trade_no)
  return rows.map(intentOf)
}

export function update(books: Books, intent: Intent, columns: Columns): Intent {
  books.db.update('intents', intent.id, columns)
  return theIntent(books, intent.id)
}

/** Writes an attempt, prepared and held: a new row, or the next attempt in the row of that number. */
export function prepare(books: Books, wish: Wish, earlier: Intent | undefined, act: Act): Intent {
  note(books, act, `${wish.kind} prepared`, wish.out_trade_no)
  const now = { state: 'prepared', lease_until: act.at + LEASE_MS, ...madeBy(act) }
  return earlier ? update(books, earlier, { ...now, ...again(wish, earlier) }) : insert(books, wish, now)
}

export function insert(books: Books, { request, ...wish }: Wish, columns: Columns): Intent {
  const asked = { request: request?.kind, ordinal: request?.ordinal }
  const row = { partition: books.id, attempt: 1, ...wish, ...asked, ...columns }
  return theIntent(books, books.db.insert('intents', row))
}

export function madeBy({ at, owner, host }: Act): Columns {
  return { owner, made_at: at, day: dayOf(at), host }
}

function again({ approved_by, reason, trade_no }: Wish, earlier: Intent): Columns {
  return {
    approved_by,
    reason,
    trade_no: trade_no ?? earlier.trade_no,
    attempt: earlier.attempt + 1,
    earlier_try_at: tryAt(earlier),
    // last_sent_at and found_empty_at stay: until this attempt is sent, too, they tell of the one before.
    sent_at: null,
    ended_at: null,
    moved: null,
    gmt_refund_pay: null,
    answer: null,
    trace_id: null,
  }
}

/** When an attempt of it last ended unknown or not executed, or was sent and left; a later refusal takes nothing back. */
export function tryAt(intent: Intent): number | undefined {
  if (intent.state === 'sent') return intent.last_sent_at
  const ended = intent.state === 'unknown' || intent.state === 'not_executed'
  return ended ? (intent.ended_at ?? intent.made_at) : intent.earlier_try_at
}

function theIntent(books: Books, id: number): Intent {
  const intent = intentById(books, id)
  if (!intent) throw new Error('an intent that was just written is not there')
  return intent
}

export function intentOf(row: Row): Intent {
  return {
    id: whole(row, 'id'),
    kind: oneOf(row, 'kind', KINDS),
    out_trade_no: text(row, 'out_trade_no'),
    trade_no: maybeText(row, 'trade_no'),
    number: text(row, 'number'),
    request: requestOf(row),
    amount_fen: whole(row, 'amount_fen'),
    reason: maybeText(row, 'reason'),
    attempt: whole(row, 'attempt'),
    state: oneOf(row, 'state', STATES),
    owner: text(row, 'owner'),
    lease_until: whole(row, 'lease_until'),
    made_at: whole(row, 'made_at'),
    day: text(row, 'day'),
    sent_at: maybeWhole(row, 'sent_at'),
    last_sent_at: maybeWhole(row, 'last_sent_at'),
    found_empty_at: maybeWhole(row, 'found_empty_at'),
    ended_at: maybeWhole(row, 'ended_at'),
    moved: maybeOneOf(row, 'moved', ['now', 'earlier']),
    gmt_refund_pay: maybeText(row, 'gmt_refund_pay'),
    answer: maybeText(row, 'answer'),
    trace_id: maybeText(row, 'trace_id'),
    approved_by: oneOf(row, 'approved_by', ['chat', 'operator', 'unasked', 'elsewhere']),
    host: maybeText(row, 'host'),
    earlier_try_at: maybeWhole(row, 'earlier_try_at'),
  }
}

function requestOf(row: Row): RequestedRefund | undefined {
  const kind = maybeOneOf(row, 'request', ['rest', 'amount'])
  return kind && { kind, ordinal: whole(row, 'ordinal') }
}
