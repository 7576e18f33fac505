// Makes an order and the link or code on which a buyer pays it (alipay.trade.page.pay, .wap.pay, .precreate).
import * as z from 'zod'
import { InputError } from '../errors.ts'
import type { Channel } from '../gateway/gateway.ts'
import { createOrder } from '../orders/create-order.ts'
import { payView } from '../orders/pay-view.ts'
import { amount, shownText, subject } from '../written-input.ts'
import { orderNumber, output, unknownKeys } from './fields.ts'
import { defineTool, type Services } from './tool.ts'

const fields = {
  subject: subject('What the buyer reads; without / = &.'),
  total_amount: amount('Yuan, at most two decimals.'),
  out_trade_no: orderNumber('Only if the merchant has an own number.').optional(),
  channel: z
    .enum(['page', 'mobile', 'qr'], { error: 'must be page, mobile or qr.' })
    .describe(
      'page: computer; mobile: phone browser; qr: code to scan. Default: as configured. A short link fits every device.',
    )
    .optional(),
  body: shownText(128, 'Description.').optional(),
  expires_in_minutes: z
    .int({ error: 'must be a whole number of minutes.' })
    .min(1, { error: 'is under 1.' })
    .max(21_600, { error: 'is over 21600 (15 days).' })
    .describe('Minutes until the order expires; at least 3 for a short link; sandbox at most 900.')
    .default(30),
  replaces: orderNumber('Order to close and replace, for a changed price.').optional(),
}
const input = z.strictObject(fields, { error: unknownKeys(Object.keys(fields)) })
type Input = z.output<typeof input>

export const createPayment = defineTool({
  name: 'create_payment',
  title: 'Create an Alipay payment 创建收款',
  description:
    'Makes an order and returns pay_url, the link on which the buyer pays, or a QR code. Moves no money. Not to show a' +
    ' link again (query_payment); for a changed price give replaces. Show the buyer the link or code unchanged; in your' +
    ' next turn call wait_for_payment.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  output: output({ out_trade_no: z.string().optional(), pay_url: z.string().optional() }),
  async run(args, services) {
    const channel = channelOf(args, services)
    requireTime(args.expires_in_minutes, channel, services)
    return payView(await createOrder({ ...args, channel }, services), services)
  },
})

function channelOf({ channel }: Input, { rules: { channels } }: Services): Channel {
  const chosen = channel ?? channels[0]
  if (chosen && channels.includes(chosen)) return chosen
  throw new InputError(
    `channel: ${chosen} is not offered here (ALIPAY_CHANNELS); use ${channels.join(' or ')}.`,
    `这里没有开通 ${chosen} 付款方式，没有创建订单。请把 channel 改为 ${channels.join(' 或 ')}；要开通，请管理员配置 ALIPAY_CHANNELS。`,
  )
}

/** A page opens no cashier in the last minute. */
const LEAST_MINUTES_ON_PAGE = 3

function requireTime(minutes: number, channel: Channel, { rules, pages }: Services): void {
  if (pages && channel !== 'qr' && minutes < LEAST_MINUTES_ON_PAGE) {
    throw new InputError(
      `expires_in_minutes: the page of an order needs some time; give ${LEAST_MINUTES_ON_PAGE} or more.`,
      `付款页需要留出时间，没有创建订单。expires_in_minutes 请填不小于 ${LEAST_MINUTES_ON_PAGE} 的数。`,
    )
  }
  if (rules.environment === 'sandbox' && minutes > 900) {
    throw new InputError(
      'expires_in_minutes: the sandbox keeps an order for 15 hours at most; give up to 900.',
      '沙箱的订单最多保留 15 小时，没有创建订单。expires_in_minutes 请填不超过 900 的数。',
    )
  }
  if (channel === 'qr' && minutes > 120) {
    throw new InputError(
      'expires_in_minutes: a QR code lives 2 hours at most; give up to 120.',
      '二维码最多有效 2 小时，没有创建订单。expires_in_minutes 请填不超过 120 的数。',
    )
  }
}
