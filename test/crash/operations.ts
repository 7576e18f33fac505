// What is asked of a server while it is broken off: what each operation needs, and what of it shows in Alipay's trades.
import { expect } from 'vitest'
import type { IntentKind, Order } from '../../src/ledger/ledger.ts'
import type { Fields } from '../e2e/hosts.ts'
import type { Loss } from './plan.ts'
import type { ServerProcess } from './processes.ts'
import type { BookedTrade, Trades, World } from './world.ts'

export interface Operation {
  readonly name: string
  readonly tool: 'create_payment' | 'refund_payment' | 'close_payment'
  /** What gets lost on the line while it is broken off. */
  readonly loses?: Loss
  /** The first step at which it is broken off, where those before are the same as of another operation. */
  readonly from?: string
  /** When it is asked for again; an order without a number can be told from a new one for 10 minutes only. */
  readonly again: 'at once' | 'later' | 'both'
  /** Makes what has to be there before. `id` is the subject of the order, and its number if it has an own one. */
  prepare(world: World, by: ServerProcess, id: string): Promise<void>
  args(world: World, id: string): Fields
  /** What Alipay has of it. */
  effects(trades: Trades, id: string): readonly string[]
  /** What they have when it was done exactly once. */
  readonly once: readonly string[]
  /** Whether this answer says that its call did it. */
  claims(answer: Fields): boolean
  /** Whether the ledger has written down that it is being done, or was. */
  isKnown(world: World, id: string): Promise<boolean>
  /** What else must be true when the operation was repeated and this was the answer. */
  fulfilled(world: World, id: string, answer: Fields): Promise<void>
}

const hasIntent = (kind: IntentKind) => async (world: World, id: string) =>
  (await (await world.ledger()).intents(world.numberOf(id))).some((intent) => intent.kind === kind)

async function orderOf(world: World, id: string): Promise<Order | undefined> {
  return (await world.ledger()).order({ out_trade_no: world.numberOf(id) })
}

const find = ({ trades }: Trades, id: string): BookedTrade | undefined => trades.find(({ subject }) => subject === id)

function refund(name: string, args: Fields, once: string): Operation {
  return {
    name,
    tool: 'refund_payment',
    again: 'later',
    prepare: (world, by, id) => world.paidOrder(by, id),
    args: (_, out_trade_no) => ({ out_trade_no, ...args }),
    effects: (trades, id) => find(trades, id)?.refunds.map(({ refund_amount }) => refund_amount) ?? [],
    once: [once],
    claims: ({ moved }) => moved === 'now',
    isKnown: hasIntent('refund'),
    async fulfilled(_, __, answer) {
      expect(answer).toMatchObject({ refund_amount: once })
    },
  }
}

const MINUTES = 120
const order = (subject: string) => ({ subject, total_amount: '8.00', expires_in_minutes: MINUTES })

/** A link that nobody has seen yet is nothing at Alipay; it becomes something when a buyer opens it. */
function create(name: string, channel: 'page' | 'qr', numbered: boolean): Operation {
  return {
    name,
    tool: 'create_payment',
    again: numbered ? 'later' : 'at once',
    prepare: async () => {},
    args: (_, id) => ({ ...order(id), channel, ...(numbered && { out_trade_no: id }) }),
    effects: ({ codes }, id) => codes.filter(({ out_trade_no }) => out_trade_no === id).map(() => 'a code'),
    once: channel === 'qr' && numbered ? ['a code'] : [],
    claims: ({ out_trade_no, message }) => out_trade_no !== undefined && !/made before/.test(String(message)),
    isKnown: async (world, id) => (await orderOf(world, id)) !== undefined,
    async fulfilled(world, id, answer) {
      const orders = await ordersOf(world, id)
      const made = orders.find(({ out_trade_no }) => out_trade_no === answer.out_trade_no)
      const { pay_url, qr_content: qr_code } = answer
      expect({ pay_url, qr_code }).toStrictEqual({ pay_url: made?.pay_url, qr_code: made?.qr_content })
      await world.control('pay', pay_url === undefined ? { qr_code } : { pay_url })
      if (numbered) expect(orders).toHaveLength(1)
      // Without a number it cannot be known for the same operation: it is a second order, and the answer says so.
      const others = orders.filter((one) => one !== made).map(({ out_trade_no }) => out_trade_no)
      // Those of a process that ended are no longer its own.
      const { similar_orders: own, other_similar_orders: counted = 0 } = answer
      expect(Number(counted) + (own === undefined ? 0 : String(own).split(', ').length)).toBe(others.length)
    },
  }
}

