// doctor --notification FILE: says of a notification that was saved whether it is genuine, check by check.
import { checkNotification, type JudgedNotification } from '../../doctor/notification-checks.ts'
import { buildReport, renderCheck } from '../../doctor/report.ts'
import { ConfigError } from '../../errors.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { openLedger } from '../../ledger/sqlite/open-ledger.ts'
import { hasLedger, placeOf } from '../../server/ledger-location.ts'
import { type Config, configOf } from '../../settings/config.ts'
import { quotePath, readNamedFile } from '../../settings/named-file.ts'
import type { CommandLine } from '../command-line.ts'
import { reported } from '../ledger-command.ts'
import { wrapped } from '../terminal.ts'

/** Gives 0 where it is genuine and agrees with settings and ledger, else 1. */
export function examineNotification(
  line: CommandLine,
  file: string,
  write: (text: string) => Promise<unknown>,
): Promise<number> {
  return reported(line, async () => {
    const read = configOf(line)
    if ('problems' in read) throw new ConfigError(read.problems)
    const { credentials, seller_id } = read.config
    if (!credentials) throw new ConfigError([NO_KEY])
    const judged = await checkNotification({
      ...{ body: bodyIn(file), credentials, seller_id },
      order: (out_trade_no) => inLedger(read.config, (ledger) => ledger.order({ out_trade_no })),
      hasSubscription: async (external_agreement_no) =>
        (await inLedger(read.config, (ledger) => ledger.subscription({ external_agreement_no }))) !== undefined,
    })
    await write(line.json ? `${JSON.stringify(judgedReport(judged))}\n` : renderJudged(judged, line))
    return judged.ok ? 0 : 1
  })
}

const NO_KEY = {
  variable: 'ALIPAY_PUBLIC_KEY',
  problem: 'is not set, so no signature can be verified.',
  fix: 'use the settings of the server that made the order, for example with --dotenv.',
}

/** As it was posted; a log of it may be a JSON object of names and values. */
function bodyIn(file: string): Buffer {
  const read = readNamedFile(file)
  if ('unreadable' in read) {
    const problem = `${read.unreadable}: ${quotePath(file)}.`
    throw new ConfigError([
      { variable: '--notification', problem, fix: 'save the body that was posted there, and name it.' },
    ])
  }
  const text = read.text.trim()
  const isForm = !text.startsWith('{')
  return Buffer.from(isForm ? text : formOf(text))
}

function formOf(json: string): string {
  try {
    const parsed: unknown = JSON.parse(json)
    const values = Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)] as const)
    return new URLSearchParams(Object.fromEntries(values)).toString()
  } catch {
    return json
  }
}

/** Undefined where there is no ledger. */
async function inLedger<T>(config: Config, look: (ledger: Ledger) => Promise<T>): Promise<T | undefined> {
  const { folder, partition } = placeOf(config)
  if (folder === undefined || !hasLedger(folder)) return undefined
  const ledger = await openLedger({ folder, partition })
  try {
    return await look(ledger)
  } finally {
    ledger.close()
  }
}

function renderJudged({ checks, verdict }: JudgedNotification, { language }: CommandLine): string {
  return wrapped([...checks.map((check) => renderCheck(check, language)), '', `${verdict[language]}\n`].join('\n'))
}

function judgedReport({ ok, verdict, checks }: JudgedNotification): object {
  return { ...buildReport(checks), ok, verdict: verdict.en, verdict_zh: verdict.zh }
}
