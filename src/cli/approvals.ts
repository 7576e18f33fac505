// alipay-mcp approvals: at a terminal a person answers the refunds that wait for the merchant's yes, or lists them.
import { beijingTime, type Clock } from '../clock.ts'
import { inLanguages, type Language } from '../language.ts'
import type { Approval, Ledger } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { pasteable } from '../pasteable-call.ts'
import { oneLine } from '../text.ts'
import { answerRequests, listRequests, requestRows } from './buyer-requests.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { askedBy } from './ledger/rows.ts'
import { LEDGER } from './ledger/words.ts'
import { type LedgerCommand, terminalActor, withGateway, withLedger } from './ledger-command.ts'
import { hostIn, questionIn } from './question-lines.ts'
import { type Column, formatTable } from './table.ts'
import { answerWithAmount, paintFor, print, printCall, put, requireTerminal, terminalColumns } from './terminal.ts'

const TEXT = inLanguages({
  nothing: {
    en: (folder: string) => `No refund waits for a yes. Ledger: ${folder}`,
    zh: (folder: string) => `没有等待确认的退款。账本：${folder}`,
  },
  expires: {
    en: (at: string) => `Open until ${at} Beijing time.`,
    zh: (at: string) => `有效至北京时间 ${at}。`,
  },
  also: {
    en: (host: string, at: number, of: number) =>
      `Note: The same amount of this order is also asked for${host && ` by ${host}`}: question ${at}/${of}.`,
    zh: (host: string, at: number, of: number) =>
      `注意：这个订单的相同金额还有另一个退款请求${host && `，发起方 ${host}`}：第 ${at}/${of} 个。`,
  },
  skipped: { en: 'Skipped; it still waits.', zh: '已跳过，仍在等待。' },
  unclear: { en: 'Not understood, so skipped; it still waits.', zh: '没有看懂，已跳过，仍在等待。' },
  yes: {
    en: (until: string) =>
      `Yes, until ${until} Beijing time, and only while nothing else of this order changes: another refund first, and you are asked again. A call that waits now goes on; otherwise ask the assistant for the same refund again before that time.`,
    zh: (until: string) =>
      `已同意，有效至北京时间 ${until}；这个订单期间若有别的退款，会重新询问。正在等待的调用会继续；否则请在此之前让助手再次提出同一笔退款。`,
  },
  no: {
    en: (until: string) =>
      `No. This refund is not sent. The no holds until ${until} Beijing time for this amount of this order, whoever asks, unless another refund of it comes first. To change your mind, let that time pass and let the assistant ask again.`,
    zh: (until: string) =>
      `已拒绝，这笔退款不会发出。对这个订单的这个金额，拒绝有效至北京时间 ${until}，换谁来提都一样，除非期间先有别的退款；要改主意，请等到那时再让助手重新提出。`,
  },
  frozenSince: {
    en: (at: string, why: string) => `FROZEN since ${at} Beijing time${why && `, ${why}`}: no yes is taken.`,
    zh: (at: string, why: string) => `自北京时间 ${at} 起已冻结${why && `，原因 ${why}`}：现在不能同意退款。`,
  },
  frozen: { en: 'Not taken: everything is frozen. End that first:', zh: '未生效：已冻结。请先解除：' },
  late: {
    en: 'Not taken: it has expired, or somebody else has answered it.',
    zh: '未生效：已过期，或已由他人答复。',
  },
  waiting: {
    en: (count: number) => `Refunds that wait for a yes: ${count}`,
    zh: (count: number) => `等待确认的退款：${count}`,
  },
  answer: { en: 'To answer:', zh: '答复：' },
  unused: {
    en: (count: number) => `Refunds with a yes that is not used yet: ${count}`,
    zh: (count: number) => `已同意但还没有使用的退款：${count}`,
  },
  unusedUntil: {
    en: 'For each of them ask the assistant for the same refund again before its time is up, unless a call still waits for it.',
    zh: '请在时间到之前让助手再次提出同一笔退款；如果还有调用在等待，会自动继续。',
  },
  usable: { en: 'Usable until', zh: '可用至' },
  asked: { en: 'Asked', zh: '提出时间' },
  until: { en: 'Until', zh: '有效至' },
  yuan: { en: 'Yuan', zh: '金额（元）' },
  order: { en: 'Order', zh: '订单号' },
  item: { en: 'Item', zh: '商品' },
  jsonOfList: { en: '--json goes with --list.', zh: '--json 要与 --list 一起使用。' },
})

export async function approvals(line: CommandLine): Promise<number> {
  const { language, list, json } = line
  if (json && !list) throw new UsageError(TEXT(language).jsonOfList)
  if (!list) requireTerminal('approvals', language)
  return withLedger(line, (command) =>
    withGateway(command, async (services) => {
      if (list) return listOpen(command, services.clock)
      const codes = [await answerAll(command, services.clock), await answerRequests(command, services)]
      return Math.max(...codes)
    }),
  )
}

