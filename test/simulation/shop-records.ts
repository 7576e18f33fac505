// What happened in a shop, for those who judge it: what was handed out, asked back, declined, and given back.

import type { HookCall } from './hook.ts'
import { orderOf } from './hook.ts'
import type { ItemsOnSale } from './items-on-sale.ts'
import type { Life } from './life.ts'
import type { Sent } from './network.ts'
import type { Ended, Records } from './records.ts'
import type { SoldOrder } from './shoppers.ts'

export interface ShopRecords {
  readonly items: ItemsOnSale
  /** Every order of an item that somebody was told of. */
  readonly sold: () => readonly SoldOrder[]
  readonly hookCalls: readonly HookCall[]
  /** When the ledger wrote that the operator said no to a buyer. */
  readonly declines: { out_trade_no: string; moment: number }[]
  /** When it wrote for the first time that an order is handed out. */
  readonly reserved: { out_trade_no: string; moment: number; at: number }[]
  /** What one buyer may get back on a day by policy. */
  readonly buyerDailyFen: number
  readonly isDeskOpen: boolean
}

/** Somebody got what was bought, or its hook was told to hand it out, between these moments. */
export interface HandOut {
  out_trade_no: string
  by: 'chat' | 'page' | 'hook'
  began: number
  ended: number
  startedAt: number
  goods: readonly string[]
  /** As the chat was told. */
  first_time?: unknown
}

/** Those of an order, in the order in which they could be seen. */
export function handOutsOf(records: Records, out_trade_no: string): readonly HandOut[] {
  const { calls, pages, shop } = records
  const all = [
    ...calls.filter((call) => isDelivering(call, out_trade_no)).map(inChat),
    ...pages.visits.flatMap(({ shown = [], ended, ...visit }): HandOut[] => {
      if (visit.out_trade_no !== out_trade_no || shown.length === 0) return []
      return [{ out_trade_no, by: 'page', began: visit.began, ended, startedAt: visit.at, goods: shown }]
    }),
    ...(shop ? hookCallsOf(shop, out_trade_no) : []),
  ]
  return all.sort((one, other) => one.ended - other.ended)
}

/** It counts as handed out from the moment in which that was written, whenever the hook is called for it. */
function hookCallsOf({ hookCalls, reserved }: ShopRecords, out_trade_no: string): readonly HandOut[] {
  const of = hookCalls.filter((call) => orderOf(call) === out_trade_no)
  return of.map(({ moment, at }) => {
    const written = reserved.findLast((one) => one.out_trade_no === out_trade_no && one.moment < moment)
    const began = written?.moment ?? moment
    return { out_trade_no, by: 'hook', began, ended: moment, startedAt: written?.at ?? at, goods: [] }
  })
}

export function isDelivering({ tool, how, order }: Ended, out_trade_no: string): boolean {
  return tool === 'deliver_order' && how === 'done' && order?.out_trade_no === out_trade_no
}

function inChat({ began, ended, startedAt, order, answer }: Ended): HandOut {
  const { codes, delivered_text, first_time } = answer
  const all = [...(Array.isArray(codes) ? codes.flatMap((one) => Object.values(Object(one))) : []), delivered_text]
  const goods = all.filter((one) => one !== undefined).map(String)
  return { out_trade_no: order?.out_trade_no ?? '', by: 'chat', began, ended, startedAt, goods, first_time }
}

/** Requests of buyers that were taken, or of which nobody knows. */
export function asksOf({ calls }: Records, out_trade_no: string): readonly Ended[] {
  return calls.filter(
    ({ tool, order, how, answer }) =>
      tool === 'request_refund' &&
      order?.out_trade_no === out_trade_no &&
      (how === 'unknown' || (how === 'done' && answer.refund_request === 'waiting')),
  )
}

const REFUND = 'alipay.trade.refund'

/** Every time that a refund of a trade left some process. */
export function refundsSent({ sent }: Records, trade_no: string | undefined): readonly Sent[] {
  return sent.filter(({ method, biz }) => method === REFUND && biz.trade_no === trade_no)
}

/** Sent because a buyer asked: by the server in his chat, or by the operator at a terminal. */
export const isForBuyer = ({ name }: Life) => isOfShop({ name }) || name.startsWith('terminal')

export const isOfShop = ({ name }: Pick<Life, 'name'>) => name.startsWith('shop')

/** When it was first paid. */
export function paidMoment({ pages }: Records, out_trade_no: string): number {
  return pages.payments.find((one) => one.out_trade_no === out_trade_no)?.moment ?? Number.POSITIVE_INFINITY
}

/** How often delivery and refund of one order were tried at once. */
export function goodsRaces({ calls, pages }: Records): number {
  const of = (...tools: readonly string[]) => calls.filter(({ tool }) => tools.includes(tool))
  const refunds = of('request_refund', 'answer_request', 'refund_payment')
  const shows = pages.visits.filter(({ step }) => step === 'goods')
  const deliveries = [
    ...of('deliver_order').map(({ order, began, ended }) => ({ number: order?.out_trade_no, began, ended })),
    ...shows.map(({ out_trade_no, began, ended }) => ({ number: out_trade_no, began, ended })),
  ]
  return deliveries.filter(({ number, began, ended }) =>
    refunds.some(
      (refund) =>
        refund.order?.out_trade_no === number &&
        began < endOf(refund) &&
        refund.began < (ended || Number.POSITIVE_INFINITY),
    ),
  ).length
}

const endOf = ({ ended }: Ended) => ended || Number.POSITIVE_INFINITY
