// Each protection of pages and notifications, replaced by none: with any of these the simulation has to find a violation.
import { stateOf } from '../../src/checkout/checkout-state.ts'
import { signed } from '../../src/emulator/notifications/notification.ts'
import type { FrontHandlers } from '../../src/front/front-server.ts'
import type { Ledger, NewCheckout } from '../../src/ledger/ledger.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

/** A page that looks whether its order is open, and some time later reveals the link. */
export function lookedBefore(ledger: Ledger, { time, clock }: Stage, links: Map<string, NewCheckout['links']>): Ledger {
  return instead(ledger, {
    reserveOrder(order, ...rest) {
      if (order.checkout) links.set(order.checkout.token, order.checkout.links)
      return ledger.reserveOrder(order, ...rest)
    },
    async press(token, channel, now, actor) {
      const checkout = await ledger.checkout(token, now)
      const link = links.get(token)?.[channel]
      if (
        !checkout ||
        link === undefined ||
        stateOf(checkout, { alipay: clock.alipay(), behind: clock.behind() }) !== 'open'
      )
        return { outcome: 'not_offered' }
      await time.pause(20)
      // Written all the same, whether or not it may leave.
      await ledger.press(token, channel, now, actor)
      return { outcome: 'go', link }
    },
  })
}

/** Whoever signed a notification, it is taken for Alipay's. */
export function anySigner(handlers: FrontHandlers, { alipay }: Stage): FrontHandlers {
  return instead(handlers, {
    notify(body) {
      const fields = new Map(new URLSearchParams(body.toString()))
      fields.delete('sign')
      fields.set('sign_type', 'RSA2')
      return handlers.notify(Buffer.from(new URLSearchParams([...signed(fields, alipay.platform)]).toString()))
    },
  })
}

/** Amount, seller and app of a notification are taken as they should be. */
export function unchecked(ledger: Ledger): Ledger {
  return instead(ledger, {
    async recordNotification(fields, recipient, actor) {
      const order = await ledger.order({ out_trade_no: fields.get('out_trade_no') ?? '' })
      const right = new Map(fields)
      if (order) right.set('total_amount', order.total_amount)
      right.set('seller_id', recipient.seller_id ?? '')
      right.set('app_id', recipient.app_ids[0] ?? '')
      return ledger.recordNotification(right, recipient, actor)
    },
  })
}
