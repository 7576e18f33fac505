// The ledger as people read it at a terminal: aligned also where Chinese stands, in both languages.
import stringWidth from 'string-width'
import type { PartitionKey } from '../../ledger/ledger.ts'
import { oneLine } from '../../text.ts'
import type { Cell, LedgerRecord, Row } from './record.ts'

interface Column {
  key: string
  title: string
  /** Amounts and counts stand on the right. */
  right?: true
  /** Longer texts are cut. */
  most?: number
}

const ORDERS: readonly Column[] = [
  { key: 'created_at', title: 'made 创建' },
  { key: 'out_trade_no', title: 'out_trade_no 订单号' },
  { key: 'total_amount', title: 'yuan 元', right: true },
  { key: 'refunded_amount', title: 'refunded 已退', right: true },
  { key: 'state', title: 'state 状态' },
  { key: 'in_doubt', title: 'in doubt 未了结' },
  { key: 'alarm', title: 'alarm 金额不符' },
  { key: 'subject', title: 'subject 标题', most: 30 },
]
const REFUNDS: readonly Column[] = [
  { key: 'created_at', title: 'asked 提出' },
  { key: 'out_trade_no', title: 'out_trade_no 订单号' },
  { key: 'out_request_no', title: 'out_request_no 退款请求号' },
  { key: 'refund_amount', title: 'yuan 元', right: true },
  { key: 'state', title: 'state 状态' },
  { key: 'approved_by', title: 'yes by 同意' },
  { key: 'host', title: 'host 宿主', most: 24 },
  { key: 'refund_reason', title: 'reason 原因', most: 30 },
]
const DECISIONS: readonly Column[] = [
  { key: 'at', title: 'at 时间' },
  { key: 'what', title: 'what 事项' },
  { key: 'out_trade_no', title: 'out_trade_no 订单号' },
  { key: 'refund_amount', title: 'yuan 元', right: true },
  { key: 'decided_at', title: 'decided 决定' },
  { key: 'decided_by', title: 'by 由', most: 24 },
  { key: 'why', title: 'why 原因', most: 40 },
]
const DAYS: readonly Column[] = [
  { key: 'day', title: 'day 日期' },
  { key: 'orders', title: 'orders 订单', right: true },
  { key: 'created_amount', title: 'made 下单', right: true },
  { key: 'paid_amount', title: 'paid 已付', right: true },
  { key: 'alarm_amount', title: 'other amounts 金额不符', right: true },
  { key: 'refunds', title: 'refunds 退款笔数', right: true },
  { key: 'refunded_amount', title: 'refunded 已退', right: true },
  { key: 'unknown_amount', title: 'unknown 未知', right: true },
]

const IN_CHINESE: Readonly<Record<string, string>> = {
  waiting: '待付款',
  paid: '已付款',
  part_refunded: '部分退款',
  refunded: '已全额退款',
  closed: '已关闭',
  alarm: '金额不符',
  prepared: '未发送',
  sent: '已发出',
  unknown: '结果未知',
  done: '已退',
  not_executed: '未执行',
  asked: '待确认',
  approved: '已同意',
  denied: '已拒绝',
  used: '已同意并使用',
  expired: '已过期',
  freeze: '冻结',
  unfreeze: '解除冻结',
}
const TRANSLATED = ['state', 'what']

export interface Whose {
  folder: string
  partition: PartitionKey
}

export function formatLedger(record: LedgerRecord, { folder, partition }: Whose): string {
  const { environment, gateway, merchant } = partition
  const { frozen } = record
  const blocks = [
    `Ledger 账本: ${environment}, ${gateway}, merchant 商户 ${merchant}\n` +
      `In 位于 ${folder}; all times are Beijing time 时间均为北京时间.`,
    frozen && `FROZEN since 自 ${frozen.at} 起已冻结${frozen.why === undefined ? '' : `: ${oneLine(frozen.why)}`}`,
    section('Orders 订单', record.orders, ORDERS),
    section('Refunds 退款', record.refunds, REFUNDS),
    section('Decisions 决定', record.decisions, DECISIONS),
    record.days.length > 0 && section('Days 按日汇总 (yuan 元)', record.days, DAYS),
  ]
  return blocks.filter(Boolean).join('\n\n')
}

function section(title: string, rows: readonly Row[], columns: readonly Column[]): string {
  if (rows.length === 0) return `${title}: none 无`
  // A column that is empty all the way down tells nothing.
  const used = columns.filter(({ key }) => rows.some((row) => row[key] !== undefined))
  const lines = [used.map(({ title: heading }) => heading), ...rows.map((row) => used.map((c) => cellOf(row, c)))]
  const widths = used.map((_, at) => lines.reduce((most, line) => Math.max(most, stringWidth(line[at] ?? '')), 0))
  const aligned = lines.map((line) =>
    line
      .map((text, at) => padded(text, widths[at] ?? 0, used[at]?.right === true))
      .join('  ')
      .trimEnd(),
  )
  return [`${title}: ${rows.length}`, ...aligned.map((line) => `  ${line}`)].join('\n')
}

function cellOf(row: Row, { key, most }: Column): string {
  const value: Cell = row[key]
  const text = value === undefined ? '' : oneLine(String(value))
  const chinese = TRANSLATED.includes(key) ? IN_CHINESE[text] : undefined
  return cut(chinese === undefined ? text : `${text} ${chinese}`, most)
}

function cut(text: string, most: number | undefined): string {
  if (most === undefined || stringWidth(text) <= most) return text
  let kept = ''
  for (const sign of text) {
    if (stringWidth(kept + sign) >= most) break
    kept += sign
  }
  return `${kept}…`
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return right ? space + text : text + space
}
