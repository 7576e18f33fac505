// Alipay answers in GBK now and then, and signs those bytes: the outcome is the same as in UTF-8.
import { generateKeyPairSync } from 'node:crypto'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import { alipay, answered, rootOf, signatureOf } from '../keys-for-tests.ts'

const QUERY = 'alipay.trade.query'
const REFUND = 'alipay.trade.refund'
const ROOT = rootOf(QUERY)
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const gbk = (text: string) => iconv.encode(text, 'gb18030')
const judged = (bytes: Buffer, method = QUERY) =>
  judge(method, answered(bytes), alipay.publicKey, method === REFUND, { out_trade_no: 'A' })

type Fields = Readonly<Record<string, unknown>>
const jsonOf = (fields: Fields) => JSON.stringify({ out_trade_no: 'A', ...fields })
const PAID = { code: '10000', msg: 'Success', trade_status: 'TRADE_SUCCESS', store_name: '支付宝咖啡店' }

/** One answer in GBK, signed over its bytes. */
function inGbk(fields: Fields, { method = QUERY, sign = signatureOf, root = rootOf(method) } = {}): Buffer {
  const raw = gbk(jsonOf(fields))
  return Buffer.concat([gbk(`{"${root}":`), raw, gbk(`,"sign":"${sign(raw)}"}`)])
}

