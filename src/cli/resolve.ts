// alipay-mcp resolve: finds out by reading how unfinished steps ended; --resend sends again what a person confirms.

import { beijingTime } from '../clock.ts'
import { InputError, LedgerError, OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { Approver, Call } from '../guard/call.ts'
import { resolveAll } from '../guard/in-doubt.ts'
import { readTrade } from '../guard/read-trade.ts'
import type { Intent, Ledger, Order, RefundPortion, RefundRequest } from '../ledger/ledger.ts'
import { toFen, toYuan } from '../money.ts'
import { closeOrder } from '../orders/close-order.ts'
import { Refunds } from '../refunds/refund.ts'
import { requireSettings } from '../refunds/refund-rules.ts'
import type { SharedServices } from '../server/server.ts'
import { eachOneLine, oneLine } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { type LedgerCommand, terminalActor, withGateway, withLedger } from './ledger-command.ts'
import { answerTo, print, requireTerminal, typed } from './terminal.ts'

const PAGE = 50

export async function resolve(commandLine: CommandLine): Promise<number> {
  if (commandLine.resend) requireTerminal('resolve --resend')
  return withLedger(commandLine, (command) =>
    withGateway(command, (services) => resolveAndSend(callOf(command, services), command, commandLine.resend)),
  )
}

/** The ledger of this command, and a person to ask. */
function callOf({ ledger }: LedgerCommand, { rules, gateway, clock }: SharedServices): Call {
  const actor = () => terminalActor(clock)
  return { rules, gateway, clock, actor, ledger: async () => ledger, approver: atTerminal(ledger, actor) }
}

/** Said yes to by typing the amount; the yes is bound to its approval digest like any other. */
function atTerminal(ledger: Ledger, actor: Call['actor']): Approver {
  return {
    inChat: true,
    restartOnAnswer: (operation) => operation(),
    async yes(request) {
      const amount = toYuan(request.amount_fen)
      await print(`\n${eachOneLine(request.question)}`)
      const answer = await answerTo(`Type the amount ${amount} to send it again 输入金额 ${amount} 以重新发送: `)
      const { id } = await ledger.requestApproval(request, actor())
      const yes = answer === amount
      if (!(await ledger.decide(id, yes, 'terminal', actor())) || !yes) throw new InputError('Not sent 未发送.')
      return { how: 'operator', approvalDigest: request.approvalDigest, id }
    },
  }
}

async function resolveAndSend(call: Call, { ledger }: LedgerCommand, resend: boolean): Promise<number> {
  const resolved = await resolveAll(call)
  for (const intent of resolved) await print(line(intent))
  const closes = await requestedCloses(ledger)
  for (const { out_trade_no } of closes) await print(`${out_trade_no}  close requested 待关闭`)
  if (resolved.length + closes.length === 0) await print('Nothing is unfinished 没有未了结的操作.')
  const open = resolved.filter(({ state }) => state === 'unknown' || state === 'not_executed')
  if (resend) {
    for (const intent of open) await sendAgain(call, intent)
    for (const order of closes) await closeAgain(call, order.out_trade_no)
  } else if (open.length > 0) await print(HOW_TO_RESEND)
  else if (closes.length > 0) await print(HOW_TO_CLOSE)
  if (resolved.some(({ state }) => state === 'prepared' || state === 'sent')) await print(IN_FLIGHT)
  const damage = await ledger.damage()
  for (const what of damage) await print(`Damaged in the ledger 账本损坏: ${what}`)
  return (await ledger.inDoubt()).length + damage.length === 0 ? 0 : 1
}

const HOW_TO_RESEND = `
Unknown: ask again in 10 minutes; nothing was sent now. To send again what Alipay does not know: resolve --resend
结果未知：10 分钟后再次运行；本次没有发送任何请求。要重新发送支付宝没有记录的操作：resolve --resend`

const HOW_TO_CLOSE = `
Alipay had no trade to close yet. To try again now: resolve --resend
支付宝当时还没有可关闭的交易。要再次尝试关闭：resolve --resend`

const IN_FLIGHT = `
In flight: the call that made it may still be at work, though its server has ended; run this again in a minute or two.
发送中：发起它的调用可能仍在进行（即使服务已经退出）；请在一两分钟后再次运行。`

const WORDS: Readonly<Record<Intent['state'], string>> = {
  prepared: 'prepared 已准备',
  sent: 'in flight 发送中',
  unknown: 'UNKNOWN 结果未知',
  done: 'done 已完成',
  refused: 'refused 被拒绝',
  not_executed: 'not executed 未执行',
}

function line({ out_trade_no, kind, amount_fen, state, created_at, answer }: Intent): string {
  const amount = kind === 'refund' ? ` ${toYuan(amount_fen)}` : ''
  const why = answer === undefined ? '' : `: ${oneLine(answer)}`
  return `${out_trade_no}  ${kind}${amount}, ${beijingTime(created_at)}  ${WORDS[state]}${why}`
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
async function sendAgain(call: Call, intent: Intent): Promise<void> {
  if (intent.kind === 'close') return closeAgain(call, intent.out_trade_no)
  const { portion } = intent
  if (!portion) return
  await printOutcome(async () => {
    requireSettings(call.rules)
    const asked = await readTrade(call, { out_trade_no: intent.out_trade_no })
    if (asked.outcome !== 'done')
      return 'Not sent: Alipay does not tell the state of the order 未发送：查询不到订单状态.'
    const made = await new Refunds().make(
      call,
      asked.answer,
      repeatedRequest(intent, portion, asked.answer.total_amount),
    )
    return made.moved === 'now'
      ? 'Refund accepted by Alipay 支付宝已受理退款.'
      : 'It was already made 此前已退款; nothing moved now.'
  })
}

async function closeAgain(call: Call, out_trade_no: string): Promise<void> {
  if (!(await typed(`\nClose ${out_trade_no} now? Type close 输入 close 立即关闭:`, 'close'))) return
  await printOutcome(async () => {
    const { state } = await closeOrder(call, out_trade_no)
    return state === 'closed' || state === 'closed_before'
      ? 'Closed 已关闭.'
      : `Not closed 未关闭 (${state}); call query_payment 请查询订单.`
  })
}

async function printOutcome(operation: () => Promise<string>): Promise<void> {
  try {
    await print(await operation())
  } catch (error) {
    await print(describeError(error))
  }
}

function describeError(error: unknown): string {
  if (error instanceof RefusedError) {
    const { not_sent, sub_code, code } = error.refusal
    return `Not done 未完成: ${not_sent ?? sub_code ?? code}. ${error.money}`
  }
  if (error instanceof OutcomeUnknownError) return `UNKNOWN 结果未知: ${error.why}. ${error.money}`
  if (error instanceof InputError || error instanceof LedgerError) return error.message
  throw error
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
