// alipay-mcp close: at a terminal a person closes an open order, the same way as the tool close_payment.

import { beijingTime } from '../clock.ts'
import type { Environment, OrderName } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { inLanguages, type Language } from '../language.ts'
import type { Ledger, Order } from '../ledger/ledger.ts'
import { payable } from '../ledger/order.ts'
import { closeNamedOrder } from '../orders/close-order.ts'
import { pasteable } from '../pasteable-call.ts'
import { oneLine, unbroken } from '../text.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { cellIn, withMarks } from './ledger/cells.ts'
import { readRecord } from './ledger/record.ts'
import { LEDGER } from './ledger/words.ts'
import { unknownOrder } from './ledger.ts'
import { withGateway, withLedger } from './ledger-command.ts'
import { grouped } from './table.ts'
import { print, requireTerminal, typed } from './terminal.ts'
import { callOf, describeError } from './terminal-call.ts'

const TEXT = inLanguages({
  needsOrder: {
    en: (call: string) => `close takes the number of an order:\n  ${call}`,
    zh: (call: string) => `close 需要订单号：\n  ${call}`,
  },
  order: { en: (no: string) => `Order ${no}`, zh: (no: string) => `订单 ${no}` },
  facts: {
    en: (yuan: string, subject: string) => `  ${yuan} yuan${subject && `, ${subject}`}`,
    zh: (yuan: string, subject: string) => `  ${yuan} 元${subject && `，${subject}`}`,
  },
  lastKnown: {
    en: (at: string, state: string) => `  Last known, on ${at} Beijing time: ${state}.`,
    zh: (at: string, state: string) => `  最后已知状态（北京时间 ${at}）：${state}。`,
  },
  unseen: {
    en: (state: string) => `${state}, not opened by then`,
    zh: (state: string) => `${state}，当时还没有买家打开`,
  },
  unpressed: {
    en: (state: string) => `${state}, and no cashier was opened from its page`,
    zh: (state: string) => `${state}，付款页没有打开过收银台`,
  },
  pressed: {
    en: (state: string, at: string) => `${state}, and its page opened a cashier on ${at} Beijing time`,
    zh: (state: string, at: string) => `${state}，付款页在北京时间 ${at} 打开过收银台`,
  },
  payableUntil: {
    en: (until: string) => `  It can be paid until ${until}.`,
    zh: (until: string) => `  在 ${until}之前仍可付款。`,
  },
  payableAtMost: {
    en: '  It can be paid for at most 15 days (sandbox: 15 hours) after its link was made; when that was is not known here.',
    zh: '  链接创建后最多 15 天（沙箱 15 小时）内可以付款；这里没有记录链接的创建时间。',
  },
  timeIsUp: {
    en: (until: string) => `  It could be paid until ${until}; a payment of the last minutes may still show.`,
    zh: (until: string) => `  付款时间到 ${until}为止；最后几分钟的付款可能稍后才能查到。`,
  },
  elsewhere: {
    en: '  It is not in this ledger; Alipay will be asked.',
    zh: '  它不在这个账本里，将向支付宝查询。',
  },
  close: { en: 'close this order', zh: '关闭这个订单' },
  left: { en: 'Left as it is.', zh: '没有关闭。' },
  closed: { en: 'Closed: nobody can pay it any more.', zh: '已关闭：不能再付款。' },
  paid: {
    en: 'Not closed: it has been paid. To give the money back, make a refund.',
    zh: '没有关闭：已经付款。要退还请发起退款。',
  },
  nowhere: {
    en: (no: string, call: string) =>
      `Not closed: neither this ledger nor Alipay knows an order ${no}. An order of another program that no buyer has opened looks the same and can still be paid. Check the number:\n  ${call}`,
    zh: (no: string, call: string) =>
      `没有关闭：这个账本和支付宝都查不到订单 ${no}。其他程序创建、还没有买家打开过的订单也是这样，而且仍可付款。请核对单号：\n  ${call}`,
  },
  open: {
    en: (until: string) =>
      `Not closed: Alipay does not know the order until a buyer opens it, so there is nothing to close yet.${until && ` It can be paid until ${until}.`} Run this again later (it works once a buyer has opened the order), or let the order expire.`,
    zh: (until: string) =>
      `没有关闭：买家打开之前，支付宝还没有这笔交易，无从关闭。${until && `在 ${until}之前仍可付款。`}请稍后再运行一次（买家打开订单后才能关闭），或等订单过期。`,
  },
  over: {
    en: 'Nothing to close: it was never opened, and its time is over.',
    zh: '不用关闭：没有人打开过，且已过期。',
  },
})

