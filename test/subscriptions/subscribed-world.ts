// A world of processes with subscriptions on: plans, a hook, and subscribers who are signed without a chat or a page, many at a time.
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Clock } from '../../src/clock.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { NO_APPROVER } from '../../src/guard/call.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { parsePrivateKey, parsePublicKey, Secret } from '../../src/settings/keys.ts'
import type { ShopCall } from '../../src/shop/buyer.ts'
import { createSubscription } from '../../src/subscriptions/create-subscription.ts'
import { lookUpSubscription } from '../../src/subscriptions/find-subscription.ts'
import { soldBy } from '../buyer/sold-by.ts'
import { World } from '../crash/world.ts'
import type { Fields } from '../e2e/hosts.ts'
import { type BookedAgreement, booksOf } from './story/stage.ts'

/** Nobody comes there. */
const AT = 'http://127.0.0.1:9'
const SECRET = 'a secret for tests only, long enough'
const AGREEMENTS = {
  product: 'GENERAL_WITHHOLDING',
  personal_product_code: 'CYCLE_PAY_AUTH_P',
  sign_scene: 'INDUSTRY|DIGITAL_MEDIA',
} as const

export class SubscribedWorld {
  readonly #gateway: AlipayGateway
  readonly #clock = new Clock()
  readonly #sells: ReturnType<typeof soldBy>
  #buyers = 0
  #opened: Promise<Ledger> | undefined

  private constructor(
    readonly world: World,
    itemsFile: string,
  ) {
    const { gateway, app_id, private_key, alipay_public_key } = world.emulator
    const keys = { privateKey: parsePrivateKey(private_key), alipayPublicKey: parsePublicKey(alipay_public_key) }
    const connection = { gateway, app_id, timeout: 15_000, agreements: AGREEMENTS, ...keys }
    const follow = (date: string | undefined, askedAt: number) => void this.#clock.follow(date, askedAt)
    this.#gateway = new AlipayGateway(connection, this.#clock, follow)
    this.#sells = soldBy({ itemsFile, settings: { deliverySecret: new Secret(Buffer.from(SECRET)) } })
  }

  static async open(plans: readonly Fields[]): Promise<SubscribedWorld> {
    const world = await World.open()
    const folder = join(dirname(world.folder), 'shop')
    mkdirSync(folder, { recursive: true })
    const [itemsFile, secret] = [join(folder, 'items.json'), join(folder, 'secret')]
    writeFileSync(itemsFile, JSON.stringify({ items: [], plans }), { mode: 0o600 })
    writeFileSync(secret, SECRET, { mode: 0o600 })
    Object.assign(world.settings, {
      ALIPAY_TOOLSETS: 'payments,subscriptions',
      ALIPAY_SUBSCRIPTION_PRODUCT: AGREEMENTS.product,
      ALIPAY_SUBSCRIPTION_SCENE: AGREEMENTS.sign_scene,
      ALIPAY_ITEMS_FILE: itemsFile,
      ALIPAY_DELIVERY_SECRET_FILE: secret,
      ALIPAY_PUBLIC_URL: AT,
    })
    return new SubscribedWorld(world, itemsFile)
  }

  /** The same one at each call: its place is not looked up again, with the keys of its settings. */
  #ledger(): Promise<Ledger> {
    this.#opened ??= this.world.ledger()
    return this.#opened
  }

  /** What a server would do it with; in this process. */
  call(): ShopCall & { pages: { at: string; proven(): Promise<{ at: string }> } } {
    const rules = { environment: 'local', readOnly: false, channels: [], limits: { callsPerMinute: 0 } } as const
    return {
      ...{ gateway: this.#gateway, clock: this.#clock, rules, shop: this.#sells, approver: NO_APPROVER },
      ...{ role: 'merchant', pages: { at: AT, proven: async () => ({ at: AT }) } },
      actor: () => ({ at: this.#clock.now(), owner, host: 'a test' }),
      ledger: () => this.#ledger(),
    }
  }

  async offered(plan: string): Promise<string> {
    const { subscription } = await createSubscription(plan, this.call())
    return subscription.external_agreement_no
  }

  /** Signed at Alipay by a buyer of its own, and not heard of here. */
  async signedUnheard(plan: string): Promise<string> {
    const external_agreement_no = await this.offered(plan)
    const ledger = await this.#ledger()
    const { token = '' } = (await ledger.subscription({ external_agreement_no })) ?? {}
    const pressed = await ledger.pressSign(token, 'page', this.call().actor())
    if (pressed.outcome !== 'go') throw new Error(pressed.outcome)
    const account = `buyer${++this.#buyers + 2}`
    await this.world.control('agreements/sign', { sign_url: pressed.link, account })
    return external_agreement_no
  }

  async signed(plan: string): Promise<string> {
    const external_agreement_no = await this.signedUnheard(plan)
    await this.heard(external_agreement_no)
    return external_agreement_no
  }

  async heard(external_agreement_no: string) {
    const found = await (await this.#ledger()).subscription({ external_agreement_no })
    if (!found) throw new Error(`there is no subscription ${external_agreement_no}`)
    const { subscription, unread } = await lookUpSubscription(found, this.call())
    if (unread !== undefined) throw new Error(unread)
    return subscription
  }

  async booked(): Promise<ReadonlyMap<string, BookedAgreement>> {
    const { agreements } = await booksOf(this.world.emulator.control_url)
    return new Map(agreements.map((one) => [one.external_agreement_no, one]))
  }

  /** To that time of Alipay's, which this process hears, too. */
  async until(at: number): Promise<void> {
    const ms = at - this.#clock.now()
    if (ms > 0) await this.world.control('clock', { ms })
    await this.#gateway.query({ out_trade_no: 'WHAT_TIME_IS_IT' })
  }

  now = () => this.#clock.now()

  async close(): Promise<void> {
    this.#gateway.shutDown()
    await this.world.close()
  }
}

const owner = randomBytes(4).toString('hex')

/** The days for which money was taken. */
export const paidDays = (booked: BookedAgreement | undefined) =>
  booked?.charges
    .filter(({ trade_status }) => trade_status === 'TRADE_SUCCESS' || trade_status === 'TRADE_FINISHED')
    .map(({ planned_day }) => planned_day) ?? []
