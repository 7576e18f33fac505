// Faults ordered through the control API, waiting for the calls they apply to.
import type { SubCode } from './answers.ts'
import type { FaultName } from './faults.ts'

export interface FaultOrder {
  readonly fault: FaultName
  /** Any API method if undefined. */
  readonly method: string | undefined
  readonly times: number | 'always'
  readonly ms: number
  readonly sub_code: SubCode | undefined
}

export class FaultQueue {
  #orders: FaultOrder[] = []

  add(order: FaultOrder): void {
    this.#orders.push(order)
  }

  /** The oldest order for this method; it is used up by one. */
  take(method: string): FaultOrder | undefined {
    const index = this.#orders.findIndex((order) => order.method === undefined || order.method === method)
    const order = this.#orders[index]
    if (!order || order.times === 'always') return order
    if (order.times > 1) this.#orders[index] = { ...order, times: order.times - 1 }
    else this.#orders.splice(index, 1)
    return order
  }

  waiting(): readonly FaultOrder[] {
    return this.#orders
  }

  clear(): void {
    this.#orders = []
  }
}
