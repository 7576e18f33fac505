// Holds the judge to the three outcomes: only what Alipay signed is done, only what is certain is refused.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { judge } from '../../src/gateway/answer.ts'
import type { Exchanged } from '../../src/gateway/exchange.ts'
import { alipay, answered, envelope, rootOf, signatureOf } from '../keys-for-tests.ts'

const QUERY = 'alipay.trade.query'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
const REFUND = 'alipay.trade.refund'
const CLOSE = 'alipay.trade.close'
const isChanging = (method: string) => method === REFUND || method === CLOSE
const strangersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const judged = (method: string, exchanged: Exchanged) => judge(method, exchanged, alipay.publicKey, isChanging(method))
const outcomeOf = (text: string, method = QUERY) => judged(method, answered(text)).outcome

const PAID = '{"code":"10000","msg":"Success","out_trade_no":"A","total_amount":"9.90"}'
const SIGN = signatureOf(PAID)
const ROOT = rootOf(QUERY)

describe('the outcome by code and signature', () => {
  type Signed = 'signed' | 'unsigned' | 'badly signed'
  function outcome(method: string, code: string, sub_code: string | undefined, signed: Signed) {
    const raw = JSON.stringify({ code, msg: 'x', sub_code, sub_msg: '说明' })
    const key = signed === 'signed' ? alipay.privateKey : strangersKey
    const text = envelope(rootOf(method), raw, signed === 'unsigned' ? undefined : signatureOf(raw, key))
    return judged(method, answered(text)).outcome
  }
  const forAll = (methods: string[], code: string, sub_code: string | undefined, signed: Signed) =>
    [...new Set(methods.map((method) => outcome(method, code, sub_code, signed)))].join()
  const READING = [QUERY, REFUND_QUERY]
  const CHANGING = [REFUND, CLOSE]

  it.each([
    // code, sub_code, signed: reading, changing; unsigned: reading, changing
    ['10000', undefined, 'done', 'done', 'unknown', 'unknown'],
    ['10003', undefined, 'unknown', 'unknown', 'unknown', 'unknown'],
    ['20000', 'isp.unknow-error', 'unknown', 'unknown', 'unknown', 'unknown'],
    ['20000', 'ACQ.TRADE_NOT_EXIST', 'unknown', 'unknown', 'unknown', 'unknown'],
    ['20000', undefined, 'unknown', 'unknown', 'unknown', 'unknown'],
    ['20001', 'aop.invalid-auth-token', 'refused', 'refused', 'refused', 'refused'],
    ['40001', 'isv.missing-method', 'refused', 'refused', 'refused', 'refused'],
    ['40002', 'isv.invalid-app-id', 'refused', 'refused', 'refused', 'refused'],
    ['40002', 'isv.invalid-signature', 'refused', 'refused', 'refused', 'refused'],
    ['40003', 'isv.insufficient-isv-permissions', 'refused', 'refused', 'refused', 'refused'],
    ['40003', 'isv.decryption-error-unknown', 'refused', 'refused', 'refused', 'refused'],
    ['40005', 'isv.app-call-limited', 'refused', 'refused', 'refused', 'refused'],
    ['40006', 'isv.insufficient-user-permissions', 'refused', 'refused', 'refused', 'refused'],
    ['40004', 'ACQ.TRADE_NOT_EXIST', 'refused', 'refused', 'unknown', 'unknown'],
    ['40004', 'ACQ.TRADE_STATUS_ERROR', 'refused', 'refused', 'unknown', 'unknown'],
    ['40004', 'ACQ.INVALID_PARAMETER', 'refused', 'refused', 'unknown', 'unknown'],
    ['40004', 'ACQ.NEVER_HEARD_OF', 'refused', 'unknown', 'unknown', 'unknown'],
    ['40004', 'ACQ.REFUND_CHARGE_ERROR', 'refused', 'unknown', 'unknown', 'unknown'],
    ['40004', 'acq.trade_not_exist', 'refused', 'unknown', 'unknown', 'unknown'],
    ['40004', undefined, 'unknown', 'unknown', 'unknown', 'unknown'],
    ['40004', '', 'unknown', 'unknown', 'unknown', 'unknown'],
  ])('%s %s: signed %s and %s, unsigned %s and %s', (code, sub_code, ...expected) => {
    expect([
      forAll(READING, code, sub_code, 'signed'),
      forAll(CHANGING, code, sub_code, 'signed'),
      forAll(READING, code, sub_code, 'unsigned'),
      forAll(CHANGING, code, sub_code, 'unsigned'),
    ]).toStrictEqual(expected)
    expect(forAll([...READING, ...CHANGING], code, sub_code, 'badly signed')).toBe('unknown')
  })

  it.each([
    ...'ACQ.SYSTEM_ERROR AQC.SYSTEM_ERROR aop.ACQ.SYSTEM_ERROR SYSTEM_ERROR acq.system_error'.split(' '),
    ...'isp.unknow-error aop.unknow-error isp.unknown-error ISP.UNKNOW-ERROR'.split(' '),
  ])('is open for %s, whatever the code and the method', (sub_code) => {
    for (const code of ['40001', '40002', '40003', '40004', '40005', '40006', '20000', '20001']) {
      expect(forAll([...READING, ...CHANGING], code, sub_code, 'signed')).toBe('unknown')
    }
  })

  it.each(['40000', '50000', '', '1000', '010000', ' 10000', '40007'])('is open for the code %j', (code) => {
    expect(forAll([...READING, ...CHANGING], code, undefined, 'signed')).toBe('unknown')
  })

  it('takes a definite refusal of one changing method for unknown on another', () => {
    expect(outcome(REFUND, '40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', 'signed')).toBe('refused')
    expect(outcome(CLOSE, '40004', 'ACQ.SELLER_BALANCE_NOT_ENOUGH', 'signed')).toBe('unknown')
    expect(outcome(CLOSE, '40004', 'ACQ.REASON_ILLEGAL_STATUS', 'signed')).toBe('refused')
    expect(outcome(REFUND, '40004', 'ACQ.REASON_ILLEGAL_STATUS', 'signed')).toBe('unknown')
  })

  it('gives a code that is no text no meaning', () => {
    for (const raw of ['{"code":10000}', '{"code":["10000"]}', '{"code":null}', '{}']) {
      expect(outcomeOf(envelope(ROOT, raw, signatureOf(raw)))).toBe('unknown')
    }
  })
})

