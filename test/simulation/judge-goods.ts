// Holds what a shop hands out to the shop's rules: what was paid for, all of it, once, and nothing beside a refund.
import { createHmac } from 'node:crypto'
import { fenOf } from './agent.ts'
import { type Alipay, ours, type Trade } from './alipay.ts'
import { HOOK_SECRET, type HookCall, orderOf } from './hook.ts'
import { CODES, HOOK_ADDRESS, textOf } from './items-on-sale.ts'
import { answerOf, type Sent } from './network.ts'
import { type Findings, isLost, must, type Records } from './records.ts'
import { asksOf, type HandOut, handOutsOf, paidMoment, refundsSent, type ShopRecords } from './shop-records.ts'
import type { SoldOrder } from './shoppers.ts'

export function* judgeGoods(records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  const owners = new Map<string, string>()
  for (const order of shop.sold()) {
    const all = handOutsOf(records, order.out_trade_no)
    // Of what a ledger forgot only that it was handed out is known, and which codes by their hashes.
    const handOuts = all.filter((one, at) => at === 0 || one.goods.length > 0 || !isLost(records, all[0]?.ended ?? 0))
    yield* judgeCodes(order, handOuts, owners)
    yield* judgeTimes(order, handOuts)
    yield* judgeSame(order, handOuts, shop)
    const [first] = handOuts
    if (!first) continue
    const trade = alipay.trade(order.out_trade_no)
    yield* judgePaid(order, first, trade, records)
    yield* judgeAskedBack(order, first, records, shop)
    yield* judgeGivenBack(handOuts, trade, records, shop)
    yield* judgeOnPage(first, trade, records)
  }
  yield* judgeHook(records, shop, alipay)
}

const textsOf = ({ by, first_time, goods }: HandOut) => `${by}, first time ${first_time}: ${goods.join()}`

function* judgeCodes(order: SoldOrder, handOuts: readonly HandOut[], owners: Map<string, string>): Findings {
  const { out_trade_no, sale } = order
  for (const handOut of handOuts) {
    const codes = handOut.goods.filter((goods) => CODES.includes(goods))
    for (const code of codes) {
      const owner = owners.get(code) ?? out_trade_no
      owners.set(code, owner)
      const why = () => `${code} was handed out for ${owner}, and for ${out_trade_no}`
      yield must(owner === out_trade_no, 'each code is handed out for one order only', why)
    }
    if (sale.item !== 'key' || handOut.by === 'hook') continue
    const why = () => `${sale.quantity} were bought with ${out_trade_no}; ${textsOf(handOut)}`
    yield must(codes.length === sale.quantity, 'as many codes are handed out as were bought', why)
  }
}

/** Whoever hands something out by himself does it where he is told that it is the first time. */
function* judgeTimes({ out_trade_no }: SoldOrder, handOuts: readonly HandOut[]): Findings {
  const firsts = handOuts.filter(({ first_time }) => first_time === true)
  const [first] = firsts
  const before = handOuts.find(({ ended }) => first !== undefined && ended < first.began)
  const why = () => `${out_trade_no}: ${handOuts.map(textsOf).join('; ')}`
  const isOnce = firsts.length <= 1 && before === undefined
  yield must(isOnce, 'what is handed out is handed out for the first time once', why)
}

/** What the file said when the order was made, whatever it says now. */
function* judgeSame({ out_trade_no, sale }: SoldOrder, handOuts: readonly HandOut[], shop: ShopRecords): Findings {
  const shown = handOuts.filter(({ by }) => by !== 'hook')
  const [first] = shown
  const written = shop.items.ofHash(sale.items_hash)
  const text = sale.item === 'poem' && written ? textOf(written.version) : first?.goods.join()
  for (const { goods } of shown) {
    const why = () =>
      `${out_trade_no}: ${goods.join()} in place of ${sale.item === 'poem' ? text : first?.goods.join()}`
    const isSame = [...goods].sort().join() === [...(first?.goods ?? [])].sort().join()
    const isDue = sale.item !== 'poem' || goods.join() === text
    yield must(isSame && isDue, 'what was handed out is shown again, and nothing else', why)
  }
}

function* judgePaid(order: SoldOrder, first: HandOut, trade: Trade | undefined, records: Records): Findings {
  const { out_trade_no, total } = order
  const isPaid = trade?.paid_at !== undefined && paidMoment(records, out_trade_no) < first.ended
  const isAmount = trade?.total_fen === fenOf(total)
  const why = () =>
    `${out_trade_no} of ${total}: ${textsOf(first)}; Alipay has ${trade?.total_fen} fen, ${trade?.paid_at}`
  yield must(isPaid && isAmount, 'nothing is handed out that is not paid as it was ordered', why)
}

const BESIDE = 'nothing is handed out once it is given back, or asked back'

/** A request that was taken, and to which nobody said no, and what was bought: one of the two was to be refused. */
function* judgeAskedBack(order: SoldOrder, first: HandOut, records: Records, shop: ShopRecords): Findings {
  const { out_trade_no } = order
  const declines = shop.declines.filter((one) => one.out_trade_no === out_trade_no)
  for (const ask of asksOf(records, out_trade_no)) {
    if (isLost(records, ask.ended) && first.began > ask.ended) continue
    const isDeclined = declines.some(({ moment }) => moment > ask.began && moment < first.ended)
    yield must(isDeclined, BESIDE, () => `${out_trade_no} was asked back (${ask.how}), and ${textsOf(first)}`)
  }
}

