// alipay-mcp resolve: finds out by reading how unfinished steps ended; --resend sends again what a person confirms.
import { beijingTime } from '../clock.ts'
import { inChinese } from '../doctor/chinese/in-chinese.ts'
import type { Call } from '../guard/call.ts'
import { IN_DOUBT_MS } from '../guard/deadlines.ts'
import { resolveAll } from '../guard/in-doubt.ts'
import { readTrade } from '../guard/read-trade.ts'
import { inLanguages, type Language } from '../language.ts'
import type { Intent, Ledger, Order, RefundPortion, RefundRequest } from '../ledger/ledger.ts'
import { payable } from '../ledger/order.ts'
import { toFen, toYuan } from '../money.ts'
import { pasteable } from '../pasteable-call.ts'
import { Refunds } from '../refunds/refund.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import { oneLine, unbroken } from '../text.ts'
import { closeAndDescribe, orderLines, questionLines, saysClose } from './close.ts'
import type { CommandLine } from './command-line.ts'
import { LEDGER } from './ledger/words.ts'
import { type LedgerCommand, withGateway, withLedger } from './ledger-command.ts'
import { grouped } from './table.ts'
import { print, printCall, requireTerminal } from './terminal.ts'
import { callOf, describeError, resendingCall } from './terminal-call.ts'

const PAGE = 50
const MINUTE_MS = 60_000

const TEXT = inLanguages({
  nothing: { en: 'Nothing is unfinished.', zh: '没有未完成的操作。' },
  step: {
    en: (kind: string, yuan: string, at: string, state: string) =>
      `  ${kind}${yuan && ` of ${yuan} yuan`}, ${at}: ${state}`,
    zh: (kind: string, yuan: string, at: string, state: string) => `  ${kind}${yuan && ` ${yuan} 元`}，${at}：${state}`,
  },
  why: { en: (why: string) => `  (${why})`, zh: (why: string) => `  （${why}）` },
  notRefunded: {
    en: (isAsked: boolean) =>
      `  Nothing moved. If it is still wanted, ${isAsked ? 'answer the question below or, later, ask' : 'ask'} the assistant for the same refund again: a person is asked anew.`,
    zh: (isAsked: boolean) =>
      `  没有退款。如仍需退款，请${isAsked ? '回答下面的询问；之后则请' : ''}让助手再次提出同一笔退款，会重新请人确认。`,
  },
  notClosed: {
    en: (call: string) => `  This did not close the order. If it is still open, close it with:\n    ${call}`,
    zh: (call: string) => `  这一步没有关闭订单。如果订单仍未付款，请这样关闭：\n    ${call}`,
  },
  toClose: {
    en: (until: string, isOpened: boolean) =>
      `  Closing was asked for, but ${isOpened ? 'it still waits for payment' : 'no buyer had opened it when Alipay was last asked'}. It can be paid${until && ` until ${until}`}.`,
    zh: (until: string, isOpened: boolean) =>
      `  已要求关闭，但${isOpened ? '仍在等待付款' : '最后一次向支付宝查询时还没有买家打开'}；${until && `在 ${until}之前`}仍可付款。`,
  },
  withdrawn: {
    en: (until: string) =>
      `  Closing was asked for: its page opens no cashier any more, and one that was opened before can be paid in${until && ` until ${until}`}.`,
    zh: (until: string) =>
      `  已要求关闭：付款页不再打开收银台；此前打开的收银台${until && `在 ${until}之前`}仍可付款。`,
  },
  unknown: {
    en: (at: string) => `\nUnknown: run this again${at && ` after ${at} Beijing time`}.`,
    zh: (at: string) => `\n结果未知：请${at && `在北京时间 ${at} 之后`}再运行一次。`,
  },
  resend: {
    en: '\nOnly queries were sent; no refund and no closing. To send again what Alipay does not know, after a question each:',
    zh: '\n这次只发送了查询，没有退款，也没有关单。要重新发送支付宝没有记录的操作（逐笔确认）：',
  },
  closeAgain: {
    en: '\nAlipay had no trade to close yet. To try to close again, after a question each:',
    zh: '\n支付宝当时还没有可关闭的交易。要再次关闭（逐笔确认）：',
  },
  inFlight: {
    en: '\nBeing sent: the call that made it may still be at work, though its server has ended. Run this again in a minute or two.',
    zh: '\n发送中：发起它的调用可能仍在进行（即使服务器已经退出）。请在一两分钟后再运行一次。',
  },
  damaged: { en: (what: string) => `Damaged in the ledger: ${what}`, zh: (what: string) => `账本损坏：${what}` },
  noState: {
    en: 'Not sent: Alipay does not tell the state of the order.',
    zh: '没有发送：查询不到订单状态。',
  },
  accepted: { en: 'Alipay accepted the refund.', zh: '支付宝已受理退款。' },
  earlier: { en: 'It was made before; nothing moved now.', zh: '此前已退款，这次没有再退。' },
})

export async function resolve(line: CommandLine): Promise<number> {
  if (line.resend) requireTerminal('resolve --resend', line.language)
  return withLedger(line, (command) =>
    withGateway(command, (services) => resolveAndSend(callOf(command, services), command)),
  )
}

