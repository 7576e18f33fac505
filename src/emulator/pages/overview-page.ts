// The page at /: what this is, what can be paid right now, and all trades and refunds.
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { type Channel, type Refund, refundedFen, statusOf, type Trade, type TradeStatus } from '../trade.ts'
import { cashierPath, type Opening } from '../trade-store.ts'
import { type Markup, markup } from './escaped-html.ts'
import { renderPage } from './layout-page.ts'

/** A browser has to draw them all. */
const MOST_ROWS = 200

type Row = readonly [heading: string, ...cells: (string | Markup)[]]

const CHANNELS: Readonly<Record<Channel, string>> = {
  page: '电脑网页 page',
  mobile: '手机网页 mobile',
  qr: '二维码 qr',
}

const STATUS: Readonly<Record<TradeStatus, readonly [chinese: string, colour: string]>> = {
  WAIT_BUYER_PAY: ['等待付款', 'waiting'],
  TRADE_SUCCESS: ['已付款', 'paid'],
  TRADE_FINISHED: ['已完结', 'paid'],
  TRADE_CLOSED: ['已关闭', 'closed'],
}

export function overviewPage(platform: Platform): Answer {
  const now = platform.clock.now()
  const trades = platform.trades.all().reverse()
  const open = platform.trades.openings().filter((opening) => isPayable(opening, platform))
  const refunds = trades.flatMap((trade) => trade.refunds.map((refund) => ({ trade, refund })))
  const body = markup`<section class="card"><h1>支付宝网关本地模拟器<small>Local emulator of Alipay's gateway</small></h1>
<p>用于开发和测试，不连接支付宝，不涉及真实资金。<span class="en">For development and tests: not connected to Alipay, moves no money.</span></p>
<dl><dt>模拟时间 Clock</dt><dd>${beijingTime(now)}</dd><dt>控制接口 Control</dt><dd><a href="/control">/control</a></dd></dl></section>
<section class="card"><h2>待付款<small>Open links and codes</small></h2>
${table(['订单号 Order', '方式 Channel', '金额 Amount', '商品 Item', '截止 Until', ''], open.reverse(), openingCells)}</section>
<section class="card"><h2>交易<small>Trades</small></h2>
${table(['订单号 Order', '状态 Status', '金额 Amount', '已退 Refunded', '商品 Item', '创建 Created'], trades, (trade) =>
  tradeCells(trade, now),
)}</section>
<section class="card"><h2>退款<small>Refunds</small></h2>
${table(['订单号 Order', '退款号 Number', '金额 Amount', '来源 By', '时间 Time'], refunds, refundCells)}</section>`
  return renderPage('支付宝本地模拟器 Alipay emulator', body, { wide: true })
}

/** What a person can still click and pay. */
function isPayable(opening: Opening, platform: Platform): boolean {
  const now = platform.clock.now()
  if (now >= opening.open_until || platform.trades.isBlocked(opening)) return false
  const trade = platform.trades.find(opening)
  return trade === undefined || statusOf(trade, now) === 'WAIT_BUYER_PAY'
}

function openingCells(opening: Opening): Row {
  const { out_trade_no, channel, total_fen, subject, open_until } = opening
  const link = markup`<a class="pay" href="${cashierPath(opening)}" aria-label="${`付款 Pay ${out_trade_no}`}">去付款 · Pay</a>`
  return [out_trade_no, CHANNELS[channel], yuanOf(total_fen), subject, moment(open_until), link]
}

function tradeCells(trade: Trade, now: number): Row {
  const { out_trade_no, subject, total_fen, created_at } = trade
  const status = badge(statusOf(trade, now))
  return [out_trade_no, status, yuanOf(total_fen), yuanOf(refundedFen(trade)), subject, moment(created_at)]
}

function moment(ms: number): Markup {
  return markup`<time>${beijingTime(ms)}</time>`
}

function badge(status: TradeStatus): Markup {
  const [chinese, colour] = STATUS[status]
  return markup`<span class="badge ${colour}">${chinese} ${status}</span>`
}

function refundCells({ trade, refund }: { trade: Trade; refund: Refund }): Row {
  const by = refund.by === 'api' ? '接口 API' : '人工 Console'
  return [trade.out_trade_no, refund.out_request_no, yuanOf(refund.fen), by, moment(refund.at)]
}

/** Turns into a list of cards where the screen is narrow; the first cell is each row's heading. */
function table<T>(columns: readonly string[], entries: readonly T[], rowOf: (entry: T) => Row): Markup {
  if (entries.length === 0) return markup`<p>暂无<span class="en">None yet</span></p>`
  const head = columns.map((column) => markup`<th>${column}</th>`)
  const rows = entries.slice(0, MOST_ROWS).map((entry) => tableRow(columns, rowOf(entry)))
  return markup`<table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>${moreThan(rows.length, entries.length)}`
}

function moreThan(listed: number, all: number): Markup | string {
  if (listed === all) return ''
  return markup`<p>只显示最新 ${String(listed)} 条，共 ${String(all)} 条<span class="en">The newest ${String(listed)} of ${String(all)}; all: /control/trades</span></p>`
}

function tableRow(columns: readonly string[], [heading, ...cells]: Row): Markup {
  const rest = cells.map((cell, at) => markup`<td data-label="${columns[at + 1] ?? ''}"><span>${cell}</span></td>`)
  return markup`<tr><td>${heading}</td>${rest}</tr>
`
}
