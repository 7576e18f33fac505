// Finds out how unfinished steps ended, by reading only: what nobody knows is asked, never sent again.
import type { Outcome, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Intent, Ledger, RefundWish, Settled } from '../ledger/ledger.ts'
import { isNoTrade, payable } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import type { Call } from './call.ts'
import { IN_DOUBT_MS, READ_MS } from './deadlines.ts'
import { ignoringLedgerErrors } from './send-permit.ts'

type Settling = Pick<Call, 'ledger' | 'gateway' | 'clock' | 'act' | 'rules'>

/** Settles what is unfinished of one order and held by nobody; `except` leaves out a number that the caller reads. */
export async function settleOrder(call: Settling, out_trade_no: string, except?: string): Promise<void> {
  const ledger = await call.ledger()
  const open = await ledger.unsettled(out_trade_no)
  await Promise.all(
    open.filter(({ number }) => number !== except).map((intent) => settleIntent(call, ledger, intent)),
  )
}

/** Settles everything that is unfinished, one after the other. @returns how each of them is now */
export async function settleAll(call: Settling): Promise<readonly Intent[]> {
  const ledger = await call.ledger()
  const settled: Intent[] = []
  for (const intent of await ledger.unsettled()) {
    settled.push(await settleIntent(call, ledger, intent))
  }
  return settled
}

async function settleIntent(call: Settling, ledger: Ledger, open: Intent): Promise<Intent> {
  const intent = await ledger.takeOver(open.id, call.act())
  // Somebody else holds it, or it was prepared only and so never sent.
  if (!intent || intent.state === 'not_executed') return intent ?? open
  return ledger.settle(intent.id, await found(call, ledger, intent), call.act(), intent.attempt)
}

/** What a reading of its number proves about a refund that nobody holds is written. */
export async function settleRead(call: Settling, intent: Intent, read: Outcome<RefundRecord>): Promise<void> {
  const ledger = await call.ledger()
  const taken = await ledger.takeOver(intent.id, call.act())
  if (!taken || taken.state === 'not_executed') return
  await ledger.settle(taken.id, ofRefund(taken, read, call.clock.now()), call.act(), taken.attempt)
}

/**
 * A refund that was found made, here or elsewhere, counts from now on, whatever was thought before: limits and what is
 * left go by it.
 * @throws LedgerError
 */
export async function recordFound(
  call: Pick<Call, 'ledger' | 'act'>,
  wish: RefundWish,
  record: RefundRecord,
): Promise<Intent> {
  return (await call.ledger()).foundRefund(wish, record, call.act())
}

/** Of a refund in the ledger, whoever is at work on it. */
export async function recordProof(
  call: Pick<Call, 'ledger' | 'act'>,
  { id, number, amount_fen, state }: Intent,
  record: RefundRecord,
): Promise<void> {
  const isProof = proves(record, { out_request_no: number, refund_amount: toYuan(amount_fen) })
  if (state === 'done' || !isProof) return
  const done = { state: 'done', moved: 'now', gmt_refund_pay: record.gmt_refund_pay } as const
  await ignoringLedgerErrors(call, (ledger) => ledger.settle(id, done, call.act()))
}

async function found(call: Settling, ledger: Ledger, intent: Intent): Promise<Settled> {
  const { gateway } = call
  if (intent.kind === 'refund') {
    const name = intent.trade_no === undefined ? intent : { trade_no: intent.trade_no }
    const order = 'out_trade_no' in name ? { out_trade_no: name.out_trade_no } : name
    const read = await gateway.refundQuery(order, intent.number, { within: READ_MS })
    return ofRefund(intent, read, call.clock.now())
  }
  const read = await gateway.query({ out_trade_no: intent.out_trade_no }, { within: READ_MS })
  if (read.outcome === 'done') await ledger.saw({ trade: read.answer }, call.act())
  return intent.kind === 'close' ? ofClose(call, ledger, intent, read) : ofCreate(call, ledger, intent, read)
}

