// Plans of the items file: what a sound one comes to, and each fault with its place.
import { describe, expect, it } from 'vitest'
import { plansIn, planTermsOf } from '../../src/shop/plan.ts'

const NEWS = { id: 'news', subject: 'A letter a month', price: '15.00', period: { months: 1 }, announce: 'own' }

function faults(changes: object, hasSecret = false): readonly string[] {
  const found: string[] = []
  plansIn([{ ...NEWS, ...changes }], hasSecret, found)
  return found
}

describe('a plan', () => {
  it('has its price as ceiling, and half an hour to sign', () => {
    const [plan] = plansIn([NEWS], false, [])
    expect(plan).toStrictEqual({
      ...{ id: 'news', subject: 'A letter a month', price_fen: 1_500, ceiling_fen: 1_500, announce: 'own' },
      ...{ period_type: 'MONTH', period: 1, offer_minutes: 30 },
    })
    expect(plan && planTermsOf(plan)).toStrictEqual({
      ...{ plan: 'news', subject: 'A letter a month', price_fen: 1_500, ceiling_fen: 1_500, announce: 'own' },
      ...{ period_type: 'MONTH', period: 1 },
    })
  })

  it('takes days, a ceiling, a number of payments, a trial and a hook', () => {
    const hook = { url: 'https://shop.example/announce' }
    const more = { period: { days: 7 }, ceiling: '20.00', payments: 12, trial_days: 14, announce: hook }
    expect(plansIn([{ ...NEWS, ...more }], true, [])).toMatchObject([
      { period_type: 'DAY', period: 7, ceiling_fen: 2_000, payments: 12, trial_days: 14, announce: hook },
    ])
  })

  it.each([
    [{ period: { days: 6 } }, 'plans[0] "news".period.days: is under 7.'],
    [{ period: { months: 1, days: 7 } }, 'plans[0] "news".period: must be {"days": 7 or more} or {"months": 1 to 12}.'],
    [{ price: '0' }, /plans\[0\] "news"\.price: /],
    [{ ceiling: '14.99' }, 'plans[0] "news".ceiling: is less than the price.'],
    [{ trial_days: 8 }, 'plans[0] "news".trial_days: is under 9.'],
    [{ announce: 'sms' }, /announce: must be \{"url": "https:\/\/\.\.\."\}, or "own"/],
    [{ announce: { url: 'http://shop.example/' } }, /announce\.url: must be an https address/],
    [{ announce: { url: 'https://shop.example/' } }, /announce: has a url, and ALIPAY_DELIVERY_SECRET_FILE is not set/],
    [{ total: '9' }, 'plans[0] "news": has "total", which a plan does not have.'],
  ])('with %j is a fault that names it', (changes, said) => {
    const [fault, ...others] = faults(changes)
    expect(others).toStrictEqual([])
    expect(fault).toEqual(typeof said === 'string' ? said : expect.stringMatching(said))
  })

  it('with the id of another is a fault', () => {
    const found: string[] = []
    plansIn([NEWS, NEWS], false, found)
    expect(found).toStrictEqual(['plans[1] "news".id: is used twice.'])
  })
})
