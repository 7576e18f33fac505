// Holds what is sold by items to the items file: its price, no more than there is, and nothing twice by asking twice.
import { fromBeijingTime } from '../../src/clock.ts'
import { fenOf, yuanOf } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { isItem, priceFen, TIP } from './items-on-sale.ts'
import { withdrawnAt } from './page-records.ts'
import { type Ended, type Findings, isLost, must, type Records } from './records.ts'
import { handOutsOf, paidMoment, type ShopRecords } from './shop-records.ts'
import type { SoldOrder } from './shoppers.ts'

const PRICE = 'an order of an item costs what the items file says'

/** @param calls that have not been judged yet */
export function* judgeSales(calls: readonly Ended[], records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  for (const call of calls) {
    if (!isSelling(call) || call.how !== 'done') continue
    yield* judgePrice(call, records, shop)
    yield* judgeAgain(call, records, shop, alipay)
  }
  for (const order of shop.sold()) yield* judgeStock(order, records, shop, alipay)
}

const isSelling = ({ tool, buyer }: Ended) => tool === 'sell_item' || (tool === 'create_payment' && buyer !== undefined)

/** As many as were asked for, at the price of the version under which it was made, which was in force then. */
function* judgePrice({ answer, args, buyer }: Ended, { calls }: Records, shop: ShopRecords): Findings {
  const order = shop.sold().find(({ out_trade_no }) => out_trade_no === answer.out_trade_no)
  const written = shop.items.ofHash(order?.sale.items_hash)
  const { item, total_amount, quantity, subject } = answer
  const why = () => `${JSON.stringify(answer)} for ${JSON.stringify(args)}, version ${JSON.stringify(written?.version)}`
  if (!isItem(item) || !written) return yield must(false, PRICE, why)
  const price = priceFen(written.version, item)
  const fen = price === undefined ? fenOf(String(args.total_amount)) : price * Number(quantity)
  const isInBounds = price !== undefined || (fen >= fenOf(TIP.min) && fen <= fenOf(TIP.max))
  const isAsked = item === args.item && quantity === (args.quantity ?? 1)
  const isNamed = subject === (quantity === 1 ? `Some ${item}` : `Some ${item} ×${quantity}`)
  const isPriced = total_amount === yuanOf(fen) && (price === undefined || args.total_amount === undefined)
  const asked = calls.filter((one) => isSelling(one) && one.buyer === buyer && one.args.item === item)
  const inForce = asked.flatMap(({ began, ended }) => shop.items.inForce(began, ended || Number.POSITIVE_INFINITY))
  const isInForce = inForce.some(({ hash }) => hash === written.hash)
  yield must(isInBounds && isAsked && isNamed && isPriced && isInForce, PRICE, why)
}

/** While an order for the same is open, it is that order; its page opens no cashier in the last minute. */
function* judgeAgain(call: Ended, records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  const { answer, buyer, began, ended, endedAt } = call
  if (buyer === undefined || !isNew(call)) return
  const same = shop
    .sold()
    .filter(
      ({ sale, total, out_trade_no }) =>
        sale.buyer === buyer &&
        sale.item === answer.item &&
        sale.quantity === answer.quantity &&
        total === answer.total_amount &&
        out_trade_no !== answer.out_trade_no,
    )
  const open = same.find(({ out_trade_no, sale, total }) => {
    const told = records.calls.find(
      (one) => isSelling(one) && one.how === 'done' && one.answer.out_trade_no === out_trade_no,
    )
    const isTold = told !== undefined && told.ended < began && !isLost(records, told.ended)
    const isUnpaid = paidMoment(records, out_trade_no) > ended
    const isInTime = fromBeijingTime(sale.time_expire) - endedAt > LEAST_LEFT_MS
    // Nobody is to pay what is another order at Alipay.
    const isOurs = (alipay.trade(out_trade_no)?.total_fen ?? fenOf(total)) === fenOf(total)
    return isTold && isUnpaid && isInTime && isOurs && !isUnwanted(out_trade_no, call, records)
  })
  const why = () => `${buyer} got ${answer.out_trade_no}, and ${open?.out_trade_no} is open for the same`
  yield must(open === undefined, 'the same thing asked for again is the same order', why)
}

const LEAST_LEFT_MS = 62_000
const isNew = ({ answer }: Ended) => /^Order made/.test(String(answer.message))

/** Somebody wants it closed, or another order in its place. */
function isUnwanted(out_trade_no: string, { began, ended }: Ended, { pages, calls }: Records): boolean {
  const isWithdrawn =
    withdrawnAt(pages, out_trade_no, began).length > 0 || withdrawnAt(pages, out_trade_no, ended).length > 0
  return (
    isWithdrawn ||
    calls.some((one) => {
      const isClose = one.tool === 'close_payment' && one.order?.out_trade_no === out_trade_no
      return (isClose || one.args.replaces === out_trade_no) && one.began < ended
    })
  )
}

/** All that were paid, or will be, when it was made. */
function* judgeStock(order: SoldOrder, records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  const { out_trade_no, sale } = order
  const written = shop.items.ofHash(sale.items_hash)
  const made = records.calls.find((one) => isSelling(one) && one.answer.out_trade_no === out_trade_no)
  if (!made || !written || !isNew(made)) return
  const most =
    sale.item === 'key' ? shop.items.codesUntil(made.ended) : sale.item === 'poem' ? written.version.stock : undefined
  if (most === undefined) return
  const others = shop.sold().filter((other) => other !== order && other.sale.item === sale.item)
  const taken = others.filter((other) => isTaken(other, made, records, alipay))
  const sum = taken.reduce((all, other) => all + other.sale.quantity, sale.quantity)
  const why = () =>
    `${sum} of ${sale.item} with ${out_trade_no} and ${taken.map((one) => one.out_trade_no).join()}; there are ${most}`
  yield must(sum <= most, 'no more is sold than there is', why)
}

/** Sold before, and paid in the end: then nobody else can have it, unless all was given back before it was handed out. */
function isTaken({ out_trade_no, total }: SoldOrder, made: Ended, records: Records, alipay: Alipay): boolean {
  const told = records.calls.find(
    (one) => isSelling(one) && one.how === 'done' && one.answer.out_trade_no === out_trade_no,
  )
  const trade = alipay.trade(out_trade_no)
  if (!told || told.ended >= made.began || trade?.paid_at === undefined) return false
  // Another program was paid under that number, for something of its own.
  if (trade.total_fen !== fenOf(total)) return false
  if (isLost(records, told.ended) && records.losses.some(({ until }) => until < made.began)) return false
  const back = trade.refunds.filter(({ at }) => at <= made.endedAt).reduce((sum, { fen }) => sum + fen, 0)
  return back < trade.total_fen || handOutsOf(records, out_trade_no).some(({ ended }) => ended < made.began)
}
