// The outer JSON of an answer: one byte string, its slashes escaped, is signed, and exactly those bytes are sent.
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Fields } from './answers.ts'
import { type Charset, encodeJson } from './charset.ts'
import { type Answer, gatewayJson } from './reply.ts'
import { type Keys, signBytes } from './signature.ts'

export const ERROR_KEY = 'error_response'

/** What an answer is signed and written with; in certificate mode it names Alipay's certificate. */
export interface Signer {
  readonly charset: Charset
  readonly keys: Keys
  readonly certificates: { readonly alipay: { readonly sn: string } } | undefined
}

export type Envelope = (key: string, fields: Fields, signer: Signer) => Answer

/** [guess G15] The method's own key; `error_response` where the name is missing or could not be a key. */
export function responseKey(method: string): string {
  return /^[A-Za-z0-9_.]{1,128}$/.test(method) ? `${method.replaceAll('.', '_')}_response` : ERROR_KEY
}

export const unsignedEnvelope: Envelope = (key, fields, { charset }) =>
  answer(`{"${key}":${responseText(fields)}}`, charset)

export const signedEnvelope: Envelope = (key, fields, signer) => sealed(key, responseText(fields), signer)

/** Alipay writes every slash as `\/` and signs that (common/02mse7); yansongda/pay verifies no other way. */
function responseText(fields: Fields): string {
  return JSON.stringify(fields).replaceAll('/', '\\/')
}

/** Recorded in old sandbox answers: `sign`, with certificates also the SN, before the response. */
export const signFirstEnvelope: Envelope = (key, fields, signer) => {
  const response = responseText(fields)
  const head = [signature(response, signer), ...certificateSn(signer)].join()
  return answer(`{${head},"${key}":${response}}`, signer.charset)
}

/** As a rule slashes are escaped; clients have to take both. The added field makes sure that there is one. */
export const escapedSlashEnvelope: Envelope = (key, fields, signer) => signedEnvelope(key, withSlash(fields), signer)
export const plainSlashEnvelope: Envelope = (key, fields, signer) =>
  sealed(key, JSON.stringify(withSlash(fields)), signer)

function withSlash(fields: Fields): Fields {
  return { ...fields, ext_infos: 'https://open.alipay.com/' }
}

/** A well-formed signature by the right key, of other bytes. */
export const wrongSignEnvelope: Envelope = (key, fields, signer) => {
  const response = responseText(fields)
  return sealed(key, response, signer, `${response} `)
}

/** The genuine answer, signed, then a rosy forgery under the same key, which JSON.parse prefers. */
export const doubledEnvelope: Envelope = (key, fields, signer) => {
  const { sub_code: _code, sub_msg: _msg, ...rest } = fields
  const rosy = { trade_status: 'TRADE_SUCCESS', fund_change: 'Y', refund_status: 'REFUND_SUCCESS' }
  const forged = responseText({ ...rest, code: '10000', msg: 'Success', ...rosy })
  const genuine = responseText(fields)
  return sealed(key, `${genuine},"${key}":${forged}`, signer, genuine)
}

/**
 * As after Alipay changed its certificate: a SN that the client does not know, and the key behind it. Any key but
 * Alipay's will do for that; the application's may be at hand.
 */
export const otherCertEnvelope: Envelope = (key, fields, { keys, charset }) => {
  const certificates = { alipay: { sn: randomBytes(16).toString('hex') } }
  const { privateKey = newPrivateKey() } = keys.application
  return signedEnvelope(key, fields, {
    charset,
    keys: { ...keys, alipay: { ...keys.alipay, privateKey } },
    certificates,
  })
}

function newPrivateKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}

function sealed(key: string, response: string, signer: Signer, signed = response): Answer {
  const members = [response, ...certificateSn(signer), signature(signed, signer)].join()
  return answer(`{"${key}":${members}}`, signer.charset)
}

function answer(text: string, charset: Charset): Answer {
  return gatewayJson(encodeJson(text, charset), charset === 'gbk' ? 'GBK' : charset)
}

function certificateSn({ certificates }: Signer): string[] {
  return certificates ? [`"alipay_cert_sn":"${certificates.alipay.sn}"`] : []
}

function signature(text: string, { keys, charset }: Signer): string {
  return `"sign":"${signBytes(encodeJson(text, charset), keys.alipay.privateKey)}"`
}
