// RSA keys in every form that people paste: PKCS#1 or PKCS#8, PEM or bare base64, one line or many.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto'
import { inspect } from 'node:util'
import { type Block, blocksOf, PastedTextError, passwordError, whatIsMissing } from './pasted-text.ts'

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
export function parsePrivateKey(text: string): KeyObject {
  const block = pickBlock(text, 'PRIVATE KEY', 'ALIPAY_PRIVATE_KEY_FILE')
  const key = privateKeyIn(block)
  if (!key) throw new PastedTextError(describeBlock(block, 'the private key of the application'))
  const whole = requireRsa2(key)
  const probe = Buffer.from('probe')
  const works = firstThatWorks(() =>
    verify('RSA-SHA256', probe, createPublicKey(whole), sign('RSA-SHA256', probe, whole)),
  )
  if (!works) throw new PastedTextError('this private key is damaged: what it signs does not verify.')
  return whole
}

/** Alipay's public key; throws like parsePrivateKey. */
export function parsePublicKey(text: string): KeyObject {
  const block = pickBlock(text, 'PUBLIC KEY', 'ALIPAY_PUBLIC_KEY_FILE')
  const key = publicKeyIn(block)
  if (!key) throw new PastedTextError(describeBlock(block, "Alipay's public key"))
  return requireRsa2(key)
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

/** What a block is that is not what was wanted. */
function describeBlock(block: Block, wanted: string): string {
  if (block.label?.includes('REQUEST')) return 'this is a request for a certificate (CSR).'
  if (block.label?.includes('CERTIFICATE') || certificateIn(block)) return 'this is a certificate, not a key.'
  if (publicKeyIn(block)) return 'this is a public key, not a private one.'
  if (privateKeyIn(block)) return 'this is a private key, not a public one.'
  return whatIsMissing(block) ?? `this is not ${wanted}, or a part of it is missing.`
}

export const certificateIn = ({ der }: Block) => firstThatWorks(() => new X509Certificate(der))

function pickBlock(text: string, label: string, fileVariable: string): Block {
  const blocks = blocksOf(text, fileVariable)
  const block = blocks.find((one) => one.label?.endsWith(label)) ?? blocks[0]
  if (!block) throw new PastedTextError('this is empty.')
  return block
}

/** By its content: labels are often wrong. */
export function privateKeyIn({ der }: Block): KeyObject | undefined {
  const read = (type: 'pkcs8' | 'pkcs1' | 'sec1') => () => createPrivateKey({ key: der, format: 'der', type })
  try {
    return read('pkcs8')()
  } catch (error) {
    const locked = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE'
    if (locked) throw passwordError()
  }
  return firstThatWorks(read('pkcs1'), read('sec1'))
}

export function publicKeyIn({ der }: Block): KeyObject | undefined {
  const read = (type: 'spki' | 'pkcs1') => () => createPublicKey({ key: der, format: 'der', type })
  return privateKeyIn({ der, label: undefined }) ? undefined : firstThatWorks(read('spki'), read('pkcs1'))
}

/** The first that does not throw; OpenSSL's own messages help nobody, and some quote their input. */
function firstThatWorks<T>(...attempts: (() => T)[]): T | undefined {
  for (const attempt of attempts) {
    try {
      return attempt()
    } catch {}
  }
  return undefined
}
