// Holds the advice on Alipay's refusals to its promises: two languages, short, no dangerous remedy, nothing unknown called certain.
import { describe, expect, it } from 'vitest'
import { adviceFor, DEFINITE_REFUSALS, KNOWN_SUB_CODES } from '../../src/gateway/refusals/refusals.ts'
import type { Advice } from '../../src/gateway/refusals/row.ts'

const CJK = /\p{Script=Han}/u
const QUOTED = /"[^"]*"|\([^)]*\)/g

const FAMILY_ADVICE = [
  adviceFor('isv.never-heard-of'),
  adviceFor('ACQ.NEVER_HEARD_OF', '40004'),
  adviceFor('ACQ.SECONDARY_MERCHANT_NEVER_HEARD_OF', '40004'),
  adviceFor(undefined, '40005'),
]
const ALL: [string, Advice][] = [
  ...KNOWN_SUB_CODES.map((code): [string, Advice] => [code, adviceFor(code)]),
  ...FAMILY_ADVICE.map((advice, i): [string, Advice] => [`family ${i}`, advice]),
]
const textsOf = ({ cause, remedy }: Advice) => [cause.zh, cause.en, remedy.zh, remedy.en]

describe('the texts', () => {
  it.each(ALL)('of %s are short, and each in its own language', (_code, { cause, remedy }) => {
    for (const [{ zh, en }, most] of [
      [cause, 160],
      [remedy, 240],
    ] as const) {
      expect(zh).toMatch(CJK)
      expect(en.replace(QUOTED, '')).not.toMatch(CJK)
      expect(en).toMatch(/[a-z]/)
      for (const text of [zh, en]) {
        expect(text.trim()).toBe(text)
        expect(text.length).toBeLessThanOrEqual(most)
      }
    }
  })

  it.each(ALL)('of %s never advise to cancel or to refund under another number', (_code, advice) => {
    const texts = textsOf(advice).join('\n')
    expect(texts).not.toMatch(/cancel|撤销|取消/i)
    expect(texts).not.toMatch(
      /(new|another|different|other) (refund )?(request )?number|out_request_no|(新|另|换|别).{0,4}退款(请求)?号/i,
    )
  })

  it('of a missing trade promise nothing about whether it will be paid', () => {
    const { cause, remedy } = adviceFor('ACQ.TRADE_NOT_EXIST', '40004')
    expect(cause.en).toMatch(/not scanned, not logged in, or password not confirmed/)
    expect(cause.en).toMatch(/payable until its expiry/)
    expect(cause.zh).toMatch(/过期前仍可付款/)
    expect(textsOf({ ...adviceFor('ACQ.TRADE_NOT_EXIST'), cause, remedy }).join()).not.toMatch(
      /not opened|will not be paid|没有打开|不会付款/,
    )
  })

  it('of a refund that lacked merchant money advise the same refund after topping up', () => {
    const advice = adviceFor('ACQ.SELLER_BALANCE_NOT_ENOUGH', '40004')
    expect(advice).toMatchObject({ money_moved: 'no', safe_to_repeat: 'after_fix', who: 'operator' })
    expect(advice.remedy.en).toMatch(/the same refund number/)
  })
})

