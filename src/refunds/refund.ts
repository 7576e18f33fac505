// The one way to a refund: what is in doubt is resolved, the refund evaluated, asked about, reserved, and then sent.
import { questionOf } from '../approval/question.ts'
import { NoAnswerError, RefusedError } from '../errors.ts'
import type { Outcome, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { proves, recordFound, resolveByRead, resolveOrder } from '../guard/in-doubt.ts'
import { NOTHING_SENT, refusal, SECOND_TRY } from '../guard/not-sent.ts'
import {
  ANOTHER_AMOUNT,
  blockedError,
  cancelledError,
  EARLIER_UNKNOWN,
  queryRefundCall,
  refundNextStep,
} from '../guard/refusals.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Block, Intent, Ledger, RefundEvaluation, RefundRequest, RefundRules, Yes } from '../ledger/ledger.ts'
import { isOpenIntent, otherAmount } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { refundRules, requireRefundable, whyUnasked } from './refund-rules.ts'
import type { ApprovalKind } from './refund-words.ts'
import { type RefundMade, sendRefund, unknownRefund } from './send-refund.ts'

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
  /** Alipay does not tell the subject of every order: then it is the ledger's. */
  #trade: Trade
  /** Alipay has another amount than was asked here: the money can go back, and an operator is asked. */
  #alarm: string | undefined
  /** Of the order that was made here. */
  #askedAmount = ''

  constructor(
    readonly call: Call,
    readonly ledger: Ledger,
    trade: Trade,
    readonly request: RefundRequest,
    readonly inFlight: InFlight,
  ) {
    this.#startedAt = call.clock.now()
    this.#trade = trade
  }

  async make(): Promise<RefundMade> {
    const { call, request } = this
    const order = await this.ledger.recordTrade({ trade: this.#trade }, call.actor(), true)
    const trade = { ...this.#trade, subject: this.#trade.subject ?? order?.subject }
    this.#trade = trade
    this.#alarm = otherAmount(order, trade)
    this.#askedAmount = order?.total_amount ?? ''
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
      throw error instanceof RefusedError ? await this.#withEarlierAttempt(error.with({ facts: this.#facts })) : error
    }
  }

  /** Whoever made the refund or joined it is told the same of the order. */
  async #withOrder(made: RefundMade): Promise<RefundMade> {
    const in_doubt = made.moved === 'earlier' ? await this.#othersInDoubt() : []
    return { ...made, subject: this.#trade.subject, alarm: this.#alarm, in_doubt }
  }

  /** What was made earlier may not be the refund that somebody asks about. */
  async #othersInDoubt(): Promise<readonly Intent[]> {
    const { out_trade_no, out_request_no } = this.request
    const open = await ignoringLedgerErrors(this.call, (ledger) => ledger.inDoubt(out_trade_no))
    return (open ?? []).filter(({ kind, number }) => kind === 'refund' && number !== out_request_no)
  }

  /** Whatever is refused, and whoever said no: which refund it was. */
  get #facts() {
    const { out_trade_no, subject, total_amount } = this.#trade
    return { out_trade_no, subject, total_amount, refund_amount: toYuan(this.request.amount_fen) }
  }

  /** What stands in the way of this attempt says nothing of an earlier one, of which nobody knows how it ended. */
  async #withEarlierAttempt(error: RefusedError): Promise<Error> {
    const { call, request } = this
    const trade = this.#trade
    const own = await ignoringLedgerErrors(call, (ledger) => ownIntent(ledger, request))
    const { money, next_step = '', message_zh } = error.text
    if (own?.state !== 'unknown' || money.includes(EARLIER_UNKNOWN)) return error
    // It may be this very refund that closed it.
    if (trade.trade_status === 'TRADE_CLOSED') return unknownRefund(trade, request, CLOSED_SINCE)
    const find = `About the earlier try: ${queryRefundCall(request.trade_no, request.out_request_no)}`
    return error.with({
      money: `${money} ${EARLIER_UNKNOWN}`,
      next_step: `${next_step.replace(ANOTHER_AMOUNT, '')} ${find}`.trim(),
      message_zh: `${message_zh ?? '这次没有发送。'}这笔退款上一次的结果仍未知，钱可能已退。`,
      facts: { moved: 'unknown' },
    })
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
      return this.#withOrder({ moved: 'earlier', gmt_refund_pay: read.answer.gmt_refund_pay })
    }
    const intent = await ownIntent(ledger, request)
    if (intent && isOpenIntent(intent)) await resolveByRead(call, intent, read, askedAt)
    if (read.outcome === 'done') return undefined
    if (intent && isOpenIntent(intent)) throw unknownRefund(this.#trade, request, NOT_TOLD)
    if (read.outcome === 'refused')
      throw new RefusedError(OPERATION, read.refusal, { money: NOTHING_SENT, facts: this.#facts })
    throw new NoAnswerError(OPERATION, `the check before the refund: ${read.why}`, this.#facts, {
      money: NOTHING_SENT,
      message_zh: '支付宝没有响应退款前的查询，退款没有发送，本次没有动钱。',
    })
  }

  /** Asks where a yes is due, reserves the attempt and sends it; or finds it made, or joins the call that sends it. */
  async #askAndSend(rules: RefundRules): Promise<RefundMade> {
    const { call, ledger, request, inFlight } = this
    for (let question = 1; question <= QUESTIONS; question++) {
      const evaluation = await ledger.evaluateRefund(request, rules, call.actor())
      if (evaluation.block) return this.#joinOr(evaluation.block)
      const yes = evaluation.asks ? await this.#yes(evaluation) : undefined
      if (yes) this.#startedAt = call.clock.now()
      if (call.signal?.aborted) throw cancelledError(OPERATION)
      const reserved = await ledger.reserveRefund(request, rules, yes, call.actor())
      if (reserved.outcome === 'prepared') {
        const sending = this.#send(reserved.intent, yes?.how ?? whyUnasked(rules))
        inFlight.set(request.out_request_no, sending)
        return sending.finally(() => inFlight.delete(request.out_request_no))
      }
      if (reserved.outcome === 'made') {
        return this.#withOrder({ moved: 'earlier', gmt_refund_pay: reserved.intent.gmt_refund_pay })
      }
      if (reserved.outcome === 'blocked') return this.#joinOr(reserved.block)
    }
    const message_zh = '商家同意之后订单有了变化，退款没有发送，本次没有动钱。请再发起同样的请求，会重新询问商家。'
    throw refusal(OPERATION, 'something about the order changed after the yes', ASK_AGAIN).with({ message_zh })
  }

  async #send(intent: Intent, approval: ApprovalKind): Promise<RefundMade> {
    const made = await sendRefund(this.call, this.#trade, this.request, intent, this.#startedAt)
    return this.#withOrder(made.moved === 'now' ? { ...made, approval } : made)
  }

  async #joinOr(block: Block): Promise<RefundMade> {
    const { out_request_no } = this.request
    const joined = this.inFlight.get(out_request_no)
    if (block.why === 'in_flight' && joined) return { ...(await joined), joined: true }
    const isThisOne = 'intent' in block && block.intent.number === out_request_no
    throw isThisOne ? ofAnotherServer(this.request, block.why) : blockedError(OPERATION, block)
  }

  #yes({ approvalDigest, earlier, refunded_fen, delivered_at }: RefundEvaluation): Promise<Yes> {
    const { call, request } = this
    const { subject, total_amount, buyer_logon_id, send_pay_date } = this.#trade
    const { out_trade_no, amount_fen, total_fen } = request
    const question = questionOf({
      environment: call.rules.environment,
      out_trade_no,
      subject,
      buyer_logon_id,
      send_pay_date,
      amount: toYuan(amount_fen),
      total_amount,
      refunded: toYuan(refunded_fen),
      left: toYuan(total_fen - refunded_fen - amount_fen),
      host: call.actor().host,
      refund_reason: request.reason,
      earlier: earlier && {
        at: earlier.created_at,
        amount: toYuan(earlier.amount_fen),
        state: earlier.state,
      },
      delivered_at,
      further: request.portion.ordinal > 1,
      otherAmount: this.#alarm === undefined ? undefined : { asked: this.#askedAmount, alarm: this.#alarm },
    })
    const how = call.rules.refundApproval === 'operator' || this.#alarm ? 'operator' : 'chat'
    return call.approver.yes({ approvalDigest, out_trade_no, amount_fen, question }, how)
  }
}

