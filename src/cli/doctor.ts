// alipay-mcp doctor: finds what is wrong between these settings and a payment, and says what to fix first.

import stringWidth from 'string-width'
import { Clock } from '../clock.ts'
import type { Connected, LedgerFacts } from '../doctor/context.ts'
import { type Checked, examine } from '../doctor/examine.ts'
import { buildReport, buildVerdict, renderCheck, renderSkipped } from '../doctor/report.ts'
import { ConfigError } from '../errors.ts'
import { NO_APPROVER } from '../guard/call.ts'
import type { Language } from '../language.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type LedgerMark, writeMark } from '../ledger/ledger-mark.ts'
import { WATCHER_LEASE } from '../ledger/watching.ts'
import { pasteable } from '../pasteable-call.ts'
import { hasLedger, placeOf } from '../server/ledger-location.ts'
import { LazyServices } from '../server/services.ts'
import { type ConfigResult, configOf } from '../settings/config.ts'
import { unbroken } from '../text.ts'
import { TOOL_NAMES } from '../tools/offers.ts'
import type { CommandLine } from './command-line.ts'
import { examineNotification } from './doctor/notification.ts'
import { terminalActor } from './ledger-command.ts'
import { paintFor, put, wrapped } from './terminal.ts'

type Write = (text: string) => Promise<unknown>

/** Gives 0 when nothing failed, otherwise 1. */
export async function doctor(commandLine: CommandLine, write: Write = put): Promise<number> {
  const { json, probe, language, notification } = commandLine
  if (notification !== undefined) return examineNotification(commandLine, notification, write)
  const read = configOf(commandLine, TOOL_NAMES)
  const services = 'config' in read ? new LazyServices(read.config, () => {}) : undefined
  const context = {
    nodeVersion: process.versions.node,
    hasLibsql,
    settings: commandLine,
    read,
    probe,
    connect: () => connected(services, read),
    ledger: () => ledgerFacts(read),
    mark: () => ledgerMark(read),
  }
  const written: Promise<unknown>[] = []
  const paint = paintFor(commandLine)
  const all = await examine(context, (checked) => {
    if (!json && !checked.because)
      written.push(write(`${layOut(renderCheck(checked, language), commandLine, paint[TONES[checked.status]])}\n`))
  })
  const report = buildReport(all)
  written.push(write(json ? `${JSON.stringify(report)}\n` : `${wrapped(ending(all, language))}\n`))
  await services?.shutDown()
  await Promise.all(written)
  return report.ok ? 0 : 1
}

const TONES = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const
const MARK_WIDTH = 10
// As the checks write them, for whom the program has no other name; settings name it as it was called.
const CALL = /"?alipay-mcp ((?:doctor|unfreeze|resolve|approvals|emulator|help)(?: --?[\w-]+| N\b| settings\b)*)"?/g
const OF_SETTINGS = [['help', 'settings'], ['emulator']]

/** Under its mark, with calls that can be pasted. */
function layOut(text: string, line: CommandLine, colour: (mark: string) => string): string {
  const called = text.replace(CALL, (_, words: string) => unbroken(pasteable(line, ...words.split(' '))))
  const whole = OF_SETTINGS.map((words) => pasteable(line, ...words)).reduce(
    (all, call) => all.replaceAll(`"${call}"`, call).replaceAll(call, unbroken(call)),
    called,
  )
  const lines = whole.split('\n').map((one) => {
    const [head = '', mark = ''] = /^(\[[^\]]+\]) +/.exec(one) ?? []
    if (mark === '') return wrapped(one)
    const below = wrapped(' '.repeat(MARK_WIDTH) + one.slice(head.length))
    return `${colour(mark)}${below.slice(stringWidth(mark))}`
  })
  return lines.join('\n')
}

/** What was skipped in one line, and where to begin. */
function ending(all: readonly Checked[], language: Language): string {
  const skipped = all.filter(({ because }) => because !== undefined)
  const cause = skipped[0]?.because
  const lines = cause
    ? [
        renderSkipped(
          skipped.map(({ title }) => title),
          cause,
          language,
        ),
      ]
    : []
  return [...lines, '', buildVerdict(all, language)].join('\n')
}

/** The same gateway that serve would make, the built-in emulator included. */
async function connected(services: LazyServices | undefined, read: ConfigResult): Promise<Connected> {
  if (!services) throw new ConfigError('problems' in read ? read.problems : [])
  const { gateway, clock, rules } = await services.get()
  const { AlipayGateway } = await import('../gateway/alipay-gateway.ts')
  if (!(gateway instanceof AlipayGateway)) throw new TypeError('not a gateway over the network')
  const probe = {
    rules,
    gateway,
    clock,
    actor: () => terminalActor(clock),
    ledger: inMemory(read),
    approver: NO_APPROVER,
  }
  return { gateway, clock, address: gateway.connection.gateway, probe }
}

function inMemory(read: ConfigResult): () => Promise<Ledger> {
  let ledger: Promise<Ledger> | undefined
  return async () => {
    if (!('config' in read)) throw new ConfigError(read.problems)
    const { openLedger } = await import('../ledger/sqlite/open-ledger.ts')
    ledger ??= openLedger({ folder: undefined, partition: placeOf(read.config).partition })
    return ledger
  }
}

const NOTHING_FOUND = { in_doubt: 0, damage: [], openToAll: [] } as const

async function hasLibsql(): Promise<boolean> {
  const { engine } = await import('../ledger/sqlite/engines.ts')
  return (await engine('libsql', 'file')) !== undefined
}

async function ledgerFacts(read: ConfigResult): Promise<LedgerFacts> {
  if (!('config' in read)) throw new ConfigError(read.problems)
  const { folder, partition } = placeOf(read.config)
  if (folder === undefined) return { folder, ...NOTHING_FOUND }
  const { findEngine } = await import('../ledger/sqlite/engines.ts')
  await findEngine('file')
  const [{ openLedger }, { foldersOpenToAll, requireFolder }] = await Promise.all([
    import('../ledger/sqlite/open-ledger.ts'),
    import('../ledger/sqlite/ledger-file.ts'),
  ])
  const openToAll = await foldersOpenToAll(folder)
  if (!hasLedger(folder)) {
    await requireFolder(folder)
    return { folder, ...NOTHING_FOUND, openToAll }
  }
  const ledger = await openLedger({ folder, partition })
  try {
    const left = (await ledger.inDoubt()).filter(({ lease_until }) => lease_until <= Date.now())
    const [frozen, damage] = [await ledger.frozen(), await ledger.damage()]
    const watched = (await ledger.leaseOwner(WATCHER_LEASE, Date.now())) !== undefined
    return { folder, frozen, in_doubt: left.length, damage, openToAll, watched }
  } finally {
    ledger.close()
  }
}

async function ledgerMark(read: ConfigResult): Promise<LedgerMark | undefined> {
  if (!('config' in read)) throw new ConfigError(read.problems)
  const place = placeOf(read.config)
  if (place.folder === undefined || !hasLedger(place.folder)) return undefined
  const { openLedger } = await import('../ledger/sqlite/open-ledger.ts')
  const ledger = await openLedger(place)
  try {
    return await writeMark(ledger, terminalActor(new Clock()))
  } finally {
    ledger.close()
  }
}
