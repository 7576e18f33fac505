// What never left this computer is no attempt, and what is paid under a number is found again by a ledger that was put back.
import { expect, it, vi } from 'vitest'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { stepsOf } from './steps.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [NEWS, WEEKLY])
const { next, decide, agreements, plannedDay, putBack } = stepsOf(shop)

it('an attempt that never left makes no other number of the one that did: a ledger put back charges once', async () => {
  const number = await shop.signed()
  const ledger = await shop.ledger()
  const stopped = vi.spyOn(ledger, 'markSending').mockResolvedValueOnce({ why: 'frozen', since: shop.clock.now() })
  await shop.charge(number)
  stopped.mockRestore()
  await next(number, { outcome: 'in_process' })
  const first = await shop.charge(number)
  expect(first).toMatchObject({ error: 'unknown' })
  const { call } = await putBack(number)
  await chargeSubscription(number, call).catch(() => undefined)
  await decide(first.out_trade_no, 'paid')
  expect(await shop.charged(number)).toHaveLength(1)
})

it('what never left this computer uses up no attempt and holds nothing up', async () => {
  const number = await shop.signed()
  await shop.until(`${await plannedDay(number)} 19:45:00`)
  vi.spyOn(agreements(), 'charge').mockResolvedValueOnce({
    outcome: 'refused',
    refusal: { verified: false, not_sent: 'the name of the gateway was not found (ENOTFOUND)' },
  })
  expect(await shop.charge(number)).toMatchObject({
    ...{ error: 'not_sent', moved: 'no' },
    next_step: expect.stringMatching(/make the same call again/),
  })
  const said: unknown[] = []
  for (let turn = 0; turn < 3; turn++) {
    await shop.clock.sleep(4 * 60_000)
    for (const one of await chargeAll(shop.commandCall())) said.push('error' in one ? one.error.message : one.outcome)
  }
  expect(await shop.charged(number), JSON.stringify(said)).toHaveLength(1)
})

it('a charge that Alipay has already made is not said to be refused and open to a further try', async () => {
  const number = await shop.signed()
  const planned = await plannedDay(number)
  const { call } = await putBack(number)
  const ask = agreements().agreement.bind(agreements())
  // Alipay plans the next day a moment later.
  const stuck = vi.spyOn(agreements(), 'agreement').mockImplementation(async (...asked) => {
    const read = await ask(...asked)
    return read.outcome === 'done' ? { ...read, answer: { ...read.answer, next_deduct_time: planned } } : read
  })
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  const made = await chargeAll(call)
  stuck.mockRestore()
  expect(made.map(({ outcome }) => outcome)).not.toContain('not_charged')
})

it('a charge that Alipay says was made before, and of which no query tells, is unknown in these words', async () => {
  const number = await shop.signed()
  vi.spyOn(agreements(), 'charge').mockResolvedValueOnce({
    outcome: 'refused',
    refusal: { verified: true, code: '40004', sub_code: 'ACQ.TRADE_HAS_SUCCESS' },
  })
  expect(await shop.charge(number)).toMatchObject({
    error: 'unknown',
    message: expect.stringMatching(/Alipay says that this number was paid before, and its query did not say so yet/),
  })
})
