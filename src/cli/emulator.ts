// alipay-mcp emulator: the emulator of Alipay's gateway alone, for any SDK in any language.
import type { KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { translated } from '../doctor/finding.ts'
import { type Emulator, newIds, startEmulator } from '../emulator/emulator.ts'
import { inLanguages } from '../language.ts'
import { certificateIn, publicKeyIn } from '../settings/der.ts'
import { requireRsa2 } from '../settings/keys.ts'
import { quotePath, readNamedFile } from '../settings/named-file.ts'
import { blocksOf } from '../settings/pasted-text.ts'
import { type CommandLine, UsageError } from './command-line.ts'
import { CERTIFICATE_FILES, folderNamed, type KeyFolder, openKeyFolder } from './emulator/key-folder.ts'

/** Prints how to reach it, then runs until SIGTERM or SIGINT. */
export async function emulator(line: CommandLine): Promise<number> {
  return run(line).catch((error: unknown) => {
    throw error instanceof UsageError ? error.in(line.language) : error
  })
}

async function run(line: CommandLine): Promise<number> {
  const port = portOf(line)
  const appPublicKey = line.appPublicKey === undefined ? undefined : readAppPublicKey(line.appPublicKey)
  // Clients read certificates from files, so without a folder of the user's there is one for this run.
  const passing = line.keys === undefined && line.certificates ? newPassingFolder() : undefined
  try {
    const folder = line.keys === undefined ? passing : folderNamed(line.keys)
    const opened = folder === undefined ? undefined : openKeyFolder(folder, newIds(), appPublicKey)
    const running = await start({ ...line, port }, opened, appPublicKey)
    if (line.certificates && !opened?.certificates) opened?.saveCertificates(running)
    process.stdout.write((line.json ? jsonLine : envLines)(running, { ...line, folder }))
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve)
      process.once('SIGINT', resolve)
    })
    await running.close()
    return 0
  } finally {
    if (passing !== undefined) rmSync(passing, { recursive: true, force: true })
  }
}

function portOf({ variables }: CommandLine): number {
  const port = Number(variables.ALIPAY_EMULATOR_PORT ?? 0)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError({
    en: '--port takes a whole number from 0 to 65535.',
    zh: '--port 的值须是 0 到 65535 的整数。',
  })
}

