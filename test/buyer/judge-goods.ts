// How many deliveries each order may have had: what was bought, to whom it belongs, once, and nothing beside a refund.
import {
  askedOf,
  fenOf,
  goodsOf,
  type History,
  handsOut,
  isEntitled,
  itemAt,
  type Moment,
  type Ordered,
  type Said,
  wholeOf,
} from './history.ts'

type Orders = ReadonlyMap<string, Ordered>

export function judgeGoods(history: History, orders: Orders): readonly string[] {
  return [
    ...[...orders.values()].flatMap((order) => ofOrder(history, orders, order)),
    ...history.said.flatMap((said) => goodsIn(history, orders, said)),
    ...codesTwice(history, orders),
  ]
}

function ofOrder(history: History, orders: Orders, order: Ordered): readonly string[] {
  const { out_trade_no, paid } = order
  const given = history.said.filter((said) => askedOf(orders, said) === order && handsOut(said, order))
  const [first] = [...given].sort((one, other) => one.ended.step - other.ended.step)
  if (!first) return []
  const wrong = (why: string) => `the order ${out_trade_no} was delivered ${why}`
  const times = given.filter(({ fields }) => fields.first_time === true).length
  const isPaid = paid !== undefined && paid.step < first.ended.step
  return [
    ...(isPaid ? [] : [wrong('unpaid')]),
    ...(times > 1 ? [wrong(`${times} times for the first time`)] : []),
    ...(isExcluded(history, orders, order, first.began) ? [wrong('after it was refunded or asked back')] : []),
    ...(wasMovedByPolicy(order, history) ? [wrong('and refunded by its buyer')] : []),
    ...given.flatMap((said) => (isEntitled(history, order, said.buyer, said.ended) ? [] : [wrong(`to ${said.buyer}`)])),
    ...given.flatMap((said) => wrongCodes(order, said).map(wrong)),
    ...otherCodes(order, given).map(wrong),
  ]
}

/** All that were ever shown for it. */
function otherCodes({ quantity, item: { codes = [] } }: Ordered, given: readonly Said[]): readonly string[] {
  const shown = codes.filter((code) => given.some((said) => wholeOf(said).includes(code)))
  return shown.length > quantity ? [`with other codes the second time: ${shown.length} in all`] : []
}

/** Exactly as many as were bought, and each time the same ones. */
function wrongCodes({ quantity, item: { codes } }: Ordered, said: Said): readonly string[] {
  if (!codes) return []
  const shown = codes.filter((code) => wholeOf(said).includes(code))
  return shown.length === quantity ? [] : [`with ${shown.length} codes in place of ${quantity}`]
}

/** All of it went back, or was asked back and not declined since. What was taken by hand in part nobody here knows. */
function isExcluded(history: History, orders: Orders, order: Ordered, { step }: Moment): boolean {
  const { out_trade_no, total_fen } = order
  const before = history.deeds.filter((deed) => deed.what !== 'items' && deed.out_trade_no === out_trade_no)
  const deeds = before.filter((deed) => deed.step < step)
  if (deeds.some((deed) => deed.what === 'given back' && fenOf(deed.amount) === total_fen)) return true
  if (deeds.some(({ what }) => what === 'no to a refund')) return false
  return history.said.some((said) => said.ended.step < step && isAskedBack(history, orders, order, said))
}

/** Asked by whose it is, paid, of an item with refunds. What nobody knows the end of may have moved the money. */
function isAskedBack(history: History, orders: Orders, order: Ordered, said: Said): boolean {
  const { paid, item } = order
  const isTaken = !said.refused || said.fields.error === 'unknown'
  if (said.tool !== 'request_refund' || !isTaken || askedOf(orders, said) !== order) return false
  if (!paid || paid.step > said.began.step || !isEntitled(history, order, said.buyer, said.began)) return false
  return item.refund !== 'never' && itemAt(history, item.id, said.ended)?.refund !== 'never'
}

function wasMovedByPolicy({ trade, out_trade_no }: Ordered, { deeds }: History): boolean {
  const byHand = deeds.filter((deed) => deed.what === 'given back' && deed.out_trade_no === out_trade_no).length
  return (trade?.refunds.length ?? 0) > byHand
}

/** All that is worth money in an answer: of the order that the call is about, and of nothing else. */
function goodsIn(history: History, orders: Orders, said: Said): readonly string[] {
  const order = askedOf(orders, said)
  return allGoods(history).flatMap(({ item, goods }) => {
    if (!wholeOf(said).includes(goods)) return []
    const isIts = (said.tool === 'deliver_order' || said.tool === 'page') && order?.item.id === item
    return isIts ? [] : [`what ${item} delivers was shown to ${said.buyer} by ${said.tool}`]
  })
}

/** Of every version of the file. */
function allGoods({ deeds }: History): readonly { item: string; goods: string }[] {
  const found = new Map<string, string>()
  for (const deed of deeds) {
    for (const item of deed.what === 'items' ? deed.items : []) {
      for (const goods of goodsOf(item)) found.set(goods, item.id)
    }
  }
  return [...found].map(([goods, item]) => ({ goods, item }))
}

function codesTwice(history: History, orders: Orders): readonly string[] {
  const owners = new Map<string, string>()
  return history.said.flatMap((said) => {
    const order = askedOf(orders, said)
    if (!order || !handsOut(said, order)) return []
    const shown = (order.item.codes ?? []).filter((code) => wholeOf(said).includes(code))
    return shown.flatMap((code) => {
      const owner = owners.get(code) ?? order.out_trade_no
      owners.set(code, owner)
      return owner === order.out_trade_no ? [] : [`a code of ${owner} was delivered to ${order.out_trade_no}, too`]
    })
  })
}
