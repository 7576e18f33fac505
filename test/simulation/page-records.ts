// What happened on the pages of orders, at their cashiers, and with Alipay's notifications.
import type { PagePath } from '../../src/checkout/short-link.ts'
import type { LinkChannel } from '../../src/gateway/gateway.ts'
import type { Order } from '../../src/ledger/ledger.ts'
import type { Way } from './buyers.ts'
import type { Life } from './life.ts'

/** Somebody came to the page of an order, and what the front answered him. */
export interface Visited {
  life: Life
  /** Undefined: the token is nobody's, or of another ledger. */
  out_trade_no: string | undefined
  step: PagePath['step']
  way: Way
  /** Whether it is what a person does who presses; browsers that fetch ahead do not. */
  isPress: boolean
  began: number
  /** 0 while it is not answered, and for ever where the front was killed. */
  ended: number
  at: number
  status?: number
  /** Where it leads. */
  location?: string | undefined
  /** That nobody can pay any more, as the page says it. */
  saysOver?: boolean
  /** Codes and texts that were bought, and a claim code. */
  shown?: readonly string[]
  claim_code?: string | undefined
}

/** The ledger let a press go; `began` is before its transaction, `ended` after it. */
export interface Pressed {
  link: string
  began: number
  ended: number
}

/** A link of Alipay's that a buyer got from a page. */
export interface Revealed {
  out_trade_no: string
  channel: LinkChannel
  link: string
  /** When the press was written down; where it was not, when the link came. */
  moment: number
}

/** The ledger says that an order is not to be paid any more, from one moment until it is wanted again. */
export interface Withdrawn {
  out_trade_no: string
  how: 'closed' | 'withdrawn' | 'replaced'
  from: number
  until?: number
}

/** A buyer paid, by whichever link or code. */
export interface Payment {
  out_trade_no: string
  moment: number
  /** Of a page; undefined for a link or code that a tool gave. */
  revealed: Revealed | undefined
}

/** A notification came to the front. */
export interface Notified {
  form: string
  /** Alipay sent it, to us, about an order as it is: it may change something. */
  isGenuine: boolean
  fields: ReadonlyMap<string, string>
  /** `lost` where the front was killed, or could not write. */
  answer: string
  before: Order | undefined
  after: Order | undefined
  /** Nothing else happened meanwhile. */
  isAlone: boolean
  /** When it was sent, and answered. */
  began: number
  moment: number
  /** Of an agreement: the ledger has it as before. */
  isAgreementSame: boolean
}

export interface PageRecords {
  visits: Visited[]
  presses: Pressed[]
  revealed: Revealed[]
  withdrawals: Withdrawn[]
  payments: Payment[]
  notified: Notified[]
}

export const newPageRecords = (): PageRecords => ({
  ...{ visits: [], presses: [], revealed: [], withdrawals: [], payments: [], notified: [] },
})

/** Those that hold at a moment. */
export function withdrawnAt({ withdrawals }: PageRecords, out_trade_no: string | undefined, moment: number) {
  return withdrawals.filter(
    (one) => one.out_trade_no === out_trade_no && one.from < moment && (one.until ?? Number.POSITIVE_INFINITY) > moment,
  )
}