function gatewayAddressOf({ appGateway }: CommandLine): string | undefined {
  if (appGateway === undefined || (/^https?:\/\//i.test(appGateway) && URL.canParse(appGateway))) return appGateway
  throw new UsageError({
    en: '--app-gateway takes an address that begins with http:// or https://.',
    zh: '--app-gateway 的值须是以 http:// 或 https:// 开头的地址。',
  })
}

type Started = CommandLine & { port: number }

function start(line: Started, opened: KeyFolder | undefined, appPublicKey: KeyObject | undefined) {
  const own = appPublicKey && { keys: { application: { publicKey: appPublicKey } } }
  const kept = opened && { ids: opened.ids, keys: opened.keys }
  const certificates = line.certificates && (opened?.certificates ?? true)
  const { port, sandboxRules } = line
  const appGateway = gatewayAddressOf(line)
  const asked = { port, sandboxRules, certificates, ...(appGateway && { appGateway }) }
  return startEmulator({ ...asked, ...(kept ?? own) }).catch((error) => {
    throw new UsageError(translated(error instanceof Error ? error.message : String(error)))
  })
}

function newPassingFolder(): string {
  return mkdtempSync(join(tmpdir(), 'alipay-emulator-'))
}

/** PEM, base64 without a frame, or the certificate of the app; a private key has no business here. */
function readAppPublicKey(path: string): KeyObject {
  const file = readNamedFile(path)
  if ('unreadable' in file) {
    const why = translated(file.unreadable)
    throw new UsageError({
      en: `--app-public-key ${why.en}: ${quotePath(path)}.`,
      zh: `--app-public-key ${why.zh}：${quotePath(path)}。`,
    })
  }
  try {
    const [block] = blocksOf(file.text, '--app-public-key')
    const key = block && (publicKeyIn(block) ?? certificateIn(block)?.publicKey)
    if (key) return requireRsa2(key)
    throw new Error('this is no public key; give the 应用公钥 of your app, as PEM or base64, or its certificate.')
  } catch (error) {
    const why = translated(error instanceof Error ? error.message : String(error))
    throw new UsageError({
      en: `--app-public-key: ${quotePath(path)}: ${why.en}`,
      zh: `--app-public-key：${quotePath(path)}：${why.zh}`,
    })
  }
}

type Printed = CommandLine & { folder: string | undefined }

function jsonLine(running: Emulator, line: Printed): string {
  const { close: _close, apps: _apps, private_key, private_key_pkcs1, ...rest } = running
  const pair = line.appPublicKey === undefined && { private_key, private_key_pkcs1 }
  return `${JSON.stringify({ ...rest, ...pair, ...Object.fromEntries(certificateSettings(line)) })}\n`
}

const TEXT = inLanguages({
  title: {
    en: "# Local emulator of Alipay's gateway: no real money. ",
    zh: '# 支付宝网关本地模拟器，不涉及真实资金。',
  },
  newKeys: { en: 'New keys at each start.', zh: '每次启动生成新密钥。' },
  keptKeys: { en: 'The keys stay in the folder.', zh: '密钥保存在文件夹里。' },
  overview: {
    en: (url: string) => `# In a browser, to see trades and to pay: ${url}`,
    zh: (url: string) => `# 用浏览器查看交易、付款：${url}`,
  },
  control: { en: (url: string) => `# Control: curl -s ${url}`, zh: (url: string) => `# 控制接口：curl -s ${url}` },
  certificates: {
    en: "# Certificate mode: the app's certificate, Alipay's, and the root certificates.",
    zh: '# 公钥证书模式：应用公钥证书、支付宝公钥证书和支付宝根证书。',
  },
  ownKey: {
    en: (path: string) => `# ALIPAY_PRIVATE_KEY_FILE: your own private key, the other half of ${path}.`,
    zh: (path: string) => `# ALIPAY_PRIVATE_KEY_FILE：你自己的应用私钥，与 ${path} 成对。`,
  },
  pkcs1: {
    en: '# The same private key as PKCS#1, which the official SDKs of Python and PHP want:',
    zh: '# 同一把私钥的 PKCS#1 格式，供官方 Python 和 PHP SDK 使用：',
  },
})

/** Fit for --dotenv. */
function envLines(running: Emulator, line: Printed): string {
  const { gateway, app_id, seller_id, alipay_public_key, control_url } = running
  const say = TEXT(line.language)
  const certificates = certificateSettings(line)
  return [
    `${say.title}${line.keys === undefined ? say.newKeys : say.keptKeys}`,
    say.overview(new URL('/', gateway).href),
    say.control(control_url),
    'ALIPAY_ENV=local',
    `ALIPAY_GATEWAY=${gateway}`,
    `ALIPAY_APP_ID=${app_id}`,
    `ALIPAY_SELLER_ID=${seller_id}`,
    ...privateKeyLines(running, line),
    ...(certificates.length === 0 ? [`ALIPAY_PUBLIC_KEY=${alipay_public_key}`] : [say.certificates]),
    ...certificates.map(([name, file]) => `${name}=${quoteValue(file)}`),
    '',
  ].join('\n')
}

function privateKeyLines({ private_key, private_key_pkcs1 }: Emulator, line: Printed): string[] {
  const say = TEXT(line.language)
  if (line.appPublicKey !== undefined) return [say.ownKey(quotePath(line.appPublicKey))]
  return [`ALIPAY_PRIVATE_KEY=${private_key}`, say.pkcs1, `# ${private_key_pkcs1}`]
}

const SETTINGS = {
  app_cert: 'ALIPAY_APP_CERT_FILE',
  alipay_cert: 'ALIPAY_PUBLIC_CERT_FILE',
  root_cert: 'ALIPAY_ROOT_CERT_FILE',
} as const

function certificateSettings({ certificates, folder }: Printed): [setting: string, file: string][] {
  if (!certificates || folder === undefined) return []
  return CERTIFICATE_FILES.map(([kind, name]) => [SETTINGS[kind], join(folder, name)])
}

/** A blank or a # would end a value, and double quotes take \n for a new line. */
function quoteValue(path: string): string {
  if (/^[\w./:\\-]+$/.test(path)) return path
  return path.includes("'") ? `\`${path}\`` : `'${path}'`
}
