// Asks Alipay about several orders of a page at once, and notes what it says in the ledger.
import { beijingTime } from '../clock.ts'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { ListedPage } from '../ledger/ledger.ts'
import { otherAmount } from '../ledger/order.ts'
import { knownOrder } from './known-order.ts'
import { lookUp } from './look-up.ts'
import type { Services } from './tool.ts'

export type Listed = ListedPage['orders'][number]

// Hosts cut calls at 60 s. Each has a query, and where something is unsettled 3 s more.
const MOST = 10
const AT_ONCE = 4
const ONE_MS = 5_000
const START_BEFORE_MS = 32_000

/** What was learnt of one order now. */
export interface Asked {
  /** Beijing time. */
  at: string
  /** The trade's status, or that there is no trade. */
  state: string
  alarm?: string | undefined
}

export interface Refreshed {
  /** By out_trade_no. */
  asked: ReadonlyMap<string, Asked>
  /** Unfinished, and not known better than before. */
  silent: readonly string[]
  /** The asked ones that are not among these, in words. */
  gone(listed: readonly Listed[]): string | undefined
}

export async function refresh(orders: readonly Listed[], services: Services): Promise<Refreshed> {
  const { clock } = services
  const open = orders.filter(isOpen).sort((one, other) => urgency(other) - urgency(one))
  const asked = new Map<string, Asked>()
  const end = clock.ticks() + START_BEFORE_MS
  const waiting = open.slice(0, MOST)
  const askSome = async () => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      const answer = clock.ticks() < end ? await ask(order, services) : undefined
      if (answer) asked.set(order.out_trade_no, answer)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askSome))
  const silent = open.map(({ out_trade_no }) => out_trade_no).filter((number) => !asked.has(number))
  return { asked, silent, gone: (listed) => gone(asked, listed) }
}

/** Paid ones, too: they may be refunded by hand, until Alipay calls them finished. */
function isOpen({ state, trade_status, unsettled }: Listed): boolean {
  if (unsettled.length > 0 || state === 'waiting') return true
  return (state === 'paid' || state === 'part_refunded') && trade_status !== 'TRADE_FINISHED'
}

function urgency({ state, unsettled }: Listed): number {
  return (unsettled.length > 0 ? 2 : 0) + (state === 'waiting' ? 1 : 0)
}

async function ask(order: Listed, services: Services): Promise<Asked | undefined> {
  const name = { out_trade_no: order.out_trade_no }
  try {
    const looked = await lookUp(services, {
      by: 'list_payments',
      order: name,
      within: ONE_MS,
      readOnly: true,
    })
    const { problem } = await knownOrder(services, name, looked)
    if (problem !== undefined) return undefined
    const at = beijingTime(services.clock.now())
    const { trade } = looked
    if (!trade) return { at, state: 'no trade' }
    return { at, state: trade.trade_status, alarm: otherAmount(order, trade) }
  } catch (error) {
    if (error instanceof RefusedError || error instanceof OutcomeUnknownError) return undefined
    throw error
  }
}

function gone(asked: ReadonlyMap<string, Asked>, listed: readonly Listed[]): string | undefined {
  const still = new Set(listed.map(({ out_trade_no }) => out_trade_no))
  const left = [...asked].filter(([number]) => !still.has(number))
  return left.map(([number, { state }]) => `${number} (${state})`).join(', ') || undefined
}
