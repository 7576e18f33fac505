// Holds what buyers get back to the policy: within it, once, whole, with a person's yes else, and never after a delivery.
import { beijingTime } from '../../src/clock.ts'
import { yuanOf } from './agent.ts'
import { type Alipay, ours, type Trade } from './alipay.ts'
import { ITEMS, type Policy, policyOf } from './items-on-sale.ts'
import { tradeText } from './judge-answers.ts'
import type { Sent } from './network.ts'
import { type Ended, type Findings, isLost, must, type Records } from './records.ts'
import { handOutsOf, isForBuyer, isOfShop, refundsSent, type ShopRecords } from './shop-records.ts'
import type { SoldOrder } from './shoppers.ts'

const AFTER = 'no refund that a buyer asks for after a delivery'
const BY_HIMSELF = 'a buyer gets back by himself what the policy allows'
const BY_PERSON = 'what policy does not allow needs the yes of a person'

export function* judgeClaimbacks(records: Records, shop: ShopRecords, alipay: Alipay): Findings {
  const days = new Map<string, number>()
  for (const order of shop.sold()) {
    const trade = alipay.trade(order.out_trade_no)
    if (!trade) continue
    const sent = refundsSent(records, trade.trade_no)
    const forBuyer = sent.filter(({ life }) => isForBuyer(life))
    yield* judgeAfterDelivery(order, forBuyer, records)
    const unasked = forBuyer.filter((one) => !isAgreed(order, one, records))
    for (const one of unasked) yield* judgePolicy(order, trade, one, records, shop)
    yield* judgeOnce(order, unasked, records)
    countDay(days, order, trade, unasked, records)
    yield* judgeMerchants(order, records)
  }
  for (const [day, fen] of records.losses.length > 0 ? [] : days) {
    const why = () => `${yuanOf(fen)} on ${day}, and ${yuanOf(shop.buyerDailyFen)} is the most`
    yield must(fen <= shop.buyerDailyFen, 'a buyer gets no more back by policy than his day allows', why)
  }
}

function* judgeAfterDelivery({ out_trade_no }: SoldOrder, sent: readonly Sent[], records: Records): Findings {
  const [first] = handOutsOf(records, out_trade_no)
  const late = sent.find(({ moment }) => first !== undefined && first.ended < moment)
  const why = () =>
    `${out_trade_no}: handed out by ${first?.by}, then ${late?.life.name} sent ${JSON.stringify(late?.biz)}`
  yield must(late === undefined, AFTER, why)
}

// A person reads, and a request outside the chat may be answered a while before it is used.
const HOLDS_MS = 960_000

/** Somebody at the shop said yes to that sum of that order, before it was sent. */
function isAgreed({ out_trade_no }: SoldOrder, { moment, at, biz }: Sent, { yeses }: Records): boolean {
  return yeses.some(
    (yes) =>
      yes.out_trade_no === out_trade_no &&
      yes.moment < moment &&
      at - yes.at <= HOLDS_MS &&
      yuanOf(yes.fen) === biz.refund_amount,
  )
}

function* judgePolicy(order: SoldOrder, trade: Trade, sent: Sent, records: Records, shop: ShopRecords): Findings {
  const { out_trade_no, sale } = order
  const calls = asksFor(order, sent, records)
  const place = ITEMS.indexOf(sale.item)
  const then = policyOf(shop.items.ofHash(sale.items_hash)?.version.policies[place])
  const policiesAt = ({ began }: Ended) =>
    shop.items.inForce(began, sent.moment).map(({ version }) => stricter(then, policyOf(version.policies[place])))
  const isWithin = calls.some((call) => policiesAt(call).some((one) => allows(one, trade, call, sent)))
  const why = () => {
    const asked = calls.map((call) => `${call.startedAt} under ${JSON.stringify(policiesAt(call))}`)
    return `${sent.life.name} sent ${JSON.stringify(sent.biz)} of ${out_trade_no} (${sale.item}), paid at ${trade.paid_at}, asked for at ${asked.join()}`
  }
  if (!isOfShop(sent.life)) return yield must(false, BY_PERSON, why)
  yield must(isWithin, BY_HIMSELF, why)
}

/** The calls of its buyer, one of which sent it: while one is at work another may join it. */
function asksFor({ out_trade_no }: SoldOrder, { life, moment }: Sent, { calls }: Records): readonly Ended[] {
  return calls.filter((call) => {
    const isIt = call.tool === 'request_refund' && call.order?.out_trade_no === out_trade_no && call.life === life
    // A cancelled one goes on.
    const isOver = call.ended > 0 && call.ended < moment && call.how !== 'cancelled'
    return isIt && call.began < moment && !isOver
  })
}