/** What a reading of its number proves about a refund. */
function ofRefund(intent: Intent, read: Outcome<RefundRecord>, now: number): Settled {
  if (read.outcome !== 'done') return { state: 'unknown', answer: wordsOf(read), empty: false }
  const wish = { out_request_no: intent.number, refund_amount: toYuan(intent.amount_fen) }
  if (proves(read.answer, wish))
    return { state: 'done', moved: 'now', gmt_refund_pay: read.answer.gmt_refund_pay }
  if (!isEmpty(read.answer)) {
    return { state: 'unknown', answer: 'Alipay has a record of it, but not of success', empty: false }
  }
  if (isTooLate(intent, now))
    return { state: 'not_executed', answer: 'Alipay knows nothing of it, asked twice' }
  return { state: 'unknown', answer: 'Alipay has no record of it yet', empty: true }
}

async function ofClose(
  call: Settling,
  ledger: Ledger,
  intent: Intent,
  read: Outcome<Trade>,
): Promise<Settled> {
  if (isNoTrade(read)) {
    await ledger.wishClose(intent.out_trade_no, call.act())
    return { state: 'refused', answer: 'there was no trade to close yet' }
  }
  if (read.outcome !== 'done') return { state: 'unknown', answer: wordsOf(read), empty: false }
  const { trade_no, trade_status } = read.answer
  const wasPaid = read.answer.send_pay_date !== undefined
  if (trade_status === 'TRADE_CLOSED' && !wasPaid) return { state: 'done', trade_no }
  if (trade_status !== 'WAIT_BUYER_PAY') return { state: 'refused', answer: 'it was paid before' }
  if (isTooLate(intent, call.clock.now()))
    return { state: 'not_executed', answer: 'it still waits for payment' }
  return { state: 'unknown', answer: 'it still waits for payment', empty: true }
}

/** A code of which the answer was lost: the order exists once somebody scans it. */
async function ofCreate(
  call: Settling,
  ledger: Ledger,
  intent: Intent,
  read: Outcome<Trade>,
): Promise<Settled> {
  if (read.outcome === 'done') return { state: 'done', trade_no: read.answer.trade_no }
  if (!isNoTrade(read)) return { state: 'unknown', answer: wordsOf(read), empty: false }
  const order = await ledger.order({ out_trade_no: intent.out_trade_no })
  const { state } = payable(order, call.rules.environment, call.clock.now())
  if (state !== 'expired') return { state: 'unknown', answer: 'nobody has scanned its code', empty: true }
  await ledger.saw({ out_trade_no: intent.out_trade_no, certainlyUnpaid: true }, call.act())
  return { state: 'not_executed', answer: 'it expired without a trade' }
}

function isTooLate({ found_empty_at, last_sent_at }: Intent, now: number): boolean {
  return found_empty_at !== undefined && last_sent_at !== undefined && now - last_sent_at >= IN_DOUBT_MS
}

function wordsOf(read: Exclude<Outcome<unknown>, { outcome: 'done' }>): string {
  if (read.outcome === 'unknown') return `no answer that can be trusted: ${read.why}`
  const { not_sent, sub_code, code } = read.refusal
  return not_sent ?? `Alipay refused to tell: ${sub_code ?? code}`
}

/** Only REFUND_SUCCESS of exactly this number and amount; old answers without a status prove nothing. */
export function proves(
  record: RefundRecord,
  wish: { out_request_no: string; refund_amount: string },
): boolean {
  return (
    record.refund_status === 'REFUND_SUCCESS' &&
    record.out_request_no === wish.out_request_no &&
    record.refund_amount === wish.refund_amount &&
    record.trade_no !== undefined
  )
}

/** Alipay knows nothing of the number: no trace of another state, either. */
export function isEmpty({ out_request_no, refund_amount, refund_status }: RefundRecord): boolean {
  return out_request_no === undefined && refund_amount === undefined && refund_status === undefined
}

/** Fen of a yuan text of Alipay, where there is one. */
export const fenOf = (yuan: string | undefined) => (yuan === undefined ? undefined : toFen(yuan))
