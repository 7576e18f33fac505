// Each protection of a shop, replaced by none: with any of these the simulation has to find a violation.
import type {
  Actor,
  Delivery,
  DeliveryBlock,
  Ledger,
  RefundRequest,
  RefundRules,
  Yes,
} from '../../src/ledger/ledger.ts'
import { instead } from './relay.ts'

/** Who hands something out looks neither at refunds nor at what buyers ask back. */
export function besideRefunds(ledger: Ledger, given: Map<string, Delivery>): Ledger {
  return handingOut(ledger, given, ['refunded', 'refund_in_doubt', 'refund_asked'])
}

/** For whatever of these reasons nothing was to be handed out. */
export function handingOut(ledger: Ledger, given: Map<string, Delivery>, whys: readonly DeliveryBlock[]): Ledger {
  return instead(ledger, {
    async reserveDelivery(out_trade_no, given_by, actor) {
      const reserved = await ledger.reserveDelivery(out_trade_no, given_by, actor)
      if (reserved.outcome === 'given' || !whys.includes(reserved.why)) return reserved
      const before = given.get(out_trade_no)
      const text = (await ledger.sale(out_trade_no))?.terms.text
      const now = { out_trade_no, given_at: actor.at, given_by, confirmed: true, text, codes: [], tries: 0 }
      given.set(out_trade_no, before ?? now)
      return { outcome: 'given', first_time: before === undefined, delivery: before ?? now }
    },
  })
}

/** Who gives a buyer his money back does not look at what was handed out. */
export function afterDeliveries(ledger: Ledger): Ledger {
  return instead(paying(ledger, ['delivered']), {
    async askRefund(asked, actor) {
      const answered = await ledger.askRefund(asked, actor)
      if (answered.outcome !== 'delivered') return answered
      return { outcome: 'asked', request: { ...asked, id: -1, state: 'asked', asked_at: actor.at } }
    },
  })
}

type Why = 'delivered' | 'tried_before' | 'declined'

/** A refund that a buyer asked for is made like any other, for whatever of these reasons it was not to be. */
export function paying(ledger: Ledger, whys: readonly Why[]): Ledger {
  const isOne = (why: string | undefined) => whys.some((one) => one === why)
  return instead(ledger, {
    async evaluateRefund(request, rules, actor) {
      const evaluated = await ledger.evaluateRefund(request, rules, actor)
      if (!isOne(evaluated.block?.why)) return evaluated
      const other = await ledger.evaluateRefund(ofNobody(request), rules, actor)
      return { ...other, asks: false }
    },
    async reserveRefund(request, rules, yes, actor) {
      const reserved = await ledger.reserveRefund(request, rules, yes, actor)
      if (reserved.outcome !== 'blocked' || !isOne(reserved.block.why)) return reserved
      const other = ofNobody(request)
      return ledger.reserveRefund(other, rules, await ownYes(ledger, other, rules, actor), actor)
    },
  })
}

function ofNobody({ of_buyer, ...request }: RefundRequest): RefundRequest {
  return request
}

/** Nobody is asked: the ledger says yes to itself, where one is due. */
export async function ownYes(
  ledger: Ledger,
  request: RefundRequest,
  rules: RefundRules,
  actor: Actor,
): Promise<Yes | undefined> {
  const { asks, approvalDigest } = await ledger.evaluateRefund(request, rules, actor)
  if (!asks) return undefined
  const { out_trade_no, amount_fen } = request
  const { id } = await ledger.requestApproval({ approvalDigest, out_trade_no, amount_fen, question: '' }, actor)
  await ledger.decide(id, true, 'page', actor)
  return { how: 'operator', approvalDigest, id }
}

/** Every order is of whoever asks. */
export function anybodys(ledger: Ledger, asker: { hash?: string }): Ledger {
  return instead(ledger, {
    async buyerHash(name) {
      asker.hash = await ledger.buyerHash(name)
      return asker.hash
    },
    async sale(out_trade_no) {
      const sale = await ledger.sale(out_trade_no)
      return sale && { ...sale, buyer: asker.hash ?? sale.buyer }
    },
  })
}

/** As many codes as before are the same codes. */
export function sameCodes(ledger: Ledger, first: Map<number, readonly string[]>): Ledger {
  return instead(ledger, {
    async reserveDelivery(...args) {
      const reserved = await ledger.reserveDelivery(...args)
      if (reserved.outcome === 'blocked' || reserved.delivery.codes.length === 0) return reserved
      const { delivery } = reserved
      const codes = first.get(delivery.codes.length) ?? delivery.codes
      first.set(delivery.codes.length, codes)
      return { ...reserved, delivery: { ...delivery, codes } }
    },
  })
}
