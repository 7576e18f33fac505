// An agreement that Alipay has paused: nothing is announced or charged, it is listed, and goes on once it is in force again.
import { expect, it, vi } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { hookOn } from './announce-hook.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'
import { links, pathOf, textOf, visitorsOf } from './visitors.ts'

const hook = hookOn()
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
const shop = useSubscribedShop(() => [NEWS, WEEKLY, { ...NEWS, id: 'hooked', announce: { url: hook.url() } }], settings)
const { visit, found } = visitorsOf(shop)

const status = (external_agreement_no: string, now: 'NORMAL' | 'STOP' | 'TEMP') =>
  shop.control('agreements/status', { external_agreement_no, status: now })
const numbers = async (state: string) => {
  const { subscriptions } = await shop.call('list_subscriptions', { state })
  return (subscriptions as { external_agreement_no: string }[]).map((one) => one.external_agreement_no)
}
function chargesSent() {
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  const sent = vi.spyOn(agreements, 'charge')
  return () => sent.mock.calls.length
}

it.each(['STOP', 'TEMP'] as const)(
  '%s: no attempt is burnt, it is listed and told, and NORMAL has it charged',
  async (now) => {
    const number = await shop.signed()
    const sent = chargesSent()
    await status(number, now)
    expect(await shop.charge(number)).toMatchObject({
      ...{ isError: true, moved: 'no', message: expect.stringMatching(/Alipay has paused the agreement/) },
      message_zh: expect.stringMatching(/支付宝已暂停这个协议，没有发送扣款/),
    })
    expect(await shop.query(number)).toMatchObject({
      ...{ state: 'paused', message: expect.stringMatching(/^Paused in Alipay: 15\.00 yuan every month\. Nothing is/) },
      message_zh: expect.stringMatching(/^订阅在支付宝已暂停（每月 15\.00 元）/),
      next_step: expect.stringMatching(/^It goes on by itself/),
    })
    expect(await numbers('paused')).toContain(number)
    expect(await numbers('due')).not.toContain(number)
    expect(sent()).toBe(0)
    await status(number, 'NORMAL')
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  },
)

it('charge-due tells of it in each run, and charges it once it is in force again', async () => {
  const number = await shop.signed()
  const own = async () => {
    const made = await chargeAll(shop.commandCall())
    return made.find((one) => one.external_agreement_no === number)
  }
  await status(number, 'STOP')
  for (const _ of [1, 2])
    expect(await own()).toMatchObject({
      outcome: 'not_charged',
      error: { refusal: { not_sent: expect.stringMatching(/paused/) } },
    })
  await status(number, 'NORMAL')
  expect(await own()).toMatchObject({ outcome: 'charged' })
})

it('the watcher hears of it, tells it once, and hears that it goes on', async () => {
  const number = await shop.signed()
  await status(number, 'STOP')
  await shop.clock.sleep(25 * 3_600_000)
  expect(await shop.watchAgreements(12)).toContain(`Subscription ${number} is paused in Alipay: nothing is charged.`)
  await status(number, 'NORMAL')
  await shop.clock.sleep(25 * 3_600_000)
  expect(await shop.watchAgreements(12)).toContain(`Subscription ${number} is in force again.`)
})

it('its renewal is not announced; its page says so, and it can be cancelled', async () => {
  const number = await shop.signed('hooked')
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  await shop.until(addDays(String((await shop.query(number)).planned_day), -8))
  await status(number, 'STOP')
  expect(await shop.call('announce_renewal', { external_agreement_no: number })).toMatchObject({
    ...{ isError: true, message: expect.stringMatching(/Alipay has paused the agreement/) },
  })
  expect(hook.called()).toHaveLength(0)
  const url = `https://pay.example.com/s/${(await found(number)).token}`
  const shown = await visit(url)
  expect(textOf(shown)).toMatch(/Your subscription is paused Alipay has paused it, and nothing is charged/)
  expect(textOf(await visit(url, { language: 'zh' }))).toMatch(/订阅已暂停/)
  expect(links(shown)).toStrictEqual([`${pathOf(url)}/cancel`])
  expect(await shop.call('cancel_subscription', { external_agreement_no: number })).toMatchObject({ state: 'ended' })
})

it('one that is paused when its signature is heard of is signed; one that is not signed yet is not', async () => {
  const number = await shop.subscribe('weekly')
  await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account: 'buyer1' })
  await status(number, 'TEMP')
  expect(await shop.query(number)).toMatchObject({ state: 'offered' })
  await status(number, 'STOP')
  expect(await shop.query(number)).toMatchObject({ state: 'paused' })
})
