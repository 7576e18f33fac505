// What a guarded deed works with: the books, the gateway, the rules of the merchant, and who asks for it.

import type { Asker } from '../approval/approvals.ts'
import type { Clock } from '../clock.ts'
import type { Channel, Environment, Gateway } from '../gateway/gateway.ts'
import type { Act, Ledger } from '../ledger/ledger.ts'
import type { Limits } from '../settings/limits.ts'

/** What the operator has set, and no model can change. */
export interface Rules {
  environment: Environment
  readOnly: boolean
  /** Configured ways to pay; the first is the default. */
  channels: readonly Channel[]
  limits: Limits
  /** Absent: not set. In production refunds are then off. */
  refundApproval?: 'chat' | 'operator' | 'none' | undefined
  approveAboveFen?: number | undefined
  /** ALIPAY_SELLER_ID: whose books these are, whichever app writes them. */
  seller_id?: string | undefined
}

export interface Call {
  rules: Rules
  gateway: Gateway
  clock: Clock
  /** Opened when it is first needed. @throws LedgerError */
  ledger(): Promise<Ledger>
  /** Who decides now: this process, for the host of this call. */
  act(): Act
  /** Asks the merchant, for this call. */
  asker: Asker
  /** Aborts when the host cancels the call. Only reads and what has not been sent may stop for it. */
  signal?: AbortSignal | undefined
}
