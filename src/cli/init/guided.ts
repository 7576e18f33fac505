// init at a terminal: asks what the call does not say, with a proposal for each answer that has one.
import { faultLines } from '../../doctor/finding.ts'
import type { Environment } from '../../gateway/gateway.ts'
import { foundHosts } from '../../hosts/hosts.ts'
import { type Started, startHere } from '../../hosts/program.ts'
import { NAMES, type Name } from '../../settings/variables.ts'
import type { CommandLine } from '../command-line.ts'
import { installInto } from '../install.ts'
import { print } from '../terminal.ts'
import {
  chooseEnvironment,
  type Draft,
  environmentMeant,
  faultOf,
  faultsOf,
  isGiven,
  keyInUse,
  needsKeys,
  proposals,
  readExisting,
} from './draft.ts'
import { type MadePair, waitingPair } from './key-files.ts'
import { askAlipaysKey, askPrivateKey, describeFault } from './key-questions.ts'
import { QUESTION } from './question-text.ts'
import { askText, askYes, choose, LeftError } from './questions.ts'
import { settingLines } from './scripted.ts'

/** What happens to settings that are there. */
export async function askAboutExisting(line: CommandLine, path: string): Promise<'change' | 'aside'> {
  const existing = readExisting(path)
  if (!existing || line.existing) return line.existing ?? 'change'
  const say = QUESTION(line.language)
  const { fault, variables, text } = existing
  if (text === undefined) return 'change'
  await print(`${say.existing(path)}\n${fault ? faultLines([fault], line.language) : settingLines(variables, line)}`)
  const choice = await choose(say.whatWithExisting, [
    ...(fault ? [] : [['change', say.change] as const]),
    ['aside', say.aside],
    ['leave', say.leave],
  ])
  if (choice === 'leave') throw new LeftError()
  return choice
}

/**
 * False: the person stopped until Alipay's key is there.
 * @param begun gets a pair whose public half is in use at Alipay perhaps
 * @throws LeftError
 */
export async function answerByQuestions(
  line: CommandLine,
  draft: Draft,
  begun: (pair: MadePair) => void,
): Promise<boolean> {
  const say = QUESTION(line.language)
  await askAboutShell(line, draft)
  const environment = await askEnvironment(line, draft)
  chooseEnvironment(draft, environment)
  if (needsKeys(environment, draft)) {
    const pair = await askPrivateKey(line, draft, environment, begun)
    if (!(await askAlipaysKey(line, draft, pair))) return false
    await askSetting(line, draft, 'ALIPAY_APP_ID', say.appId)
    const isReal = environment === 'production'
    await askOptional(line, draft, 'ALIPAY_SELLER_ID', isReal ? say.sellerIdInProduction : say.sellerId)
  }
  if (environment !== 'local') await askAboutRefunds(line, draft, environment)
  const faults = faultsOf(draft)
  await print(`\n${say.summary(draft.path)}\n${settingLines(draft.variables, line)}`)
  if (draft.variables.ALIPAY_PRIVATE_KEY ?? draft.variables.ALIPAY_PUBLIC_KEY) await print(say.keysBeside)
  if (faults.length > 0) await print(faultLines(faults, line.language))
  if (!(await askYes(faults.length > 0 ? say.writeAnyway : say.write, [say.yes, say.no], faults.length === 0)))
    throw new LeftError()
  return true
}

/** Of the shell alone; hosts have another environment. */
async function askAboutShell(line: CommandLine, { variables, origins }: Draft): Promise<void> {
  const say = QUESTION(line.language)
  const found = NAMES.filter(
    (name) => variables[name] !== undefined && /^the environment/.test(origins.get(name)?.text ?? ''),
  )
  if (found.length === 0) return
  const written = found.map((name) => origins.get(name)?.label ?? name).join(', ')
  if (await askYes(say.shell(written), [say.yes, say.no])) return
  for (const name of found) delete variables[name]
}

async function askEnvironment(line: CommandLine, draft: Draft): Promise<Environment> {
  const say = QUESTION(line.language)
  const meant = environmentMeant(draft, line.makeKeys)
  if (meant && isGiven(draft, 'ALIPAY_ENV')) return meant
  const begun = (['sandbox', 'production'] as const).find((one) => waitingPair(draft.folder, one, keyInUse(draft)))
  const choices = (['local', 'sandbox', 'production'] as const).map((one) => [one, say[one]] as const)
  return choose(say.environment, choices, draft.variables.ALIPAY_ENV === undefined ? (begun ?? meant) : meant)
}

async function askSetting(line: CommandLine, draft: Draft, name: Name, question: string): Promise<void> {
  const value = draft.variables[name]
  if (value !== undefined && isGiven(draft, name) && !faultOf(draft, name, value)) return
  draft.variables[name] = await askText(question, value ?? '', faultIn(line, draft, name))
}

async function askOptional(line: CommandLine, draft: Draft, name: Name, question: string): Promise<void> {
  const value = draft.variables[name]
  if (value !== undefined && isGiven(draft, name) && !faultOf(draft, name, value)) return
  const fault = faultIn(line, draft, name)
  const answer = await askText(question, value ?? '', (text) => (text === '' ? undefined : fault(text)))
  if (answer === '') delete draft.variables[name]
  else draft.variables[name] = answer
}

const faultIn =
  ({ language }: CommandLine, draft: Draft, name: Name) =>
  (value: string) => {
    const fault = faultOf(draft, name, value)
    if (!fault) return undefined
    return describeFault(fault, name, language).join(' ')
  }

const APPROVALS = ['chat', 'operator', 'none'] as const

async function askAboutRefunds(line: CommandLine, draft: Draft, environment: Environment): Promise<void> {
  const say = QUESTION(line.language)
  const { variables } = draft
  const proposed = () => proposals(environment, draft)
  if (!isGiven(draft, 'ALIPAY_REFUND_APPROVAL')) {
    const meant = variables.ALIPAY_REFUND_APPROVAL ?? proposed().ALIPAY_REFUND_APPROVAL
    const choices = APPROVALS.map((one) => [one, say[one]] as const)
    variables.ALIPAY_REFUND_APPROVAL = await choose(
      say.approval,
      choices,
      APPROVALS.find((one) => one === meant),
    )
  }
  for (const [name, question] of [
    ['ALIPAY_MAX_REFUND', say.maxRefund],
    ['ALIPAY_DAILY_REFUNDS', say.dailyRefunds],
  ] as const) {
    const isAsked = !isGiven(draft, name)
    variables[name] ??= proposed()[name] ?? ''
    if (isAsked) await askSetting(line, draft, name, question)
  }
  await askOptional(line, draft, 'ALIPAY_MAX_PAYMENT', say.maxPayment)
}

const NONE = ''

/** Into which of the hosts on this computer the server is put, each as `install` does it; gives whether one has it now. */
export async function offerHosts(line: CommandLine, started: Started): Promise<boolean> {
  const say = QUESTION(line.language)
  let left = await foundHosts()
  let isIn = false
  while (left.length > 0) {
    const choices = left.map(({ name, title }) => [name, title] as const)
    const question = isIn ? say.anotherHost : say.host
    const name: string = await choose(question, [...choices, [NONE, isIn ? say.enough : say.noHost]])
    const host = left.find((one) => one.name === name)
    if (!host) break
    // The host will read what was just saved, and not what this call began with.
    const after = { ...line, command: 'install', variables: {}, problems: [] } as const
    isIn = (await installInto(host, startHere(started, []), after)) || isIn
    left = left.filter((one) => one !== host)
  }
  return isIn
}
