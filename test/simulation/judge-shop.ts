// Holds a shop to its rules after each step; and at the end: each paid order is delivered, given back, or on the operator's list.
import type { Alert } from '../../src/ledger/ledger.ts'
import type { Trade } from './alipay.ts'
import { judgeAsk, judgeClaimbacks } from './judge-claimbacks.ts'
import { judgeGoods } from './judge-goods.ts'
import { judgeSales } from './judge-sales.ts'
import { judgeTold } from './judge-told.ts'
import { type Ended, type Findings, must, type Violation } from './records.ts'
import { handOutsOf } from './shop-records.ts'
import type { SoldOrder } from './shoppers.ts'
import type { World } from './world.ts'

/** @param from of the visits, those that have not been judged yet */
export function* judgeShop({ records, stage, agent }: World, calls: readonly Ended[], from: number): Findings {
  const { shop } = records
  if (!shop) return
  const { alipay } = stage
  yield* judgeGoods(records, shop, alipay)
  yield* judgeClaimbacks(records, shop, alipay)
  for (const call of calls) if (call.tool === 'request_refund' && call.how === 'done') yield* judgeAsk(call, alipay)
  yield* judgeTold(calls, from, { records, shop, alipay, orders: agent.orders })
  yield* judgeSales(calls, records, shop, alipay)
}

/** Once watchers and hooks have done what they can, and before anybody asks for it again. */
export async function judgeEnds(world: World): Promise<readonly (Violation | undefined)[]> {
  const { records, terminal, stage } = world
  const list = (await terminal.undelivered()).map(({ order }) => order.out_trade_no)
  const alerts = await terminal.unsentAlerts(MOST_ALERTS)
  const found: (Violation | undefined)[] = []
  for (const order of records.shop?.sold() ?? []) {
    const trade = stage.alipay.trade(order.out_trade_no)
    if (trade?.paid_at === undefined || !(await terminal.sale(order.out_trade_no))) continue
    // Of another program's order nobody here need have heard.
    if (order.isElsewhere && !(await terminal.order(order))?.trade_status) continue
    found.push(...judgeEnd(order, trade, list, await isDelivered(order, world)))
    found.push(...judgeLate(order, trade, list, alerts))
  }
  return found
}

const MOST_ALERTS = 1_000

/** Somebody has it, or gets it whenever he asks again. What the model hands out is gone once that was told. */
async function isDelivered({ out_trade_no, sale }: SoldOrder, { terminal, records }: World): Promise<boolean> {
  const delivery = await terminal.delivery(out_trade_no)
  // A hook that has not said yes stays on the list.
  if (delivery && !delivery.confirmed) return false
  if (handOutsOf(records, out_trade_no).length > 0) return true
  if (sale.item !== 'advice' || !delivery) return delivery !== undefined
  return records.calls.some(({ tool, order, how }) => {
    return tool === 'deliver_order' && order?.out_trade_no === out_trade_no && (how === 'lost' || how === 'cancelled')
  })
}

const isTip = ({ sale }: SoldOrder) => sale.item === 'tip'
const refunded = ({ refunds }: Trade) => refunds.reduce((sum, { fen }) => sum + fen, 0)

function* judgeEnd(order: SoldOrder, trade: Trade, list: readonly string[], delivered: boolean): Findings {
  const { out_trade_no } = order
  const isBack = refunded(trade) >= trade.total_fen
  const ends = delivered || isBack || isTip(order) || list.includes(out_trade_no)
  const why = () => `${out_trade_no} (${order.sale.item}) is paid; the list: ${list.join()}`
  yield must(ends, 'a paid order ends delivered, given back, or on the list', why)
}

function* judgeLate(order: SoldOrder, trade: Trade, list: readonly string[], alerts: readonly Alert[]): Findings {
  const { out_trade_no } = order
  if (!list.includes(out_trade_no)) return
  const isTold = alerts.some((alert) => alert.kind === 'undelivered' && alert.out_trade_no === out_trade_no)
  yield must(isTold, 'the operator hears of what is late', () => `${out_trade_no}, paid at ${trade.paid_at}`)
}

/** What the ledger does not know since it was put back comes to the operator's list by its claim code. */
export async function judgeFoundAgain(world: World): Promise<readonly (Violation | undefined)[]> {
  const { records, stage, terminal } = world
  const list = (await terminal.undelivered()).map(({ order }) => order.out_trade_no)
  const found: (Violation | undefined)[] = []
  for (const order of records.losses.length > 0 ? (records.shop?.sold() ?? []) : []) {
    const trade = stage.alipay.trade(order.out_trade_no)
    const isThere = await terminal.sale(order.out_trade_no)
    if (trade?.paid_at === undefined || refunded(trade) >= trade.total_fen || isThere?.item !== undefined) continue
    const isEnded = list.includes(order.out_trade_no) || (await isDelivered(order, world))
    const why = () => `${order.out_trade_no} is paid and was claimed; the list: ${list.join()}`
    found.push(must(isEnded, 'what is lost with a ledger comes back by its claim code', why))
  }
  return found
}
