// The merchant's side: the page at / with what can be paid right now and all trades and refunds, and the refund by hand.
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { Notification } from '../notifications/notification-queue.ts'
import { whyNotContinuable } from '../orders.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { type Channel, type Refund, refundedFen, statusOf, type Trade, type TradeStatus } from '../trade.ts'
import { cashierPath, type Opening } from '../trade-store.ts'
import { type Markup, markup, type Part } from './escaped-html.ts'
import { type Bilingual, both, fact, inEnglish, moneyOf, numberFact, renderPage, wholeNumber } from './layout-page.ts'
import { ACTION, AMOUNT, type Column, ITEM, moment, section } from './table-page.ts'
import { agreementsSection } from './wallet-page.ts'

const REFUNDED: Column = { heading: ['已退', 'Refunded'], right: true }
const ORDER: Column = { heading: ['订单号', 'Order'] }
const NUMBER: Column = { heading: ['退款请求号', 'Refund number'] }
const STATUS: Column = { heading: ['状态', 'Status'] }
const CHANNEL: Column = { heading: ['方式', 'Channel'] }
const SOURCE: Column = { heading: ['来源', 'By'] }
const UNTIL: Column = { heading: ['截止（北京时间）', 'Until (Beijing)'] }
const CREATED: Column = { heading: ['创建（北京时间）', 'Created (Beijing)'] }
const TIME: Column = { heading: ['时间（北京）', 'Time (Beijing)'] }
const EVENT: Column = { heading: ['通知', 'Notification'] }
const ANSWER: Column = { heading: ['商家的响应', "Merchant's answer"] }
const NEXT: Column = { heading: ['下次发送（北京）', 'Next try (Beijing)'] }

const CHANNELS: Readonly<Record<Channel, Bilingual>> = {
  page: ['电脑网页', 'page'],
  mobile: ['手机网页', 'mobile'],
  qr: ['二维码', 'qr'],
  agreement: ['代扣', 'agreement'],
}

const STATUSES: Readonly<Record<TradeStatus, readonly [chinese: string, colour: string]>> = {
  WAIT_BUYER_PAY: ['等待付款', 'waiting'],
  TRADE_SUCCESS: ['已付款', 'paid'],
  TRADE_FINISHED: ['已完结', 'paid'],
  TRADE_CLOSED: ['已关闭', 'closed'],
}

// Replaces what has changed and keeps the focus, so that the keyboard alone is enough.
const REFRESH = `
let last
setInterval(async () => {
  if (document.hidden) return
  const stopped = document.getElementById('stopped')
  try {
    const text = await (await fetch(location.href, { cache: 'no-store' })).text()
    stopped.hidden = true
    if (text === last) return
    const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main')
    const focused = document.activeElement.getAttribute('href')
    document.querySelector('main').replaceWith(document.adoptNode(next))
    last = text
    if (focused) document.querySelector('a[href="' + CSS.escape(focused) + '"]')?.focus()
  } catch {
    stopped.hidden = false
  }
}, 2000)
`

export function overviewPage(platform: Platform): Answer {
  const now = platform.clock.now()
  const trades = platform.trades.all().reverse()
  const open = platform.trades.openings().filter((opening) => isPayable(opening, platform))
  const refunds = trades.flatMap((trade) => trade.refunds.map((refund) => ({ trade, refund })))
  const body = markup`<section class="card"><h1>${both(['支付宝网关本地模拟器', "Local emulator of Alipay's gateway"])}</h1>
<dl>${fact(['模拟时间（北京）', 'Clock (Beijing time)'], minute(now))}${fact(
    ['控制接口', 'Control'],
    markup`<a href="/control">/control</a>`,
  )}</dl>
<p>${both(['用于开发和测试，不连接支付宝，不涉及真实资金。本页自动刷新。', 'For development and tests: not connected to Alipay, moves no money. This page refreshes itself.'])}</p></section>
${section(['待付款', 'Open links and codes'], [ITEM, AMOUNT, ORDER, CHANNEL, UNTIL, ACTION], open.reverse(), openingCells)}
${section(['交易', 'Trades'], [ITEM, STATUS, AMOUNT, REFUNDED, ORDER, CREATED, ACTION], trades, (trade) => tradeCells(trade, now))}
${section(['退款', 'Refunds'], [ITEM, AMOUNT, NUMBER, ORDER, SOURCE, TIME], refunds, refundCells)}
${agreementsSection(platform)}${notificationsSection(platform)}`
  return renderPage(['支付宝本地模拟器', 'Alipay emulator'], body, { wide: true, script: REFRESH })
}

