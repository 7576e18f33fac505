// Ledgers and fronts that break the rules of a shop, one for each rule.
import { beijingTime } from '../../src/clock.ts'
import type { Delivery, Ledger } from '../../src/ledger/ledger.ts'
import { handingOut, ownYes, paying } from './broken-shops.ts'
import type { Replaced } from './host.ts'
import { CODES } from './items-on-sale.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

const ofLedger = (change: (ledger: Ledger) => Partial<Ledger>): Replaced => ({
  ledger: (ledger) => instead(ledger, change(ledger)),
})
const ofTerminal = (change: (ledger: Ledger) => Partial<Ledger>): Replaced => ({
  terminal: (ledger) => instead(ledger, change(ledger)),
})

/** What was handed out, told otherwise, whenever it is told. */
function telling(change: (delivery: Delivery) => Delivery | undefined): Replaced {
  return ofLedger((ledger) => ({
    async delivery(out_trade_no) {
      const delivery = await ledger.delivery(out_trade_no)
      return delivery && change(delivery)
    },
    async reserveDelivery(...args) {
      const reserved = await ledger.reserveDelivery(...args)
      if (reserved.outcome === 'blocked') return reserved
      return { ...reserved, delivery: change(reserved.delivery) ?? reserved.delivery }
    },
  }))
}

/** A refund of whatever kind goes without the yes that is due. */
function unasked(isOne: (request: Parameters<Ledger['reserveRefund']>[0]) => boolean): Replaced {
  return ofLedger((ledger) => ({
    async evaluateRefund(request, rules, actor) {
      const evaluated = await ledger.evaluateRefund(request, rules, actor)
      return isOne(request) ? { ...evaluated, asks: false } : evaluated
    },
    async reserveRefund(request, rules, yes, actor) {
      const own = isOne(request) ? await ownYes(ledger, request, rules, actor) : yes
      return ledger.reserveRefund(request, rules, own, actor)
    },
  }))
}

let orders = 0

