// Judges an answer: verifies the bytes that were signed, and sorts it into the three outcomes.
import { type KeyObject, verify } from 'node:crypto'
import { misfitOf } from './answer-fits.ts'
import { type Envelope, type Fields, openEnvelope } from './envelope.ts'
import type { Exchanged } from './exchange.ts'
import { describeForeign } from './foreign-answer.ts'
import type { Outcome, Refusal } from './gateway.ts'
import { encodeGbk } from './gb18030.ts'
import { COMMON_CODES, DEFINITE_REFUSALS, saysUnknown } from './refusals/refusals.ts'

/**
 * @param changing whether the method changes something: then only what is certain counts as refused
 * @param alipayCertSn in certificate mode, the number of the certificate that holds the key
 * @param asked the content of the request; an answer about another order, or refund, proves nothing
 */
export function judge(
  method: string,
  exchanged: Exchanged,
  alipayPublicKey: KeyObject,
  changing: boolean,
  asked: Fields = {},
  alipayCertSn?: string,
): Outcome<Fields> {
  if (exchanged.kind === 'not_sent') {
    return { outcome: 'refused', refusal: { verified: false, not_sent: exchanged.why } }
  }
  if (exchanged.kind === 'lost') return { outcome: 'unknown', why: exchanged.why }
  const unknown = (why: string) => ({ outcome: 'unknown', why }) as const

  const envelope = openEnvelope(exchanged.bytes, method)
  if (!envelope) return unknown(describeForeign(exchanged))
  if (exchanged.status !== 200) return unknown(`the gateway answered HTTP ${exchanged.status}`)
  const { fields } = envelope
  const signed = envelope.signature !== undefined
  if (signed && alipayCertSn !== undefined && envelope.alipay_cert_sn !== alipayCertSn)
    return unknown(envelope.alipay_cert_sn === undefined ? NO_CERTIFICATE : OTHER_CERTIFICATE)
  if (signed && !verified(envelope, alipayPublicKey)) return unknown(BAD_SIGNATURE)

  const misfit = misfitOf(method, fields, asked)
  if (misfit) return unknown(misfit)
  const refusal = refusalOf(fields, signed, exchanged.trace_id)
  if (COMMON_CODES.has(refusal.code ?? '') && !saysUnknown(refusal.sub_code, refusal.code)) {
    return { outcome: 'refused', refusal }
  }
  if (!signed) return unknown(`the answer was not signed (${words(refusal)})`)
  if (isSuccess(method, fields.code) && !envelope.isError) return { outcome: 'done', answer: fields }
  if (fields.code === '40004' && isDefinite(method, refusal.sub_code, changing)) {
    return { outcome: 'refused', refusal }
  }
  return unknown(`Alipay answered ${words(refusal)}`)
}

// Alipay's longest message repeats the whole string that was signed.
const LONGEST_WORDS = 2_000

const BAD_SIGNATURE =
  'the signature of the answer does not fit ALIPAY_PUBLIC_KEY: it does not come from Alipay, or was changed on the' +
  " way, or the key is not Alipay's public key of this app and environment (支付宝公钥, not the application's own public key 应用公钥)"

const NO_CERTIFICATE =
  'the answer names no certificate, as answers to an app in certificate mode 公钥证书 do: the app may be in public-key mode' +
  ' 公钥 in the console, so that ALIPAY_PUBLIC_KEY takes the place of the three certificates'

const OTHER_CERTIFICATE =
  "the answer was signed with another certificate than ALIPAY_PUBLIC_CERT_FILE: download Alipay's new certificate" +
  ' (支付宝公钥证书) from the console of the app'

/** 10003 is of alipay.trade.pay alone: the trade exists, and its payment is under way. */
function isSuccess(method: string, code: unknown): boolean {
  return code === '10000' || (code === '10003' && method === 'alipay.trade.pay')
}

function isDefinite(method: string, sub_code: string | undefined, changing: boolean): boolean {
  if (!sub_code || saysUnknown(sub_code, undefined)) return false
  if (!changing) return true
  const table: Readonly<Record<string, ReadonlySet<string>>> = DEFINITE_REFUSALS
  return table[method]?.has(sub_code) ?? false
}

function refusalOf(fields: Fields, verified: boolean, trace_id: string | undefined): Refusal {
  const text = (key: string) => (typeof fields[key] === 'string' ? fields[key].slice(0, LONGEST_WORDS) : undefined)
  return {
    code: text('code'),
    msg: text('msg'),
    sub_code: text('sub_code'),
    sub_msg: text('sub_msg'),
    trace_id,
    verified,
  }
}

function words({ code, sub_code, sub_msg }: Refusal): string {
  return [code ?? 'no code', sub_code, sub_msg].filter(Boolean).join(' ')
}

function verified(envelope: Envelope, key: KeyObject): boolean {
  const { signature } = envelope
  if (!signature) return false
  for (const form of signedForms(envelope)) if (verify('RSA-SHA256', form, key, signature)) return true
  return false
}

/**
 * What may have been signed: the bytes as they came, almost always; with `/` as `\/`, as Alipay signs some answers
 * (common/02mse7); the same in the other encoding, where a proxy wrote the text anew.
 */
function* signedForms({ raw, text }: Envelope): Generator<Buffer> {
  yield raw
  const texts = [...new Set([text, text.replace(/(?<!\\)\//g, '\\/')])]
  const inUtf8 = texts.map((one) => Buffer.from(one))
  yield* inUtf8.filter((form) => !form.equals(raw))
  // Where there are no more bytes than characters it is ASCII, and the same in both.
  if (inUtf8[0]?.length === text.length) return
  yield* texts.map(encodeGbk).filter((form) => form !== undefined)
}
