// What a buyer's Alipay says of an agreement, and the button that ends it there; and the overview's rows of agreements.
import { type Agreement, isInForce, paidTrades } from '../agreements/agreement.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { payee } from './cashier-page.ts'
import { type Markup, markup, type Part } from './escaped-html.ts'
import {
  type Bilingual,
  both,
  fact,
  inEnglish,
  markOf,
  moneyOf,
  numberFact,
  renderPage,
  wholeNumber,
} from './layout-page.ts'
import { planFacts } from './sign-page.ts'
import { ACTION, AMOUNT, type Column, moment, section } from './table-page.ts'

const MANAGE: Bilingual = ['自动扣款管理', 'Automatic payments']
const ENDED: Bilingual = ['自动扣款已关闭', 'Automatic payments were ended']

/** Where the buyer's page of it is. */
export function walletPath({ agreement_no }: Agreement): string {
  return `/wallet/${agreement_no}`
}

export function walletPage(agreement: Agreement, platform: Platform): Answer {
  const paid = paidTrades(agreement)
  const facts = markup`<dl>
${payee(platform.seller_id)}${planFacts(agreement.terms)}${fact(['下次扣款日', 'Next planned day'], agreement.planned_day)}${fact(
  ['已扣款', 'Charged so far'],
  both([`${paid.length} 次`, `${paid.length}`]),
)}${numberFact(['协议号', 'Agreement'], agreement.agreement_no)}${fact(
  ['付款账户', 'Paid by'],
  agreement.buyer.buyer_logon_id,
)}${agreement.unsigned ? fact(['关闭时间', 'Ended'], moment(agreement.unsigned.at)) : ''}</dl>`
  if (!isInForce(agreement, platform.clock.now())) {
    return renderPage(
      ENDED,
      markup`<section class="card">${markOf('yes')}<h1 class="centred">${both(ENDED)}</h1>${facts}</section>`,
    )
  }
  return renderPage(
    MANAGE,
    markup`<h1 class="centred">${both(MANAGE)}</h1><form class="card" method="post" action="${walletPath(agreement)}/unsign">
${facts}<button>${both(['关闭自动扣款', 'End automatic payments'])}</button>
<p>${both(['相当于买家在支付宝里关闭：商家只会在应用网关收到通知。', "As by the buyer inside Alipay: the merchant hears of it at the app's gateway address only."])}</p>
<a class="quiet" href="/">${both(['不关闭，返回总览', 'Back to the overview, without ending it'])}</a></form>`,
  )
}

const SCENE: Column = { heading: ['场景', 'Scene'] }
const STATUS: Column = { heading: ['状态', 'Status'] }
const BUYER: Column = { heading: ['买家', 'Buyer'] }
const NUMBER: Column = { heading: ['协议号', 'Agreement'] }
const NEXT: Column = { heading: ['下次扣款日', 'Next planned day'] }

/** Only where somebody signed. */
export function agreementsSection({ agreements, clock }: Platform): Markup | string {
  const newest = agreements.all().reverse()
  if (newest.length === 0) return ''
  const columns = [SCENE, STATUS, AMOUNT, BUYER, NUMBER, NEXT, ACTION]
  return section(['代扣协议', 'Agreements'], columns, newest, (one) => agreementCells(one, clock.now()))
}

function agreementCells(agreement: Agreement, now: number): readonly Part[] {
  const { agreement_no, terms, buyer, planned_day } = agreement
  const link = markup`<a class="button second" href="${walletPath(agreement)}" aria-label="${`管理 Manage ${agreement_no}`}">${both(['管理', 'Manage'])}</a>`
  const numbers = [wholeNumber(agreement_no), markup`<span class="whole">${planned_day}</span>`]
  return [
    terms.sign_scene,
    badge(agreement, now),
    moneyOf(terms.rules.single_fen),
    buyer.buyer_logon_id,
    ...numbers,
    link,
  ]
}

function badge(agreement: Agreement, now: number): Markup {
  if (!isInForce(agreement, now)) return markup`<span class="badge closed">已解约${inEnglish('ended')}</span>`
  const { status } = agreement
  const [chinese, colour] = status === 'NORMAL' ? ['生效中', 'paid'] : ['未生效', 'waiting']
  return markup`<span class="badge ${colour}">${chinese}${inEnglish(status)}</span>`
}
