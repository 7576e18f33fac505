// Makes an order and the link on which a buyer pays it (alipay.trade.page.pay, alipay.trade.wap.pay).
import * as z from 'zod'
import { fromBeijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { MadeOrder } from '../ledger/memory.ts'
import { amount, output, outTradeNo, shownText, subject, unknownKeys } from './fields.ts'
import { makeOrder } from './make-order.ts'
import { defineTool, type Services, type ToolResult } from './tool.ts'

const fields = {
  subject: subject('What the buyer reads; none of / = &.'),
  total_amount: amount('Price in yuan, "0.01" to "100000000.00".'),
  out_trade_no: outTradeNo('Only if the merchant has an own number; else one is made.').optional(),
  channel: z
    .enum(['page', 'mobile'], { error: 'must be page or mobile.' })
    .describe('page = computer, mobile = phone browser. Default: the first configured.')
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
    'Makes an order and returns pay_url, the link on which the buyer pays it. Moves no money itself: nothing is at' +
    ' Alipay until the buyer opens the link. Not for an order that already has a link: show that one again. Give the' +
    ' buyer pay_url whole and unchanged, then call query_payment.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  output: output({ out_trade_no: z.string().optional(), pay_url: z.string().optional() }),
  async run(wish, services) {
    const channel = channelOf(wish, services)
    if (services.environment === 'sandbox' && wish.expires_in_minutes > 900) {
      throw new InputError(
        'expires_in_minutes: the sandbox keeps an order for 15 hours at most; give up to 900.',
      )
    }
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

function shown(order: MadeOrder, { environment, clock }: Services): ToolResult {
  const minutes = Math.ceil((fromBeijingTime(order.time_expire) - clock.now()) / 60_000)
  return {
    message: `Order made: ${order.total_amount} yuan for ${JSON.stringify(order.subject)}. Not paid yet.`,
    out_trade_no: order.out_trade_no,
    total_amount: order.total_amount,
    subject: order.subject,
    body: order.body,
    channel: order.channel,
    pay_url: order.pay_url,
    time_expire: order.time_expire,
    expires: `${minutes} minutes left, until ${order.time_expire} Beijing time (GMT+8)`,
    next_step: nextStep(order.channel, environment === 'local'),
  }
}

function nextStep(channel: Channel, local: boolean): string {
  const device = channel === 'page' ? 'on a computer' : "in a phone's browser"
  const where = local ? 'in a browser on this computer' : device
  return (
    `Show pay_url to the buyer whole and unchanged, to be opened ${where} (the first Alipay account that opens it ` +
    'owns the order, so it is for one buyer). When the buyer says he paid, call query_payment with out_trade_no.'
  )
}
