// alipay-mcp init: from nothing to settings that work, asked at a terminal or given by flags.
import { dirname } from 'node:path'
import { faultLines } from '../doctor/finding.ts'
import type { Started } from '../hosts/program.ts'
import { pasteable } from '../pasteable-call.ts'
import { readSettings } from '../settings/settings.ts'
import { settingsFilePath } from '../settings/settings-file.ts'
import { flagOf, NAMES } from '../settings/variables.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { doctor } from './doctor.ts'
import { type Draft, openDraft } from './init/draft.ts'
import { INIT } from './init/init-text.ts'
import type { MadePair } from './init/key-files.ts'
import { QUESTION } from './init/question-text.ts'
import { NotWrittenError, type Saved, save } from './init/save.ts'
import { answerByFlags, existsError, settingLines } from './init/scripted.ts'
import { settingsContent, wordFor } from './init/settings-content.ts'
import { showHowToGoOn, showUpload } from './init/upload.ts'
import { print, wrapped } from './terminal.ts'

/** Gives 0 when the settings are written and the doctor finds no failure, otherwise 1. */
export async function init(line: CommandLine, started: Started): Promise<number> {
  const say = INIT(line.language)
  const path = settingsFilePath()
  if (line.settingArgs.some((arg) => arg.startsWith('--no-settings-file'))) throw new UsageError(say.noFile)
  try {
    const isAsked = !line.yes && process.stdin.isTTY && process.stdout.isTTY
    return await (isAsked ? byQuestions(line, path, started) : byFlags(line, path))
  } catch (error) {
    if (!(error instanceof NotWrittenError)) throw error
    const why = error.why === undefined ? error.message : say[error.why]
    await complain(say.cannotWrite(dirname(path), why))
    return 1
  }
}

async function byFlags(line: CommandLine, path: string): Promise<number> {
  const isAside = line.existing === 'aside'
  const draft = openDraft(line, path, isAside)
  requireReadable(line, draft, isAside)
  const upload = await answerByFlags(line, draft)
  if (upload) {
    await showUpload(line, upload)
    await showHowToGoOn(
      line,
      upload.missing.flatMap(({ call }) => call),
    )
    return 1
  }
  requireLeave(line, draft)
  return finish(line, draft, save(draft, isAside))
}

async function byQuestions(line: CommandLine, path: string, started: Started): Promise<number> {
  const [{ answerByQuestions, askAboutExisting, offerHosts }, { LeftError }] = await Promise.all([
    import('./init/guided.ts'),
    import('./init/questions.ts'),
  ]).catch((error: unknown) => {
    // The questions take what Node.js has since 20.12.
    throw error instanceof SyntaxError ? new UsageError(INIT(line.language).oldNode) : error
  })
  let isWritten = false
  let pair: MadePair | undefined
  try {
    await print(`${QUESTION(line.language).welcome}\n`)
    const isAside = (await askAboutExisting(line, path)) === 'aside'
    const draft = openDraft(line, path, isAside)
    requireReadable(line, draft, isAside)
    const isWhole = await answerByQuestions(line, draft, (waiting) => {
      pair = waiting
    })
    if (!isWhole) {
      await showHowToGoOn(line, undefined)
      return 1
    }
    const saved = save(draft, isAside)
    isWritten = true
    return await finish(line, draft, saved, (written) => offerHosts(written, started))
  } catch (error) {
    if (!(error instanceof LeftError)) throw error
    await print(`\n${isWritten ? INIT(line.language).leftWritten : INIT(line.language).left}`)
    if (!isWritten && pair) await print(INIT(line.language).leftPair(pair.privateKeyFile))
    return isWritten ? 0 : 1
  }
}

/** What is wrong with the files that were named, or with the settings file itself. */
function requireReadable(line: CommandLine, draft: Draft, isAside: boolean): void {
  const say = INIT(line.language)
  // Both looked at it, and the settings of this call came from the first look.
  const fault = draft.existing?.fault ?? line.problems.find(({ variable }) => variable === 'settings file')
  if (fault) {
    const lines = faultLines([fault], line.language)
    if (draft.existing?.text === undefined) throw new UsageError(say.unreadable(draft.path, lines))
    if (!isAside) throw new UsageError(say.broken(draft.path, lines))
  }
  // What is only unknown there survives, and the doctor speaks of it.
  const faults = line.problems.filter(
    ({ variable }) => variable !== 'settings file' && !variable.endsWith(` (${draft.path})`),
  )
  if (faults.length > 0) throw new UsageError(say.wrong(faultLines(faults, line.language)))
}

/** Nothing is overwritten unasked. */
function requireLeave(line: CommandLine, draft: Draft): void {
  const { existing, variables, path } = draft
  if (!existing || line.existing !== undefined) return
  const before = settingsContent(existing.content, existing.variables, path)
  if (settingsContent(existing.content, variables, path) === before) return
  throw existsError(line, draft)
}

/** @param offer puts it into hosts, where a person can be asked; gives whether it did */
async function finish(
  line: CommandLine,
  draft: Draft,
  saved: Saved,
  offer: (written: CommandLine) => Promise<boolean> = async () => false,
): Promise<number> {
  const say = INIT(line.language)
  await showSaved(line, draft, saved)
  const files = { envFile: undefined, config: undefined, settingsFile: draft.path }
  // As a host has it: without the flags and the environment of this call.
  const written = {
    ...line,
    ...readSettings({ text: '', values: [] }, {}, files),
    ...{ settingArgs: [], json: false, probe: false, notification: undefined },
  }
  await print(`\n${say.checking}`)
  const checked = await doctor(written)
  await print('')
  if (checked !== 0) await print(say.nextFix(pasteable(written, 'doctor')))
  else {
    if (!(await offer(written))) await print(say.next(pasteable(written, 'install', 'HOST')))
    await print(say.say)
  }
  return checked
}

async function showSaved(line: CommandLine, { path, variables }: Draft, saved: Saved): Promise<void> {
  const say = INIT(line.language)
  await print(saved.isChanged ? say.written(path) : say.unchanged(path))
  await print(settingLines(variables, line))
  const left = saved.leftBehind.map(wordFor).join(', ')
  if (saved.aside !== undefined) await print(left ? say.leftBehind(left, saved.aside) : say.aside(saved.aside))
  if (saved.keyOfBefore !== undefined) await print(say.keyOfBefore(saved.keyOfBefore))
  for (const copied of saved.copied) await print(say.copied(copied))
  const open = openImport(line)
  if (open.length > 0) await print(faultLines(open, line.language))
  if (variables.ALIPAY_ENV === 'production' && variables.ALIPAY_SELLER_ID === undefined) await print(say.refundsOff)
  const shadowing = NAMES.filter((name) => line.origins.get(name)?.text.startsWith('the environment'))
  if (shadowing.length > 0) await print(say.shadowed(shadowing.join(', ')))
}

/** What others can read there stays readable, though it was copied. */
function openImport({ notices, origins }: CommandLine) {
  const isSecret = (name: string) => flagOf(name) === undefined && origins.get(name)?.text.startsWith('--import ')
  return NAMES.some(isSecret) ? notices.filter(({ variable }) => variable === '--import') : []
}

const complain = (text: string) =>
  new Promise<void>((resolve) => process.stderr.write(`${wrapped(text)}\n`, () => resolve()))
