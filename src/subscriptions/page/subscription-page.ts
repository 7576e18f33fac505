// The page of one subscription: what is signed, and by which press; how it stands; and the question whether to end it.
import { wordsIn as commonWordsIn } from '../../checkout/checkout-words.ts'
import { inPhrases, largeAmount, quoted, row, timeLeft, yuanOf } from '../../checkout/facts-page.ts'
import { codeFigure, isLoopback, outOfChat, type PageParts } from '../../checkout/open-page.ts'
import { footerOf } from '../../checkout/payee-page.ts'
import { CHECKOUT_CSP, framed, type Mark, markOf } from '../../checkout/style-page.ts'
import { type Markup, markup } from '../../html.ts'
import type { Language } from '../../language.ts'
import { toYuan } from '../../money.ts'
import { periodText } from '../../shop/plan-words.ts'
import type { PageState, SubscriptionPageView } from './page-view.ts'
import { CANCELLED_BY, STANDING, wordsIn } from './page-words.ts'

/** Of the page that asks: its form comes back to where it is. */
export const CANCEL_CSP = CHECKOUT_CSP.replace("form-action 'none'", "form-action 'self'")

const ASKING_SECONDS = 2
const RELOAD_SECONDS = 10

/** The whole document. */
export async function subscriptionPage(view: SubscriptionPageView): Promise<string> {
  const { heading, body, isWide } = await partsOf(view)
  const attributes = markup`${isWide ? markup` class="wide"` : undefined}${watchedBy(view)}`
  return documentOf(view, heading, body, { attributes, refresh: refreshOf(view) })
}

/** Whether it is to be ended; a look at it ends nothing. */
export function cancelPage(view: SubscriptionPageView): string {
  const words = wordsIn(view.language)
  const body = markup`${markOf('withdrawn')}<h1>${words.really}</h1>
<p>${inPhrases(words.really_more)}</p>
<form method="post" action="${view.cancel_path}"><button class="button" type="submit">${words.yes}</button></form>
<a class="button second" href="${view.page_path}">${words.no}</a>
<dl>${itemRow(view)}${row(words.price, markup`${priceOf(view)}`)}${numberRow(view)}</dl>`
  return documentOf(view, words.really, body, {})
}

type Rest = Partial<Record<'attributes' | 'refresh', Markup | undefined>>

function documentOf(view: SubscriptionPageView, heading: string, body: Markup, rest: Rest): string {
  const { language, environment, payee } = view
  const title = `${heading} · ${payee.name}`
  return framed({ language, title, environment, ...rest, footer: footerOf(view) }, body)
}

function partsOf(view: SubscriptionPageView): Promise<PageParts> | PageParts {
  const { state } = view
  if (view.is_back && state !== 'live') return backParts(view)
  return state === 'offered' || state === 'signing' ? openParts(view) : standingParts(view, state)
}

/** Nobody is waited for where it stays as it is. */
const isOver = ({ state, on_the_way_fen, opened_at }: SubscriptionPageView) =>
  (state === 'ended' && on_the_way_fen === undefined) ||
  (state === 'over' && opened_at === undefined) ||
  state === 'withdrawn'

function watchedBy(view: SubscriptionPageView): Markup | undefined {
  if (isOver(view) || view.is_back) return undefined
  return markup` data-state-path="${view.state_path}" data-state-key="${view.state_key}"`
}

function refreshOf(view: SubscriptionPageView): Markup | undefined {
  const after = (seconds: number, to = '') => markup`<meta http-equiv="refresh" content="${String(seconds)}${to}">`
  if (view.is_back) return markup`${after(ASKING_SECONDS, `; url=${view.page_path}`)}\n`
  return isOver(view) ? undefined : markup`<noscript>${after(RELOAD_SECONDS)}</noscript>\n`
}

