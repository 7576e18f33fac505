// What the front does with what comes: pages of orders and subscriptions, notifications, and looks at whether it is there; all by one ledger.
import { answerCheckout, type CheckoutSide } from '../checkout/answer-checkout.ts'
import { readMark } from '../ledger/ledger-mark.ts'
import { answerSubscription } from '../subscriptions/page/answer-subscription.ts'
import type { FrontHandlers } from './front-server.ts'
import { type Receiving, receiveNotification } from './receive-notification.ts'

export interface FrontSide extends CheckoutSide, Omit<Receiving, 'ledger' | 'actor'> {
  trustedProxies?: FrontHandlers['trustedProxies']
  /** Whether this process hears no gateway, and goes by what another one heard. */
  followsLedger: boolean
}

export function frontHandlers(side: FrontSide): FrontHandlers {
  const { ledger, clock, trustedProxies, say } = side
  // An old time is better than none: what cannot be read is told by what comes after.
  const follow = async () => {
    const offsets = side.followsLedger ? await ledger.clockOffsets().catch(() => undefined) : undefined
    if (offsets) clock.setOffsets(offsets)
  }
  return {
    page: async (path, visit) => {
      await follow()
      return answerCheckout(path, visit, side)
    },
    subscription: async (path, visit) => {
      await follow()
      return answerSubscription(path, visit, side)
    },
    notify: async (body) => {
      await follow()
      return receiveNotification(body, side)
    },
    mark: async (name) => {
      await follow()
      return readMark(ledger, name, clock.now())
    },
    health: () => ledger.frozen(),
    trustedProxies,
    say,
  }
}
