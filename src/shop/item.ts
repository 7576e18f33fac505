// An item of a shop: what it costs, how many of it may be bought, and which refund policy holds for an order of it.
import type { DeliverKind, RefundPolicy, SaleTerms } from '../ledger/ledger.ts'

export interface Item {
  id: string
  subject: string
  description?: string | undefined
  /** Fen; of a tip the buyer names it, within `tip`. */
  price_fen?: number | undefined
  tip?: { min_fen: number; max_fen: number; suggested_fen?: number | undefined } | undefined
  max_quantity: number
  /** How many may be sold in all. */
  stock?: number | undefined
  /** Milliseconds. */
  available_until?: number | undefined
  expires_in_minutes: number
  refund: RefundPolicy
  deliver: { kind: DeliverKind; text?: string | undefined; url?: string | undefined }
}

export const isOver = ({ available_until }: Item, now: number) =>
  available_until !== undefined && now >= available_until

/** What an order of it says, whatever the file says later. */
export function termsOf({ tip, refund, deliver: { kind, text, url } }: Item): SaleTerms {
  return { deliver: kind, text, url, tip: tip !== undefined, refund }
}

/** What the buyer reads on the page of Alipay. */
export const subjectOf = ({ subject }: Item, quantity: number) => (quantity === 1 ? subject : `${subject} ×${quantity}`)

const STRICTNESS: readonly RefundPolicy['policy'][] = ['auto', 'operator', 'never']

/** Of the policy under which it was bought and that of now; of two that are `auto` the narrower in each. */
export function stricter(then: RefundPolicy, now: RefundPolicy): RefundPolicy {
  if (then.policy === 'auto' && now.policy === 'auto') {
    return {
      policy: 'auto',
      minutes: Math.min(then.minutes, now.minutes),
      max_fen: Math.min(then.max_fen, now.max_fen),
    }
  }
  return STRICTNESS.indexOf(now.policy) > STRICTNESS.indexOf(then.policy) ? now : then
}
