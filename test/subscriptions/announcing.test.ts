// Announcing a renewal: the merchant's hook is the proof, five full Beijing days before the charge, and no word of a model.
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { hookOn } from './announce-hook.ts'
import { NEWS, useSubscribedShop } from './subscribed-shop.ts'

const hook = hookOn()
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
const shop = useSubscribedShop(() => {
  const announce = { url: hook.url() }
  return [{ ...NEWS, id: 'hooked', announce }, { ...NEWS, id: 'trial', trial_days: 14, announce }, NEWS]
}, settings)

const announce = (external_agreement_no: string) => shop.call('announce_renewal', { external_agreement_no })

async function renewing(): Promise<{ number: string; planned: string }> {
  const number = await shop.signed('hooked')
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  return { number, planned: String((await shop.query(number)).planned_day) }
}

describe('announce_renewal', () => {
  it('has the hook tell the subscriber what and when, once, and the charge waits for five full days', async () => {
    const { number, planned } = await renewing()
    await shop.until(`${addDays(planned, -9)} 15:00:00`)
    expect(await shop.call('list_subscriptions', { state: 'to_announce' })).toMatchObject({
      subscriptions: [{ external_agreement_no: number }],
    })
    expect(await announce(number)).toMatchObject({ first_time: true, planned_day: planned })
    expect(await announce(number)).toMatchObject({ first_time: false })
    expect(hook.called()).toHaveLength(1)
    expect(JSON.parse(hook.called()[0]?.body ?? '')).toMatchObject({
      ...{ subscription: number, plan: 'hooked', amount: '15.00', planned_day: planned, environment: 'local' },
      text: expect.stringContaining('15.00 元'),
      cancel_url: expect.stringMatching(/\/s\/\w{22}$/),
    })
    expect((await shop.charge(number)).message).toMatch(new RegExp(`from ${addDays(planned, -2)} 00:00`))
    await shop.until(addDays(planned, -2))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
    expect(await shop.charged(number)).toHaveLength(2)
  })

  it('counts five full days from when the hook has taken it, however long that thinks over midnight', async () => {
    const { number, planned } = await renewing()
    await shop.until(`${addDays(planned, -8)} 23:59:57`)
    hook.answers(200, () => shop.clock.advance(6_000))
    expect(await announce(number)).toMatchObject({ first_time: true })
    await shop.until(addDays(planned, -2))
    expect((await shop.charge(number)).message).toMatch(new RegExp(`from ${addDays(planned, -1)} 00:00`))
    await shop.until(addDays(planned, -1))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  })

  it('of a renewal that nobody announced charges nothing, whatever is said in the chat', async () => {
    const { number, planned } = await renewing()
    await shop.until(addDays(planned, -7))
    expect((await shop.charge(number)).message).toMatch(/was not announced/)
    await shop.until(addDays(planned, -2))
    expect(await announce(number)).toMatchObject({ isError: true, moved: 'no' })
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    expect(await shop.charged(number)).toHaveLength(1)
  })

  it.each([[500], [302]])('is no proof where the hook answers %i', async (status) => {
    const { number, planned } = await renewing()
    await shop.until(addDays(planned, -9))
    hook.answers(status)
    const message_zh = expect.stringContaining(`商家的通知接口没有接收（HTTP ${status}）`)
    expect(await announce(number)).toMatchObject({ isError: true, moved: 'no', message_zh })
    hook.answers(204)
    expect(await announce(number)).toMatchObject({ first_time: true })
    expect(new Set(hook.called().map(({ key }) => key)).size).toBe(1)
  })

  it('comes before the first charge after a trial', async () => {
    const number = await shop.signed('trial')
    const planned = String((await shop.query(number)).planned_day)
    expect((await shop.charge(number)).message).toMatch(/was not announced/)
    await shop.until(addDays(planned, -9))
    expect(await announce(number)).toMatchObject({ first_time: true })
    await shop.until(addDays(planned, -2))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  })

  it('is refused where the plan says that the merchant announces himself', async () => {
    const number = await shop.signed('news')
    expect(await announce(number)).toMatchObject({ error: 'invalid_input' })
  })

  it('asks Alipay first: what ended inside it is announced no more', async () => {
    const { number, planned } = await renewing()
    await shop.until(addDays(planned, -9))
    await shop.control('agreements/unsign', { external_agreement_no: number })
    expect(await announce(number)).toMatchObject({ isError: true })
    expect(hook.called()).toHaveLength(0)
  })
})
