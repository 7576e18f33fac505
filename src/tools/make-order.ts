// Makes orders: with a new number, or with the merchant's own once it is known to be free.
import { randomBytes } from 'node:crypto'
import { beijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Channel, Trade } from '../gateway/gateway.ts'
import type { MadeOrder } from '../ledger/memory.ts'
import { payable, viewOf } from '../ledger/order.ts'
import { lookUp } from './look-up.ts'
import { withPayment } from './order-payment.ts'
import type { Services } from './tool.ts'

// Leaves a code that has to be asked for twice the rest of the 60 s after which hosts cut a call.
const QUERY_MS = 15_000

export interface OrderWish {
  subject: string
  /** Yuan, two decimals. */
  total_amount: string
  out_trade_no?: string | undefined
  body?: string | undefined
  expires_in_minutes: number
  channel: Channel
}

/** A number given is queried first. @throws InputError where it is taken, RefusedError where nobody can tell */
export async function makeOrder(wish: OrderWish, services: Services): Promise<MadeOrder> {
  if (wish.out_trade_no === undefined) return newOrder(wish, services)
  return ownNumber(wish.out_trade_no, wish, services)
}

async function newOrder(wish: OrderWish, services: Services): Promise<MadeOrder> {
  const { gateway, clock } = services
  await gateway.seeClock()
  const content = {
    out_trade_no: wish.out_trade_no ?? newOrderNumber(clock.now()),
    total_amount: wish.total_amount,
    subject: wish.subject,
    body: wish.body,
    // Absolute: a link with timeout_express alone would not age until somebody opens it.
    time_expire: beijingTime(clock.now() + wish.expires_in_minutes * 60_000),
  }
  return withPayment({ ...content, channel: wish.channel }, services)
}

/** Sortable by time, not to be guessed, unique across processes: 17 digits of Beijing time, 64 random bits. */
function newOrderNumber(now: number): string {
  const time = `${beijingTime(now)}${String(now % 1000).padStart(3, '0')}`.replace(/\D/g, '')
  return `${time}${randomBytes(8).toString('hex')}`
}

/**
 * The number may belong to an order of the merchant's web shop (identity is the merchant, not this app), or to one made
 * here. A second link of it with another price would let the buyer choose which one he pays.
 */
async function ownNumber(out_trade_no: string, wish: OrderWish, services: Services): Promise<MadeOrder> {
  if (!services.memory.claim(out_trade_no)) {
    throw new InputError(
      `out_trade_no: another call is making ${out_trade_no} right now. Nothing was made by this one.`,
    )
  }
  try {
    const made = services.memory.order(out_trade_no)
    if (made) demandSame(made, wish)
    const look = { by: 'create_payment', order: { out_trade_no }, within: QUERY_MS, readOnly: false }
    const { trade } = await lookUp(services, look)
    const ours = made?.total_amount === trade?.total_amount && trade?.trade_status === 'WAIT_BUYER_PAY'
    if (trade && !ours) throw taken(trade)
    if (!made) return await newOrder(wish, services)
    const order = stillOpen(made, services)
    return (order.pay_url ?? order.qr_content) ? order : await withPayment(order, services)
  } finally {
    services.memory.release(out_trade_no)
  }
}

function demandSame(made: MadeOrder, wish: OrderWish): void {
  const same = (['total_amount', 'subject', 'body', 'channel'] as const).every(
    (key) => made[key] === wish[key],
  )
  if (same) return
  throw new InputError(
    `out_trade_no: ${made.out_trade_no} was already made here for ${made.total_amount} yuan, channel ` +
      `${made.channel}, subject ${JSON.stringify(made.subject)}. Nothing was made now. ${LEAVE_OUT}`,
  )
}

function stillOpen(made: MadeOrder, { environment, clock }: Services): MadeOrder {
  const { state, until } = payable(made.time_expire, environment, clock.now())
  if (state === 'open') return made
  throw new InputError(`out_trade_no: the link of ${made.out_trade_no} expired: ${until}. ${LEAVE_OUT}`)
}

function taken(trade: Trade): Error {
  return new InputError(
    `out_trade_no: ${trade.out_trade_no} already belongs to an order of this merchant (${trade.trade_status}, ` +
      `${trade.total_amount} yuan). ${viewOf(trade).message} No link was made. ${LEAVE_OUT} ` +
      'To see that one call query_payment.',
  )
}

const LEAVE_OUT = 'For a new order leave out_trade_no out.'
