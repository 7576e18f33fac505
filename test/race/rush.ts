// Many buyers want the last items of a shop at once, while its servers are killed: rounds of orders, payments and deliveries.
import { setTimeout as pause } from 'node:timers/promises'
import type { SoldItem } from '../buyer/history.ts'
import { each } from '../crash/world.ts'
import type { Fields } from '../e2e/hosts.ts'
import type { BuyerShop } from './buyer-shop.ts'

export const CODES = Array.from({ length: 50 }, (_, at) => `SEAT-${(at * 7919 + 104_729).toString(36).toUpperCase()}`)
const MINUTES = 5
export const SEAT: SoldItem = {
  ...{ id: 'seat', subject: 'Seat', price: '88.00', refund: 'operator', expires_in_minutes: MINUTES },
  // How many are left is told up to that many.
  ...{ max_quantity: CODES.length, deliver: { codes_file: 'seats.txt' }, codes: CODES },
}

const AT_ONCE = 32
/** Past the expiry, and the time after which Alipay's silence counts. */
const UNTIL_OVER = MINUTES + 20
const LOOK_AGAIN_MS = 100
const FREE_WITHIN_MS = 60_000
/** Of all buyers; the others ask once more when they have an order. */
const ASKS_AT_ONCE = 0.3
const NEVER_PAYS = 4
const NEVER_ASKS = 10

export interface Order {
  buyer: string
  out_trade_no: string
  pay_url: unknown
  slot: number
}

export class Rush {
  /** Those who have no order that they paid. */
  waiting: readonly string[]
  readonly paid: Order[] = []
  readonly lapsed: Order[] = []
  /** Paid, and not asked for. */
  readonly unasked: Order[] = []
  readonly violations: string[] = []
  #tasks: (() => Promise<void>)[] = []
  #killing: Promise<void>[] = []
  /** So many are to meet a delivery. */
  #atDelivery = 0

  constructor(
    readonly shop: BuyerShop,
    buyers: readonly string[],
  ) {
    this.waiting = buyers
  }

  /**
   * All who still wait want one; of those who get one each fourth never pays, unless all are to pay.
   * @returns how many got one
   */
  async round({ kills, allPay }: { kills: number; allPay: boolean }): Promise<number> {
    let count = 0
    const refused: string[] = []
    const want = async (buyer: string) => {
      const order = await this.#order(buyer)
      if (!order) return void refused.push(buyer)
      if (!allPay && count++ % NEVER_PAYS === 0) return void this.lapsed.push(order)
      if (allPay) count++
      this.#soon(() => this.#pay(order))
    }
    this.#tasks = this.waiting.map((buyer) => () => want(buyer)).sort(() => Math.random() - 0.5)
    await this.#work(kills)
    this.waiting = refused
    return count
  }

  /** Wherever the others stand, so that orders, payments and deliveries meet. */
  #soon(task: () => Promise<void>): void {
    this.#tasks.splice(Math.floor(Math.random() * (this.#tasks.length + 1)), 0, task)
  }

  /** So many at once; kills come evenly, and cut what is in flight: each second one waits for a delivery. */
  async #work(kills: number): Promise<void> {
    const every = this.#tasks.length / kills
    let begun = 0
    let due = 0
    const worker = async () => {
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
        if (due < kills && ++begun > (due + 0.5) * every) this.#kill(due++)
        await task()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    // Where no delivery came after it.
    while (this.#killing.length < kills) this.#killing.push(this.shop.killOne())
    await Promise.all(this.#killing.splice(0))
    this.#atDelivery = 0
  }

  #kill(nth: number): void {
    if (nth % 2 === 1) this.#atDelivery++
    else this.#killing.push(this.shop.killOne())
  }

  /** Asked twice, one after the other or at once, it is one order. */
  async #order(buyer: string): Promise<Order | undefined> {
    const { shop } = this
    const [slot, other] = [shop.anySlot(), shop.anySlot()]
    const ask = (at: number) => shop.ask(buyer, 'create_payment', { item: SEAT.id }, at)
    const atOnce = Math.random() < ASKS_AT_ONCE ? ask(other) : undefined
    const made = await ask(slot)
    const again = made.isError ? await atOnce : await (atOnce ?? ask(other))
    const { out_trade_no, pay_url, isError } = made
    if (isError && made.left !== '0') this.violations.push(`${buyer} was refused: ${made.message}`)
    if (again && (again.out_trade_no !== out_trade_no || again.pay_url !== pay_url))
      this.violations.push(`${buyer} has ${out_trade_no}, and asked again ${again.out_trade_no}: ${again.message}`)
    return isError ? undefined : { buyer, out_trade_no: String(out_trade_no), pay_url, slot }
  }

  async #pay(order: Order): Promise<void> {
    await this.shop.pay(order.pay_url)
    const nth = this.paid.push(order)
    if (nth % NEVER_ASKS === 0) this.unasked.push(order)
    else this.#soon(() => this.#collect(order, nth))
  }

  /** In a different way each time: of another server, of two at once, after waiting, and again. */
  async #collect(order: Order, nth: number): Promise<void> {
    const { shop } = this
    const { buyer, out_trade_no, slot } = order
    const other = shop.anySlot(slot)
    if (nth % 3 === 0) await shop.ask(buyer, 'wait_for_payment', { out_trade_no, seconds: 5 }, slot)
    const asked = nth % 3 === 1 ? [slot, other] : [other]
    await Promise.all(asked.map((at) => this.deliver(order, at)))
  }

  async deliver({ buyer, out_trade_no }: Order, slot?: number): Promise<void> {
    if (this.#atDelivery > 0) {
      this.#atDelivery--
      this.#killing.push(this.shop.killOne(slot))
    }
    const answer = await this.shop.ask(buyer, 'deliver_order', { out_trade_no }, slot)
    if (answer.isError) this.violations.push(`${out_trade_no} was paid and not delivered: ${answer.message}`)
  }

  /** Those who never paid cannot any more: of one half their buyers hear it, of the other the watcher alone. */
  async lapse(): Promise<void> {
    const { shop } = this
    await shop.pass(UNTIL_OVER)
    const looks = this.lapsed.filter((_, at) => at % 2 === 0)
    await each(looks, AT_ONCE, async ({ buyer, out_trade_no }) => {
      const { paid } = await shop.ask(buyer, 'query_payment', { out_trade_no })
      if (paid !== false) this.violations.push(`${out_trade_no} was never paid, and is ${paid}`)
    })
    await shop.endListening('SIGKILL')
    await shop.listen('--watcher')
    await this.#untilLeft(this.lapsed.length - this.#lapsedBefore)
    this.#lapsedBefore = this.lapsed.length
  }

  #lapsedBefore = 0

  async #untilLeft(wanted: number): Promise<void> {
    for (const begun = performance.now(); ; await pause(LOOK_AGAIN_MS)) {
      const { items } = await this.shop.ask('a visitor', 'list_items', {})
      const { left } = Array.from<Fields>(Object(items)).find(({ item }) => item === SEAT.id) ?? {}
      if (left === wanted) return
      if (performance.now() - begun > FREE_WITHIN_MS) throw new Error(`${left} are left, and ${wanted} orders lapsed`)
    }
  }
}
