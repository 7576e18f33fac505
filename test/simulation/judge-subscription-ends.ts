// Holds the end of a story to the rules of subscriptions: what was wanted ended is, and no period is lost from the list.
import { beijingTime, DAY_MS } from '../../src/clock.ts'
import { type Agreement, isInForce } from '../../src/emulator/agreements/agreement.ts'
import { subscriptionsThat } from '../../src/subscriptions/list-subscriptions.ts'
import { dayStart } from './announce-hook.ts'
import { judgeAfterwards } from './judge-charge-calls.ts'
import { type Findings, must, type Violation } from './records.ts'
import type { Subscribing } from './subscribing.ts'
import { isPaidUp } from './subscription-records.ts'
import type { World } from './world.ts'

const LAST_HOUR_MS = 20 * 3_600_000
/** One that is live is asked about once a day. */
const ALL_LOOKED_MS = DAY_MS + 3_600_000
const OFFERED_MS = 31 * 60_000 + 61_000

/** Once the watcher could run for a day, and charge-due after it. */
export async function judgeSubscriptionEnds(world: World): Promise<readonly (Violation | undefined)[]> {
  const { subscribing, stage, records } = world
  if (!subscribing) return []
  const { time } = stage
  for (const wait of [ALL_LOOKED_MS, 120_000]) {
    await time.pass(wait)
    await time.until(world.watchers.lookAtAll())
  }
  await time.until(subscribing.chargeDue())
  const list = await time.until(listed(world, subscribing))
  return [
    ...judgeInForce(world, subscribing),
    ...judgeAfterwards(records, stage.alipay),
    ...judgeList(world, subscribing, list),
  ]
}

async function listed(world: World, subscribing: Subscribing) {
  const call = await subscribing.callOf(world.newLife('cron'))
  const { found: all } = await subscriptionsThat(undefined, call)
  return new Map(all.map(({ subscription, renewal }) => [subscription.external_agreement_no, renewal?.state]))
}

const numberOf = ({ terms }: Agreement) => terms.external_agreement_no ?? ''

function* judgeInForce(world: World, { people, records }: Subscribing): Findings {
  const { alipay, time } = world.stage
  const now = time.now()
  const inForce = alipay.agreements().filter((one) => isInForce(one, now))
  const unpaid = inForce.filter((one) => !isPaidUp(one, now))
  for (const agreement of inForce) {
    const known = people.named(numberOf(agreement))
    if (!known) continue
    const wish = records.wishes.find((one) => one.external_agreement_no === known.external_agreement_no)
    const why = () => `${numberOf(agreement)} is in force; ended by ${wish?.by ?? 'nobody'}`
    yield must(wish === undefined, 'what is to be ended is ended', why)
    const isLate = agreement.signed_at > known.offeredAt + OFFERED_MS
    yield must(!isLate, 'a signature that is not due is undone', why)
    const twin = unpaid.find(
      (other) =>
        other !== agreement &&
        unpaid.includes(agreement) &&
        other.buyer === agreement.buyer &&
        people.named(numberOf(other))?.plan === known.plan,
    )
    yield must(!twin, 'a signature that is not due is undone', () => `${why()}, and so is ${twin && numberOf(twin)}`)
  }
}

const isFrozen = ({ records: { freezes } }: World) => freezes.some(({ until }) => until === undefined)

const ON_THE_LIST = ['missed', 'failed', 'in_doubt', 'ending']

function* judgeList(world: World, subscribing: Subscribing, list: ReadonlyMap<string, string | undefined>): Findings {
  const { people, settings, records } = subscribing
  const { alipay, time } = world.stage
  const now = time.now()
  for (const agreement of alipay.agreements().filter((one) => isInForce(one, now))) {
    const known = people.named(numberOf(agreement))
    if (!known || records.wishes.some((one) => one.external_agreement_no === known.external_agreement_no)) continue
    const state = list.get(known.external_agreement_no)
    const { planned_day } = agreement
    const why = () => `${known.external_agreement_no} is ${state}, planned ${planned_day}, at ${beijingTime(now)}`
    yield must(state !== undefined, 'each period ends charged or on the list', why)
    const isOver = now >= dayStart(planned_day) + LAST_HOUR_MS
    yield must(!isOver || ON_THE_LIST.includes(String(state)), 'each period ends charged or on the list', why)
    const isStopped = settings.dailyChargesFen !== undefined || isFrozen(world)
    yield must(state !== 'due' || isStopped, 'what is due is charged', why)
  }
}
