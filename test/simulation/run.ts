// Runs one scenario from its beginning to its end, judging it after each step.
import { ours } from './alipay.ts'
import { isTaken } from './announce-hook.ts'
import { AT } from './front.ts'
import type { Replaced } from './host.ts'
import { CODES } from './items-on-sale.ts'
import { judgeAnswer } from './judge-answers.ts'
import { judgeDays } from './judge-days.ts'
import { judgeKnown, judgeWatched } from './judge-known.ts'
import { judgeMoney } from './judge-money.ts'
import { judgeAlarms, judgePages, latePayments, racesOf } from './judge-pages.ts'
import { judgePromises } from './judge-promises.ts'
import { judgeTrades, resolveEverything } from './judge-rest.ts'
import { isWatchers, judgeDoubt, judgeReading, judgeSending, judgeWatchers } from './judge-sending.ts'
import { judgeEnds, judgeFoundAgain, judgeShop } from './judge-shop.ts'
import { judgeSubscriptionEnds } from './judge-subscription-ends.ts'
import { judgeSubscriptions } from './judge-subscriptions.ts'
import { installLots } from './lots.ts'
import { type Ended, type Findings, must, type Records, Violation } from './records.ts'
import { asksOf, goodsRaces, handOutsOf, isOfShop } from './shop-records.ts'
import { ledgerInMemory, ledgerOnDisk } from './stage.ts'
import { begin, lookAround, take } from './stepping.ts'
import type { Scenario } from './steps.ts'
import { storyOf } from './story.ts'
import { chargeRaces } from './subscription-records.ts'
import { type Stage, World } from './world.ts'

/** What a run came to, for the summary. */
export interface Came {
  steps: number
  calls: number
  refunds: number
  /** Of an amount that had been refunded before, under the number that an answer offered. */
  further: number
  unknown: number
  kills: number
  /** On pages, by whoever and with whatever answer, and the links that came of it. */
  presses: number
  links: number
  /** Notifications that were taken, and that were not. */
  applied: number
  refused: number
  /** Queries of watchers. */
  looks: number
  /** Payments after a withdrawal. */
  late: number
  /** Presses while a call was withdrawing the order, and those in whose middle the withdrawal was written. */
  races: number
  close_races: number
  /** Orders of items that were handed out, and their codes. */
  deliveries: number
  codes: number
  /** Of buyers who want their money back; those that policy gave it. */
  asked_back: number
  policy_refunds: number
  /** Deliveries and refunds of one order that were tried at once. */
  goods_races: number
  /** Subscriptions that were signed; of these, when nobody offered it any more or beside another. */
  signed: number
  undue: number
  /** Periods that were paid, renewals of which a hook has told, and wishes to end one. */
  charged: number
  announced: number
  cancelled: number
  /** Charges of one subscription that were tried at once. */
  charge_races: number
  /** Older copies of a ledger that were put in its place. */
  restored: number
  /** What went wrong between server and Alipay. */
  troubles: readonly string[]
}

/**
 * @param only judged by this rule and no other
 * @throws Violation, with the story of the run
 */
export async function run(stage: Stage, scenario: Scenario, replaced: Replaced = {}, only?: string): Promise<Came> {
  const { settings } = scenario
  const { alipay } = stage
  const undo = [installLots(), stage.time.install(), stage.network.install()]
  const open = await (settings.file ? ledgerOnDisk() : ledgerInMemory())
  prepare(stage, scenario)
  const terminal = replaced.terminal?.(open.terminal) ?? open.terminal
  const world = new World(stage, scenario, terminal, open, replaced)
  alipay.notifications.heard = (notification) => world.courier.heard(notification)
  stage.network.announce = async (...call) => world.subscribing?.hook.answer(...call)
  stage.network.known = {
    order: (out_trade_no) => open.terminal.order({ out_trade_no }),
    subscription: (external_agreement_no) => open.terminal.subscription({ external_agreement_no }),
  }
  const rule = (found: Iterable<Violation | undefined>) => throwFirst(found, only)
  try {
    await live(world, rule)
  } catch (error) {
    // It cannot go on after that, but it is not what is looked for.
    const isOther = error instanceof Violation && only !== undefined && error.rule !== only
    if (isOther) return cameTo(world.records, scenario, stage)
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      story: storyOf(world.records),
    })
  } finally {
    for (const one of undo) one()
    world.shop?.items.remove()
    open.close()
  }
  return cameTo(world.records, scenario, stage)
}

function prepare({ time, alipay, network }: Stage, { settings }: Scenario): void {
  const { precreate_repeat, close_before_scan, close_notification, two_products, latencies } = settings
  time.restart()
  network.restart(latencies)
  alipay.control('reset')
  const switches = settings.subscriptions?.switches
  alipay.control('rules', { precreate_repeat, close_before_scan, close_notification, two_products, ...switches })
  if (switches) alipay.control('app', { gateway_url: `${AT}/notify` })
}

