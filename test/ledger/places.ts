// Ledgers for tests: one in each place that this runtime has, and short words for orders, requests and times.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Trade, TradeStatus } from '../../src/gateway/gateway.ts'
import type {
  Actor,
  Intent,
  Ledger,
  NewOrder,
  PartitionKey,
  RefundRequest,
  RefundRules,
} from '../../src/ledger/ledger.ts'
import { ENGINES, type EngineName, engine } from '../../src/ledger/sqlite/engines.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** Beijing time. */
export const NOON = Date.parse('2026-03-02T12:00:00+08:00')

export const SHOP: PartitionKey = { environment: 'local', gateway: 'http://127.0.0.1', merchant: 'a shop' }

export interface Place {
  name: string
  open(): Promise<Ledger>
}

/** Every engine in memory, and on disk those that can. */
export const PLACES: readonly Place[] = (
  await Promise.all(ENGINES.flatMap((name) => [place(name, 'memory'), place(name, 'file')]))
).flat()

async function place(only: EngineName, where: 'file' | 'memory'): Promise<Place[]> {
  if (!(await engine(only, where))) return []
  const open = () => opened({ folder: where === 'file' ? tempFolder() : undefined, only })
  return [{ name: `${only} in ${where}`, open }]
}

/** Closed when the test ends; on disk where a folder is given. */
export async function opened(
  where: { folder?: string | undefined; only?: EngineName; partition?: PartitionKey } = {},
): Promise<Ledger> {
  const { folder, only, partition = SHOP } = where
  const ledger = await openLedger({ folder, partition }, only)
  onTestFinished(() => ledger.close())
  return ledger
}

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-ledger-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

export function actor(at = NOON, owner = 'one'): Actor {
  return { at, owner, host: 'a host 1.0' }
}

export function order(out_trade_no: string, changes: Partial<NewOrder> = {}): NewOrder {
  return {
    out_trade_no,
    total_amount: '100.00',
    subject: 'A cup of tea',
    channel: 'page',
    time_expire: '2026-03-02 12:30:00',
    pay_url: 'https://pay.example/?order',
    ...changes,
  }
}

export const SENT_PAY = '2026-03-02 12:05:00'

export function trade(
  out_trade_no: string,
  trade_status: TradeStatus = 'TRADE_SUCCESS',
  changes: Partial<Trade> = {},
): Trade {
  const paid = trade_status === 'TRADE_SUCCESS' ? { send_pay_date: SENT_PAY } : {}
  return {
    out_trade_no,
    trade_no: `T-${out_trade_no}`,
    trade_status,
    total_amount: '100.00',
    ...paid,
    ...changes,
  }
}

/** Of an order A of 100 yuan. */
export function refund(amount_fen: number, changes: Partial<RefundRequest> = {}): RefundRequest {
  const { out_trade_no = 'A', portion = { kind: 'amount', ordinal: 1 } } = changes
  return {
    out_trade_no,
    trade_no: `T-${out_trade_no}`,
    total_fen: 10_000,
    out_request_no: `RF-${out_trade_no}-${amount_fen}-${portion.ordinal}`,
    portion,
    amount_fen,
    ...changes,
  }
}

export const UNASKED: RefundRules = { asks: 'never' }

/** An attempt that nothing stands in the way of. */
export async function prepared(
  ledger: Ledger,
  request: RefundRequest,
  at = NOON,
  rules: RefundRules = UNASKED,
): Promise<Intent> {
  const reserved = await ledger.reserveRefund(request, rules, undefined, actor(at))
  if (reserved.outcome !== 'prepared') throw new Error(`not prepared: ${JSON.stringify(reserved)}`)
  return reserved.intent
}

export async function sent(ledger: Ledger, request: RefundRequest, at = NOON): Promise<Intent> {
  const intent = await prepared(ledger, request, at)
  const go = await ledger.markSending(intent.id, false, actor(at))
  if (go !== 'go') throw new Error(`not sent: ${JSON.stringify(go)}`)
  return intent
}

export async function done(ledger: Ledger, request: RefundRequest, at = NOON): Promise<Intent> {
  const intent = await sent(ledger, request, at)
  return ledger.resolve(intent.id, { state: 'done', moved: 'now' }, actor(at))
}

export async function unknown(ledger: Ledger, request: RefundRequest, at = NOON, empty = false): Promise<Intent> {
  const intent = await sent(ledger, request, at)
  return ledger.resolve(intent.id, { state: 'unknown', answer: 'no answer came', empty }, actor(at))
}

export async function refused(ledger: Ledger, request: RefundRequest, at = NOON): Promise<Intent> {
  const intent = await sent(ledger, request, at)
  return ledger.resolve(intent.id, { state: 'refused', answer: 'no' }, actor(at))
}

/** An order, made and paid. */
export async function paidOrder(ledger: Ledger, out_trade_no = 'A', at = NOON): Promise<void> {
  await ledger.reserveOrder(order(out_trade_no), {}, actor(at))
  await ledger.recordTrade({ trade: trade(out_trade_no) }, actor(at))
}
