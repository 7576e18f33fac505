// Shows the public half of a made pair as the console takes it, and where to paste it.
import { resolve } from 'node:path'
import { beijingTime } from '../../clock.ts'
import type { Environment } from '../../gateway/gateway.ts'
import { pasteable } from '../../pasteable-call.ts'
import type { CommandLine } from '../command-line.ts'
import { print, printCall, put } from '../terminal.ts'
import { INIT } from './init-text.ts'
import type { MadePair } from './key-files.ts'

interface PairToUpload {
  environment: Environment
  pair: MadePair
  isNew: boolean
}

export async function showUpload(line: CommandLine, { environment, pair, isNew }: PairToUpload): Promise<void> {
  const say = INIT(line.language)
  const { privateKeyFile, publicHalfFile, publicHalf, since } = pair
  await print(isNew ? say.made(privateKeyFile) : say.taken(privateKeyFile, beijingTime(since.getTime()).slice(0, 10)))
  await print(`\n${say.publicHalf(publicHalfFile)}`)
  // On one line, however long: what is copied is one line then.
  await put(`${publicHalf}\n\n`)
  if (environment !== 'local') return print(say.upload(environment))
  await print(say.uploadLocal)
  return printCall(pasteable(line, 'emulator', '--app-public-key', publicHalfFile))
}

/**
 * The call with which init goes on once Alipay's key is there.
 * @param still the flags that it needs; undefined where a person is asked
 */
export async function showHowToGoOn(line: CommandLine, still: readonly string[] | undefined): Promise<void> {
  const say = INIT(line.language)
  const missing = still?.filter((word) => word.startsWith('--'))
  const isGiven = missing && !missing.includes('--public-key-file')
  await print(`\n${isGiven ? say.goOnGiven(missing.join(', ')) : still ? say.goOn : say.goOnAsked}`)
  const existing = line.existing === undefined ? [] : ['--existing', line.existing]
  const imported = line.importFile === undefined ? [] : ['--import', resolve(line.importFile)]
  const flags = still ? ['--make-keys', ...existing, ...(line.yes ? ['--yes'] : []), ...still] : []
  await printCall(pasteable(line, 'init', ...imported, ...flags))
}
