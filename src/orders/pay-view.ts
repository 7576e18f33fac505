// What the buyer gets of an order: the link or the code, until when, and how to show it.

import { type CheckoutPages, isOnThisComputer, shortLink } from '../checkout/short-link.ts'
import { fromBeijingTime } from '../clock.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Order } from '../ledger/ledger.ts'
import type { QrFiles } from '../qr.ts'
import { drawPng } from '../qr.ts'
import { Pictured, type ToolResult } from '../tool-result.ts'
import type { CreatedOrder } from './order-request.ts'
import { timeLeft } from './order-status.ts'
import { createdWords, withEarlier } from './order-words.ts'
import { similarSentence, similarZh } from './similar-orders.ts'

export async function payView(
  { order, similar_orders, again, old, earlier, no_page, unrecorded }: CreatedOrder,
  call: ShowingCall,
): Promise<ToolResult | Pictured> {
  const { out_trade_no, total_amount, subject, body, channel, qr_content, time_expire = '' } = order
  const created = withEarlier(createdWords(order, again, old), earlier)
  const { pay_url, no_short_link = no_page } = await linkFor(order, call)
  const result = {
    message: `${created.message}${similarSentence(similar_orders)}`,
    message_zh: `${created.message_zh}${similarZh(similar_orders)}`,
    out_trade_no,
    total_amount,
    subject,
    body,
    channel,
    pay_url,
    qr_content,
    time_expire,
    expires: timeLeft(order, call),
    replaces: order.replaces,
    old_payable_until: old?.isPast ? undefined : old?.payable_until,
    similar_orders: similar_orders.own.join(', ') || undefined,
    other_similar_orders: similar_orders.others || undefined,
    no_short_link,
    ledger: unrecorded,
    next_step:
      order.token === undefined ? nextStep(channel ?? 'page', total_amount, call, no_page) : pageStep(order, pay_url),
  }
  const code = order.token !== undefined && pay_url && !isOnThisComputer(pay_url) ? pay_url : qr_content
  return withPicture(result, code, order, call)
}

/** What shows an order to its buyer. */
export type ShowingCall = Call & { qrFiles: QrFiles; pages?: CheckoutPages | undefined }

interface BuyersLink {
  pay_url?: string | undefined
  /** Why it is none of a page, where pages are wanted. */
  no_short_link?: string | undefined
}

/** That of its page, once the page is proven to be there; else Alipay's own. */
export async function linkFor({ token, pay_url }: Order, call: ShowingCall): Promise<BuyersLink> {
  if (token === undefined) return { pay_url: pay_url && (await call.gateway.wholeLink(pay_url)) }
  const proven = (await call.pages?.proven(call)) ?? { why: 'ALIPAY_PUBLIC_URL is not set for this server' }
  return 'why' in proven ? { no_short_link: proven.why } : { pay_url: shortLink(proven.at, token) }
}

/** With the picture of its code, where it has one of Alipay's. */
export function withCode(result: ToolResult, order: Order, call: ShowingCall): Promise<ToolResult | Pictured> {
  const { qr_content } = order
  return withPicture(qr_content === undefined ? result : { ...result, qr_content }, qr_content, order, call)
}

/** Of the link itself, where another device can open it; no file of it, whose path is nobody's business. */
export async function linkPicture(result: ToolResult, pay_url: string | undefined): Promise<ToolResult | Pictured> {
  if (pay_url === undefined || isOnThisComputer(pay_url)) return result
  return new Pictured(result, await drawPng(pay_url))
}

async function withPicture(
  result: ToolResult,
  content: string | undefined,
  { out_trade_no, time_expire = '' }: Order,
  { clock, qrFiles }: ShowingCall,
): Promise<ToolResult | Pictured> {
  if (content === undefined) return result
  const png = await drawPng(content)
  const left = fromBeijingTime(time_expire) - clock.alipay()
  const qr_file = await qrFiles.write(out_trade_no, png, Date.now() + left)
  return new Pictured({ ...result, qr_file }, png)
}

export const PAGE_UNPROVEN =
  'The page of this order cannot be shown now (no_short_link). Tell the operator, who runs doctor; then call query_payment for its link.'

function pageStep({ total_amount }: Order, pay_url: string | undefined): string {
  if (pay_url === undefined) return PAGE_UNPROVEN
  const link = `Show the link as [Pay ${total_amount} yuan](pay_url)`
  const how = isOnThisComputer(pay_url)
    ? `${link}: it opens in a browser on this computer only, so there is no code of it to scan.`
    : `${link}, or the picture (qr_file): both open one page, on a phone and on a computer. WeChat and QQ do not open Alipay: there the page says how to open it in a browser.`
  return `${how} It is for one buyer: the first Alipay account that opens the cashier owns the order. ${THEN_WAIT}`
}

function nextStep(channel: Channel, total_amount: string, { rules }: Call, no_page: string | undefined): string {
  const local = rules.environment === 'local'
  if (channel === 'qr') {
    const how = local
      ? 'the emulator has no Alipay app, so open qr_content in a browser on this computer'
      : 'to be scanned in the Alipay app; qr_content is not a link to open'
    return `Show the buyer the picture (or the file qr_file): ${how}. ${THEN_WAIT}`
  }
  const device = channel === 'page' ? 'on a computer' : "in a phone's browser"
  const where = local ? 'in a browser on this computer' : device
  const code = rules.channels.includes('qr') ? 'for a code make the order with channel qr' : 'make no code of the link'
  return (
    `Show the link whole and unchanged, as [Pay ${total_amount} yuan](pay_url), for one buyer to open ${where}: the first ` +
    `Alipay account that opens the link owns the order. The link is too long to be scanned: ${code}. ${THEN_WAIT}${no_page ? TELL_OPERATOR : ''}`
  )
}

const THEN_WAIT = 'In your next turn call wait_for_payment with out_trade_no.'
const TELL_OPERATOR = ' Tell the operator why there is no short link (no_short_link).'

const PAGE_FROZEN =
  'Tell the user: the operator froze all payments, and the page of this order opens no cashier until that ends.'
const CASHIER_OPEN = ' One that was opened before can still be paid in.'

/** What comes next where the page of an order opens no cashier just now. */
export async function pageFrozen(order: Order | undefined, call: Call): Promise<string | undefined> {
  if (order?.token === undefined || order.can_never_be_paid) return undefined
  if (!(await ignoringLedgerErrors(call, (ledger) => ledger.frozen()))) return undefined
  return `${PAGE_FROZEN}${order.cashier_opened_at === undefined ? '' : CASHIER_OPEN}`
}
