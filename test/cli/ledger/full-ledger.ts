// A ledger for tests with a day's work in it: orders, refunds of each end, a yes, a no, a freeze.
import { fromBeijingTime } from '../../../src/clock.ts'
import type { Actor, Ledger, RefundRequest, Resolution } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { toFen } from '../../../src/money.ts'

export const PARTITION = { environment: 'local', gateway: 'http://127.0.0.1:7001', merchant: '2088' } as const

export const at = (time: string): Actor => ({ at: fromBeijingTime(time), owner: 'test', host: 'Cursor 1.0' })

export async function order(ledger: Ledger, out_trade_no: string, time: string, subject = 'Tea 茶') {
  const made = { out_trade_no, total_amount: '100.00', subject, channel: 'page' } as const
  const rest = { time_expire: '2026-12-31 00:00:00', pay_url: 'https://pay.example/?secret' }
  await ledger.reserveOrder({ ...made, ...rest }, {}, at(time))
}

export async function paid(ledger: Ledger, out_trade_no: string, time: string): Promise<void> {
  const trade = {
    out_trade_no,
    trade_no: `2026112222001400000000${out_trade_no.length}`,
    total_amount: '100.00',
  }
  const state = { trade_status: 'TRADE_SUCCESS', send_pay_date: time } as const
  await ledger.recordTrade({ trade: { ...trade, ...state } }, at(time))
}

export async function refund(
  ledger: Ledger,
  {
    out_trade_no,
    amount,
    time,
    resolution,
  }: { out_trade_no: string; amount: string; time: string; resolution: Resolution },
): Promise<void> {
  const request: RefundRequest = {
    out_trade_no,
    trade_no: `2026112222001400000000${out_trade_no.length}`,
    total_fen: 10_000,
    out_request_no: `${out_trade_no}_${amount}`,
    portion: { kind: 'amount', ordinal: 1 },
    amount_fen: toFen(amount),
    reason: '=cmd|calc 不想要了',
  }
  const reserved = await ledger.reserveRefund(request, { asks: 'never' }, undefined, at(time))
  if (reserved.outcome !== 'prepared') throw new Error(JSON.stringify(reserved))
  const sent = await ledger.markSending(reserved.intent.id, false, at(time))
  if (sent !== 'go') throw new Error(JSON.stringify(sent))
  await ledger.resolve(reserved.intent.id, resolution, at(time))
}

export async function fullLedger(): Promise<Ledger> {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  await order(ledger, 'OLD', '2026-10-31 23:59:59')
  await paid(ledger, 'OLD', '2026-11-01 00:00:30')
  await order(ledger, 'NEWER', '2026-11-01 00:00:00', '诗集，精装')
  await paid(ledger, 'NEWER', '2026-11-01 09:00:00')
  await order(ledger, 'UNPAID', '2026-11-02 10:00:00', '-1+1')
  const done = {
    state: 'done',
    moved: 'now',
    gmt_refund_pay: '2026-11-02 11:00:01',
    refund_fee_fen: 3_000,
  } as const
  await refund(ledger, {
    out_trade_no: 'OLD',
    amount: '30.00',
    time: '2026-11-02 11:00:00',
    resolution: done,
  })
  const lost = { state: 'unknown', answer: 'no answer', empty: false } as const
  await refund(ledger, {
    out_trade_no: 'NEWER',
    amount: '100.00',
    time: '2026-11-02 12:00:00',
    resolution: lost,
  })
  const asked = { out_trade_no: 'NEWER', amount_fen: 10_000, question: 'Give it back?' }
  const { id } = await ledger.requestApproval({ ...asked, approvalDigest: 'a' }, at('2026-11-02 11:50:00'))
  await ledger.decide(id, false, 'terminal', at('2026-11-02 11:51:00'))
  await ledger.requestApproval({ ...asked, approvalDigest: 'b' }, at('2026-11-02 11:55:00'))
  await ledger.freeze('lost phone 手机丢了', at('2026-11-02 13:00:00'))
  return ledger
}
