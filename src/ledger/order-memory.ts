// Orders as they were last read, for as long as nobody writes: most calls ask for an order that nothing happens to.
import type { OrderName } from '../gateway/gateway.ts'
import type { Books } from './books.ts'
import { findOrder, type OrderRow } from './order-rows.ts'

const MOST = 100

export class OrderMemory {
  readonly #orders = new Map<string, OrderRow | undefined>()
  #version: string | undefined

  constructor(readonly books: Books) {}

  /** As `findOrder`; not for use within a transaction, whose own writes it does not see. */
  find(name: OrderName): OrderRow | undefined {
    if (!('out_trade_no' in name)) return findOrder(this.books, name)
    this.#forgetIfOld()
    const { out_trade_no } = name
    if (!this.#orders.has(out_trade_no)) this.#orders.set(out_trade_no, findOrder(this.books, name))
    return this.#orders.get(out_trade_no)
  }

  /** Asked before the order is read: what is written in between is then seen the next time. */
  #forgetIfOld(): void {
    const version = this.books.db.version()
    if (version !== this.#version || this.#orders.size >= MOST) this.#orders.clear()
    this.#version = version
  }
}
