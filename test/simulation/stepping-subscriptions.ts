// What each step about subscriptions does to the world: several things at once, another day, and how charges end.
import { beijingTime, DAY_MS, fromBeijingTime } from '../../src/clock.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import type { Spoken } from './agent.ts'
import { one } from './calling.ts'
import type { Host } from './host.ts'
import { planAt } from './plans-on-offer.ts'
import { SHOPPERS } from './shoppers.ts'
import type { Meanwhile } from './steps.ts'
import { HOURS, type Hour, type NextCharge, type SubscribedPart, type SubscriptionStep } from './steps-subscriptions.ts'
import type { KnownSubscription } from './subscribers.ts'
import type { Subscribing } from './subscribing.ts'
import { chargesSent, numberOf, PAY } from './subscription-records.ts'
import type { World } from './world.ts'

type Of<Does extends SubscribedPart['does']> = Extract<SubscribedPart, { does: Does }>

/** What was signed before anything goes wrong. */
export async function beginSubscriptions(world: World, subscribing: Subscribing): Promise<void> {
  for (const { plan, buyer, account, charged } of subscribing.settings.signed) {
    const usual = { after: 0, host: 0, meanwhile: [] }
    const about = { ...usual, does: 'tool', of: 0, buyer: undefined, days: undefined } as const
    await together([{ ...usual, does: 'offer', plan, buyer }], world, subscribing)
    await together([{ after: 0, does: 'sign', of: 0, account, back: 0, trouble: undefined }], world, subscribing)
    await together([{ ...about, tool: 'query' }], world, subscribing)
    if (charged) await together([{ ...about, tool: 'charge' }], world, subscribing)
  }
}

export async function takeSubscribed(step: SubscriptionStep, world: World, subscribing: Subscribing): Promise<void> {
  const { alipay } = world.stage
  const { people, hook } = subscribing
  switch (step.does) {
    case 'subscribed':
      if (!step.in_order) return together(step.parts, world, subscribing)
      for (const part of step.parts) await together([part], world, subscribing)
      return
    case 'day':
      return toDay(people.plannedDay(people.live(step.of)), step.days, step.hour, world)
    case 'renewal':
      return renewal(step, world, subscribing)
    case 'next_charge':
      return nextCharge(step.outcome, people.live(step.of), world)
    case 'decide': {
      const waiting = alipay.trades().findLast(({ charge }) => charge?.in_process)
      return void (waiting && alipay.control('charges/decide', { out_trade_no: waiting.out_trade_no, end: step.end }))
    }
    case 'announce_hook':
      hook.mood = step.mood
  }
}

function nextCharge(next: NextCharge, known: KnownSubscription | undefined, { stage }: World): void {
  const { alipay } = stage
  const { times } = next
  if ('end' in next) {
    const { outcome, seconds, end } = next
    const external_agreement_no = known?.external_agreement_no
    return void alipay.control('charges/next', { external_agreement_no, outcome, seconds, end, times })
  }
  const fault = next.outcome === 'late_answer' ? 'late' : next.outcome
  alipay.control('faults', { fault, method: PAY, times, ms: LATE_ANSWER_MS })
}

const LATE_ANSWER_MS = 200_000
const ANNOUNCED_DAYS = 8

async function renewal(step: Extract<SubscriptionStep, { does: 'renewal' }>, world: World, subscribing: Subscribing) {
  const { people } = subscribing
  const known = people.live(step.of)
  if (!known) return
  const announce = { does: 'tool', tool: 'announce', of: step.of, after: 0, host: 0, meanwhile: [] } as const
  if (step.announced) {
    await toDay(people.plannedDay(known), -ANNOUNCED_DAYS, step.announced, world)
    await together([{ ...announce, buyer: undefined, days: undefined }], world, subscribing)
  }
  await toDay(people.plannedDay(known), step.days, step.hour, world)
  if (step.outcome) nextCharge(step.outcome, known, world)
  await together(step.parts, world, subscribing)
}

/** So many days after that day; where that is over, when it is that hour again. */
async function toDay(day: string, days: number, hour: Hour, { stage, settled }: World): Promise<void> {
  const { time } = stage
  const timeOf = (one: string) => fromBeijingTime(`${one} ${HOURS[hour]}`)
  let at = timeOf(addDays(day, days))
  if (at <= time.now()) at = timeOf(beijingTime(time.now()).slice(0, 10))
  if (at <= time.now()) at += DAY_MS
  await time.pass(at - time.now())
  await time.until(settled())
}