describe('an answer in GBK, signed over its bytes,', () => {
  it('that the system is busy is unknown, in its own words', () => {
    const busy = { code: '20000', msg: 'Service Currently Unavailable', sub_code: 'isp.unknow-error' }
    expect(judged(inGbk({ ...busy, sub_msg: '系统繁忙' }))).toStrictEqual({
      outcome: 'unknown',
      why: 'Alipay answered 20000 isp.unknow-error 系统繁忙',
    })
  })

  it('that there is no such trade is refused, and verified', () => {
    const missing = { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在' }
    expect(judged(inGbk(missing))).toMatchObject({ outcome: 'refused', refusal: { ...missing, verified: true } })
  })

  it('that a refund is refused is certain', () => {
    const poor = { code: '40004', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH', sub_msg: '卖家余额不足' }
    const refused = { outcome: 'refused', refusal: { sub_msg: '卖家余额不足', verified: true } }
    expect(judged(inGbk(poor, { method: REFUND }), REFUND)).toMatchObject(refused)
  })

  it('that an order is paid is done, with the name of the shop', () => {
    expect(judged(inGbk(PAID))).toStrictEqual({ outcome: 'done', answer: { out_trade_no: 'A', ...PAID } })
  })

  it('named error_response can refuse, and never says done', () => {
    const refusal = { code: '40002', sub_code: 'isv.invalid-app-id', sub_msg: '无效的应用' }
    expect(judged(inGbk(refusal, { root: 'error_response' }))).toMatchObject({ outcome: 'refused' })
    expect(judged(inGbk(PAID, { root: 'error_response' }))).toMatchObject({ outcome: 'unknown' })
  })

  it.each([...'@[\\]^_`{|}~'])('may have %s as the second byte of a character', (second) => {
    const firsts = Array.from({ length: 0xfe - 0x81 + 1 }, (_, n) => 0x81 + n)
    const chars = firsts.map((first) => Buffer.from([first, second.charCodeAt(0)]))
    // Each alone between quotes, each before an escaped quote, and all in a row.
    const names = chars.flatMap((char) => [Buffer.from(',"'), char, Buffer.from('\\"'), char, Buffer.from('"')])
    const raw = Buffer.concat([gbk('{"code":"10000","out_trade_no":"A","x":[""'), ...names, gbk('],"y":"'), ...chars])
    const whole = Buffer.concat([raw, gbk('"}')])
    const text = new TextDecoder('gb18030').decode(whole)
    const bytes = Buffer.concat([gbk(`{"${ROOT}":`), whole, gbk(`,"sign":"${signatureOf(whole)}"}`)])
    expect(judged(bytes)).toStrictEqual({ outcome: 'done', answer: JSON.parse(text) })
  })

  it('may have four bytes in a character, as GB18030 has', () => {
    const fields = { ...PAID, store_name: '𠮷野家😀é"\\' }
    expect(judged(inGbk(fields))).toMatchObject({ outcome: 'done', answer: fields })
  })

  it.each([
    ['changed', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('SUCCESS', 'SUCCESs'), 'latin1')],
    ['signed by somebody else', () => inGbk(PAID, { sign: (raw) => signatureOf(raw, stranger) })],
  ])('that was %s is not believed', (_what, change) => {
    expect(judged(change(inGbk(PAID)))).toMatchObject({
      outcome: 'unknown',
      why: expect.stringContaining('does not fit ALIPAY_PUBLIC_KEY'),
    })
  })
})

describe('an answer in GBK without a signature', () => {
  it.each([
    ['a common error, is refused', { code: '40002', sub_code: 'isv.invalid-app-id', sub_msg: '无效' }, 'refused'],
    ['a business error, is unknown', { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '不存在' }, 'unknown'],
    ['a success, is unknown', PAID, 'unknown'],
  ])('%s', (_what, fields, outcome) => {
    expect(judged(gbk(`{"${ROOT}":${jsonOf(fields)}}`))).toMatchObject({ outcome })
  })
})

describe('the envelope in GBK', () => {
  const raw = gbk(jsonOf(PAID))
  const sign = signatureOf(raw)
  const around = (before: string | Buffer, after: string | Buffer) =>
    Buffer.concat([before, raw, after].map((one) => (typeof one === 'string' ? gbk(one) : one)))

  it.each([
    ['the sign first', around(`{"sign":"${sign}","${ROOT}":`, '}')],
    ['a certificate number between', around(`{"${ROOT}":`, `,"alipay_cert_sn":"0a","sign":"${sign}"}`)],
    ['white space everywhere', around(`\r\n { "${ROOT}" :\t`, ` , "sign"\n:\n"${sign}" } \n`)],
    ['other members before it', around(`{"乗":["誠","\\"乗",{"乗":{}}],"${ROOT}":`, `,"z":null,"sign":"${sign}"}`)],
    ['a mark of GB18030 in front', around(`\ufeff{"${ROOT}":`, `,"sign":"${sign}"}`)],
    ['a mark of UTF-8 in front', around(Buffer.from(`\ufeff{"${ROOT}":`), `,"sign":"${sign}"}`)],
    ['another member in UTF-8', around(Buffer.from(`{"备注":"中文中","${ROOT}":`), `,"sign":"${sign}"}`)],
  ])('with %s is done', (_what, bytes) => {
    expect(judged(bytes)).toMatchObject({ outcome: 'done', answer: PAID })
  })

  it.each([
    ['the answer twice', around(`{"${ROOT}":{"code":"10000","x":"中"},"${ROOT}":`, `,"sign":"${sign}"}`)],
    ['another key twice', around(`{"中":1,"中":1,"${ROOT}":`, `,"sign":"${sign}"}`)],
    ['a Chinese letter behind it', around(`{"${ROOT}":`, `,"sign":"${sign}"}中`)],
    ['its end missing', around(`{"${ROOT}":`, `,"sign":"${sign}"`)],
  ])('with %s is unknown, and no word of the key', (_what, bytes) => {
    const { outcome, why } = Object(judged(bytes))
    expect(outcome).toBe('unknown')
    expect(why).not.toContain('ALIPAY_PUBLIC_KEY')
  })
})

describe('the encoding', () => {
  const signedAs = (signed: Buffer, sent: Buffer) =>
    Buffer.concat([Buffer.from(`{"${ROOT}":`), sent, Buffer.from(`,"sign":"${signatureOf(signed)}"}`)])

  it('that fits both is taken for UTF-8, and the outcome is the same', () => {
    const raw = gbk(jsonOf({ ...PAID, store_name: '学校' }))
    expect(judged(signedAs(raw, raw))).toMatchObject({ outcome: 'done', answer: { store_name: 'ѧУ' } })
  })

  it('that is valid UTF-8 and no JSON is GBK', () => {
    const raw = gbk(jsonOf({ ...PAID, store_name: '涓璡' }))
    expect(judged(signedAs(raw, raw))).toMatchObject({ outcome: 'done', answer: { store_name: '涓璡' } })
  })

  it('of what is signed cannot be changed by what is not', () => {
    const raw = Buffer.from(jsonOf(PAID))
    const junk = Buffer.concat([gbk('{"a":"乗中文","b":'), raw, gbk(`,"${ROOT}":`), raw])
    const bytes = Buffer.concat([junk, Buffer.from(`,"sign":"${signatureOf(raw)}"}`)])
    expect(judged(bytes)).toMatchObject({ outcome: 'done', answer: { store_name: PAID.store_name } })
  })

  it.each([
    ['neither', Buffer.from([0xff])],
    ['cut', Buffer.from([0xd6])],
  ])('that is %s is unknown, named, and no word of the key', (_what, name) => {
    const raw = Buffer.concat([gbk('{"code":"10000","out_trade_no":"A","x":"'), name, gbk('"}')])
    const { outcome, why } = Object(judged(signedAs(raw, raw)))
    expect(outcome).toBe('unknown')
    expect(why).toMatch(/neither UTF-8 nor GBK/)
    expect(why).not.toContain('ALIPAY_PUBLIC_KEY')
  })

  it('that is UTF-16 is named, too', () => {
    const bytes = Buffer.from(`\ufeff{"${ROOT}":${jsonOf(PAID)}}`, 'utf16le')
    expect(judged(bytes)).toMatchObject({ why: expect.stringMatching(/neither UTF-8 nor GBK/) })
  })

  it.each([
    ['GBK and came in UTF-8', gbk, Buffer.from],
    ['UTF-8 and came in GBK', Buffer.from, gbk],
  ] satisfies [string, (text: string) => Buffer, (text: string) => Buffer][])(
    'in which it was signed was %s: a proxy wrote the same text anew',
    (_what, signed, sent) => {
      const text = jsonOf({ ...PAID, url: 'https://a.example/b' })
      for (const written of [text, text.replaceAll('/', '\\/')]) {
        const bytes = signedAs(signed(written), sent(text))
        expect(judged(bytes)).toMatchObject({ outcome: 'done', answer: PAID })
        const other = signedAs(signed(written), sent(text.replace('10000', '10001')))
        expect(judged(other)).toMatchObject({ outcome: 'unknown' })
      }
    },
  )
})
