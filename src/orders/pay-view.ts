// What the buyer gets of an order: the link or the code, until when, and how to show it.
import { fromBeijingTime } from '../clock.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Order } from '../ledger/ledger.ts'
import type { QrFiles } from '../qr.ts'
import { drawPng } from '../qr.ts'
import { Pictured, type ToolResult } from '../tool-result.ts'
import type { CreatedOrder } from './order-request.ts'
import { timeLeft } from './order-status.ts'
import { createdWords } from './order-words.ts'
import { similarSentence, similarZh } from './similar-orders.ts'

export async function payView(
  { order, similar_orders, again, old_payable_until, unrecorded }: CreatedOrder,
  call: Call & { qrFiles: QrFiles },
): Promise<ToolResult | Pictured> {
  const { out_trade_no, total_amount, subject, body, channel, pay_url, qr_content, time_expire = '' } = order
  const created = createdWords(order, again, old_payable_until)
  const result = {
    message: `${created.message}${similarSentence(similar_orders)}`,
    message_zh: `${created.message_zh}${similarZh(similar_orders)}`,
    out_trade_no,
    total_amount,
    subject,
    body,
    channel,
    pay_url: pay_url && (await call.gateway.wholeLink(pay_url)),
    qr_content,
    time_expire,
    expires: timeLeft(order, call),
    replaces: order.replaces,
    old_payable_until,
    similar_orders: similar_orders.own.join(', ') || undefined,
    other_similar_orders: similar_orders.others || undefined,
    ledger: unrecorded,
    next_step: nextStep(channel ?? 'page', total_amount, call),
  }
  return withCode(result, order, call)
}

/** With the picture of its code, where it has one. */
export async function withCode(
  result: ToolResult,
  { out_trade_no, qr_content, time_expire = '' }: Order,
  { clock, qrFiles }: Call & { qrFiles: QrFiles },
): Promise<ToolResult | Pictured> {
  if (qr_content === undefined) return result
  const png = await drawPng(qr_content)
  const left = fromBeijingTime(time_expire) - clock.alipay()
  const qr_file = await qrFiles.write(out_trade_no, png, Date.now() + left)
  return new Pictured({ ...result, qr_content, qr_file }, png)
}

function nextStep(channel: Channel, total_amount: string, { rules }: Call): string {
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
    `Alipay account that opens the link owns the order. The link is too long to be scanned: ${code}. ${THEN_WAIT}`
  )
}

const THEN_WAIT = 'In your next turn call wait_for_payment with out_trade_no.'