/** What a person can still click and pay. */
function isPayable(opening: Opening, platform: Platform): boolean {
  const now = platform.clock.now()
  if (now >= opening.open_until || platform.trades.isBlocked(opening)) return false
  const trade = platform.trades.find(opening)
  return trade === undefined || whyNotContinuable(trade, opening, platform) === undefined
}

function openingCells(opening: Opening): readonly Part[] {
  const { out_trade_no, channel, total_fen, subject, open_until } = opening
  const link = markup`<a class="button" href="${cashierPath(opening)}" aria-label="${`付款 Pay ${out_trade_no}`}">${both(['付款', 'Pay'])}</a>`
  return [subject, moneyOf(total_fen), wholeNumber(out_trade_no), both(CHANNELS[channel]), moment(open_until), link]
}

function tradeCells(trade: Trade, now: number): readonly Part[] {
  const { out_trade_no, subject, total_fen, created_at } = trade
  const status = statusOf(trade, now)
  const refund = status === 'TRADE_SUCCESS' ? refundLink(trade) : ''
  const sums = [moneyOf(total_fen), moneyOf(refundedFen(trade))]
  return [subject, badge(status), ...sums, wholeNumber(out_trade_no), moment(created_at), refund]
}

function refundLink(trade: Trade): Markup {
  return markup`<a class="button second" href="${refundPath(trade)}" aria-label="${`退款 Refund ${trade.out_trade_no}`}">${both(['退款', 'Refund'])}</a>`
}

function refundCells({ trade, refund }: { trade: Trade; refund: Refund }): readonly Part[] {
  const by: Bilingual = refund.by === 'api' ? ['接口', 'API'] : ['人工', 'by hand']
  return [
    trade.subject,
    moneyOf(refund.fen),
    wholeNumber(refund.out_request_no),
    wholeNumber(trade.out_trade_no),
    both(by),
    moment(refund.at),
  ]
}

/** Only where an order named an address for them. */
function notificationsSection({ notifications }: Platform): Markup | string {
  const newest = [...notifications.all()].reverse()
  if (newest.length === 0) return ''
  return section(['异步通知', 'Notifications'], [EVENT, ORDER, ANSWER, NEXT], newest, notificationCells)
}

const EVENTS: Readonly<Record<Notification['event'], Bilingual>> = {
  payment: ['付款', 'payment'],
  refund: ['退款', 'refund'],
  close: ['关闭', 'close'],
  sign: ['签约', 'signed'],
  unsign: ['解约', 'unsigned'],
}

function notificationCells({ event, fields, deliveries, due_at, confirmed }: Notification): readonly Part[] {
  const last = deliveries.at(-1)?.answer ?? both(['尚未发送', 'not sent'])
  const next = due_at === undefined ? both(confirmed ? ['已确认', 'confirmed'] : ['不再发送', 'none']) : moment(due_at)
  const number = fields.get('out_trade_no') ?? fields.get('agreement_no') ?? ''
  return [both(EVENTS[event]), wholeNumber(number), last, next]
}

/** Without seconds: what does not change is not loaded into the page again. */
function minute(ms: number): Markup {
  return markup`<time class="whole">${beijingTime(ms).slice(0, 16)}</time>`
}

function badge(status: TradeStatus): Markup {
  const [chinese, colour] = STATUSES[status]
  return markup`<span class="badge ${colour}">${chinese}${inEnglish(status)}</span>`
}

/** Where the merchant refunds a trade by hand. */
export function refundPath({ trade_no }: Trade): string {
  return `/refund/${trade_no}`
}

export function refundPage(trade: Trade): Answer {
  const refunded = refundedFen(trade)
  return renderPage(
    ['人工退款', 'Refund by hand'],
    markup`<form class="card" method="post" action="${refundPath(trade)}">
<fieldset><legend><h1>${both(['人工退款', 'Refund by hand'])}</h1></legend>
<dl>${fact(['商品', 'Item'], trade.subject)}${numberFact(['订单号', 'Order'], trade.out_trade_no)}${fact(
      ['付款账户', 'Paid by'],
      trade.buyer.buyer_logon_id,
    )}${fact(['金额', 'Amount'], moneyOf(trade.total_fen))}${fact(['已退', 'Refunded'], moneyOf(refunded))}</dl>
<p><label>${both(['退款金额（元）', 'Refund (yuan)'])}
<input type="text" name="refund_amount" inputmode="decimal" autocomplete="off" required value="${yuanOf(trade.total_fen - refunded)}"></label></p></fieldset>
<button>${both(['退款', 'Refund'])}</button>
<p>${both(['相当于在商家中心手工退款：接口查不到这笔退款的退款请求号。', "As by hand in the merchant's console: the API does not know the number of this refund."])}</p>
<a class="quiet" href="/">${both(['不退款，返回总览', 'Back to the overview, without a refund'])}</a></form>`,
  )
}
