// What the page of an item's order adds: the refund policy before the press, and once it is paid what was bought and the claim code.
import { type Markup, markup } from '../html.ts'
import { inLanguages } from '../language.ts'
import { isNothingDue, refundPolicyWords } from '../ledger/sale-words.ts'
import type { CheckoutView, SaleView } from './checkout-view.ts'
import { inPhrases, quoted } from './facts-page.ts'

const wordsIn = inLanguages({
  policy: {
    zh: (policy: string) => `退款规则：${policy}付款即表示同意。`,
    en: (policy: string) => `Refunds: ${policy} By paying you agree.`,
  },
  to_chat: {
    zh: '商品会交付到下单的对话里。不是您自己下的单，请不要付款。',
    en: 'What is bought goes to the chat in which it was ordered. Pay only what you have ordered yourself.',
  },
  bought: { zh: '您购买的商品', en: 'What you bought' },
  show: { zh: '查看商品内容', en: 'Show what I bought' },
  show_more: {
    zh: '查看即视为交付，之后不能自动退款。',
    en: 'Showing it delivers it: after that no refund is made by itself.',
  },
  bearer: {
    zh: '拿到本页链接的人都能看到这些内容，请不要转发。',
    en: 'Whoever has the link of this page can see this. Do not pass it on.',
  },
  in_chat: { zh: '请回到下单的对话领取商品。', en: 'Go back to the chat in which you ordered to get it.' },
  by_shop: { zh: '商家正在交付。', en: 'The shop is delivering it.' },
  by_shop_done: { zh: '商家已交付。', en: 'The shop has delivered it.' },
  delivered: { zh: '商品已交付。', en: 'It was delivered.' },
  refund_waits: { zh: '退款申请正在等待商家答复。', en: "The refund waits for the shop's answer." },
  not_now: {
    zh: '现在无法确认付款，请稍后再试，或回到下单的对话。',
    en: 'The payment cannot be confirmed just now. Try again later, or go back to the chat.',
  },
  claim: { zh: '取回码', en: 'Claim code' },
  claim_more: {
    zh: '换了对话找不到订单时，把订单号和取回码告诉助手。请不要给别人。',
    en: 'If you lose the chat, give this with the order number to the assistant. Give it to nobody else.',
  },
})

/** Between the facts and the press: the press agrees to it. */
export function saleTerms({ sale, language }: CheckoutView): Markup | undefined {
  if (!sale) return undefined
  const words = wordsIn(language)
  const policy = refundPolicyWords(sale.terms.refund, sale.terms.tip)[language]
  const toChat = isNothingDue(sale.terms) ? undefined : markup`<p class="hint">${inPhrases(words.to_chat)}</p>`
  return markup`<p class="hint">${inPhrases(words.policy(policy))}</p>${toChat}`
}

/** Of a paid order. */
export function goodsOf({ sale, language, state }: CheckoutView): Markup | undefined {
  if (!sale || (state !== 'paid' && !sale.delivery)) return undefined
  const words = wordsIn(language)
  const { claim_code } = sale
  const claim =
    claim_code === undefined || state !== 'paid'
      ? undefined
      : markup`<p>${words.claim}</p><code class="address">${claim_code.replace(/(.{4})(?!$)/g, '$1-')}</code><p class="hint">${inPhrases(words.claim_more)}</p>`
  return markup`<div class="section">${bought(sale, language)}${claim}</div>`
}

function bought(sale: SaleView, language: CheckoutView['language']): Markup | undefined {
  const words = wordsIn(language)
  const { terms, delivery, isAskedBack, show_path, isUnconfirmed } = sale
  const line = (text: string) => markup`<p>${inPhrases(text)}</p>`
  if (isNothingDue(terms)) return undefined
  if (delivery) {
    const { text, codes, confirmed } = delivery
    const goods = [...(text === undefined ? [] : [text]), ...codes].map(
      (one) => markup`<code class="address">${quoted(one)}</code>`,
    )
    if (terms.deliver === 'url') return line(confirmed ? words.by_shop_done : words.by_shop)
    if (goods.length === 0) return line(words.delivered)
    return markup`<h2>${words.bought}</h2>${goods}<p class="hint">${inPhrases(words.bearer)}</p>`
  }
  if (isAskedBack) return line(words.refund_waits)
  if (terms.deliver === 'url') return line(words.by_shop)
  if (terms.deliver === 'none') return line(words.in_chat)
  if (show_path === undefined) return line(words.in_chat)
  const note = isUnconfirmed ? markup`<p class="note">${inPhrases(words.not_now)}</p>` : undefined
  return markup`${note}<a class="button second" href="${show_path}" rel="nofollow noreferrer">${words.show}</a><p class="hint">${inPhrases(words.show_more)}</p>`
}
