// The shop of a story: its servers with buyers in their chats, what it sells, its hook, and the operator who answers buyers.
import { Secret } from '../../src/settings/keys.ts'
import { newShop } from '../../src/shop/buyer.ts'
import { ours } from './alipay.ts'
import { HOOK_SECRET, Hook } from './hook.ts'
import { type Host, openHost, type Surroundings } from './host.ts'
import { ItemsOnSale } from './items-on-sale.ts'
import { Operator } from './operator.ts'
import { handOutsOf, type ShopRecords } from './shop-records.ts'
import { Shoppers, type SoldOrder } from './shoppers.ts'
import type { ShopSettings } from './steps-shop.ts'
import type { World } from './world.ts'

/** As many orders as buyers may make: more than the product allows by itself, so that stories do not end there. */
const LIMITS = { singleBuyer: false, buyerOpen: 4, buyerPerHour: 30, allOpen: 500 }

export class Shop {
  readonly items: ItemsOnSale
  readonly hook: Hook
  readonly shoppers: Shoppers
  readonly operator: Operator
  readonly records: ShopRecords
  readonly #hosts = new Map<number, Host>()

  constructor(
    readonly world: World,
    readonly settings: ShopSettings,
  ) {
    const { time } = world.stage
    this.items = new ItemsOnSale(time, settings.first)
    this.hook = new Hook(time, settings.hook)
    this.shoppers = new Shoppers(world.agent)
    this.operator = new Operator(world)
    const sold = () => this.shoppers.sold
    const { items, hook } = this
    const { buyerDailyFen, desk } = settings
    this.records = { items, sold, hookCalls: hook.calls, declines: [], reserved: [], buyerDailyFen, isDeskOpen: desk }
  }

  /** Of one process: each reads the items file by itself. */
  sells(): Surroundings['shop'] {
    const { buyerDailyFen } = this.settings
    const deliverySecret = new Secret(HOOK_SECRET)
    const settings = { ...LIMITS, itemsFile: this.items.path, buyerRefundsFen: buyerDailyFen, deliverySecret }
    return newShop(settings, () => {})
  }

  /** The host of that place, with a living server of the shop. */
  async host(place: number): Promise<Host> {
    const known = this.#hosts.get(place)
    if (known && !known.life.dead) return known
    const { world } = this
    const life = world.newLife('shop')
    const ledger = await world.ledgerOf(life)
    const host = await world.stage.time.until(openHost(life, ledger, this.#around()))
    this.#hosts.set(place, host)
    return host
  }

  /** Nobody in its chat may say yes, and whoever is asked there says it. */
  #around(): Surroundings {
    const { world, settings } = this
    const around = world.around(0)
    const asked = async (question: string) => {
      world.records.ourFaults.push(new Error(`a buyer was asked: ${question}`))
      return '同意 yes'
    }
    return {
      ...around,
      role: 'buyer',
      rules: { ...around.rules, refundApproval: 'operator' },
      answer: around.answer && asked,
      isDeskOpen: settings.desk,
    }
  }

  /** The newest but so many that is paid, and neither handed out nor given back; any other where there is none. */
  raced(back: number): SoldOrder | undefined {
    const { sold } = this.shoppers
    const { stage, records } = this.world
    const ripe = sold.filter(({ out_trade_no }) => {
      const trade = stage.alipay.trade(out_trade_no)
      const isPaid = trade?.paid_at !== undefined && trade.refunds.length === 0
      return isPaid && ours(trade).length === 0 && handOutsOf(records, out_trade_no).length === 0
    })
    const all = ripe.length > 0 ? ripe : sold
    return all.at(-1 - (back % Math.max(1, all.length)))
  }

  /** What judges want to know of each order: the file under which it was made, and what its page shows once it is paid. */
  async readSales(): Promise<void> {
    for (const { out_trade_no, sale } of this.shoppers.sold) {
      if (sale.items_hash !== undefined) continue
      const { items_hash, claim_code } = (await this.world.terminal.sale(out_trade_no)) ?? {}
      Object.assign(sale, { items_hash, claim_code })
    }
  }

  killAll(): void {
    for (const { life } of this.#hosts.values()) if (!life.dead) this.world.kill(life)
  }

  async end(): Promise<void> {
    for (const host of this.#hosts.values()) await host.close()
  }
}
