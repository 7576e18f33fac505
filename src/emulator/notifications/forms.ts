// The forms in which a notification can be sent on request: as it was, forged, altered, oddly written.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { encodeGbk } from '../charset.ts'
import { fenOf, yuanOf } from '../fen.ts'
import type { Platform } from '../platform.ts'
import { textToSign } from '../signature.ts'
import { encoded, type NotificationFields, signed, UNSIGNED } from './notification.ts'

interface Form {
  readonly does: string
  /** The body to post. */
  write(fields: NotificationFields, platform: Platform): string
}

const OVERSIZE = 2 * 1024 * 1024

const changed = (fields: NotificationFields, more: Record<string, string>) =>
  new Map([...fields, ...Object.entries(more)])

/** A genuine one that says something else. */
const genuineWith = (does: string, more: (fields: NotificationFields) => Record<string, string>): Form => ({
  does: `genuine, ${does}`,
  write: (fields, platform) => encoded(signed(withoutSign(changed(fields, more(fields))), platform)),
})

const TABLE = {
  again: { does: 'the same once more, as a re-delivery', write: encoded },
  altered: {
    does: 'total_amount is another one, the signature is as it was',
    write: (fields) => encoded(changed(fields, { total_amount: anotherAmount(fields) })),
  },
  forged: {
    does: "signed with a key that is not Alipay's",
    write: (fields) => encoded(changed(fields, { sign: signatureOf(fields, anyKey()) })),
  },
  unsigned: { does: 'without sign', write: (fields) => encoded(withoutSign(fields)) },
  sha1: {
    does: "sign_type RSA: SHA1, by Alipay's key",
    write: (fields, { keys }) => {
      const weak = changed(fields, { sign_type: 'RSA' })
      return encoded(changed(weak, { sign: signatureOf(weak, keys.alipay.privateKey, 'sha1') }))
    },
  },
  doubled: {
    does: 'genuine, then total_amount once more with another value',
    write: (fields) => `${encoded(fields)}&total_amount=${anotherAmount(fields)}`,
  },
  oversized: { does: 'followed by two megabytes', write: (fields) => `${encoded(fields)}&x=${'x'.repeat(OVERSIZE)}` },
  badly_encoded: {
    does: 'signed in GBK, and charset says utf-8',
    write: (fields, { keys }) => inGbk(fields, keys.alipay.privateKey),
  },
  gbk: {
    does: 'genuine, in GBK, as charset says',
    write: (fields, { keys }) => inGbk(changed(fields, { charset: 'gbk' }), keys.alipay.privateKey),
  },
  empty_value: {
    does: 'genuine, with an empty field that is not signed',
    write: (fields, platform) => encoded(changed(signed(withoutSign(fields), platform), { passback_params: '' })),
  },
  empty_value_signed: {
    does: 'genuine, with an empty field that is signed, too',
    write: (fields, { keys }) => {
      const more = changed(fields, { passback_params: '' })
      return encoded(changed(more, { sign: signatureOf(more, keys.alipay.privateKey) }))
    },
  },
  other_app: genuineWith('of another app', () => ({ app_id: '9021000000000000', auth_app_id: '9021000000000000' })),
  other_seller: genuineWith('to another seller', () => ({ seller_id: '2088000000000000' })),
  other_amount: genuineWith('with another total_amount', (fields) => ({ total_amount: anotherAmount(fields) })),
  other_agreement: genuineWith('of an agreement that nobody here signed', () => ({
    external_agreement_no: 'AGREEMENTOFANOTHERSHOP',
  })),
  other_order: genuineWith('of an order that nobody here made', () => ({ out_trade_no: 'ORDER_OF_ANOTHER_SHOP' })),
} as const satisfies Record<string, Form>

export type FormName = keyof typeof TABLE

export const FORMS: ReadonlyMap<string, Form> = new Map(Object.entries<Form>(TABLE))

function withoutSign(fields: NotificationFields): NotificationFields {
  return new Map([...fields].filter(([name]) => name !== 'sign'))
}

function anotherAmount(fields: NotificationFields): string {
  return yuanOf((fenOf(fields.get('total_amount')) ?? 0) + 1)
}

/** Over every value, the empty ones too. */
function signatureOf(fields: NotificationFields, key: KeyObject, digest = 'sha256'): string {
  return sign(digest, Buffer.from(wholeText(fields)), key).toString('base64')
}

function wholeText(fields: NotificationFields): string {
  const empty = [...fields].filter(([, value]) => value === '').map(([name]) => `${name}=`)
  const text = textToSign(fields, UNSIGNED)
  return [...text.split('&'), ...empty].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1)).join('&')
}

const nameIn = (pair: string) => pair.slice(0, pair.indexOf('='))

function inGbk(fields: NotificationFields, key: KeyObject): string {
  const bytes = (text: string) => encodeGbk(text, () => '?')
  const signature = sign('sha256', bytes(textToSign(fields, UNSIGNED)), key).toString('base64')
  return [...changed(fields, { sign: signature })]
    .map(([name, value]) => `${name}=${[...bytes(value)].map(escapedByte).join('')}`)
    .join('&')
}

const escapedByte = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`

let strangers: KeyObject | undefined

function anyKey(): KeyObject {
  strangers ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return strangers
}
