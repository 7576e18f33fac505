// init without questions: flags, files and the environment say everything, or what is missing is named with its flag.
import { faultLines } from '../../doctor/finding.ts'
import type { Environment } from '../../gateway/gateway.ts'
import { quoteValue } from '../../settings/placeholder.ts'
import type { Variables } from '../../settings/sources.ts'
import { flagOf } from '../../settings/variables.ts'
import { oneLine } from '../../text.ts'
import { type CommandLine, UsageError } from '../command-line.ts'
import { guess } from '../flag-parser.ts'
import { shownSettings } from '../shown-setting.ts'
import {
  ALIPAYS_KEYS,
  chooseEnvironment,
  type Draft,
  environmentMeant,
  faultsOf,
  hasAlipaysKey,
  hasPrivateKey,
  isOfFile,
  keyInUse,
  needsKeys,
  proposals,
} from './draft.ts'
import { INIT } from './init-text.ts'
import { type MadePair, makePair, waitingPair } from './key-files.ts'
import { namedRefusal } from './save.ts'
import { wordFor } from './settings-content.ts'

/** A pair whose public half has to be at Alipay before any settings use it. */
export interface Upload {
  environment: Environment
  pair: MadePair
  isNew: boolean
  /** What is still to give before anything else is written. */
  missing: readonly Missing[]
}

/** A flag with a word that stands for its value; in the words of a person where there is more than one way. */
interface Missing {
  call: readonly [flag: string, value: string]
  text?: string
}

/** @throws UsageError which names everything that is missing or wrong; then nothing was written */
export async function answerByFlags(line: CommandLine, draft: Draft): Promise<Upload | undefined> {
  const environment = environmentMeant(draft, line.makeKeys)
  requireEnvironment(line, draft, environment)
  const isNamed = line.yes || draft.variables.ALIPAY_ENV !== undefined
  if (!environment || !isNamed) throw missingError(line, [envOf(line), ...missingIn(line, draft, 'sandbox')])
  chooseEnvironment(draft, environment)
  const proposed = proposals(environment, draft)
  if (line.yes) for (const [name, value] of Object.entries(proposed)) draft.variables[name] ??= value
  const waiting = line.makeKeys ? await takePair(line, draft, environment) : undefined
  const missing = missingIn(line, draft, environment)
  const upload = waiting && { environment, ...waiting, missing }
  if (upload && (upload.isNew || missing.length > 0)) return upload
  if (missing.length > 0) throw missingError(line, missing)
  const faults = faultsOf(draft)
  if (faults.length > 0) throw new UsageError(INIT(line.language).wrong(faultLines(faults, line.language)))
  return undefined
}

/** The one that waits already; never a second one unasked. */
async function takePair(line: CommandLine, draft: Draft, environment: Environment) {
  const { variables, existing, folder } = draft
  if (hasPrivateKey(draft) && line.existing !== 'change') {
    throw new UsageError(INIT(line.language).keyInUse(variables.ALIPAY_PRIVATE_KEY_FILE ?? draft.path))
  }
  if (existing && line.existing === undefined) throw existsError(line, draft)
  const waiting = waitingPair(folder, environment, keyInUse(draft))
  const pair =
    waiting ??
    (await makePair(folder, environment).catch((error: unknown) => {
      throw namedRefusal(error)
    }))
  delete variables.ALIPAY_PRIVATE_KEY
  variables.ALIPAY_PRIVATE_KEY_FILE = pair.privateKeyFile
  // The console shows Alipay's key once the new public half is saved there: the one of before may be another.
  for (const name of ALIPAYS_KEYS.filter((one) => isOfFile(draft, one))) delete variables[name]
  return { pair, isNew: waiting === undefined }
}

const ENVIRONMENTS = ['local', 'sandbox', 'production']

function requireEnvironment(line: CommandLine, { variables, origins }: Draft, meant: Environment | undefined): void {
  const { ALIPAY_ENV: named } = variables
  if (meant !== undefined || named === undefined) return
  const label = origins.get('ALIPAY_ENV')?.label ?? 'ALIPAY_ENV'
  throw new UsageError(INIT(line.language).noEnvironment(label, quoteValue(named), guess(named, ENVIRONMENTS)))
}

const envOf = ({ language }: CommandLine): Missing => ({
  call: ['--env', ENVIRONMENTS.join('|')],
  text: INIT(language).environment,
})

function missingIn(line: CommandLine, draft: Draft, environment: Environment): Missing[] {
  const { variables } = draft
  const say = INIT(line.language)
  const isReal = environment === 'production'
  const needed = needsKeys(environment, draft)
  const flags = (['ALIPAY_REFUND_APPROVAL', 'ALIPAY_MAX_REFUND', 'ALIPAY_DAILY_REFUNDS'] as const).filter(
    (name) => environment !== 'local' && variables[name] === undefined && !line.yes,
  )
  const missing: [boolean, Missing][] = [
    [needed && variables.ALIPAY_APP_ID === undefined, { call: ['--app-id', 'APPID'] }],
    [needed && !hasPrivateKey(draft), { call: ['--private-key-file', 'FILE'], text: say.privateKey }],
    [needed && !hasAlipaysKey(draft), { call: ['--public-key-file', 'FILE'], text: say.alipaysKey }],
    [isReal && variables.ALIPAY_SELLER_ID === undefined, { call: ['--seller-id', 'PID'] }],
    ...flags.map((name) => [true, { call: [`--${flagOf(name)}`, '...'] }] satisfies [boolean, Missing]),
  ]
  return missing.flatMap(([isMissing, one]) => (isMissing ? [one] : []))
}

export function existsError(line: CommandLine, { existing, path }: Draft): UsageError {
  return new UsageError(INIT(line.language).exists(path, settingLines(existing?.variables ?? {}, line)))
}

/** `  app_id: 9021...`, without secrets. */
export function settingLines(variables: Variables, { language }: CommandLine): string {
  return shownSettings(variables)
    .map(
      ({ name, visible }) => `  ${wordFor(name)}: ${visible === undefined ? INIT(language).hidden : oneLine(visible)}`,
    )
    .join('\n')
}

function missingError(line: CommandLine, missing: readonly Missing[]): UsageError {
  const say = INIT(line.language)
  const texts = missing.map(({ call, text }) => text ?? call.join(' '))
  const all = line.yes ? texts : [...texts, say.yes]
  const flags = all.map((flag) => `  ${flag}`).join('\n')
  return new UsageError(line.yes ? say.missingWithYes(flags) : say.missing(flags))
}
