// Why a call about a subscription did nothing: the reason and what to do stand in the Chinese sentence, too.
import { beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/settings/keys.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { itemsFolder } from '../buyer/items.ts'
import { useShop } from '../shop.ts'
import { NEWS, useSubscribedShop } from './subscribed-shop.ts'

const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
/** Nothing listens there. */
const announce = { url: 'http://127.0.0.1:1/announce' }
const shop = useSubscribedShop(() => [{ ...NEWS, id: 'hooked', announce }, NEWS], settings)

describe('without pages', () => {
  const folder = itemsFolder()
  beforeAll(() => folder.writeAll({ items: [], plans: [NEWS] }))
  const pageless = useShop({ subscriptions: true, sells: { itemsFile: folder.itemsFile } })

  it('nothing is offered, and both languages name the setting', async () => {
    const { message, message_zh } = await pageless.call('create_subscription', { plan: 'news' })
    expect(message).toContain('ALIPAY_PUBLIC_URL is not set')
    expect(message_zh).toContain('请管理员配置 ALIPAY_PUBLIC_URL 并运行 listen。')
  })
})

it('a hook that nobody reaches is blamed itself, not the gateway of Alipay', async () => {
  const number = await shop.signed('hooked')
  await shop.charge(number)
  await shop.until(addDays(String((await shop.query(number)).planned_day), -9))
  const { message, message_zh } = await shop.call('announce_renewal', { external_agreement_no: number })
  expect(message).toContain('no answer (nothing listens at the hook address (ECONNREFUSED))')
  expect(message_zh).toContain('商家的通知接口没有接收（ECONNREFUSED）')
})

it('a day to which nothing can be put off is said to be wrong why', async () => {
  const number = await shop.signed('news')
  const planned = String((await shop.query(number)).planned_day)
  const zh = async (planned_day: string) =>
    (await shop.call('postpone_subscription', { external_agreement_no: number, planned_day })).message_zh
  expect(await zh('2030-02-30')).toBe('planned_day 不能是 2030-02-30：日历上没有这一天。没有改动。')
  expect(await zh(planned)).toBe(`planned_day 不能是 ${planned}：支付宝只接受 ${planned} 之后的日期。没有改动。`)
  expect(await zh('2030-01-29')).toBe('planned_day 不能是 2030-01-29：按月的方案须是 1 日到 28 日。没有改动。')
})

it('an offer that is not signed yet is waited for', async () => {
  const { message, message_zh, next_step } = await shop.charge(await shop.subscribe('news'))
  expect(message).toContain('the buyer has not signed yet')
  expect(message_zh).toContain('请等用户签约')
  expect(next_step).toMatch(/^Wait for the signature/)
})
