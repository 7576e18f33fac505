// Judges what was posted as an asynchronous notification 异步通知: whether Alipay signed it, and what it then says.
import { type KeyObject, verify } from 'node:crypto'
import { decodeGb } from '../gateway/gb18030.ts'

export type NotificationFields = ReadonlyMap<string, string>

/** Why a body is not a genuine notification. */
export type Fault =
  | 'too_long'
  | 'not_a_form'
  | 'repeated_name'
  | 'no_signature'
  | 'not_rsa2'
  | 'wrong_signature'
  | 'wrong_charset'

export type Judged =
  /** Exactly what was verified. */
  | { genuine: true; fields: NotificationFields }
  /** What is `unverified` may be worth a look at Alipay, and no more. */
  | { genuine: false; fault: Fault; unverified: NotificationFields }

/** Alipay's own have two or three kilobytes. */
export const LONGEST_NOTIFICATION = 64 * 1024

/**
 * Signed are the values as they stand after URL-decoding, whatever their charset, sorted by name, without sign and
 * sign_type (common/02mse7). [guess G24] Alipay's pages differ about empty
 * values: a signature with or without them is its own.
 * @param keyOf Alipay's public key for an app_id
 */
export function judgeNotification(body: Buffer, keyOf: (app_id: string) => KeyObject): Judged {
  if (body.length > LONGEST_NOTIFICATION) return { genuine: false, fault: 'too_long', unverified: NONE }
  const entries = formEntries(body.toString('latin1'))
  if (!entries) return { genuine: false, fault: 'not_a_form', unverified: NONE }
  const raw = new Map(entries)
  const refused = (fault: Fault): Judged => ({ genuine: false, fault, unverified: raw })
  // One of two values would be verified and the other one read.
  if (raw.size !== entries.length || entries.some(hidesName)) return refused('repeated_name')
  const sign = raw.get('sign')
  if (!sign) return refused('no_signature')
  // RSA is SHA1, which can be forged.
  if (raw.get('sign_type') !== 'RSA2') return refused('not_rsa2')
  const key = keyOf(raw.get('app_id') ?? '')
  const signature = Buffer.from(sign, 'base64')
  const isSigned = (text: string) => verify('RSA-SHA256', Buffer.from(text, 'latin1'), key, signature)
  if (!isSigned(signedText(raw, false)) && !isSigned(signedText(raw, true))) return refused('wrong_signature')
  const fields = decoded(raw)
  return fields ? { genuine: true, fields } : refused('wrong_charset')
}

const DECIDING =
  /&(app_id|charset|external_agreement_no|gmt_payment|notify_id|notify_type|out_biz_no|out_trade_no|refund_fee|seller_id|total_amount|trade_no|trade_status)=/

/**
 * What is signed is joined without escapes: "subject=Tea&total_amount=1.00" may be one value or two. Whoever chose the
 * subject could have a genuine signature believed for another amount. Then the order is asked about.
 */
const hidesName = ([name, value]: Entry) => DECIDING.test(`${name}=${value}`)

const NONE: NotificationFields = new Map()

function signedText(raw: ReadonlyMap<string, string>, withEmpty: boolean): string {
  return [...raw]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && (withEmpty || value !== ''))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

type Entry = readonly [name: string, value: string]

/** Names and values, each character one byte; undefined where it is no form. */
function formEntries(text: string): Entry[] | undefined {
  const pairs = text.split('&').map(splitPair)
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined
}

function splitPair(pair: string): Entry | undefined {
  const [name = '', ...rest] = pair.split('=')
  const [key, value] = [unescapeBytes(name), unescapeBytes(rest.join('='))]
  return key && value !== undefined && rest.length > 0 ? [key, value] : undefined
}

function unescapeBytes(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  const byte = (_: string, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))
  return text.replaceAll('+', ' ').replace(/%(..)/g, byte)
}

/** In the charset that it names, UTF-8 if none; undefined where it is written in another one. */
function decoded(raw: ReadonlyMap<string, string>): NotificationFields | undefined {
  const decode = CHARSETS[(raw.get('charset') ?? 'utf-8').toLowerCase()]
  const fields = new Map<string, string>()
  for (const [name, value] of raw) {
    const [key, text] = [decode?.(Buffer.from(name, 'latin1')), decode?.(Buffer.from(value, 'latin1'))]
    if (key === undefined || text === undefined) return undefined
    fields.set(key, text)
  }
  return fields
}

type Decode = (bytes: Buffer) => string | undefined

const CHARSETS: Readonly<Record<string, Decode>> = {
  'utf-8': decodeUtf8,
  utf8: decodeUtf8,
  gbk: decodeGb,
  gb2312: decodeGb,
  gb18030: decodeGb,
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
