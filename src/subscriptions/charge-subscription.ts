// Charges one period: heard, announced, in its window, written down, sent once, and done only once a query says paid.
import { createHash } from 'node:crypto'
import { beijingTime } from '../clock.ts'
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { AgreementGateway, ChargeAnswer, Outcome } from '../gateway/gateway.ts'
import { AFTER_CHARGE_MS, CHARGE_MS, DECISION_MS, READ_MS } from '../guard/deadlines.ts'
import { ofCharge, resolveOrder } from '../guard/in-doubt.ts'
import { requireWritable } from '../guard/limits.ts'
import { MOVED_NOTHING } from '../guard/not-sent.ts'
import { readTrade } from '../guard/read-trade.ts'
import { blockedError } from '../guard/refusals.ts'
import { ignoringLedgerErrors, refusedOutcome, saveOutcome, sendPermit } from '../guard/send-permit.ts'
import type { Block, Charge, Resolution, Subscription } from '../ledger/ledger.ts'
import { isNoTrade, isOpenIntent } from '../ledger/order.ts'
import { nextAttempt } from '../ledger/periods.ts'
import { toYuan } from '../money.ts'
import type { ShopCall } from '../shop/buyer.ts'
import { chargeBlocked, notDue, tooLate } from './charge-refusals.ts'
import { lookUpSubscription, ownSubscription, recordsOf, requireAgreements, requireHeard } from './find-subscription.ts'
import { paidIn, type Renewal, renewalOf } from './renewal.ts'

const OPERATION = 'charge_subscription'
/** Of the trade: short, so that a retry needs not wait long, and long enough for the queries. */
const EXPIRES_MS = 15 * 60_000

export interface ChargeMade {
  moved: 'now' | 'earlier'
  subscription: Subscription
  charge: Charge
  trade_no?: string | undefined
  /** Said to be recorded, and was not. */
  unrecorded?: string | undefined
}

/** @throws InputError, RefusedError (nothing sent, or Alipay said no), OutcomeUnknownError, LedgerError (nothing sent) */
export async function chargeSubscription(external_agreement_no: string, call: ShopCall): Promise<ChargeMade> {
  const agreements = requireAgreements(OPERATION, call)
  requireWritable(OPERATION, call.rules)
  const known = await ownSubscription(OPERATION, external_agreement_no, call)
  await resolveCharges(known, call)
  const askedAt = call.clock.now()
  const subscription = await requireHeard(OPERATION, known, call)
  const { charges, announcements } = await recordsOf(subscription, call)
  const renewal = renewalOf(subscription, charges, announcements, call.clock.now())
  const made = renewal && paidIn(subscription, renewal.planned_day, charges)
  if (made) return { moved: 'earlier', subscription, charge: made, trade_no: made.intent.trade_no }
  if (renewal?.state !== 'due') throw notDue(subscription, renewal, call.clock.now())
  // This computer's clock may be wrong by a day: what is due is due by Alipay's, too.
  const atAlipay = call.clock.alipay()
  const byAlipay = renewalOf(subscription, charges, announcements, atAlipay)
  if (byAlipay?.state !== 'due') throw notDue(subscription, byAlipay, atAlipay)
  const charge = await reserved(subscription, renewal, charges, call)
  const { window } = renewal
  const behind = Math.max(0, atAlipay - call.clock.now())
  const until = Math.min(askedAt + DECISION_MS, 'until' in window ? window.until - behind : 0)
  return new Charging(call, agreements, subscription, charge).make(until)
}

/** By reading alone: how what is in doubt ended, and whether the number of an attempt, at whatever period, can still be paid. */
export async function resolveCharges(subscription: Subscription, call: ShopCall): Promise<void> {
  const { charges } = await recordsOf(subscription, call)
  await Promise.all(
    charges.map(async ({ out_trade_no, intent, is_over }) => {
      if (isOpenIntent(intent)) await resolveOrder(call, out_trade_no)
      const wasSent = intent.state !== 'done' && intent.last_sent_at !== undefined
      if (wasSent && !is_over) await lookWhetherOver(out_trade_no, call)
    }),
  )
}

async function lookWhetherOver(out_trade_no: string, call: ShopCall): Promise<void> {
  const ledger = await call.ledger()
  const askedAt = call.clock.now()
  const read = await readTrade(call, { out_trade_no }, { within: READ_MS })
  if (read.outcome === 'done') await ledger.recordTrade({ trade: read.answer }, call.actor())
  if (isNoTrade(read)) await ledger.noteChargeAbsent(out_trade_no, false, call.clock.behind(askedAt), call.actor())
}

async function reserved(
  subscription: Subscription,
  renewal: Renewal,
  charges: readonly Charge[],
  call: ShopCall,
): Promise<Charge> {
  const { external_agreement_no, terms } = subscription
  const { planned_day, notice } = renewal
  const attempt = nextAttempt(charges, planned_day)
  const request = {
    ...{ external_agreement_no, planned_day, amount_fen: terms.price_fen, subject: terms.subject },
    ...{
      out_trade_no: chargeNumber(external_agreement_no, planned_day, attempt),
      time_expire: beijingTime(call.clock.alipay() + EXPIRES_MS),
    },
    ...{ notice: notice.kind, announced_at: notice.kind === 'hook' ? notice.announced_at : undefined },
  }
  const rules = { daily_charges_fen: call.rules.limits.dailyChargesFen }
  const found = await (await call.ledger()).reserveCharge(request, rules, call.actor())
  if (found.outcome === 'prepared') return found.charge
  throw chargeBlocked(found.block, subscription)
}

/**
 * The same for the same attempt at the same period: where the ledger was put back and knows nothing of it any more, Alipay
 * knows the number, and charges nothing a second time.
 */
