// RSA keys in every form that people paste: PKCS#1 or PKCS#8, PEM or bare base64, one line or many.
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { inspect } from 'node:util'

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

/** The application's private key; throws an Error whose message says what the text is instead, never the text. */
export function parsePrivateKey(text: string): KeyObject {
  const { der, label } = decode(text)
  const key = firstOf(
    () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
  )
  const whole = checked(key, () => whatItIs(der, label, 'the private key of the application'))
  const probe = Buffer.from('probe')
  const works = firstOf(() =>
    verify('RSA-SHA256', probe, createPublicKey(whole), sign('RSA-SHA256', probe, whole)),
  )
  if (!works) throw new Error('this private key is damaged: what it signs does not verify.')
  return whole
}

/** Alipay's public key; throws like parsePrivateKey. */
export function parsePublicKey(text: string): KeyObject {
  const { der, label } = decode(text)
  if (isPrivate(der)) throw new Error('this is a private key, not a public one.')
  const key = firstOf(
    () => createPublicKey({ key: der, format: 'der', type: 'spki' }),
    () => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }),
  )
  return checked(key, () => whatItIs(der, label, "Alipay's public key"))
}

/** Whether the public key is the other half of the private one. */
export function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(publicKey)
}

function decode(text: string): { der: Buffer; label: string | undefined } {
  if (/ENCRYPTED/.test(text)) throw new Error('this key is protected by a password; give one without.')
  const lines = text.trim().replaceAll('\\n', '\n').replaceAll('\\r', '')
  const pem = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*)-----END \1-----/.exec(lines)
  const base64 = (pem?.[2] ?? lines).replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new Error('this is neither a PEM text nor base64: a part may be missing or not belong here.')
  }
  return { der: Buffer.from(base64, 'base64'), label: pem?.[1] }
}

function checked(key: KeyObject | undefined, wrong: () => string): KeyObject {
  if (!key) throw new Error(wrong())
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`this is a key for ${key.asymmetricKeyType}, not RSA.`)
  if (bits < 2048) throw new Error(`this RSA key has ${bits} bits; RSA2 needs 2048 or more.`)
  return key
}

function whatItIs(der: Buffer, label: string | undefined, wanted: string): string {
  if (label?.includes('CERTIFICATE')) return 'this is a certificate, not a key.'
  if (firstOf(() => createPublicKey({ key: der, format: 'der', type: 'spki' }))) {
    return 'this is a public key, not a private one.'
  }
  return `this is not ${wanted}, or a part of it is missing.`
}

function isPrivate(der: Buffer): boolean {
  return Boolean(
    firstOf(
      () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      () => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
    ),
  )
}

/** The first that does not throw; OpenSSL's own messages help nobody, and some quote their input. */
function firstOf<T>(...attempts: (() => T)[]): T | undefined {
  for (const attempt of attempts) {
    try {
      return attempt()
    } catch {}
  }
  return undefined
}
