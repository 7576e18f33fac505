// What all parts of one running emulator share.
import type { EmulatorClock } from './clock.ts'
import type { FaultQueue } from './fault-queue.ts'
import type { Keys } from './signature.ts'
import type { TradeBook } from './trade-book.ts'

export interface Platform {
  readonly clock: EmulatorClock
  readonly keys: Keys
  readonly app_id: string
  readonly seller_id: string
  readonly book: TradeBook
  readonly faults: FaultQueue
  readonly rules: Rules
  /** How often each API method passed the checks, repeats by the client included. */
  readonly calls: Map<string, number>
  /** Real time, not the clock's; rejects when the emulator closes. */
  pause(ms: number): Promise<void>
}

export interface Rules {
  sandbox: boolean
  /** What the merchant can refund from; undefined is without limit. */
  balance_fen: number | undefined
}
