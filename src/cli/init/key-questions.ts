// The questions about keys: a pair that is made here or one that is there, and Alipay's own key, each checked on the spot.
import { homedir } from 'node:os'
import { beijingTime } from '../../clock.ts'
import { translated } from '../../doctor/finding.ts'
import type { Problem } from '../../errors.ts'
import type { Environment } from '../../gateway/gateway.ts'
import type { Language } from '../../language.ts'
import { parsePrivateKey, parsePublicKey } from '../../settings/keys.ts'
import { plainPath, relativeFrom } from '../../settings/named-file.ts'
import { PastedTextError } from '../../settings/pasted-text.ts'
import type { CommandLine } from '../command-line.ts'
import { print } from '../terminal.ts'
import { ALIPAYS_KEYS, type Draft, faultsOf, hasAlipaysKey, hasPrivateKey, isGiven, keyInUse } from './draft.ts'
import { type MadePair, makePair, waitingPair } from './key-files.ts'
import { QUESTION } from './question-text.ts'
import { askHidden, askText, choose } from './questions.ts'
import { namedRefusal } from './save.ts'
import { wordFor } from './settings-content.ts'
import { showUpload } from './upload.ts'

const PRIVATE = ['ALIPAY_PRIVATE_KEY', 'ALIPAY_PRIVATE_KEY_FILE'] as const

/** Gives the pair whose public half has to go to Alipay first, where it is one. */
export async function askPrivateKey(
  line: CommandLine,
  draft: Draft,
  environment: Environment,
  begun: (pair: MadePair) => void,
): Promise<MadePair | undefined> {
  const say = QUESTION(line.language)
  const waiting = waitingPair(draft.folder, environment, keyInUse(draft))
  for (;;) {
    const isThere = hasPrivateKey(draft) && !(await showKeyFault(line, draft, PRIVATE))
    if (isThere && !line.makeKeys && PRIVATE.some((name) => isGiven(draft, name))) return undefined
    const choice = line.makeKeys
      ? waiting
        ? 'waiting'
        : 'make'
      : await choose(say.privateKey, [
          ...(isThere ? [['keep', say.keep(placeOf(draft, PRIVATE))] as const] : []),
          ...(waiting ? [['waiting', say.waiting(beijingTime(waiting.since.getTime()).slice(0, 10))] as const] : []),
          ['make', say.make],
          ['paste', say.paste],
          ['file', say.file],
        ])
    if (choice === 'keep') return undefined
    if (choice === 'waiting' || choice === 'make') {
      const pair = (choice === 'waiting' && waiting) || (await makePair(draft.folder, environment).catch(refuse))
      begun(pair)
      replaceKey(draft, PRIVATE, 'ALIPAY_PRIVATE_KEY_FILE', pair.privateKeyFile)
      // Of the key of before: the console shows Alipay's once the new public half is saved there.
      for (const name of ALIPAYS_KEYS) if (!isGiven(draft, name)) delete draft.variables[name]
      await showUpload(line, { environment, pair, isNew: choice === 'make' })
      return pair
    }
    await takeKey(line, draft, choice, PRIVATE)
    if (!(await showKeyFault(line, draft, PRIVATE))) return undefined
  }
}

const refuse = (error: unknown): never => {
  throw namedRefusal(error)
}

/** False: the person has it not yet. */
export async function askAlipaysKey(line: CommandLine, draft: Draft, pair: MadePair | undefined): Promise<boolean> {
  const say = QUESTION(line.language)
  for (;;) {
    const isThere = hasAlipaysKey(draft) && !(await showKeyFault(line, draft, ALIPAYS_KEYS))
    if (isThere && ALIPAYS_KEYS.some((name) => isGiven(draft, name))) return true
    const choice = await choose(say.alipaysKey, [
      ...(isThere ? [['keep', say.keep(placeOf(draft, ALIPAYS_KEYS))] as const] : []),
      ['paste', say.paste],
      ['file', say.file],
      ...(pair ? [['later', say.later] as const] : []),
    ])
    if (choice === 'keep') return true
    if (choice === 'later') return false
    await takeKey(line, draft, choice, ALIPAYS_KEYS)
    if (!(await showKeyFault(line, draft, ALIPAYS_KEYS))) return true
  }
}

type KeyNames = typeof PRIVATE | typeof ALIPAYS_KEYS

async function takeKey(line: CommandLine, draft: Draft, way: 'paste' | 'file', names: KeyNames): Promise<void> {
  const say = QUESTION(line.language)
  const [text, file] = names
  if (way === 'paste') {
    replaceKey(draft, names, text, await askHidden(say.pasteNow, isKey, say.received))
    return
  }
  const path = await askText(say.path, '', (value) => (value === '' ? say.noPath : undefined))
  // No shell has looked at it.
  const inHome = plainPath(path).replace(/^~(?=[\\/])/, homedir())
  replaceKey(draft, names, file, relativeFrom('.', inHome) ?? inHome)
}

function replaceKey(draft: Draft, names: KeyNames, name: KeyNames[number], value: string): void {
  for (const one of names) delete draft.variables[one]
  draft.variables[name] = value
}

/** Of either kind: what is wrong with it is said then. */
function isKey(pasted: string): boolean {
  return [parsePrivateKey, parsePublicKey].some((parse) => {
    try {
      parse(pasted)
      return true
    } catch (error) {
      if (error instanceof PastedTextError) return false
      throw error
    }
  })
}

/** Says what is wrong with a key, which is taken out then. */
async function showKeyFault({ language }: CommandLine, draft: Draft, names: KeyNames): Promise<boolean> {
  const fault = faultsOf({ ...draft, origins: new Map() }).find(
    ({ variable, problem }) => problem !== 'is not set.' && names.some((name) => name === variable),
  )
  if (!fault) return false
  await print(describeFault(fault, fault.variable, language).join('\n'))
  for (const name of names) delete draft.variables[name]
  return true
}

/** What is wrong, and what to do, under the word that the settings file has for it. */
export function describeFault({ problem, fix }: Problem, name: string, language: Language): [string, string] {
  const [found, remedy] = [translated(problem)[language], translated(fix)[language]]
  return [`${wordFor(name)} ${found}`, `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`]
}

function placeOf({ variables, origins }: Draft, names: KeyNames): string {
  const name = names.find((one) => variables[one] !== undefined) ?? names[0]
  return name.endsWith('_FILE') ? (variables[name] ?? '') : (origins.get(name)?.label ?? name)
}
