// The cashier's screens: choose an account, confirm the payment, receipt, refusal.
import type { Refusal } from '../answers.ts'
import { BUYERS, type Buyer } from '../buyers.ts'
import { beijingTime } from '../clock.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { refundedFen, type Trade } from '../trade.ts'
import { cashierPath, type Opening } from '../trade-store.ts'
import { type Markup, markup } from './escaped-html.ts'
import { type Bilingual, both, fact, inEnglish, markOf, moneyOf, numberFact, renderPage } from './layout-page.ts'

const CASHIER: Bilingual = ['收银台', 'Cashier']
const CONFIRM: Bilingual = ['确认付款', 'Confirm the payment']

/** First screen: who pays. On the mobile channel the same button also confirms the password. */
export function accountPage(opening: Opening, platform: Platform): Answer {
  const mobile = opening.channel === 'mobile'
  const action = `${cashierPath(opening)}/${mobile ? 'pay' : 'login'}`
  const button: Bilingual = mobile ? ['确认付款', 'Pay'] : ['继续', 'Continue']
  const hint = mobile
    ? markup`<p class="centred">${both(['相当于已输入支付密码。', 'As if the password were entered.'])}</p>`
    : ''
  const heading = mobile ? CONFIRM : CASHIER
  return renderPage(
    heading,
    markup`<h1 class="centred">${both(heading)}</h1>${orderCard(opening, opening.open_until, platform)}<form class="card" method="post" action="${action}">
<fieldset><legend>${both(['选择测试账号', 'Choose a test account'])}</legend>
${accountChoices()}</fieldset>
<button>${both(button)}</button>${hint}
<a class="quiet" href="/">${both(['不付款，返回总览', 'Back to the overview, without paying'])}</a></form>`,
  )
}

export function accountChoices(): Markup[] {
  return BUYERS.map((buyer, at) => accountChoice(buyer, at === 0))
}

function accountChoice(buyer: Buyer, chosen: boolean): Markup {
  const checked = chosen ? markup` checked` : ''
  return markup`<label class="choice"><input type="radio" name="account" value="${buyer.account}"${checked}>
<span>${nameOf(buyer)}</span></label>
`
}

function nameOf(buyer: Buyer): Markup {
  return markup`${buyer.name} ${buyer.buyer_logon_id}${inEnglish(buyer.english)}`
}

/** Second screen of the page and qr channels. */
export function confirmPage(opening: Opening, buyer: Buyer, platform: Platform): Answer {
  return renderPage(
    CONFIRM,
    markup`<h1 class="centred">${both(CONFIRM)}</h1>${orderCard(opening, opening.expires_at, platform)}<form class="card" method="post" action="${cashierPath(opening)}/pay">
<h2>${both(['付款账户', 'Paying account'])}</h2>
<p>${nameOf(buyer)}</p>
<input type="hidden" name="account" value="${buyer.account}">
<button>${both(['确认付款', 'Pay'])}</button>
<a class="quiet" href="${cashierPath(opening)}">${both(['返回上一步', 'Back'])}</a></form>`,
  )
}

function orderCard(opening: Opening, until: number, { seller_id, clock }: Platform): Markup {
  const left = timeLeft(until - clock.now())
  return markup`<section class="card">${amount(opening.total_fen)}<dl>
${payee(seller_id)}${fact(['商品', 'Item'], opening.subject)}${numberFact(['订单号', 'Order'], opening.out_trade_no)}${fact(
  ['支付截止', 'Pay until'],
  markup`${moment(until)}${both([`北京时间，还剩${left[0]}`, `Beijing time, ${left[1]} left`])}`,
)}</dl></section>`
}

function amount(fen: number): Markup {
  return markup`<div class="amount">${moneyOf(fen)}</div>`
}

export function payee(seller_id: string): Markup {
  return fact(
    ['收款方', 'Payee'],
    markup`${both(['测试商家', 'Test merchant'])}<span class="whole">${seller_id}</span>`,
  )
}

function moment(ms: number): Markup {
  return markup`<time class="whole">${beijingTime(ms)}</time> `
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Whole ones of the unit that says most, and never more than there are. */
function timeLeft(ms: number): Bilingual {
  const several = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`
  if (ms < MINUTE) return ['不到 1 分钟', 'less than a minute']
  if (ms < 2 * HOUR) return [` ${Math.floor(ms / MINUTE)} 分钟`, several(Math.floor(ms / MINUTE), 'minute')]
  if (ms < 2 * DAY) return [` ${Math.floor(ms / HOUR)} 小时`, several(Math.floor(ms / HOUR), 'hour')]
  return [` ${Math.floor(ms / DAY)} 天`, several(Math.floor(ms / DAY), 'day')]
}

export function receiptPage(trade: Trade, return_url: string | undefined, { seller_id }: Platform): Answer {
  const back = return_url
    ? markup`<a class="button" href="${return_url}" rel="noreferrer">${both(['返回商家', 'Back to the merchant'])}</a>`
    : ''
  const refunded = refundedFen(trade)
  return renderPage(
    ['付款成功', 'Paid'],
    markup`<section class="card">${markOf('yes')}<h1 class="centred">${both(['付款成功', 'Paid'])}</h1>
${amount(trade.total_fen)}<dl>
${payee(seller_id)}${fact(['商品', 'Item'], trade.subject)}${numberFact(['订单号', 'Order'], trade.out_trade_no)}${numberFact(['交易号', 'Trade'], trade.trade_no)}${fact(['付款账户', 'Paid by'], trade.buyer.buyer_logon_id)}${fact(
  ['付款时间', 'Time'],
  markup`${moment(trade.paid_at ?? trade.created_at)}${both(['北京时间', 'Beijing time'])}`,
)}${refunded > 0 ? fact(['已退款', 'Refunded'], moneyOf(refunded)) : ''}</dl>
<p class="next">${both(['请回到与助手的对话，助手现在可以查到这笔付款。', 'Go back to the chat: the assistant sees the payment now.'])}</p>${back}</section>`,
  )
}

const NO_PAYMENT: Bilingual = ['无法付款', 'The payment is not possible']
const NEW_LINK: Bilingual = [
  '如仍需付款，请回到对话，让助手新建一个付款链接。',
  'To pay after all, go back to the chat and ask for a new link.',
]

/** Refused; the status lets a program see it without reading the page. `back` undoes a step. */
export function refusedPage(refusal: Refusal, back?: string, heading = NO_PAYMENT): Answer {
  const next = back
    ? markup`<a class="button" href="${back}">${both(['返回上一步', 'Back'])}</a>`
    : markup`<p class="centred">${both(NEW_LINK)}</p>`
  return renderPage(
    heading,
    markup`<section class="card">${markOf('no')}<h1 class="centred">${both(heading)}</h1>
<p class="centred">${both([`${refusal.sub_msg}。`, `${refusal.english}.`])}</p>
<p class="centred"><span class="en">${refusal.sub_code}</span></p>${next}</section>`,
    { status: 409 },
  )
}

export function noSuchPage(): Answer {
  return renderPage(
    ['页面不存在', 'Page not found'],
    markup`<section class="card">${markOf('no')}<h1 class="centred">${both(['页面不存在', 'Page not found'])}</h1>
<p class="centred">${both(['请重新打开付款链接。模拟器重启后，之前打开的页面会失效。', 'Open the payment link again. A restart of the emulator ends the pages opened before.'])}</p></section>`,
    { status: 404 },
  )
}