async function openParts(view: SubscriptionPageView): Promise<PageParts> {
  const words = wordsIn(view.language)
  const facts = markup`<dl>${itemRow(view)}${planRows(view)}${signBefore(view)}${numberRow(view)}</dl>`
  const amount = largeAmount(toYuan(view.terms.price_fen), words.renewed(periodText(view.terms)[view.language]))
  if (view.device === 'in_chat') return outOfChat(view, markup`${amount}${facts}`)
  const code =
    view.device === 'computer' && !isLoopback(view) ? await codeFigure(view, words.scan, words.code) : undefined
  const body = markup`<div><h1><span class="to">${words.subscribe_to}</span> ${quoted(view.payee.name)}</h1>
${amount}
${facts}
<p class="note">${inPhrases(words.agree)}</p>${press(view)}${openedBefore(view)}${signedAlready(view)}</div>${code}`
  return { heading: words.subscribe_to, body, isWide: code !== undefined }
}

function press(view: SubscriptionPageView): Markup {
  const words = wordsIn(view.language)
  const { sign_path, state, watched } = view
  const hints = [words.signing_is_free, watched ? words.updates : words.ask_seller]
  const hint = (texts: readonly string[]) => markup`<p class="hint">${texts.map((text) => inPhrases(text))}</p>`
  if (sign_path === undefined) return hint([words.on_phone, ...hints])
  const text = state === 'signing' ? words.sign_on : words.sign
  return markup`<a class="button" href="${sign_path}" rel="nofollow noreferrer">${text}</a>${hint(hints)}`
}

function openedBefore({ opened_at, language }: SubscriptionPageView): Markup | undefined {
  if (opened_at === undefined) return undefined
  return markup`<p class="note">${inPhrases(wordsIn(language).opened_before(opened_at.slice(5)))}</p>`
}

/** The signature may have been made, and nobody has heard of it. */
function signedAlready({ opened_at, language, cancel_path }: SubscriptionPageView): Markup | undefined {
  if (opened_at === undefined) return undefined
  return markup`<p class="hint"><a href="${cancel_path}" rel="nofollow noreferrer">${wordsIn(language).signed_already}</a></p>`
}

const MARKS: Readonly<Record<Exclude<PageState, 'offered' | 'signing'>, Mark>> = {
  paused: 'paused',
  live: 'yes',
  on_hold: 'paused',
  cancelling: 'closed',
  ended: 'closed',
  over: 'clock',
  withdrawn: 'withdrawn',
}

function standingParts(view: SubscriptionPageView, state: keyof typeof MARKS): PageParts {
  const words = wordsIn(view.language)
  const { heading, more } = STANDING[view.language][state]
  const { on_the_way_fen } = view
  const onTheWay =
    on_the_way_fen === undefined
      ? undefined
      : markup`<p class="note">${inPhrases(words.on_the_way(yuanOf(toYuan(on_the_way_fen))))}</p>`
  const isPlain = state !== 'live' && state !== 'paused'
  const amount = isPlain
    ? undefined
    : largeAmount(toYuan(view.terms.price_fen), words.renewed(periodText(view.terms)[view.language]))
  const price = isPlain ? row(words.price, markup`${priceOf(view)}`) : undefined
  const body = markup`${markOf(MARKS[state])}<h1>${heading}</h1>
${amount}<p>${inPhrases(more)}</p>${onTheWay}
<dl>${payeeRow(view)}${itemRow(view)}${price}${state === 'live' || state === 'paused' ? planRows(view) : undefined}${paidRow(view)}${timeRows(view)}${numberRow(view)}</dl>
${state === 'live' || state === 'on_hold' ? cancelLink(view) : undefined}${state === 'over' || state === 'paused' ? signedAlready(view) : undefined}`
  return { heading, body }
}

function cancelLink({ language, cancel_path }: SubscriptionPageView): Markup {
  const words = wordsIn(language)
  return markup`<a class="button second" href="${cancel_path}" rel="nofollow noreferrer">${words.cancel}</a>
<p class="hint">${inPhrases(words.bearer)}</p>`
}

