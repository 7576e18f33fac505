// What all parts of one running emulator share.
import type { AgreementStore } from './agreements/agreement-store.ts'
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
  readonly agreements: AgreementStore
  readonly faults: FaultQueue
  readonly notifications: NotificationQueue
  readonly rules: Rules
  readonly console: Console
  /** How often each API method passed the checks, repeats by the client included. */
  readonly calls: Map<string, number>
  /** Real time, not the clock's; rejects when the emulator closes. */
  pause(ms: number): Promise<void>
}

/**
 * Where reports of the real platform differ or are missing: the words of each switch, of which the first holds until the
 * control API chooses another.
 */
export const SWITCHES = {
  /** [guess G7] What a second precreate of an order that has a code gets: practice shows a code, documents a refusal. */
  precreate_repeat: ['code_again', 'refused'],
  /** [guess G8] Whether a close of a code nobody scanned, which answers TRADE_NOT_EXIST, still turns later scans away. */
  close_before_scan: ['not_exist_only', 'blocks'],
  /** [guess G23] Documents say that TRADE_CLOSED is notified by default, and that it is not. */
  close_notification: ['sent', 'not_sent'],
  /**
   * [guess G26] What page gets where a trade waits that mobile began, and the other way round. A code is no product of its
   * own here: it goes on with either, and either with it.
   */
  two_products: ['continued', 'refused'],
  /** [guess G28] From how many days before the planned day on an agreement can be charged: one page says 5, an older one 3. */
  charge_window: ['five_days', 'three_days'],
  /** [guess G29] What becomes of the number of a charge that was refused for want of money. */
  failed_charge: ['closed', 'absent', 'waiting'],
  /** [guess G30] Whether the planned day stays when it passes without a charge (documented), or the next one follows. */
  missed_window: ['stays', 'skips'],
  /** [guess G31] Whether notify_url of page.sign and unsign goes before the app's gateway address 应用网关, or counts for nothing. */
  agreement_notification: ['gateway_only', 'notify_url_first'],
  /** [guess G32] What a second unsign gets: what was the case, or one answer for whatever is not in force. */
  unsign_unknown: ['by_history', 'not_exist', 'has_unsigned'],
  /** [guess G33] How next_deduct_time and last_deduct_time are written. */
  deduct_time_form: ['date', 'date_time'],
  /** [guess G34] Whether agreement.query finds an agreement by external_agreement_no without its product and scene. */
  query_by_external_no: ['needs_scene', 'alone'],
} as const

type Switches = { -readonly [Name in keyof typeof SWITCHES]: (typeof SWITCHES)[Name][number] }

export interface Rules extends Switches {
  sandbox: boolean
  /** What the merchant can refund from; undefined is without limit. */
  balance_fen: number | undefined
}

export function usualRules(sandbox = false): Rules {
  const first = Object.entries(SWITCHES).map(([name, words]) => [name, words[0]])
  return { sandbox, balance_fen: undefined, ...(Object.fromEntries(first) as Switches) }
}

/** Of the rules, what switches say. */
export function switchesOf(rules: Rules): Switches {
  return Object.fromEntries(Object.keys(SWITCHES).map((name) => [name, rules[name as keyof Switches]])) as Switches
}
