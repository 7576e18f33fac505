// What each step of a shop does to the world: several things at once, another items file, an older ledger.
import { beijingTime } from '../../src/clock.ts'
import type { Spoken } from './agent.ts'
import { one } from './calling.ts'
import { gatewayOf, type Host } from './host.ts'
import { restore } from './restoring.ts'
import type { Shop } from './shop.ts'
import { SHOPPERS, type SoldOrder } from './shoppers.ts'
import type { Call, Meanwhile } from './steps.ts'
import type { BuyerOperation, Part, ShopStep } from './steps-shop.ts'
import type { World } from './world.ts'

const nameOf = (buyer: number) => SHOPPERS[buyer % SHOPPERS.length] ?? SHOPPERS[0]

/** What was bought before anything goes wrong. */
export async function beginShop(world: World, shop: Shop): Promise<void> {
  for (const { buyer, item, quantity, paid } of shop.settings.bought) {
    const operation = { ask: 'create', item, quantity, tip: 0, trick: undefined, pays: paid } as const
    await together([ask(buyer, operation)], undefined, world, shop)
  }
  await shop.readSales()
  // Somebody makes one every night.
  world.opened.backup?.copy(world.stage.time.moment())
}

function ask(buyer: number, operation: BuyerOperation): Part {
  return { does: 'ask', after: 0, buyer, operation, place: 0, meanwhile: [] }
}

export async function takeInShop(step: ShopStep, world: World, shop: Shop): Promise<void> {
  switch (step.does) {
    case 'together':
      world.merchant.mood = step.mood
      await together(step.parts, step.race === undefined ? undefined : shop.raced(step.race), world, shop)
      return shop.readSales()
    case 'items':
      return shop.items.write(step.version)
    case 'hook':
      shop.hook.mood = step.mood
      return
    case 'elsewhere':
      return world.stage.time.until(payElsewhere(step.order, world))
    case 'copy':
      return world.opened.backup?.copy(world.stage.time.moment())
    case 'restore':
      return restore(world)
  }
}

/** Under the number of an order of ours, as long as nobody has begun to pay that. */
async function payElsewhere(place: number, world: World): Promise<void> {
  const order = world.agent.order(place)
  const { alipay } = world.stage
  if (!order || alipay.trade(order.out_trade_no) || !(await world.terminal.order(order))) return
  const gateway = gatewayOf(world.newLife('elsewhere'), world.around(0))
  const time_expire = beijingTime(world.stage.time.now() + 3_600_000)
  const { out_trade_no } = order
  const pay_url = await gateway.payLink('page', { out_trade_no, total_amount: '0.01', subject: 'Tea', time_expire })
  if (alipay.control('pay', { pay_url })) order.isElsewhere = true
}

/** Each buyer asks for his orders again, and for what he bought. */
export async function lookAroundShop(world: World, shop: Shop): Promise<void> {
  await shop.readSales()
  for (const { sale, out_trade_no } of shop.shoppers.sold) {
    const claim_code = sale.claim_code
    const isUnknown = claim_code !== undefined && !(await world.terminal.sale(out_trade_no))
    // Whoever has the page has the code.
    const buyer = sale.owner ?? (isUnknown ? SHOPPERS[0] : undefined)
    const order = world.agent.orders.find((one) => one.out_trade_no === out_trade_no)
    if (buyer === undefined || !order) continue
    const about = { args: { out_trade_no }, order, buyer }
    const host = await shop.host(0)
    const claim = { tool: 'query_payment', ...about, args: { out_trade_no, claim_code } }
    const calls: Spoken[] = [
      // The ledger does not know it any more.
      ...(isUnknown ? [claim] : []),
      { tool: 'query_payment', ...about },
      { tool: 'deliver_order', ...about },
    ]
    for (const spoken of calls) await world.stage.time.until(one({ spoken, meanwhile: [] }, host, world))
  }
}

async function together(parts: readonly Part[], raced: SoldOrder | undefined, world: World, shop: Shop): Promise<void> {
  const { time } = world.stage
  // Before time goes on: each of them runs when something happens in it.
  const hosts = new Map<Part, Host>()
  for (const part of parts) {
    const host = part.does === 'ask' ? await shop.host(part.place) : undefined
    const merchants = part.does === 'merchant' ? await world.host(part.call.host) : undefined
    const its = host ?? merchants
    if (its) hosts.set(part, its)
  }
  let later = 0
  world.running++
  const all = parts.map(async (part) => {
    later += part.after
    if (later > 0) await time.pause(later)
    await take(part, raced, hosts.get(part), world, shop)
  })
  await time.until(Promise.all(all).then(() => world.settled()))
  world.running--
}

async function take(
  part: Part,
  raced: SoldOrder | undefined,
  host: Host | undefined,
  world: World,
  shop: Shop,
): Promise<void> {
  switch (part.does) {
    case 'ask':
      return host && buyerAsks(part, raced, host, world, shop)
    case 'merchant':
      return host && merchantCalls(part.call, raced, host, world)
    case 'show': {
      const { sold } = shop.shoppers
      const order = raced ?? sold.at(-1 - (part.order % Math.max(1, sold.length)))
      return order && world.buyers.wantGoods(order, part.device, part.insists, part.trouble)
    }
    case 'answer':
      return shop.operator.answer(part.request, part.yes, part.killedAt)
    case 'look':
      return world.watchers.look(part.place, part.looks, part.killedAt)
  }
}

async function buyerAsks(
  { buyer, operation, meanwhile }: Extract<Part, { does: 'ask' }>,
  raced: SoldOrder | undefined,
  host: Host,
  world: World,
  shop: Shop,
): Promise<void> {
  const spoken = shop.shoppers.speak(nameOf(buyer), operation, raced)
  if (!spoken) return
  await call(spoken, meanwhile, host, world)
  if (operation.ask !== 'create' || !operation.pays) return
  const made = world.records.calls.findLast((ended) => ended.args === spoken.args)?.answer.out_trade_no
  const order = world.agent.orders.find(({ out_trade_no }) => out_trade_no === made)
  if (order) await world.buyers.pay('pay', order, 0)
}

/** Of the order that a race is about, whichever it would speak of. */
async function merchantCalls(
  { operation, meanwhile }: Call,
  raced: SoldOrder | undefined,
  host: Host,
  world: World,
): Promise<void> {
  const { agent } = world
  const about = raced ? agent.orders.findIndex(({ out_trade_no }) => out_trade_no === raced.out_trade_no) : -1
  const asked = 'order' in operation && about >= 0 ? { ...operation, order: about } : operation
  const spoken = agent.speak(asked)
  if (spoken) await call(spoken, meanwhile, host, world)
}

const call = (spoken: Spoken, meanwhile: readonly Meanwhile[], host: Host, world: World) =>
  one({ spoken, meanwhile }, host, world)
