// A shop whose buyers sit in chats with two server processes on one ledger: all that they are told is kept, and judged after each test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { alertText } from '../../src/alerts/alert-words.ts'
import type { CheckoutPages } from '../../src/checkout/short-link.ts'
import type { Rules } from '../../src/guard/call.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { Secret } from '../../src/settings/keys.ts'
import type { ShopSettings } from '../../src/settings/role.ts'
import { PAGES_AT, type ShopWithPages, useShopWithPages } from '../checkout/shop-with-page.ts'
import { nextNoon } from '../noon.ts'
import { bearerOf, type Deed, type Fields, type Moment, type Said, type SoldItem } from './history.ts'
import { ITEMS, writeItems } from './items-for-sale.ts'
import { type Era, type ServerProcess, startProcess } from './server-process.ts'
import { soldBy } from './sold-by.ts'
import { verdictOn } from './verdict.ts'
import { watchPages } from './watch-pages.ts'

export const ERAS = [
  ['a client of before', undefined],
  ['a client of 2026-07-28', '2026-07-28'],
] as const

export interface MarketOptions {
  settings?: Partial<ShopSettings>
  rules?: Partial<Rules>
  /** Present and undefined: there are none. */
  pages?: CheckoutPages | undefined
}

/** The structure of an answer, with all its text, and whether it is an error. */
export type Answer = Fields & { text: string; isError: boolean }

/** The limits of the merchant. */
export const LIMITS_FEN = { dailyPaymentsFen: 98_765_43, dailyRefundsFen: 87_654_32, maxPaymentFen: 76_543_21 }

/** Opened anew before each test of the group that calls it; afterwards the judge has to find nothing. */
export function useMarket(era: Era, options: MarketOptions = {}): Market {
  const market = new Market(useShopWithPages(), era, options)
  beforeEach(() => market.open())
  afterEach(async () => {
    try {
      expect(await verdictOn(market)).toStrictEqual([])
    } finally {
      await market.close()
    }
  })
  return market
}

export class Market {
  folder = ''
  readonly lines: string[] = []
  /** Words that stand only in texts of others. */
  readonly markers: string[] = []
  readonly said: Said[] = []
  readonly deeds: Deed[] = []
  #step = 0
  #processes: ServerProcess[] = []

  constructor(
    readonly shop: ShopWithPages,
    readonly era: Era,
    readonly options: MarketOptions,
  ) {}

