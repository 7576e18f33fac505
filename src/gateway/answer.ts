// Judges an answer: finds the signed text, verifies it, parses nothing else, and sorts it into the three outcomes.
import { type KeyObject, verify } from 'node:crypto'
import { misfitOf } from './answer-fits.ts'
import type { Exchanged } from './exchange.ts'
import type { Outcome, Refusal } from './gateway.ts'
import { COMMON_CODES, DEFINITE_REFUSALS, saysUnknown } from './refusals/refusals.ts'

export type Fields = Readonly<Record<string, unknown>>

interface Envelope {
  /** The raw text of the answer object, byte for byte as it was signed. */
  raw: string
  sign: string | undefined
  alipay_cert_sn: string | undefined
  /** error_response: it can refuse, and never says that something was done. */
  isError: boolean
}

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
  if (exchanged.status !== 200) return unknown(`the gateway answered HTTP ${exchanged.status}`)

  const envelope = openEnvelope(exchanged.bytes.toString(), method)
  // A field that comes twice says two things.
  const fields = envelope && topLevelMembers(envelope.raw) && parseObject(envelope.raw)
  if (!envelope || !fields) return unknown('the answer was not in the form that Alipay documents')
  const signed = envelope.sign !== undefined
  if (signed && alipayCertSn !== undefined && envelope.alipay_cert_sn !== alipayCertSn)
    return unknown(OTHER_CERTIFICATE)
  if (signed && !verified(envelope, alipayPublicKey)) return unknown(BAD_SIGNATURE)

  const misfit = misfitOf(method, fields, asked)
  if (misfit) return unknown(misfit)
  const refusal = refusalOf(fields, signed, exchanged.trace_id)
  if (COMMON_CODES.has(refusal.code ?? '') && !saysUnknown(refusal.sub_code, refusal.code)) {
    return { outcome: 'refused', refusal }
  }
  if (!signed) return unknown(`the answer was not signed (${words(refusal)})`)
  if (fields.code === '10000' && !envelope.isError) return { outcome: 'done', answer: fields }
  if (fields.code === '40004' && isDefinite(method, refusal.sub_code, changing)) {
    return { outcome: 'refused', refusal }
  }
  return unknown(`Alipay answered ${words(refusal)}`)
}

// Alipay's longest message repeats the whole string that was signed.
const LONGEST_WORDS = 2_000

const BAD_SIGNATURE =
  'the signature of the answer does not fit ALIPAY_PUBLIC_KEY: it may not come from Alipay, or the key is not' +
  " Alipay's public key of this app and environment (支付宝公钥, not the application's own public key 应用公钥)"

const OTHER_CERTIFICATE =
  "the answer was signed with another certificate than ALIPAY_PUBLIC_CERT_FILE: download Alipay's new certificate" +
  ' (支付宝公钥证书) from the console of the app'

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

/** Over the raw bytes; a second time with `/` as `\/`, which is how Alipay signs some answers (common/02mse7). */
function verified({ raw, sign }: Envelope, key: KeyObject): boolean {
  const signature = Buffer.from(sign ?? '', 'base64')
  const fits = (text: string) => verify('RSA-SHA256', Buffer.from(text), key, signature)
  return fits(raw) || (raw.includes('/') && fits(raw.replace(/(?<!\\)\//g, '\\/')))
}

/**
 * Finds the answer object and the signature among the top-level members without parsing them. A key that comes
 * twice makes the whole answer void: one of the two would be read and the other one verified.
 */
function openEnvelope(text: string, method: string): Envelope | undefined {
  const members = topLevelMembers(text)
  if (!members) return undefined
  const own = members.get(`${method.replaceAll('.', '_')}_response`)
  const raw = own ?? members.get('error_response')
  if (raw === undefined) return undefined
  const value = (key: string) => {
    const text = parse(members.get(key) ?? '')
    return typeof text === 'string' && text !== '' ? text : undefined
  }
  return { raw, sign: value('sign'), alipay_cert_sn: value('alipay_cert_sn'), isError: own === undefined }
}

// A JSON string, and what can stand between strings and brackets.
const STRING = /"(?:[^"\\]|\\.)*"/y
const SPACE = /[\s]*/y

/** Key -> raw text of the value; undefined where the text is not one JSON object or has a key twice. */
function topLevelMembers(text: string): Map<string, string> | undefined {
  const body = text.trim()
  if (parseObject(body) === undefined) return undefined
  const members = new Map<string, string>()
  let at = after(SPACE, body, 1)
  while (body[at] === '"') {
    const keyEnd = after(STRING, body, at)
    const key = String(parse(body.slice(at, keyEnd)))
    const start = after(SPACE, body, after(SPACE, body, keyEnd) + 1)
    const end = valueEnd(body, start)
    if (members.has(key)) return undefined
    members.set(key, body.slice(start, end).trim())
    at = after(SPACE, body, end + 1)
  }
  return members
}

/** Index of the comma or bracket that ends the value which starts at `from`. The text is known to be valid JSON. */
function valueEnd(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    const char = text[at]
    if (char === '"') {
      at = after(STRING, text, at)
      continue
    }
    if (depth === 0 && (char === ',' || char === '}')) return at
    if (char === '{' || char === '[') depth++
    if (char === '}' || char === ']') depth--
    at++
  }
  return at
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : text.length
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function parseObject(json: string): Fields | undefined {
  const value = parse(json)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}
