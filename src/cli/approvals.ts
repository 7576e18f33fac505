// alipay-mcp approvals: at a terminal a person answers the refunds that wait for the merchant's yes, one after the other.
import { beijingTime, type Clock } from '../clock.ts'
import type { Approval, Ledger } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { eachOneLine } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { type LedgerCommand, terminalActor, withGateway, withLedger } from './ledger-command.ts'
import { answerTo, print, requireTerminal } from './terminal.ts'

export async function approvals(commandLine: CommandLine): Promise<number> {
  requireTerminal('approvals')
  return withLedger(commandLine, (command) => withGateway(command, ({ clock }) => answerAll(command, clock)))
}

async function answerAll({ ledger, folder }: LedgerCommand, clock: Clock): Promise<number> {
  const open = await ledger.openApprovals(clock.now())
  if (open.length === 0) await print(`No refund waits for a yes 没有等待确认的退款. Ledger 账本: ${folder}`)
  for (const [index, approval] of open.entries()) {
    await print(`\n${index + 1}/${open.length}\n${eachOneLine(approval.question)}`)
    await print(`Expires 失效时间: ${beijingTime(approval.expires_at)} Beijing time 北京时间`)
    const answer = await asked(toYuan(approval.amount_fen))
    if (answer === 'left') break
    await print(answer === 'skipped' ? SKIPPED : await decided(ledger, approval, answer === 'yes', clock))
  }
  return 0
}

const SKIPPED = 'Skipped; it still waits 已跳过，仍在等待.'

/** The amount has to be typed: whoever does that has read it. */
async function asked(amount: string): Promise<'yes' | 'no' | 'skipped' | 'left'> {
  const question =
    `Type the amount ${amount} for yes, "no" for no, Enter to skip.\n` +
    `同意请输入金额 ${amount}，拒绝请输入 no，跳过请按回车: `
  for (const again of ['', 'That is neither the amount nor "no" 既不是该金额也不是 no.\n']) {
    const answer = await answerTo(`${again}${question}`)
    if (answer === undefined) return 'left'
    if (answer === amount) return 'yes'
    if (answer === 'no') return 'no'
    if (answer === '') return 'skipped'
  }
  return 'skipped'
}

async function decided(ledger: Ledger, { id }: Approval, yes: boolean, clock: Clock): Promise<string> {
  if (await ledger.decide(id, yes, 'terminal', terminalActor(clock))) return yes ? SAID_YES : SAID_NO
  if (yes && (await ledger.frozen())) return FROZEN
  return 'Not taken: it has expired, or somebody else has answered it 未生效：已过期，或已由他人答复.'
}

const SAID_YES =
  'Yes 已同意. A call that waits now goes on; otherwise ask the assistant for the same refund again, before it expires.\n' +
  '正在等待的调用会继续；否则请在失效前让助手再次提出同一笔退款。'
const SAID_NO = 'No 已拒绝. This refund is not sent 这笔退款不会发出.'
const FROZEN = 'Not taken: everything is frozen 未生效：已冻结. End that first 请先解除: alipay-mcp unfreeze'
