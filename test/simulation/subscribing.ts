// What a story with subscriptions has beside others: its plans, the hook that announces, the chats of buyers, and charge-due.

import { LedgerError } from '../../src/errors.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import { Secret } from '../../src/settings/keys.ts'
import { newShop, type ShopCall } from '../../src/shop/buyer.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import type { Fields } from './alipay.ts'
import { AnnounceHook } from './announce-hook.ts'
import { begun, end } from './calling.ts'
import { HOOK_SECRET } from './hook.ts'
import { gatewayOf, type Host, openHost, type Surroundings } from './host.ts'
import type { Life } from './life.ts'
import { PlansOnOffer } from './plans-on-offer.ts'
import type { SubscriptionSettings } from './steps-subscriptions.ts'
import { Subscribers } from './subscribers.ts'
import type { SubscriptionRecords } from './subscription-records.ts'
import type { World } from './world.ts'

const LIMITS = { singleBuyer: false, buyerOpen: 4, buyerPerHour: 30, allOpen: 500, buyerRefundsFen: 0 }

export class Subscribing {
  readonly plans = new PlansOnOffer()
  readonly hook: AnnounceHook
  readonly people: Subscribers
  readonly records: SubscriptionRecords
  readonly #hosts = new Map<number, Host>()

  constructor(
    readonly world: World,
    readonly settings: SubscriptionSettings,
  ) {
    const { dailyChargesFen, hook } = settings
    this.hook = new AnnounceHook(world.stage.time, hook)
    this.people = new Subscribers(world)
    const { known } = this.people
    this.records = { known, wishes: [], announced: this.hook.calls, visits: [], dailyChargesFen }
  }

  sells(): Surroundings['shop'] {
    const settings = { ...LIMITS, itemsFile: this.plans.path, deliverySecret: new Secret(HOOK_SECRET) }
    return newShop(settings, () => {})
  }

  /** The host of that place, with a server that has buyers in its chats. */
  async host(place: number): Promise<Host> {
    const known = this.#hosts.get(place)
    if (known && !known.life.dead) return known
    const { world } = this
    const life = world.newLife('shop')
    const ledger = await world.ledgerOf(life)
    const around: Surroundings = { ...world.around(0), role: 'buyer', answer: undefined }
    const host = await world.stage.time.until(openHost(life, ledger, around))
    this.#hosts.set(place, host)
    return host
  }

  /** What "alipay-mcp charge-due" does, in a process of its own. @param killedAt after so many of its operations */
  async chargeDue(killedAt?: number): Promise<void> {
    const { world } = this
    const life = world.newLife('cron')
    const takeBack = killedAt === undefined ? undefined : life.plan(killedAt, () => world.kill(life))
    const call = begun({ tool: 'charge_due', args: {} }, [], life, world)
    const charged = this.#chargeDue(life).catch(failed)
    const ended = await Promise.race([charged, life.death])
    takeBack?.()
    end(call, ended === 'killed' ? 'lost' : ended, world)
  }

  async #chargeDue(life: Life): Promise<Fields> {
    const made = await chargeAll(await this.callOf(life))
    return {
      results: made.map((one) => ({ ...one, ...('charge' in one && { out_trade_no: one.charge.out_trade_no }) })),
    }
  }

  /** A call of the merchant's that no server makes. */
  async callOf(life: Life): Promise<ShopCall> {
    const { world } = this
    const around = world.around(0)
    const own = await world.ledgerOf(life)
    const ledger = world.replaced.ledger?.(own) ?? own
    const { clock, rules, shop } = around
    return {
      ...{ clock, rules, shop, gateway: gatewayOf(life, around), ledger: async () => ledger, role: 'merchant' },
      actor: () => ({ at: world.stage.time.now(), owner: life.name, host: 'a terminal' }),
      approver: NO_APPROVER,
    }
  }

  killAll(): void {
    for (const { life } of this.#hosts.values()) if (!life.dead) this.world.kill(life)
  }

  async end(): Promise<void> {
    for (const host of this.#hosts.values()) await host.close()
    this.plans.remove()
  }
}

function failed(error: unknown): Fields {
  if (error instanceof LedgerError) return { isError: true, error: 'ledger_unavailable', message: error.message }
  return { isError: true, error: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : '' }
}
