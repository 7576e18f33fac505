// The cashier's screens: choose an account, confirm the payment, receipt, refusal.
import type { Refusal } from '../answers.ts'
import { BUYERS, type Buyer } from '../buyers.ts'
import { beijingTime } from '../clock.ts'
import { yuanOf } from '../fen.ts'
import type { Answer } from '../reply.ts'
import type { Trade } from '../trade.ts'
import { cashierPath, type Opening } from '../trade-store.ts'
import { type Markup, markup } from './escaped-html.ts'
import { renderPage } from './layout-page.ts'

/** First screen: who pays. On the mobile channel the same button also confirms the password. */
export function accountPage(opening: Opening): Answer {
  const mobile = opening.channel === 'mobile'
  const action = `${cashierPath(opening)}/${mobile ? 'pay' : 'login'}`
  const heading = mobile
    ? markup`<h1>确认付款<small>Confirm the payment</small></h1>`
    : markup`<h1>扫码或登录<small>Scan or log in</small></h1>`
  const button = mobile
    ? markup`确认付款（模拟输入支付密码）<br>Pay (as if the password were entered)`
    : markup`以此账户继续 · Continue`
  return renderPage(
    '收银台 Cashier',
    markup`${orderCard(opening)}<form class="card" method="post" action="${action}">${heading}
${BUYERS.map((buyer, at) => accountChoice(buyer, at === 0))}<button>${button}</button></form>`,
  )
}

function accountChoice(buyer: Buyer, chosen: boolean): Markup {
  const checked = chosen ? markup` checked` : ''
  return markup`<label><input type="radio" name="account" value="${buyer.account}"${checked}>
<span>${buyer.name} ${buyer.buyer_logon_id}<span class="en">${buyer.english}</span></span></label>`
}

/** Second screen of the page and qr channels. */
export function confirmPage(opening: Opening, buyer: Buyer): Answer {
  return renderPage(
    '确认付款 Confirm',
    markup`${orderCard(opening)}<form class="card" method="post" action="${cashierPath(opening)}/pay">
<h1>确认付款<small>Confirm the payment</small></h1>
<p>${buyer.name} ${buyer.buyer_logon_id}<span class="en">${buyer.english}</span></p>
<input type="hidden" name="account" value="${buyer.account}">
<button>确认付款 · Pay</button></form>`,
  )
}

function orderCard(opening: Opening): Markup {
  return markup`<section class="card"><div class="amount">¥${yuanOf(opening.total_fen)}</div><dl>
<dt>商品 Item</dt><dd>${opening.subject}</dd>
<dt>订单号 Order</dt><dd>${opening.out_trade_no}</dd>
<dt>支付截止 Pay until</dt><dd>${beijingTime(opening.expires_at)}</dd></dl></section>`
}

export function receiptPage(trade: Trade, return_url: string | undefined): Answer {
  const back = return_url
    ? markup`<a class="button" href="${return_url}" rel="noreferrer">返回商家 · Back to the merchant</a>`
    : ''
  return renderPage(
    '付款成功 Paid',
    markup`<section class="card"><h1>付款成功<small>Paid</small></h1>
<div class="amount">¥${yuanOf(trade.total_fen)}</div><dl>
<dt>商品 Item</dt><dd>${trade.subject}</dd>
<dt>订单号 Order</dt><dd>${trade.out_trade_no}</dd>
<dt>交易号 Trade</dt><dd>${trade.trade_no}</dd>
<dt>付款账户 Paid by</dt><dd>${trade.buyer.buyer_logon_id}</dd>
<dt>付款时间 Time</dt><dd>${beijingTime(trade.paid_at ?? trade.created_at)}</dd></dl>${back}</section>`,
  )
}

/** Refused at the cashier; the status lets a program see it without reading the page. `back` undoes a step. */
export function refusedPage(refusal: Refusal, back?: string): Answer {
  const again = back ? markup`<a class="button quiet" href="${back}">返回收银台 · Back to the cashier</a>` : ''
  return renderPage(
    '无法付款 Not possible',
    markup`<section class="card"><h1>无法付款<small>The payment is not possible</small></h1>
<p>${refusal.sub_msg}<span class="en">${refusal.english}</span></p>
<dl><dt>错误代码 Code</dt><dd>${refusal.sub_code}</dd></dl>${again}</section>`,
    { status: 409 },
  )
}

export function noCashierPage(): Answer {
  return renderPage(
    '页面不存在 Not found',
    markup`<section class="card"><h1>页面不存在，请重新打开付款链接<small>No such page; open the payment link again</small></h1></section>`,
    { status: 404 },
  )
}