describe('the lookup', () => {
  it('lists every code once, well formed', () => {
    expect(new Set(KNOWN_SUB_CODES).size).toBe(KNOWN_SUB_CODES.length)
    for (const code of KNOWN_SUB_CODES) expect(code).toMatch(/^[A-Za-z][\w.-]+$/)
  })

  it.each(['isv.never-heard-of', 'aop.never-heard-of', 'never-heard-of', undefined])(
    'knows from the code that %s is a common error',
    (sub_code) => {
      for (const code of ['20001', '40001', '40002', '40003', '40006']) {
        expect(adviceFor(sub_code, code)).toMatchObject({ money_moved: 'no', who: 'operator' })
      }
      expect(adviceFor(sub_code, '40005')).toBe(adviceFor('isv.app-call-limited'))
    },
  )

  it('takes an unlisted isv. code without a code for a common error', () => {
    expect(adviceFor('isv.never-heard-of')).toMatchObject({ money_moved: 'no', safe_to_repeat: 'after_fix' })
  })

  it.each(['ACQ.NEVER_HEARD_OF', 'aop.ACQ.NEVER_HEARD_OF', 'isp.never-heard-of', 'isv.never-heard-of', undefined])(
    'leaves it open what the unlisted %s did in business',
    (sub_code) => {
      expect(adviceFor(sub_code, '40004')).toMatchObject({
        money_moved: 'maybe',
        safe_to_repeat: 'only_identical',
      })
    },
  )

  it('gives unlisted codes of secondary merchants the texts of their family, and leaves the outcome open', () => {
    const unlisted = adviceFor('ACQ.SECONDARY_MERCHANT_NEVER_HEARD_OF', '40004')
    expect(unlisted.cause).toEqual(adviceFor('ACQ.SECONDARY_MERCHANT_ID_BLANK').cause)
    expect(unlisted.money_moved).toBe('maybe')
  })

  it('answers any text, even one that is a property of every object', () => {
    for (const odd of ['__proto__', 'constructor', '', ' ', 'toString', 'ACQ.']) {
      expect(textsOf(adviceFor(odd)).every(Boolean)).toBe(true)
    }
  })
})

describe('an unknown outcome', () => {
  const unknown = adviceFor('ACQ.SYSTEM_ERROR')

  it.each([
    'ACQ.SYSTEM_ERROR',
    'AQC.SYSTEM_ERROR',
    'aop.ACQ.SYSTEM_ERROR',
    'isp.unknow-error',
    'aop.unknow-error',
    'SYSTEM_ERROR',
    'acq.system_error',
    'ACQ.SOME_SYSTEM_ERROR_2',
    'isp.UNKNOW-ERROR',
    'isp.unknown-error',
    'system-error',
  ])('is read from %s, whatever the code', (sub_code) => {
    for (const code of [undefined, '20000', '40004', '40002']) expect(adviceFor(sub_code, code)).toBe(unknown)
  })

  it('is what code 20000 means, whatever the sub_code', () => {
    for (const sub_code of [undefined, 'ACQ.TRADE_NOT_EXIST', 'isv.invalid-signature']) {
      expect(adviceFor(sub_code, '20000')).toBe(unknown)
    }
  })

  it('may have moved money, and only the identical request may follow', () => {
    expect(unknown).toMatchObject({ money_moved: 'maybe', safe_to_repeat: 'only_identical' })
  })

  it('is not read from a decryption error', () => {
    expect(adviceFor('isv.decryption-error-unknown', '40003').money_moved).toBe('no')
  })
})

describe('definite refusals', () => {
  const definite = Object.entries(DEFINITE_REFUSALS).flatMap(([method, codes]) =>
    [...codes].map((code): [string, string] => [method, code]),
  )

  it.each(definite)('of %s: %s has advice of its own that says nothing moved', (_method, code) => {
    expect(KNOWN_SUB_CODES).toContain(code)
    expect(adviceFor(code, '40004').money_moved).toBe('no')
  })

  it.each(Object.entries(DEFINITE_REFUSALS))('of %s hold only business codes, no open outcome', (method, codes) => {
    for (const code of codes) {
      expect(code).toMatch(method.startsWith('alipay.user.') ? /^[A-Z_]+$/ : /^ACQ\.[A-Z_]+$/)
      expect(code).not.toMatch(/SYSTEM_ERROR/)
    }
    for (const open of ['ACQ.REFUND_CHARGE_ERROR', 'ACQ.ENTERPRISE_PAY_BIZ_ERROR', 'ACQ.TRADE_SETTLE_ERROR']) {
      expect(codes.has(open)).toBe(false)
    }
  })

  it('belong to their own method', () => {
    expect([...DEFINITE_REFUSALS['alipay.trade.close']]).toContain('ACQ.TRADE_STATUS_ERROR')
    expect([...DEFINITE_REFUSALS['alipay.trade.refund']]).toContain('ACQ.SELLER_BALANCE_NOT_ENOUGH')
    expect([...DEFINITE_REFUSALS['alipay.trade.precreate']]).toContain('ACQ.ACCESS_FORBIDDEN')
    expect(DEFINITE_REFUSALS['alipay.trade.close'].has('ACQ.TRADE_HAS_SUCCESS')).toBe(false)
  })
})
