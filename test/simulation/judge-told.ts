// Holds what buyers are told, in chats and on pages, to what is theirs: nothing of others, nothing of the merchant's.
import { BUYERS } from '../../src/emulator/buyers.ts'
import type { KnownOrder } from './agent.ts'
import type { Alipay } from './alipay.ts'
import { orderOf } from './hook.ts'
import { CODES, goodsIn } from './items-on-sale.ts'
import { type Ended, type Findings, must, type Records } from './records.ts'
import { handOutsOf, paidMoment, type ShopRecords } from './shop-records.ts'
import { isSold, plainCode, SHOPPERS, type SoldOrder } from './shoppers.ts'

interface Told {
  records: Records
  shop: ShopRecords
  alipay: Alipay
  /** All that there are, of whomever. */
  orders: readonly KnownOrder[]
}

/** @param from of the visits, those that have not been judged yet */
export function* judgeTold(calls: readonly Ended[], from: number, told: Told): Findings {
  for (const call of calls) {
    if (call.buyer === undefined || call.ended === 0) continue
    yield* judgeOwner(call, told)
    yield* judgeClaim(call, told)
    yield* judgeForeign(call, told)
    yield* judgeDelivered(call, told)
  }
  yield* judgePages(from, told)
}

/** When an order came to a buyer: when he made it, or when he brought its claim code; `sure` where he was answered. */
interface Coming {
  buyer: string | undefined
  began: number
  ended: number
  sure: boolean
}

function comingsOf({ sale, out_trade_no }: SoldOrder, { records }: Told): readonly Coming[] {
  const claims = records.calls.filter(
    ({ args, order }) =>
      order?.out_trade_no === out_trade_no &&
      args.claim_code !== undefined &&
      plainCode(args.claim_code) === sale.claim_code,
  )
  return [
    { buyer: sale.buyer, began: 0, ended: 0, sure: true },
    ...claims.map(({ buyer, began, ended, how }) => {
      return { buyer, began, ended: ended || Number.POSITIVE_INFINITY, sure: how === 'done' }
    }),
  ]
}

/** Whether it was his at some moment of the call: nobody else had got it since, for certain. */
function isOwner(order: KnownOrder, { buyer, began, ended }: Ended, told: Told): boolean {
  if (!isSold(order)) return false
  const comings = comingsOf(order, told)
  const isSure = told.records.losses.length === 0
  return comings.some(
    (own) =>
      own.buyer === buyer &&
      own.began < ended &&
      !(isSure && comings.some((one) => one.buyer !== buyer && one.sure && one.began > own.ended && one.ended < began)),
  )
}

/** What is not a buyer's answers as if there were nothing. */
function* judgeOwner(call: Ended, told: Told): Findings {
  const { order, how, tool, buyer } = call
  if (!order || how === 'refused' || how === 'lost' || how === 'cancelled') return
  const why = () => `${tool} of ${order.out_trade_no} answered ${buyer} (${how}); it is of ${order.sale?.owner}`
  yield must(isOwner(order, call, told), 'an order answers its own buyer only', why)
}

const CLAIM = 'a claim code opens a paid order, and is shown for a paid one only'

function* judgeClaim(call: Ended, told: Told): Findings {
  const { order, how, args, buyer, began } = call
  if (how !== 'done' || args.claim_code === undefined || !order || !isSold(order)) return
  const isRight = plainCode(args.claim_code) === order.sale.claim_code
  const why = () => `${buyer} brought ${args.claim_code} of ${order.out_trade_no}`
  const before = { ...call, ended: began }
  if (isOwner(order, before, told)) return
  // Of another amount there was a payment, too; its page shows no code.
  const isPaid = paidMoment(told.records, order.out_trade_no) < call.ended || order.isElsewhere === true
  yield must(isRight && isPaid, CLAIM, why)
}

/** Not repeated even where he has named it himself, but for his own call. */
function* judgeForeign(call: Ended, told: Told): Findings {
  const { answer, args, tool, buyer } = call
  const [text, asked] = [JSON.stringify(answer), JSON.stringify(args)]
  for (const fact of [...foreignTo(call, told), ...OF_PAYERS]) {
    const isTold = text.includes(fact) && !asked.includes(fact)
    yield must(
      !isTold,
      'no answer to a buyer tells of others, or of the merchant',
      () => `${tool} told ${buyer}: ${fact}`,
    )
  }
  const own = tool === 'deliver_order' && call.order ? handOutsOf(told.records, call.order.out_trade_no) : []
  for (const goods of goodsIn(text)) {
    const isOwn = own.some((one) => one.goods.includes(goods))
    yield must(
      isOwn,
      'no answer to a buyer tells of others, or of the merchant',
      () => `${tool} told ${buyer}: ${goods}`,
    )
  }
}

const OF_PAYERS = BUYERS.flatMap(({ buyer_logon_id, buyer_user_id }) => [buyer_logon_id, buyer_user_id])

function foreignTo(call: Ended, told: Told): readonly string[] {
  const { orders, alipay } = told
  const foreign = orders.filter((order) => !isOwner(order, call, told))
  return [
    ...foreign.flatMap(({ out_trade_no, token }) => [out_trade_no, ...(token === undefined ? [] : [token])]),
    ...orders.flatMap(({ sale }) => sale?.claim_code ?? []),
    ...alipay.trades().map(({ trade_no }) => trade_no),
    ...SHOPPERS.filter((name) => name !== call.buyer),
  ]
}

/** What was handed out before is told so, and of a hook only that it said yes. */
function* judgeDelivered({ tool, how, order, answer, began, ended }: Ended, { records, shop }: Told): Findings {
  if (how !== 'done' || (tool !== 'query_payment' && tool !== 'wait_for_payment') || !order?.sale) return
  const { out_trade_no, sale } = order
  const before = handOutsOf(records, out_trade_no).some((one) => one.ended < began)
  const taken = shop.hookCalls.some(
    (call) => orderOf(call) === out_trade_no && (call.status ?? 500) < 300 && call.moment < ended,
  )
  const isSo = sale.item === 'seat' ? taken || answer.delivered !== true : !before || answer.delivered === true
  const why = () => `${tool} told delivered=${answer.delivered} of ${out_trade_no} (${sale.item})`
  yield must(isSo, 'delivered is told as it is', why)
}

/** A page shows its own order, whoever looks at it. */
function* judgePages(from: number, { records, shop }: Told): Findings {
  const { visits } = records.pages
  const owners = new Map<string, string | undefined>()
  for (const { out_trade_no, shown = [] } of visits) {
    for (const code of shown.filter((goods) => CODES.includes(goods))) {
      const owner = owners.get(code) ?? out_trade_no
      owners.set(code, owner)
      yield must(
        owner === out_trade_no,
        'a page shows the goods of its own order',
        () => `${code} on that of ${out_trade_no}`,
      )
    }
  }
  for (const { out_trade_no = '', claim_code, ended, way, status = 503 } of visits.slice(from)) {
    const why = () => `${out_trade_no} was fetched ahead: ${status}`
    yield must(way !== 'goods_ahead' || status >= 400, 'only a press hands out on a page', why)
    if (claim_code === undefined) continue
    const order = shop.sold().find((one) => one.out_trade_no === out_trade_no)
    const isIts = plainCode(claim_code) === order?.sale.claim_code
    const isPaid = paidMoment(records, out_trade_no) < ended
    yield must(isIts && isPaid, CLAIM, () => `the page of ${out_trade_no} showed ${claim_code}`)
  }
}
