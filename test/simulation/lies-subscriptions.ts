// Servers that break the rules of subscriptions: for each rule a dependency that makes them break it.
import { randomBytes } from 'node:crypto'
import type { Agreement, AgreementGateway, Gateway, Refusal } from '../../src/gateway/gateway.ts'
import type { Charge, Ledger } from '../../src/ledger/ledger.ts'
import { agreementsOf, neverUnsigning, whoeverSigned } from './broken-subscriptions.ts'
import type { Replaced } from './host.ts'
import { instead } from './relay.ts'
import type { Stage } from './world.ts'

const ofAgreements = (change: (own: AgreementGateway) => Partial<AgreementGateway>): Replaced => ({
  gateway: (gateway) => agreementsOf(gateway, change),
})
const ofLedger = (change: (ledger: Ledger) => Partial<Ledger>): Replaced => ({
  ledger: (ledger) => instead(ledger, change(ledger)),
})

const NO: Refusal = { code: '40004', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', verified: true }
const NONE: Refusal = { code: '40004', sub_code: 'USER_AGREEMENT_NOT_EXIST', verified: true }

const another = (out_trade_no: string) => `${out_trade_no.slice(0, 20)}${randomBytes(5).toString('hex')}`

export const LIES_OF_SUBSCRIPTIONS: Readonly<Record<string, (stage: Stage) => Replaced>> = {
  'a period is charged once': () =>
    ofAgreements((own) => ({
      async charge(content, options) {
        const first = await own.charge(content, options)
        if (first.outcome !== 'done' || !first.answer.in_process) return first
        return own.charge({ ...content, out_trade_no: another(content.out_trade_no) })
      },
    })),
  'a signature that is not due is never charged': (stage) => ({ gateway: (gateway) => whoeverSigned(gateway, stage) }),
  'a payer is charged for one of each plan': (stage) => ({ gateway: (gateway) => whoeverSigned(gateway, stage) }),
  'what is charged is what was agreed': () =>
    ofAgreements((own) => ({
      charge: (content, options) => own.charge({ ...content, total_amount: '99.00' }, options),
    })),
  'a period is tried three times at most': () =>
    ofAgreements((own) => ({
      async charge(content, options) {
        let end = await own.charge(content, options)
        for (let more = 0; more < 3 && end.outcome === 'refused'; more++)
          end = await own.charge({ ...content, out_trade_no: another(content.out_trade_no) })
        return end
      },
    })),
  'a charge is told as it is': () => ({
    gateway: (gateway) =>
      instead(gateway, {
        async query(...args) {
          const read = await gateway.query(...args)
          if (read.outcome !== 'refused' || read.refusal.not_sent !== undefined) return read
          const { out_trade_no = '' } = { out_trade_no: '', ...args[0] }
          const trade = {
            out_trade_no,
            trade_no: '2026112022001400000000000009',
            trade_status: 'TRADE_SUCCESS',
          } as const
          return { outcome: 'done', answer: { ...trade, total_amount: '1.00' } }
        },
      }),
  }),
  'a charge is told as moved now once': () => ({ ...forgetful(), ...sameDay() }),
  'what is told as not charged is not': () =>
    ofAgreements((own) => ({
      async charge(...args) {
        const made = await own.charge(...args)
        return made.outcome === 'done' ? { outcome: 'refused', refusal: NO } : made
      },
    })),
  'a charge on its way is told to whoever ends it': () =>
    ofLedger((ledger) => ({
      async requestCancel(...args) {
        const requested = await ledger.requestCancel(...args)
        return requested && { ...requested, on_the_way: [] }
      },
    })),
  'what is told as ended is ended': () => {
    const ended = new Set<string>()
    return ofAgreements((own) => ({
      async unsign(agreement_no) {
        ended.add(agreement_no)
        return { outcome: 'done', answer: {} }
      },
      async agreement(name, options) {
        const isEnded = 'agreement_no' in name && ended.has(name.agreement_no)
        return isEnded ? { outcome: 'refused', refusal: NONE } : own.agreement(name, options)
      },
    }))
  },
  'what is told as live was signed': () =>
    ofAgreements((own) => ({
      async agreement(name, options) {
        const read = await own.agreement(name, options)
        const answer: Agreement = { agreement_no: '1', status: 'NORMAL', next_deduct_time: '2027-01-01' }
        return read.outcome === 'refused' ? { outcome: 'done', answer } : read
      },
    })),
  'what is to be ended is ended': () => ({ gateway: neverUnsigning }),
  'each period ends charged or on the list': () =>
    ofLedger(() => ({ subscriptions: async () => ({ subscriptions: [], damaged: [] }) })),
  'what is due is charged': () =>
    ofLedger(() => ({ reserveCharge: async () => ({ outcome: 'blocked', block: { why: 'not_live' } }) })),
  'a day never charges more than its limit': () =>
    ofLedger((ledger) => ({ reserveCharge: (request, _, actor) => ledger.reserveCharge(request, {}, actor) })),
  'a notification of an agreement changes nothing by itself': () =>
    ofLedger((ledger) => ({
      async recordNotification(fields, recipient, actor) {
        const number = fields.get('external_agreement_no')
        if (number !== undefined) await ledger.requestCancel(number, 'wallet', actor)
        return ledger.recordNotification(fields, recipient, actor)
      },
    })),
}

/** What was paid is taken for refused, and its number for one that was never sent. */
const forgetful = (): Replaced =>
  ofLedger((ledger) => ({
    async charges(...args) {
      const all = await ledger.charges(...args)
      return all.filter(({ intent }) => intent.state !== 'done')
    },
    async reserveCharge(...args) {
      const reserved = await ledger.reserveCharge(...args)
      const known: Charge | undefined =
        reserved.outcome === 'blocked' && reserved.block.why === 'charged' ? reserved.block.charge : undefined
      return known ? { outcome: 'prepared', charge: known } : reserved
    },
    async markSending(...args) {
      await ledger.markSending(...args)
      return 'go'
    },
  }))

/** The planned day stays as it was when somebody first asked, and what Alipay refuses is taken for charged. */
function sameDay(): Replaced {
  const days = new Map<string, string | undefined>()
  return {
    gateway: (gateway: Gateway) =>
      agreementsOf(gateway, (own) => ({
        async agreement(...args) {
          const read = await own.agreement(...args)
          if (read.outcome !== 'done') return read
          const { agreement_no, next_deduct_time } = read.answer
          if (!days.has(agreement_no)) days.set(agreement_no, next_deduct_time)
          return { outcome: 'done', answer: { ...read.answer, next_deduct_time: days.get(agreement_no) } }
        },
        async charge(content, options) {
          const made = await own.charge(content, options)
          const answer = { out_trade_no: content.out_trade_no, trade_no: '1', in_process: false }
          return made.outcome === 'refused' ? { outcome: 'done', answer } : made
        },
      })),
  }
}