/** Alipay tells whole seconds of when it was paid. */
const SECOND_MS = 1_000

function allows(policy: Policy, trade: Trade, call: Ended, { biz }: Sent): boolean {
  if (policy.policy !== 'auto' || trade.paid_at === undefined) return false
  const isSoon = call.startedAt - trade.paid_at <= policy.minutes * 60_000 + SECOND_MS
  const isWhole = biz.refund_amount === yuanOf(trade.total_fen)
  return isSoon && isWhole && trade.total_fen <= policy.max_fen
}

const STRICTNESS = ['auto', 'operator', 'never']

/** Of the policy under which it was bought and of that of now. */
function stricter(then: Policy, now: Policy): Policy {
  if (then.policy === 'auto' && now.policy === 'auto') {
    const [minutes, max_fen] = [Math.min(then.minutes, now.minutes), Math.min(then.max_fen, now.max_fen)]
    return { policy: 'auto', minutes, max_fen }
  }
  return STRICTNESS.indexOf(then.policy) > STRICTNESS.indexOf(now.policy) ? then : now
}

/** One call tries, and repeats it unchanged; whatever came of it, none tries again by itself. */
function* judgeOnce(order: SoldOrder, unasked: readonly Sent[], records: Records): Findings {
  const remembered = unasked.filter(({ moment }) => !isLost(records, moment))
  const [first = [], ...others] = remembered.map((one) => asksFor(order, one, records))
  const isOne = first.some((call) => others.every((calls) => calls.includes(call)))
  const why = () => `${order.out_trade_no}: ${remembered.map(({ life, at }) => `${life.name} at ${at}`).join(', ')}`
  yield must(remembered.length === 0 || isOne, 'a refund by policy is tried once', why)
}

/** Of what certainly counts on one day, for one buyer who has had the order all the while. */
function countDay(
  days: Map<string, number>,
  order: SoldOrder,
  trade: Trade,
  unasked: readonly Sent[],
  records: Records,
): void {
  const { buyer, owner } = order.sale
  for (const { out_request_no, fen, at } of ours(trade)) {
    const sent = unasked.find(({ biz }) => biz.out_request_no === out_request_no)
    const [call] = sent ? asksFor(order, sent, records) : []
    const day = beijingTime(at).slice(0, 10)
    if (!call || buyer === undefined || buyer !== owner || beijingTime(call.startedAt).slice(0, 10) !== day) continue
    const key = `${day} of ${buyer}`
    days.set(key, (days.get(key) ?? 0) + fen)
  }
}

/** The merchant himself may give back what was delivered; somebody has to know it. */
function* judgeMerchants({ out_trade_no }: SoldOrder, records: Records): Findings {
  const [first] = handOutsOf(records, out_trade_no)
  for (const { tool, order, how, answer, began, startedAt, endedAt } of records.calls) {
    const isIt = tool === 'refund_payment' && order?.out_trade_no === out_trade_no && how === 'done'
    if (!isIt || answer.moved !== 'now' || !first || first.ended > began) continue
    const yes = records.yeses.some(
      (one) =>
        one.out_trade_no === out_trade_no &&
        one.at <= endedAt &&
        one.at >= startedAt - HOLDS_MS &&
        yuanOf(one.fen) === answer.refund_amount,
    )
    const why = () => `${out_trade_no} was handed out by ${first.by}, and ${answer.refund_amount} went back unasked`
    yield must(yes, 'what was delivered is refunded only with a yes', why)
  }
}

/** What a buyer hears of his money. */
export function* judgeAsk({ answer, order }: Ended, alipay: Alipay): Findings {
  const trade = order && alipay.trade(order.out_trade_no)
  const why = () => `${JSON.stringify(answer)}, and Alipay has ${tradeText(trade)}`
  const { refund_request, moved, refund_amount } = answer
  const made = trade?.refunds.reduce((sum, { fen }) => sum + fen, 0) ?? 0
  const isMade = refund_request === 'made'
  const isNow = moved !== 'now' || (made === trade?.total_fen && refund_amount === yuanOf(made))
  yield must(isMade ? made > 0 && isNow : moved === 'no', 'what a buyer hears of a refund is so', why)
}