describe('an answer, whole', () => {
  it('that is done holds exactly what was signed', () => {
    expect(judged(QUERY, answered(envelope(ROOT, PAID, SIGN)))).toStrictEqual({
      outcome: 'done',
      answer: { code: '10000', msg: 'Success', out_trade_no: 'A', total_amount: '9.90' },
    })
  })

  it("that is refused holds Alipay's words, the trace and whether they were signed", () => {
    const raw = '{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.x","sub_msg":"无效","extra":1}'
    for (const signature of [undefined, signatureOf(raw)]) {
      expect(judged(REFUND, answered(envelope(rootOf(REFUND), raw, signature)))).toStrictEqual({
        outcome: 'refused',
        refusal: {
          code: '40002',
          msg: 'Invalid Arguments',
          sub_code: 'isv.x',
          sub_msg: '无效',
          trace_id: 'trace1',
          verified: signature !== undefined,
        },
      })
    }
  })

  it('that never came is refused if nothing was sent, and unknown if it was lost', () => {
    expect(judged(REFUND, { kind: 'not_sent', why: 'nothing listens' })).toStrictEqual({
      outcome: 'refused',
      refusal: { verified: false, not_sent: 'nothing listens' },
    })
    for (const method of [REFUND, QUERY]) {
      expect(judged(method, { kind: 'lost', why: 'cut' })).toStrictEqual({ outcome: 'unknown', why: 'cut' })
    }
  })

  it.each([201, 204, 302, 307, 400, 404, 500, 502, 504])('with HTTP %i is unknown, even if it is signed', (status) => {
    expect(judged(QUERY, answered(envelope(ROOT, PAID, SIGN), status))).toStrictEqual({
      outcome: 'unknown',
      why: `the gateway answered HTTP ${status}`,
    })
  })
})

it.each([
  ['another one', ',"alipay_cert_sn":"0b"', 'signed with another certificate than ALIPAY_PUBLIC_CERT_FILE'],
  ['none', '', 'names no certificate'],
])('in certificate mode an answer that names %s is unknown, and the words fit', (_what, named, words) => {
  const text = `{"${ROOT}":${PAID}${named},"sign":"${SIGN}"}`
  const outcome = judge(QUERY, answered(text), alipay.publicKey, false, {}, '0a')
  expect(outcome).toMatchObject({ outcome: 'unknown', why: expect.stringContaining(words) })
})

