// The page on which a buyer signs an agreement, as Alipay shows it, and the one that says that it is signed.
import type { Agreement, Signing } from '../agreements/agreement.ts'
import { addDays, beijingDay } from '../clock.ts'
import type { Platform } from '../platform.ts'
import type { Answer } from '../reply.ts'
import { accountChoices, payee } from './cashier-page.ts'
import { type Markup, markup } from './escaped-html.ts'
import { type Bilingual, both, fact, longFact, markOf, moneyOf, numberFact, renderPage } from './layout-page.ts'

const SIGN: Bilingual = ['开通自动扣款', 'Agree to automatic payments']
const SIGNED: Bilingual = ['签约成功', 'Signed']

export function signPage(signing: Signing, action: string, platform: Platform): Answer {
  return renderPage(
    SIGN,
    markup`<h1 class="centred">${both(SIGN)}</h1><section class="card"><dl>
${payee(platform.seller_id)}${planFacts(signing)}${missedFact(signing, platform)}</dl></section><form class="card" method="post" action="${action}">
<fieldset><legend>${both(['选择测试账号', 'Choose a test account'])}</legend>
${accountChoices()}</fieldset>
<p>${both(['同意后，商家可按以上约定从你的账户扣款，扣款时不再需要你确认。你可以随时在支付宝里关闭。', 'If you agree, the merchant can charge your account as said above, without asking you each time. You can end this in Alipay at any time.'])}</p>
<button>${both(['同意协议并开通', 'Agree'])}</button>
<a class="quiet" href="/">${both(['不开通，返回总览', 'Back to the overview, without agreeing'])}</a></form>`,
  )
}

/** What was agreed, or would be. */
export function planFacts({ rules, sign_scene, external_agreement_no, external_logon_id }: Signing): Markup {
  const { single_fen, total_fen, total_payments, execute_time } = rules
  return markup`${fact(['扣款周期', 'Charged'], both(periodOf(rules)))}${fact(
    ['首次扣款日', 'First planned day'],
    execute_time,
  )}${fact(['单次最多', 'At most, each time'], moneyOf(single_fen))}${
    total_fen === undefined ? '' : fact(['累计最多', 'At most, in all'], moneyOf(total_fen))
  }${
    total_payments === undefined
      ? ''
      : fact(['扣款次数', 'How many times'], both([`${total_payments} 次`, String(total_payments)]))
  }${fact(['场景', 'Scene'], sign_scene)}${
    external_logon_id === undefined ? '' : fact(['商家账号', 'Account with the merchant'], external_logon_id)
  }${external_agreement_no === undefined ? '' : longFact(['商家签约号', "Merchant's number"], external_agreement_no)}`
}

function periodOf({ period_type, period }: Signing['rules']): Bilingual {
  const several = (one: string) => (period === 1 ? `every ${one}` : `every ${period} ${one}s`)
  if (period_type === 'DAY') return [`每 ${period} 天一次`, several('day')]
  return [period === 1 ? '每月一次' : `每 ${period} 个月一次`, several('month')]
}

/** Links do not expire: whoever comes late sees that the first day has passed. */
function missedFact({ rules }: Signing, { clock }: Platform): Markup | string {
  if (beijingDay(clock.now()) < addDays(rules.execute_time, 1)) return ''
  return fact(['提示', 'Note'], both(['首次扣款日已过', 'The first planned day has passed']))
}

export function signedPage(agreement: Agreement, wallet: string, return_url: string | undefined): Answer {
  const back = return_url
    ? markup`<a class="button" href="${return_url}" rel="noreferrer">${both(['返回商家', 'Back to the merchant'])}</a>`
    : ''
  return renderPage(
    SIGNED,
    markup`<section class="card">${markOf('yes')}<h1 class="centred">${both(SIGNED)}</h1><dl>
${planFacts(agreement.terms)}${numberFact(['协议号', 'Agreement'], agreement.agreement_no)}${fact(
  ['付款账户', 'Paid by'],
  agreement.buyer.buyer_logon_id,
)}</dl>
<p class="next">${both(['请回到与助手的对话，助手现在可以查到这份协议。', 'Go back to the chat: the assistant sees the agreement now.'])}</p>${back}
<a class="quiet" href="${wallet}">${both(['在“支付宝”里管理或关闭', 'Manage or end it inside "Alipay"'])}</a></section>`,
  )
}
