// RSA keys in every form that people paste: PKCS#1 or PKCS#8, PEM or bare base64, one line or many.
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { firstThatWorks, privateKeyIn, publicKeyIn, type Wanted, wrongThing } from './der.ts'
import { type Block, blocksOf, KEEP_ONE, PastedTextError } from './pasted-text.ts'

/** Holds a value that must not be printed: inspected, stringified or sent as JSON it reads [hidden]. */
export class Secret<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '[hidden]'
  }
  toJSON(): string {
    return '[hidden]'
  }
  [inspect.custom](): string {
    return '[hidden]'
  }
}

/** The application's private key; throws a PastedTextError that says what the text is instead, never the text. */
export function parsePrivateKey(pasted: string | Buffer): KeyObject {
  const whole = requireRsa2(theOnly('private', pasted, privateKeyIn))
  const probe = Buffer.from('probe')
  const works = firstThatWorks(() =>
    verify('RSA-SHA256', probe, createPublicKey(whole), sign('RSA-SHA256', probe, whole)),
  )
  if (!works) throw new PastedTextError('this private key is damaged: what it signs does not verify.')
  return whole
}

/** Alipay's public key; throws like parsePrivateKey. */
export function parsePublicKey(pasted: string | Buffer): KeyObject {
  return requireRsa2(theOnly('public', pasted, publicKeyIn))
}

/** Which of two is meant nobody can know. */
function theOnly(
  kind: Exclude<Wanted, 'certificate'>,
  pasted: string | Buffer,
  keyIn: (block: Block) => KeyObject | undefined,
): KeyObject {
  const blocks = blocksOf(pasted, `ALIPAY_${kind.toUpperCase()}_KEY_FILE`)
  const [key, ...others] = blocks.flatMap((block) => keyIn(block) ?? [])
  if (others.some((other) => !key?.equals(other))) {
    throw new PastedTextError(`it holds more than one ${kind} key.`, KEEP_ONE)
  }
  if (key) return key
  const [block] = blocks
  throw block ? wrongThing(block, kind) : new PastedTextError('this is empty.')
}

/** Whether the public key is the other half of the private one. */
export function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(publicKey)
}

/** What RSA2 can use. */
export function requireRsa2(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  const kind = key.asymmetricKeyType
  if (kind !== 'rsa') throw new PastedTextError(`this is a key for ${kind}, not RSA.`, MAKE_RSA2)
  if (bits < 2048) throw new PastedTextError(`this RSA key has ${bits} bits; RSA2 needs 2048 or more.`, MAKE_RSA2)
  return key
}

const MAKE_RSA2 =
  "make an RSA2 pair of 2048 bits with Alipay's key tool 支付宝开放平台密钥工具, and save it in the app."