/** This very refund, sent by a server that has not said, or can no longer say, how it ended. */
function ofAnotherServer(request: RefundRequest, why: 'in_flight' | 'unknown'): Error {
  const { out_request_no } = request
  const refund_amount = toYuan(request.amount_fen)
  const state = why === 'in_flight' ? 'under way in another server' : 'of unknown outcome, and asked about first'
  return refusal(
    OPERATION,
    `this refund of ${refund_amount} yuan is ${state}`,
    refundNextStep({ ...request, refund_amount }),
    { out_request_no, moved: 'unknown' },
    `${NOTHING_SENT} The other try may have moved money.`,
  ).with({
    retry: 'after_change',
    message_zh: `这笔 ${refund_amount} 元的退款${why === 'in_flight' ? '正由另一个服务器处理' : '结果未知，须先查清'}，本次没有发送；那一次可能已退款。`,
  })
}

const ASK_AGAIN = `${SECOND_TRY} Else make the same call again; the merchant is then asked again.`

async function ownIntent(ledger: Ledger, request: RefundRequest): Promise<Intent | undefined> {
  const intents = await ledger.intents(request.out_trade_no)
  return intents.find(({ kind, number }) => kind === 'refund' && number === request.out_request_no)
}

const NOT_TOLD = 'an earlier try got no answer, and Alipay does not say now either'
const CLOSED_SINCE =
  'an earlier try got no answer, and the order was refunded in full since, by that try or by another refund'
