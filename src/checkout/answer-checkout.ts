// Answers who comes to the page of an order: shows it, presses for him, and asks for a query where he wants to know.
import type { Clock } from '../clock.ts'
import type { Environment, LinkChannel } from '../gateway/gateway.ts'
import type { Both, Language } from '../language.ts'
import type { Actor, Checkout, Ledger } from '../ledger/ledger.ts'
import { isShownOnPage } from '../ledger/shop.ts'
import { checkoutPage, confirmingPage, missingPage, troublePage } from './checkout-page.ts'
import { askApart, revealed, type Times, viewOfOrder } from './checkout-state.ts'
import type { Payee, PressNotice, SaleView } from './checkout-view.ts'
import { wordsIn } from './checkout-words.ts'
import { html, notPressed, type PageAnswer, plain, redirect } from './page-answer.ts'
import { type PagePath, shortLink } from './short-link.ts'
import { deviceOf, isPress, languageWanted, type Visit } from './visitor.ts'

export interface CheckoutSide {
  /** The address under which buyers come, without a slash at its end. */
  at: string
  environment: Environment
  payee: Payee | undefined
  /** Follows what the watcher heard of Alipay's, before each answer. */
  clock: Clock
  ledger: Ledger
  actor(): Actor
  /** Tells the operator why a page cannot be shown. */
  say(line: Both): void
}

/** @throws never: where the ledger cannot be read the page says that it cannot be shown */
export async function answerCheckout(path: PagePath, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  try {
    return await answerFor(path, visit, side)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    side.say({ en: `The page of an order could not be shown: ${why}`, zh: `有一个订单的付款页无法显示：${why}` })
    return html(503, troublePage(languageWanted(visit)))
  }
}

async function answerFor(path: PagePath, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const { ledger } = side
  const { token, step } = path
  const checkout = await ledger.checkout(token, side.actor().at)
  if (!checkout) return { ...html(404, missingPage(languageWanted(visit))), isKnown: false }
  if (visit.method !== 'GET' && visit.method !== 'HEAD') return plain(405, 'GET only.\n', { allow: 'GET' })
  if (step === 'state') {
    await askForVisitor(checkout, side)
    return plain(200, viewOfOrder(checkout, timesOf(side)).state_key)
  }
  if (step === 'return') {
    // Only of who can have paid: whoever holds a link could else keep the watcher from all others.
    const mayBePaid = askApart(checkout, side.actor().at) !== undefined
    if (!mayBePaid) return redirect(pathOf(side, token))
    const willAsk = await ledger.requestQuery(checkout.order.out_trade_no, side.actor(), APART_MS, true)
    const isAsked = willAsk || checkout.asked_at !== undefined
    return checkout.watched && isAsked ? show(checkout, token, visit, side, 'back') : redirect(pathOf(side, token))
  }
  if (step === 'goods') return isPress(visit) ? giveGoods(token, checkout, visit, side) : notPressed()
  if (step === 'page' || step === 'mobile') {
    return isPress(visit) ? press(token, step, visit, side) : notPressed()
  }
  await askForVisitor(checkout, side)
  return show(checkout, token, visit, side)
}

const APART_MS = 1_000
const MOST_ASKING_MS = 10_000

async function press(token: string, channel: LinkChannel, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const { ledger, clock } = side
  const pressed = await ledger.press(token, channel, clock.alipay(), side.actor())
  if (pressed.outcome === 'go') return redirect(pressed.link)
  const checkout = await ledger.checkout(token, side.actor().at)
  if (pressed.outcome === 'not_offered' || !checkout) return redirect(pathOf(side, token))
  const notice = pressed.outcome === 'waits_elsewhere' ? pressed.outcome : await askFirst(checkout, side)
  return show(checkout, token, visit, side, notice)
}

/** What was bought, for whoever has the link: only once Alipay has said a moment ago that it is paid. */
async function giveGoods(token: string, checkout: Checkout, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const { ledger, actor } = side
  const given = await ledger.giveOnPage(token, actor())
  if (given.outcome !== 'ask_first') return redirect(pathOf(side, token))
  const { order, asked_at, watched } = checkout
  const willAsk = await ledger.requestQuery(order.out_trade_no, actor(), APART_MS, true)
  const isAsked = willAsk || (asked_at !== undefined && actor().at - asked_at <= MOST_ASKING_MS)
  if (watched && isAsked) return html(200, confirmingPage(languageWanted(visit)))
  return show(checkout, token, visit, side, undefined, true)
}

/** One query, asked for since the last press; whoever waits for it too long is told so. */
async function askFirst(checkout: Checkout, { ledger, actor }: CheckoutSide): Promise<PressNotice> {
  const { order, pressed, asked_at, watched } = checkout
  const { at } = actor()
  const since = Math.max(pressed.page ?? 0, pressed.mobile ?? 0)
  const isAsked = asked_at !== undefined && asked_at >= since
  if (isAsked) return watched && at - asked_at <= MOST_ASKING_MS ? 'asking' : 'not_known'
  const willAsk = await ledger.requestQuery(order.out_trade_no, actor(), APART_MS, true)
  return watched && willAsk ? 'asking' : 'not_known'
}

/** Thinned out, and only after a press: before it nobody can have paid. */
async function askForVisitor(checkout: Checkout, { ledger, actor }: CheckoutSide): Promise<void> {
  const apart = askApart(checkout, actor().at)
  if (apart !== undefined) await ledger.requestQuery(checkout.order.out_trade_no, actor(), apart, true)
}

async function show(
  checkout: Checkout,
  token: string,
  visit: Visit,
  side: CheckoutSide,
  notice?: PressNotice,
  isUnconfirmed = false,
): Promise<PageAnswer> {
  const path = pathOf(side, token)
  const ofOrder = viewOfOrder(checkout, timesOf(side), notice)
  const isOffered = ofOrder.state === 'open' && notice !== 'asking' && notice !== 'back'
  const offered = !isOffered ? [] : notice ? revealed(checkout) : checkout.offered
  const view = {
    ...ofOrder,
    device: deviceOf(visit),
    language: languageWanted(visit),
    environment: side.environment,
    payee: payeeOn(side, languageWanted(visit)),
    address: shortLink(side.at, token),
    presses: Object.fromEntries(offered.map((channel) => [channel, `${path}/${channel}`])),
    notice: ofOrder.state === 'open' ? notice : undefined,
    sale: checkout.sale && { ...saleOf(checkout.sale, path), isUnconfirmed },
    page_path: path,
    state_path: `${path}/state`,
  }
  return html(200, await checkoutPage(view))
}

function saleOf({ of, delivery, request }: NonNullable<Checkout['sale']>, path: string): SaleView {
  const { terms, claim_code } = of
  const isAskedBack = request?.state === 'asked'
  const canShow = isShownOnPage(terms) && !delivery && !isAskedBack
  return { terms, claim_code, delivery, isAskedBack, show_path: canShow ? `${path}/goods` : undefined }
}

/** Where the settings do not say who is paid. */
export const payeeOn = ({ payee }: Pick<CheckoutSide, 'payee'>, language: Language): Payee =>
  payee ?? { name: wordsIn(language).seller }

const timesOf = ({ clock }: CheckoutSide): Times => ({ alipay: clock.alipay(), behind: clock.behind() })

/** Of the page as the browser sees it: the public address may have a path of its own. */
function pathOf({ at }: CheckoutSide, token: string): string {
  return new URL(shortLink(at, token)).pathname
}
