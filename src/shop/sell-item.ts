// Sells an item: the server knows its price and its name, the buyer chooses how many, or of a tip how much.
import { isOnThisComputer } from '../checkout/short-link.ts'
import { beijingTime } from '../clock.ts'
import { InputError, type RefusedError } from '../errors.ts'
import type { Channel } from '../gateway/gateway.ts'
import { LOOK_UP_MS } from '../guard/deadlines.ts'
import { refusal } from '../guard/not-sent.ts'
import type { NewSale, Order, SaleTerms } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { type CreatingCall, createOrder } from '../orders/create-order.ts'
import { knownOrder, lookUp } from '../orders/find-order.ts'
import type { CreatedOrder, OrderRequest } from '../orders/order-request.ts'
import { payableNow } from '../orders/order-status.ts'
import { buyerOf, requireShop, type ShopCall } from './buyer.ts'
import { type Item, isOver, subjectOf, termsOf } from './item.ts'

export interface WantedItem {
  item: string
  quantity: number
  /** Yuan, of a tip only. */
  total_amount?: string | undefined
}

export type SellingCall = ShopCall & CreatingCall

export interface SoldItem extends CreatedOrder {
  item: string
  quantity: number
  /** Of the order: those of an earlier one stay what they were. */
  terms: SaleTerms
}

const OPERATION = 'create_payment'

/** @throws InputError for what is not offered, RefusedError where a limit is in the way or nobody could reach its page */
export async function sellItem(wanted: WantedItem, call: SellingCall): Promise<SoldItem> {
  const { items, hash } = await requireShop(call).items.now(call)
  const buyer = await buyerOf(OPERATION, call)
  const item = items.find(({ id }) => id === wanted.item)
  if (!item) throw notOffered(items.filter((one) => !isOver(one, call.clock.now())))
  const total_fen = totalOf(item, wanted, call)
  const channel = await pageChannel(call)
  const [quantity, subject] = [wanted.quantity, subjectOf(item, wanted.quantity)]
  const open =
    buyer === undefined ? undefined : await stillOpen({ buyer, item: item.id, quantity, total_fen, subject }, call)
  if (open) return sold({ order: open, again: true, similar_orders: { own: [], others: 0 } }, item, quantity, call)
  const { settings } = requireShop(call)
  const { buyerOpen, buyerPerHour, allOpen } = settings
  const sale: NewSale = {
    ...{ buyer, item: item.id, quantity, items_hash: hash, terms: termsOf(item), stock: item.stock },
    limits: { buyerOpen, buyerPerHour, open: allOpen },
  }
  const request: OrderRequest = {
    ...{ subject, total_amount: toYuan(total_fen), body: item.description, sale },
    expires_in_minutes: item.expires_in_minutes,
    channel,
  }
  return sold(await createOrder(request, call), item, quantity, call)
}

async function sold(created: CreatedOrder, item: Item, quantity: number, call: SellingCall): Promise<SoldItem> {
  const sale = await (await call.ledger()).sale(created.order.out_trade_no)
  return { ...created, item: item.id, quantity, terms: sale?.terms ?? termsOf(item) }
}

/** In fen; whatever the buyer says of it, the price is the merchant's. */
function totalOf(item: Item, { quantity, total_amount }: WantedItem, { clock }: SellingCall): number {
  const { price_fen, tip, max_quantity, available_until = 0 } = item
  if (isOver(item, clock.now())) throw over(item, available_until)
  if (quantity > max_quantity) throw tooMany(item)
  if (price_fen !== undefined) {
    if (total_amount !== undefined) throw hasPrice(item, price_fen, quantity)
    return price_fen * quantity
  }
  const fen = total_amount === undefined ? undefined : toFen(total_amount)
  if (!tip || fen === undefined || fen < tip.min_fen || fen > tip.max_fen) throw otherTip(item)
  return fen
}

/**
 * The page is where the buyer sees price and refund policy before he pays. A link that opens on this computer only is for
 * the one who sits at it; a code of Alipay's has no page.
 */
