// The folder of `emulator --keys`: ids, keys and certificates that stay the same from start to start, never overwritten.
import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inChinese } from '../../doctor/chinese/in-chinese.ts'
import { parsePrivateKey } from '../../settings/keys.ts'
import { quotePath, readNamedFile } from '../../settings/named-file.ts'
import { UsageError } from '../command-line.ts'

/** Named as Alipay's console names what it gives out. */
export const CERTIFICATE_FILES = [
  ['app_cert', 'appCertPublicKey.crt'],
  ['alipay_cert', 'alipayCertPublicKey_RSA2.crt'],
  ['root_cert', 'alipayRootCert.crt'],
] as const
const IDS = 'emulator.json'
const APP_KEY = 'app_private_key.pem'
const ALIPAY_KEY = 'alipay_private_key.pem'

type CertificateTexts = Readonly<Record<(typeof CERTIFICATE_FILES)[number][0], string>>

interface KeyPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

export interface KeyFolder {
  ids: { app_id: string; seller_id: string }
  keys: { application: KeyPair | { publicKey: KeyObject }; alipay: KeyPair }
  /** Where there are some. */
  certificates: CertificateTexts | undefined
  saveCertificates(texts: Partial<CertificateTexts>): void
}

/**
 * @param appPublicKey the user's own, in whose place no pair is made
 * @throws UsageError which names the file that is missing, cannot be read, or does not fit
 */
export function openKeyFolder(folder: string, newIds: KeyFolder['ids'], appPublicKey?: KeyObject): KeyFolder {
  const at = (name: string) => join(folder, name)
  makeFolder(folder)
  requireAllOrNone([IDS, ALIPAY_KEY, ...(appPublicKey ? [] : [APP_KEY])].map(at))
  const ids = readOrMake(at(IDS), parseIds, () => `${JSON.stringify(newIds)}\n`)
  const alipay = readOrMake(at(ALIPAY_KEY), pairOf, newPrivatePem)
  const application = appPublicKey ? { publicKey: appPublicKey } : readOrMake(at(APP_KEY), pairOf, newPrivatePem)
  const certificates = readCertificates(at)
  const [[, app_cert], [, alipay_cert]] = CERTIFICATE_FILES
  if (certificates) {
    requireKey(at(app_cert), certificates.app_cert, application.publicKey)
    requireKey(at(alipay_cert), certificates.alipay_cert, alipay.publicKey)
  }
  const saveCertificates: KeyFolder['saveCertificates'] = (texts) => {
    for (const [kind, name] of CERTIFICATE_FILES) writeNew(at(name), texts[kind] ?? '')
  }
  return { ids, keys: { application, alipay }, certificates, saveCertificates }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const [code, path] = [codeOf(error), quotePath(folder)]
    throw new UsageError({
      en: `--keys names a folder that cannot be made${code}: ${path}.`,
      zh: `--keys 指定的文件夹无法创建${code}：${path}。`,
    })
  }
}

function requireAllOrNone(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path))
  const there = paths.find((path) => existsSync(path))
  if (missing === undefined || there === undefined) return
  const isAppKey = missing.endsWith(APP_KEY)
  const [absent, present] = [quotePath(missing), quotePath(there)]
  throw new UsageError({
    en: `--keys: ${absent} is missing, while ${present} is there. Put it back${isAppKey ? ', or give your own public key with --app-public-key' : ''}, or name another folder.`,
    zh: `--keys 里缺少 ${absent}，但有 ${present}。请放回${isAppKey ? '，或用 --app-public-key 给出你的应用公钥' : ''}，或换一个文件夹。`,
  })
}

function readOrMake<T>(path: string, parse: (text: string) => T, make: () => string): T {
  if (!existsSync(path)) writeNew(path, make())
  try {
    return parse(readText(path))
  } catch (error) {
    if (error instanceof UsageError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError({
      en: `--keys: ${quotePath(path)}: ${why}`,
      zh: `--keys 里的 ${quotePath(path)}：${inChinese(why)}`,
    })
  }
}

function readText(path: string): string {
  const file = readNamedFile(path)
  if ('unreadable' in file) {
    throw new UsageError({
      en: `--keys ${file.unreadable}: ${quotePath(path)}.`,
      zh: `--keys ${inChinese(file.unreadable)}：${quotePath(path)}。`,
    })
  }
  return file.text
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const code = codeOf(error)
    throw new UsageError({
      en: `--keys: ${quotePath(path)} cannot be written${code}.`,
      zh: `--keys：写不了 ${quotePath(path)}${code}。`,
    })
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '')

function parseIds(text: string): KeyFolder['ids'] {
  const ids: unknown = JSON.parse(text)
  const id = (name: string) => (typeof ids === 'object' && ids !== null ? Reflect.get(ids, name) : undefined)
  const [app_id, seller_id] = [id('app_id'), id('seller_id')]
  const good = (value: unknown): value is string => typeof value === 'string' && /^\d{16}$/.test(value)
  if (!good(app_id) || !good(seller_id)) throw new Error('this is not { "app_id", "seller_id" } of 16 digits each.')
  return { app_id, seller_id }
}

function newPrivatePem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
}

function pairOf(pem: string): KeyPair {
  const privateKey = parsePrivateKey(pem)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function readCertificates(at: (name: string) => string): CertificateTexts | undefined {
  const paths = CERTIFICATE_FILES.map(([, name]) => at(name))
  requireAllOrNone(paths)
  if (!paths.every((path) => existsSync(path))) return undefined
  const [app = '', alipay = '', root = ''] = paths.map(readCertificate)
  return { app_cert: app, alipay_cert: alipay, root_cert: root }
}

function readCertificate(path: string): string {
  const text = readText(path)
  try {
    new X509Certificate(text)
    return text
  } catch {
    throw new UsageError({
      en: `--keys: ${quotePath(path)} is no certificate.`,
      zh: `--keys：${quotePath(path)} 不是证书。`,
    })
  }
}

function requireKey(path: string, pem: string, key: KeyObject): void {
  if (new X509Certificate(pem).publicKey.equals(key)) return
  throw new UsageError({
    en: `--keys: ${quotePath(path)} holds another key than the one in use; name another folder.`,
    zh: `--keys：${quotePath(path)} 里的密钥不是正在使用的那一把，请换一个文件夹。`,
  })
}

/** Absolute, because it stands in settings that are read elsewhere. */
export function folderNamed(keys: string): string {
  if (!quotePath(keys).startsWith('"')) {
    throw new UsageError({
      en: '--keys takes the name of a folder, not a key.',
      zh: '--keys 的值须是文件夹名，不是密钥。',
    })
  }
  return resolve(keys)
}
