// The one way to a refund: what is in doubt is resolved, the refund evaluated, asked about, reserved, and then sent.

import { questionOf } from '../approval/question.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Outcome, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { proves, recordFound, resolveByRead, resolveOrder } from '../guard/in-doubt.ts'
import {
  blockedError,
  EARLIER_UNKNOWN,
  NOTHING_SENT,
  queryRefundCall,
  refundNextStep,
  refusal,
} from '../guard/refusals.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Block, Intent, Ledger, RefundEvaluation, RefundRequest, RefundRules, Yes } from '../ledger/ledger.ts'
import { isOpenIntent, otherAmount } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { requireRefundable } from './refund-rules.ts'
import { type RefundMade, sendRefund } from './send-refund.ts'

const OPERATION = 'refund_payment'
// What the yes is bound to may change once while the merchant is asked; more often, somebody else is at work.
const QUESTIONS = 2

type InFlight = Map<string, Promise<RefundMade>>

export class Refunds {
  /** By out_request_no: what this process is sending. */
  readonly #inFlight: InFlight = new Map()

  /**
   * Makes the refund or proves that it was made; the same request while one is in flight joins it.
   * @throws InputError, RefusedError, OutcomeUnknownError, LedgerError (nothing sent), AskInChat
   */
  async make(call: Call, trade: Trade, request: RefundRequest): Promise<RefundMade> {
    const joined = this.#inFlight.get(request.out_request_no)
    if (joined) return { ...(await joined), joined: true }
    return new Refunding(call, await call.ledger(), trade, request, this.#inFlight).make()
  }
}

/** One request of one call, until it is on its way. */
class Refunding {
  /** When the order was looked at, or the merchant said yes. */
  #startedAt: number
  /** Alipay does not tell it of every order. */
  #subject: string | undefined
  /** Alipay has another amount than was asked here: the money can go back, and an operator is asked. */
  #alarm: string | undefined

  constructor(
    readonly call: Call,
    readonly ledger: Ledger,
    readonly trade: Trade,
    readonly request: RefundRequest,
    readonly inFlight: InFlight,
  ) {
    this.#startedAt = call.clock.now()
  }

  async make(): Promise<RefundMade> {
    const made = await this.#make()
    return this.#alarm === undefined ? made : { ...made, alarm: this.#alarm }
  }

  async #make(): Promise<RefundMade> {
    const { call, trade, request } = this
    const order = await this.ledger.recordTrade({ trade }, call.actor(), true)
    this.#subject = trade.subject ?? order?.subject
    this.#alarm = otherAmount(order, trade)
    const askedAt = call.clock.now()
    // Together: neither asks about what the other one does, and time is short.
    const [read] = await Promise.all([
      this.#queryRefund(),
      resolveOrder(call, request.out_trade_no, request.out_request_no),
    ])
    const made = await this.#known(read, askedAt)
    if (made) return made
    try {
      requireRefundable(call, trade, request)
      return await this.#askAndSend(refundRules(call, this.#alarm !== undefined))
    } catch (error) {
      throw error instanceof RefusedError ? await this.#withEarlierAttempt(error) : error
    }
  }

