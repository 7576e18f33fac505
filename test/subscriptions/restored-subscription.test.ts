// A ledger that was put back from before a sign link left: the signature is heard of all the same, and a wish to end it carried out.
import { expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { cancelSubscription } from '../../src/subscriptions/cancel-subscription.ts'
import { querySubscription } from '../../src/subscriptions/query-subscription.ts'
import { SubscriptionWatch } from '../../src/subscriptions/subscription-watch.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()
const SIGN_LINKS = { page: 'https://pay.example.com/', mobile: 'alipays://sign' }

/** Offered in it, and not known to be opened. */
async function backup(number: string) {
  const now = await (await shop.ledger()).subscription({ external_agreement_no: number })
  if (!now) throw new Error('no such subscription')
  const { terms, items_hash, token, offer_until, created_at } = now
  const partition = { environment: 'local', gateway: shop.emulator.gateway, merchant: shop.emulator.app_id } as const
  const ledger = await openLedger({ folder: undefined, partition })
  await ledger.reserveSubscription(
    { external_agreement_no: number, terms, items_hash, token, offer_until, sign_links: SIGN_LINKS, limits: {} },
    { at: created_at, owner: 'command', host: 'a terminal' },
  )
  const call = { ...shop.commandCall(), ledger: async () => ledger }
  const found = async () => {
    const one = await ledger.subscription({ external_agreement_no: number })
    if (!one) throw new Error('no such subscription')
    return one
  }
  const watch = async (steps = 6) => {
    const watcher = new SubscriptionWatch(call, () => {})
    for (let step = 0; step < steps; step++) await shop.clock.sleep(await watcher.step())
  }
  const hears = async (notify_type: string) => {
    const fields = new Map(Object.entries({ notify_type, external_agreement_no: number, app_id: shop.emulator.app_id }))
    const recipient = { app_ids: [shop.emulator.app_id], seller_id: undefined }
    expect(await ledger.recordNotification(fields, recipient, call.actor())).toBe('of_agreement')
  }
  return { ledger, call, found, watch, hears }
}
const inForce = async () => (await shop.agreements()).filter(({ in_force }) => in_force).length

it('a genuine notification of its signature has the watcher ask, and it lives', async () => {
  const number = await shop.signed()
  const { found, watch, hears } = await backup(number)
  await watch()
  expect(await found()).toMatchObject({ signed_at: undefined })
  await hears('dut_user_sign')
  await watch()
  expect(await found()).toMatchObject({
    signed_at: expect.any(Number),
    opened_at: expect.any(Number),
    cancel: undefined,
  })
})

it('a query hears of it, too', async () => {
  const number = await shop.signed()
  const { call } = await backup(number)
  expect(await querySubscription(number, call)).toMatchObject({ state: 'live' })
})

it('who wants it ended has it ended at Alipay', async () => {
  const number = await shop.signed()
  const { found, call } = await backup(number)
  const { subscription, open } = await cancelSubscription(await found(), 'chat', call)
  expect([open, subscription.ended_at]).toStrictEqual([undefined, expect.any(Number)])
  expect(await inForce()).toBe(0)
})

it('where Alipay does not answer, it is to be ended, and the watcher goes on', async () => {
  const number = await shop.signed()
  const { found, call, watch } = await backup(number)
  await shop.control('faults', { fault: 'http_502', times: 100 })
  expect(await cancelSubscription(await found(), 'chat', call)).toMatchObject({ open: expect.any(String) })
  expect(await found()).toMatchObject({ cancel: { by: 'chat' }, ended_at: undefined })
  await shop.control('faults/clear', {})
  await watch()
  expect(await inForce()).toBe(0)
  expect(await found()).toMatchObject({ ended_at: expect.any(Number) })
})

it('what was withdrawn before anybody signed it is undone when Alipay says that somebody did', async () => {
  const number = await shop.subscribe()
  const link = await shop.signLink(number)
  const { found, call, watch, hears } = await backup(number)
  await cancelSubscription(await found(), 'chat', call)
  expect(await found()).toMatchObject({ ended_at: expect.any(Number) })
  await shop.control('agreements/sign', { sign_url: link, account: 'buyer1' })
  await hears('dut_user_sign')
  await watch()
  expect(await inForce()).toBe(0)
})
