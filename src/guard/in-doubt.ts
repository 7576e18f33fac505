// Resolves what is in doubt, by reading only: what nobody knows is asked, never sent again.
import { DamagedEntry } from '../errors.ts'
import type { Outcome, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Intent, Ledger, RefundRequest, Resolution } from '../ledger/ledger.ts'
import { isNoTrade, payable } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { Call } from './call.ts'
import { IN_DOUBT_MS, READ_MS } from './deadlines.ts'
import { readTrade } from './read-trade.ts'
import { ignoringLedgerErrors } from './send-permit.ts'

type ResolvingCall = Pick<Call, 'ledger' | 'gateway' | 'clock' | 'actor' | 'rules'>

/** Resolves what is unfinished of one order and held by nobody; `except` leaves out a number that the caller reads. */
export async function resolveOrder(call: ResolvingCall, out_trade_no: string, except?: string): Promise<void> {
  const ledger = await call.ledger()
  const open = await ledger.inDoubt(out_trade_no)
  await Promise.all(open.filter(({ number }) => number !== except).map((intent) => resolveIntent(call, ledger, intent)))
}

/** Resolves everything that is unfinished, one after the other. @returns how each of them is now */
export async function resolveAll(call: ResolvingCall): Promise<readonly Intent[]> {
  const ledger = await call.ledger()
  const resolved: Intent[] = []
  for (const intent of await ledger.inDoubt()) {
    resolved.push(await resolveIntent(call, ledger, intent).catch(asItIs(intent)))
  }
  return resolved
}

/** What stops one order, because its entry is damaged, does not stop the others. */
function asItIs(intent: Intent): (error: unknown) => Intent {
  return (error) => {
    if (error instanceof DamagedEntry) return intent
    throw error
  }
}

async function resolveIntent(call: ResolvingCall, ledger: Ledger, open: Intent): Promise<Intent> {
  const intent = await ledger.takeOver(open.id, call.actor())
  // Somebody else holds it, or it was prepared only and so never sent.
  if (!intent || intent.state === 'not_executed') return intent ?? open
  return ledger.resolve(intent.id, await found(call, ledger, intent), call.actor(), intent.attempt)
}

/**
 * Writes what a read of its number proves about a refund that nobody holds.
 * @param askedAt when it was asked: it tells of no later time, however long this computer slept over the answer
 */
export async function resolveByRead(
  call: ResolvingCall,
  intent: Intent,
  read: Outcome<RefundRecord>,
  askedAt: number,
): Promise<void> {
  const ledger = await call.ledger()
  const taken = await ledger.takeOver(intent.id, call.actor())
  if (!taken || taken.state === 'not_executed') return
  await ledger.resolve(taken.id, ofRefund(taken, read, askedAt), call.actor(), taken.attempt)
}

/**
 * A refund that was found made, here or elsewhere, counts from now on, whatever was thought before: limits and what is
 * left go by it.
 * @throws LedgerError
 */
export async function recordFound(
  call: Pick<Call, 'ledger' | 'actor'>,
  request: RefundRequest,
  record: RefundRecord,
): Promise<Intent> {
  return (await call.ledger()).foundRefund(request, record, call.actor())
}

/** Writes the proof that a refund in the ledger was made, whoever is at work on it. */
export async function recordProof(
  call: Pick<Call, 'ledger' | 'actor'>,
  { id, number, amount_fen, state }: Intent,
  record: RefundRecord,
): Promise<void> {
  const isProof = proves(record, { out_request_no: number, refund_amount: toYuan(amount_fen) })
  if (state === 'done' || !isProof) return
  const done = { state: 'done', moved: 'now', gmt_refund_pay: record.gmt_refund_pay } as const
  await ignoringLedgerErrors(call, (ledger) => ledger.resolve(id, done, call.actor()))
}

async function found(call: ResolvingCall, ledger: Ledger, intent: Intent): Promise<Resolution> {
  const { gateway, clock } = call
  const askedAt = clock.now()
  if (intent.kind === 'refund') {
    const name = intent.trade_no === undefined ? intent : { trade_no: intent.trade_no }
    const order = 'out_trade_no' in name ? { out_trade_no: name.out_trade_no } : name
    const read = await gateway.refundQuery(order, intent.number, { within: READ_MS })
    return ofRefund(intent, read, askedAt)
  }
  const read = await readTrade(call, { out_trade_no: intent.out_trade_no }, { within: READ_MS })
  if (read.outcome === 'done') await ledger.recordTrade({ trade: read.answer }, call.actor())
  if (intent.kind === 'charge') return ofCharge(call, intent, read, askedAt)
  const end = { close: ofClose, create: ofCreate }[intent.kind]
  return end(call, ledger, intent, read, askedAt)
}

/**
 * Only Alipay's trade tells: a charge may take effect until its trade has expired, and be asked for again until then.
 * @throws LedgerError, but not where it is paid
 */
