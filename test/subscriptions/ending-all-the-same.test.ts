// Wishes to end a subscription, where an entry is damaged, an answer is wrong, or Alipay does not tell of others.
import { expect, it, vi } from 'vitest'
import { cancelSubscription } from '../../src/subscriptions/cancel-subscription.ts'
import { SubscriptionWatch } from '../../src/subscriptions/subscription-watch.ts'
import { actor } from '../ledger/places.ts'
import { found, live, TERMS } from '../ledger/subscribed.ts'
import { useSubscribedShop } from './subscribed-shop.ts'
import { twoLive } from './two-live.ts'

const shop = useSubscribedShop()
const NOT_EXIST = { verified: true, code: '40004', sub_code: 'USER_AGREEMENT_NOT_EXIST' } as const

async function two() {
  const { db, ledger } = await twoLive()
  return { db, ledger, call: { ...shop.commandCall(), ledger: async () => ledger } }
}

it.each([
  ['charges', `update charges set planned_day = 'xx'`],
  ['its order', `update orders set time_expire = null where out_trade_no = 'C1'`],
])('a wish to end it stands, though a charge of it is damaged (%s)', async (_, sql) => {
  const { db, ledger, call } = await two()
  db.run(sql)
  const known = await ledger.subscription({ external_agreement_no: 'S' })
  if (!known) throw new Error('none')
  await cancelSubscription(known, 'page', call).catch(() => undefined)
  expect(await ledger.subscription({ external_agreement_no: 'S' })).toMatchObject({ cancel: { by: 'page' } })
})

it('one with a damaged charge holds up no wish to end another', async () => {
  const { db, ledger, call } = await two()
  // A day that was put off once.
  expect(await ledger.beginPostpone('S', { from: '2026-03-03', to: '2026-03-05', isNext: false }, actor())).toBe(
    undefined,
  )
  await ledger.endPostpone('S', false, actor())
  db.run(`update charges set planned_day = 'xx'`)
  const ended = new Set<string>()
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  vi.spyOn(agreements, 'agreement').mockImplementation(async (name) => {
    const no = 'agreement_no' in name ? name.agreement_no.slice(1) : name.external_agreement_no
    if (ended.has(no)) return { outcome: 'refused', refusal: NOT_EXIST }
    return { outcome: 'done', answer: { ...found(no), next_deduct_time: '2026-04-03' } }
  })
  const unsign = vi.spyOn(agreements, 'unsign').mockImplementation(async (agreement_no) => {
    ended.add(agreement_no.slice(1))
    return { outcome: 'done', answer: {} }
  })
  const watch = new SubscriptionWatch(call, () => {})
  // Somebody looks at the page of S.
  await ledger.requestAgreementQuery('S', { at: shop.clock.now(), owner: 'front', host: 'front' })
  for (let step = 0; step < 5; step++) await shop.clock.sleep(await watch.step())
  // A day later the subscriber of B presses the button of the page.
  await ledger.requestCancel('B', 'page', { at: shop.clock.now(), owner: 'front', host: 'front' })
  await shop.clock.sleep(1_000)
  for (let step = 0; step < 200; step++) await shop.clock.sleep(await watch.step())
  expect(unsign.mock.calls.map(([no]) => no)).toContain('AB')
  vi.restoreAllMocks()
})

it('a wish to end it is not given up by one answer that Alipay takes back', async () => {
  const number = await shop.signed()
  await shop.control('faults', { fault: 'http_502', times: 100 })
  expect(await shop.call('cancel_subscription', { external_agreement_no: number })).toMatchObject({ error: 'unknown' })
  await shop.control('faults/clear', {})
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  vi.spyOn(agreements, 'agreement').mockResolvedValueOnce({ outcome: 'refused', refusal: NOT_EXIST })
  await shop.clock.sleep(61_000)
  await shop.watchAgreements()
  for (let day = 0; day < 3; day++) {
    await shop.clock.sleep(86_400_000)
    await shop.watchAgreements()
  }
  expect((await shop.agreements()).filter(({ in_force }) => in_force)).toHaveLength(0)
})

it('a charge that turns out paid while it is being ended is told, with its refund', async () => {
  const number = await shop.signed()
  await shop.control('charges/next', { external_agreement_no: number, outcome: 'in_process' })
  const { out_trade_no } = await shop.charge(number)
  await shop.control('charges/decide', { out_trade_no, end: 'paid' })
  const told = await shop.call('cancel_subscription', { external_agreement_no: number })
  expect(`${told.message} ${told.next_step}`).toMatch(/refund/)
})

it('many of which Alipay refuses to tell hold up no wish to end another', async () => {
  const { ledger, call } = await two()
  for (let at = 0; at < 100; at++)
    await live(ledger, {
      ...{ external_agreement_no: `M${at}`, token: `TM${at}`, buyer: `m${at}`, terms: { ...TERMS, plan: `p${at}` } },
    })
  const ended = new Set<string>()
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  vi.spyOn(agreements, 'agreement').mockImplementation(async (name) => {
    const no = 'agreement_no' in name ? name.agreement_no.slice(1) : name.external_agreement_no
    if (no !== 'B') return { outcome: 'refused', refusal: { ...NOT_EXIST, sub_code: 'AUTHOREE_IS_NOT_MATCH' } }
    if (ended.has(no)) return { outcome: 'refused', refusal: NOT_EXIST }
    return { outcome: 'done', answer: found(no) }
  })
  let tries = 0
  vi.spyOn(agreements, 'unsign').mockImplementation(async (agreement_no) => {
    if (++tries === 1) return { outcome: 'unknown', why: 'lost' }
    ended.add(agreement_no.slice(1))
    return { outcome: 'done', answer: {} }
  })
  await ledger.requestCancel('B', 'page', { at: shop.clock.now(), owner: 'front', host: 'front' })
  const watch = new SubscriptionWatch(call, () => {})
  for (let step = 0; step < 600; step++) await shop.clock.sleep(await watch.step())
  vi.restoreAllMocks()
  expect(ended.has('B'), `tried ${tries} times`).toBe(true)
})
