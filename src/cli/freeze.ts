// alipay-mcp freeze and unfreeze: the one switch in the ledger that stops all money, of every host, app and merchant in it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beijingTime, Clock } from '../clock.ts'
import { ConfigError } from '../errors.ts'
import type { Both } from '../language.ts'
import type { Freeze, Ledger, PartitionKey } from '../ledger/ledger.ts'
import { isUnopened, payable } from '../ledger/order.ts'
import type { Place } from '../ledger/sqlite/open-ledger.ts'
import { pasteable } from '../pasteable-call.ts'
import { defaultFolder, folderMeant, hasLedger, placeOf } from '../server/ledger-location.ts'
import { configOf } from '../settings/config.ts'
import { oneLine, shortLine, unbroken } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { FREEZE } from './freeze-text.ts'
import { CannotError, nothingThere, onDisk, opened, reported, terminalActor } from './ledger-command.ts'
import { grouped } from './table.ts'
import { print, printCall, requireTerminal, typed } from './terminal.ts'

const WHY_MOST = 200

/** Works from anywhere, and with broken credentials: somebody is in a hurry. */
export async function freeze(line: CommandLine): Promise<number> {
  const why = reasonIn(line)
  const say = FREEZE(line.language)
  const work = async () => {
    const place = placeToFreeze(line)
    return opened(place, async (ledger) => {
      const before = await ledger.frozen()
      if (!before) await ledger.freeze(why, terminalActor(new Clock()))
      const isEmpty = await holdsNoOrder(ledger)
      if (isEmpty) await print(`${say.onlyEmpty(place.folder)}\n`)
      await print(before ? say.already(beijingTime(before.at), quoted(before.why)) : say.frozen)
      if (before && why !== undefined) await print(say.reasonNotTaken)
      await print(`${say.means}\n${say.ledger(place.folder)}`)
      if (!isEmpty) await printPayable(ledger, place, line)
      await print(`\n${say.toEnd}`)
      await printCall(callFor(place, line, 'unfreeze'))
      return isEmpty ? 1 : 0
    })
  }
  return reported(line, work, `${say.notFrozen}\n`)
}

const quoted = (why: string | undefined) => (why === undefined ? '' : JSON.stringify(oneLine(why)))

/** Of no merchant and app: the ledger that is kept somewhere else may be the one that was meant. */
async function holdsNoOrder(ledger: Ledger): Promise<boolean> {
  return !(await ledger.holdsOrders()) && (await ledger.ordersElsewhere()) === 0
}

// A longer list would hide what is above it.
const MOST_LISTED = 20

/** What can still be paid, with the call that ends that; only the partition of these settings can be looked into. */
async function printPayable(ledger: Ledger, place: FreezePlace, line: CommandLine): Promise<void> {
  const say = FREEZE(line.language)
  if (place.partition === NOBODYS)
    return print(`\n${say.unlisted(unbroken(callFor(place, line, 'ledger', '--state', 'waiting')))}`)
  const open = await payableOrders(ledger, place.partition)
  await print(`\n${open.length === 0 ? say.nothingPayable : say.payable(open.length)}`)
  for (const { out_trade_no, total_amount, subject, time_expire, trade_status, cashier_opened_at } of open.slice(
    0,
    MOST_LISTED,
  )) {
    await print(`  ${say.order(grouped(total_amount), time_expire ?? '', oneLine(subject ?? ''))}`)
    if (cashier_opened_at !== undefined) await print(`  ${say.cashier(beijingTime(cashier_opened_at))}`)
    else if (trade_status === undefined) await print(`  ${say.unopened}`)
    await printCall(callFor(place, line, 'close', '--order', out_trade_no))
  }
  if (open.length <= MOST_LISTED) return
  await print(`  ${say.more(open.length - MOST_LISTED)}`)
  await printCall(callFor(place, line, 'ledger', '--state', 'waiting'))
}

