// What a buyer's chat hears of a subscription: its price, period and next charge, and nothing of what the merchant has to do.
import { expect, it } from 'vitest'
import { addDays, beijingDay } from '../../src/subscriptions/charge-window.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const TRIAL = { ...WEEKLY, id: 'trial', trial_days: 14 }
const shop = useSubscribedShop(() => [NEWS, WEEKLY, TRIAL], {}, { role: 'buyer' })
const BUYER = 'buyer one'
const asked = (external_agreement_no: string) => shop.callAs(BUYER, 'query_subscription', { external_agreement_no })

async function signed(plan: string): Promise<string> {
  const number = await shop.subscribe(plan, BUYER)
  await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account: 'buyer1' })
  return number
}

it('a first charge that is due is one that may come from now on', async () => {
  const number = await signed('weekly')
  const day = addDays(beijingDay(shop.clock.now()), 1)
  const heard = await asked(number)
  expect(heard).toMatchObject({
    ...{ state: 'live', price: '6.00', period: 'every 7 days', period_zh: '每 7 天', planned_day: day },
    message: `Live: 6.00 yuan every 7 days. Next planned charge: ${day}, possible from now on.`,
    message_zh: `订阅生效中（每 7 天 6.00 元）。下次计划扣款日 ${day}，现在起即可扣款。`,
  })
  expect(heard).not.toHaveProperty('renewal')
})

it('after a trial it hears from which day on', async () => {
  const number = await signed('trial')
  const day = addDays(beijingDay(shop.clock.now()), 14)
  const first = addDays(day, -2)
  expect(await asked(number)).toMatchObject({
    message: expect.stringContaining(`${day}, possible from ${first} 00:00 Beijing time.`),
    message_zh: expect.stringContaining(`${day}，最早 ${first} 扣款。`),
  })
})

it('one that has ended is not to be ended again', async () => {
  const number = await signed('news')
  const step = async () => (await asked(number)).next_step
  expect(await step()).toContain('cancel_subscription')
  await shop.callAs(BUYER, 'cancel_subscription', { external_agreement_no: number })
  expect(await step()).toBe('Tell the buyer.')
})
