// /cashier/... and /qr/...: the buyer's pages as plain form posts, so that a program can take the same steps.
import { Refusal } from './answers.ts'
import { type Buyer, buyerOf } from './buyers.ts'
import { hasLocalOrigin, type Incoming } from './incoming.ts'
import { joinOrder, payOrder, refuseIfTooLate } from './orders.ts'
import { accountPage, confirmPage, noSuchPage, receiptPage, refusedPage } from './pages/cashier-page.ts'
import type { Platform } from './platform.ts'
import { plainText, type Reply, redirect } from './reply.ts'
import { signedReturn } from './return-url.ts'
import { statusOf } from './trade.ts'
import { cashierPath, type Opening } from './trade-store.ts'

export function answerCashier(incoming: Incoming, platform: Platform): Reply {
  const [, , id = '', step = ''] = incoming.url.pathname.split('/')
  const opening = platform.trades.opening(id)
  if (!opening || !incoming.url.pathname.startsWith(cashierPath(opening))) return noSuchPage()
  try {
    if (incoming.method === 'GET' && step === '') return showOrder(opening, incoming, platform)
    if (incoming.method === 'POST') return takeStep(opening, step, incoming, platform)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const isFirstStep = incoming.method === 'GET' && !incoming.url.searchParams.has('account')
    return refusedPage(error, isFirstStep ? undefined : cashierPath(opening))
  }
  return noSuchPage()
}

function showOrder(opening: Opening, incoming: Incoming, platform: Platform): Reply {
  const trade = platform.trades.find(opening)
  if (trade?.paid_at !== undefined) return receiptPage(trade, signedReturn(opening, trade, platform), platform)
  const now = platform.clock.now()
  if (trade && statusOf(trade, now) === 'TRADE_CLOSED') throw new Refusal('ACQ.TRADE_HAS_CLOSE')
  const account = incoming.url.searchParams.get('account')
  if (!trade || account === null) refuseIfTooLate(opening, now)
  if (account === null || opening.channel === 'mobile' || !trade) return accountPage(opening, platform)
  const buyer = requireBuyer(account)
  joinOrder(opening, buyer, platform)
  return confirmPage(opening, buyer, platform)
}

function takeStep(opening: Opening, step: string, incoming: Incoming, platform: Platform): Reply {
  if (!hasLocalOrigin(incoming.headers)) return plainText(403, 'Requests from other web pages are refused.\n')
  const buyer = requireBuyer(new URLSearchParams(incoming.body.toString()).get('account') ?? '')
  const here = cashierPath(opening)
  if (step === 'login' && opening.channel !== 'mobile') {
    joinOrder(opening, buyer, platform)
    return redirect(303, `${here}?account=${buyer.account}`)
  }
  if (step !== 'pay') return noSuchPage()
  payOrder(opening, buyer, platform)
  return redirect(303, here)
}

function requireBuyer(account: string): Buyer {
  const buyer = buyerOf(account)
  if (!buyer) throw new Refusal('ACQ.BUYER_NOT_EXIST')
  return buyer
}