async function payableOrders(ledger: Ledger, { environment }: PartitionKey) {
  const now = Date.now()
  const open = []
  let cursor: string | undefined
  do {
    const page = await ledger.list({ state: 'waiting', limit: 1_000, cursor })
    // While it is frozen a page opens no cashier.
    const out = page.orders.filter((order) => !isUnopened(order))
    open.push(...out.filter((order) => payable(order, environment, now).state !== 'expired'))
    cursor = page.next
  } while (cursor !== undefined)
  return open
}

export function unfreeze(line: CommandLine): Promise<number> {
  requireTerminal('unfreeze', line.language)
  const say = FREEZE(line.language)
  return reported(line, async () => {
    const place = placeToFreeze(line)
    if (!hasLedger(place.folder)) throw nothingThere(place.folder)
    return opened(place, async (ledger) => {
      const frozen = await ledger.frozen()
      if (!frozen) {
        await print(say.notFrozenHere(place.folder))
        return 0
      }
      await print(`${sinceWhen(frozen, line)}\n${say.ledger(place.folder)}\n${say.endingMeans}`)
      if (!(await typed('unfreeze', say.endIt, line.language))) {
        await print(say.stillFrozen)
        return 1
      }
      await ledger.unfreeze(terminalActor(new Clock()))
      await print(say.ended)
      return 0
    })
  })
}

function sinceWhen({ at, why }: Freeze, { language }: CommandLine): string {
  return FREEZE(language).since(beijingTime(at), why === undefined ? '' : JSON.stringify(oneLine(why)))
}

interface FreezePlace extends Place {
  folder: string
  /** Found without being named: calls that are printed have to name it. */
  isFound?: boolean
}

function callFor({ folder, isFound }: FreezePlace, line: CommandLine, ...words: string[]): string {
  return pasteable(line, ...words, ...(isFound ? ['--data-dir', folder] : []))
}

/** At a terminal the host's settings are often missing: a folder that was named, or that holds a ledger, is enough. */
function placeToFreeze(line: CommandLine): FreezePlace {
  const read = configOf(line)
  if ('problems' in read) {
    const folder = folderMeant(line, read.problems)
    if (folder === undefined) throw new ConfigError(read.problems)
    return (folder === defaultFolder() && onlyLedger(line)) || { folder, partition: NOBODYS }
  }
  const { folder, partition } = placeOf(read.config)
  if (folder !== undefined) return { folder, partition }
  const { dataDir } = read.config
  if (dataDir !== undefined && hasLedger(dataDir)) return { folder: dataDir, partition: NOBODYS }
  if (dataDir !== undefined) throw nothingThere(dataDir)
  const only = line.variables.ALIPAY_ENV ? undefined : onlyLedger(line)
  return only ?? onDisk({ folder, partition }, line)
}

/** The one ledger in the platform's folder or right below it. @throws CannotError where there are several */
function onlyLedger(line: CommandLine): FreezePlace | undefined {
  const top = defaultFolder()
  const [first, ...others] = [top, ...foldersIn(top)].filter(hasLedger)
  if (first === undefined) return undefined
  if (others.length > 0) throw severalLedgers([first, ...others], line)
  return { folder: first, partition: NOBODYS, isFound: first !== top }
}

function foldersIn(top: string): string[] {
  try {
    return readdirSync(top, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(top, name))
  } catch {
    return []
  }
}

function severalLedgers(folders: readonly string[], line: CommandLine): CannotError {
  const calls = folders.map((folder) => pasteable(line, line.command, '--data-dir', folder)).join('; ')
  const found: Both = {
    en: `there are ${folders.length} ledgers, and none was named.`,
    zh: `有 ${folders.length} 个账本，没有指定是哪一个。`,
  }
  return new CannotError({ found, fix: { en: `run each that is meant: ${calls}`, zh: `请分别运行：${calls}` } })
}

// The switch is the whole file's; which partition of it is meant cannot be known without an app.
const NOBODYS: PartitionKey = { environment: 'production', gateway: 'unknown', merchant: 'unknown' }

/** Cut rather than refused: somebody is in a hurry. */
function reasonIn({ why }: CommandLine): string | undefined {
  return why === undefined ? undefined : shortLine(why, WHY_MOST) || undefined
}
