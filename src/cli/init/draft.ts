// What init knows so far: settings that were given, those of the file that is there, and what is still missing or wrong.
import { dirname } from 'node:path'
import type { Problem } from '../../errors.ts'
import type { Environment } from '../../gateway/gateway.ts'
import { toFen } from '../../money.ts'
import { configOf, withoutPlaceholders } from '../../settings/config.ts'
import { readNamedFile, relativeFrom } from '../../settings/named-file.ts'
import { readSettings } from '../../settings/settings.ts'
import type { Variables } from '../../settings/sources.ts'
import { CERTIFICATE_FILES, CREDENTIALS, isFileName, NAMES, type Name } from '../../settings/variables.ts'
import type { CommandLine } from '../command-line.ts'

/** The settings file that is there. */
export interface Existing {
  /** Undefined where it cannot be read. */
  text: string | undefined
  content: Readonly<Record<string, unknown>>
  variables: Variables
  /** Absent where its content can be used. */
  fault?: Problem
}

export interface Draft {
  /** Of the settings file. */
  path: string
  /** Where it lies, with the key files beside it. */
  folder: string
  existing: Existing | undefined
  /** Under our own names. Changed as answers come in. */
  readonly variables: Partial<Record<string, string>>
  /** Where each of them came from. */
  origins: CommandLine['origins']
}

/** @param isAfresh whether what the settings file says does not count */
export function openDraft(line: CommandLine, path: string, isAfresh: boolean): Draft {
  const existing = readExisting(path)
  const ours = Object.entries(withoutPlaceholders(line.variables)).flatMap(([name, value]) =>
    NAMES.includes(name) && value !== undefined && !(isAfresh && isOfFile(line, name))
      ? [[name, absolute(name, value)] as const]
      : [],
  )
  return { path, folder: dirname(path), existing, variables: Object.fromEntries(ours), origins: line.origins }
}

/** Hosts start the server in another folder than the one where somebody typed this. */
const absolute = (name: string, value: string) =>
  (isFileName(name) ? relativeFrom('.', value) : undefined) ?? value.trim()

export function readExisting(path: string): Existing | undefined {
  const file = readNamedFile(path)
  if ('unreadable' in file && file.missing) return undefined
  const { variables, problems } = readSettings(
    { text: '', values: [] },
    {},
    { envFile: undefined, config: undefined, settingsFile: path },
  )
  const fault = problems.find(({ variable }) => variable === 'settings file')
  const text = 'unreadable' in file ? undefined : file.text
  if (fault || 'unreadable' in file) return { text, content: {}, variables: {}, ...(fault && { fault }) }
  const content: unknown = JSON.parse(file.text)
  return { text, content: { ...Object(content) }, variables }
}

/** By a flag, or in a file that was named in this call; anything else is only proposed. */
export const isGiven = ({ origins }: Draft, name: string) =>
  /^(the command line|--)/.test(origins.get(name)?.text ?? '')

export const isOfFile = ({ origins }: Pick<Draft, 'origins'>, name: string) =>
  origins.get(name)?.text.startsWith('settings file ') === true

export const keyInUse = ({ existing }: Draft) => existing?.variables.ALIPAY_PRIVATE_KEY_FILE

export const ALIPAYS_KEYS = ['ALIPAY_PUBLIC_KEY', 'ALIPAY_PUBLIC_KEY_FILE', ...CERTIFICATE_FILES] as const

export const hasPrivateKey = ({ variables }: Draft) =>
  variables.ALIPAY_PRIVATE_KEY !== undefined || variables.ALIPAY_PRIVATE_KEY_FILE !== undefined
export const hasAlipaysKey = ({ variables }: Draft) => ALIPAYS_KEYS.some((name) => variables[name] !== undefined)

/** Undefined where nothing says which. */
export function environmentMeant({ variables }: Pick<Draft, 'variables'>, wantsKeys: boolean): Environment | undefined {
  const named = variables.ALIPAY_ENV?.toLowerCase()
  if (named !== undefined) return (['local', 'sandbox', 'production'] as const).find((one) => one === named)
  if (variables.ALIPAY_GATEWAY !== undefined) return undefined
  return wantsKeys || CREDENTIALS.some((name) => variables[name] !== undefined) ? 'sandbox' : 'local'
}

/** The built-in emulator brings its own. */
export const needsKeys = (environment: Environment, { variables }: Draft) =>
  environment !== 'local' || variables.ALIPAY_GATEWAY !== undefined

const OF_ONE_ENVIRONMENT: readonly string[] = [
  ...CREDENTIALS,
  ...['ALIPAY_SELLER_ID', 'ALIPAY_GATEWAY', 'ALIPAY_REFUND_APPROVAL'],
]

/** The app of another environment is another app: what the settings file says of it does not count here. */
export function chooseEnvironment(draft: Draft, environment: Environment): void {
  const before = draft.existing && environmentMeant(draft.existing, false)
  if (before !== environment) {
    for (const name of OF_ONE_ENVIRONMENT.filter((one) => isOfFile(draft, one))) delete draft.variables[name]
  }
  draft.variables.ALIPAY_ENV = environment
  // Of a shell that was meant for Alipay: its keys need not lie in one more file.
  const isOfShell = (name: string) => draft.origins.get(name)?.text.startsWith('the environment') === true
  if (!needsKeys(environment, draft)) for (const name of CREDENTIALS.filter(isOfShell)) delete draft.variables[name]
}

/** What the settings file says of the app of another environment, and no setting says any more. */
export function leftBehind({ existing, variables }: Draft): readonly string[] {
  if (!existing || environmentMeant(existing, false) === variables.ALIPAY_ENV) return []
  return OF_ONE_ENVIRONMENT.filter((name) => {
    const before = existing.variables[name]
    return before !== undefined && before !== variables[name]
  })
}

/** What is proposed where nothing else was said. */
export function proposals(environment: Environment, { variables }: Draft): Partial<Record<Name, string>> {
  if (environment === 'local') return {}
  const [most, ofDay] = [fenOf(variables.ALIPAY_MAX_REFUND), fenOf(variables.ALIPAY_DAILY_REFUNDS)]
  return {
    ALIPAY_REFUND_APPROVAL: environment === 'production' ? 'operator' : 'chat',
    ALIPAY_MAX_REFUND:
      ofDay !== undefined && ofDay < toFen(MOST_REFUND) ? (variables.ALIPAY_DAILY_REFUNDS ?? '') : MOST_REFUND,
    ALIPAY_DAILY_REFUNDS:
      most !== undefined && most > toFen(REFUNDS_OF_DAY) ? (variables.ALIPAY_MAX_REFUND ?? '') : REFUNDS_OF_DAY,
  }
}

const MOST_REFUND = '500.00'
const REFUNDS_OF_DAY = '2000.00'

function fenOf(amount: string | undefined): number | undefined {
  try {
    return amount === undefined ? undefined : toFen(amount)
  } catch {
    return undefined
  }
}

/** What is wrong with all that is there, as the server would say it; nothing is sent. */
export function faultsOf({ variables, origins }: Draft): readonly Problem[] {
  const read = configOf({ variables, origins, problems: [], notices: [] })
  return 'problems' in read ? read.problems : []
}

/** What is wrong with one setting, besides what is only missing. */
export function faultOf(draft: Draft, name: string, value: string): Problem | undefined {
  const variables = { ...draft.variables, [name]: value }
  return faultsOf({ ...draft, variables, origins: new Map() }).find(({ variable }) => variable === name)
}