function chargeNumber(external_agreement_no: string, planned_day: string, attempt: number): string {
  const asked = `${external_agreement_no} ${planned_day} ${attempt}`
  const day = planned_day.replaceAll('-', '')
  return `${day}${String(attempt).padStart(9, '0')}${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`
}

class Charging {
  constructor(
    readonly call: ShopCall,
    readonly agreements: AgreementGateway,
    readonly subscription: Subscription,
    readonly charge: Charge,
  ) {}

  /** @param until Alipay's word on the planned day, and the window, hold so long */
  async make(until: number): Promise<ChargeMade> {
    const { call, charge } = this
    if (call.clock.now() >= until) throw await this.#tooLate()
    const permit = await sendPermit(call, charge.intent)
    if (!permit.send) throw await this.#blocked(permit.blocked)
    const { out_trade_no, amount_fen, time_expire } = charge
    const { terms, agreement_no = '' } = this.subscription
    const content = {
      out_trade_no,
      total_amount: toYuan(amount_fen),
      subject: terms.subject,
      agreement_no,
      time_expire,
    }
    const answer = await this.agreements.charge(content, { ...permit.send, within: CHARGE_MS })
    // Paid under this number before: the ledger may have been put back.
    const wasMade = answer.outcome === 'refused' && answer.refusal.sub_code === 'ACQ.TRADE_HAS_SUCCESS'
    if (answer.outcome === 'refused' && !wasMade) throw await this.#refused(answer)
    const end = await this.#untilKnown()
    const unrecorded = await saveOutcome(call, charge.intent, end)
    if (end.state !== 'done') throw this.#unknown(answer, unrecorded)
    // The next planned day; the watcher asks for it again where Alipay does not say now.
    const { subscription } = await lookUpSubscription(this.subscription, call).catch(() => this)
    return { moved: wasMade ? 'earlier' : 'now', subscription, charge, trade_no: end.trade_no, unrecorded }
  }

  /** This computer slept over it, or the window ended: it never left, and is no attempt. */
  async #tooLate(): Promise<RefusedError> {
    await saveOutcome(this.call, this.charge.intent, { state: 'not_executed', answer: 'it was not sent in time' })
    return tooLate(this.subscription)
  }

  async #blocked(block: Block): Promise<RefusedError> {
    await saveOutcome(this.call, this.charge.intent, { state: 'not_executed', answer: 'it was not sent' })
    return blockedError(OPERATION, block)
  }

  /** What is 10000 may be taken back, and what is 10003 may end either way: only the trade tells. */
  async #untilKnown(): Promise<Resolution & { trade_no?: string | undefined }> {
    const { call, charge } = this
    const { out_trade_no } = charge
    let end: Resolution = { state: 'unknown', answer: 'Alipay was not asked', empty: false }
    for (const pause of [0, ...AFTER_CHARGE_MS]) {
      await call.clock.sleep(pause)
      const askedAt = call.clock.now()
      const read = await readTrade(call, { out_trade_no }, { within: READ_MS })
      if (read.outcome === 'done')
        await ignoringLedgerErrors(call, (ledger) => ledger.recordTrade({ trade: read.answer }, call.actor()))
      end = await ofCharge(call, charge.intent, read, askedAt).catch(unreadable)
      if (end.state === 'done') return end
    }
    // Closed unpaid, too: Alipay never said no to the charge itself.
    return end.state === 'unknown' ? end : { state: 'unknown', answer: end.answer ?? '', empty: false }
  }

  async #refused({ refusal }: Outcome<ChargeAnswer> & { outcome: 'refused' }): Promise<RefusedError> {
    const { call, charge, subscription } = this
    const { not_sent } = refusal
    const neverSent = not_sent !== undefined && ({ state: 'not_executed', answer: not_sent, never_sent: true } as const)
    await saveOutcome(call, charge.intent, neverSent || refusedOutcome(refusal))
    const { out_trade_no, planned_day } = charge
    const facts = { out_trade_no, planned_day, external_agreement_no: subscription.external_agreement_no }
    // What never left is made again under its number, without a wait.
    const next_step = not_sent === undefined ? RETRY : undefined
    return new RefusedError(OPERATION, refusal, { money: MOVED_NOTHING, facts, next_step })
  }

  #unknown(answer: Outcome<ChargeAnswer>, unrecorded: string | undefined): OutcomeUnknownError {
    const { out_trade_no, amount_fen, planned_day } = this.charge
    const inProcess = answer.outcome === 'done' && answer.answer.in_process
    const why = inProcess
      ? 'the charge is in process at Alipay'
      : answer.outcome === 'unknown'
        ? answer.why
        : answer.outcome === 'refused'
          ? 'Alipay says that this number was paid before, and its query did not say so yet'
          : 'Alipay took the charge and did not say yet that it is paid'
    return new OutcomeUnknownError(OPERATION, unrecorded === undefined ? why : `${why}; ${unrecorded}`, {
      money: 'The subscriber may have been charged.',
      next_step: `Charge nothing again. Find out with query_payment {"out_trade_no":"${out_trade_no}"}, or query_subscription.`,
      message_zh: `扣款 ${toYuan(amount_fen)} 元的结果还不确定，可能已经扣款，请不要再次扣款，用 query_payment 查询 ${out_trade_no}。`,
      facts: { out_trade_no, planned_day, external_agreement_no: this.subscription.external_agreement_no },
    })
  }
}

/** It was sent: a ledger that fails now must not make the answer say otherwise. */
function unreadable(error: unknown): Resolution {
  if (error instanceof LedgerError) return { state: 'unknown', answer: error.message, empty: false }
  throw error
}

const RETRY =
  'It may be tried again once the number of this attempt can be paid no more, at most three times in all, until 20:00 of the planned day.'
