// Subscriptions in a ledger for tests: offers, signatures, and charges with the end that a test wants.
import { expect } from 'vitest'
import type { ChargeRequest, FoundAgreement, Ledger, NewSubscription, PlanTerms } from '../../src/ledger/ledger.ts'
import { actor, MINUTE, NOON } from './places.ts'

export const TERMS: PlanTerms = {
  ...{ plan: 'news', subject: 'A letter a month', price_fen: 1_500, period_type: 'MONTH', period: 1 },
  ...{ ceiling_fen: 2_000, announce: 'own' },
}
export const offer = (no: string, changes: Partial<NewSubscription> = {}): NewSubscription => ({
  ...{ external_agreement_no: no, terms: TERMS, items_hash: 'h', buyer: 'alice', token: `T${no}` },
  ...{
    offer_until: NOON + 30 * MINUTE,
    sign_links: { page: 'https://pay.example/?sign', mobile: 'alipays://sign' },
    limits: {},
  },
  ...changes,
})
export const found = (no: string, changes: Partial<FoundAgreement> = {}): FoundAgreement => ({
  ...{ agreement_no: `A${no}`, status: 'NORMAL', principal_id: '2088alice', buyer_logon_id: '159****0000' },
  ...{ sign_time: '2026-03-02 12:01:00', next_deduct_time: '2026-03-03' },
  ...changes,
})
export const charge = (out_trade_no: string, changes: Partial<ChargeRequest> = {}): ChargeRequest => ({
  ...{ external_agreement_no: 'S', planned_day: '2026-03-03', out_trade_no, amount_fen: 1_500, notice: 'none' },
  ...{ subject: 'A letter a month', time_expire: '2026-03-02 12:15:00' },
  ...changes,
})
export const blocked = (why: string) => ({ outcome: 'blocked', block: { why } })

export async function live(ledger: Ledger, changes: Partial<NewSubscription> = {}): Promise<void> {
  const { token, external_agreement_no: no } = offer('S', changes)
  await ledger.reserveSubscription(offer('S', changes), actor())
  await ledger.pressSign(token, 'page', actor())
  await ledger.recordAgreement(no, found(no), actor(NOON + MINUTE))
}

/** Prepared, sent and ended. */
export async function charged(
  ledger: Ledger,
  number: string,
  state: 'done' | 'refused' | 'unknown' | 'sent',
  at = NOON,
) {
  const reserved = await ledger.reserveCharge(charge(number), {}, actor(at))
  if (reserved.outcome !== 'prepared') throw new Error(JSON.stringify(reserved))
  const { id } = reserved.charge.intent
  expect(await ledger.markSending(id, false, actor(at))).toBe('go')
  const answer = 'x'
  if (state === 'done') await ledger.resolve(id, { state, moved: 'now' }, actor(at))
  if (state === 'refused') await ledger.resolve(id, { state, answer }, actor(at))
  if (state === 'unknown') await ledger.resolve(id, { state, answer, empty: false }, actor(at))
  return id
}
