// Lists the orders that the ledger knows, asks Alipay about the open ones where that is wanted, and says how to go on.
import { beijingTime } from '../clock.ts'
import { LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Call } from '../guard/call.ts'
import { LAST_REFRESH_MS, LOOK_UP_MS } from '../guard/deadlines.ts'
import type { Ledger, ListedPage, ListFilter, Order } from '../ledger/ledger.ts'
import { isKept, otherAmount } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { Item, ToolResult } from '../tool-result.ts'
import { knownOrder, lookUp } from './find-order.ts'
import { payableNow, stepInDoubt } from './order-status.ts'

/** @param asks whether Alipay is asked about the open orders of the page first */
export async function listOrders(filter: ListFilter, asks: boolean, call: Call): Promise<ToolResult> {
  const ledger = await call.ledger()
  const before = await ledger.list(filter)
  const refreshed = asks ? await refresh(before.orders, call) : undefined
  const page = asks ? await ledger.list(filter) : before
  const orders = await Promise.all(
    page.orders.map((order) => listedOrder(order, ledger, call, refreshed?.asked.get(order.out_trade_no))),
  )
  const { message, ...sums } = sumsOf(page, refreshed)
  return {
    message: ledger.inMemory ? `${message} ${IN_MEMORY}` : message,
    orders,
    ...sums,
    damaged: page.damaged.join('; ') || undefined,
    next_step: nextStep(orders, page.next),
  }
}

const IN_MEMORY = 'The ledger is in memory: the list begins with this process.'

function sumsOf(page: ListedPage, refreshed: Refreshed | undefined) {
  const { orders, count, paid_fen, refunded_fen, next } = page
  const paid_amount = toYuan(paid_fen)
  const refunded_amount = toYuan(refunded_fen)
  const changed = refreshed?.gone(orders)
  const not_refreshed = refreshed?.silent.join(', ') || undefined
  const sums = `Of all that fit ${paid_amount} yuan were paid and ${refunded_amount} refunded, as far as known here.`
  const how = refreshed ? askedNow(refreshed, changed) : AS_LAST_SEEN
  const alarm = alarmSums(page)
  const message = `${orders.length} of ${count} orders that fit, newest first. ${sums}${alarm.sentence} ${how}${damageIn(page)}`
  return { message, count, paid_amount, refunded_amount, ...alarm.sums, next, changed, not_refreshed }
}

/** What was paid with other amounts than asked is nobody's payment: it is told by itself. */
function alarmSums({ alarm_fen, alarm_refunded_fen }: ListedPage) {
  if (alarm_fen === 0) return { sentence: '', sums: {} }
  const [alarm_amount, alarm_refunded] = [toYuan(alarm_fen), toYuan(alarm_refunded_fen)]
  const sentence =
    ` Not among them: ${alarm_amount} yuan that were paid with other amounts than the orders ask for, of which ` +
    `${alarm_refunded} were refunded (alarm).`
  return { sentence, sums: { alarm_amount, alarm_refunded } }
}

function damageIn({ damaged, not_summed }: Pick<ListedPage, 'damaged' | 'not_summed'>): string {
  const hidden = damaged.length > 0 ? ` Damaged in the ledger, and so not shown: ${damaged.length} (damaged).` : ''
  const left = not_summed > 0 ? ` The sums leave out ${not_summed}, whose amounts are damaged.` : ''
  return hidden || left ? `${hidden}${left} Tell the operator to run "alipay-mcp doctor".` : ''
}

const AS_LAST_SEEN = 'States are as last known (since when: checked_at); refresh=true asks Alipay.'

function askedNow({ asked, silent }: Refreshed, changed: string | undefined): string {
  const gone = changed ? '; those in changed do not fit any more' : ''
  const rest = silent.length > 0 ? `, not about ${silent.length} more (not_refreshed), which are as last seen` : ''
  return `Alipay was asked now about ${asked.size} unfinished ones${gone}${rest}.`
}