export async function close(line: CommandLine): Promise<number> {
  const { order, language } = line
  const say = TEXT(language)
  if (order === undefined) throw new UsageError(say.needsOrder(unbroken(pasteable(line, 'close', '--order', 'N'))))
  requireTerminal('close', language)
  return withLedger(line, async (command) => {
    const { ledger, partition, clock } = command
    const known = (await ledger.order({ out_trade_no: order })) ?? (await ledger.order({ trade_no: order }))
    if (!known && !POSSIBLE_NUMBER.test(order)) throw unknownOrder(order)
    const what = known ? await questionLines(known, ledger, partition.environment, clock.now(), language) : undefined
    await print(what ?? `${say.order(order)}\n${say.elsewhere}`)
    if (!(await saysClose(language))) return 1
    return withGateway(command, async (services) => {
      const end = await closeAndDescribe(
        { out_trade_no: known?.out_trade_no ?? order },
        callOf(command, services),
        line,
      )
      await print(end.text)
      return end.isOver ? 0 : 1
    })
  })
}

// Whatever else is typed, such as a number that was shortened, Alipay cannot have it.
const POSSIBLE_NUMBER = /^\w{1,64}$/

/** Which order it is, for whoever decides about it. */
export function orderLines({ out_trade_no, total_amount, subject }: Order, language: Language): string {
  const say = TEXT(language)
  return `${say.order(out_trade_no)}\n${say.facts(grouped(total_amount), oneLine(subject ?? ''))}`
}

/** Which order it is, in which state it was last seen and when, and until when it can be paid. */
export async function questionLines(
  order: Order,
  ledger: Ledger,
  environment: Environment,
  now: number,
  language: Language,
): Promise<string> {
  const say = TEXT(language)
  const { out_trade_no, checked_at, created_at, trade_status, time_expire } = order
  const [row] = (await readRecord(ledger, { order: out_trade_no }, now)).orders
  const words = LEDGER(language)
  const state = row && cellIn(language, 'state', withMarks(row, words).state ?? '')
  const isWaiting = row?.state === 'waiting'
  const { state: time, until } = payable(order, environment, now)
  const end = inLanguage(until.replace(/, which is past$/, ''), language)
  const lines = [
    orderLines(order, language),
    state &&
      say.lastKnown(
        beijingTime(checked_at ?? created_at),
        isWaiting && !trade_status ? seenSo(order, state, say) : state,
      ),
    isWaiting && (!time_expire ? say.payableAtMost : time === 'open' ? say.payableUntil(end) : say.timeIsUp(end)),
  ]
  return lines.filter(Boolean).join('\n')
}

/** Alipay has no trade of it. */
function seenSo({ token, cashier_opened_at }: Order, state: string, say: ReturnType<typeof TEXT>): string {
  if (token === undefined) return say.unseen(state)
  return cashier_opened_at === undefined ? say.unpressed(state) : say.pressed(state, beijingTime(cashier_opened_at))
}

const inLanguage = (time: string, language: Language) =>
  language === 'zh' ? time.replace(/ Beijing time$/, '（北京时间）') : time

/** Whether the person at the terminal wants it closed; otherwise says that it is left. */
export async function saysClose(language: Language): Promise<boolean> {
  const say = TEXT(language)
  const yes = await typed('close', say.close, language)
  if (!yes) await print(say.left)
  return yes
}

/** Closes it now. `isOver`: nobody can pay it any more. */
export async function closeAndDescribe(
  name: OrderName,
  call: Call,
  line: CommandLine,
): Promise<{ text: string; isOver: boolean }> {
  const { language } = line
  const say = TEXT(language)
  try {
    const { closed, paid, trade_status, message, message_zh } = await closeNamedOrder(name, call)
    if (closed === true) return { text: say.closed, isOver: true }
    if (paid === true) return { text: say.paid, isOver: false }
    // Refunded in full, or paid with another amount.
    if (trade_status !== undefined) {
      return { text: String(language === 'zh' ? message_zh : message), isOver: trade_status === 'TRADE_CLOSED' }
    }
    const order = await (await call.ledger()).order(name)
    if (order?.token !== undefined) {
      const isOver = payable(order, call.rules.environment, call.clock.behind()).state === 'expired'
      return { text: String(language === 'zh' ? message_zh : message), isOver }
    }
    if (!order)
      return { text: say.nowhere(numberIn(name), unbroken(pasteable(line, 'ledger', '--wide'))), isOver: false }
    const { state, until } = payable(order, call.rules.environment, call.clock.behind())
    if (state === 'expired') return { text: say.over, isOver: true }
    const time = inLanguage(until, language)
    return { text: say.open(state === 'open' && /^\d{4}-/.test(time) ? time : ''), isOver: false }
  } catch (error) {
    return { text: describeError(error, line), isOver: false }
  }
}

const numberIn = (name: OrderName) => ('trade_no' in name ? name.trade_no : name.out_trade_no)
