// RSA2 as Alipay documents it: the text to sign, SHA256withRSA over it, and the two key pairs.
import { generateKeyPair, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'

const newKeyPair = promisify(generateKeyPair)

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** Of an app the gateway needs the public one; whoever brings it keeps the private one. */
export interface AppKeys {
  readonly publicKey: KeyObject
  readonly privateKey?: KeyObject | undefined
}

export interface Keys {
  readonly application: AppKeys
  readonly alipay: KeyPair
}

/** With fresh pairs for those that are not given. */
export async function completeKeys(given: Partial<Keys> = {}): Promise<Keys> {
  const pairs = [given.application ?? newRsaKeys(), given.alipay ?? newRsaKeys()] as const
  const [application, alipay] = await Promise.all(pairs)
  return { application, alipay }
}

export function newRsaKeys(): Promise<KeyPair> {
  return newKeyPair('rsa', { modulusLength: 2048 })
}

export function newEcKeys(): Promise<KeyPair> {
  return newKeyPair('ec', { namedCurve: 'P-256' })
}

/** PKCS#8 without header on one line. */
export function privateText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'der' }).toString('base64')
}

/** The same key in the older form, which the official SDKs of Python and PHP want. */
export function pkcs1Text(key: KeyObject): string {
  return key.export({ type: 'pkcs1', format: 'der' }).toString('base64')
}

/** SPKI without header on one line. */
export function publicText(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64')
}

/**
 * `k=v&k=v`, raw values, ASCII order; `leaveOut` is [sign] for requests, [sign, sign_type] for returns. [guess G12] A value
 * of blanks counts as empty, as in Alipay's SDKs for Java and PHP.
 */
export function textToSign(params: Iterable<readonly [string, string]>, leaveOut: readonly string[]): string {
  return [...params]
    .filter(([key, value]) => value.trim() !== '' && !leaveOut.includes(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join('&')
}

// RSA2 gives one text always the same signature, and it is most of what an answer costs: a client that polls gets the
// one it got before.
const MOST_REMEMBERED = 500
const remembered = new WeakMap<KeyObject, Map<string, string>>()

export function signBytes(bytes: Buffer, key: KeyObject): string {
  const signatures = remembered.get(key) ?? new Map<string, string>()
  remembered.set(key, signatures)
  const content = bytes.toString('latin1')
  const known = signatures.get(content)
  if (known !== undefined) return known
  if (signatures.size >= MOST_REMEMBERED) signatures.clear()
  const signature = sign('sha256', bytes, key).toString('base64')
  signatures.set(content, signature)
  return signature
}

export function verifyBytes(bytes: Buffer, signature: string, key: KeyObject): boolean {
  return verify('sha256', bytes, key, Buffer.from(signature, 'base64'))
}
