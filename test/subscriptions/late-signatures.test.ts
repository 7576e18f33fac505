// Signed in the last minutes of an offer, or by a clock that is not Alipay's: it can be charged, and is not undone.
import { expect, it } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { addDays, beijingDay, firstDayOf } from '../../src/subscriptions/charge-window.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const MINUTE = 60_000
const shop = useSubscribedShop(() => [NEWS, WEEKLY, { ...NEWS, id: 'day', offer_minutes: 1440 }])
const sign = async (sign_url: string) => shop.control('agreements/sign', { sign_url, account: 'buyer1' })

it('in the last hours of an offer of a day: its first charge is due, and can be made', async () => {
  const today = beijingDay(shop.clock.now())
  await shop.until(`${addDays(today, 1)} 23:00:00`)
  const number = await shop.subscribe('day')
  const link = await shop.signLink(number)
  await shop.until(`${addDays(today, 2)} 22:50:00`)
  await sign(link)
  expect(await shop.query(number)).toMatchObject({ state: 'live', renewal: 'due' })
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
})

it.each([
  ['at noon', '2026-12-10 12:30:00', undefined, '2026-12-11'],
  ['past midnight', '2026-12-11 00:20:00', undefined, '2026-12-12'],
  ['on the 28th', '2026-12-28 12:00:00', undefined, '2027-01-01'],
  ['with a trial', '2026-12-11 00:20:00', 14, '2026-12-25'],
])('the first planned day is told by the end of the offer: %s', (_, until, trial_days, day) => {
  const terms = { plan: 'x', subject: 'x', price_fen: 1, period_type: 'MONTH', period: 1, ceiling_fen: 1 } as const
  const offer_until = Date.parse(`${until.replace(' ', 'T')}+08:00`)
  expect(firstDayOf({ ...terms, announce: 'own', trial_days }, offer_until)).toBe(day)
})

/** Alipay tells when by its clock. */
async function signedBy(alipay_ahead: number, minutesLater: number) {
  const number = await shop.subscribe()
  const link = await shop.signLink(number)
  await shop.clock.sleep(minutesLater * MINUTE)
  await sign(link)
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  const ask = agreements.agreement.bind(agreements)
  const signed = shop.clock.now() + alipay_ahead
  agreements.agreement = async (...args) => {
    const read = await ask(...args)
    shop.clock.setOffsets({ corrected: 0, alipay_ahead })
    return read.outcome === 'done' ? { ...read, answer: { ...read.answer, sign_time: beijingTime(signed) } } : read
  }
  const said = await shop.query(number)
  agreements.agreement = ask
  shop.clock.setOffsets({ corrected: 0, alipay_ahead: 0 })
  return said
}

it.each([
  [40, 5, 'live'],
  [-40, 5, 'live'],
  [40, 32, 'cancelling'],
  [-40, 32, 'cancelling'],
])('with Alipay’s clock %i minutes ahead, signed %i minutes after the offer: %s', async (ahead, later, state) => {
  expect(await signedBy(ahead * MINUTE, later)).toMatchObject({ state })
})
