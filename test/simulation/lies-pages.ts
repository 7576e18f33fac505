// Fronts, ledgers and gateways that break the rules of pages, notifications and watchers, one for each rule.
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Ledger, NewCheckout } from '../../src/ledger/ledger.ts'
import { lookedBefore } from './broken-pages.ts'
import type { Replaced } from './host.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

const ofGateway = (change: (gateway: Gateway) => Partial<Gateway>): Replaced => ({
  gateway: (gateway) => instead(gateway, change(gateway)),
})
const ofLedger = (change: (ledger: Ledger) => Partial<Ledger>): Replaced => ({
  ledger: (ledger) => instead(ledger, change(ledger)),
})
const ofFront = (change: NonNullable<Replaced['front']>): Replaced => ({ front: change })

/** The links of each page, of who keeps them to give them out by himself. */
function keeping(change: (ledger: Ledger, links: Map<string, NewCheckout['links']>) => Partial<Ledger>): Replaced {
  const links = new Map<string, NewCheckout['links']>()
  return ofLedger((ledger) => ({
    reserveOrder(order, ...rest) {
      if (order.checkout) links.set(order.checkout.token, order.checkout.links)
      return ledger.reserveOrder(order, ...rest)
    },
    ...change(ledger, links),
  }))
}

const alwaysRevealing = () =>
  keeping((ledger, links) => ({
    async press(token, channel, now, actor) {
      const pressed = await ledger.press(token, channel, now, actor)
      const link = links.get(token)?.[channel]
      return pressed.outcome === 'go' || link === undefined ? pressed : { outcome: 'go', link }
    },
  }))

export const LIES_OF_PAGES: Readonly<Record<string, (stage: Stage) => Replaced>> = {
  'a token opens its own page only': () =>
    ofFront((handlers) =>
      instead(handlers, {
        async page(...args) {
          const answer = await handlers.page(...args)
          return answer.status === 404 ? { ...answer, status: 200 } : answer
        },
      }),
    ),
  'only a press reveals a link': () =>
    ofFront((handlers) =>
      instead(handlers, {
        page: (path, { headers }) => handlers.page(path, { method: 'GET', headers: { ...headers, 'sec-purpose': '' } }),
      }),
    ),
  'every press is written before its link leaves': (stage) => {
    const links = new Map<string, NewCheckout['links']>()
    return {
      ledger: (ledger) => {
        const before = lookedBefore(ledger, stage, links)
        // The ledger hears of it only once the link is out.
        return instead(before, {
          async press(token, channel, now, actor) {
            const checkout = await ledger.checkout(token, now)
            const link = links.get(token)?.[channel]
            if (!checkout || link === undefined) return { outcome: 'not_offered' }
            stage.time.after(500, () => ledger.press(token, channel, now, actor))
            return { outcome: 'go', link }
          },
        })
      },
    }
  },
  'no link leaves a page once it is withdrawn': alwaysRevealing,
  'a late payment comes from an earlier press': alwaysRevealing,
  'no link leaves a page while all is frozen': alwaysRevealing,
  'no link leaves a page in its last minute': alwaysRevealing,
  'what a page calls over is never paid': () =>
    ofLedger((ledger) => ({
      async checkout(...args) {
        const checkout = await ledger.checkout(...args)
        return checkout && { ...checkout, order: { ...checkout.order, can_never_be_paid: true } }
      },
    })),
  'all links of an order ask for the same': () =>
    ofGateway((gateway) => ({
      payLink: (channel, content, ...rest) => {
        const time_expire = channel === 'page' ? content.time_expire : '2026-11-21 12:00:00'
        return gateway.payLink(channel, { ...content, time_expire }, ...rest)
      },
    })),
  'an order with a page is shown by its page alone': () => {
    const kept = new Map<string, NewCheckout['links']>()
    return ofLedger((ledger) => ({
      async reserveOrder(order, ...rest) {
        const reserved = await ledger.reserveOrder(order, ...rest)
        if (order.checkout) kept.set(order.out_trade_no, order.checkout.links)
        return reserved
      },
      async order(name) {
        const order = await ledger.order(name)
        const pay_url = kept.get(order?.out_trade_no ?? '')?.page
        return order && pay_url !== undefined ? { ...order, token: undefined, pay_url } : order
      },
    }))
  },
  // Told as a payment like any other.
  'a late payment is alarmed': () => ({
    terminal: (ledger) =>
      instead(ledger, {
        unsentAlerts: async (most) =>
          (await ledger.unsentAlerts(most)).filter(({ kind }) => !kind.startsWith('paid_after_')),
      }),
  }),
  'the ledger has as paid only what is paid': () =>
    ofGateway((gateway) => ({
      async query(...args) {
        const read = await gateway.query(...args)
        if (read.outcome !== 'done') return read
        return { outcome: 'done', answer: { ...read.answer, trade_status: 'TRADE_SUCCESS' } }
      },
    })),
  'the ledger has no more as refunded than was': () =>
    ofLedger((ledger) => ({
      recordNotification: (fields, ...rest) =>
        ledger.recordNotification(new Map([...fields, ['refund_fee', '7.00']]), ...rest),
    })),
  'what was heard of an order stays so': () => {
    let reads = 0
    return {
      terminal: (ledger) =>
        instead(ledger, {
          async order(name) {
            const order = await ledger.order(name)
            return order && reads++ % 2 === 1 ? { ...order, trade_status: undefined, refunded_fen: 0 } : order
          },
        }),
    }
  },
  'a forged notification changes nothing': () =>
    ofLedger((ledger) => ({
      async requestQuery(out_trade_no, actor, apart) {
        await ledger.requestClose(out_trade_no, actor)
        return ledger.requestQuery(out_trade_no, actor, apart)
      },
    })),
  'success is answered for what is written, and for nothing else': () =>
    ofLedger(() => ({ recordNotification: async () => 'agrees' })),
  'a watcher that begins hears of every payment': () => ofLedger(() => ({ unpaidOrders: async () => [] })),
}
