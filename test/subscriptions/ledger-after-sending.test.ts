// A ledger that fails after a subscription was ended, put off or announced: no answer says that nothing was sent.
import { afterEach, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import type { AgreementGateway } from '../../src/gateway/gateway.ts'
import { Secret } from '../../src/settings/keys.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import type { Fields } from '../shop.ts'
import { hookOn } from './announce-hook.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const hook = hookOn()
const settings = { deliverySecret: new Secret(Buffer.from('a secret for tests only')) }
const shop = useSubscribedShop(() => [NEWS, WEEKLY, { ...NEWS, id: 'hooked', announce: { url: hook.url() } }], settings)
const breakIt = () => shop.breakLedger(new LedgerError('The disk of the ledger is full.', 'Free some space.'))
afterEach(() => shop.breakLedger(undefined))

const UNKNOWN = { error: 'unknown', moved: 'no', message: expect.stringMatching(/was sent.*ledger could not be used/) }

/** Of one method of Alipay's: it has worked when the ledger breaks. */
function brokenAfter(method: 'unsign' | 'postpone', call: () => Promise<Fields>): Promise<Fields> {
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  const send: (...asked: never[]) => Promise<unknown> = agreements[method].bind(agreements)
  const sent = async (...asked: never[]) => {
    const answer = await send(...asked)
    breakIt()
    return answer
  }
  const spy = vi.spyOn(agreements, method).mockImplementation(sent as AgreementGateway[typeof method])
  return call().finally(() => {
    spy.mockRestore()
    shop.breakLedger(undefined)
  })
}

it('ended: the wish stands, and the same call again tells the end', async () => {
  const number = await shop.signed()
  const cancel = () => shop.call('cancel_subscription', { external_agreement_no: number })
  expect(await brokenAfter('unsign', cancel)).toMatchObject({
    ...UNKNOWN,
    money: 'Nothing will be charged any more from here.',
  })
  expect((await shop.agreements())[0]?.in_force).toBe(false)
  expect(await cancel()).toMatchObject({ state: 'ended' })
})

it('put off: nothing was charged, and a query tells the day', async () => {
  const number = await shop.signed('weekly')
  const planned_day = addDays(String((await shop.query(number)).planned_day), 3)
  const postpone = () => shop.call('postpone_subscription', { external_agreement_no: number, planned_day })
  expect(await brokenAfter('postpone', postpone)).toMatchObject({ ...UNKNOWN, money: 'Nothing was charged.' })
  expect(await shop.query(number)).toMatchObject({ planned_day })
})

it('announced: it does not count yet, and is sent again under the same key', async () => {
  const number = await shop.signed('hooked')
  await shop.charge(number)
  await shop.until(addDays(String((await shop.query(number)).planned_day), -9))
  hook.answers(204, breakIt)
  const announce = () => shop.call('announce_renewal', { external_agreement_no: number })
  expect(await announce()).toMatchObject({ ...UNKNOWN, money: expect.stringMatching(/hook took the announcement/) })
  shop.breakLedger(undefined)
  hook.answers(204)
  expect(await announce()).toMatchObject({ first_time: true })
  expect(hook.called()).toHaveLength(2)
  expect(new Set(hook.called().map(({ key }) => key)).size).toBe(1)
})
