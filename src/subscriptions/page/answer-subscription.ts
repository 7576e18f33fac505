// Answers who comes to the page of a subscription: shows it, opens Alipay for a signature, and takes the wish to end it.
import { type CheckoutSide, payeeOn } from '../../checkout/answer-checkout.ts'
import type { Device } from '../../checkout/checkout-view.ts'
import { html, notPressed, type PageAnswer, plain, redirect } from '../../checkout/page-answer.ts'
import { isOnThisComputer } from '../../checkout/short-link.ts'
import { deviceOf, isAhead, isPress, languageWanted, type Visit } from '../../checkout/visitor.ts'
import type { LinkChannel } from '../../gateway/gateway.ts'
import type { Ledger, Subscription } from '../../ledger/ledger.ts'
import { WATCHER_LEASE } from '../../ledger/watching.ts'
import { stateOf } from '../renewal.ts'
import { type SubscriptionPath, subscriptionAddress } from '../subscription-page-path.ts'
import { factsOfSubscription, type SubscriptionPageView } from './page-view.ts'
import { CANCEL_CSP, cancelPage, noSubscriptionPage, subscriptionPage } from './subscription-page.ts'

/** @throws never: where the ledger cannot be used the page says so */
export async function answerSubscription(
  path: SubscriptionPath,
  visit: Visit,
  side: CheckoutSide,
): Promise<PageAnswer> {
  try {
    return await answerFor(path, visit, side)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    side.say({ en: `The page of a subscription failed: ${why}`, zh: `有一个订阅页出错：${why}` })
    return html(503, noSubscriptionPage(languageWanted(visit), 'trouble'))
  }
}

async function answerFor({ token, step }: SubscriptionPath, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const found = await side.ledger.subscription({ token })
  if (!found) return { ...html(404, noSubscriptionPage(languageWanted(visit), 'missing')), isKnown: false }
  const isPost = visit.method === 'POST'
  if (isPost && step === 'cancel') return isAhead(visit) ? notPressed() : cancel(found, side)
  if (visit.method !== 'GET' && visit.method !== 'HEAD') {
    const allow = step === 'cancel' ? 'GET, POST' : 'GET'
    return plain(405, `${allow} only.\n`, { allow })
  }
  switch (step) {
    case 'state': {
      await askForVisitor(found, side)
      return plain(200, (await viewOf(found, visit, side)).state_key)
    }
    case 'return':
      return comesBack(found, visit, side)
    case 'cancel':
      return canBeCancelled(found) ? askWhether(found, visit, side) : redirect(pathOf(side, token))
    case 'page':
    case 'mobile':
      return isPress(visit) ? press(found, step, visit, side) : notPressed()
    default: {
      await askForVisitor(found, side)
      return html(200, await subscriptionPage(await viewOf(found, visit, side)))
    }
  }
}

/** Whoever has the link may: it opens this one subscription, and no other site knows it. */
async function cancel({ external_agreement_no, token }: Subscription, side: CheckoutSide): Promise<PageAnswer> {
  await side.ledger.requestCancel(external_agreement_no, 'page', side.actor())
  return redirect(pathOf(side, token))
}

/** Also before a signature is heard of: it may have been made. */
const canBeCancelled = ({ cancel, ended_at, signed_at, opened_at }: Subscription) =>
  !cancel && ended_at === undefined && (signed_at !== undefined || opened_at !== undefined)

async function askWhether(found: Subscription, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  return html(200, cancelPage(await viewOf(found, visit, side)), CANCEL_CSP)
}

/** A phone opens Alipay itself. A computer shows the code of the page, unless no phone can come to it. */
function channelFor(device: Device, { at }: CheckoutSide): LinkChannel | undefined {
  if (device === 'in_chat') return undefined
  if (device === 'computer') return isOnThisComputer(at) ? 'page' : undefined
  return 'mobile'
}

async function press(found: Subscription, channel: LinkChannel, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const { token } = found
  if (channelFor(deviceOf(visit), side) !== channel) return redirect(pathOf(side, token))
  const pressed = await side.ledger.pressSign(token, channel, side.actor())
  return redirect(pressed.outcome === 'go' ? pressed.link : pathOf(side, token))
}

/** Alipay leads everybody back here, signed or not: only a query says which. */
async function comesBack(found: Subscription, visit: Visit, side: CheckoutSide): Promise<PageAnswer> {
  const { external_agreement_no, token, opened_at, signed_at, ended_at } = found
  const isOpen = opened_at !== undefined && signed_at === undefined && ended_at === undefined
  if (!isOpen) return redirect(pathOf(side, token))
  await side.ledger.requestAgreementQuery(external_agreement_no, side.actor())
  const view = await viewOf(found, visit, side)
  if (!view.watched) return redirect(pathOf(side, token))
  return html(200, await subscriptionPage({ ...view, is_back: true }))
}

const SOON_MS = 5_000
const MINUTE_MS = 60_000

/** Thinned out: often right after Alipay was opened, then ever more rarely; of a live one once a minute at most. */
async function askForVisitor(found: Subscription, { ledger, actor }: CheckoutSide): Promise<void> {
  const { external_agreement_no, opened_at, checked_at = 0 } = found
  const { at } = actor()
  const state = stateOf(found, at)
  const isSigning = opened_at !== undefined && (state === 'offered' || state === 'expired')
  if (!isSigning && state !== 'live' && state !== 'paused') return
  const apart = isSigning ? Math.max(SOON_MS, Math.min(MINUTE_MS, (at - opened_at) / 4)) : MINUTE_MS
  if (at - checked_at >= apart) await ledger.requestAgreementQuery(external_agreement_no, actor())
}

async function viewOf(found: Subscription, visit: Visit, side: CheckoutSide): Promise<SubscriptionPageView> {
  const { ledger, environment } = side
  const { at: now } = side.actor()
  const [device, language] = [deviceOf(visit), languageWanted(visit)]
  const { records, frozen, watched } = await around(found, ledger, now)
  const facts = factsOfSubscription(found, records, { frozen, now })
  const path = pathOf(side, found.token)
  const channel = channelFor(device, side)
  const canSign = channel !== undefined && (facts.state === 'offered' || facts.state === 'signing')
  return {
    ...facts,
    ...{ device, language, environment, watched, payee: payeeOn(side, language) },
    address: subscriptionAddress(side.at, found.token),
    sign_path: canSign ? `${path}/${channel}` : undefined,
    ...{ page_path: path, cancel_path: `${path}/cancel`, state_path: `${path}/state`, is_back: false },
  }
}

async function around({ external_agreement_no }: Subscription, ledger: Ledger, now: number) {
  const [charges, announcements, freeze, owner] = await Promise.all([
    ledger.charges(external_agreement_no),
    ledger.announcements(external_agreement_no),
    ledger.frozen(),
    ledger.leaseOwner(WATCHER_LEASE, now),
  ])
  return { records: { charges, announcements }, frozen: freeze !== undefined, watched: owner !== undefined }
}

/** Of the page as the browser sees it: the public address may have a path of its own. */
const pathOf = ({ at }: CheckoutSide, token: string) => new URL(subscriptionAddress(at, token)).pathname
