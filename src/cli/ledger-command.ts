// Opens the ledger for a command at a terminal, and says in both languages why a command could not do its work.
import { randomUUID } from 'node:crypto'
import { Clock } from '../clock.ts'
import { describeProblem, type Item } from '../doctor/finding.ts'
import { renderCheck } from '../doctor/report.ts'
import { ConfigError, LedgerError, type Problem } from '../errors.ts'
import type { Actor, Ledger, PartitionKey } from '../ledger/ledger.ts'
import { openLedger, type Place } from '../ledger/sqlite/open-ledger.ts'
import { hasLedger, placeOf } from '../server/ledger-location.ts'
import type { SharedServices } from '../server/server.ts'
import { LazyServices } from '../server/services.ts'
import { type Config, configOf } from '../settings/config.ts'
import type { CommandLine } from './command-line.ts'

/** A command that cannot be carried out with these settings; told in both languages. */
export class CannotError extends Error {
  override name = 'CannotError'
  constructor(readonly item: Item) {
    super(item.found)
  }
}

export interface LedgerCommand {
  config: Config
  folder: string
  partition: PartitionKey
  ledger: Ledger
  clock: Clock
}

const owner = randomUUID()
/** Who decides at a terminal, now. */
export const terminalActor = (clock: Clock): Actor => ({ at: clock.now(), owner, host: 'terminal' })

/** With the ledger that servers of these settings write. Gives 1, and says why on standard error, where that fails. */
export function withLedger(
  commandLine: CommandLine,
  work: (command: LedgerCommand) => Promise<number>,
): Promise<number> {
  return reported(commandLine, async () => {
    const read = configOf(commandLine)
    if ('problems' in read) throw new ConfigError(read.problems)
    const { folder, partition } = onDisk(placeOf(read.config))
    if (!hasLedger(folder)) throw nothingThere(folder)
    return opened({ folder, partition }, (ledger) =>
      work({ config: read.config, folder, partition, ledger, clock: new Clock() }),
    )
  })
}

/** With the gateway of a server with these settings, and its clock: that of an emulator elsewhere may have been moved. */
export async function withGateway(
  { config }: LedgerCommand,
  work: (services: SharedServices) => Promise<number>,
): Promise<number> {
  const lazy = new LazyServices(config, (line) => process.stderr.write(`${line}\n`))
  try {
    const services = await lazy.get()
    await services.gateway.checkIn()
    return await work(services)
  } finally {
    await lazy.shutDown()
  }
}

export async function opened(place: Place, work: (ledger: Ledger) => Promise<number>): Promise<number> {
  const ledger = await openLedger(place)
  try {
    return await work(ledger)
  } finally {
    ledger.close()
  }
}

/** Runs a command whose failures an operator can mend: they are told as the doctor tells them, without a stack. */
export async function reported(commandLine: CommandLine, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    process.stderr.write(describeFailure(error, commandLine))
    return 1
  }
}

function describeFailure(error: unknown, { origins }: CommandLine): string {
  if (error instanceof ConfigError) {
    const nameOf = ({ variable }: Problem) => [...origins].find(([, { label }]) => label === variable)?.[0]
    const items = error.problems.map((problem) => describeProblem(problem, nameOf(problem)))
    return renderCheck({ title: 'Settings 设置', status: 'failed', items })
  }
  const item = error instanceof CannotError ? error.item : ledgerFinding(error)
  return renderCheck({ title: 'Ledger 账本', status: 'failed', items: [item] })
}

function ledgerFinding(error: unknown): Item {
  if (error instanceof LedgerError) return { found: error.problem, fix: error.fix }
  throw error
}

export function onDisk({ folder, partition }: Place): Place & { folder: string } {
  if (folder !== undefined) return { folder, partition }
  throw new CannotError({
    found:
      'with these settings it is in memory: it ends with the server that keeps it, and no other program can see it.',
    fix:
      'give this command the settings of the server (--dotenv, --config, environment). For a lasting ledger in ' +
      'local run "alipay-mcp emulator", set ALIPAY_GATEWAY and the rest as it prints, and ALIPAY_DATA_DIR to a folder.',
    fix_zh:
      '请用与服务器相同的设置运行本命令（--dotenv、--config 或环境变量）。要在 local 保留账本：运行 alipay-mcp emulator，' +
      '按它的输出设置 ALIPAY_GATEWAY 等，并把 ALIPAY_DATA_DIR 设为一个文件夹。',
  })
}

/** Not made here: an empty one would say "nothing happened" of the wrong folder, and belong to the wrong user. */
export function nothingThere(folder: string): CannotError {
  return new CannotError({
    found: `there is none in ${JSON.stringify(folder)}: no server has kept one there yet.`,
    fix: 'give this command the settings of the server, ALIPAY_DATA_DIR (--data-dir) above all.',
    fix_zh: '请用与服务器相同的设置运行本命令，尤其是 ALIPAY_DATA_DIR（--data-dir）。',
  })
}