async function waiting(world: World, by: ServerProcess, id: string): Promise<Fields> {
  const made = await by.call('create_payment', order(id))
  world.numbers.set(id, String(made.out_trade_no))
  return made
}

async function scanned(world: World, by: ServerProcess, id: string): Promise<void> {
  const { pay_url } = await waiting(world, by, id)
  await world.control('scan', { pay_url })
}

const closedTrade = (trades: Trades, id: string) =>
  find(trades, id)?.trade_status === 'TRADE_CLOSED' ? ['closed'] : []

const close: Operation = {
  name: 'close',
  tool: 'close_payment',
  again: 'later',
  prepare: scanned,
  args: (world, id) => ({ out_trade_no: world.numberOf(id) }),
  effects: closedTrade,
  once: ['closed'],
  claims: ({ closed }) => closed === true,
  isKnown: hasIntent('close'),
  async fulfilled(_, __, answer) {
    expect(answer).toMatchObject({ closed: true, paid: false })
  },
}

const closeUnopened: Operation = {
  ...close,
  name: 'close of a link that nobody opened',
  from: 'before gateway.close',
  async prepare(world, by, id) {
    await waiting(world, by, id)
  },
  once: [],
  async fulfilled(world, id, answer) {
    expect(answer).toMatchObject({ closed: false })
    expect((await orderOf(world, id))?.close_requested_at).toBeDefined()
  },
}

/** Two steps at once: the old order is closed, and a new one made. */
const replace: Operation = {
  ...close,
  name: 'create in the place of another',
  tool: 'create_payment',
  args: (world, id) => ({ ...order(id), total_amount: '9.00', replaces: world.numberOf(id) }),
  claims: ({ replaces, message }) => replaces !== undefined && !/made before/.test(String(message)),
  isKnown: async (world, id) => (await orderOf(world, id))?.replaced_by !== undefined,
  async fulfilled(world, id, answer) {
    const [old, ...made] = [...(await ordersOf(world, id))].reverse()
    expect(made.map(({ out_trade_no }) => out_trade_no)).toStrictEqual([answer.out_trade_no])
    expect(old?.replaced_by).toBe(answer.out_trade_no)
    expect(made[0]?.replaces).toBe(world.numberOf(id))
  },
}

const again = 'both'
const refundOfPart = refund('refund of a part', { refund_amount: '30.00' }, '30.00')
const codeWithNumber = create('code with a number', 'qr', true)

export const OPERATIONS = {
  refundOfPart: { ...refundOfPart, again },
  refundLost: {
    ...refundOfPart,
    name: 'refund of which the request is lost',
    loses: 'request',
    from: 'before gateway.refund',
  },
  refundUnanswered: {
    ...refundOfPart,
    name: 'refund of which the answer is lost',
    loses: 'answer',
    from: 'before gateway.refund',
  },
  refundOfAll: refund('refund of all that is left', {}, '100.00'),
  pageWithNumber: create('page with a number', 'page', true),
  page: create('page', 'page', false),
  codeWithNumber: { ...codeWithNumber, again },
  codeUnanswered: {
    ...codeWithNumber,
    name: 'code of which the answer is lost',
    loses: 'answer',
    from: 'before gateway.precreate',
  },
  code: create('code', 'qr', false),
  close: { ...close, again },
  closeUnanswered: {
    ...close,
    name: 'close of which the answer is lost',
    loses: 'answer',
    from: 'before gateway.close',
  },
  closeUnopened,
  replace,
} as const satisfies Readonly<Record<string, Operation>>

/** Newest first. */
async function ordersOf(world: World, subject: string): Promise<readonly Order[]> {
  const { orders } = await (await world.ledger()).list({ text: subject, limit: 50 })
  return orders.filter((one) => one.subject === subject)
}
