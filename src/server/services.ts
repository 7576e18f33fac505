// Makes what the tools work with, when it is first needed: the gateway, the ledger, in local the built-in emulator.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import envPaths from 'env-paths'
import type { CheckoutPages } from '../checkout/short-link.ts'
import { CLOCKS_APART_MS, Clock, DAY_MS } from '../clock.ts'
import type { AlipayGateway } from '../gateway/alipay-gateway.ts'
import type { AgreementTerms } from '../gateway/gateway.ts'
import type { Connection } from '../gateway/signing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Config } from '../settings/config.ts'
import type { BuiltIn } from './built-in.ts'
import { hasLedger, placeOf } from './ledger-location.ts'
import type { SharedServices } from './shared-services.ts'

const CLOCK_OFF_MS = 120_000

export class LazyServices {
  readonly #config: Config
  readonly #say: (line: string) => void
  readonly #clock = new Clock()
  readonly #owner = randomBytes(8).toString('hex')
  #made: Promise<SharedServices> | undefined
  #ledger: Promise<Ledger> | undefined
  #gateway: AlipayGateway | undefined
  #builtIn: BuiltIn | undefined
  #later: NodeJS.Timeout | undefined
  readonly #stopping = new AbortController()
  /** By how much Alipay's clock is ahead of the one that everything goes by here; undefined: not heard yet. */
  #alipayAhead: number | undefined

  /** @param say tells the operator, on standard error, where the emulator listens */
  constructor(config: Config, say: (line: string) => void) {
    this.#config = config
    this.#say = say
  }