export async function ofCharge(
  call: Pick<Call, 'ledger' | 'clock' | 'actor'>,
  intent: Intent,
  read: Outcome<Trade>,
  askedAt: number,
): Promise<Resolution> {
  const { out_trade_no } = intent
  if (read.outcome === 'done') {
    const { trade_no, trade_status, send_pay_date } = read.answer
    if (trade_status === 'WAIT_BUYER_PAY')
      return { state: 'unknown', answer: 'it is in process at Alipay', empty: false }
    if (trade_status !== 'TRADE_CLOSED' || send_pay_date !== undefined) return { state: 'done', moved: 'now', trade_no }
    await (await call.ledger()).noteChargeAbsent(out_trade_no, true, call.clock.behind(askedAt), call.actor())
    return { state: 'not_executed', answer: 'its trade was closed unpaid' }
  }
  if (!isNoTrade(read)) return { state: 'unknown', answer: whyUnread(read), empty: false }
  const ledger = await call.ledger()
  await ledger.noteChargeAbsent(out_trade_no, false, call.clock.behind(askedAt), call.actor())
  const isOver = (await ledger.charge(out_trade_no))?.is_over
  if (!isOver) return { state: 'unknown', answer: 'Alipay has no trade of it yet', empty: true }
  return { state: 'not_executed', answer: 'Alipay had no trade of it, asked twice after it had expired' }
}

/** What a reading of its number proves about a refund. */
function ofRefund(intent: Intent, read: Outcome<RefundRecord>, askedAt: number): Resolution {
  if (read.outcome !== 'done') return { state: 'unknown', answer: whyUnread(read), empty: false }
  const params = { out_request_no: intent.number, refund_amount: toYuan(intent.amount_fen) }
  if (proves(read.answer, params)) return { state: 'done', moved: 'now', gmt_refund_pay: read.answer.gmt_refund_pay }
  if (!isEmpty(read.answer)) {
    return { state: 'unknown', answer: 'Alipay has a record of it, but not of success', empty: false }
  }
  if (isTooLate(intent, askedAt))
    return { state: 'not_executed', answer: 'Alipay has no record of it, asked again after 10 minutes' }
  return { state: 'unknown', answer: 'Alipay has no record of it yet', empty: true }
}

async function ofClose(
  call: ResolvingCall,
  ledger: Ledger,
  intent: Intent,
  read: Outcome<Trade>,
  askedAt: number,
): Promise<Resolution> {
  if (isNoTrade(read)) {
    await ledger.requestClose(intent.out_trade_no, call.actor())
    return { state: 'refused', answer: 'there was no trade to close yet' }
  }
  if (read.outcome !== 'done') return { state: 'unknown', answer: whyUnread(read), empty: false }
  const { trade_no, trade_status } = read.answer
  const wasPaid = read.answer.send_pay_date !== undefined
  if (trade_status === 'TRADE_CLOSED' && !wasPaid) return { state: 'done', trade_no }
  if (trade_status !== 'WAIT_BUYER_PAY') return { state: 'refused', answer: 'it was paid before' }
  if (isTooLate(intent, askedAt)) return { state: 'not_executed', answer: 'it still waits for payment' }
  return { state: 'unknown', answer: 'it still waits for payment', empty: true }
}

/** A code of which the answer was lost: the order exists once somebody scans it. */
async function ofCreate(
  call: ResolvingCall,
  ledger: Ledger,
  intent: Intent,
  read: Outcome<Trade>,
  askedAt: number,
): Promise<Resolution> {
  if (read.outcome === 'done') return { state: 'done', trade_no: read.answer.trade_no }
  if (!isNoTrade(read)) return { state: 'unknown', answer: whyUnread(read), empty: false }
  const order = await ledger.order({ out_trade_no: intent.out_trade_no })
  const { state } = payable(order, call.rules.environment, call.clock.behind(askedAt))
  if (state !== 'expired') return { state: 'unknown', answer: 'nobody has scanned its code', empty: true }
  await ledger.recordTrade({ out_trade_no: intent.out_trade_no, certainlyUnpaid: true }, call.actor())
  return { state: 'not_executed', answer: 'it expired without a trade' }
}

/** Since it was given up, not since it was sent: a computer that slept in between sends the rest when it wakes. */
function isTooLate({ found_empty_at, in_doubt_since }: Intent, askedAt: number): boolean {
  return found_empty_at !== undefined && in_doubt_since !== undefined && askedAt - in_doubt_since >= IN_DOUBT_MS
}

function whyUnread(read: Exclude<Outcome<unknown>, { outcome: 'done' }>): string {
  if (read.outcome === 'unknown') return `no answer that can be trusted: ${read.why}`
  const { not_sent, sub_code, code } = read.refusal
  return not_sent ?? `Alipay refused to tell: ${sub_code ?? code}`
}

/** Only REFUND_SUCCESS of exactly this number and amount; old answers without a status prove nothing. */
export function proves(record: RefundRecord, params: { out_request_no: string; refund_amount: string }): boolean {
  return (
    record.refund_status === 'REFUND_SUCCESS' &&
    record.out_request_no === params.out_request_no &&
    record.refund_amount === params.refund_amount &&
    record.trade_no !== undefined
  )
}

/**
 * Alipay knows nothing of the number: no trace of another state, either. [guess G18] Nor any word on the order itself: only
 * the wholly empty answer was seen for a number that nobody has used.
 */
export function isEmpty(record: RefundRecord): boolean {
  const { out_trade_no, trade_no, out_request_no, refund_amount, refund_status } = record
  return [out_trade_no, trade_no, out_request_no, refund_amount, refund_status].every((field) => field === undefined)
}
