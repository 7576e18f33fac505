// A postponement that takes effect late, or never: no period is charged twice, and none is left out.
import { expect, it, vi } from 'vitest'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { stepsOf } from './steps.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [NEWS, WEEKLY])
const { plannedDay, next, decide, postpone, agreements, heard } = stepsOf(shop)

it('a lost postponement, and the later day heard before the charge is known: the next period is charged all the same', async () => {
  const number = await shop.signed('weekly')
  const planned = await plannedDay(number)
  const lost = vi.spyOn(agreements(), 'postpone').mockResolvedValue({ outcome: 'unknown', why: 'lost' })
  await postpone(number, addDays(planned, 8))
  lost.mockRestore()
  await shop.clock.sleep(61_000)
  await next(number, { outcome: 'in_process' })
  const { out_trade_no } = await shop.charge(number)
  await decide(out_trade_no, 'paid')
  // The watcher, or a visit of the page, has Alipay asked about the agreement first.
  expect((await heard(number)).subscription.planned_day).toBe(addDays(planned, 7))
  await shop.query(number)
  await shop.until(addDays(planned, 6))
  const made = await shop.charge(number)
  expect(made).toMatchObject({ moved: 'now' })
  expect(await shop.charged(number)).toHaveLength(2)
})

it('a postponement that takes effect late, beside a charge in process: one charge of the period', async () => {
  const number = await shop.signed()
  const planned = await plannedDay(number)
  const ask = agreements().postpone.bind(agreements())
  let late = async () => {}
  const lost = vi.spyOn(agreements(), 'postpone').mockImplementation(async (...asked) => {
    late = async () => void (await ask(...asked))
    return { outcome: 'unknown', why: 'lost' }
  })
  await postpone(number, addDays(planned, 1))
  lost.mockRestore()
  await shop.clock.sleep(61_000)
  await next(number, { outcome: 'in_process' })
  const { out_trade_no } = await shop.charge(number)
  await late()
  await decide(out_trade_no, 'paid')
  for (let turn = 0; turn < 3; turn++) await chargeAll(shop.commandCall())
  await shop.until(planned)
  for (let turn = 0; turn < 3; turn++) await chargeAll(shop.commandCall())
  expect(await shop.charged(number)).toHaveLength(1)
})

it('this computer sleeps between the decision to postpone and its sending; meanwhile another charges: one charge', async () => {
  const number = await shop.signed()
  const planned = await plannedDay(number)
  const ledger = await shop.ledger()
  const begin = ledger.beginPostpone.bind(ledger)
  let out_trade_no = ''
  const asleep = vi.spyOn(ledger, 'beginPostpone').mockImplementation(async (...asked) => {
    const block = await begin(...asked)
    shop.clock.advance(90_000)
    // Another process, on the same ledger: charge-due.
    await next(number, { outcome: 'in_process' })
    await chargeSubscription(number, shop.commandCall()).catch(() => undefined)
    out_trade_no = (await ledger.charges(number))[0]?.out_trade_no ?? ''
    return block
  })
  const ask = agreements().postpone.bind(agreements())
  const modified = vi.spyOn(agreements(), 'postpone').mockImplementation(async (...asked) => {
    const answer = await ask(...asked)
    // The answer to the query after it is lost.
    vi.spyOn(agreements(), 'agreement').mockResolvedValueOnce({ outcome: 'unknown', why: 'lost' })
    return answer
  })
  await postpone(number, addDays(planned, 1))
  asleep.mockRestore()
  modified.mockRestore()
  await decide(out_trade_no, 'paid')
  await shop.query(number)
  await shop.until(planned)
  for (let turn = 0; turn < 3; turn++) await chargeAll(shop.commandCall())
  expect(await shop.charged(number)).toHaveLength(1)
})

it('while all is frozen nothing but reads, closes and unsigning is sent: no postponement', async () => {
  const number = await shop.signed('weekly')
  const planned = await plannedDay(number)
  await (await shop.ledger()).freeze(undefined, { at: shop.clock.now(), owner: 'x', host: 'x' })
  const sent = vi.spyOn(agreements(), 'postpone')
  const told = await postpone(number, addDays(planned, 3))
  expect(told).toMatchObject({ isError: true })
  expect(sent).not.toHaveBeenCalled()
})

it('a postponement leaves no later than five seconds after it was written down', async () => {
  const number = await shop.signed('weekly')
  const planned = await plannedDay(number)
  const ledger = await shop.ledger()
  const begin = ledger.beginPostpone.bind(ledger)
  const asleep = vi.spyOn(ledger, 'beginPostpone').mockImplementation(async (...asked) => {
    const block = await begin(...asked)
    shop.clock.advance(10 * 60_000)
    return block
  })
  await postpone(number, addDays(planned, 3))
  asleep.mockRestore()
  expect((await shop.agreements())[0]?.planned_day).toBe(planned)
})