  /** The same services at every call; a failed start (a port in use) is tried again at the next one. */
  get(): Promise<SharedServices> {
    this.#made ??= this.#make().catch((error) => {
      this.#made = undefined
      throw error
    })
    return this.#made
  }

  /** The same ledger at every call; one that could not be opened is tried again at the next one. */
  ledger(): Promise<Ledger> {
    this.#ledger ??= this.#openLedger().catch((error) => {
      this.#ledger = undefined
      throw error
    })
    return this.#ledger
  }

  /**
   * Resolves what earlier processes left unfinished, by reading, and once more when the last of their leases has ended,
   * for one may have been killed just now. Where there is no ledger, none is made.
   */
  async warmUp(): Promise<void> {
    const { gateway, clock, rules } = await this.get()
    const { folder } = placeOf(this.#config)
    if (folder === undefined || !hasLedger(folder)) return
    const actor = () => ({ at: clock.now(), owner: this.#owner, host: 'alipay-mcp' })
    const { resolveAll } = await import('../guard/in-doubt.ts')
    const resolve = () => resolveAll({ gateway, clock, rules, actor, ledger: () => this.ledger() })
    const held = (await resolve()).filter(({ state }) => state === 'prepared' || state === 'sent')
    if (held.length === 0) return
    const wait = Math.max(...held.map(({ lease_until }) => lease_until)) - clock.now() + CLOCKS_APART_MS
    this.#later = setTimeout(() => resolve().catch((error) => this.#say(error.message)), Math.max(0, wait)).unref()
  }

  /** The host is going: what has not been sent shall not be sent any more. */
  stopChanging(): void {
    this.#stopping.abort()
    this.#gateway?.stopChanging()
  }

  /** Cuts what is in flight. */
  async shutDown(): Promise<void> {
    clearTimeout(this.#later)
    this.#gateway?.shutDown()
    this.#builtIn?.close()
    const [services, ledger] = await Promise.allSettled([this.#made, this.#ledger])
    if (services.status === 'fulfilled') services.value?.approvals.close()
    if (ledger.status === 'fulfilled') ledger.value?.close()
  }

  /** SQLite takes longer to load than a call takes: not before it is needed. */
  async #openLedger(): Promise<Ledger> {
    const { openLedger } = await import('../ledger/sqlite/open-ledger.ts')
    const { folder, partition } = placeOf(this.#config)
    const ledger = await openLedger({ folder, partition })
    if (folder !== undefined) await this.#warnOfOpenFolders(folder)
    const { retentionDays } = this.#config
    if (retentionDays !== undefined) await this.#prune(ledger, retentionDays)
    return ledger
  }

  async #warnOfOpenFolders(folder: string): Promise<void> {
    const { foldersOpenToAll } = await import('../ledger/sqlite/ledger-file.ts')
    for (const open of await foldersOpenToAll(folder)) {
      this.#say(`Every user of this computer may write in ${open}, where the ledger is: take that right away.`)
    }
  }

  /** Only while Alipay says the same time: a clock that is wrong by a year would remove what limits of today count. */
  async #prune(ledger: Ledger, days: number): Promise<void> {
    await this.#gateway?.checkIn()
    if (!(Math.abs(this.#alipayAhead ?? Number.NaN) <= CLOCK_OFF_MS)) return
    const actor = { at: this.#clock.now(), owner: this.#owner, host: 'alipay-mcp' }
    await ledger.prune(actor.at - days * DAY_MS, actor)
  }

  async #make(): Promise<SharedServices> {
    // alipay-sdk takes longer to load than everything else together: not before it is needed.
    const [connection, { AlipayGateway }, { newServices }, { newShop }] = await Promise.all([
      this.#connection(),
      import('../gateway/alipay-gateway.ts'),
      import('./shared-services.ts'),
      import('../shop/buyer.ts'),
    ])
    const [clock, rules, owner] = [this.#clock, this.#config, this.#owner]
    const gateway = new AlipayGateway(connection, clock, this.#hearDate())
    this.#gateway = gateway
    // The host may have gone while alipay-sdk was loading.
    if (this.#stopping.signal.aborted) gateway.stopChanging()
    const ledger = () => this.ledger()
    this.#builtIn?.watch({
      gateway,
      clock,
      rules,
      ledger,
      actor: () => ({ at: clock.now(), owner, host: 'alipay-mcp' }),
    })
    const services = newServices({
      gateway,
      clock,
      rules,
      owner,
      ledger,
      role: this.#config.role,
      shop: newShop(this.#config.shop, this.#say),
      pages: await this.#pages(),
      qrFolder: qrFolder(),
      openPage: async (url) => (await import('../approval/browser-window.ts')).openInBrowser(url),
    })
    if (this.#config.role !== 'buyer') return services
    const { withRequestDesk } = await import('./request-desk.ts')
    return withRequestDesk(services, { stopping: this.#stopping.signal, tell: this.#say })
  }

  /** In local the clock of the gateway is an emulator's, which is moved on purpose; elsewhere its `Date` is only heard. */
  #hearDate(): false | ((date: string | undefined, askedAt: number) => void) {
    const { gateway, environment } = this.#config
    if (gateway === undefined) {
      this.#alipayAhead = 0
      return false
    }
    const isFollowed = environment === 'local'
    return (date, askedAt) => {
      const ahead = isFollowed ? this.#clock.follow(date, askedAt) : this.#clock.hear(date, askedAt)
      if (ahead === undefined) return
      const isNews = Math.abs(ahead - (this.#alipayAhead ?? 0)) > CLOCK_OFF_MS
      if (isNews && Math.abs(ahead) > CLOCK_OFF_MS) this.#warnOfClock(ahead)
      this.#alipayAhead = isFollowed ? 0 : ahead
    }
  }

  #warnOfClock(ahead: number): void {
    const minutes = Math.round(Math.abs(ahead) / 60_000)
    const how = ahead > 0 ? 'behind' : 'ahead of'
    this.#say(`The clock of this computer is ${minutes} minutes ${how} Alipay's, by which orders expire; set it right.`)
  }

  async #pages(): Promise<CheckoutPages | undefined> {
    const { publicUrl, app_auth_token } = this.#config
    if (this.#builtIn) return this.#builtIn.pages
    if (publicUrl === undefined) return undefined
    if (!app_auth_token) return new (await import('../checkout/front-proof.ts')).FrontPages(publicUrl)
    // The token belongs into each link, and the half that faces the internet must not have it.
    return { at: publicUrl, proven: async () => ({ why: 'pages cannot serve an app with ALIPAY_APP_AUTH_TOKEN' }) }
  }

  async #connection(): Promise<Connection> {
    const { credentials, gateway, notify_url, return_url, timeout, qrProductCode } = this.#config
    const rest = {
      notify_url,
      return_url,
      timeout,
      qrProductCode,
      app_auth_token: this.#config.app_auth_token?.reveal(),
      agreements: agreementTerms(this.#config),
    }
    if (!credentials || gateway === undefined) {
      const { startBuiltIn } = await import('./built-in.ts')
      const [clock, owner, ledger] = [this.#clock, this.#owner, () => this.ledger()]
      this.#builtIn = await startBuiltIn(this.#config, { clock, owner, ledger, say: this.#say })
      return { ...this.#builtIn.connection, ...rest, notify_url: notify_url ?? `${this.#builtIn.pages.at}/notify` }
    }
    const { app_id, privateKey, alipayPublicKey, certificates } = credentials
    return {
      certificates,
      gateway,
      app_id,
      privateKey: privateKey.reveal(),
      alipayPublicKey: alipayPublicKey.reveal(),
      ...rest,
    }
  }
}

function agreementTerms({ subscriptions }: Config): AgreementTerms | undefined {
  if (!subscriptions) return undefined
  const { product, personalProduct, scene } = subscriptions
  return { product, personal_product_code: personalProduct, sign_scene: scene }
}

/** In this user's cache folder: a folder in /tmp could have been laid there by somebody else. */
function qrFolder(): string {
  return join(envPaths('alipay-mcp', { suffix: '' }).cache, 'qr')
}