export const LIES_OF_SHOPS: Readonly<Record<string, (stage: Stage) => Replaced>> = {
  'as many codes are handed out as were bought': () =>
    telling((delivery) => ({ ...delivery, codes: delivery.codes.slice(1) })),
  'what is handed out is handed out for the first time once': () =>
    ofLedger((ledger) => ({
      delivery: async () => undefined,
      async reserveDelivery(...args) {
        const reserved = await ledger.reserveDelivery(...args)
        return reserved.outcome === 'given' ? { ...reserved, first_time: true } : reserved
      },
    })),
  'what was handed out is shown again, and nothing else': () =>
    ofLedger((ledger) => ({
      async delivery(out_trade_no) {
        const delivery = await ledger.delivery(out_trade_no)
        return delivery?.text === undefined ? delivery : { ...delivery, text: 'The moon in my bed' }
      },
    })),
  'nothing is handed out that is not paid as it was ordered': () => {
    const given = new Map()
    return { ledger: (ledger) => handingOut(ledger, given, ['not_paid']) }
  },
  'a hook is called with what was bought, and signed': () =>
    ofLedger((ledger) => ({
      async dueHooks(...args) {
        const due = await ledger.dueHooks(...args)
        return due.map((one) => ({ ...one, sale: { ...one.sale, quantity: one.sale.quantity + 1 } }))
      },
    })),
  'a hook that has taken an order is not called again': () =>
    ofLedger((ledger) => ({
      endHook: (number, end, actor) => ledger.endHook(number, { ...end, confirmed: false }, actor),
    })),
  'a buyer gets back by himself what the policy allows': ({ time }) => ({
    // Everything was paid just now.
    gateway: (gateway) =>
      instead(gateway, {
        async query(...args) {
          const read = await gateway.query(...args)
          if (read.outcome !== 'done' || read.answer.send_pay_date === undefined) return read
          return { outcome: 'done', answer: { ...read.answer, send_pay_date: beijingTime(time.now()) } }
        },
      }),
  }),
  'what policy does not allow needs the yes of a person': () =>
    unasked(({ of_buyer }) => of_buyer !== undefined && of_buyer.auto === undefined),
  'a buyer gets no more back by policy than his day allows': () =>
    ofLedger((ledger) => {
      type Request = Parameters<Ledger['evaluateRefund']>[0]
      const unlimited = ({ of_buyer, ...request }: Request): Request => ({
        ...request,
        of_buyer: of_buyer?.auto ? { ...of_buyer, auto: { daily_fen: Number.MAX_SAFE_INTEGER } } : of_buyer,
      })
      return {
        evaluateRefund: (request, ...rest) => ledger.evaluateRefund(unlimited(request), ...rest),
        reserveRefund: (request, ...rest) => ledger.reserveRefund(unlimited(request), ...rest),
      }
    }),
  'a refund by policy is tried once': () => ({ ledger: (ledger) => paying(ledger, ['tried_before']) }),
  'what was delivered is refunded only with a yes': () => unasked(({ of_buyer }) => of_buyer === undefined),
  'what a buyer hears of a refund is so': () =>
    ofLedger(() => ({ askRefund: async () => ({ outcome: 'not_possible', why: 'refunded' }) })),
  'no answer to a buyer tells of others, or of the merchant': () =>
    ofLedger((ledger) => ({
      async recordTrade(...args) {
        const order = await ledger.recordTrade(...args)
        return order && { ...order, subject: order.trade_no ?? '' }
      },
    })),
  'a claim code opens a paid order, and is shown for a paid one only': () => {
    const claimed = new Map<string, string>()
    return ofLedger((ledger) => ({
      async claimSale({ claim_code, out_trade_no }, buyer, actor) {
        const found = await ledger.claimSale({ claim_code, out_trade_no }, buyer, actor)
        const isIts = out_trade_no !== undefined && (await ledger.isClaimCode(out_trade_no, claim_code))
        if (found !== undefined || !isIts) return found
        claimed.set(out_trade_no, buyer)
        return out_trade_no
      },
      async sale(out_trade_no) {
        const sale = await ledger.sale(out_trade_no)
        return sale && { ...sale, buyer: claimed.get(out_trade_no) ?? sale.buyer }
      },
    }))
  },
  'a page shows the goods of its own order': () => ({
    front: (handlers) =>
      instead(handlers, {
        async page(...args) {
          const answer = await handlers.page(...args)
          return { ...answer, text: `${answer.text}${CODES[0]}` }
        },
      }),
  }),
  'only a press hands out on a page': () => ({
    front: (handlers) =>
      instead(handlers, {
        page: (path, { headers }) => handlers.page(path, { method: 'GET', headers: { ...headers, 'sec-purpose': '' } }),
      }),
  }),
  'delivered is told as it is': () => telling(() => undefined),
  'an order of an item costs what the items file says': () =>
    ofLedger((ledger) => ({
      reserveOrder: (order, ...rest) =>
        ledger.reserveOrder(order.sale ? { ...order, total_amount: '1.00' } : order, ...rest),
    })),
  'no more is sold than there is': () =>
    ofLedger((ledger) => ({
      reserveOrder: ({ sale, ...order }, ...rest) =>
        ledger.reserveOrder({ ...order, sale: sale && { ...sale, stock: undefined } }, ...rest),
    })),
  'the same thing asked for again is the same order': () =>
    ofLedger((ledger) => ({
      openSale: async () => undefined,
      reserveOrder: (order, ...rest) =>
        ledger.reserveOrder(order.sale ? { ...order, subject: `${order.subject} ${orders++}` } : order, ...rest),
    })),
  'a paid order ends delivered, given back, or on the list': () => ofTerminal(() => ({ undelivered: async () => [] })),
  'the operator hears of what is late': () =>
    ofLedger((ledger) => ({
      raiseAlert: async (alert, actor) => (alert.kind === 'undelivered' ? undefined : ledger.raiseAlert(alert, actor)),
    })),
  'what is lost with a ledger comes back by its claim code': () => ofLedger(() => ({ recoverSale: async () => {} })),
}
