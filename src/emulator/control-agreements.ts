// The control API's part for agreements: the buyer signs and ends them, the next charges fail or stay open, the list.
import { AGREEMENT_STATUSES, type Agreement, invalidTime, isInForce, skipMissedDays } from './agreements/agreement.ts'
import type { ChargeOutcome } from './agreements/agreement-store.ts'
import { endCharge } from './agreements/charge.ts'
import { signAgreement, unsignAgreement } from './agreements/sign-agreement.ts'
import { signLinkIn } from './agreements/sign-link.ts'
import { EMULATED_SUB_CODES, isSubCode, Refusal, type SubCode } from './answers.ts'
import { beijingTime } from './clock.ts'
import { type ControlBody, ControlError, optionalText, optionalWhole, readWord } from './control-input.ts'
import { chooseBuyer, describeTrade } from './control-orders.ts'
import { yuanOf } from './fen.ts'
import { openSignLink } from './gateway.ts'
import { readLink } from './incoming.ts'
import type { Platform } from './platform.ts'
import { signedAgreementReturn } from './return-url.ts'
import { statusOf } from './trade.ts'

const TEN_YEARS_S = 10 * 366 * 24 * 3600
const OUTCOMES = ['refuse', 'in_process', 'late', 'usual'] as const
const ENDS = ['paid', 'closed'] as const

export function listAgreements(platform: Platform): object {
  const agreements = platform.agreements.all().map((agreement) => describeAgreement(agreement, platform))
  return { now: beijingTime(platform.clock.now()), agreements }
}

export function sign(body: ControlBody, platform: Platform): object {
  const link = signLinkIn(optionalText(body, 'sign_url') ?? '', platform.origin)
  if (!link) {
    throw new ControlError(
      '"sign_url" must be a whole signed link to this emulator\'s /gateway.do, or its alipays:// form.',
    )
  }
  const agreement = signAgreement(openSignLink(readLink(link), platform), chooseBuyer(body), platform)
  return { ...describeAgreement(agreement, platform), return_url: signedAgreementReturn(agreement, platform) }
}

/** The buyer ends it inside Alipay. */
export function unsign(body: ControlBody, platform: Platform): object {
  const agreement = findAgreement(body, platform)
  if (!isInForce(agreement, platform.clock.now())) throw new Refusal('AGREEMENT_HAS_UNSIGNED')
  unsignAgreement(agreement, 'buyer', platform)
  return describeAgreement(agreement, platform)
}

export function setStatus(body: ControlBody, platform: Platform): object {
  const agreement = findAgreement(body, platform)
  agreement.status = readWord(body, 'status', AGREEMENT_STATUSES)
  return describeAgreement(agreement, platform)
}

export function planCharges(body: ControlBody, platform: Platform): object {
  const { agreement_no } = findAgreement(body, platform)
  const outcome = readWord(body, 'outcome', OUTCOMES)
  if (outcome === 'usual') platform.agreements.forgetOutcome(agreement_no)
  else {
    const times = body.times === 'always' ? 'always' : (optionalWhole(body, 'times', 1_000_000) ?? 1)
    platform.agreements.planOutcome(agreement_no, readOutcome(outcome, body), times)
  }
  return { agreement_no, next_charges: describeOutcome(agreement_no, platform) }
}

function readOutcome(outcome: ChargeOutcome['outcome'], body: ControlBody): ChargeOutcome {
  const seconds = optionalWhole(body, 'seconds', TEN_YEARS_S)
  if (outcome === 'late' && seconds === undefined) throw new ControlError('"late" needs "seconds".')
  return {
    outcome,
    sub_code: outcome === 'refuse' ? readSubCode(body) : undefined,
    after_ms: seconds === undefined ? undefined : seconds * 1000,
    end: readWord(body, 'end', ENDS, 'paid'),
  }
}

function readSubCode(body: ControlBody): SubCode {
  const sub_code = optionalText(body, 'sub_code') ?? 'ACQ.BUYER_BALANCE_NOT_ENOUGH'
  if (isSubCode(sub_code)) return sub_code
  throw new ControlError('"sub_code" must be one of these.', EMULATED_SUB_CODES)
}

/** How a charge ends that waits. */
export function decideCharge(body: ControlBody, platform: Platform): object {
  const trade = platform.trades.find({ out_trade_no: optionalText(body, 'out_trade_no') })
  if (!trade?.charge) throw new ControlError('There is no charge of that "out_trade_no".', undefined, 404)
  const now = platform.clock.now()
  const status = statusOf(trade, now)
  if (status !== 'WAIT_BUYER_PAY') {
    throw new Refusal(status === 'TRADE_CLOSED' ? 'ACQ.TRADE_HAS_CLOSE' : 'ACQ.TRADE_HAS_SUCCESS')
  }
  endCharge(trade, readWord(body, 'end', ENDS), platform, now)
  return describeTrade(trade, platform)
}

function findAgreement(body: ControlBody, { agreements }: Platform): Agreement {
  const agreement_no = optionalText(body, 'agreement_no')
  const external_agreement_no = optionalText(body, 'external_agreement_no')
  if ((agreement_no === undefined) === (external_agreement_no === undefined)) {
    throw new ControlError('Give one of these.', ['agreement_no', 'external_agreement_no'])
  }
  const found =
    agreement_no === undefined
      ? agreements.findByExternalNo(external_agreement_no ?? '')
      : agreements.find(agreement_no)
  if (found) return found
  const known = agreements.all().map((one) => one.agreement_no)
  throw new ControlError('There is no such agreement.', known.slice(-20), 404)
}

function describeAgreement(agreement: Agreement, platform: Platform): object {
  skipMissedDays(agreement, platform.clock.now(), platform.rules.missed_window)
  const { agreement_no, terms, buyer, status, planned_day, unsigned } = agreement
  const { single_fen, total_fen, ...rules } = terms.rules
  return {
    agreement_no,
    external_agreement_no: terms.external_agreement_no ?? null,
    status,
    in_force: isInForce(agreement, platform.clock.now()),
    product_code: terms.product_code ?? null,
    personal_product_code: terms.personal_product_code,
    sign_scene: terms.sign_scene,
    app_id: terms.app_id,
    buyer: buyer.account,
    period_rules: {
      ...rules,
      single_amount: yuanOf(single_fen),
      ...(total_fen !== undefined && { total_amount: yuanOf(total_fen) }),
    },
    sign_time: beijingTime(agreement.signed_at),
    invalid_time: invalidTime(agreement),
    planned_day,
    unsigned: unsigned ? { at: beijingTime(unsigned.at), by: unsigned.by } : null,
    next_charges: describeOutcome(agreement_no, platform),
    attempts: agreement.attempts.map((one) => ({ ...one, at: beijingTime(one.at) })),
    charges: agreement.trades.map((trade) => ({
      ...describeTrade(trade, platform),
      planned_day: trade.charge?.planned_day,
    })),
  }
}

function describeOutcome(agreement_no: string, { agreements }: Platform): object {
  const planned = agreements.plannedOutcome(agreement_no)
  if (!planned) return { outcome: 'usual' }
  const { outcome, sub_code, after_ms, end } = planned.outcome
  const seconds = after_ms === undefined ? undefined : after_ms / 1000
  return { outcome, sub_code, seconds, ...(outcome === 'in_process' && { end }), times: planned.left }
}
