// The stage of the story in one process, on a clock that never waits: for the many ways in which Alipay may behave.
import { randomBytes } from 'node:crypto'
import type { FrontSide } from '../../../src/front/front-handlers.ts'
import { frontHandlers } from '../../../src/front/front-handlers.ts'
import { type Front, startFront } from '../../../src/front/front-server.ts'
import { NO_APPROVER } from '../../../src/guard/call.ts'
import { newServices } from '../../../src/server/shared-services.ts'
import { parsePublicKey, Secret } from '../../../src/settings/keys.ts'
import type { ShopCall } from '../../../src/shop/buyer.ts'
import { chargeAll } from '../../../src/subscriptions/charge-all.ts'
import { SubscriptionWatch } from '../../../src/subscriptions/subscription-watch.ts'
import { itemsFolder } from '../../buyer/items.ts'
import { soldBy } from '../../buyer/sold-by.ts'
import { type Fields, openShop, type Shop, type ShopOptions } from '../../shop.ts'
import { connect } from '../../shop-client.ts'
import { booksOf, type Stage } from './stage.ts'

const STEPS = 50
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }

export class InProcessStage implements Stage {
  readonly control: Stage['control']
  readonly books: Stage['books']

  private constructor(
    readonly at: string,
    readonly announced: Stage['announced'],
    readonly sell: Stage['sell'],
    private readonly shop: Shop,
    private readonly front: Front,
    private readonly buyers: Awaited<ReturnType<typeof connect>>,
    private readonly call: ShopCall,
  ) {
    this.control = shop.control
    this.books = () => booksOf(shop.emulator.control_url)
  }

  static async open(announced: Stage['announced'], protocol?: '2026-07-28'): Promise<InProcessStage> {
    const folder = itemsFolder()
    const sell = (plans: readonly Fields[]) => folder.writeAll({ items: [], plans })
    sell([])
    const pages = { at: '', proven: async () => ({ at: pages.at }) }
    const sells = { itemsFile: folder.itemsFile, settings }
    const options: ShopOptions = { pages, sells, subscriptions: true, ...(protocol && { protocol }) }
    const shop = await openShop(options)
    const side = await sideOf(shop)
    const front = await startFront({ host: '127.0.0.1', port: 0 }, frontHandlers(side))
    side.at = pages.at = `http://127.0.0.1:${front.port}`
    await shop.control('app', { gateway_url: `${pages.at}/notify` })
    const { clock, gateway } = shop
    const limits = { callsPerMinute: 0 }
    const rules = { environment: 'local', readOnly: false, channels: ['page' as const], limits } as const
    const shared = { clock, gateway, rules, shop: soldBy(sells), ledger: () => shop.ledger() }
    const owner = randomBytes(4).toString('hex')
    const services = newServices({ ...shared, pages, role: 'buyer', owner, qrFolder: shop.qrFolder })
    const buyers = await connect('local', false, services, { ...options, role: 'buyer' })
    const actor = () => ({ at: clock.now(), owner: 'cron', host: 'a terminal' })
    const call = { ...shared, actor, role: 'merchant', approver: NO_APPROVER } as const
    return new InProcessStage(pages.at, announced, sell, shop, front, buyers, call)
  }

  async ask(who: string | undefined, name: string, args: Fields): Promise<Fields> {
    if (who === undefined) return this.shop.call(name, args)
    const _meta = { 'alipay-mcp/buyer': who }
    const { structuredContent, isError } = await this.buyers.callTool({ name, arguments: { ...args }, _meta })
    return { ...Object(structuredContent), ...(isError && { isError }) }
  }

  async chargeDue(): Promise<Fields> {
    const made = await chargeAll(this.call)
    const count = (outcome: string) => made.filter((one) => one.outcome === outcome).length
    return { charged: count('charged'), not_charged: count('not_charged'), unknown: count('unknown') }
  }

  async until(at: number): Promise<void> {
    const { clock } = this.shop
    // What Alipay does meanwhile it does in its own time.
    await this.control('clock', { ms: Math.max(0, at - clock.now()) })
  }

  async watch(isSo: () => Promise<boolean>): Promise<void> {
    const said: string[] = []
    const watch = new SubscriptionWatch(this.call, ({ en }) => said.push(en))
    for (let step = 0; step < STEPS; step++) {
      if (await isSo()) return
      await this.shop.clock.sleep(await watch.step())
    }
    throw new Error(`the watcher never came to it: ${said}`)
  }

  async close(): Promise<void> {
    await this.buyers.close()
    await this.front.close()
    await this.shop.close()
  }
}

async function sideOf(shop: Shop): Promise<FrontSide> {
  const { clock, emulator } = shop
  const { app_id } = emulator
  return {
    ...{ at: '', ledger: await shop.ledger(), clock, app_id, payee: { name: '茶铺' }, environment: 'local' },
    ...{ followsLedger: false, say: () => {}, recipient: { app_ids: [app_id], seller_id: undefined } },
    alipayPublicKeys: new Map([[app_id, parsePublicKey(emulator.alipay_public_key)]]),
    actor: () => ({ at: clock.now(), owner: 'front', host: 'a front' }),
  }
}