async function together(parts: readonly SubscribedPart[], world: World, subscribing: Subscribing): Promise<void> {
  const { time } = world.stage
  const hosts = new Map<SubscribedPart, Host>()
  for (const part of parts) {
    if (part.does !== 'offer' && part.does !== 'tool' && part.does !== 'list') continue
    const isBuyers = 'buyer' in part && part.buyer !== undefined
    hosts.set(part, await (isBuyers ? subscribing.host(part.host) : world.host(part.host)))
  }
  let later = 0
  world.running++
  const all = parts.map(async (part) => {
    later += part.after
    if (later > 0) await time.pause(later)
    await take(part, hosts.get(part), world, subscribing)
  })
  await time.until(Promise.all(all).then(() => world.settled()))
  world.running--
}

async function take(part: SubscribedPart, host: Host | undefined, world: World, subscribing: Subscribing) {
  const { people } = subscribing
  switch (part.does) {
    case 'offer':
      return host && offer(part, host, world, subscribing)
    case 'tool':
      return host && tool(part, host, world, subscribing)
    case 'list': {
      const args = part.state === undefined ? {} : { state: part.state }
      return host && call({ tool: 'list_subscriptions', args }, [], host, world)
    }
    case 'charge_due':
      return subscribing.chargeDue(part.killedAt)
    case 'sign':
      return people.sign(part)
    case 'page': {
      const known = part.way === 'open' ? people.at(part.of) : people.live(part.of)
      return known && people.visit(known, part.way, part.trouble)
    }
    case 'wallet': {
      const known = people.live(part.of)
      return known && people.wallet(known)
    }
    case 'look':
      return world.watchers.look(part.place, part.looks, part.killedAt)
  }
}

const nameOf = (buyer: number | undefined) => (buyer === undefined ? undefined : SHOPPERS[buyer % SHOPPERS.length])

async function offer({ plan, buyer: who, meanwhile }: Of<'offer'>, host: Host, world: World, { people }: Subscribing) {
  const buyer = nameOf(who)
  const spoken = { tool: 'create_subscription', args: { plan: planAt(plan).id }, buyer }
  const answer = await call(spoken, meanwhile, host, world)
  if (answer) people.learn(answer, buyer)
}

async function tool(
  { tool, of, buyer: who, days, meanwhile }: Of<'tool'>,
  host: Host,
  world: World,
  { people }: Subscribing,
) {
  const known = people.live(of)
  if (!known) return
  const buyer = nameOf(who)
  const { external_agreement_no } = known
  const today = beijingTime(world.stage.time.now()).slice(0, 10)
  const args = {
    external_agreement_no,
    ...(tool === 'postpone' && days !== undefined && { planned_day: addDays(today, days) }),
  }
  const name = tool === 'announce' ? 'announce_renewal' : `${tool}_subscription`
  await call({ tool: name, args, buyer }, meanwhile, host, world)
}

/** What it answered, unless that was an error. */
async function call(spoken: Spoken, meanwhile: readonly Meanwhile[], host: Host, world: World) {
  await one({ spoken, meanwhile }, host, world)
  const made = world.records.calls.findLast((ended) => ended.args === spoken.args)
  return made?.how === 'done' ? made.answer : undefined
}

/** A last look at each of them, and at each charge that ever left. */
export async function lookAroundSubscriptions(world: World, { people }: Subscribing): Promise<void> {
  const host = await world.host(0)
  for (const known of people.known) {
    const { external_agreement_no } = known
    const agreement = people.agreement(known)
    const sent = agreement ? chargesSent(world.records, agreement) : []
    const charges = [...new Set(sent.map(numberOf))]
    const calls: Spoken[] = [
      ...charges.map((out_trade_no) => ({
        tool: 'query_payment',
        args: { out_trade_no },
        order: orderOf(out_trade_no),
      })),
      { tool: 'query_subscription', args: { external_agreement_no } },
    ]
    for (const spoken of calls) await world.stage.time.until(one({ spoken, meanwhile: [] }, host, world))
  }
}

const orderOf = (out_trade_no: string) => ({ out_trade_no, total: '', links: [] })
