// The page of an order that can be paid: a press for this device, the code for another one, or the way out of a chat.
import { Markup, markup } from '../html.ts'
import { LOOPBACK } from '../settings/public-address.ts'
import type { CheckoutView, PressNotice } from './checkout-view.ts'
import { wordsIn } from './checkout-words.ts'
import { cashierTimes, factsOf, inPhrases, largeAmount, quoted } from './facts-page.ts'
import { saleTerms } from './goods-page.ts'
import { type Mark, markOf } from './style-page.ts'

export interface PageParts {
  heading: string
  body: Markup
  /** In two columns, where there is room for them. */
  isWide?: boolean
}

export async function openPage(view: CheckoutView): Promise<PageParts> {
  if (view.device === 'in_chat') return inChat(view)
  return view.notice ? noticed(view, view.notice) : await payable(view)
}

async function payable(view: CheckoutView): Promise<PageParts> {
  const words = wordsIn(view.language)
  const code = view.device === 'computer' ? await codeOf(view) : undefined
  const body = markup`<div><h1><span class="to">${words.pay_to}</span> ${quoted(view.payee.name)}</h1>
${largeAmount(view.total_amount)}
${factsOf(view, { until: 'with time left' })}
${saleTerms(view)}${press(view)}${openedBefore(view)}</div>${code}`
  return { heading: words.pay_to, body, isWide: code !== undefined }
}

/** On a phone it is the mobile cashier that suits, on a computer the page; where one of them is left, it is that one. */
function pressOf({ device, presses }: CheckoutView): string | undefined {
  return device === 'computer' ? (presses.page ?? presses.mobile) : (presses.mobile ?? presses.page)
}

function press(view: CheckoutView): Markup {
  const words = wordsIn(view.language)
  const path = pressOf(view)
  if (path === undefined) return markup`<p class="note">${inPhrases(words.no_press)}</p>`
  const onComputer = view.device === 'computer'
  const hint = !onComputer ? afterPaying(view) : isLoopback(view) ? words.this_computer : words.on_computer
  return markup`${link(path, view.device === 'phone' ? words.open_alipay : words.pay_with_alipay)}
<p class="hint">${hint}</p>`
}

/** Where nobody asks Alipay the page may never say it. */
function afterPaying({ language, watched }: CheckoutView): string {
  const { updates, ask_seller } = wordsIn(language)
  return watched ? updates : ask_seller
}

function link(path: string, text: string): Markup {
  return markup`<a class="button" href="${path}" rel="nofollow noreferrer">${text}</a>`
}

function openedBefore(view: CheckoutView): Markup | undefined {
  const times = cashierTimes(view)
  const words = wordsIn(view.language)
  return times && markup`<p class="note">${inPhrases(`${words.already_opened(times.opened)}`)}</p>`
}

export function isLoopback({ address }: Pick<CheckoutView, 'address'>): boolean {
  return LOOPBACK.test(new URL(address).hostname)
}

/** None of an address that no other device reaches, and none where there is no way to pay behind it. */
async function codeOf(view: CheckoutView): Promise<Markup | undefined> {
  if (isLoopback(view) || pressOf(view) === undefined) return undefined
  const { scan, code } = wordsIn(view.language)
  return codeFigure(view, scan, code)
}

/** The page itself, to be opened on a phone. */
export async function codeFigure(
  { address, language }: Pick<CheckoutView, 'address' | 'language'>,
  caption: string,
  alt: string,
): Promise<Markup> {
  const { default: qrcode } = await import('qrcode')
  const svg = await qrcode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return markup`
<figure class="scan"><img src="data:image/svg+xml,${encodeURIComponent(svg.trim())}" width="208" height="208" alt="${alt}">
<figcaption>${caption}<span class="more">${wordsIn(language).scan_with}</span></figcaption></figure>`
}

const NOTICE_MARKS: Readonly<Record<PressNotice, Mark>> = {
  asking: 'turning',
  back: 'turning',
  not_known: 'unknown',
  waits_elsewhere: 'clock',
}

function noticed(view: CheckoutView, notice: PressNotice): PageParts {
  const words = wordsIn(view.language)
  const more = {
    asking: words.asking_more,
    back: words.asking_more,
    not_known: words.not_known_more(cashierTimes(view)?.opened),
    waits_elsewhere: words.waits_elsewhere_more,
  }
  const isAsking = notice === 'asking' || notice === 'back'
  const path = isAsking ? undefined : pressOf(view)
  // An empty address is that of this page.
  const to = notice === 'back' ? view.page_path : ''
  const again = isAsking ? markup`<p class="hint"><a href="${to}">${words.reload}</a></p>` : undefined
  const body = markup`${markOf(NOTICE_MARKS[notice])}<h1>${words[notice === 'back' ? 'asking' : notice]}</h1>
<p>${inPhrases(more[notice])}</p>${again}${path === undefined ? undefined : link(path, words.go_on)}
${factsOf(view, { payee: true, amount: 'amount', until: 'with time left' })}`
  return { heading: words[notice === 'back' ? 'asking' : notice], body }
}

/** The bar of the app with its menu at the top right, and an arrow from a globe to it. */
const MENU_PICTURE = new Markup(`<svg class="picture" viewBox="0 0 320 132" aria-hidden="true">
<path class="bar" d="M0 132V18A18 18 0 0 1 18 0h284a18 18 0 0 1 18 18v114z"/><path class="edge" d="M0 48h320"/>
<path class="faint" d="M20 18l12 12M32 18l-12 12M112 24h96"/>
<circle class="ring" cx="286" cy="24" r="17"/><path class="dots" d="M278 24h.01M286 24h.01M294 24h.01"/>
<path class="arrow" d="M152 100c70 6 118-8 131-46M271 62l12.500-9 7.500 13.500"/>
<circle class="globe" cx="112" cy="92" r="23"/><path class="globe" d="M89 92h46M112 69c-14 13-14 33 0 46c14-13 14-33 0-46z"/></svg>`)

function inChat(view: CheckoutView): PageParts {
  const facts = factsOf(view, { payee: true, amount: 'amount', until: 'with time left' })
  return outOfChat(view, markup`${openedBefore(view)}${facts}`)
}

/** Apps that do not open Alipay: how to open the page in a browser. */
export function outOfChat({ address, language }: Pick<CheckoutView, 'address' | 'language'>, rest: Markup): PageParts {
  const words = wordsIn(language)
  const body = markup`${MENU_PICTURE}<h1>${words.in_chat}</h1>
<p>${words.in_chat_why}</p>
<ol><li>${words.in_chat_menu}</li><li>${words.in_chat_choose}</li></ol>
<div class="section"><p>${words.in_chat_copy}</p>
<code class="address" id="address">${address}</code>
<button class="button second" id="copy" type="button" data-copied="${words.copied}" data-selected="${words.selected}" hidden>${words.copy}</button>
<p class="said" id="said" role="status"></p></div>
${rest}`
  return { heading: words.in_chat, body }
}
