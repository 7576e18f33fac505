// What each step does to the world.
import { callAll, plain, together } from './calling.ts'
import { beginShop, lookAroundShop, takeInShop } from './stepping-shop.ts'
import { beginSubscriptions, lookAroundSubscriptions, takeSubscribed } from './stepping-subscriptions.ts'
import { PARTS, type Step } from './steps.ts'
import type { World } from './world.ts'

type Of<Does extends Step['does']> = Extract<Step, { does: Does }>

/** The orders that there are before anything goes wrong. */
export async function begin(world: World): Promise<void> {
  for (const { total, paid } of world.scenario.settings.orders) {
    await callAll([plain({ call: 'create', total, channel: 'page', minutes: 120 })], world)
    const order = world.agent.orders.at(-1)
    if (paid && order) await world.stage.time.until(world.buyers.pay('pay', order, 0))
  }
  if (world.shop) await beginShop(world, world.shop)
  if (world.subscribing) await beginSubscriptions(world, world.subscribing)
}

export async function take(step: Step, world: World): Promise<void> {
  const { stage } = world
  switch (step.does) {
    case 'call':
      return callAll(step.calls, world)
    case 'again':
      return again(step, world)
    case 'pay':
    case 'scan':
      return buyer(step, world)
    case 'visit':
    case 'notify':
    case 'invent':
    case 'watch':
      return stage.time.until(outside(step, world).then(() => world.settled()))
    case 'by_hand':
      return byHand(step, world)
    case 'time':
      await stage.time.pass(step.ms)
      return stage.time.until(world.settled())
    case 'restart':
      return world.killAll()
    case 'fault':
      return fault(step, world)
    case 'network':
      return networkFault(step, world)
    case 'clear_faults':
      return world.clearFaults()
    case 'together':
    case 'items':
    case 'hook':
    case 'elsewhere':
    case 'copy':
    case 'restore':
      return world.shop && takeInShop(step, world, world.shop)
    case 'subscribed':
    case 'day':
    case 'renewal':
    case 'next_charge':
    case 'decide':
    case 'announce_hook':
      return world.subscribing && takeSubscribed(step, world, world.subscribing)
    default:
      return decide(step.does, world)
  }
}

/** A last look at each order. */
export async function lookAround(world: World): Promise<void> {
  for (const order of world.agent.orders.keys()) await callAll([plain({ call: 'query', order })], world)
  if (world.shop) await lookAroundShop(world, world.shop)
  if (world.subscribing) await lookAroundSubscriptions(world, world.subscribing)
}

/** A part, or all of it. */
function byHand({ order, part }: Of<'by_hand'>, { agent, merchant }: World): void {
  const known = agent.order(order)
  merchant.byHand(known?.out_trade_no, PARTS[part] ?? known?.total)
}

async function again({ further, host, mood, meanwhile }: Of<'again'>, world: World): Promise<void> {
  const spoken = world.agent.again(further)
  if (spoken) await together([{ spoken, host, mood, meanwhile, after: 0 }], world)
}

/** With the newest link, or an old one; who has none and knows a page presses there first. */
async function buyer({ does, order, link }: Of<'pay' | 'scan'>, { stage, agent, buyers }: World): Promise<void> {
  const known = agent.order(order)
  if (known) await stage.time.until(buyers.pay(does, known, link))
}

// Nobody presses twice within a millisecond.
const PERSON_MS = 1_500

/** Buyers, Alipay's notifications, and watchers. */
async function outside(step: Of<'visit' | 'notify' | 'invent' | 'watch'>, world: World): Promise<void> {
  const { stage, agent, buyers, courier, watchers } = world
  if (step.does === 'notify') return courier.bring(step.back, step.form, step.trouble)
  if (step.does === 'watch') return watchers.look(step.place, step.looks, step.killedAt)
  const order = agent.order(step.order)
  if (!order) return
  if (step.does === 'invent') return courier.bringInvented(order, step.claim, step.form)
  await stage.time.pause(PERSON_MS)
  const isPress = step.way === 'page' || step.way === 'mobile'
  let revealed = await buyers.visit(order, step.way, step.device, step.trouble)
  if (!revealed && isPress && step.insists) {
    await watchers.look(0, 1)
    revealed = await buyers.visit(order, step.way, step.device)
  }
  if (revealed && step.pays) buyers.payNow('pay', order, 0)
}

function fault({ fault, method, times, ms, sub_code }: Of<'fault'>, { stage }: World): void {
  const of = { ...(method && { method }), ...(fault === 'refuse' && { sub_code }) }
  stage.alipay.control('faults', { fault, times, ms, ...of })
}

function networkFault({ fault, method, times }: Of<'network'>, { stage }: World): void {
  stage.network.faults.push(...Array.from({ length: times }, () => ({ fault, method })))
}

async function decide(
  does: 'freeze' | 'unfreeze' | 'no_balance' | 'top_up' | 'approve' | 'deny',
  world: World,
): Promise<void> {
  const { alipay } = world.stage
  switch (does) {
    case 'freeze':
    case 'unfreeze':
      return world.freeze(does === 'freeze')
    case 'no_balance':
      return void alipay.control('balance', { balance: '0.01' })
    case 'top_up':
      return void alipay.control('balance', { balance: null })
    case 'approve':
    case 'deny':
      return world.merchant.decideAll(does === 'approve')
  }
}
