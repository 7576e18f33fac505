// An agreement that Alipay seemed to have ended, by one answer that it takes back: it lives on, unless somebody wants it ended.
import { expect, it, vi } from 'vitest'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()
const NOT_EXIST = { verified: true, code: '40004', sub_code: 'USER_AGREEMENT_NOT_EXIST' } as const

async function seemsEnded(number: string) {
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  vi.spyOn(agreements, 'agreement').mockResolvedValueOnce({ outcome: 'refused', refusal: NOT_EXIST })
  expect(await shop.query(number)).toMatchObject({ state: 'ended' })
}
const inForce = async () => {
  const all = await shop.agreements()
  return all.filter(({ in_force }) => in_force).map((one) => one.external_agreement_no)
}
const watchedLater = async () => {
  await shop.clock.sleep(61_000)
  await shop.watchAgreements(10)
}

it('it lives again, is not ended by the watcher, and is charged', async () => {
  const number = await shop.signed()
  await seemsEnded(number)
  expect(await shop.query(number)).toMatchObject({ state: 'live' })
  await watchedLater()
  expect(await inForce()).toStrictEqual([number])
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
})

it('it is asked about once more, by the watcher alone', async () => {
  const number = await shop.signed()
  await seemsEnded(number)
  await shop.clock.sleep(5_000)
  expect(await shop.watchAgreements()).toStrictEqual([`Subscription ${number} seemed to have ended, and has not.`])
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
})

it('who wants it ended meanwhile has it ended at Alipay', async () => {
  const number = await shop.signed()
  await seemsEnded(number)
  expect(await shop.call('cancel_subscription', { external_agreement_no: number })).toMatchObject({ state: 'ended' })
  expect(await inForce()).toStrictEqual([])
})

it('a wish to end it that could not be carried out then stands', async () => {
  const number = await shop.signed()
  await seemsEnded(number)
  await shop.control('faults', { fault: 'http_502', times: 100 })
  await shop.call('cancel_subscription', { external_agreement_no: number })
  await shop.control('faults/clear', {})
  expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
  await watchedLater()
  expect(await inForce()).toStrictEqual([])
})

it('where the payer signed the plan again meanwhile, it is undone: nobody is charged for two', async () => {
  const first = await shop.signed()
  await seemsEnded(first)
  const second = await shop.subscribe()
  await shop.control('agreements/sign', { sign_url: await shop.signLink(second), account: 'buyer1' })
  expect(await shop.query(second)).toMatchObject({ state: 'live' })
  await shop.query(first)
  expect(await shop.charge(first)).toMatchObject({ isError: true, moved: 'no' })
  await watchedLater()
  expect(await inForce()).toStrictEqual([second])
})