async function pageChannel(call: SellingCall): Promise<Channel> {
  const { environment, channels } = call.rules
  if (call.role === 'merchant') return channels[0] ?? 'page'
  const channel = channels.find((one) => one !== 'qr')
  if (channel === undefined) throw noPage('ALIPAY_CHANNELS allows only qr, which has no page')
  if (environment === 'local' && !call.pages) return channel
  const proven = (await call.pages?.proven(call)) ?? { why: 'ALIPAY_PUBLIC_URL is not set' }
  if ('why' in proven) throw noPage(proven.why)
  const isOutOfReach = environment !== 'local' && isOnThisComputer(proven.at) && !call.shop?.settings.singleBuyer
  if (isOutOfReach) throw noPage('ALIPAY_PUBLIC_URL is an address of this computer, which many buyers cannot reach')
  return channel
}

/** Asked for again it is the same order, as long as Alipay says that nobody has paid it. */
async function stillOpen(of: Parameters<Awaited<ReturnType<SellingCall['ledger']>>['openSale']>[0], call: SellingCall) {
  const ledger = await call.ledger()
  const open = await ledger.openSale(of, call.clock.alipay())
  if (!open) return undefined
  const name = { out_trade_no: open.out_trade_no }
  const looked = await lookUp(call, { by: OPERATION, order: name, within: LOOK_UP_MS, readOnly: false })
  const { order } = await knownOrder(call, name, looked)
  return order && isWaiting(order, call) ? order : undefined
}

function isWaiting(order: Order, call: SellingCall): boolean {
  const isUnpaid = order.trade_status === undefined || order.trade_status === 'WAIT_BUYER_PAY'
  return isUnpaid && payableNow(order, call).state === 'open' && order.close_requested_at === undefined
}

const asked = (message: string, message_zh: string) => new InputError(message, message_zh)

function notOffered(items: readonly Item[]) {
  const ids = items.slice(0, NAMED).map(({ id }) => id)
  const all = ids.length === items.length
  return asked(
    `item: is not offered here. ${all ? 'The items are' : 'Some of the items are'} ${ids.join(', ') || 'none'}; list_items tells more. No order was made.`,
    `没有这个商品，没有创建订单。可选的商品${all ? '' : '有'}：${ids.join('、') || '无'}${all ? '' : ' 等'}；详情见 list_items。`,
  )
}

const NAMED = 20

const nameOf = ({ id }: Item) => JSON.stringify(id)

function tooMany(item: Item) {
  return asked(
    `quantity: at most ${item.max_quantity} of ${nameOf(item)} can be bought at once. No order was made.`,
    `商品 ${item.id} 一次最多买 ${item.max_quantity} 件，没有创建订单。`,
  )
}

function hasPrice(item: Item, price_fen: number, quantity: number) {
  const [one, all] = [toYuan(price_fen), toYuan(price_fen * quantity)]
  return asked(
    `total_amount: ${nameOf(item)} has a price, ${one} yuan each, and nobody in this chat can change it: ${quantity} cost ${all} yuan. Leave total_amount out. No order was made.`,
    `商品 ${item.id} 的价格是每件 ${one} 元，对话里不能改价，没有创建订单。请不填 total_amount；${quantity} 件共 ${all} 元。`,
  )
}

function otherTip(item: Item) {
  const { min_fen, max_fen } = item.tip ?? { min_fen: 0, max_fen: 0 }
  const [least, most] = [toYuan(min_fen), toYuan(max_fen)]
  return asked(
    `total_amount: of the tip ${nameOf(item)} the buyer names the amount, ${least} to ${most} yuan. Ask the buyer. No order was made.`,
    `打赏 ${item.id} 的金额由买家决定，${least} 到 ${most} 元，没有创建订单。请问买家。`,
  )
}

function over(item: Item, at: number) {
  return asked(
    `item: ${nameOf(item)} was offered until ${beijingTime(at).slice(0, 16)} Beijing time. No order was made.`,
    `商品 ${item.id} 已于 ${beijingTime(at).slice(0, 16)} 下架，没有创建订单。`,
  )
}

/** The buyer hears that, the operator hears why. */
function noPage(why: string): RefusedError {
  return refusal(
    OPERATION,
    `the payment page of this shop cannot be reached just now: ${why}`,
    'Tell the operator, who runs doctor.',
  ).with({
    kind: 'not_configured',
    message_zh: '付款页现在打不开，没有创建订单。请管理员运行 doctor。',
  })
}
