// Makes an order and the link on which a buyer pays it (alipay.trade.page.pay, alipay.trade.wap.pay).
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { beijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Channel } from '../gateway/gateway.ts'
import type { MadeOrder } from '../ledger/memory.ts'
import { viewOf } from '../ledger/order.ts'
import { amount, outTradeNo, shownText, subject, unknownKeys } from './fields.ts'
import { lookUp } from './look-up.ts'
import { defineTool, type Services, type ToolResult } from './tool.ts'

const fields = {
  subject: subject('What is paid for, as the buyer reads it; at most 256 characters, none of / = &.'),
  total_amount: amount('Price in yuan (CNY), "0.01" to "100000000.00", as agreed; never invented.'),
  out_trade_no: outTradeNo(
    'Only where the merchant has own order numbers; else leave out, one is made.',
  ).optional(),
  channel: z
    .enum(['page', 'mobile'], { error: 'must be page or mobile.' })
    .describe("The buyer's device: page = computer, mobile = phone browser. Default: the first configured.")
    .optional(),
  body: shownText(128, 'More about what is paid for; at most 128 characters.').optional(),
  expires_in_minutes: z
    .int({ error: 'must be a whole number of minutes.' })
    .min(1, { error: 'is under 1.' })
    .max(21_600, { error: 'is over 21600 (15 days).' })
    .describe('Minutes until the link can no longer be paid, 1 to 21600 (sandbox 900). Default 30.')
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
  output: z.looseObject({
    message: z.string().optional(),
    environment: z.string().optional(),
    out_trade_no: z.string().optional(),
    total_amount: z.string().optional(),
    pay_url: z.string().optional(),
    time_expire: z.string().describe('Beijing time').optional(),
    next_step: z.string().optional(),
  }),
  async run(wish, services) {
    const channel = channelOf(wish, services)
    if (services.environment === 'sandbox' && wish.expires_in_minutes > 900) {
      throw new InputError(
        'expires_in_minutes: the sandbox keeps an order for 15 hours at most; give up to 900.',
      )
    }
    const made = wish.out_trade_no && services.memory.order(wish.out_trade_no)
    if (made) return shown(sameOrder(made, wish, channel), services)
    if (wish.out_trade_no) await demandUnused(wish.out_trade_no, services)
    return shown(await makeOrder(wish, channel, services), services)
  },
})

function channelOf({ channel }: Wish, { channels }: Services): Channel {
  const chosen = channel ?? channels[0]
  if (chosen && channels.includes(chosen)) return chosen
  throw new InputError(
    `channel: ${chosen} is not offered here (ALIPAY_CHANNELS); use ${channels.join(' or ')}.`,
  )
}

async function makeOrder(
  wish: Wish,
  channel: Channel,
  { gateway, clock, memory }: Services,
): Promise<MadeOrder> {
  const content = {
    out_trade_no: wish.out_trade_no ?? newOrderNumber(clock.now()),
    total_amount: wish.total_amount,
    subject: wish.subject,
    body: wish.body,
    // Absolute: a link with timeout_express alone would not age until somebody opens it.
    time_expire: beijingTime(clock.now() + wish.expires_in_minutes * 60_000),
  }
  const order = { ...content, channel, pay_url: await gateway.payLink(channel, content) }
  memory.remember(order)
  return order
}

/** Sortable by time, not to be guessed, unique across processes: 17 digits of Beijing time, 64 random bits. */
function newOrderNumber(now: number): string {
  const time = `${beijingTime(now)}${String(now % 1000).padStart(3, '0')}`.replace(/\D/g, '')
  return `${time}${randomBytes(8).toString('hex')}`
}

/** A second link of one number with another price would let the buyer choose which one he pays. */
function sameOrder(made: MadeOrder, wish: Wish, channel: Channel): MadeOrder {
  const same =
    made.total_amount === wish.total_amount &&
    made.subject === wish.subject &&
    made.body === wish.body &&
    made.channel === channel
  if (same) return made
  throw new InputError(
    `out_trade_no: ${made.out_trade_no} was already made here for ${made.total_amount} yuan, channel ` +
      `${made.channel}, subject ${JSON.stringify(made.subject)}. Nothing was made now. ` +
      'For another order leave out_trade_no out.',
  )
}

/** The number may belong to an order of the merchant's web shop: identity is the merchant, not this app. */
async function demandUnused(out_trade_no: string, services: Services): Promise<void> {
  const { trade } = await lookUp(services, { by: 'create_payment', order: { out_trade_no } })
  if (!trade) return
  throw new InputError(
    `out_trade_no: ${out_trade_no} already belongs to an order of this merchant (${trade.trade_status}, ` +
      `${trade.total_amount} yuan). ${viewOf(trade).message} No link was made. ` +
      'For a new order leave out_trade_no out; to see that one call query_payment.',
  )
}

function shown(order: MadeOrder, { environment, clock }: Services): ToolResult {
  const minutes = Math.max(
    0,
    Math.ceil((Date.parse(`${order.time_expire.replace(' ', 'T')}+08:00`) - clock.now()) / 60_000),
  )
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
