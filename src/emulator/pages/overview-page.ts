// The page at /: what this is, and all trades and refunds.
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { type Refund, refundedFen, statusOf, type Trade } from '../trade.ts'
import { type Markup, markup } from './escaped-html.ts'
import { page } from './layout-page.ts'

export function overviewPage(platform: Platform): Answer {
  const now = platform.clock.now()
  const trades = platform.book.all()
  const refunds = trades.flatMap((trade) => trade.refunds.map((refund) => refundRow(trade, refund)))
  const body = markup`<section class="card"><h1>支付宝网关本地模拟器<small>Local emulator of Alipay's gateway</small></h1>
<p>用于开发和测试，不连接支付宝，不涉及真实资金。<span class="en">For development and tests: not connected to Alipay, moves no money.</span></p>
<dl><dt>模拟时间 Clock</dt><dd>${beijingTime(now)}</dd><dt>控制接口 Control</dt><dd><a href="/control">/control</a></dd></dl></section>
<section class="card"><h1>交易<small>Trades</small></h1>
${table(
  ['订单号 Order', '状态 Status', '金额 Amount', '已退 Refunded', '商品 Item', '创建 Created'],
  trades.map((trade) => tradeRow(trade, now)),
)}</section>
<section class="card"><h1>退款<small>Refunds</small></h1>
${table(['订单号 Order', '退款号 Number', '金额 Amount', '来源 By', '时间 Time'], refunds)}</section>`
  return page('支付宝本地模拟器 Alipay emulator', body, { wide: true })
}

function table(columns: readonly string[], rows: readonly Markup[]): Markup {
  if (rows.length === 0) return markup`<p>暂无<span class="en">None yet</span></p>`
  const head = columns.map((column) => markup`<th>${column}</th>`)
  return markup`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
}

function tradeRow(trade: Trade, now: number): Markup {
  return markup`<tr><td>${trade.out_trade_no}</td><td>${statusOf(trade, now)}</td><td>${yuanOf(trade.total_fen)}</td>
<td>${yuanOf(refundedFen(trade))}</td><td>${trade.subject}</td><td>${beijingTime(trade.created_at)}</td></tr>`
}

function refundRow(trade: Trade, refund: Refund): Markup {
  const by = refund.by === 'api' ? '接口 API' : '人工 Console'
  return markup`<tr><td>${trade.out_trade_no}</td><td>${refund.out_request_no}</td><td>${yuanOf(refund.fen)}</td>
<td>${by}</td><td>${beijingTime(refund.at)}</td></tr>`
}
