// Charges while this computer's clock is wrong, and attempts that never left it.
import { expect, it } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { announceRenewal } from '../../src/subscriptions/announce-renewal.ts'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { TestClock } from '../shop.ts'
import { hookOn } from './announce-hook.ts'
import { NEWS, useSubscribedShop } from './subscribed-shop.ts'

const hook = hookOn()
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
const shop = useSubscribedShop(() => [NEWS, { ...NEWS, id: 'hooked', announce: { url: hook.url() } }], settings)
const DAY = 86_400_000

/** This computer's clock is wrong by so much, and Alipay's is known, as after each answer. */
function wrongClock(by: number) {
  const clock = new TestClock()
  clock.setOffsets({ corrected: shop.clock.offsets().corrected + by, alipay_ahead: -by })
  return clock
}
function callBy(clock: TestClock) {
  return {
    ...shop.commandCall(),
    clock,
    actor: () => ({ at: clock.now(), owner: 'command', host: 'a terminal' }),
    shop: {
      settings,
      items: { now: async () => ({ plans: [] }) },
      misses: { pause: async () => {}, count: () => {} },
    } as never,
  }
}
async function renewing() {
  const number = await shop.signed('hooked')
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  return { number, planned: String((await shop.query(number)).planned_day) }
}

it('announced by a clock that is a day slow: five full days all the same', async () => {
  const { number, planned } = await renewing()
  await shop.until(`${addDays(planned, -7)} 12:00:00`)
  await announceRenewal(number, callBy(wrongClock(-DAY)))
  expect(hook.called()).toHaveLength(1)
  // The clock is right again. Announced on -7: full days are -6 to -2.
  await shop.until(`${addDays(planned, -2)} 09:00:00`)
  await shop.charge(number)
  expect(await shop.charged(number)).toHaveLength(1)
})

it('charged by a clock that is a day fast: five full days all the same', async () => {
  const { number, planned } = await renewing()
  await shop.until(`${addDays(planned, -7)} 12:00:00`)
  expect(await shop.call('announce_renewal', { external_agreement_no: number })).toMatchObject({ first_time: true })
  await shop.until(`${addDays(planned, -2)} 09:00:00`)
  await expect(chargeSubscription(number, callBy(wrongClock(DAY)))).rejects.toMatchObject({ name: 'RefusedError' })
  expect(await shop.charged(number)).toHaveLength(1)
})
