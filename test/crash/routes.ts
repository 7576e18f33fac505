// The ways on which a new process finds out how broken calls ended, and what the ledger then says beside Alipay's trades.
import type { Intent, IntentKind, Order } from '../../src/ledger/ledger.ts'
import { toYuan } from '../../src/money.ts'
import type { Env } from '../e2e/hosts.ts'
import { each, type Trades, type World } from './world.ts'

const AT_ONCE = 8

export interface Route {
  readonly name: string
  /** What it looks at: of the others it learns nothing. */
  readonly resolves: readonly IntentKind[]
  /** Whether it asks for orders of which nothing is unfinished, too. */
  readonly asksForAll: boolean
  go(world: World, env: Env): Promise<void>
}

async function numbers(world: World, env: Env): Promise<readonly string[]> {
  const ledger = await world.ledger(env)
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await ledger.list({ limit: 500, cursor })
    found.push(...page.orders.map(({ out_trade_no }) => out_trade_no))
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

export const ROUTES: readonly Route[] = [
  {
    name: 'query_payment',
    resolves: ['create', 'refund', 'close'],
    asksForAll: true,
    async go(world, env) {
      const server = await world.server(env)
      await each(await numbers(world, env), AT_ONCE, async (out_trade_no) => {
        await server.call('query_payment', { out_trade_no })
      })
      await server.end()
    },
  },
  {
    name: 'query_refund',
    resolves: ['refund'],
    asksForAll: false,
    async go(world, env) {
      const server = await world.server(env)
      const paid = (await world.trades()).trades.filter(({ refunds, trade_status }) => {
        return refunds.length > 0 || trade_status === 'TRADE_SUCCESS'
      })
      await each(paid, AT_ONCE, async ({ out_trade_no }) => {
        await server.call('query_refund', { out_trade_no })
      })
      await server.end()
    },
  },
  {
    name: 'list_payments with refresh',
    resolves: ['create', 'refund', 'close'],
    asksForAll: true,
    async go(world, env) {
      const server = await world.server(env)
      let cursor: unknown
      do {
        const page = await server.call('list_payments', { refresh: true, limit: 10, cursor })
        cursor = page.next
      } while (cursor !== undefined)
      await server.end()
    },
  },
  {
    name: 'alipay-mcp resolve',
    resolves: ['create', 'refund', 'close'],
    asksForAll: false,
    go: async (world, env) => void (await world.command(['resolve'], env)),
  },
]

interface KnownOrder {
  refunded: string
  /** Numbers of those that were made. */
  refunds: readonly string[]
  /** Where the route asks for it; it tells nothing new of an order of which all was given back. */
  status?: string | undefined
}

/** What is known of the orders that Alipay has a trade of, and the numbers of all that came to it. */
export interface Known {
  orders: Readonly<Record<string, KnownOrder>>
  /** Steps of which the end is not known; none at Alipay. */
  in_doubt: readonly string[]
  /** Orders that the ledger does not have. */
  lost: readonly string[]
}

/** Alipay's trades as a ledger should know them. */
export function truthOf({ trades }: Trades, { asksForAll }: Route): Known {
  const orders = trades.map(({ out_trade_no, total_amount, refunded, refunds, trade_status }) => {
    const status = asksForAll && refunded !== total_amount ? trade_status : undefined
    const made = refunds.map(({ out_request_no }) => out_request_no).sort()
    return [out_trade_no, { refunded, refunds: made, status }] as const
  })
  return { orders: Object.fromEntries(orders), in_doubt: [], lost: [] }
}

export async function known(world: World, env: Env, route: Route): Promise<Known> {
  const { trades, codes, opened_links } = await world.trades()
  const isTrade = new Set(trades.map(({ out_trade_no }) => out_trade_no))
  const atAlipay = new Set([...trades, ...codes, ...opened_links].map(({ out_trade_no }) => out_trade_no))
  const ledger = await world.ledger(env)
  const orders: [string, KnownOrder][] = []
  const in_doubt: string[] = []
  const lost: string[] = []
  for (const out_trade_no of atAlipay) {
    const order = await ledger.order({ out_trade_no })
    const intents = await ledger.intents(out_trade_no)
    if (order && isTrade.has(out_trade_no)) orders.push([out_trade_no, knownOrder(order, intents, route)])
    if (!order) lost.push(out_trade_no)
    const open = intents.filter(({ kind, state }) => OPEN.includes(state) && route.resolves.includes(kind))
    // While nobody has scanned it, nobody can say whether a code is out.
    const told = open.filter(({ kind }) => kind !== 'create' || isTrade.has(out_trade_no))
    in_doubt.push(...told.map(({ kind, state }) => `${out_trade_no}: ${kind} ${state}`))
  }
  return { orders: Object.fromEntries(orders), in_doubt, lost }
}

function knownOrder(order: Order, intents: readonly Intent[], { asksForAll }: Route): KnownOrder {
  const refunded = toYuan(order.refunded_fen)
  const made = intents.filter(({ kind, state }) => kind === 'refund' && state === 'done')
  const refunds = made.map(({ number }) => number).sort()
  return {
    refunded,
    refunds,
    status: asksForAll && refunded !== order.total_amount ? order.trade_status : undefined,
  }
}

const OPEN = ['prepared', 'sent', 'unknown']

/** How often Alipay was asked to change something. */
export function changes({ calls }: Trades): Readonly<Record<string, number>> {
  const methods = ['alipay.trade.precreate', 'alipay.trade.refund', 'alipay.trade.close']
  return Object.fromEntries(methods.map((method) => [method, calls[method] ?? 0]))
}
