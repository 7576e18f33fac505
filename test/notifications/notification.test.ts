// What counts as a genuine notification, and that exactly what was verified is read.
import { AlipaySdk } from 'alipay-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeNotification, LONGEST_NOTIFICATION } from '../../src/notifications/notification.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { PAID, signedBody } from './notification-bodies.ts'

const judge = (body: string | Buffer) => judgeNotification(Buffer.from(body), () => alipay.publicKey)
const faultOf = (body: string | Buffer) => {
  const judged = judge(body)
  return judged.genuine ? 'genuine' : judged.fault
}
const fieldsOf = (body: string | Buffer) => {
  const judged = judge(body)
  return judged.genuine ? Object.fromEntries(judged.fields) : judged.fault
}

describe('genuine', () => {
  it('is what Alipay signed, its fields as they were sent', () => {
    expect(fieldsOf(signedBody(PAID))).toStrictEqual({ ...PAID, sign: expect.any(String) })
  })

  it.each([
    ['an empty value that is signed', { skipEmpty: false }],
    ['an empty value that is left out of what is signed', { skipEmpty: true }],
  ])('is one with %s', (_, options) => {
    expect(fieldsOf(signedBody({ ...PAID, passback_params: '' }, options))).toMatchObject({ passback_params: '' })
  })

  it('is one without charset, read as UTF-8', () => {
    const { charset: _, ...fields } = PAID
    expect(fieldsOf(signedBody(fields))).toMatchObject({ subject: PAID.subject })
  })

  it('keeps what the names of objects mean in JavaScript out of it', () => {
    const judged = judge(`${signedBody({ ...PAID, constructor: 'x', ['__proto__']: 'y' })}`)
    expect(judged.genuine && judged.fields.get('constructor')).toBe('x')
  })
})

describe('not genuine', () => {
  it.each([
    ['forged with another key', signedBody(PAID, { key: app.privateKey }), 'wrong_signature'],
    ['altered', signedBody(PAID).replace('total_amount=20.00', 'total_amount=2.00'), 'wrong_signature'],
    ['with a field more', `${signedBody(PAID)}&refund_fee=1.00`, 'wrong_signature'],
    ['with a name more', signedBody(PAID).replace('subject=', 'subject=&Subject='), 'wrong_signature'],
    ['with a field less', signedBody(PAID).replace(/&seller_id=\d+/, ''), 'wrong_signature'],
    [
      'with a signature that is none',
      signedBody(PAID).replace(/sign=[^&]*$/, 'sign=%%%'.replaceAll('%', '*')),
      'wrong_signature',
    ],
    ['unsigned', signedBody(PAID).replace(/&sign=[^&]*$/, ''), 'no_signature'],
    ['with an empty signature', signedBody(PAID).replace(/sign=[^&]*$/, 'sign='), 'no_signature'],
    ['SHA1, said', signedBody({ ...PAID, sign_type: 'RSA' }, { digest: 'sha1' }), 'not_rsa2'],
    ['SHA1, called RSA2', signedBody(PAID, { digest: 'sha1' }), 'wrong_signature'],
    ['RSA2 with sign_type in other letters', signedBody({ ...PAID, sign_type: 'rsa2' }), 'not_rsa2'],
    ['without sign_type', signedBody(PAID).replace('&sign_type=RSA2', ''), 'not_rsa2'],
    ['with a name twice', `${signedBody(PAID)}&total_amount=20.00`, 'repeated_name'],
    ['with the sign twice', `${signedBody(PAID)}&sign=x`, 'repeated_name'],
    ['with a name twice, once escaped', `${signedBody(PAID)}&%74otal_amount=20.00`, 'repeated_name'],
    ['empty', '', 'not_a_form'],
    ['JSON', '{"trade_status":"TRADE_SUCCESS"}', 'not_a_form'],
    ['with a broken escape', `${signedBody(PAID)}&x=%4`, 'not_a_form'],
    ['with an empty pair', `${signedBody(PAID)}&`, 'not_a_form'],
    ['too long', `${signedBody(PAID)}&x=${'x'.repeat(LONGEST_NOTIFICATION)}`, 'too_long'],
  ])('is one %s', (_, body, fault) => {
    expect(faultOf(body)).toBe(fault)
  })

  it('is one signed in a charset that it does not name, or that nobody knows', () => {
    const latin = signedBody({ ...PAID, subject: 'PLACE' })
    expect(faultOf(latin.replace('PLACE', '%BF%A7'))).toBe('wrong_signature')
    expect(faultOf(signedBody({ ...PAID, charset: 'big5' }))).toBe('wrong_charset')
  })

  it('tells what it claims, not verified', () => {
    const judged = judge(signedBody(PAID, { key: app.privateKey }))
    expect(!judged.genuine && judged.unverified.get('out_trade_no')).toBe('ORDER_1')
  })
})

it('asks for the key of the app that it names', () => {
  const asked: string[] = []
  judgeNotification(Buffer.from(signedBody(PAID)), (app_id) => {
    asked.push(app_id)
    return alipay.publicKey
  })
  expect(asked).toEqual(['9021000000000001'])
})

it("agrees with alipay-sdk's checkNotifySignV2 on any fields without empty values", () => {
  const sdk = new AlipaySdk({
    appId: '9021000000000001',
    privateKey: app.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    alipayPublicKey: alipay.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  })
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), text), fc.boolean(), (more, altered) => {
      const { sign: _s, sign_type: _t, charset: _c, ...fields } = more
      const signed = signedBody({ ...PAID, ...fields })
      const body = altered ? `${signed}1` : signed
      const expected = sdk.checkNotifySignV2(Object.fromEntries(new URLSearchParams(body)))
      expect(faultOf(body) === 'genuine').toBe(expected)
    }),
    { numRuns: 200 },
  )
})

it('never throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(faultOf(Buffer.from(bytes))).not.toBe('genuine')
    }),
    { numRuns: 500 },
  )
})

describe('what is signed does not tell where a value ends, so no value may hold a name that decides', () => {
  const { sign, ...crafted } = Object.fromEntries(
    new URLSearchParams(
      signedBody({ ...PAID, total_amount: '0.01', subject: 'Tea&total_amount=20.00&total_amount_=1' }),
    ),
  )

  it.each([
    ['as Alipay sent it', crafted],
    ['divided anew', { ...crafted, subject: 'Tea', total_amount: '20.00', total_amount_: '1&total_amount=0.01' }],
  ])('%s', (_, fields) => {
    expect(faultOf(new URLSearchParams({ ...fields, sign: sign ?? '' }).toString())).toBe('repeated_name')
  })

  it.each([
    ...['app_id', 'charset', 'gmt_payment', 'notify_id', 'out_biz_no', 'out_trade_no'],
    ...['refund_fee', 'seller_id', 'total_amount', 'trade_no', 'trade_status'],
  ])('%s is one', (name) => {
    expect(faultOf(signedBody({ ...PAID, subject: `Tea&${name}=1` }))).toBe('repeated_name')
  })

  it('and others it may', () => {
    expect(faultOf(signedBody({ ...PAID, subject: 'a&b=1&my_total_amount=2' }))).toBe('genuine')
  })
})