/** Without its link, of 1 kB: query_payment shows that. */
async function listedOrder(order: Listed, ledger: Ledger, call: Call, asked: Asked | undefined): Promise<Item> {
  const { out_trade_no, trade_no, state, subject, total_amount, refunded_fen, channel, in_doubt } = order
  const waits = state === 'waiting'
  const at = beijingTime(order.created_at)
  const paid = await paidOfReplaced(order, ledger)
  return {
    out_trade_no,
    trade_no,
    state,
    subject,
    total_amount,
    refunded_amount: refunded_fen > 0 ? toYuan(refunded_fen) : undefined,
    // Of an order that another program made it is known only when it was first seen here.
    ...(order.created_here ? { created_at: at } : { created_here: false, first_seen: at }),
    checked_at: asked?.at ?? (order.checked_at === undefined ? 'never' : beijingTime(order.checked_at)),
    channel,
    payable_until: waits ? payableNow(order, call).until : undefined,
    close_requested: (waits && order.close_requested_at !== undefined) || undefined,
    replaces: order.replaces,
    replaced_by: order.replaced_by,
    paid_twice_with: isKept(order) ? paid : undefined,
    paid_instead: waits ? paid : undefined,
    alarm: state === 'refunded' || state === 'closed' ? undefined : otherAmount(order),
    in_doubt: in_doubt.map((intent) => stepInDoubt(intent, call)).join('; ') || undefined,
    host: order.host,
  }
}

/** Of the orders that this one replaced or was replaced by, those that the buyer paid. */
async function paidOfReplaced(order: Order, ledger: Ledger): Promise<string | undefined> {
  if (order.replaces === undefined && order.replaced_by === undefined) return undefined
  const numbers = await ledger.replacements(order.out_trade_no)
  const others = await Promise.all(numbers.map((out_trade_no) => readableOrder(out_trade_no, ledger)))
  const paid = others.filter((other) => other && isKept(other))
  return paid.map((other) => other?.out_trade_no).join(', ') || undefined
}

/** One that is damaged must not hide the list. */
async function readableOrder(out_trade_no: string, ledger: Ledger): Promise<Order | undefined> {
  return ledger.order({ out_trade_no }).catch((error) => {
    if (error instanceof LedgerError) return undefined
    throw error
  })
}

function nextStep(orders: readonly Item[], next: string | undefined): string | undefined {
  const has = (key: string) => orders.some((item) => item[key] !== undefined)
  const waiting = orders.filter(({ state, alarm }) => state === 'waiting' && alarm === undefined)
  const unwanted = waiting.filter((item) => item.close_requested || item.replaced_by || item.paid_instead)
  const steps = [
    has('alarm') && ALARM,
    has('paid_twice_with') && PAID_TWICE,
    has('in_doubt') && IN_DOUBT,
    waiting.length > unwanted.length && WAITING,
    unwanted.length > 0 && UNWANTED,
    next !== undefined && 'More orders: the same call again with cursor set to next.',
  ]
  return steps.filter(Boolean).join(' ') || undefined
}

const ALARM =
  'Alarm: tell the merchant before anything of that order is delivered; it is not paid as it was made. refund_payment ' +
  "gives that money back, only on the merchant's wish."
const PAID_TWICE =
  "Paid twice (paid_twice_with): tell the merchant; refund_payment of one of them only on the merchant's wish."
const IN_DOUBT =
  'In doubt: find out first, for a refund by query_refund, else by query_payment; never make it again under another number.'
const WAITING =
  'Waiting: call wait_for_payment with its out_trade_no. query_payment shows its link again, and so does ' +
  'create_payment with that out_trade_no and the same words; make no second order.'
const UNWANTED =
  'With close_requested, replaced_by or paid_instead a waiting order shall not be paid and still can be: show no link of it, ' +
  'call close_payment.'

// Hosts cut calls at 60 s. Each has a query, and where something is in doubt 3 s more.
const MOST = 10
const AT_ONCE = 4

type Listed = ListedPage['orders'][number]

/** What was learnt of one order now. */
interface Asked {
  /** Beijing time. */
  at: string
  /** The trade's status, or that there is no trade. */
  state: string
}

export interface Refreshed {
  /** By out_trade_no. */
  asked: ReadonlyMap<string, Asked>
  /** Unfinished, and not known better than before. */
  silent: readonly string[]
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
  return { asked, silent, gone: (listed) => gone(asked, listed) }
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
    const { problem } = await knownOrder(call, name, looked)
    if (problem !== undefined) return undefined
    const at = beijingTime(call.clock.now())
    const { trade } = looked
    if (!trade) return { at, state: 'no trade' }
    return { at, state: trade.trade_status }
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
