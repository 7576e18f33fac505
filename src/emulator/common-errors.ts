// The common errors (公共错误码), checked before any business and in the gateway's order: app, required, formats, method, signature, permission.
import { Refusal, type SubCode } from './answers.ts'
import { charsetOf, decode } from './charset.ts'
import { parseBeijingTime } from './clock.ts'
import type { Params } from './incoming.ts'
import { API_METHODS, PAGE_METHODS } from './methods/method-table.ts'
import type { Platform } from './platform.ts'
import { textToSign, verifyBytes } from './signature.ts'

const REQUIRED: readonly (readonly [string, SubCode])[] = [
  ['method', 'isv.missing-method'],
  ['sign', 'isv.missing-signature'],
  ['sign_type', 'isv.missing-signature-type'],
  ['timestamp', 'isv.missing-timestamp'],
  ['version', 'isv.missing-version'],
]
const REQUIRED_WITH_CERTIFICATES: typeof REQUIRED = [
  ...REQUIRED,
  ['app_cert_sn', 'isv.missing-app-cert-sn'],
  ['alipay_root_cert_sn', 'isv.missing-alipay-root-cert-sn'],
]

/** [guess G12] Throws the first refusal that applies. */
export function refuseCommonErrors(params: Params, platform: Platform): void {
  checkApp(params.values, platform)
  const required = platform.certificates ? REQUIRED_WITH_CERTIFICATES : REQUIRED
  for (const [name, sub_code] of required) if (!params.values.get(name)) throw new Refusal(sub_code)
  if (params.contradictory) throw new Refusal('isv.invalid-parameter')
  checkFormats(params.values)
  checkMethod(params.values.get('method') ?? '')
  checkCertificates(params.values, platform)
  checkSignature(params, platform)
  platform.console.refuseDenied(params.values.get('method') ?? '', 'isv.insufficient-isv-permissions')
  // No content encryption key is configured, so nothing can be decrypted.
  if (params.values.get('encrypt_type')) throw new Refusal('isv.decryption-error-unknown')
}

function checkApp(values: Params['values'], platform: Platform): void {
  if (!values.get('app_id')) throw new Refusal('isv.missing-app-id')
  if (!isKnownApp(values, platform)) throw new Refusal('isv.invalid-app-id')
}

/** Without a known app there is no key to sign an answer for. */
export function isKnownApp(values: Params['values'], platform: Platform): boolean {
  return platform.apps.has(values.get('app_id') ?? '') && platform.console.app === 'online'
}

function checkFormats(values: Params['values']): void {
  if (!charsetOf(values.get('charset'))) throw new Refusal('isv.invalid-charset')
  if ((values.get('format') || 'JSON').toUpperCase() !== 'JSON') throw new Refusal('isv.invalid-format')
  if (values.get('sign_type') !== 'RSA2') throw new Refusal('isv.invalid-signature-type')
  if (values.get('version') !== '1.0') throw new Refusal('isv.invalid-parameter')
  if (parseBeijingTime(values.get('timestamp') ?? '') === undefined) throw new Refusal('isv.invalid-timestamp')
}

function checkMethod(name: string): void {
  if (API_METHODS.has(name) || PAGE_METHODS.has(name)) return
  const named = name.slice(0, 128)
  throw new Refusal(
    'isv.invalid-method',
    `本地模拟网关没有模拟接口 ${named} / This local emulator does not emulate the method ${named}`,
  )
}

/** The app's certificate holds the key that the signature is checked with, so it comes first. */
function checkCertificates(values: Params['values'], { certificates }: Platform): void {
  if (!certificates) return
  if (values.get('app_cert_sn') !== certificates.app.sn) throw new Refusal('isv.app-cert-not-exist')
  if (values.get('alipay_root_cert_sn') !== certificates.root.sn) {
    throw new Refusal('isv.invalid-alipay-root-cert-sn')
  }
}

function checkSignature({ values, raw, charset }: Params, platform: Platform): void {
  const bytes = Buffer.from(textToSign(raw, ['sign']), 'latin1')
  const keys = platform.apps.get(values.get('app_id') ?? '')
  if (keys && verifyBytes(bytes, values.get('sign') ?? '', keys.publicKey)) return
  const built = decode(bytes, charset).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  throw new Refusal(
    'isv.invalid-signature',
    `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：${built}`,
  )
}
