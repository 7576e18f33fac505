// What the open platform's console says about the app: whether it exists there, and which methods it may call.
import { Refusal } from './answers.ts'

/** At the door (the function is not added to the app), or by the business (the product is not signed). */
export const DENIALS = ['isv.insufficient-isv-permissions', 'ACQ.ACCESS_FORBIDDEN'] as const

export type Denial = (typeof DENIALS)[number]

export class ConsoleStates {
  app: 'online' | 'unknown' = 'online'
  #denied = new Map<string, Denial>()

  /** undefined grants the method again. */
  setPermission(method: string, denial: Denial | undefined): void {
    if (denial === undefined) this.#denied.delete(method)
    else this.#denied.set(method, denial)
  }

  /** Asked twice for each call: at the door and again before its business, each for its own code. */
  refuseDenied(method: string, denial: Denial): void {
    if (this.#denied.get(method) === denial) throw new Refusal(denial)
  }

  denied(): Readonly<Record<string, Denial>> {
    return Object.fromEntries(this.#denied)
  }

  clear(): void {
    this.app = 'online'
    this.#denied.clear()
  }
}
