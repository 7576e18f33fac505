// Each protection of the money, replaced by none: with any of these the simulation has to find a violation.
import { randomBytes } from 'node:crypto'
import { Approvals } from '../../src/approval/approvals.ts'
import type { ApprovalContext, ApprovalsOptions } from '../../src/approval/context.ts'
import type { Gateway, Outcome } from '../../src/gateway/gateway.ts'
import type { Block, Ledger, ReservedRefund } from '../../src/ledger/ledger.ts'
import { toFen, toYuan } from '../../src/money.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

/** The number of a refund does not follow from the request. */
export class RandomNumbers extends Refunds {
  override make(...[call, trade, request]: Parameters<Refunds['make']>) {
    const out_request_no = `RF${randomBytes(15).toString('hex')}`
    return super.make(call, trade, { ...request, out_request_no })
  }
}

/** Nothing is written before a send. */
export function unwritten(ledger: Ledger): Ledger {
  return instead(ledger, {
    async markSending() {
      return 'go'
    },
  })
}

/** Neither freeze nor lease nor state is looked at before a send. */
export function unlooked(ledger: Ledger): Ledger {
  return instead(ledger, {
    async markSending(...args) {
      await ledger.markSending(...args)
      return 'go'
    },
  })
}

/** An answer is taken as it is, whoever signed it. */
export function believing(gateway: Gateway, { network }: Stage): Gateway {
  const believed = async <T>(method: string, outcome: Outcome<T>): Promise<Outcome<T>> => {
    if (outcome.outcome !== 'unknown' || !/sign/.test(outcome.why)) return outcome
    const answer = network.lastAnswer(method)
    if (answer.code === '10000') return { outcome: 'done', answer: { ...Object(answer) } }
    const { code, sub_code } = { code: String(answer.code), sub_code: String(answer.sub_code) }
    return { outcome: 'refused', refusal: { code, sub_code, verified: true } }
  }
  return instead(gateway, {
    query: async (...args) => believed('alipay.trade.query', await gateway.query(...args)),
    refund: async (...args) => believed('alipay.trade.refund', await gateway.refund(...args)),
    close: async (...args) => believed('alipay.trade.close', await gateway.close(...args)),
    refundQuery: async (...args) => believed('alipay.trade.fastpay.refund.query', await gateway.refundQuery(...args)),
  })
}

/** Whatever sum an answer tells, it is taken for that of this refund. */
export function anySum(gateway: Gateway, { network }: Stage): Gateway {
  return instead(gateway, {
    async refund(order, params, options) {
      const outcome = await gateway.refund(order, params, options)
      if (outcome.outcome !== 'done') return outcome
      const before = (await network.known.order(outcome.answer.out_trade_no))?.refunded_fen ?? 0
      const refund_fee = toYuan(before + toFen(params.refund_amount))
      return { outcome: 'done', answer: { ...outcome.answer, refund_fee } }
    },
  })
}

/** What is signed is taken for an answer to what was asked, whichever fields it has. */
export function anyMethod(gateway: Gateway, { network }: Stage): Gateway {
  return instead(gateway, {
    async close(...args) {
      const outcome = await gateway.close(...args)
      if (outcome.outcome !== 'unknown' || !/which is none to|contradicts/.test(outcome.why)) return outcome
      const { code, out_trade_no, trade_no } = network.lastAnswer('alipay.trade.close')
      const answer = { out_trade_no: String(out_trade_no), trade_no: String(trade_no) }
      return code === '10000' ? { outcome: 'done', answer } : outcome
    },
  })
}

/** Who finds nothing of a refund that was sent sends it again, even to resolve it. */
export function resending(gateway: Gateway, sent: Map<string, Parameters<Gateway['refund']>>): Gateway {
  return instead(gateway, {
    refund(...args) {
      sent.set(args[1].out_request_no, args)
      return gateway.refund(...args)
    },
    async refundQuery(order, out_request_no, options) {
      const read = await gateway.refundQuery(order, out_request_no, options)
      const again = sent.get(out_request_no)
      if (!again || (read.outcome === 'done' && read.answer.refund_status !== undefined)) return read
      await gateway.refund(again[0], again[1], { mayStillSend: () => true })
      return gateway.refundQuery(order, out_request_no, options)
    },
  })
}

/** A refund that is in flight or unknown does not keep others away. */
export function manyAtATime(ledger: Ledger): Ledger {
  return instead(ledger, {
    async evaluateRefund(...args) {
      const evaluation = await ledger.evaluateRefund(...args)
      return isOther(evaluation.block) ? { ...evaluation, block: undefined } : evaluation
    },
    async reserveRefund(...args) {
      for (;;) {
        const reserved = await ledger.reserveRefund(...args)
        if (reserved.outcome !== 'blocked' || !(await forgotten(ledger, reserved.block, args[3].at))) return reserved
      }
    },
  })
}

/** What is left and what the day allows is looked at, and some time later it is written. */
export function inTwoSteps(ledger: Ledger, { time }: Stage): Ledger {
  return instead(ledger, {
    async reserveRefund(request, rules, yes, actor): Promise<ReservedRefund> {
      const { block, intent, ...evaluation } = await ledger.evaluateRefund(request, rules, actor)
      if (intent?.state === 'done') return { outcome: 'made', intent }
      if (block) return { outcome: 'blocked', block }
      await time.pause(20)
      for (;;) {
        const unlimited = {
          ...rules,
          daily_refunds_fen: undefined,
          asks: evaluation.asks ? rules.asks : 'never',
        } as const
        const reserved = await ledger.reserveRefund(request, unlimited, yes, actor)
        if (reserved.outcome !== 'blocked' || !(await forgotten(ledger, reserved.block, actor.at))) return reserved
      }
    },
  })
}

/** Once the merchant has said yes to anything, that counts as a yes to everything. */
export class AnyYes extends Approvals {
  #said = false

  constructor(readonly options: ApprovalsOptions) {
    super(options)
  }

  override forCall(context: ApprovalContext) {
    const approver = super.forCall(context)
    return instead(approver, {
      yes: async (request, how) => {
        if (this.#said)
          return {
            how: 'chat',
            approvalDigest: request.approvalDigest,
            nonce: randomBytes(8).toString('hex'),
          } as const
        const yes = await approver.yes(request, how)
        this.#said = true
        return yes
      },
    })
  }
}

const isOther = (block: Block | undefined) => block?.why === 'in_flight' || block?.why === 'unknown'

/** The other attempt is called refused, so that the ledger lets this one through. */
async function forgotten(ledger: Ledger, block: Block, at: number): Promise<boolean> {
  if (block.why !== 'in_flight' && block.why !== 'unknown') return false
  const { id, owner } = block.intent
  await ledger.resolve(id, { state: 'refused', answer: 'forgotten' }, { at, owner, host: 'nobody' })
  return true
}
