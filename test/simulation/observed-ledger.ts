// The ledger itself, as everybody's connection to it: notes when a press, a withdrawal, the end of one, a no, and a wish to end a subscription were written.
import type { Ledger, Subscription } from '../../src/ledger/ledger.ts'
import type { PageRecords, Withdrawn } from './page-records.ts'
import type { Records } from './records.ts'
import { instead } from './relay.ts'
import type { VirtualTime } from './virtual-time.ts'

export function observedLedger(
  inner: Ledger,
  { moment, now }: VirtualTime,
  { pages, shop, subscriptions }: Records,
): Ledger {
  const { presses, withdrawals }: PageRecords = pages
  const withdrawn = (out_trade_no: string, how: Withdrawn['how']) => {
    const isKnown = withdrawals.some(
      (one) => one.out_trade_no === out_trade_no && one.how === how && one.until === undefined,
    )
    if (!isKnown) withdrawals.push({ out_trade_no, how, from: moment() })
  }
  const wished = (found: Subscription | undefined) => {
    const { external_agreement_no, cancel } = found ?? {}
    const isKnown = subscriptions?.wishes.some((one) => one.external_agreement_no === external_agreement_no)
    if (external_agreement_no === undefined || !cancel || isKnown) return
    subscriptions?.wishes.push({ external_agreement_no, by: cancel.by, moment: moment(), at: now() })
  }
  return instead(inner, {
    async requestCancel(...args) {
      const requested = await inner.requestCancel(...args)
      wished(requested?.subscription)
      return requested
    },
    async recordAgreement(...args) {
      const recorded = await inner.recordAgreement(...args)
      wished(recorded)
      return recorded
    },
    async press(...args) {
      const began = moment()
      const pressed = await inner.press(...args)
      if (pressed.outcome === 'go') presses.push({ link: pressed.link, began, ended: moment() })
      return pressed
    },
    async withdraw(out_trade_no, actor) {
      const how = await inner.withdraw(out_trade_no, actor)
      if (how !== 'not_on_page') withdrawn(out_trade_no, how)
      return how
    },
    async requestClose(out_trade_no, actor) {
      await inner.requestClose(out_trade_no, actor)
      withdrawn(out_trade_no, 'withdrawn')
    },
    async reserveOrder(order, ...rest) {
      const reserved = await inner.reserveOrder(order, ...rest)
      if (reserved.outcome === 'made' && order.replaces !== undefined) withdrawn(order.replaces, 'replaced')
      return reserved
    },
    async reserveDelivery(out_trade_no, ...rest) {
      const given = await inner.reserveDelivery(out_trade_no, ...rest)
      if (given.outcome === 'given' && given.first_time)
        shop?.reserved.push({ out_trade_no, moment: moment(), at: now() })
      return given
    },
    async giveOnPage(...args) {
      const given = await inner.giveOnPage(...args)
      if (given.outcome === 'given' && given.first_time) {
        const { out_trade_no } = given.delivery
        shop?.reserved.push({ out_trade_no, moment: moment(), at: now() })
      }
      return given
    },
    async declineRequest(id, ...rest) {
      const asked = (await inner.buyerRequests()).find((one) => one.id === id)
      const isDeclined = await inner.declineRequest(id, ...rest)
      if (asked && isDeclined) shop?.declines.push({ out_trade_no: asked.out_trade_no, moment: moment() })
      return isDeclined
    },
    async withdrawCloseRequest(out_trade_no, actor) {
      const until = moment()
      await inner.withdrawCloseRequest(out_trade_no, actor)
      for (const one of withdrawals) {
        if (one.out_trade_no === out_trade_no && one.how === 'withdrawn') one.until ??= until
      }
    },
  })
}
