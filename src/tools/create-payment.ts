// Makes an order and the link on which a buyer pays it (alipay.trade.page.pay, alipay.trade.wap.pay).
import * as z from 'zod'
import { fromBeijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { MadeOrder } from '../ledger/memory.ts'
import { drawPng } from '../qr-code.ts'
import { amount, output, outTradeNo, shownText, subject, unknownKeys } from './fields.ts'
import { makeOrder } from './make-order.ts'
import { defineTool, Pictured, type Services, type ToolResult } from './tool.ts'

const fields = {
  subject: subject('What the buyer reads; none of / = &.'),
  total_amount: amount('Price in yuan, "0.01" to "100000000.00".'),
  out_trade_no: outTradeNo('Only if the merchant has an own number; else one is made.').optional(),
  channel: z
    .enum(['page', 'mobile', 'qr'], { error: 'must be page, mobile or qr.' })
    .describe('page = computer, mobile = phone browser, qr = code to scan. Default: the first configured.')
    .optional(),
  body: shownText(128, 'More about it.').optional(),
  expires_in_minutes: z
    .int({ error: 'must be a whole number of minutes.' })
    .min(1, { error: 'is under 1.' })
    .max(21_600, { error: 'is over 21600 (15 days).' })
    .describe('Minutes to pay; sandbox at most 900.')
    .default(30),
}
const input = z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) })
type Wish = z.output<typeof input>

export const createPayment = defineTool({
  name: 'create_payment',
  title: 'Create an Alipay payment 创建收款',
  description:
    'Makes an order and returns pay_url, the link on which the buyer pays it, or a QR code. Moves no money itself:' +
    ' nothing is at Alipay until the buyer opens or scans it. Not for an order that already has a link: show that one' +
    ' again. Give the buyer pay_url or the code unchanged, then call wait_for_payment.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  output: output({ out_trade_no: z.string().optional(), pay_url: z.string().optional() }),
  async run(wish, services) {
    const channel = channelOf(wish, services)
    demandTimes(wish.expires_in_minutes, channel, services)
    return shown(await makeOrder({ ...wish, channel }, services), services)
  },
})

function channelOf({ channel }: Wish, { channels }: Services): Channel {
  const chosen = channel ?? channels[0]
  if (chosen && channels.includes(chosen)) return chosen
  throw new InputError(
    `channel: ${chosen} is not offered here (ALIPAY_CHANNELS); use ${channels.join(' or ')}.`,
  )
}

function demandTimes(minutes: number, channel: Channel, { environment }: Services): void {
  if (environment === 'sandbox' && minutes > 900) {
    throw new InputError(
      'expires_in_minutes: the sandbox keeps an order for 15 hours at most; give up to 900.',
    )
  }
  if (channel === 'qr' && minutes > 120) {
    throw new InputError('expires_in_minutes: a QR code lives 2 hours at most; give up to 120.')
  }
}

async function shown(order: MadeOrder, services: Services): Promise<ToolResult | Pictured> {
  const { clock, qrFiles } = services
  const left = fromBeijingTime(order.time_expire) - clock.now()
  const told = {
    message: `Order made: ${order.total_amount} yuan for ${JSON.stringify(order.subject)}. Not paid yet.`,
    ...order,
    expires: `${Math.ceil(left / 60_000)} minutes left, until ${order.time_expire} Beijing time (GMT+8)`,
    next_step: nextStep(order.channel, services),
  }
  if (order.qr_content === undefined) return told
  const png = await drawPng(order.qr_content)
  const qr_file = await qrFiles.write(order.out_trade_no, png, Date.now() + left)
  return new Pictured({ ...told, qr_file }, png)
}

function nextStep(channel: Channel, { environment, channels }: Services): string {
  const local = environment === 'local'
  if (channel === 'qr') {
    const how = local
      ? 'Here, with the emulator, qr_content opens in a browser on this computer instead. '
      : ''
    return (
      'Show the buyer the picture (or the file qr_file, where there is one), to be scanned in the Alipay app; ' +
      `qr_content is not a link to open. ${how}Then call wait_for_payment with out_trade_no.`
    )
  }
  const device = channel === 'page' ? 'on a computer' : "in a phone's browser"
  const where = local ? 'in a browser on this computer' : device
  const code = channels.includes('qr')
    ? 'for a code to scan make the order with channel qr'
    : 'make no QR code of it'
  return (
    `Show pay_url to the buyer whole and unchanged, to be opened ${where} (the first Alipay account that opens it ` +
    `owns the order, so it is for one buyer). It is too long to be scanned: ${code}. ` +
    'Then call wait_for_payment with out_trade_no.'
  )
}
