// Calls of the agent, one or several at once, each with what happens meanwhile, and the record of how each ended.
import { resolveAll } from '../../src/guard/in-doubt.ts'
import type { KnownOrder, Spoken } from './agent.ts'
import { type Alipay, type Fields, ours } from './alipay.ts'
import type { Host } from './host.ts'
import type { Life } from './life.ts'
import { type Ended, howItEnded } from './records.ts'
import { type Call, type Meanwhile, PARTS } from './steps.ts'
import type { World } from './world.ts'

export type Timed = Call & { after: number }
/** In the words of the agent. */
export type Planned = Omit<Timed, 'operation'> & { spoken: Spoken }

export function plain(operation: Call['operation']): Timed {
  return { operation, host: 0, mood: 'yes', meanwhile: [], after: 0 }
}

export async function callAll(calls: readonly Timed[], world: World): Promise<void> {
  const planned = calls.flatMap(({ operation, ...rest }) => {
    const spoken = world.agent.speak(operation)
    return spoken ? [{ ...rest, spoken }] : []
  })
  await together(planned, world)
}

export async function together(calls: readonly Planned[], world: World): Promise<void> {
  const { time } = world.stage
  const ready: { call: Planned; host: Host }[] = []
  for (const call of calls) ready.push({ call, host: await world.host(call.host) })
  world.merchant.mood = calls[0]?.mood ?? 'yes'
  let later = 0
  world.running++
  const all = ready.map(async ({ call, host }) => {
    later += call.after
    if (later > 0) await time.pause(later)
    await one(call, host, world)
  })
  await time.until(Promise.all(all).then(() => world.settled()))
  world.running--
}

/** With what happens meanwhile. */
export async function one(
  { spoken, meanwhile }: Pick<Planned, 'spoken' | 'meanwhile'>,
  host: Host,
  world: World,
): Promise<void> {
  const { tool, args, buyer } = spoken
  const { agent } = world
  if (tool === 'refund_payment') agent.lastRefund = spoken
  const cancel = new AbortController()
  const plans = meanwhile.map((operation) =>
    host.life.plan(operation.at, () => happen(operation, host, cancel, world, spoken)),
  )
  const call = begun(spoken, meanwhile, host.life, world)
  const answer = tool === 'resolve' ? await resolveBy(host, world) : await host.call(tool, args, cancel.signal, buyer)
  for (const takeBack of plans) takeBack()
  host.life.ledgerFails = false
  end(call, answer, world)
  if (typeof answer !== 'string') agent.learn(spoken, answer)
}

/** A call of whatever process, for the record. */
export function begun(spoken: Spoken, meanwhile: Ended['meanwhile'], life: Life, { stage, records }: World): Ended {
  const { time, alipay } = stage
  const { order } = spoken
  const call: Ended = {
    ...spoken,
    ...{ meanwhile, life, answer: {}, how: 'lost', endedAt: 0, ended: 0 },
    startedAt: time.now(),
    began: time.moment(),
    sentBefore: records.sent.length,
    statusBefore: order && alipay.status(order.out_trade_no),
    refundsBefore: numbersOf(order, alipay),
  }
  records.calls.push(call)
  return call
}

export function end(call: Ended, answer: Fields | 'lost' | 'cancelled', { stage: { time, alipay } }: World): void {
  call.how = howItEnded(answer)
  call.endedAt = time.now()
  call.ended = time.moment()
  call.statusAfter = call.order && alipay.status(call.order.out_trade_no)
  if (typeof answer !== 'string') call.answer = answer
}

/** What "alipay-mcp resolve" does, and each server when it starts. */
export async function resolveBy({ life, services }: Host, { stage }: World): Promise<Fields | 'lost'> {
  const actor = () => ({ at: stage.time.now(), owner: `${life.name} resolves`, host: 'terminal' })
  const resolved = resolveAll({ ...services, actor }).then(
    (): Fields => ({}),
    (error: unknown): Fields => ({ isError: true, error: 'ledger_unavailable', message: String(error) }),
  )
  const ended = await Promise.race([resolved, life.death])
  return ended === 'killed' ? 'lost' : ended
}

/** That a call is about; of a replacement, the old one. */
function orderOf({ order, args }: Spoken, { agent }: World): KnownOrder | undefined {
  return order ?? agent.orders.find(({ out_trade_no }) => out_trade_no === args.replaces)
}

async function happen(
  operation: Meanwhile,
  { life }: Host,
  cancel: AbortController,
  world: World,
  spoken: Spoken,
): Promise<void> {
  const { stage, agent, merchant } = world
  const { args } = spoken
  const about = orderOf(spoken, world)
  switch (operation.does) {
    case 'kill':
      return world.kill(life)
    case 'cancel':
      return cancel.abort()
    case 'freeze':
    case 'unfreeze':
      return world.freeze(operation.does === 'freeze')
    case 'sleep':
      return stage.time.sleep(operation.ms, operation.at % 2 === 0)
    case 'ledger_fails':
      life.ledgerFails = true
      return
    case 'by_hand':
      return merchant.byHand(agent.order(operation.order)?.out_trade_no, PARTS[operation.at % PARTS.length])
    case 'pay':
    case 'press':
      return buyerComes(operation, world, about)
    case 'watch':
      return world.background(world.watchers.look(0, 1))
    case 'show':
      return void (about && world.background(world.buyers.wantGoods(about, 'phone', false)))
    case 'answer':
      return void (world.shop && world.background(world.shop.operator.answer(0, operation.yes)))
    case 'unsubscribe':
      return world.subscribing?.people.end(args.external_agreement_no)
    case 'notify':
      return world.background(world.courier.bring(operation.back, 'again'))
  }
}

function buyerComes(
  operation: Extract<Meanwhile, { does: 'pay' | 'press' }>,
  world: World,
  about: KnownOrder | undefined,
): void {
  const isSame = operation.does === 'press' && operation.same
  const order = (isSame ? about : undefined) ?? world.agent.order(operation.order)
  if (!order) return
  if (operation.does === 'pay') world.buyers.payNow('pay', order, 0)
  else world.background(pressing(operation, order, world))
}

async function pressing(
  { channel, pays, trouble }: Extract<Meanwhile, { does: 'press' }>,
  order: KnownOrder,
  { buyers }: World,
): Promise<void> {
  if (pays) await buyers.buy(order, channel, trouble)
  else await buyers.visit(order, channel, 'phone', trouble)
}

function numbersOf(order: KnownOrder | undefined, alipay: Alipay): ReadonlySet<string> {
  const refunds = order ? ours(alipay.trade(order.out_trade_no)) : []
  return new Set(refunds.map(({ out_request_no }) => out_request_no))
}