/** Once it cannot be said for certain that no money went back. What is made by hand counts once Alipay can tell it. */
function* judgeGivenBack(
  handOuts: readonly HandOut[],
  trade: Trade | undefined,
  records: Records,
  shop: ShopRecords,
): Findings {
  // A page may show what was handed out before; who presses there for the first time is told nothing of that.
  const new_ = handOuts.find(({ by, first_time }) => first_time === true || by === 'hook')
  if (!new_ || !trade) return
  const sent = refundsSent(records, trade.trade_no).filter(
    (one) =>
      one.moment < new_.began &&
      !isLost(records, one.moment) &&
      !isHarmless(one) &&
      !isDeclined(one, new_, trade, shop),
  )
  const why = () =>
    `${trade.out_trade_no}: ${textsOf(new_)}, after ${sent.map(({ life }) => life.name).join()} sent a refund`
  yield must(sent.length === 0, BESIDE, why)
  const byHand = trade.refunds.filter(({ by, at }) => by === 'console' && at < new_.startedAt)
  const whole = [...byHand, ...ours(trade).filter(({ at }) => at < new_.startedAt)].reduce(
    (sum, { fen }) => sum + fen,
    0,
  )
  const told = records.pages.notified.filter(
    ({ isGenuine, answer, fields, moment }) =>
      isGenuine &&
      answer === '200 success' &&
      moment < new_.began &&
      !isLost(records, moment) &&
      fields.get('out_trade_no') === trade.out_trade_no &&
      fields.has('refund_fee'),
  )
  const how = () =>
    `${trade.out_trade_no}: ${textsOf(new_)}, ${whole} of ${trade.total_fen} fen refunded, ${told.length} told`
  yield must(whole < trade.total_fen && told.length === 0, BESIDE, how)
}

/** The front has heard a while ago at most what Alipay says. */
const HEARD_MS = 12_000

/** Where nobody but the page can have handed it out, after all of it had been given back. */
function* judgeOnPage(first: HandOut, trade: Trade | undefined, { calls, pages, shop }: Records): Findings {
  if (first.by !== 'page' || !trade) return
  const { out_trade_no } = trade
  const press = pages.visits.find((visit) => visit.out_trade_no === out_trade_no && visit.step === 'goods')
  const others = calls.some(({ tool, order, began }) => {
    return tool === 'deliver_order' && order?.out_trade_no === out_trade_no && began < first.ended
  })
  if (others || shop?.hookCalls.some((call) => orderOf(call) === out_trade_no)) return
  const back = trade.refunds.filter(({ at }) => at < (press?.at ?? first.startedAt) - HEARD_MS)
  const sum = back.reduce((all, { fen }) => all + fen, 0)
  yield must(sum < trade.total_fen, BESIDE, () => `${out_trade_no}: shown on its page, and all was given back`)
}

/** A person said no since, who can look at Alipay: it is not there. */
function isDeclined({ biz, moment }: Sent, handOut: HandOut, trade: Trade, { declines }: ShopRecords): boolean {
  const { out_trade_no, ended, startedAt } = handOut
  const isMade = ours(trade).some(({ out_request_no, at }) => out_request_no === biz.out_request_no && at < startedAt)
  const since = declines.filter((one) => one.out_trade_no === out_trade_no && one.moment > moment)
  return !isMade && since.some((one) => one.moment < ended)
}

/** Alipay refused it, and the answer came: it did nothing, then or later. */
function isHarmless(sent: Sent): boolean {
  const { code, sub_code } = answerOf(sent)
  return sent.trouble === undefined && /^4/.test(String(code)) && sub_code !== 'ACQ.SYSTEM_ERROR'
}

/** All of it was given back by a server, which the ledger knows, a while before the hook is called. */
function isBack(call: HookCall, { calls }: Records, alipay: Alipay): boolean {
  const trade = alipay.trade(orderOf(call))
  const made = ours(trade).filter(({ out_request_no, at }) => {
    const isTold = calls.some(({ answer, ended }) => answer.out_request_no === out_request_no && ended < call.moment)
    return isTold && at < call.at
  })
  return trade !== undefined && made.reduce((sum, { fen }) => sum + fen, 0) >= trade.total_fen
}

function* judgeHook(records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  const { losses } = records
  for (const [at, call] of shop.hookCalls.entries()) {
    const order = shop.sold().find(({ out_trade_no }) => out_trade_no === orderOf(call))
    yield must(isWhatWasBought(call, order), 'a hook is called with what was bought, and signed', () => call.body)
    const back = () => `the hook is called for ${orderOf(call)}, and all was given back`
    yield must(losses.length > 0 || !isBack(call, records, alipay), BESIDE, back)
    const before = shop.hookCalls.slice(0, at).filter((one) => orderOf(one) === orderOf(call))
    const taken = before.find((one) => one.life === call.life && one.status !== undefined && one.status < 300)
    const why = () => `${orderOf(call)} was taken by the hook, and is called for again; ${losses.length} losses`
    yield must(taken === undefined, 'a hook that has taken an order is not called again', why)
  }
}

function isWhatWasBought({ body, headers, url, at }: HookCall, order: SoldOrder | undefined): boolean {
  const { order: number, item, quantity, total_amount } = Object(JSON.parse(body))
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['alipay-mcp-signature'] ?? '') ?? []
  const isSigned = createHmac('sha256', HOOK_SECRET).update(`${t}.${body}`).digest('hex') === v1
  const isNow = Math.abs(Number(t) * 1_000 - at) < 60_000
  const isIt = order?.sale.item === item && order?.sale.quantity === quantity && order?.total === total_amount
  return isSigned && isNow && isIt && number === order?.out_trade_no && url === HOOK_ADDRESS
}
