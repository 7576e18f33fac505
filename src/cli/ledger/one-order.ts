// One order at a terminal, nothing of it cut: a line for each thing that is known, and a block for each refund and decision.
import { inChinese } from '../../doctor/chinese/in-chinese.ts'
import type { Language } from '../../language.ts'
import { oneLine } from '../../text.ts'
import { grouped, type View } from '../table.ts'
import { wrapped } from '../terminal.ts'
import { cellIn } from './cells.ts'
import type { Row } from './rows.ts'
import { LEDGER, type LedgerText } from './words.ts'

interface OneView extends View {
  language: Language
}

type Lines = readonly (readonly [key: string, name: string])[]

export const orderLines = (say: LedgerText): Lines => [
  ['out_trade_no', say.order],
  ['trade_no', say.tradeNumber],
  ['subject', say.item],
  ['item', say.itemId],
  ['quantity', say.quantity],
  ['total_amount', say.yuan],
  ['refunded_amount', say.refunded],
  ['other_amount', say.atAlipay],
  ['state', say.state],
  ['created_at', say.made],
  ['payable_until', say.payableUntil],
  ['cashier_opened_at', say.cashierOpenedAt],
  ['close_requested_at', say.closeWantedAt],
  ['closed_at', say.closedAt],
  ['closed_by', say.closedBy],
  ['paid_at', say.paidAt],
  ['delivered_at', say.deliveredAt],
  ['undelivered', say.whyUndelivered],
  ['checked_at', say.lastSeen],
  ['channel', say.channel],
  ['host', say.host],
  ['replaces', say.replaces],
  ['replaced_by', say.replacedBy],
]

export const refundLines = (say: LedgerText): Lines => [
  ['out_request_no', say.refund],
  ['refund_amount', say.yuan],
  ['state', say.state],
  ['refund_reason', say.reason],
  ['approved_by', say.approvedBy],
  ['host', say.host],
  ['created_at', say.called],
  ['sent_at', say.sent],
  ['attempt', say.attempt],
  ['unknown_since', say.unknownSince],
  ['ended_at', say.ended],
  ['gmt_refund_pay', say.refundedAt],
  ['answer', say.answer],
]

export const decisionLines = (say: LedgerText): Lines => [
  ['asked_at', say.asked],
  ['at', say.time],
  ['what', say.what],
  ['refund_amount', say.yuan],
  ['by', say.by],
  ['via', say.via],
  ['decided_at', say.decided],
  ['usable_until', say.usableUntil],
  ['host', say.host],
  ['why', say.why],
]

export function formatBlocks(title: string, rows: readonly Row[], lines: Lines, view: OneView): string {
  const say = LEDGER(view.language)
  if (rows.length === 0) return say.none(title)
  const blocks = rows.map((row) =>
    lines.flatMap(([key, name]) => {
      const value = row[key]
      if (value === undefined || (key === 'attempt' && value === '1')) return []
      const isTold = key === 'answer' && view.language === 'zh'
      const cell = isTold ? inChinese(String(value)) : cellIn(view.language, key, value)
      const text = oneLine(key === 'attempt' ? say.ofOneRefund(cell) : cell)
      return [wrapped(`  ${say.line(name, key.endsWith('_amount') ? grouped(text) : text)}`, view.columns)]
    }),
  )
  return `${view.paint.bold(say.count(title, rows.length))}\n${blocks.map((block) => block.join('\n')).join('\n\n')}`
}
