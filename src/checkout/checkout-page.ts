// The checkout page of one order: the way to pay it, or what became of it, and who is paid; and the pages of no order.
import { type Markup, markup } from '../html.ts'
import type { Language } from '../language.ts'
import type { CheckoutState, CheckoutView } from './checkout-view.ts'
import { ENDED, wordsIn } from './checkout-words.ts'
import { cashierTimes, factsOf, inPhrases, type Listed, largeAmount } from './facts-page.ts'
import { goodsOf } from './goods-page.ts'
import { openPage, type PageParts } from './open-page.ts'
import { footerOf } from './payee-page.ts'
import { framed, type Mark, markOf } from './style-page.ts'

export { CHECKOUT_CSP } from './style-page.ts'

const ASKING_SECONDS = 2

/** The whole document. */
export async function checkoutPage(view: CheckoutView): Promise<string> {
  const { language, environment, state, payee } = view
  const { heading, body, isWide } = state === 'open' ? await openPage(view) : endedPage(view, state)
  const attributes = markup`${isWide ? markup` class="wide"` : undefined}${watchedBy(view)}`
  const title = `${heading} · ${payee.name}`
  const safety = state === 'open' ? wordsIn(language).safety : undefined
  return framed(
    { language, title, environment, attributes, refresh: refreshOf(view), footer: footerOf(view, safety) },
    body,
  )
}

const isAsking = ({ state, notice }: CheckoutView) => state === 'open' && (notice === 'asking' || notice === 'back')

/** What the script asks by. A page that stays as it is asks nothing, and one that waits for Alipay loads itself. */
function watchedBy(view: CheckoutView): Markup | undefined {
  if (view.refresh_in === undefined || isAsking(view)) return undefined
  return markup` data-state-path="${view.state_path}" data-state-key="${view.state_key}"`
}

function refreshOf(view: CheckoutView): Markup | undefined {
  const after = (seconds: number, to = '') => markup`<meta http-equiv="refresh" content="${String(seconds)}${to}">`
  if (isAsking(view)) return markup`${after(ASKING_SECONDS, view.notice === 'back' ? `; url=${view.page_path}` : '')}\n`
  return view.refresh_in === undefined ? undefined : markup`<noscript>${after(view.refresh_in)}</noscript>\n`
}

type Ended = Exclude<CheckoutState, 'open'>

const MARKS: Readonly<Record<Ended, Mark>> = {
  too_late: 'clock',
  time_is_up: 'clock',
  paid: 'yes',
  part_refunded: 'back',
  refunded: 'back',
  closed: 'closed',
  expired: 'clock',
  replaced: 'changed',
  withdrawn: 'withdrawn',
  paid_before: 'warning',
  paused: 'paused',
  other_amount: 'warning',
}

function endedPage(view: CheckoutView, state: Ended): PageParts {
  const { heading, more } = ENDED[view.language][state]
  const { large, listed } = amountsOf(view, state)
  const body = markup`${markOf(MARKS[state])}<h1>${heading}</h1>
${large === undefined ? undefined : largeAmount(large)}<p>${inPhrases(more)}</p>
${openCashier(view, state)}${goodsOf(view)}${factsOf(view, { payee: true, ...listed })}`
  return { heading, body }
}

/** The amount below the heading is the one that the heading is about. */
function amountsOf(view: CheckoutView, state: Ended): { large?: string | undefined; listed: Listed } {
  const { total_amount, refunded_total } = view
  if (state === 'paid' || state === 'refunded') return { large: total_amount, listed: {} }
  if (state === 'part_refunded') return { large: refunded_total, listed: { amount: 'amount_paid' } }
  if (state === 'other_amount') return { listed: { amount: 'asked' } }
  return { listed: { amount: 'amount', ...(state === 'too_late' && { until: 'alone' }) } }
}

/** Withdrawn is not unpayable: a cashier that is open stays open. */
function openCashier(view: CheckoutView, state: Ended): Markup | undefined {
  const times = cashierTimes(view)
  const words = wordsIn(view.language)
  const say: Partial<Record<Ended, typeof words.cashier_do_not_pay>> = {
    replaced: words.cashier_do_not_pay,
    withdrawn: words.cashier_do_not_pay,
    paused: words.cashier_ask_first,
    too_late: words.cashier_can_be_paid,
  }
  const text = times && say[state]?.(times.opened, times.until)
  return text === undefined ? undefined : markup`<p class="note">${inPhrases(text)}</p>`
}

/** While Alipay is asked whether it is paid, before anything is shown; it presses again by itself. */
export function confirmingPage(language: Language): string {
  const words = wordsIn(language)
  const refresh = markup`<meta http-equiv="refresh" content="${String(ASKING_SECONDS)}">\n`
  const body = markup`${markOf('turning')}<h1>${words.asking}</h1><p>${inPhrases(words.asking_more)}</p>`
  return framed({ language, title: words.asking, refresh }, body)
}

/** A token that nobody knows. */
export function missingPage(language: Language): string {
  return plainPage(language, 'unknown', 'missing')
}

/** Too many wrong addresses. */
export function busyPage(language: Language): string {
  return plainPage(language, 'clock', 'busy')
}

/** Nothing can be looked up just now. */
export function troublePage(language: Language): string {
  return plainPage(language, 'clock', 'trouble')
}

function plainPage(language: Language, mark: Mark, name: 'missing' | 'busy' | 'trouble'): string {
  const words = wordsIn(language)
  const body = markup`${markOf(mark)}<h1>${words[name]}</h1><p>${inPhrases(words[`${name}_more`])}</p>`
  return framed({ language, title: words[name] }, body)
}
