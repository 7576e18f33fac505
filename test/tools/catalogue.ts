// All tools, one row each: every list of tools in the tests follows from it, and both READMEs are held against it.
import * as D from '../../src/guard/deadlines.ts'
import type { Fields, Shop } from '../shop.ts'

export interface Row {
  readonly name: string
  /** Hints that every tool gives; the fourth, openWorldHint, is true of all. */
  readonly readOnly: boolean
  readonly destructive: boolean
  readonly idempotent: boolean
  /** Of its input, in their order; at least one. */
  readonly fields: string
  /** Words of its description: what it does, what it changes, when not to use it, and what comes next. */
  readonly words: readonly [string, string, string, string]
  /** Milliseconds of its longest call, step by step; docs/architecture.md has the sums. */
  readonly longest: number
  /** What must have become of the order that a good call is about. */
  readonly order: 'scanned' | 'paid' | 'refunded'
  /** A good call. */
  args(out_trade_no: string): Fields
  /** The call to Alipay that decides how it ends; absent where it answers all the same. */
  readonly method?: string
  /** What `told` makes of the answer of a good call. */
  readonly done?: string
  told?(answer: Fields): string
}

const ORDER = 'out_trade_no, trade_no'
const named = (out_trade_no: string) => ({ out_trade_no })
const reads = { readOnly: true, destructive: false, idempotent: true } as const
const ends = { readOnly: false, destructive: true, idempotent: true } as const
const paid = { done: 'paid', told: (answer: Fields) => (answer.paid ? 'paid' : 'not paid') }

/** The most that ALIPAY_TIMEOUT_MS may be: what a read takes that has no limit of its own. */
const LONGEST_READ = 25_000
/** AlipayGateway looks at Alipay's clock before it makes a link. */
const SEE_CLOCK = 3_000
/** wait_for_payment takes 45 seconds at most. */
const LONGEST_WAIT = 45_000
/** Three seconds between two refunds of an order, and as much again where two clocks decide. */
export const LONGEST_TURN = 6_000

export const SENT_REFUND =
  LONGEST_TURN + D.FIRST_REFUND_MS + D.REFUND_PAUSE_MS + D.SECOND_REFUND_MS + 2 * D.REFUND_READ_MS

export const CATALOGUE: readonly Row[] = [
  {
    name: 'create_payment',
    ...{ readOnly: false, destructive: false, idempotent: false },
    fields: 'subject, total_amount, out_trade_no, channel, body, expires_in_minutes, replaces',
    words: [
      'Makes an order and returns pay_url',
      'Moves no money',
      'Not to show a link again (query_payment)',
      'next turn call wait_for_payment',
    ],
    // The number's own order, the order it replaces, its close, then a code twice.
    longest:
      2 * D.LOOK_UP_MS +
      (D.CLOSE_MS + D.AFTER_CLOSE_MS) +
      SEE_CLOCK +
      (D.FIRST_CODE_MS + D.CODE_PAUSE_MS + D.SECOND_CODE_MS),
    order: 'paid',
    args: (number) => ({
      ...{ subject: 'A "tea"', body: 'Two cups', total_amount: 1 },
      out_trade_no: `OWN_${number}`,
    }),
    method: 'alipay.trade.query',
    done: 'link',
    told: ({ pay_url, qr_content }) => (pay_url || qr_content ? 'link' : 'no link'),
  },
  {
    name: 'wait_for_payment',
    ...reads,
    fields: `${ORDER}, seconds`,
    words: ['Waits until an order is paid', 'Changes nothing', 'not for an old order', 'call it again'],
    // The last poll, what is in doubt, and the orders that it replaced.
    longest: LONGEST_WAIT + D.POLL_MS + 2 * D.READ_MS,
    order: 'paid',
    args: (out_trade_no) => ({ out_trade_no, seconds: 1 }),
    method: 'alipay.trade.query',
    ...paid,
  },
  {
    name: 'query_payment',
    ...reads,
    fields: ORDER,
    words: [
      'Asks Alipay whether an order is paid',
      'Changes nothing',
      'not to list orders',
      'Ask again after 5 seconds',
    ],
    longest: LONGEST_READ + 2 * D.READ_MS + D.FRONT_MS,
    order: 'paid',
    args: named,
    method: 'alipay.trade.query',
    ...paid,
  },
  {
    name: 'refund_payment',
    ...ends,
    fields: `${ORDER}, refund_amount, refund_reason, out_request_no`,
    words: ['Gives back', 'Moves money out', 'Not for unpaid orders', 'call query_refund'],
    // The order, earlier refunds of the amount, what is in doubt beside the number itself, then the sending.
    longest: D.LOOK_UP_MS + 2 * D.READ_MS + SENT_REFUND,
    order: 'paid',
    args: named,
    method: 'alipay.trade.refund',
    done: 'moved now',
    told: ({ moved }) => `moved ${moved}`,
  },
  {
    name: 'query_refund',
    ...reads,
    fields: `${ORDER}, refund_amount, out_request_no`,
    words: ['Asks Alipay whether one refund', 'Changes nothing', 'Refunds made by hand', 'No record proves nothing'],
    // The order, by the other kind of number too, what is in doubt, the number, and whether the rest was made.
    longest: LONGEST_READ + 2 * D.READ_MS + D.REFUND_QUERY_MS + D.READ_MS,
    order: 'refunded',
    args: (out_trade_no) => ({ out_trade_no, refund_amount: '1.00' }),
    method: 'alipay.trade.fastpay.refund.query',
    done: 'REFUND_SUCCESS',
    told: ({ refund_status }) => String(refund_status),
  },
  {
    name: 'close_payment',
    ...ends,
    fields: ORDER,
    words: ['Closes an order', 'Never moves money', 'for a paid order use refund_payment', 'expires by itself'],
    longest: LONGEST_READ + D.CLOSE_MS + D.AFTER_CLOSE_MS,
    order: 'scanned',
    args: named,
    method: 'alipay.trade.close',
    done: 'closed',
    told: ({ closed }) => (closed ? 'closed' : 'not closed'),
  },
  {
    name: 'list_payments',
    ...reads,
    fields: 'state, since, until, text, cursor, limit, refresh',
    words: ['Lists the orders of this ledger', 'Asks Alipay about up to 10', 'Changes nothing', 'not for one order'],
    longest: D.LAST_REFRESH_MS + D.LOOK_UP_MS + D.READ_MS,
    order: 'paid',
    args: (text) => ({ refresh: true, text }),
  },
]

export const ALL_NAMES = CATALOGUE.map(({ name }) => name)
export const READ_ONLY_NAMES = CATALOGUE.filter(({ readOnly }) => readOnly).map(({ name }) => name)

/** Names of the tools that take a field. */
export const taking = (field: string) =>
  CATALOGUE.filter(({ fields }) => fields.split(', ').includes(field)).map(({ name }) => name)

/** Makes the order of 1.00 that a tool needs, and gives the arguments of a call that goes well. */
export async function goodCall({ order, args }: Row, shop: Shop): Promise<Fields> {
  const tea = { subject: 'Tea', total_amount: '1.00' }
  const { out_trade_no, pay_url } = await shop.call('create_payment', tea)
  await shop.control(order === 'scanned' ? 'scan' : 'pay', { pay_url })
  if (order === 'refunded') await shop.call('refund_payment', { out_trade_no })
  return args(String(out_trade_no))
}