async function live(world: World, rule: (found: Iterable<Violation | undefined>) => void): Promise<void> {
  const { records, scenario } = world
  await begin(world)
  for (const step of scenario.steps) {
    const from = soFar(records)
    await take(step, world)
    rule(judge(world, from))
    rule(await judgeKnown(world, from.notified))
  }
  const from = soFar(records)
  rule(await resolveEverything(world))
  await world.stage.time.until(world.watchers.lookAtAll())
  rule(await judgeWatched(world))
  rule(await judgeEnds(world))
  rule(await judgeSubscriptionEnds(world))
  await lookAround(world)
  rule(judge(world, from))
  rule(await judgeKnown(world, from.notified))
  rule(await judgeTrades(world))
  rule(await judgeFoundAgain(world))
  rule(judgeAlarms(records, await world.terminal.unsentAlerts(MOST_ALERTS)))
  await world.end()
}

const MOST_ALERTS = 1_000

/** What has been judged is not judged again. */
const soFar = ({ calls, sent, pages }: Records) => ({
  calls: calls.length,
  sent: sent.length,
  visits: pages.visits.length,
  notified: pages.notified.length,
})

function* judge(world: World, from: ReturnType<typeof soFar>): Findings {
  const {
    records,
    stage: { alipay },
    scenario: { settings },
  } = world
  const [fault] = records.ourFaults
  yield must(fault === undefined, 'no fault of ours', () => String(fault instanceof Error ? fault.stack : fault))
  const calls = records.calls.slice(from.calls)
  for (const call of calls) {
    yield* judgeAnswer(call, alipay, records)
    yield* judgeDoubt(call, records, alipay)
  }
  yield* judgeReading(calls, records)
  yield* judgeSending(records, from.sent)
  yield* judgeWatchers(records, from.sent)
  yield* judgePromises(records, alipay, world.agent.orders)
  yield* judgePages(records, from.visits)
  yield* judgeMoney(records, alipay, settings)
  yield* judgeDays(records, alipay, settings)
  yield* judgeShop(world, calls, from.visits)
  yield* judgeSubscriptions(world, calls, from.sent)
}

function throwFirst(found: Iterable<Violation | undefined>, only: string | undefined): void {
  for (const one of found) if (one && (only ?? one.rule) === one.rule) throw one
}

const isFurther = ({ request, answer }: Ended) => request?.key.endsWith('+') && answer.moved === 'now'

function cameTo(records: Records, { steps }: Scenario, { alipay }: Stage): Came {
  const { calls, kills, sent, pages } = records
  const { races, close } = racesOf(records)
  const applied = pages.notified.filter(({ answer, isGenuine }) => isGenuine && answer === '200 success').length
  return {
    steps: steps.length,
    calls: calls.length,
    refunds: alipay.trades().flatMap((trade) => ours(trade)).length,
    further: calls.filter(isFurther).length,
    unknown: calls.filter(({ how }) => how === 'unknown').length,
    kills,
    presses: pages.visits.filter(({ isPress }) => isPress).length,
    links: pages.revealed.length,
    applied,
    refused: pages.notified.length - applied,
    looks: sent.filter(isWatchers).length,
    late: latePayments(pages).length,
    races,
    close_races: close,
    ...cameOfShop(records, alipay),
    ...cameOfSubscriptions(records, alipay),
    troubles: sent.flatMap(({ trouble }) => trouble ?? []),
  }
}

function cameOfSubscriptions(records: Records, alipay: Stage['alipay']) {
  const { known = [], announced = [], wishes = [] } = records.subscriptions ?? {}
  return {
    signed: alipay.agreements().length,
    undue: wishes.filter(({ by }) => by === 'undue').length,
    charged: alipay.trades().filter(({ charge, paid_at }) => charge && paid_at !== undefined).length,
    announced: announced.filter(isTaken).length,
    cancelled: wishes.length,
    charge_races: known.length > 0 ? chargeRaces(records) : 0,
  }
}

/** Of no shop nothing. */
function cameOfShop(records: Records, alipay: Stage['alipay']) {
  const sold = records.shop?.sold() ?? []
  const handOuts = sold.map(({ out_trade_no }) => handOutsOf(records, out_trade_no))
  const codes = new Set(
    handOuts.flatMap((all) => all.flatMap(({ goods }) => goods.filter((one) => CODES.includes(one)))),
  )
  const yeses = new Set(records.yeses.map(({ out_trade_no }) => out_trade_no))
  const unasked = sold.filter(({ out_trade_no }) => !yeses.has(out_trade_no))
  const made = unasked.flatMap(({ out_trade_no }) => ours(alipay.trade(out_trade_no)))
  const byShop = records.sent.filter(({ life }) => isOfShop(life))
  return {
    deliveries: handOuts.filter((all) => all.length > 0).length,
    codes: codes.size,
    asked_back: sold.filter(({ out_trade_no }) => asksOf(records, out_trade_no).length > 0).length,
    policy_refunds: made.filter((one) => byShop.some(({ biz }) => biz.out_request_no === one.out_request_no)).length,
    goods_races: records.shop ? goodsRaces(records) : 0,
    restored: records.losses.length,
  }
}
