// alipay-mcp freeze and unfreeze: the one switch in the ledger that stops all money, of every host, app and merchant in it.
import { beijingTime, Clock } from '../clock.ts'
import { ConfigError } from '../errors.ts'
import type { Place } from '../ledger/sqlite/open-ledger.ts'
import { defaultFolder, folderMeant, hasLedger, placeOf } from '../server/ledger-location.ts'
import { configOf } from '../settings/config.ts'
import { oneLine, shortLine } from '../text.ts'
import type { CommandLine } from './command-line.ts'
import { nothingThere, onDisk, opened, reported, terminalActor } from './ledger-command.ts'
import { print, requireTerminal, typed } from './terminal.ts'

const WHY_MOST = 200

/** Works from anywhere, and with broken credentials: somebody is in a hurry. */
export async function freeze(commandLine: CommandLine): Promise<number> {
  const why = reasonIn(commandLine)
  const code = await reported(commandLine, async () => {
    const place = placeToFreeze(commandLine)
    const isNew = !hasLedger(place.folder)
    return opened(place, async (ledger) => {
      const before = await ledger.frozen()
      if (!before) await ledger.freeze(why, terminalActor(new Clock()))
      await print(before ? `Already frozen since 此前已冻结: ${beijingTime(before.at)} Beijing time.` : FROZEN)
      await print(`${WHAT_IT_MEANS}\n  Ledger 账本: ${place.folder}`)
      if (isNew) await print(NO_SERVER_YET)
      return 0
    })
  })
  if (code !== 0) process.stderr.write('NOT FROZEN 未冻结.\n')
  return code
}

export function unfreeze(commandLine: CommandLine): Promise<number> {
  requireTerminal('unfreeze')
  return reported(commandLine, async () => {
    const place = placeToFreeze(commandLine)
    if (!hasLedger(place.folder)) throw nothingThere(place.folder)
    return opened(place, async (ledger) => {
      const frozen = await ledger.frozen()
      if (!frozen) {
        await print(`Not frozen 没有冻结: ${place.folder}`)
        return 0
      }
      const why = frozen.why === undefined ? '' : `, ${JSON.stringify(oneLine(frozen.why))}`
      await print(`Frozen since 冻结于: ${beijingTime(frozen.at)} Beijing time${why}.\n  Ledger 账本: ${place.folder}`)
      await print(WHAT_ENDING_MEANS)
      if (!(await typed('Type unfreeze to end it 输入 unfreeze 解除冻结:', 'unfreeze'))) {
        await print('Still frozen 仍处于冻结状态.')
        return 1
      }
      await ledger.unfreeze(terminalActor(new Clock()))
      await print('No longer frozen 已解除冻结.')
      return 0
    })
  })
}

const FROZEN = 'Frozen 已冻结.'
const WHAT_IT_MEANS = `  No server with this ledger takes or gives money any more: no new links or codes, no refunds, for every host, app and
  merchant in it. Queries and closing go on. Links and codes that are already out STAY PAYABLE until they expire; close
  those orders. What was being sent at this moment cannot be called back. End it with: alipay-mcp unfreeze
  使用此账本的所有服务器都不再收款或退款（不再创建链接和付款码，不再退款），对其中所有宿主、应用和商户有效。查询和关单照常。
  已发出的链接和付款码在过期之前仍可付款，请关闭这些订单。此刻正在发送的请求无法撤回。解除：alipay-mcp unfreeze`
const WHAT_ENDING_MEANS = `  After it all servers with this ledger make links and codes again, and refunds, with the limits and approvals as before.
  Queries, closing and links already out were never stopped.
  解除后，使用此账本的所有服务器恢复创建链接、付款码和退款，限额与确认照旧。查询、关单和已发出的链接一直有效。`
const NO_SERVER_YET = `  NOTE: no server has kept a ledger there yet. If yours uses another ALIPAY_DATA_DIR, it is not frozen: see --data-dir.
  注意：此前没有服务器在这里保存账本。如果您的服务器使用另一个 ALIPAY_DATA_DIR，它没有被冻结，请用 --data-dir 指定。`

/** At a terminal the host's settings are often missing: a folder that was named, or that holds a ledger, is enough. */
function placeToFreeze(commandLine: CommandLine): Place & { folder: string } {
  const read = configOf(commandLine)
  if ('problems' in read) {
    const folder = folderMeant(commandLine, read.problems)
    if (folder === undefined) throw new ConfigError(read.problems)
    return { folder, partition: NOBODYS }
  }
  const { folder, partition } = placeOf(read.config)
  if (folder !== undefined) return { folder, partition }
  const { dataDir } = read.config
  const named = dataDir ?? (commandLine.variables.ALIPAY_ENV ? undefined : defaultFolder())
  if (named !== undefined && hasLedger(named)) return { folder: named, partition }
  if (dataDir !== undefined) throw nothingThere(dataDir)
  return onDisk({ folder, partition })
}

// The switch is the whole file's; which partition of it is meant cannot be told without an app.
const NOBODYS = { environment: 'production', gateway: 'unknown', merchant: 'unknown' } as const

/** Cut rather than refused: somebody is in a hurry. */
function reasonIn({ why }: CommandLine): string | undefined {
  return why === undefined ? undefined : shortLine(why, WHY_MOST) || undefined
}
