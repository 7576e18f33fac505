// The facts of an order as the checkout page lists them: each once, in the buyer's language, escaped.
import { type Markup, markup } from '../html.ts'
import type { CheckoutView } from './checkout-view.ts'
import { wordsIn } from './checkout-words.ts'

type Words = ReturnType<typeof wordsIn>

/** The sign and the groups are for the eye: ¥1,256.00. */
export function yuanOf(amount: string): string {
  return `¥${amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')}`
}

/** The large one, of which there is one on a page at most. @param more what it is for, below it */
export function largeAmount(amount: string, more?: string): Markup {
  const text = yuanOf(amount)
  const size = text.length > 10 ? 'amount long' : 'amount'
  return markup`<p class="${size}"><span class="sign">¥</span>${text.slice(1)}${more && markup`<span class="more">${more}</span>`}</p>`
}

/** What others wrote: its direction of writing must not turn the words around it. */
export function quoted(text: string): Markup {
  return markup`<bdi>${text}</bdi>`
}

/** Chinese breaks between its sentences, or else between their phrases, where it would break within any word. */
export function inPhrases(text: string): Markup {
  const sentences = text.match(/[^。；]+[。；]?/g) ?? []
  const phrases = sentences.map((sentence) => unbroken(sentence.match(/[^，]+，?/g)?.map((one) => unbroken(one)) ?? []))
  return markup`${phrases}`
}

function unbroken(part: string | readonly Markup[]): Markup {
  return markup`<span class="unbroken">${part}</span>`
}

export function row(name: string, value: Markup, isNumber = false): Markup {
  return markup`<div class="row${isNumber ? ' number' : ''}"><dt>${name}</dt><dd>${value}</dd></div>
`
}

export interface Listed {
  payee?: boolean
  /** The name that the amount has here, where it does not stand above. */
  amount?: 'amount' | 'asked' | 'amount_paid'
  until?: 'with time left' | 'alone'
}

export function factsOf(view: CheckoutView, { payee, amount, until }: Listed): Markup {
  const words = wordsIn(view.language)
  return markup`<dl>${payee ? row(words.payee, quoted(view.payee.name)) : undefined}${itemRows(view, words)}${
    amount && row(words[amount], markup`${yuanOf(view.total_amount)}`)
  }${until && row(words.until, markup`${view.time_expire.slice(0, 16)}<span class="more">${words.beijing}${until === 'alone' ? undefined : timeLeft(view, words)}</span>`)}${
    view.paid_at === undefined
      ? undefined
      : row(words.paid_at, markup`${view.paid_at.slice(0, 16)}<span class="more">${words.beijing}</span>`)
  }${row(words.order, quoted(view.out_trade_no), true)}</dl>`
}

function itemRows({ subject, body }: CheckoutView, words: Words): Markup | undefined {
  if (!subject && !body) return undefined
  const more = subject && body ? markup`<span class="more">${quoted(body)}</span>` : undefined
  return row(words.item, markup`${quoted(subject || body || '')}${more}`)
}

/** The script goes on counting from `data-seconds`; without one it stands still, and says whole minutes. */
export function timeLeft({ seconds_left }: Pick<CheckoutView, 'seconds_left'>, words: Words): Markup {
  const seconds = Math.max(0, Math.floor(seconds_left))
  const left = markup`<span id="left" data-seconds="${String(seconds)}" data-units="${words.units}">${inUnits(seconds, words)}</span>`
  return markup`${words.before_left}${left}${words.behind_left}`
}

function inUnits(seconds: number, words: Words): string {
  const [day, hour, minute] = words.units.split(',')
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (minutes < 1) return words.under_a_minute
  if (hours < 1) return `${minutes} ${minute}`
  if (hours < 24) return `${hours} ${hour} ${minutes % 60} ${minute}`
  return `${Math.floor(hours / 24)} ${day} ${hours % 24} ${hour}`
}

/** When the cashier was opened, and until when it can be paid there: with the day only where these are two. */
export function cashierTimes({
  cashier_opened_at,
  time_expire,
}: CheckoutView): { opened: string; until: string } | undefined {
  if (cashier_opened_at === undefined) return undefined
  const from = cashier_opened_at.slice(0, 10) === time_expire.slice(0, 10) ? 11 : 5
  return { opened: cashier_opened_at.slice(from, 16), until: time_expire.slice(from).replace(/:00$/, '') }
}
