// alipay-mcp ledger: what was ordered, paid, refunded and decided, for people, for programs and for Excel.
import { beijingTime, DAY_MS, fromBeijingTime } from '../clock.ts'
import { type Both, inLanguages } from '../language.ts'
import type { ListFilter } from '../ledger/ledger.ts'
import { ownCall } from '../pasteable-call.ts'
import { unbroken } from '../text.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { guess } from './flag-parser.ts'
import { LEDGER_STATES } from './flags.ts'
import { type LedgerRecord, readRecord } from './ledger/record.ts'
import { LEDGER } from './ledger/words.ts'
import { CannotError, type LedgerCommand, withLedger } from './ledger-command.ts'
import { paintFor, put, terminalColumns } from './terminal.ts'
import { USAGE } from './usage-text.ts'

export async function ledger(commandLine: CommandLine): Promise<number> {
  const { order, language } = commandLine
  const wanted = { ...daysOf(commandLine), order, state: stateOf(commandLine) }
  return withLedger(commandLine, async (command) => {
    const record = await readRecord(command.ledger, wanted, command.clock.now())
    // First: the order that was asked for may be what cannot be read.
    const damage = await command.ledger.damage()
    for (const what of damage) process.stderr.write(`${LEDGER(language).damaged(what)}\n`)
    if (order !== undefined && record.orders.length + record.refunds.length === 0) throw unknownOrder(order)
    await put(await written(record, command, commandLine))
    return damage.length === 0 || order !== undefined ? 0 : 1
  })
}

function daysOf({ since, until, month, language }: CommandLine): { since?: number; before?: number } {
  const say = TEXT(language)
  if (month !== undefined) {
    const [since, before] = [startOf(`${month}-01`), startOf(`${followingMonth(month)}-01`)]
    if (since === undefined || before === undefined) throw new UsageError(say.month)
    return { since, before }
  }
  const first = startOf(since)
  const last = startOf(until)
  if (since !== undefined && first === undefined) throw new UsageError(say.day('since'))
  if (until !== undefined && last === undefined) throw new UsageError(say.day('until'))
  if (first !== undefined && last !== undefined && first > last) throw new UsageError(say.backwards)
  return { ...(first !== undefined && { since: first }), ...(last !== undefined && { before: last + DAY_MS }) }
}

/** Midnight in Beijing; undefined where it is no day. */
function startOf(day: string | undefined): number | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const start = fromBeijingTime(`${day} 00:00:00`)
  // 2026-02-30 would be taken for a day in March.
  return !Number.isNaN(start) && beijingTime(start).startsWith(day) ? start : undefined
}

function followingMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

function stateOf({ state, language }: CommandLine): ListFilter['state'] {
  const known = LEDGER_STATES.find((one) => one === state)
  if (state === undefined || known !== undefined) return known
  const nearest = guess(state, LEDGER_STATES)
  const words = [TEXT(language).state(LEDGER_STATES.join(', ')), nearest && USAGE(language).guess(nearest)]
  throw new UsageError(words.filter(Boolean).join('\n'))
}

async function written(record: LedgerRecord, command: LedgerCommand, commandLine: CommandLine): Promise<string> {
  if (commandLine.csv) return (await import('./ledger/csv.ts')).formatLedgerCsv(record)
  if (!commandLine.json) return forPeople(record, command, commandLine)
  const whole = { ...command.partition, data_dir: command.folder, ...record }
  // A key that is missing in one row would have to be guessed from the others.
  return `${JSON.stringify(whole, (_key, value: unknown) => (value === undefined ? null : value), 2)}\n`
}

async function forPeople(record: LedgerRecord, command: LedgerCommand, commandLine: CommandLine): Promise<string> {
  const { formatLedger } = await import('./ledger/text.ts')
  const { language, wide, month, since, until, state, order } = commandLine
  const only = { month, since, until, state, order }
  const columns = wide ? undefined : terminalColumns()
  const view = { language, only, paint: paintFor(commandLine), columns }
  return `${formatLedger(record, command, view)}\n`
}

export function unknownOrder(order: string): CannotError {
  const wide = unbroken(ownCall('ledger', '--wide'))
  return new CannotError({
    found: { en: `it holds no such order: ${order}.`, zh: `没有这个订单：${order}。` },
    fix: /…|\.\.\./.test(order) ? shortened(wide) : checkNumber(wide),
  })
}

const shortened = (wide: string): Both => ({
  en: `this number is shortened in its middle. To see all of it: ${wide}`,
  zh: `这个单号的中间被省略了。查看完整单号：${wide}`,
})

const checkNumber = (wide: string): Both => ({
  en: `check the number (out_trade_no or trade_no, all of it) and the days, and use the settings of the server that made the order. To see whole numbers: ${wide}`,
  zh: `请核对单号（商家订单号或支付宝交易号，需要完整单号）和日期，并使用创建该订单的服务器的配置。查看完整单号：${wide}`,
})

const TEXT = inLanguages({
  day: {
    en: (flag: string) => `--${flag} takes a day such as 2026-11-01 (Beijing time).`,
    zh: (flag: string) => `--${flag} 的值须是日期，例如 2026-11-01（北京时间）。`,
  },
  backwards: { en: '--since is later than --until.', zh: '--since 的日期晚于 --until。' },
  month: {
    en: '--month takes a month such as 2026-11 (Beijing time).',
    zh: '--month 的值须是月份，例如 2026-11（北京时间）。',
  },
  state: {
    en: (states: string) => `--state takes ${states}.`,
    zh: (states: string) => `--state 的值只能是以下之一：${states}。`,
  },
})
