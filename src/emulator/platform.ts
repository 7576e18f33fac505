// What all parts of one running emulator share.
import type { Certificates } from './certificates.ts'
import type { EmulatorClock } from './clock.ts'
import type { Console } from './console.ts'
import type { FaultQueue } from './faults.ts'
import type { NotificationQueue } from './notifications/notification-queue.ts'
import type { AppKeys, Keys } from './signature.ts'
import type { TradeStore } from './trade-store.ts'

export interface Platform {
  /** `http://127.0.0.1:port`; empty until the emulator listens. */
  origin: string
  readonly clock: EmulatorClock
  readonly keys: Keys
  /** In certificate mode only. */
  readonly certificates: Certificates | undefined
  /** Of the first app, whose keys are among `keys`. */
  readonly app_id: string
  /** Every app of the one merchant by its id. */
  readonly apps: ReadonlyMap<string, AppKeys>
  readonly seller_id: string
  readonly trades: TradeStore
  readonly faults: FaultQueue
  readonly notifications: NotificationQueue
  readonly rules: Rules
  readonly console: Console
  /** How often each API method passed the checks, repeats by the client included. */
  readonly calls: Map<string, number>
  /** Real time, not the clock's; rejects when the emulator closes. */
  pause(ms: number): Promise<void>
}

/** [guess G7] [guess G8] Where reports of the real platform differ, one of these holds; the first by default. */
export const PRECREATE_REPEAT = ['code_again', 'refused'] as const
export const CLOSE_BEFORE_SCAN = ['not_exist_only', 'blocks'] as const
/** [guess G23] Documents say that TRADE_CLOSED is notified by default, and that it is not. */
export const CLOSE_NOTIFICATION = ['sent', 'not_sent'] as const
/** [guess G26] Nothing that Alipay publishes says whether page and mobile can both be used for one number. */
export const TWO_PRODUCTS = ['continued', 'refused'] as const

export interface Rules {
  sandbox: boolean
  /** What a second precreate of an order that has a code gets: practice shows a code, documents a refusal. */
  precreate_repeat: (typeof PRECREATE_REPEAT)[number]
  /** Whether a close of a code nobody scanned, which answers TRADE_NOT_EXIST, still turns later scans away. */
  close_before_scan: (typeof CLOSE_BEFORE_SCAN)[number]
  close_notification: (typeof CLOSE_NOTIFICATION)[number]
  /**
   * What page gets where a trade waits that mobile began, and the other way round. A code is no product of its own here:
   * it goes on with either, and either with it.
   */
  two_products: (typeof TWO_PRODUCTS)[number]
  /** What the merchant can refund from; undefined is without limit. */
  balance_fen: number | undefined
}
