// QR codes of precreated orders: issuing one, and the text that is scanned.
import { Refusal } from './answers.ts'
import type { BizContent } from './biz-content.ts'
import { codeExpiryOf, expiryOf, USUAL_FACE_TO_FACE } from './expiry.ts'
import { type OrderBasics, orderBasics, refuseIfNotContinuable } from './orders.ts'
import type { Platform } from './platform.ts'
import { type NotifyTo, statusOf } from './trade.ts'
import { cashierPath, type Opening } from './trade-store.ts'

/** The same code again while it lives; the first request of a number fixes what its order is. */
export function issueCode(biz: BizContent, notify_to: NotifyTo | undefined, platform: Platform): Opening {
  const order = orderBasics(biz)
  const { trades, rules } = platform
  const now = platform.clock.now()
  refuseByTrade(order, platform)
  const first = trades.codeOf(order.out_trade_no)
  const other = first && (first.total_fen !== order.total_fen || first.subject !== order.subject)
  if (other) throw new Refusal('ACQ.CONTEXT_INCONSISTENT')
  if (first && rules.precreate_repeat === 'refused') throw new Refusal('ACQ.APPLY_PC_MERCHANT_CODE_ERROR')
  const since = trades.firstOpened(order.out_trade_no, now)
  const expires_at = expiryOf(biz, since, now, { sandbox: rules.sandbox, usual: USUAL_FACE_TO_FACE })
  if (expires_at <= now) throw new Refusal('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
  const open_until = codeExpiryOf(biz, now, expires_at)
  const alive = trades.codeOf(order.out_trade_no, expires_at)
  if (alive && now < alive.open_until) return alive
  return trades.issueCode({ channel: 'qr', ...order, return_to: undefined, notify_to, expires_at, open_until })
}

/**
 * A trade that was closed unpaid is the one state in which a code comes that leads nowhere. [guess G9] Reports show such
 * a code, the table of refusals has TRADE_HAS_CLOSE.
 */
function refuseByTrade(order: OrderBasics, platform: Platform): void {
  const now = platform.clock.now()
  const trade = platform.trades.find(order)
  if (!trade) return
  if (statusOf(trade, now) === 'TRADE_CLOSED' && trade.paid_at === undefined) return
  refuseIfNotContinuable(trade, { channel: 'qr', ...order }, platform)
}

/**
 * What the QR picture holds. The real one is `https://qr.alipay.com/...` and is scanned inside Alipay's app;
 * this one can be opened in a browser on this computer, which counts as scanning.
 */
export function codeText(code: Opening, platform: Platform): string {
  return platform.origin + cashierPath(code)
}

/** The code behind a scanned text of this emulator. */
export function findCodeByText(qr_code: string, platform: Platform): Opening | undefined {
  const id = qr_code.startsWith(`${platform.origin}/qr/`) ? qr_code.slice(platform.origin.length + 4) : ''
  const code = platform.trades.opening(id)
  return code?.channel === 'qr' ? code : undefined
}