  /** What stands in the way of this attempt says nothing of an earlier one, of which nobody knows how it ended. */
  async #withEarlierAttempt(error: RefusedError): Promise<Error> {
    const { call, trade, request } = this
    const own = await ignoringLedgerErrors(call, (ledger) => ownIntent(ledger, request))
    if (own?.state !== 'unknown' || error.money.includes(EARLIER_UNKNOWN)) return error
    // It may be this very refund that closed it.
    if (trade.trade_status === 'TRADE_CLOSED') return stillUnknown(request, CLOSED_SINCE)
    const { operation, refusal, money, next_step = '', facts } = error
    const find = `For the earlier try ${queryRefundCall(request.trade_no, request.out_request_no)}.`
    return new RefusedError(operation, refusal, `${money} ${EARLIER_UNKNOWN}`, `${next_step} ${find}`.trim(), facts)
  }

  /** A number is never sent without asking Alipay for it first: it may have been made on another computer. */
  #queryRefund(): Promise<Outcome<RefundRecord>> {
    const { trade_no, out_request_no } = this.request
    return this.call.gateway.refundQuery({ trade_no }, out_request_no, { within: READ_MS })
  }

  /** What is known of the number: that it was made, or that nothing is in the way of an attempt. */
  async #known(read: Outcome<RefundRecord>, askedAt: number): Promise<RefundMade | undefined> {
    const { call, ledger, request } = this
    const { out_request_no } = request
    const refund_amount = toYuan(request.amount_fen)
    if (read.outcome === 'done' && proves(read.answer, { out_request_no, refund_amount })) {
      await recordFound(call, request, read.answer)
      return { moved: 'earlier', gmt_refund_pay: read.answer.gmt_refund_pay }
    }
    const intent = await ownIntent(ledger, request)
    if (intent && isOpenIntent(intent)) await resolveByRead(call, intent, read, askedAt)
    if (read.outcome === 'done') return undefined
    if (intent && isOpenIntent(intent)) throw stillUnknown(request)
    if (read.outcome === 'refused') throw new RefusedError(OPERATION, read.refusal, NOTHING_SENT)
    throw refusal(OPERATION, `the check before it got no answer: ${read.why}`)
  }

  /** Asks where a yes is due, reserves the attempt and sends it; or finds it made, or joins the call that sends it. */
  async #askAndSend(rules: RefundRules): Promise<RefundMade> {
    const { call, ledger, request, inFlight } = this
    for (let question = 1; question <= QUESTIONS; question++) {
      const evaluation = await ledger.evaluateRefund(request, rules, call.actor())
      if (evaluation.block) return this.#joinOr(evaluation.block)
      const yes = evaluation.asks ? await this.#yes(evaluation) : undefined
      if (yes) this.#startedAt = call.clock.now()
      if (call.signal?.aborted) throw refusal(OPERATION, 'the host cancelled the call')
      const reserved = await ledger.reserveRefund(request, rules, yes, call.actor())
      if (reserved.outcome === 'prepared') {
        const sending = this.#send(reserved.intent, rules)
        inFlight.set(request.out_request_no, sending)
        return sending.finally(() => inFlight.delete(request.out_request_no))
      }
      if (reserved.outcome === 'made') return { moved: 'earlier', gmt_refund_pay: reserved.intent.gmt_refund_pay }
      if (reserved.outcome === 'blocked') return this.#joinOr(reserved.block)
    }
    throw refusal(OPERATION, 'something about the order changed after the yes', ASK_AGAIN)
  }

  async #send(intent: Intent, rules: RefundRules): Promise<RefundMade> {
    const made = await sendRefund(this.call, this.trade, this.request, intent, this.#startedAt)
    return rules.asks === 'never' && made.moved === 'now' ? { ...made, unasked: true } : made
  }

  async #joinOr(block: Block): Promise<RefundMade> {
    const joined = this.inFlight.get(this.request.out_request_no)
    if (block.why === 'in_flight' && joined) return { ...(await joined), joined: true }
    throw blockedError(OPERATION, block)
  }

  #yes({ approvalDigest, earlier, refunded_fen }: RefundEvaluation): Promise<Yes> {
    const { call, trade, request } = this
    const { out_trade_no, amount_fen } = request
    const question = questionOf({
      environment: call.rules.environment,
      out_trade_no,
      subject: this.#subject,
      amount: toYuan(amount_fen),
      total_amount: trade.total_amount,
      refunded: toYuan(refunded_fen),
      earlier: earlier && {
        at: earlier.created_at,
        amount: toYuan(earlier.amount_fen),
        state: earlier.state,
      },
      further: request.portion.ordinal > 1,
      otherAmount: this.#alarm,
    })
    const how = call.rules.refundApproval === 'operator' || this.#alarm ? 'operator' : 'chat'
    return call.approver.yes({ approvalDigest, out_trade_no, amount_fen, question }, how)
  }
}

const ASK_AGAIN = 'Ask again with the same words; the merchant will be asked anew.'

async function ownIntent(ledger: Ledger, request: RefundRequest): Promise<Intent | undefined> {
  const intents = await ledger.intents(request.out_trade_no)
  return intents.find(({ kind, number }) => kind === 'refund' && number === request.out_request_no)
}

const NOT_TOLD = 'an earlier try got no answer, and now Alipay does not tell either'
const CLOSED_SINCE =
  'an earlier try got no answer, and the order was refunded in full since, by that try or by another refund'

function stillUnknown(request: RefundRequest, why = NOT_TOLD): Error {
  const how = refundNextStep(request.trade_no, toYuan(request.amount_fen), request.out_request_no)
  const facts = { out_request_no: request.out_request_no }
  return new OutcomeUnknownError(OPERATION, why, 'Money may have moved.', how, facts)
}

/** @param always whether somebody is asked whatever was set */
function refundRules({ rules, approver }: Call, always: boolean): RefundRules {
  const { environment, limits, refundApproval, approveAboveFen } = rules
  const daily_refunds_fen = limits.dailyRefundsFen
  if (always) return { daily_refunds_fen, asks: 'always' }
  const common = { daily_refunds_fen, approve_above_fen: approveAboveFen }
  if (refundApproval === 'none') return { ...common, asks: 'exceptions' }
  const nobodyToAsk = environment === 'local' && refundApproval !== 'operator' && !approver.inChat
  return { ...common, asks: nobodyToAsk ? 'never' : 'always' }
}
