// The one way to a refund: settled before, weighed, asked about, reserved, and then sent as one wish.

import { questionOf } from '../approval/question.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Outcome, RefundRecord, Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { proves, recordFound, settleOrder, settleRead } from '../guard/in-doubt.ts'
import { askFor, blockedError, EARLIER_UNKNOWN, findOut, NOTHING_SENT, refusal } from '../guard/refusals.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Block, Intent, Ledger, RefundRules, RefundWish, Weighed, Yes } from '../ledger/ledger.ts'
import { isOpenIntent, otherAmount } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import { demandRefundable } from './refund-rules.ts'
import { type RefundMade, sendRefund } from './send-refund.ts'

const DID = 'refund_payment'
// The effect may change once while the merchant is asked; more often, somebody else is at work.
const QUESTIONS = 2

type InFlight = Map<string, Promise<RefundMade>>

export class Refunds {
  /** By out_request_no: what this process is sending. */
  readonly #inFlight: InFlight = new Map()

  /**
   * Makes the refund or proves that it was made; the same wish while one is in flight joins it.
   * @throws InputError, RefusedError, OutcomeUnknownError, LedgerError (nothing sent), AskInChat
   */
  async make(call: Call, trade: Trade, wish: RefundWish): Promise<RefundMade> {
    const joined = this.#inFlight.get(wish.out_request_no)
    if (joined) return { ...(await joined), joined: true }
    return new Refunding(call, await call.ledger(), trade, wish, this.#inFlight).make()
  }
}

/** One wish of one call, until it is on its way. */
class Refunding {
  /** When the order was looked at, or the merchant said yes. */
  #startedAt: number
  /** Alipay does not tell it of every order. */
  #subject: string | undefined

  constructor(
    readonly call: Call,
    readonly ledger: Ledger,
    readonly trade: Trade,
    readonly wish: RefundWish,
    readonly inFlight: InFlight,
  ) {
    this.#startedAt = call.clock.now()
  }

  async make(): Promise<RefundMade> {
    const { call, trade, wish } = this
    const order = await this.ledger.saw({ trade }, call.act(), true)
    this.#subject = trade.subject ?? order?.subject
    const other = otherAmount(order, trade)
    if (other) throw refusal(DID, `${other}: it is another order`, BY_HAND)
    // Together: neither asks about what the other one does, and time is short.
    const [read] = await Promise.all([
      this.#queryRefund(),
      settleOrder(call, wish.out_trade_no, wish.out_request_no),
    ])
    const made = await this.#known(read)
    if (made) return made
    try {
      demandRefundable(call, trade, wish)
      return await this.#askAndSend(refundRules(call))
    } catch (error) {
      throw error instanceof RefusedError ? await this.#withEarlierTry(error) : error
    }
  }

  /** Whatever stands in the way of a further try says nothing of one before, of which nobody knows how it ended. */
  async #withEarlierTry(error: RefusedError): Promise<Error> {
    const { call, trade, wish } = this
    const own = await ignoringLedgerErrors(call, (ledger) => ownIntent(ledger, wish))
    if (own?.state !== 'unknown' || error.money.includes(EARLIER_UNKNOWN)) return error
    // It may be this very refund that closed it.
    if (trade.trade_status === 'TRADE_CLOSED') return stillUnknown(wish, CLOSED_SINCE)
    const { did, refusal, money, next_step = '', facts } = error
    const find = `For the earlier try ${askFor(wish.trade_no, wish.out_request_no)}.`
    return new RefusedError(did, refusal, `${money} ${EARLIER_UNKNOWN}`, `${next_step} ${find}`.trim(), facts)
  }

