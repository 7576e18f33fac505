// Each protection of subscriptions, replaced by none: with any of these the simulation has to find a violation.
import { randomBytes } from 'node:crypto'
import type { AgreementGateway, Gateway } from '../../src/gateway/gateway.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { addDays, beijingDay } from '../../src/subscriptions/charge-window.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

const WEEKS_MS = 20 * 86_400_000

/** What the gateway does about agreements, changed. */
export function agreementsOf(gateway: Gateway, change: (own: AgreementGateway) => Partial<AgreementGateway>): Gateway {
  const { agreements } = gateway
  return agreements ? instead(gateway, { agreements: instead(agreements, change(agreements)) }) : gateway
}

/** Whoever asks is told that the renewal was announced weeks ago. */
export function saidToBeAnnounced(ledger: Ledger, { time }: Stage): Ledger {
  return instead(ledger, {
    async announcements(external_agreement_no) {
      const found = await ledger.subscription({ external_agreement_no })
      if (!found?.planned_day) return []
      const { planned_day, terms } = found
      const of = { external_agreement_no, planned_day, amount_fen: terms.price_fen }
      return [{ ...of, text: '', channel: '', at: time.now() - WEEKS_MS }]
    },
  })
}

/** What nobody knows is tried again, with a number of its own. */
export function tryingAgain(gateway: Gateway): Gateway {
  return agreementsOf(gateway, (own) => ({
    async charge(content, options) {
      const first = await own.charge(content, options)
      if (first.outcome !== 'unknown') return first
      return own.charge({
        ...content,
        out_trade_no: `${content.out_trade_no.slice(0, 20)}${randomBytes(5).toString('hex')}`,
      })
    },
  }))
}

/** What is written as still payable is taken for over. */
export function overAtOnce(ledger: Ledger): Ledger {
  return instead(ledger, {
    noteChargeAbsent: (out_trade_no, _, askedAt, actor) => ledger.noteChargeAbsent(out_trade_no, true, askedAt, actor),
  })
}

/** The planned day is reckoned here, and not heard from Alipay: always tomorrow. */
export function ownCalendar(gateway: Gateway, { time }: Stage): Gateway {
  return agreementsOf(gateway, (own) => ({
    async agreement(...args) {
      const read = await own.agreement(...args)
      if (read.outcome !== 'done') return read
      return { outcome: 'done', answer: { ...read.answer, next_deduct_time: addDays(beijingDay(time.now()), 1) } }
    },
  }))
}

/** Neither when it was signed nor by whom is looked at. */
export function whoeverSigned(gateway: Gateway, { time }: Stage): Gateway {
  return agreementsOf(gateway, (own) => ({
    async agreement(...args) {
      const read = await own.agreement(...args)
      if (read.outcome !== 'done') return read
      const { sign_time, ...answer } = read.answer
      return { outcome: 'done', answer: { ...answer, sign_time: START_TIME, principal_id: `any ${time.moment()}` } }
    },
  }))
}

const START_TIME = '2026-11-20 12:00:00'

/** A wish is taken for its fulfilment: Alipay is not told. */
export function neverUnsigning(gateway: Gateway): Gateway {
  return agreementsOf(gateway, () => ({ unsign: async () => ({ outcome: 'done', answer: {} }) }))
}
