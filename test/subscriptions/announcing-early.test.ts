// What is not announced: a renewal that will never be charged, one that is far off, and a period that is paid.
import { expect, it, vi } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { hookOn } from './announce-hook.ts'
import { NEWS, useSubscribedShop } from './subscribed-shop.ts'

const hook = hookOn()
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
const shop = useSubscribedShop(() => {
  const announce = { url: hook.url() }
  return [
    { ...NEWS, id: 'once', payments: 1, announce },
    { ...NEWS, id: 'yearly', period: { months: 12 }, announce },
  ]
}, settings)

const announce = (external_agreement_no: string) => shop.call('announce_renewal', { external_agreement_no })

async function chargedOnce(plan: string): Promise<{ number: string; planned: string }> {
  const number = await shop.signed(plan)
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  return { number, planned: String((await shop.query(number)).planned_day) }
}

it('a renewal that will never be charged, because all payments were made', async () => {
  const { number, planned } = await chargedOnce('once')
  await shop.until(addDays(planned, -8))
  expect(await announce(number)).toMatchObject({
    isError: true,
    message: expect.stringMatching(/as often as was agreed/),
  })
  expect(hook.called()).toHaveLength(0)
})

it('a renewal before the tenth day ahead: it says from when on, and then it is announced', async () => {
  const { number, planned } = await chargedOnce('yearly')
  const from = addDays(planned, -10)
  await shop.until(`${addDays(from, -1)} 23:59:00`)
  expect(await announce(number)).toMatchObject({
    ...{ isError: true, moved: 'no', planned_day: planned },
    message: expect.stringMatching(new RegExp(`announced from ${from} on`)),
    message_zh: expect.stringMatching(new RegExp(`从 ${from} 起才通知用户`)),
  })
  expect(hook.called()).toHaveLength(0)
  await shop.until(`${from} 00:00:00`)
  expect(await announce(number)).toMatchObject({ first_time: true })
})

it('a period that is paid, where Alipay tells no later planned day yet', async () => {
  const number = await shop.signed('yearly')
  const { planned_day } = await shop.query(number)
  const agreements = shop.gateway.agreements
  if (!agreements) throw new Error('no agreements')
  const ask = agreements.agreement.bind(agreements)
  const same = vi.spyOn(agreements, 'agreement').mockImplementation(async (...asked) => {
    const told = await ask(...asked)
    if (told.outcome !== 'done') return told
    return { ...told, answer: { ...told.answer, next_deduct_time: String(planned_day) } }
  })
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  expect(await announce(number)).toMatchObject({ isError: true, message: expect.stringMatching(/is paid, and Alipay/) })
  same.mockRestore()
  expect(hook.called()).toHaveLength(0)
})
