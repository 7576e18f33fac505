// Opens the ledger for a command at a terminal, and says why a command could not do its work.
import { randomUUID } from 'node:crypto'
import { Clock } from '../clock.ts'
import { describeProblem, type Item, translated } from '../doctor/finding.ts'
import { renderCheck } from '../doctor/report.ts'
import { ConfigError, LedgerError, RefusedError } from '../errors.ts'
import { adviceFor } from '../gateway/refusals/refusals.ts'
import type { Both } from '../language.ts'
import type { Actor, Ledger, PartitionKey } from '../ledger/ledger.ts'
import { openLedger, type Place } from '../ledger/sqlite/open-ledger.ts'
import { pasteable } from '../pasteable-call.ts'
import { hasLedger, placeOf } from '../server/ledger-location.ts'
import { LazyServices } from '../server/services.ts'
import type { SharedServices } from '../server/shared-services.ts'
import { type Config, configOf } from '../settings/config.ts'
import type { CommandLine } from './command-line.ts'
import { wrapped } from './terminal.ts'

/** A command that cannot be carried out with these settings. */
export class CannotError extends Error {
  override name = 'CannotError'
  constructor(readonly item: Item) {
    super(item.found.en)
  }
}

export interface LedgerCommand {
  config: Config
  folder: string
  partition: PartitionKey
  ledger: Ledger
  clock: Clock
  line: CommandLine
}

const owner = randomUUID()
/** Who decides at a terminal, now. */
export const terminalActor = (clock: Clock): Actor => ({ at: clock.now(), owner, host: 'terminal' })

/** With the ledger that servers of these settings write. Gives 1, and says why on standard error, where that fails. */
export function withLedger(line: CommandLine, work: (command: LedgerCommand) => Promise<number>): Promise<number> {
  return reported(line, async () => {
    const read = configOf(line)
    if ('problems' in read) throw new ConfigError(read.problems)
    const { folder, partition } = onDisk(placeOf(read.config), line)
    if (!hasLedger(folder)) throw nothingThere(folder, OR_NO_ORDER)
    return opened({ folder, partition }, (ledger) =>
      work({ config: read.config, folder, partition, ledger, clock: new Clock(), line }),
    )
  })
}

/** With the gateway of a server with these settings, and its clock: that of an emulator elsewhere may have been moved. */
export async function withGateway(
  { config, line: { language } }: LedgerCommand,
  work: (services: SharedServices) => Promise<number>,
): Promise<number> {
  const lazy = new LazyServices(config, (text) => process.stderr.write(`${translated(text)[language]}\n`))
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

/**
 * Runs a command whose failures an operator can put right: they look like the doctor's findings, without a stack.
 * @param before what is said ahead of a failure
 */
export async function reported(line: CommandLine, work: () => Promise<number>, before = ''): Promise<number> {
  try {
    return await work()
  } catch (error) {
    process.stderr.write(`${wrapped(before + describeFailure(error, line))}\n`)
    return 1
  }
}

const SETTINGS: Both = { en: 'Settings', zh: '配置' }
const LEDGER: Both = { en: 'Ledger', zh: '账本' }
const REFUSED: Both = { en: 'Refused', zh: '未执行' }

function describeFailure(error: unknown, { language }: CommandLine): string {
  if (error instanceof ConfigError) {
    const items = error.problems.map(describeProblem)
    return renderCheck({ title: SETTINGS, status: 'failed', items }, language)
  }
  if (error instanceof RefusedError) {
    const title = error.kind === 'not_configured' ? SETTINGS : REFUSED
    return renderCheck({ title, status: 'failed', items: [refusedFinding(error)] }, language)
  }
  const item = error instanceof CannotError ? error.item : ledgerFinding(error)
  return renderCheck({ title: LEDGER, status: 'failed', items: [item] }, language)
}

/** Whoever reads it here is the operator. */
function refusedFinding({ refusal, text: { message_zh, next_step } }: RefusedError): Item {
  const why =
    refusal.not_sent === undefined
      ? adviceFor(refusal.sub_code, refusal.code).cause
      : translated(`${refusal.not_sent.replace(/\.$/, '')}.`)
  const step = next_step && translated(next_step.replace(/^Tell the operator to s/, 'S'))
  if (!step) return { found: { en: why.en, zh: message_zh ?? why.zh } }
  return { found: { en: `${why.en} ${step.en}`, zh: message_zh ?? why.zh + step.zh } }
}

function ledgerFinding(error: unknown): Item {
  if (error instanceof LedgerError) return { found: translated(error.problem), fix: translated(error.fix) }
  throw error
}

export function onDisk({ folder, partition }: Place, line: CommandLine): Place & { folder: string } {
  if (folder !== undefined) return { folder, partition }
  const emulator = pasteable(line, 'emulator', '--port', '7001', '--keys', 'emulator-keys')
  throw new CannotError({
    found: {
      en: 'with these settings it is in memory: it ends with the server that keeps it, and no other program can see it.',
      zh: '按当前配置，账本在内存里：随服务器退出而消失，其他程序看不到。',
    },
    fix: {
      en: `give this command the settings of the server (--dotenv, --config, environment). For a lasting ledger in local run "${emulator}", set ALIPAY_GATEWAY and the rest as it prints, and ALIPAY_DATA_DIR to a folder.`,
      zh: `请用与服务器相同的配置运行本命令（--dotenv、--config 或环境变量）。要在 local 保留账本：运行 ${emulator}，按它的输出设置 ALIPAY_GATEWAY 等，并把 ALIPAY_DATA_DIR 设为一个文件夹。`,
    },
  })
}

/** Not made here: an empty one would say "nothing happened" of the wrong folder, and belong to the wrong user. */
export function nothingThere(folder: string, fix = SETTINGS_OF_SERVER): CannotError {
  const name = JSON.stringify(folder)
  return new CannotError({
    found: {
      en: `there is none in ${name}: no server has kept one there yet.`,
      zh: `${name} 里没有账本：还没有服务器在那里保存过。`,
    },
    fix,
  })
}

const SETTINGS_OF_SERVER: Both = {
  en: 'give this command the settings of the server, ALIPAY_DATA_DIR (--data-dir) above all.',
  zh: '请用与服务器相同的配置运行本命令，尤其是 ALIPAY_DATA_DIR（--data-dir）。',
}

/** Not where a freeze was wanted: nothing is frozen then. */
const OR_NO_ORDER: Both = {
  en: `if no order has been made yet, there is nothing to do; otherwise ${SETTINGS_OF_SERVER.en}`,
  zh: `如果还没有创建过订单，不用处理；否则${SETTINGS_OF_SERVER.zh}`,
}
