// Asks Alipay about those orders of a list that may have changed, the open ones first, within bounds.
import { NoAnswerError, RefusedError } from '../errors.ts'
import type { Trade } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { LAST_REFRESH_MS, LOOK_UP_MS } from '../guard/deadlines.ts'
import type { ListedPage, Order } from '../ledger/ledger.ts'
import { latestTrade, otherAmount, viewOf } from '../ledger/order.ts'
import { knownOrder, lookUp } from './find-order.ts'

// Each order has a query, and where something is in doubt 3 s more.
const MOST = 10
const AT_ONCE = 4

export type Listed = ListedPage['orders'][number]

/** What was learnt of one order now. */
export interface Asked {
  what: string
  state: string
}

export interface Refreshed {
  /** By out_trade_no. */
  asked: ReadonlyMap<string, Asked>
  /** Unfinished, and not known better than before. */
  silent: readonly string[]
  /** How many Alipay was asked about and did not tell of. */
  unanswered: number
  /** The asked ones that are not among these, in words. */
  gone(listed: readonly Listed[]): string | undefined
}

export async function refresh(orders: readonly Listed[], call: Call): Promise<Refreshed> {
  const { clock } = call
  const open = orders.filter(isOpen).sort((one, other) => urgency(other) - urgency(one))
  const asked = new Map<string, Asked>()
  const end = clock.ticks() + LAST_REFRESH_MS
  const waiting = open.slice(0, MOST)
  const askSome = async () => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      const answer = clock.ticks() < end ? await ask(order, call) : undefined
      if (answer) asked.set(order.out_trade_no, answer)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askSome))
  const silent = open.map(({ out_trade_no }) => out_trade_no).filter((number) => !asked.has(number))
  const unanswered = open.slice(0, MOST).filter(({ out_trade_no }) => !asked.has(out_trade_no)).length
  return { asked, silent, unanswered, gone: (listed) => gone(asked, listed) }
}

/** Paid ones, too: they may be refunded by hand, until Alipay calls them finished. */
function isOpen({ state, trade_status, in_doubt }: Listed): boolean {
  if (in_doubt.length > 0 || state === 'waiting') return true
  return (state === 'paid' || state === 'part_refunded' || state === 'alarm') && trade_status !== 'TRADE_FINISHED'
}

function urgency({ state, in_doubt }: Listed): number {
  return (in_doubt.length > 0 ? 2 : 0) + (state === 'waiting' ? 1 : 0)
}

async function ask(order: Listed, call: Call): Promise<Asked | undefined> {
  const name = { out_trade_no: order.out_trade_no }
  try {
    const looked = await lookUp(call, {
      by: 'list_payments',
      order: name,
      within: LOOK_UP_MS,
      readOnly: true,
    })
    const { order: now = order, problem } = await knownOrder(call, name, looked)
    if (problem !== undefined) return undefined
    const what = `${JSON.stringify(order.subject ?? '')} ${order.total_amount} yuan`
    return { what, state: stateOf(now, looked.trade) }
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NoAnswerError) return undefined
    throw error
  }
}

/** As the ledger has it now: what was given back is not "paid", and another amount paid nothing of this order. */
function stateOf(order: Order, answer: Trade | undefined): string {
  if (!answer) return order.can_never_be_paid ? 'expired unpaid' : 'not opened by a buyer'
  const trade = latestTrade(order, answer)
  const { paid, refunded } = viewOf(trade, order.refunded_fen)
  const alarm = paid && otherAmount(order, trade)
  if (alarm) return `alarm: ${alarm}`
  if (refunded === 'full') return 'fully refunded'
  if (paid) return refunded === 'part' ? 'partly refunded' : 'paid'
  return trade.trade_status === 'WAIT_BUYER_PAY' ? 'opened by the buyer' : 'closed'
}

function gone(asked: ReadonlyMap<string, Asked>, listed: readonly Listed[]): string | undefined {
  const still = new Set(listed.map(({ out_trade_no }) => out_trade_no))
  const left = [...asked].filter(([number]) => !still.has(number))
  return left.map(([number, { state, what }]) => `${number} ${what} (now ${state})`).join(', ') || undefined
}