describe('the envelope', () => {
  const dup = '{"code":"10000","out_trade_no":"FORGED"}'

  it.each([
    ['the sign first', `{"sign":"${SIGN}","${ROOT}":${PAID}}`],
    ['a certificate number', `{"${ROOT}":${PAID},"alipay_cert_sn":"x","sign":"${SIGN}"}`],
    ['white space everywhere', `\r\n { "${ROOT}" :\t${PAID} , "sign"\n:\n"${SIGN}" } \n`],
    [
      'other members of all kinds',
      `{"a":[{"sign":"x"},"]"],"b":{"}":null},"c":-1e3,"${ROOT}":${PAID},"d":true,"sign":"${SIGN}"}`,
    ],
    ['an escaped key', `{"${ROOT.replace('alipay', '\\u0061lipay')}":${PAID},"s\\u0069gn":"${SIGN}"}`],
    ['an escaped sign', `{"${ROOT}":${PAID},"sign":"${SIGN.replaceAll('/', '\\/')}"}`],
  ])('with %s is done', (_what, text) => {
    expect(judged(QUERY, answered(text))).toMatchObject({ outcome: 'done', answer: { out_trade_no: 'A' } })
  })

  it.each([
    ['nothing', ''],
    ['HTML', '<html><body>502 Bad Gateway</body></html>'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['an array', `[{"${ROOT}":${PAID},"sign":"${SIGN}"}]`],
    ['an empty object', '{}'],
    ['a sign alone', `{"sign":"${SIGN}"}`],
    ['the answer to another method', envelope(rootOf(REFUND), PAID, SIGN)],
    ['the answer in a string', JSON.stringify({ x: envelope(ROOT, PAID, SIGN) })],
    ['the answer one level down', `{"x":${envelope(ROOT, PAID, SIGN)}}`],
    ['an encrypted answer', envelope(ROOT, '"YWJj"', signatureOf('"YWJj"'))],
    ['an array for an answer', envelope(ROOT, `[${PAID}]`, signatureOf(`[${PAID}]`))],
    ['null for an answer', envelope(ROOT, 'null', signatureOf('null'))],
    ['a letter behind it', `${envelope(ROOT, PAID, SIGN)}x`],
    ['a bracket behind it', `${envelope(ROOT, PAID, SIGN)}}`],
    ['another object behind it', `${envelope(ROOT, PAID, SIGN)}{}`],
    ['a zero byte behind it', `${envelope(ROOT, PAID, SIGN)}\u0000`],
    ['a callback around it', `cb(${envelope(ROOT, PAID, SIGN)})`],
    ['its end missing', envelope(ROOT, PAID, SIGN).slice(0, -1)],
    ['a trailing comma', envelope(ROOT, PAID, SIGN).replace(/}$/, ',}')],
    ['the answer twice, good first', `{"${ROOT}":${PAID},"${ROOT}":${dup},"sign":"${SIGN}"}`],
    ['the answer twice, good last', `{"${ROOT}":${dup},"${ROOT}":${PAID},"sign":"${SIGN}"}`],
    ['the answer twice, once escaped', `{"${ROOT}":${PAID},"${ROOT.replace('_', '\\u005f')}":${dup},"sign":"${SIGN}"}`],
    ['the same answer twice', `{"${ROOT}":${PAID},"${ROOT}":${PAID},"sign":"${SIGN}"}`],
    ['the sign twice', `{"${ROOT}":${PAID},"sign":"x","sign":"${SIGN}"}`],
    ['another key twice', `{"a":1,"${ROOT}":${PAID},"a":1,"sign":"${SIGN}"}`],
  ])('with %s is unknown', (_what, text) => {
    expect(outcomeOf(text)).toBe('unknown')
  })

  it.each([
    ['missing', ''],
    ['empty', ',"sign":""'],
    ['null', ',"sign":null'],
    ['a number', ',"sign":1'],
    ['an object', ',"sign":{}'],
    ['cut', `,"sign":"${SIGN.slice(0, 300)}"`],
    ['of another text', `,"sign":"${signatureOf(dup)}"`],
    ['of a stranger', `,"sign":"${signatureOf(PAID, strangersKey)}"`],
    ['only under another name', `,"Sign":"${SIGN}"`],
  ])('with a sign that is %s is unknown', (_what, sign) => {
    expect(outcomeOf(`{"${ROOT}":${PAID}${sign}}`)).toBe('unknown')
  })

  it('with any one character of the answer changed is unknown', () => {
    for (let at = 1; at < PAID.length - 1; at++) {
      const text = `${PAID.slice(0, at)}${PAID[at] === '1' ? '2' : '1'}${PAID.slice(at + 1)}`
      expect(outcomeOf(envelope(ROOT, text, SIGN))).toBe('unknown')
    }
  })

  it('named error_response is a common error, and never a success without a signature', () => {
    const refusal = '{"code":"40001","sub_code":"isv.missing-method"}'
    for (const signature of [undefined, signatureOf(refusal)]) {
      const text = envelope('error_response', refusal, signature)
      expect(judged(REFUND, answered(text))).toMatchObject({
        outcome: 'refused',
        refusal: { sub_code: 'isv.missing-method', verified: signature !== undefined },
      })
    }
    expect(outcomeOf(envelope('error_response', PAID))).toBe('unknown')
    expect(outcomeOf(`{"error_response":${PAID},"${ROOT}":${dup},"sign":"${SIGN}"}`)).toBe('unknown')
  })
})

describe('a long or deep answer', () => {
  it.each([
    ['a plain string', `"${'x'.repeat(900_000)}"`],
    ['escaped quotes', `"${'\\"'.repeat(450_000)}"`],
    ['backslashes', `"${'\\\\'.repeat(450_000)}"`],
    ['brackets in a string', `"${'{['.repeat(450_000)}"`],
    ['nested arrays', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ])('of %s is judged like any other', (_what, value) => {
    const raw = `{"code":"10000","out_trade_no":"A","x":${value}}`
    expect(judged(QUERY, answered(envelope(ROOT, raw, signatureOf(raw))))).toMatchObject({
      outcome: 'done',
      answer: { out_trade_no: 'A' },
    })
  })
})
