// Key files beside settings.json: each under a name of its own, never overwritten; a made pair waits to be uploaded.
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '../../gateway/gateway.ts'
import { parsePrivateKey, parsePublicKey } from '../../settings/keys.ts'
import { readNamedFile } from '../../settings/named-file.ts'
import { makeOwnFolder, replaceFile, writeUnderFreeName } from '../../settings/own-file.ts'

/** A pair that was made here, and that no settings use yet. */
export interface MadePair {
  privateKeyFile: string
  /** Its content is what the console takes. */
  publicHalfFile: string
  publicHalf: string
  since: Date
}

const UPLOAD = '-to-upload.txt'
/** `sandbox-private-key-2.pem` and `sandbox-app-public-key-2-to-upload.txt` belong together. */
const publicHalfFileOf = (privateKeyFile: string) =>
  privateKeyFile.replace(/-private-key((-\d+)?)\.pem$/, `-app-public-key$1${UPLOAD}`)

/** As the console takes it: base64 of the SPKI structure, without a frame, on one line. */
export const publicHalfOf = (privateKey: KeyObject) =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')

const pemOf = (key: KeyObject) => String(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }))

/** On the disk before anybody sees its public half, which may be in the console a moment later. */
export async function makePair(folder: string, environment: Environment): Promise<MadePair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  makeOwnFolder(folder)
  const privateKeyFile = writeUnderFreeName(join(folder, `${environment}-private-key.pem`), pemOf(privateKey))
  const publicHalfFile = publicHalfFileOf(privateKeyFile)
  const publicHalf = publicHalfOf(privateKey)
  replaceFile(publicHalfFile, `${publicHalf}\n`)
  return { privateKeyFile, publicHalfFile, publicHalf, since: new Date() }
}

/** The last pair that was made for this environment and is not in use; undefined where there is none. */
export function waitingPair(folder: string, environment: Environment, inUse: string | undefined): MadePair | undefined {
  const pairs = namesIn(folder)
    .filter((name) => new RegExp(`^${environment}-private-key(-\\d+)?\\.pem$`).test(name))
    .map((name) => join(folder, name))
    .filter((file) => file !== inUse && existsSync(publicHalfFileOf(file)))
    .flatMap((file) => {
      const key = keyIn(file, parsePrivateKey)
      return key ? [pairIn(file, key)] : []
    })
  return pairs.sort((one, other) => other.since.getTime() - one.since.getTime())[0]
}

function pairIn(privateKeyFile: string, key: KeyObject): MadePair {
  const publicHalfFile = publicHalfFileOf(privateKeyFile)
  return { privateKeyFile, publicHalfFile, publicHalf: publicHalfOf(key), since: statSync(privateKeyFile).mtime }
}

/** Once settings use it, its public half waits no more. */
export function markUploaded(privateKeyFile: string): void {
  const waiting = publicHalfFileOf(privateKeyFile)
  if (waiting !== privateKeyFile && existsSync(waiting)) renameSync(waiting, waiting.replace(UPLOAD, '.txt'))
}

type Kind = 'private-key' | 'alipay-public-key'

/** The file beside settings.json with this key: the one that holds it already, or a new one. */
export function keepKey(folder: string, environment: Environment, kind: Kind, pasted: string | Buffer): string {
  const parse = kind === 'private-key' ? parsePrivateKey : parsePublicKey
  const key = parse(pasted)
  const known = namesIn(folder)
    .filter((name) => new RegExp(`^${environment}-${kind}(-\\d+)?\\.pem$`).test(name))
    .map((name) => join(folder, name))
    .find((file) => keyIn(file, parse)?.equals(key))
  if (known !== undefined) return known
  const file = join(folder, `${environment}-${kind}.pem`)
  makeOwnFolder(dirname(file))
  return writeUnderFreeName(file, pemOf(key))
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

function keyIn(path: string, parse: (pasted: string | Buffer) => KeyObject): KeyObject | undefined {
  const file = readNamedFile(path)
  try {
    return 'unreadable' in file ? undefined : parse(file.bytes)
  } catch {
    return undefined
  }
}