async function resolveAndSend(call: Call, { ledger, line }: LedgerCommand): Promise<number> {
  const { language } = line
  const say = TEXT(language)
  const resolved = [...(await resolveAll(call))].sort((a, b) => b.created_at - a.created_at)
  for (const intent of resolved) await print(describe(intent, line))
  const closes = await requestedCloses(call, ledger)
  // With --resend each stands above its question.
  if (!line.resend) for (const order of closes) await print(describeClose(order, call, language))
  if (resolved.length + closes.length === 0) await print(say.nothing)
  const unknown = resolved.filter(({ state }) => state === 'unknown')
  if (line.resend) {
    const open = resolved.filter(({ state }) => state === 'unknown' || state === 'not_executed')
    for (const intent of open) await sendAgain(call, intent, line)
    for (const order of closes) await closeAgain(call, order, line)
  } else {
    if (unknown.length > 0) await print(say.unknown(whenTold(unknown, call.clock.now())))
    await offerResend(unknown, closes, line)
  }
  if (resolved.some(({ state }) => state === 'prepared' || state === 'sent')) await print(say.inFlight)
  const damage = await ledger.damage()
  for (const what of damage) await print(say.damaged(what))
  const left = (await ledger.inDoubt()).length + (await requestedCloses(call, ledger)).length
  return left + damage.length === 0 ? 0 : 1
}

/** Only where it will ask about something: what has ended as not executed it finds no more, and a code it never sends. */
async function offerResend(unknown: readonly Intent[], closes: readonly Order[], line: CommandLine): Promise<void> {
  const say = TEXT(line.language)
  const isAsked = unknown.some(({ kind }) => kind === 'refund' || kind === 'close')
  if (!isAsked && closes.length === 0) return
  await print(isAsked ? say.resend : say.closeAgain)
  await printCall(pasteable(line, 'resolve', '--resend'))
}

/** When Alipay's silence about all of them will count as an answer, to the minute; empty where that is no later time. */
function whenTold(unknown: readonly Intent[], now: number): string {
  const at = Math.max(...unknown.map(({ in_doubt_since }) => in_doubt_since ?? 0)) + IN_DOUBT_MS
  return at > now ? beijingTime(at + MINUTE_MS - 1).slice(0, 16) : ''
}

function describeClose(order: Order, { rules, clock }: Call, language: Language): string {
  const { state, until } = payable(order, rules.environment, clock.behind())
  const time = state === 'open' && order.time_expire ? until : ''
  const timeText = language === 'zh' ? time.replace(/ Beijing time$/, '（北京时间）') : time
  const say = TEXT(language)
  const isWithdrawn = order.trade_status === undefined && order.cashier_opened_at !== undefined
  const what = isWithdrawn ? say.withdrawn(timeText) : say.toClose(timeText, order.trade_status !== undefined)
  return `${orderLines(order, language)}\n${what}`
}

function describe(intent: Intent, line: CommandLine): string {
  const { out_trade_no, kind, amount_fen, state, created_at, answer } = intent
  const { language } = line
  const say = TEXT(language)
  const { meanings } = LEDGER(language)
  const yuan = kind === 'refund' ? grouped(toYuan(amount_fen)) : ''
  const step = say.step(meanings(kind), yuan, beijingTime(created_at), meanings(state))
  const why = answer && oneLine(answer)
  const lines = [out_trade_no, step, why && say.why(language === 'zh' ? inChinese(why) : why), followUp(intent, line)]
  return lines.filter(Boolean).join('\n')
}

/** What can still be done about a step that was not executed: it is finished, and no later `resolve` tells of it. */
function followUp({ kind, state, out_trade_no }: Intent, line: CommandLine): string | undefined {
  if (state !== 'not_executed') return undefined
  const say = TEXT(line.language)
  if (kind === 'refund') return say.notRefunded(line.resend)
  return kind === 'close' ? say.notClosed(unbroken(pasteable(line, 'close', '--order', out_trade_no))) : undefined
}

/** Without those that nobody can pay any more. */
async function requestedCloses({ rules, clock }: Call, ledger: Ledger): Promise<Order[]> {
  const found: Order[] = []
  let cursor: string | undefined
  do {
    const page = await ledger.list({ state: 'waiting', limit: PAGE, cursor })
    const asked = page.orders.filter(({ close_requested_at }) => close_requested_at !== undefined)
    found.push(...asked.filter((order) => payable(order, rules.environment, clock.behind()).state !== 'expired'))
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

/** A code that was lost is fetched by create_payment, where somebody sees it. */
async function sendAgain(call: Call, intent: Intent, line: CommandLine): Promise<void> {
  const ledger = await call.ledger()
  if (intent.kind === 'close') {
    const order = await ledger.order({ out_trade_no: intent.out_trade_no })
    return order && closeAgain(call, order, line)
  }
  const { portion, out_trade_no } = intent
  if (!portion) return
  const say = TEXT(line.language)
  try {
    requireSettings(call.rules)
    const asked = await readTrade(call, { out_trade_no })
    if (asked.outcome !== 'done') return print(say.noState)
    const request = repeatedRequest(intent, portion, asked.answer.total_amount)
    const { moved } = await new Refunds().make(
      resendingCall(call, ledger, intent, line.language),
      asked.answer,
      request,
    )
    await print(moved === 'now' ? say.accepted : say.earlier)
  } catch (error) {
    await print(describeError(error, line))
  }
}

async function closeAgain(call: Call, order: Order, line: CommandLine): Promise<void> {
  const { language } = line
  const { out_trade_no, close_requested_at } = order
  const isAsked = close_requested_at !== undefined
  const { rules, clock } = call
  const question = isAsked
    ? describeClose(order, call, language)
    : await questionLines(order, await call.ledger(), rules.environment, clock.behind(), language)
  await print(`\n${question}`)
  if (await saysClose(language)) await print((await closeAndDescribe({ out_trade_no }, call, line)).text)
}

function repeatedRequest(intent: Intent, portion: RefundPortion, total_amount: string): RefundRequest {
  const { out_trade_no, trade_no = '', number: out_request_no, amount_fen, reason } = intent
  return {
    out_trade_no,
    trade_no,
    total_fen: toFen(total_amount),
    out_request_no,
    portion,
    amount_fen,
    reason,
  }
}
