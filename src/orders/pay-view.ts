// What the buyer gets of an order: the link or the code, until when, and how to show it.
import { fromBeijingTime } from '../clock.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import type { Order } from '../ledger/ledger.ts'
import type { QrFiles } from '../qr.ts'
import { drawPng } from '../qr.ts'
import { Pictured, type ToolResult } from '../tool-result.ts'
import type { CreatedOrder } from './order-request.ts'
import { similarSentence } from './similar-orders.ts'

export async function payView(
  { order, similar_orders, again, old_payable_until, unrecorded }: CreatedOrder,
  call: Call & { qrFiles: QrFiles },
): Promise<ToolResult | Pictured> {
  const { clock, qrFiles } = call
  const { out_trade_no, total_amount, subject, body, channel, pay_url, qr_content, time_expire = '' } = order
  const left = fromBeijingTime(time_expire) - clock.alipay()
  const result = {
    message: `${sentence(order, again)}${similarSentence(similar_orders)}${stillPayable(order, old_payable_until)}`,
    out_trade_no,
    total_amount,
    subject,
    body,
    channel,
    pay_url: pay_url && (await call.gateway.wholeLink(pay_url)),
    qr_content,
    time_expire,
    expires: `${Math.ceil(left / 60_000)} minutes left, until ${time_expire} Beijing time (GMT+8)`,
    replaces: order.replaces,
    old_payable_until,
    similar_orders: similar_orders.own.join(', ') || undefined,
    other_similar_orders: similar_orders.others || undefined,
    ledger: unrecorded,
    next_step: nextStep(channel ?? 'page', call),
  }
  if (qr_content === undefined) return result
  const png = await drawPng(qr_content)
  const qr_file = await qrFiles.write(out_trade_no, png, Date.now() + left)
  return new Pictured({ ...result, qr_file }, png)
}

function sentence({ total_amount, subject, out_trade_no }: Order, again: boolean): string {
  const what = `${total_amount} yuan for ${JSON.stringify(subject)}`
  return again
    ? `Order ${out_trade_no} was made before: ${what}. Nothing new was made.`
    : `Order made: ${what}. Not paid yet.`
}

function stillPayable({ replaces }: Order, until: string | undefined): string {
  if (until === undefined) return ''
  return ` Careful: the old order ${replaces} could not be closed yet; its link can be paid until ${until}. Tell the buyer not to use it.`
}

function nextStep(channel: Channel, { rules }: Call): string {
  const local = rules.environment === 'local'
  if (channel === 'qr') {
    const how = local ? 'Here, with the emulator, qr_content opens in a browser on this computer instead. ' : ''
    return (
      'Show the buyer the picture (or the file qr_file, where there is one), to be scanned in the Alipay app; ' +
      `qr_content is not a link to open. ${how}Then call wait_for_payment with out_trade_no.`
    )
  }
  const device = channel === 'page' ? 'on a computer' : "in a phone's browser"
  const where = local ? 'in a browser on this computer' : device
  const code = rules.channels.includes('qr')
    ? 'for a code to scan make the order with channel qr'
    : 'make no QR code of it'
  return (
    `Show pay_url to the buyer whole and unchanged, to be opened ${where} (the first Alipay account that opens it ` +
    `owns the order, so it is for one buyer). It is too long to be scanned: ${code}. ` +
    'Then call wait_for_payment with out_trade_no.'
  )
}
