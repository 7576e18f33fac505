// The foot of a page: who is paid, as the law wants it on a public page in China.
import { type Markup, markup } from '../html.ts'
import type { Language } from '../language.ts'
import type { Payee } from './checkout-view.ts'
import { wordsIn } from './checkout-words.ts'
import { quoted } from './facts-page.ts'

const ICP_REGISTER = 'https://beian.miit.gov.cn/'

/** @param safety advice for whoever is about to pay */
export function footerOf({ language, payee }: { language: Language; payee: Payee }, safety?: string): Markup {
  const words = wordsIn(language)
  const named = (name: string, value: Markup) => markup`<span class="part">${name}${words.stop}${value}</span>
`
  const { licence, contact, icp, refund_policy } = payee
  const parts = [
    licence ? named(words.licence, quoted(licence)) : undefined,
    contact ? named(words.contact, quoted(contact)) : undefined,
    refund_policy ? named(words.refund_policy, policyOf(refund_policy)) : undefined,
    icp ? markup`<span class="part"><a href="${ICP_REGISTER}" rel="noreferrer">${quoted(icp)}</a></span>` : undefined,
  ].filter((part) => part !== undefined)
  const advice = safety === undefined ? undefined : markup`<p>${safety}</p>`
  return markup`${advice}${parts.length === 0 ? undefined : markup`<p>${parts}</p>`}`
}

/** A text, or the address of one. */
function policyOf(policy: NonNullable<Payee['refund_policy']>): Markup {
  if (!/^https?:\/\/\S+$/.test(policy)) return quoted(policy)
  return markup`<a href="${policy}" rel="noreferrer">${quoted(policy)}</a>`
}
