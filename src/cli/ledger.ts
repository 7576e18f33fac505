// alipay-mcp ledger: what was ordered, paid, refunded and decided, for people, for programs and for Excel.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { type LedgerRecord, readRecord } from './ledger/record.ts'
import { CannotError, type LedgerCommand, withLedger } from './ledger-command.ts'
import { put } from './terminal.ts'

export async function ledger(commandLine: CommandLine): Promise<number> {
  const { order } = commandLine
  const since = startOf(commandLine.since)
  return withLedger(commandLine, async (command) => {
    const record = await readRecord(command.ledger, { since, order }, command.clock.now())
    // First: the order that was asked for may be what cannot be read.
    const damage = await command.ledger.damage()
    for (const what of damage) process.stderr.write(`Damaged, and not shown 账本损坏，未列出: ${what}\n`)
    if (order !== undefined && record.orders.length + record.refunds.length === 0) {
      throw unknownOrder(order, commandLine.since)
    }
    await put(await written(record, command, commandLine))
    return damage.length === 0 || order !== undefined ? 0 : 1
  })
}

/** Midnight in Beijing. */
function startOf(day: string | undefined): number | undefined {
  if (day === undefined) return undefined
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? fromBeijingTime(`${day} 00:00:00`) : Number.NaN
  // 2026-02-30 would be taken for a day in March.
  if (!Number.isNaN(start) && beijingTime(start).startsWith(day)) return start
  throw new UsageError('--since takes a day such as 2026-11-01 (Beijing time).')
}

async function written(record: LedgerRecord, command: LedgerCommand, commandLine: CommandLine): Promise<string> {
  if (commandLine.csv) return (await import('./ledger/csv.ts')).formatLedgerCsv(record)
  if (!commandLine.json) return `${(await import('./ledger/text.ts')).formatLedger(record, command)}\n`
  const whole = { ...command.partition, data_dir: command.folder, ...record }
  // A key that is missing in one row would have to be guessed from the others.
  return `${JSON.stringify(whole, (_key, value: unknown) => (value === undefined ? null : value), 2)}\n`
}

export function unknownOrder(order: string, since?: string): CannotError {
  const which = since === undefined ? '' : ` since ${since}`
  return new CannotError({
    found: `it knows no order ${JSON.stringify(order)}${which}, by out_trade_no or trade_no.`,
    fix: 'check the number, and that the settings are those of the server that made the order.',
    fix_zh: '请核对单号，并确认使用的是创建该订单的服务器的设置。',
  })
}
