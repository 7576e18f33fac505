// alipay-mcp resolve: finds out by reading how unfinished steps ended; --resend sends again what a person confirms.
import { beijingTime } from '../clock.ts'
import { inChinese } from '../doctor/chinese/in-chinese.ts'
import type { Call } from '../guard/call.ts'
import { resolveAll } from '../guard/in-doubt.ts'
import { readTrade } from '../guard/read-trade.ts'
import { inLanguages, type Language } from '../language.ts'
import type { Intent, Ledger, Order, RefundPortion, RefundRequest } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { Refunds } from '../refunds/refund.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import { oneLine } from '../text.ts'
import { closeAndDescribe } from './close.ts'
import type { CommandLine } from './command-line.ts'
import { LEDGER } from './ledger/words.ts'
import { type LedgerCommand, withGateway, withLedger } from './ledger-command.ts'
import { pasteable } from './pasteable-call.ts'
import { grouped } from './table.ts'
import { print, printCall, requireTerminal, typed } from './terminal.ts'
import { callOf, describeError } from './terminal-call.ts'

const PAGE = 50

const TEXT = inLanguages({
  nothing: { en: 'Nothing is unfinished.', zh: '没有未完成的操作。' },
  step: {
    en: (kind: string, yuan: string, at: string, state: string) =>
      `  ${kind}${yuan && ` of ${yuan} yuan`}, ${at}: ${state}`,
    zh: (kind: string, yuan: string, at: string, state: string) => `  ${kind}${yuan && ` ${yuan} 元`}，${at}：${state}`,
  },
  why: { en: (why: string) => `  (${why})`, zh: (why: string) => `  （${why}）` },
  toClose: { en: '  to be closed', zh: '  待关闭' },
  resend: {
    en: '\nUnknown: run this again in 10 minutes. Only queries were sent; no refund and no closing. To send again what Alipay does not know, after a question each:',
    zh: '\n结果未知：10 分钟后再运行一次；这次只发送了查询，没有退款，也没有关单。要重新发送支付宝没有记录的操作（逐笔确认）：',
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
  order: { en: (no: string) => `\nOrder ${no}`, zh: (no: string) => `\n订单 ${no}` },
  close: { en: 'close this order', zh: '关闭这个订单' },
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
  for (const intent of resolved) await print(describe(intent, language))
  const closes = await requestedCloses(ledger)
  for (const { out_trade_no } of closes) await print(`${out_trade_no}\n${say.toClose}`)
  if (resolved.length + closes.length === 0) await print(say.nothing)
  const open = resolved.filter(({ state }) => state === 'unknown' || state === 'not_executed')
  if (line.resend) {
    for (const intent of open) await sendAgain(call, intent, line)
    for (const order of closes) await closeAgain(call, order.out_trade_no, line)
  } else if (open.length + closes.length > 0) {
    await print(open.length > 0 ? say.resend : say.closeAgain)
    await printCall(pasteable(line, 'resolve', '--resend'))
  }
  if (resolved.some(({ state }) => state === 'prepared' || state === 'sent')) await print(say.inFlight)
  const damage = await ledger.damage()
  for (const what of damage) await print(say.damaged(what))
  return (await ledger.inDoubt()).length + damage.length === 0 ? 0 : 1
}

function describe({ out_trade_no, kind, amount_fen, state, created_at, answer }: Intent, language: Language): string {
  const say = TEXT(language)
  const { meanings } = LEDGER(language)
  const yuan = kind === 'refund' ? grouped(toYuan(amount_fen)) : ''
  const step = say.step(meanings(kind), yuan, beijingTime(created_at), meanings(state))
  if (answer === undefined) return `${out_trade_no}\n${step}`
  const why = oneLine(answer)
  return `${out_trade_no}\n${step}\n${say.why(language === 'zh' ? inChinese(why) : why)}`
}

async function requestedCloses(ledger: Ledger): Promise<Order[]> {
  const found: Order[] = []
  let cursor: string | undefined
  do {
    const page = await ledger.list({ state: 'waiting', limit: PAGE, cursor })
    found.push(...page.orders.filter(({ close_requested_at }) => close_requested_at !== undefined))
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

/** A code that was lost is fetched by create_payment, where somebody sees it. */
async function sendAgain(call: Call, intent: Intent, line: CommandLine): Promise<void> {
  if (intent.kind === 'close') return closeAgain(call, intent.out_trade_no, line)
  const { portion, out_trade_no } = intent
  if (!portion) return
  const say = TEXT(line.language)
  try {
    requireSettings(call.rules)
    const asked = await readTrade(call, { out_trade_no })
    if (asked.outcome !== 'done') return print(say.noState)
    const request = repeatedRequest(intent, portion, asked.answer.total_amount)
    const { moved } = await new Refunds().make(call, asked.answer, request)
    await print(moved === 'now' ? say.accepted : say.earlier)
  } catch (error) {
    await print(describeError(error, line))
  }
}

async function closeAgain(call: Call, out_trade_no: string, line: CommandLine): Promise<void> {
  const { language } = line
  const say = TEXT(language)
  await print(say.order(out_trade_no))
  if (!(await typed('close', say.close, language))) return
  await print((await closeAndDescribe({ out_trade_no }, call, line)).text)
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
