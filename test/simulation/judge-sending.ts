// Holds what left for Alipay to the rules: nothing while frozen, one refund of an order at a time, reads that only read.
import { READ_ONLY_NAMES } from '../tools/catalogue.ts'
import { type Alipay, ours, type Trade } from './alipay.ts'
import { answerOf, type Sent } from './network.ts'
import { type Ended, type Findings, type How, isLost, must, type Records } from './records.ts'
import { isOfShop } from './shop-records.ts'
import { MODIFY, PAY } from './subscription-records.ts'

const REFUND = 'alipay.trade.refund'
const UNSIGN = 'alipay.user.agreement.unsign'
const CHANGES = [REFUND, 'alipay.trade.close', 'alipay.trade.precreate', PAY, UNSIGN, MODIFY]
/** They move no money. */
const PASSING = ['alipay.trade.close', UNSIGN, MODIFY]
const READ_ONLY = [...READ_ONLY_NAMES, 'resolve', 'list_items', 'query_subscription', 'list_subscriptions']
const BETWEEN_MS = 3_000
const STALE_MS = 5_000
const CALL_MS = 60_000
const NOT_EXECUTED_MS = 600_000

/** @param from of the requests that left, those that have not been judged yet */
export function* judgeSending(records: Records, from: number): Findings {
  const { sent, freezes } = records
  for (const [index, one] of sent.entries()) {
    if (index < from || !CHANGES.includes(one.method)) continue
    yield* judgeFreeze(one, freezes)
    if (one.method === REFUND)
      yield* judgeOneAtATime(
        one,
        sent.slice(0, index).filter(({ moment }) => !isLost(records, moment)),
      )
  }
}

/** What was decided before the freeze may still leave, for five seconds. */
function* judgeFreeze(sent: Sent, freezes: Records['freezes']): Findings {
  if (PASSING.includes(sent.method)) return
  const freeze = freezes.find(({ from, until = Number.POSITIVE_INFINITY }) => from < sent.moment && until > sent.moment)
  if (!freeze) return
  const before = sent.life.asked.some(({ moment, at }) => moment < freeze.from && sent.at - at <= STALE_MS)
  const why = () => `${sent.method} ${JSON.stringify(sent.biz)}`
  yield must(before, 'nothing is sent while all is frozen', why)
}

function* judgeOneAtATime(sent: Sent, before: readonly Sent[]): Findings {
  const { trade_no, out_request_no } = sent.biz
  const others = before.filter(({ method, biz }) => method === REFUND && biz.trade_no === trade_no)
  const last = others.at(-1)
  const apart = sent.at - (last?.at ?? 0)
  yield must(!last || apart >= BETWEEN_MS, 'two refunds of an order are three seconds apart', () => `${apart} ms`)
  const numbers = new Set(others.map(({ biz }) => biz.out_request_no))
  numbers.delete(out_request_no)
  for (const number of numbers) {
    const why = () => `${number} is not over, and ${out_request_no} is sent`
    yield must(isOver(number, sent, before), 'one refund of an order at a time', why)
  }
}

/** Whether anybody can know by now how that refund ended. */
function isOver(number: unknown, { biz: { trade_no } }: Sent, before: readonly Sent[]): boolean {
  const about = before.filter(({ biz }) => biz.out_request_no === number && biz.trade_no === trade_no)
  const lastAt = about.findLast(({ method }) => method === REFUND)?.at ?? 0
  return about.some((one) => {
    if (one.trouble !== undefined || one.answer === undefined) return false
    const { code, refund_status, sub_code } = answerOf(one)
    if (one.method === REFUND) return code !== '20000' && sub_code !== 'ACQ.SYSTEM_ERROR'
    return refund_status === 'REFUND_SUCCESS' || one.at >= lastAt + NOT_EXECUTED_MS
  })
}

/** Calls that ran alone and only read; what a cancelled call goes on with is its own. */
export function* judgeReading(calls: readonly Ended[], records: Records): Findings {
  const [first] = calls
  if (!first || !calls.every(({ tool }) => READ_ONLY.includes(tool))) return
  const cancelled = records.calls.some(
    ({ how, startedAt }) => how === 'cancelled' && first.startedAt - startedAt < CALL_MS,
  )
  if (!cancelled) yield* readsOnly(records.sent.slice(first.sentBefore).filter((one) => !isOfDesk(one, records)))
}

/** The operator may say yes at the shop's computer while a buyer only asks. */
export const isOfDesk = ({ life }: Sent, { shop }: Records) => shop?.isDeskOpen === true && isOfShop(life)

/** Of whatever runs by itself; but it ends agreements that somebody wants ended, or nobody wanted. */
export function* judgeWatchers({ sent }: Records, from: number): Findings {
  yield* readsOnly(sent.slice(from).filter(isWatchers))
}

export const isWatchers = ({ life }: Sent) => life.name.startsWith('watcher')

export function* readsOnly(sent: readonly Sent[]): Findings {
  const changing = sent.filter((one) => CHANGES.includes(one.method) && !(isWatchers(one) && one.method === UNSIGN))
  const why = () => changing.map(({ method, biz }) => `${method} ${JSON.stringify(biz)}`).join()
  yield must(changing.length === 0, 'reading and resolving only read', why)
}

/** Unknown, and for what must be read first "no answer", is for answers that were in doubt, of this call or an earlier one about the same order. */
export function* judgeDoubt(call: Ended, records: Records, alipay: Alipay): Findings {
  const rule = DOUBTS[call.how]
  // That Alipay has not ended it yet is told so, whatever kept it from that: the wish stands.
  if (rule === undefined || call.tool === 'cancel_subscription') return
  const { order } = call
  const trade = order && alipay.trade(order.out_trade_no)
  const numbers = [order?.out_trade_no ?? call.args.out_trade_no, trade?.trade_no]
  const about = records.sent.filter(
    ({ biz }) => call.order === undefined || numbers.includes(String(biz.out_trade_no ?? biz.trade_no)),
  )
  const failed = records.calls.some(
    (other) => (!order || other.order === order) && other.meanwhile.some(({ does }) => SHAKING.includes(does)),
  )
  const why = () => `${call.tool} of ${order?.out_trade_no}; refunds at Alipay: ${ours(trade).length}`
  yield must(failed || about.some((one) => isDoubtful(one) || isOvertaken(one, trade)), rule, why)
}

const DOUBTS: Partial<Record<How, string>> = {
  unknown: 'unknown is what is in doubt, and nothing else',
  'no answer': 'no answer is told where none came that can be trusted',
}

/** What may keep a server from hearing, or writing, what Alipay said. */
const SHAKING: readonly string[] = ['kill', 'sleep', 'ledger_fails', 'cancel']

/** It was true when it was given, and the ledger has heard of the trade before it came. */
function isOvertaken(sent: Sent, trade: Trade | undefined): boolean {
  const { sub_code } = answerOf(sent)
  return sub_code === 'ACQ.TRADE_NOT_EXIST' && trade !== undefined && trade.created_at >= sent.at
}

const IN_PROCESS = '10003'

function isDoubtful(sent: Sent): boolean {
  const { trouble, fault, answer } = sent
  if (trouble !== undefined || fault !== undefined || answer === undefined) return true
  const { code, sub_code } = answerOf(sent)
  return code === '20000' || code === IN_PROCESS || sub_code === 'ACQ.SYSTEM_ERROR'
}
