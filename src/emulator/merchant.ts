// / and /refund/...: the merchant's pages, as plain form posts, so that a program can take the same steps.
import { Refusal } from './answers.ts'
import { fenOf } from './fen.ts'
import { hasLocalOrigin, type Incoming } from './incoming.ts'
import { noSuchPage, refusedPage } from './pages/cashier-page.ts'
import { overviewPage, refundPage, refundPath } from './pages/overview-page.ts'
import type { Platform } from './platform.ts'
import { refundInConsole } from './refunds.ts'
import { plainText, type Reply, redirect } from './reply.ts'
import { statusOf, type Trade } from './trade.ts'

const NO_REFUND = ['无法退款', 'The refund is not possible'] as const
const NO_AMOUNT = '退款金额无效，请填写 0.01 元以上的金额，最多两位小数'

export function answerMerchant(incoming: Incoming, platform: Platform): Reply {
  const [, page = '', trade_no = '', ...rest] = incoming.url.pathname.split('/')
  if (page === '' && incoming.method === 'GET') return overviewPage(platform)
  const trade = page === 'refund' && rest.length === 0 ? platform.trades.find({ trade_no }) : undefined
  if (!trade) return noSuchPage()
  if (incoming.method === 'GET') return showTrade(trade, platform)
  if (!hasLocalOrigin(incoming.headers)) return plainText(403, 'Requests from other web pages are refused.\n')
  return refundByForm(trade, incoming, platform)
}

/** A trade of which nothing can be refunded has no such page. */
function showTrade(trade: Trade, platform: Platform): Reply {
  return statusOf(trade, platform.clock.now()) === 'TRADE_SUCCESS' ? refundPage(trade) : redirect(303, '/')
}

function refundByForm(trade: Trade, incoming: Incoming, platform: Platform): Reply {
  const typed = new URLSearchParams(incoming.body.toString()).get('refund_amount')
  try {
    const fen = fenOf(typed?.trim())
    if (!fen) throw new Refusal('ACQ.INVALID_PARAMETER', NO_AMOUNT)
    refundInConsole(trade, fen, platform)
    return redirect(303, '/')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refusedPage(error, refundPath(trade), NO_REFUND)
  }
}
