// The outer JSON of an answer: one byte string is signed, and exactly those bytes are sent.
import { randomBytes } from 'node:crypto'
import type { Fields } from './answers.ts'
import type { Platform } from './platform.ts'
import { signText } from './signature.ts'

export const ERROR_KEY = 'error_response'

/** The method's own key; `error_response` where the name is missing or could not be a key. */
export function responseKey(method: string): string {
  return /^[A-Za-z0-9_.]{1,128}$/.test(method) ? `${method.replaceAll('.', '_')}_response` : ERROR_KEY
}

export function unsignedEnvelope(key: string, fields: Fields): string {
  return `{"${key}":${JSON.stringify(fields)}}`
}

export function signedEnvelope(key: string, fields: Fields, platform: Platform): string {
  const response = JSON.stringify(fields)
  return `{"${key}":${response},${sealOf(response, platform)}}`
}

/** Recorded in old sandbox answers: `sign`, with certificates also the SN, before the response. */
export function signFirstEnvelope(key: string, fields: Fields, platform: Platform): string {
  const response = JSON.stringify(fields)
  const sn = platform.certificates ? `${certSn(platform.certificates.alipay.sn)},` : ''
  return `{"sign":"${signatureOf(response, platform)}",${sn}"${key}":${response}}`
}

/** The classic gateway writes every slash as `\/`; the added field makes sure that there is one. */
export function escapedSlashEnvelope(key: string, fields: Fields, platform: Platform): string {
  const withSlash = { ...fields, ext_infos: 'https://open.alipay.com/' }
  const response = JSON.stringify(withSlash).replaceAll('/', '\\/')
  return `{"${key}":${response},${sealOf(response, platform)}}`
}

/** A well-formed signature by the right key, of other bytes. */
export function wrongSignEnvelope(key: string, fields: Fields, platform: Platform): string {
  const response = JSON.stringify(fields)
  return `{"${key}":${response},${sealOf(`${response} `, platform)}}`
}

/** The genuine answer, signed, then a rosy forgery under the same key, which JSON.parse prefers. */
export function doubledEnvelope(key: string, fields: Fields, platform: Platform): string {
  const { sub_code: _code, sub_msg: _msg, ...rest } = fields
  const rosy = { trade_status: 'TRADE_SUCCESS', fund_change: 'Y', refund_status: 'REFUND_SUCCESS' }
  const forged = JSON.stringify({ ...rest, code: '10000', msg: 'Success', ...rosy })
  const genuine = JSON.stringify(fields)
  return `{"${key}":${genuine},"${key}":${forged},${sealOf(genuine, platform)}}`
}

/** As after Alipay changed its certificate: a SN that the client does not know, and the key behind it. */
export function otherCertEnvelope(key: string, fields: Fields, { keys }: Platform): string {
  const response = JSON.stringify(fields)
  const otherKey = keys.application.privateKey
  const sn = randomBytes(16).toString('hex')
  return `{"${key}":${response},${certSn(sn)},"sign":"${signText(response, otherKey)}"}`
}

/** What follows the response. */
function sealOf(response: string, platform: Platform): string {
  const sign = `"sign":"${signatureOf(response, platform)}"`
  return platform.certificates ? `${certSn(platform.certificates.alipay.sn)},${sign}` : sign
}

function certSn(sn: string): string {
  return `"alipay_cert_sn":"${sn}"`
}

function signatureOf(response: string, platform: Platform): string {
  return signText(response, platform.keys.alipay.privateKey)
}