  /** A number is never sent without asking Alipay for it first: it may have been made on another computer. */
  #queryRefund(): Promise<Outcome<RefundRecord>> {
    const { trade_no, out_request_no } = this.wish
    return this.call.gateway.refundQuery({ trade_no }, out_request_no, { within: READ_MS })
  }

  /** What is known of the number: that it was made, or that nothing is in the way of an attempt. */
  async #known(read: Outcome<RefundRecord>): Promise<RefundMade | undefined> {
    const { call, ledger, wish } = this
    const { out_request_no } = wish
    const refund_amount = toYuan(wish.amount_fen)
    if (read.outcome === 'done' && proves(read.answer, { out_request_no, refund_amount })) {
      await recordFound(call, wish, read.answer)
      return { moved: 'earlier', gmt_refund_pay: read.answer.gmt_refund_pay }
    }
    const intent = await ownIntent(ledger, wish)
    if (intent && isOpenIntent(intent)) await settleRead(call, intent, read)
    if (read.outcome === 'done') return undefined
    if (intent && isOpenIntent(intent)) throw stillUnknown(wish)
    if (read.outcome === 'refused') throw new RefusedError(DID, read.refusal, NOTHING_SENT)
    throw refusal(DID, `the check before it got no answer: ${read.why}`)
  }

  /** Asks where a yes is due, writes the attempt and sends it; or finds that it was made, or joins it. */
  async #askAndSend(rules: RefundRules): Promise<RefundMade> {
    const { call, ledger, wish, inFlight } = this
    for (let question = 1; question <= QUESTIONS; question++) {
      const weighed = await ledger.weighRefund(wish, rules, call.act())
      if (weighed.block) return this.#joinOr(weighed.block)
      const yes = weighed.asks ? await this.#yes(weighed) : undefined
      if (yes) this.#startedAt = call.clock.now()
      if (call.signal?.aborted) throw refusal(DID, 'the host cancelled the call')
      const reserved = await ledger.reserveRefund(wish, rules, yes, call.act())
      if (reserved.outcome === 'prepared') {
        const sending = this.#send(reserved.intent, rules)
        inFlight.set(wish.out_request_no, sending)
        return sending.finally(() => inFlight.delete(wish.out_request_no))
      }
      if (reserved.outcome === 'made')
        return { moved: 'earlier', gmt_refund_pay: reserved.intent.gmt_refund_pay }
      if (reserved.outcome === 'blocked') return this.#joinOr(reserved.block)
    }
    throw refusal(DID, 'something about the order changed after the yes', ASK_AGAIN)
  }

  async #send(intent: Intent, rules: RefundRules): Promise<RefundMade> {
    const made = await sendRefund(this.call, this.trade, this.wish, intent, this.#startedAt)
    return rules.asks === 'never' && made.moved === 'now' ? { ...made, unasked: true } : made
  }

  async #joinOr(block: Block): Promise<RefundMade> {
    const joined = this.inFlight.get(this.wish.out_request_no)
    if (block.why === 'in_flight' && joined) return { ...(await joined), joined: true }
    throw blockedError(DID, block)
  }

  #yes({ effect, earlier, refunded_fen }: Weighed): Promise<Yes> {
    const { call, trade, wish } = this
    const { out_trade_no, amount_fen } = wish
    const question = questionOf({
      environment: call.rules.environment,
      out_trade_no,
      subject: this.#subject,
      amount: toYuan(amount_fen),
      total_amount: trade.total_amount,
      refunded: toYuan(refunded_fen),
      earlier: earlier && {
        at: earlier.made_at,
        amount: toYuan(earlier.amount_fen),
        state: earlier.state,
      },
      further: wish.request.ordinal > 1,
    })
    const how = call.rules.refundApproval === 'operator' ? 'operator' : 'chat'
    return call.approver.yes({ effect, out_trade_no, amount_fen, question }, how)
  }
}

const ASK_AGAIN = 'Ask again with the same words; the merchant will be asked anew.'
const BY_HAND = 'Tell the merchant, who can refund that one by hand in the console.'

async function ownIntent(ledger: Ledger, wish: RefundWish): Promise<Intent | undefined> {
  const intents = await ledger.intents(wish.out_trade_no)
  return intents.find(({ kind, number }) => kind === 'refund' && number === wish.out_request_no)
}

const NOT_TOLD = 'an earlier try got no answer, and now Alipay does not tell either'
const CLOSED_SINCE =
  'an earlier try got no answer, and the order was refunded in full since, by that try or by another refund'

function stillUnknown(wish: RefundWish, why = NOT_TOLD): Error {
  const how = findOut(wish.trade_no, toYuan(wish.amount_fen), wish.out_request_no)
  const facts = { out_request_no: wish.out_request_no }
  return new OutcomeUnknownError(DID, why, 'Money may have moved.', how, facts)
}

function refundRules({ rules, approver }: Call): RefundRules {
  const { environment, limits, refundApproval, approveAboveFen } = rules
  const common = { daily_refunds_fen: limits.dailyRefundsFen, approve_above_fen: approveAboveFen }
  if (refundApproval === 'none') return { ...common, asks: 'exceptions' }
  const nobodyToAsk = environment === 'local' && refundApproval !== 'operator' && !approver.inChat
  return { ...common, asks: nobodyToAsk ? 'never' : 'always' }
}