/** For programs too: what waits is no decision. */
async function listOpen(command: LedgerCommand, clock: Clock): Promise<number> {
  const { ledger, folder, line } = command
  const open = await openQuestions(ledger, clock.now())
  const rows = await Promise.all(open.map((approval) => rowOf(ledger, approval)))
  const say = TEXT(line.language)
  if (line.json) {
    await put(`${JSON.stringify([...rows, ...(await requestRows(ledger))], null, 2)}\n`)
    return 0
  }
  await printFrozen(command)
  const ofBuyers = await listRequests(ledger, line)
  if (rows.length + ofBuyers === 0) await print(say.nothing(folder))
  if (rows.length > 0) {
    await putTable(say.waiting(rows.length), say.until, rows, line)
    await print(say.answer)
    await printCall(pasteable(line, 'approvals'))
  }
  const unused = (await ledger.approvals({})).filter(
    ({ state, expires_at }) => state === 'approved' && expires_at > clock.now(),
  )
  if (unused.length === 0) return 0
  const given = await Promise.all(unused.reverse().map((approval) => rowOf(ledger, approval)))
  await put('\n')
  await putTable(say.unused(given.length), say.usable, given, line)
  await print(say.unusedUntil)
  return 0
}

/** Without those about what a buyer asked for: these are answered as what they are. */
async function openQuestions(ledger: Ledger, at: number): Promise<readonly Approval[]> {
  const ofBuyers = new Set((await ledger.buyerRequests()).map(({ out_trade_no }) => out_trade_no))
  return (await ledger.openApprovals(at)).filter(({ out_trade_no }) => !ofBuyers.has(out_trade_no))
}

type ApprovalRow = Awaited<ReturnType<typeof rowOf>>

async function putTable(heading: string, until: string, rows: readonly ApprovalRow[], line: CommandLine) {
  const say = TEXT(line.language)
  const words = LEDGER(line.language)
  const columns: Column[] = [
    { key: 'asked_at', title: say.asked, kind: 'time' },
    { key: 'expires_at', title: until, kind: 'time' },
    { key: 'refund_amount', title: say.yuan, kind: 'amount' },
    { key: 'out_trade_no', title: say.order, kind: 'number' },
    { key: 'subject', title: say.item, kind: 'text' },
    { key: 'host', title: words.host, kind: 'text', leaves: 2 },
    { key: 'refund_reason', title: words.reason, kind: 'text', leaves: 1 },
  ]
  const view = { paint: paintFor(line), columns: line.wide ? undefined : terminalColumns() }
  const { text, omitted } = formatTable(columns, rows, view)
  await put(`${view.paint.bold(heading)}\n${text}\n\n`)
  if (omitted > 0) await print(`${words.omitted}\n`)
}

async function rowOf(ledger: Ledger, approval: Approval) {
  const { id, out_trade_no, amount_fen, question, asked_at, expires_at } = approval
  const { host = '', refund_reason = '' } = askedBy(approval)
  const order = await ledger.order({ out_trade_no })
  const times = { asked_at: beijingTime(asked_at), expires_at: beijingTime(expires_at) }
  const facts = { out_trade_no, refund_amount: toYuan(amount_fen), subject: order?.subject ?? '', host, refund_reason }
  return { id: String(id), ...facts, ...times, question }
}

async function printFrozen({ ledger, line: { language } }: LedgerCommand): Promise<void> {
  const frozen = await ledger.frozen()
  if (!frozen) return
  const why = frozen.why === undefined ? '' : JSON.stringify(oneLine(frozen.why))
  await print(TEXT(language).frozenSince(beijingTime(frozen.at), why))
}

/** @returns 1 where an answer was not taken */
async function answerAll(command: LedgerCommand, clock: Clock): Promise<number> {
  const { ledger, folder, line } = command
  const { language } = line
  const say = TEXT(language)
  const open = await openQuestions(ledger, clock.now())
  const ofBuyers = await ledger.buyerRequests()
  if (open.length + ofBuyers.length === 0) await print(say.nothing(folder))
  await printFrozen(command)
  let code = 0
  for (const [index, approval] of open.entries()) {
    await print(`\n${index + 1}/${open.length}\n${questionIn(language, approval.question)}`)
    for (const note of sameAmount(approval, open, language)) await print(note)
    await print(say.expires(beijingTime(approval.expires_at)))
    const isFrozen = (await ledger.frozen()) !== undefined
    const answer = await answerWithAmount(toYuan(approval.amount_fen), language, isFrozen)
    if (answer === 'left') break
    if (answer === 'skipped') await print(say.skipped)
    else if (!(await decide(ledger, approval, answer, clock, line))) code = 1
  }
  return code
}

/** Two questions about one amount of one order may look like one that is asked twice, or like two refunds. */
function sameAmount({ id, out_trade_no, amount_fen }: Approval, open: readonly Approval[], language: Language) {
  return open.flatMap((other, index) => {
    const isSame = other.out_trade_no === out_trade_no && other.amount_fen === amount_fen
    if (!isSame || other.id === id) return []
    return [TEXT(language).also(hostIn(other.question), index + 1, open.length)]
  })
}

type Answer = 'yes' | 'no' | 'unclear'

/** Whether the answer was taken; says so either way. */
async function decide(ledger: Ledger, approval: Approval, answer: Answer, clock: Clock, line: CommandLine) {
  const say = TEXT(line.language)
  const { id, expires_at } = approval
  const yes = answer === 'yes'
  if (answer === 'unclear') {
    await print(say.unclear)
    return false
  }
  if (await ledger.decide(id, yes, 'terminal', terminalActor(clock))) {
    await print((yes ? say.yes : say.no)(beijingTime(expires_at)))
    return true
  }
  const isFrozen = yes && (await ledger.frozen()) !== undefined
  await print(isFrozen ? say.frozen : say.late)
  if (isFrozen) await printCall(pasteable(line, 'unfreeze'))
  return false
}
