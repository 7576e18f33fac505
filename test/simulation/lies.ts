// Servers that lie, dawdle or forget: for each rule a dependency that makes them break it.
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { toFen, toYuan } from '../../src/money.ts'
import type { Replaced } from './host.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

const ofGateway = (change: (gateway: Gateway) => Partial<Gateway>): Replaced => ({
  gateway: (gateway) => instead(gateway, change(gateway)),
})
const ofLedger = (change: (ledger: Ledger) => Partial<Ledger>): Replaced => ({
  ledger: (ledger) => instead(ledger, change(ledger)),
})

export const LIES: Readonly<Record<string, (stage: Stage) => Replaced>> = {
  'paid is told as it is': () =>
    ofGateway((gateway) => ({
      async query(...args) {
        const read = await gateway.query(...args)
        if (read.outcome !== 'done') return read
        return { outcome: 'done', answer: { ...read.answer, trade_status: 'TRADE_SUCCESS' } }
      },
    })),
  'what is told as closed is closed unpaid': () => ofGateway(closesNothing),
  'what nobody can pay any more is never paid': () => ofGateway(closesNothing),
  'the sum refunded is told as it is': () =>
    ofGateway((gateway) => ({
      async refund(...args) {
        const made = await gateway.refund(...args)
        if (made.outcome !== 'done') return made
        const refund_fee = toYuan(toFen(made.answer.refund_fee ?? '0.01') + 1)
        return { outcome: 'done', answer: { ...made.answer, refund_fee } }
      },
    })),
  'what is told as refunded is refunded': () =>
    ofGateway(() => ({
      async refund(_, { refund_amount }) {
        const answer = { out_trade_no: 'X', trade_no: 'X', fund_change: 'Y', refund_fee: refund_amount }
        return { outcome: 'done', answer }
      },
    })),
  'only what moved now is told so': () => ({
    ...ofLedger(forgetsWhatIsDone),
    ...ofGateway((gateway) => ({
      refundQuery: async () => ({ outcome: 'done', answer: {} }),
      async refund(...args) {
        const made = await gateway.refund(...args)
        return made.outcome === 'done' ? { ...made, answer: { ...made.answer, fund_change: 'Y' } } : made
      },
    })),
  }),
  'a refund that is told as made is made': () =>
    ofGateway((gateway) => ({
      async refundQuery(order, out_request_no, options) {
        const read = await gateway.refundQuery(order, out_request_no, options)
        if (read.outcome !== 'done') return read
        const [trade_no, refund_status] = ['X', 'REFUND_SUCCESS']
        return { outcome: 'done', answer: { trade_no, refund_status, refund_amount: '1.00', out_request_no } }
      },
    })),
  'a refund that is told as not made is not made': () =>
    ofLedger((ledger) => ({
      async intents(number) {
        const intents = await ledger.intents(number)
        return intents.map((intent) => (intent.state === 'done' ? { ...intent, state: 'refused' } : intent))
      },
    })),
  'no more is told as refunded than was': () =>
    ofLedger((ledger) => ({
      async order(name) {
        const order = await ledger.order(name)
        return order && { ...order, refunded_fen: order.refunded_fen + 1 }
      },
      async list(filter) {
        const page = await ledger.list(filter)
        return { ...page, orders: page.orders.map((one) => ({ ...one, refunded_fen: one.refunded_fen + 1 })) }
      },
    })),
  'unknown is what is in doubt, and nothing else': () =>
    ofGateway(() => ({ refund: async () => ({ outcome: 'unknown', why: 'it is said so' }) })),
  'no answer is told where none came that can be trusted': () =>
    ofGateway(() => ({ query: async () => ({ outcome: 'unknown', why: 'it is said so' }) })),
  'whether money moved is told in a known word': () =>
    ofLedger((ledger) => ({
      async intents(number) {
        const intents = await ledger.intents(number)
        return intents.map((intent) => ({ ...intent, state: Object('new') }))
      },
    })),
  'what is in doubt is found out by reading': () =>
    ofLedger((ledger) => ({
      async resolve(id, resolution, actor) {
        const forgotten = { state: 'unknown', answer: 'forgotten', empty: false } as const
        return ledger.resolve(id, resolution.state === 'done' ? forgotten : resolution, actor)
      },
    })),
  'ledger and Alipay agree': () => ofLedger(forgetsWhatIsDone),
  'two refunds of an order are three seconds apart': () =>
    ofLedger((ledger) => ({
      async markSending(id, repeat, actor) {
        const marked = await ledger.markSending(id, repeat, actor)
        if (marked === 'go' || marked.why !== 'too_soon') return marked
        return ledger.markSending(id, repeat, { ...actor, at: actor.at + marked.wait })
      },
    })),
  'a refund answers within 55 seconds': ({ time }) =>
    ofGateway((gateway) => ({
      async refund(...args) {
        await time.pause(60_000)
        return gateway.refund(...args)
      },
    })),
  'every call ends': () => ofGateway(() => ({ query: () => new Promise(() => {}) })),
  'an order is what was asked for': () =>
    ofLedger((ledger) => ({
      reserveOrder: (order, ...rest) => ledger.reserveOrder({ ...order, total_amount: '1.00' }, ...rest),
    })),
  'a number belongs to one order': () =>
    ofGateway((gateway) => ({
      payLink: (channel, content) => gateway.payLink(channel, { ...content, total_amount: '1.00' }),
    })),
  'an own number is kept': () =>
    ofLedger((ledger) => ({
      reserveOrder: (order, ...rest) =>
        ledger.reserveOrder({ ...order, out_trade_no: order.out_trade_no.slice(0, 4) }, ...rest),
    })),
  'the orders of a day never come to more than its limit': () =>
    ofLedger((ledger) => ({
      reserveOrder: (order, rules, actor) =>
        ledger.reserveOrder(order, { ...rules, daily_payments_fen: undefined }, actor),
    })),
  'no fault of ours': () => ofLedger(() => ({ evaluateRefund: () => Promise.reject(new TypeError('broken')) })),
}

function closesNothing(gateway: Gateway): Partial<Gateway> {
  return {
    async close(order) {
      const read = await gateway.query(order)
      const answer = read.outcome === 'done' ? read.answer : { out_trade_no: 'X', trade_no: 'X' }
      return { outcome: 'done', answer }
    },
  }
}

function forgetsWhatIsDone(ledger: Ledger): Partial<Ledger> {
  return {
    async resolve(id, resolution, actor) {
      const refused = { state: 'refused', answer: 'forgotten' } as const
      return ledger.resolve(id, resolution.state === 'done' ? refused : resolution, actor)
    },
  }
}
