// Judges what a shop did for buyers in chats, from the policy alone: what the items file said, what Alipay moved, what was answered.
import { type History, type Ordered, ordersOf } from './history.ts'
import { judgeFacts } from './judge-facts.ts'
import { judgeGoods } from './judge-goods.ts'
import { judgeMoney } from './judge-money.ts'

/** @returns what was beyond the policy: nothing, where all is well */
export function judge(history: History): readonly string[] {
  const orders = ordersOf(history)
  return [
    ...unknownOrders(history, orders),
    ...judgeMoney(history, orders),
    ...judgeGoods(history, orders),
    ...judgeFacts(history, orders),
  ]
}

function unknownOrders({ said, trades }: History, orders: ReadonlyMap<string, Ordered>): readonly string[] {
  const made = said.filter(({ tool, refused }) => tool === 'create_payment' && !refused)
  const unnamed = made.filter(({ fields }) => !orders.has(String(fields.out_trade_no)))
  const given = made.filter(({ fields, buyer }) => orders.get(String(fields.out_trade_no))?.buyer !== buyer)
  return [
    ...unnamed.map(({ args }) => `an order was made of what is not sold: ${JSON.stringify(args)}`),
    ...given.map(({ buyer, fields }) => `${buyer} was given the order ${fields.out_trade_no} of somebody else`),
    ...trades.flatMap(({ out_trade_no }) => (orders.has(out_trade_no) ? [] : [`nobody ordered ${out_trade_no}`])),
  ]
}
