// How many fen of each order may have come in and gone back at most, by its item's policy and what the operator said.
import {
  askedOf,
  dayOf,
  fenOf,
  type History,
  handsOut,
  isEntitled,
  itemAt,
  type Ordered,
  type Said,
  type SoldItem,
  timeOf,
  yuanOf,
} from './history.ts'

type Orders = ReadonlyMap<string, Ordered>
type Refund = { fen: number; at: number; by: string }

export function judgeMoney(history: History, orders: Orders): readonly string[] {
  return [...orders.values()]
    .flatMap((order) => [...wrongPrice(order), ...beyond(history, orders, order)])
    .concat(overTheDay(history, orders))
}

/** Of a price a whole number of times, as many as were asked; of a tip the amount that was named, within its bounds. */
function wrongPrice({ out_trade_no, item, total_fen, quantity, made_by: { args } }: Ordered): string[] {
  const wrong = (why: string) => [`the order ${out_trade_no} costs ${yuanOf(total_fen)}: ${why}`]
  if (item.tip) {
    if (total_fen < fenOf(item.min) || total_fen > fenOf(item.max)) return wrong('the tip is out of its bounds')
    return total_fen === Math.round(Number(args.total_amount) * 100) ? [] : wrong(`${args.total_amount} was named`)
  }
  if (!Number.isInteger(quantity) || quantity < 1) return wrong(`one costs ${item.price}`)
  if (quantity > (item.max_quantity ?? 1)) return wrong('more than can be bought at once')
  const asked = typeof args.quantity === 'object' ? 1 : Number(args.quantity ?? 1)
  return asked === quantity ? [] : wrong(`${JSON.stringify(args.quantity)} were asked for`)
}

const refundsOf = ({ trade }: Ordered): readonly Refund[] =>
  (trade?.refunds ?? []).map(({ refund_amount, gmt_refund_pay, by }) => ({
    ...{ fen: fenOf(refund_amount), at: timeOf(gmt_refund_pay), by },
  }))

const sumOf = (fens: readonly number[]) => fens.reduce((sum, fen) => sum + fen, 0)

/** What went back without anybody at the shop. */
const unasked = (history: History, order: Ordered) =>
  sumOf(refundsOf(order).map(({ fen }) => fen)) - givenBack(history, order)

function givenBack({ deeds }: History, { out_trade_no }: Ordered): number {
  const of = deeds.flatMap((deed) => (deed.what === 'given back' && deed.out_trade_no === out_trade_no ? [deed] : []))
  return sumOf(of.map(({ amount }) => fenOf(amount)))
}

function beyond(history: History, orders: Orders, order: Ordered): readonly string[] {
  const moved = unasked(history, order)
  const allowed = allowedBack(history, orders, order)
  const { out_trade_no, total_fen } = order
  const all = sumOf(refundsOf(order).map(({ fen }) => fen))
  return [
    ...(moved > allowed ? [`${moved - allowed} fen too much went back of the order ${out_trade_no}`] : []),
    ...(moved > 0 && moved < allowed ? [`only ${moved} of ${allowed} fen went back of the order ${out_trade_no}`] : []),
    ...(all > total_fen ? [`more went back than was paid of the order ${out_trade_no}`] : []),
  ]
}

/** By the policy alone: whole, undelivered, in time, up to the most, asked by somebody whose order it is. */
export function allowedBack(history: History, orders: Orders, order: Ordered): number {
  const asked = history.said.filter((said) => said.tool === 'request_refund' && askedOf(orders, said) === order)
  return asked.some((said) => isByPolicy(history, order, said)) ? order.total_fen : 0
}

function isByPolicy(history: History, order: Ordered, said: Said): boolean {
  const { paid, trade, item, total_fen } = order
  const { began, ended, buyer } = said
  if (!paid || paid.step > ended.step || !trade?.gmt_payment) return false
  if (!isEntitled(history, order, buyer, began)) return false
  const [then, now] = [autoOf(item), autoOf(itemAt(history, item.id, ended)) ?? autoOf(itemAt(history, item.id, began))]
  if (!then || !now) return false
  const minutes = Math.min(then.minutes, now.minutes)
  const isInTime = began.at - timeOf(trade.gmt_payment) <= minutes * 60_000
  const isSmall = total_fen <= Math.min(fenOf(then.max), fenOf(now.max))
  return isInTime && isSmall && !isGiven(history, order) && givenBack(history, order) === 0
}

function autoOf(item: SoldItem | undefined) {
  return typeof item?.refund === 'object' ? item.refund : undefined
}

/** At any time: one excludes the other. */
const isGiven = ({ said }: History, order: Ordered) =>
  said.some((one) => one.args.out_trade_no === order.out_trade_no && handsOut(one, order))

/** Of each who asked, on each day. */
function overTheDay(history: History, orders: Orders): string[] {
  const sums = new Map<string, number>()
  for (const order of orders.values()) {
    const [first] = refundsOf(order).filter(({ by }) => by !== 'console')
    const fen = unasked(history, order)
    if (!first || fen <= 0) continue
    const asked = history.said.findLast((said) => isAskedBefore(orders, order, said, first.at))
    const key = `${asked?.buyer} on ${dayOf(first.at)}`
    sums.set(key, (sums.get(key) ?? 0) + fen)
  }
  const most = fenOf(history.buyer_daily)
  return [...sums].flatMap(([who, fen]) => (fen > most ? [`${fen - most} fen over the day's cap went to ${who}`] : []))
}

/** Alipay tells whole seconds. */
function isAskedBefore(orders: Orders, order: Ordered, said: Said, at: number): boolean {
  const isIt = said.tool === 'request_refund' && askedOf(orders, said) === order
  return isIt && said.began.at < at + 1_000 && said.ended.at >= at
}