function backParts(view: SubscriptionPageView): PageParts {
  const words = wordsIn(view.language)
  const body = markup`${markOf('turning')}<h1>${words.back}</h1>
<p>${inPhrases(words.back_more)}</p><p class="hint"><a href="${view.page_path}">${words.reload}</a></p>
<dl>${payeeRow(view)}${itemRow(view)}${row(words.price, markup`${priceOf(view)}`)}${numberRow(view)}</dl>`
  return { heading: words.back, body }
}

const priceOf = ({ terms, language }: SubscriptionPageView) =>
  `${yuanOf(toYuan(terms.price_fen))} ${periodText(terms)[language]}`

const payeeRow = ({ payee, language }: SubscriptionPageView) => row(commonWordsIn(language).payee, quoted(payee.name))
const itemRow = ({ terms, language }: SubscriptionPageView) => row(wordsIn(language).item, quoted(terms.subject))
const numberRow = ({ external_agreement_no, language }: SubscriptionPageView) =>
  row(wordsIn(language).number, quoted(external_agreement_no), true)

/** What is agreed on, and when money moves next. */
function planRows({ terms, next, language, state }: SubscriptionPageView): Markup {
  const words = wordsIn(language)
  const { trial_days, payments, ceiling_fen, price_fen } = terms
  const isLive = state === 'live'
  const trial =
    trial_days === undefined || isLive ? undefined : row(words.trial, markup`${words.trial_days(trial_days)}`)
  const soon = isLive ? words.from_now : words.after_signing
  const when = next?.earliest === undefined ? soon : words.early(next.earliest)
  const early = markup`<span class="more">${when}</span>`
  const day = next && row(isLive ? words.next_charge : words.first_charge, markup`${next.day}${early}`)
  const count = payments === undefined ? words.until_cancelled : words.at_most(payments)
  const limit = markup`${yuanOf(toYuan(ceiling_fen))}<span class="more">${words.ceiling_more}</span>`
  return markup`${trial}${day}${isLive ? undefined : row(words.count, markup`${count}`)}${
    ceiling_fen > price_fen && !isLive ? row(words.ceiling, limit) : undefined
  }`
}

function paidRow({ paid, terms, language, signed_at }: SubscriptionPageView): Markup | undefined {
  const words = wordsIn(language)
  return signed_at === undefined ? undefined : row(words.paid, markup`${words.paid_count(paid, terms.payments)}`)
}

function signBefore({ offer_until, seconds_left, language }: SubscriptionPageView): Markup {
  const common = commonWordsIn(language)
  const more = markup`<span class="more">${common.beijing}${timeLeft({ seconds_left }, common)}</span>`
  return row(wordsIn(language).sign_before, markup`${offer_until.slice(0, 16)}${more}`)
}

function timeRows({ signed_at, cancelled, ended_at, language }: SubscriptionPageView): Markup {
  const words = wordsIn(language)
  const at = (name: string, time: string | undefined, more?: string) =>
    time === undefined ? undefined : row(name, markup`${time}<span class="more">${more}</span>`)
  const by = cancelled && CANCELLED_BY[language][cancelled.by]
  const { beijing } = commonWordsIn(language)
  const ended = ended_at === cancelled?.at ? undefined : at(words.ended_at, ended_at, beijing)
  return markup`${at(words.signed_at, signed_at, beijing)}${at(words.cancelled_at, cancelled?.at, by)}${ended}`
}

/** A token that nobody knows, or nothing that can be looked up just now. */
export function noSubscriptionPage(language: Language, why: 'missing' | 'trouble'): string {
  const words = wordsIn(language)
  const body = markup`${markOf(why === 'missing' ? 'unknown' : 'clock')}<h1>${words[why]}</h1>
<p>${inPhrases(words[`${why}_more`])}</p>`
  return framed({ language, title: words[why] }, body)
}
