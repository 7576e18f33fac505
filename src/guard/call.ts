// What every call of a tool works with: the ledger, the gateway, the rules of the operator, and who asks for it.

import type { Clock } from '../clock.ts'
import type { Channel, Environment, Gateway } from '../gateway/gateway.ts'
import type { Actor, ApprovalRequest, Ledger, Yes } from '../ledger/ledger.ts'
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
  /** ALIPAY_SELLER_ID: whose orders these are, whichever app writes them. */
  seller_id?: string | undefined
}

/** Asks the merchant, for one call. */
export interface Approver {
  /** Whether the client declared that it can show forms. */
  readonly inChat: boolean
  /**
   * Does what needs a yes, and does it anew from its beginning once the merchant has answered: what was looked at before
   * he thought it over may be so no more. A client of 2026-07-28 brings that about by itself, as it calls again.
   */
  restartOnAnswer<T>(operation: () => Promise<T>): Promise<T>
  /**
   * The yes to exactly this approval digest. `chat` falls back to `operator` where the client shows no forms,
   * also where that turns out when it is asked.
   * @throws AskInChat for `restartOnAnswer`, or for the client, to come back with the answer
   * @throws RefusedError (not_sent) where it was denied, cancelled, late, tampered with, or is still waiting
   */
  yes(request: ApprovalRequest, how: 'chat' | 'operator'): Promise<Yes>
}

/** Of whoever only reads. */
export const NO_APPROVER: Approver = {
  inChat: false,
  restartOnAnswer: (operation) => operation(),
  yes: () => Promise.reject(new Error('nobody is asked here')),
}

export interface Call {
  rules: Rules
  gateway: Gateway
  clock: Clock
  /** Opened when it is first needed. @throws LedgerError */
  ledger(): Promise<Ledger>
  /** Who decides now: this process, for the host of this call. */
  actor(): Actor
  approver: Approver
  /** Aborts when the host cancels the call. Only reads and what has not been sent may stop for it. */
  signal?: AbortSignal | undefined
}
