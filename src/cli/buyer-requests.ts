// What buyers ask back, answered at a terminal: a yes sends the refund at once, a no lets the order be delivered.
import { beijingTime } from '../clock.ts'
import { inLanguages } from '../language.ts'
import type { BuyerRequest, Ledger } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { pasteable } from '../pasteable-call.ts'
import { refundWords } from '../refunds/refund-words.ts'
import type { SharedServices } from '../server/shared-services.ts'
import { declineForBuyer, refundForBuyer } from '../shop/operator-refund.ts'
import { shortLine } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { LEDGER } from './ledger/words.ts'
import type { LedgerCommand } from './ledger-command.ts'
import { questionIn } from './question-lines.ts'
import { formatTable } from './table.ts'
import { paintFor, print, printCall, put, terminalColumns } from './terminal.ts'
import { asksAt, callOf, describeError, isNo } from './terminal-call.ts'

const TEXT = inLanguages({
  heading: {
    en: (at: number, of: number, when: string) =>
      `${at}/${of} A buyer asks for the money back, since ${when} Beijing time`,
    zh: (at: number, of: number, when: string) => `${at}/${of} 买家申请退款（北京时间 ${when} 提出）`,
  },
  words: {
    en: (words: string) => `The buyer's words: ${words}`,
    zh: (words: string) => `买家的话：${words}`,
  },
  noWords: { en: "The buyer's words: none", zh: '买家没有说明理由' },
  declined: {
    en: 'Declined. The buyer reads that when they ask; the order can be delivered again.',
    zh: '已拒绝。买家查询时会看到；订单可以继续交付。',
  },
  waiting: {
    en: (count: number) => `Refunds that buyers ask for: ${count}`,
    zh: (count: number) => `买家申请的退款：${count}`,
  },
  answer: { en: 'To answer; a yes sends the refund at once:', zh: '答复（同意后立即退款）：' },
})

/** @returns 1 where one of them was not carried out */
export async function answerRequests(command: LedgerCommand, services: SharedServices): Promise<number> {
  const { ledger, line } = command
  const say = TEXT(line.language)
  const requests = await ledger.buyerRequests()
  let code = 0
  for (const [index, request] of requests.entries()) {
    const { asked_at, reason } = request
    await print(`\n${say.heading(index + 1, requests.length, beijingTime(asked_at).slice(0, 16))}`)
    await print(reason === undefined ? say.noWords : say.words(JSON.stringify(shortLine(reason, 256))))
    if (!(await answerOne(request, command, services))) code = 1
  }
  return code
}

async function answerOne(request: BuyerRequest, command: LedgerCommand, services: SharedServices): Promise<boolean> {
  const { ledger, line } = command
  const { language } = line
  const call = asksAt(callOf(command, services), ledger, language, (question) => questionIn(language, question))
  try {
    const made = await refundForBuyer(request, { ...call, refunds: services.refunds })
    const { message, message_zh } = refundWords(toYuan(request.amount_fen), made)
    await print(language === 'zh' ? message_zh : message)
    return true
  } catch (error) {
    if (!isNo(error)) {
      await print(describeError(error, line))
      return false
    }
    await declineForBuyer(request, 'terminal', call)
    await print(TEXT(language).declined)
    return true
  }
}

/** What waits for an answer, for `approvals --list`. */
export async function listRequests(ledger: Ledger, line: CommandLine): Promise<number> {
  const { language } = line
  const say = TEXT(language)
  const rows = await requestRows(ledger)
  if (rows.length === 0) return 0
  const words = LEDGER(language)
  const view = { paint: paintFor(line), columns: line.wide ? undefined : terminalColumns() }
  const { text } = formatTable(
    [
      { key: 'asked_at', title: words.asked, kind: 'time' },
      { key: 'refund_amount', title: words.yuan, kind: 'amount' },
      { key: 'out_trade_no', title: words.order, kind: 'number' },
      { key: 'subject', title: words.item, kind: 'text' },
      { key: 'refund_reason', title: words.reason, kind: 'text', leaves: 1 },
    ],
    rows,
    view,
  )
  await put(`${view.paint.bold(say.waiting(rows.length))}\n${text}\n\n`)
  await print(say.answer)
  await printCall(pasteable(line, 'approvals'))
  return rows.length
}

/** For programs, too. */
export async function requestRows(ledger: Ledger) {
  const requests = await ledger.buyerRequests()
  return Promise.all(
    requests.map(async ({ id, out_trade_no, amount_fen, reason, asked_at }) => {
      const subject = (await ledger.order({ out_trade_no }))?.subject ?? ''
      const facts = { out_trade_no, refund_amount: toYuan(amount_fen), subject, refund_reason: reason ?? '' }
      return { id: `buyer ${id}`, ...facts, asked_at: beijingTime(asked_at), asked_by: 'buyer' }
    }),
  )
}