  async open(): Promise<void> {
    nextNoon(this.shop.clock)
    this.folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-market-'))
    for (const list of [this.lines, this.markers, this.said, this.deeds, this.#processes]) list.length = 0
    this.#step = 0
    this.sell(ITEMS)
    await this.start()
  }

  async close(): Promise<void> {
    for (const process of this.#processes) await process.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  get processes(): readonly ServerProcess[] {
    return this.#processes
  }

  /** One more server process. */
  async start(more: MarketOptions = {}, role: 'buyer' | 'merchant' = 'buyer'): Promise<ServerProcess> {
    const { shop, era, options } = this
    const partition = { environment: 'local', gateway: shop.emulator.gateway, merchant: shop.emulator.app_id } as const
    const settings = { deliverySecret: new Secret(Buffer.from(SECRET)), ...options.settings, ...more.settings }
    const limits = { callsPerMinute: 0, ...LIMITS_FEN }
    const rules = { environment: 'local', readOnly: false, channels: ['page', 'mobile'], limits } as const
    const process = await startProcess({
      ...{ alipay: shop, era, role, owner: `process${this.#processes.length}` },
      ledger: await openLedger({ folder: join(this.folder, 'data'), partition }),
      rules: { ...rules, refundApproval: role === 'buyer' ? 'operator' : 'none', ...options.rules, ...more.rules },
      sold: soldBy({ itemsFile: join(this.folder, 'items.json'), settings, say: (line) => this.lines.push(line) }),
      pages: 'pages' in more ? more.pages : PAGES,
      tell: (line) => this.lines.push(line),
    })
    this.#processes.push(process)
    return process
  }

  /** The merchant saves his list. */
  sell(items: readonly SoldItem[]): void {
    writeItems(this.folder, items)
    this.#deed({ what: 'items', items })
  }

  /** The same list with one item changed. */
  change(id: string, more: Partial<SoldItem>): void {
    this.sell(ITEMS.map((item) => (item.id === id ? { ...item, ...more } : item)))
  }

  /** A call in the chat of that buyer. @param at the process that his chat hangs on */
  ask(buyer: string, tool: string, args: Fields = {}, at = 0): Promise<Answer> {
    return this.askAs(buyer, tool, args, at)
  }

  /** The program around the model names him so, or in no way that counts. */
  async askAs(named: unknown, tool: string, args: Fields = {}, at = 0, signal?: AbortSignal): Promise<Answer> {
    while (this.#processes.length <= at) await this.start()
    const [process = await this.start()] = this.#processes.slice(at)
    const began = this.#moment()
    const { text, fields, isError } = await process.call(named, tool, args, signal)
    const isSingle = named === undefined && process === this.single
    const buyer = isSingle ? 'whoever sits there' : typeof named === 'string' ? named : undefined
    this.said.push({ buyer, tool, args, began, ended: this.#moment(), refused: isError, text, fields })
    return { ...fields, text, isError }
  }

  /** The process that is one buyer, where there is one. */
  single: ServerProcess | undefined

  async order(buyer: string, item: string, more: Fields = {}, at = 0): Promise<Order> {
    const made = await this.ask(buyer, 'create_payment', { item, ...more }, at)
    expect(made, made.text).toMatchObject({ isError: false })
    return { out_trade_no: String(made.out_trade_no), pay_url: String(made.pay_url) }
  }

  async paid(buyer: string, item: string, more: Fields = {}, at = 0): Promise<Order> {
    const order = await this.order(buyer, item, more, at)
    await this.pay(order)
    return order
  }

  /** Somebody presses on its page and pays. */
  async pay({ out_trade_no, pay_url }: Order, account = 'buyer1'): Promise<void> {
    await this.shop.control('pay', { pay_url: await this.press(pay_url), account })
    this.notePaid(out_trade_no)
  }

  notePaid(out_trade_no: string): void {
    this.#deed({ what: 'paid', out_trade_no })
  }

  async press(pay_url: string): Promise<string | undefined> {
    const side = { ledger: this.ledger }
    const { location } = (await this.shop.visit(`${pay_url}/page`, { side })).headers
    return location?.startsWith(this.shop.emulator.gateway) ? location : undefined
  }

  /** Somebody who has its link looks at its page, or at a step of it. */
  async look({ out_trade_no, pay_url }: Order, step = '', how: Parameters<ShopWithPages['visit']>[1] = {}) {
    const began = this.#moment()
    const side = { ledger: this.ledger }
    const { status, text, headers } = await this.shop.visit(`${pay_url}${step && `/${step}`}`, { ...how, side })
    const said = { buyer: bearerOf(out_trade_no), tool: 'page', args: { out_trade_no }, refused: status >= 400 }
    this.said.push({ ...said, began, ended: this.#moment(), text, fields: {} })
    return { status, text, headers }
  }

  /** Somebody asks Alipay what pages want to know. */
  watch(ms = 3_000): Promise<void> {
    return watchPages(this.shop, this.ledger, (line) => void this.lines.push(line), ms)
  }

  /** The merchant refunds by hand, in the console. */
  async giveBack(out_trade_no: string, amount: string): Promise<void> {
    await this.shop.control('refund', { out_trade_no, refund_amount: amount })
    this.noteGivenBack(out_trade_no, amount)
  }

  noteGivenBack(out_trade_no: string, amount: string): void {
    this.#deed({ what: 'given back', out_trade_no, amount })
  }

  /** The operator says no. */
  async decline(out_trade_no: string): Promise<void> {
    const request = await this.ledger.buyerRequest(out_trade_no)
    await this.ledger.declineRequest(request?.id ?? 0, 'terminal', {
      at: this.now,
      owner: 'a person',
      host: 'terminal',
    })
    this.#deed({ what: 'no to a refund', out_trade_no })
  }

  get ledger() {
    const [process] = this.#processes
    if (!process) throw new Error('no process runs')
    return process.ledger
  }

  get now(): number {
    return this.shop.clock.now()
  }

  /** As the paid page of the order shows it. */
  async claimCode(out_trade_no: string): Promise<string> {
    const code = (await this.ledger.sale(out_trade_no))?.claim_code
    if (code === undefined) throw new Error(`${out_trade_no} has no claim code`)
    return code
  }

  async calls(): Promise<number> {
    const { calls } = await this.shop.trades()
    return Object.values(Object(calls)).reduce<number>((sum, count) => sum + Number(count), 0)
  }

  async alerts(): Promise<readonly string[]> {
    return (await this.ledger.unsentAlerts(1_000)).map(alertText)
  }

  #moment(): Moment {
    this.#step += 1
    return { step: this.#step, at: this.now }
  }

  #deed(deed: DeedWithoutMoment): void {
    this.deeds.push({ ...this.#moment(), ...deed })
  }
}

export interface Order {
  out_trade_no: string
  pay_url: string
}

type Without<T> = T extends Moment ? Omit<T, keyof Moment> : never
type DeedWithoutMoment = Without<Deed>

const PAGES: CheckoutPages = { at: PAGES_AT, proven: async () => ({ at: PAGES_AT }) }

/** Signs what goes to the hook. */
export const SECRET = 'a-secret-of-hooks-that-nobody-reads'
