// One charge a period, whatever comes between: a day put off, a ledger that fails or is put back, a clock that is wrong.
import { expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import type { Fields } from '../shop.ts'
import { stepsOf } from './steps.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [NEWS, WEEKLY])
const { plannedDay, next, decide, postpone, agreements, putBack } = stepsOf(shop)

/** Refused, and its number waits at Alipay to be paid. */
async function refusedAndPayable(number: string): Promise<string> {
  await shop.control('rules', { failed_charge: 'waiting' })
  await next(number, { outcome: 'refuse' })
  const refused = await shop.charge(number)
  expect(refused).toMatchObject({ moved: 'no' })
  return String(refused.out_trade_no)
}

it('a period that was put off waits until the number of the attempt before can be paid no more', async () => {
  const number = await shop.signed()
  const first = await refusedAndPayable(number)
  await postpone(number, addDays(await plannedDay(number), 1))
  expect((await shop.charge(number)).message).toMatch(/number of an attempt before can still be paid/)
  await decide(first, 'paid')
  await shop.charge(number)
  expect(await shop.charged(number)).toHaveLength(1)
})

it('a period that was put off is charged once that number is over', async () => {
  const number = await shop.signed()
  await refusedAndPayable(number)
  await postpone(number, addDays(await plannedDay(number), 1))
  await shop.clock.sleep(26 * 60_000)
  let made: Fields = {}
  for (let turn = 0; turn < 4 && made.moved !== 'now'; turn++) {
    made = await shop.charge(number)
    await shop.clock.sleep(2 * 60_000)
  }
  expect(made).toMatchObject({ moved: 'now' })
  expect(await shop.charged(number)).toHaveLength(1)
})

it('nothing is charged while a later day is being set, nor put off while a charge is on its way', async () => {
  const number = await shop.signed('weekly')
  await shop.charge(number)
  const planned = await plannedDay(number)
  await shop.until(addDays(planned, -1))
  const ask = agreements().postpone.bind(agreements())
  const besides = vi.spyOn(agreements(), 'postpone').mockImplementation(async (...asked) => {
    expect((await shop.charge(number)).message).toMatch(/later planned day is just being set/)
    return ask(...asked)
  })
  const day = addDays(planned, 1)
  expect(await postpone(number, day)).toMatchObject({ state: 'live', planned_day: day })
  besides.mockRestore()
  await next(number, { outcome: 'in_process' })
  const { out_trade_no } = await shop.charge(number)
  expect(await postpone(number, addDays(day, 1))).toMatchObject({ isError: true, moved: 'no' })
  await decide(out_trade_no, 'paid')
  await shop.charge(number)
  expect(await shop.charged(number)).toHaveLength(2)
})

it('a later day whose answer was lost lets nothing be charged for a minute, and then what Alipay tells', async () => {
  const number = await shop.signed('weekly')
  vi.spyOn(agreements(), 'postpone').mockResolvedValue({ outcome: 'unknown', why: 'lost' })
  await postpone(number, addDays(await plannedDay(number), 1))
  expect((await shop.charge(number)).message).toMatch(/later planned day is just being set/)
  await shop.clock.sleep(61_000)
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
})

it('a period that is paid and whose day stands still is followed by the next one, and by nothing sooner', async () => {
  const number = await shop.signed('weekly')
  const planned = await plannedDay(number)
  const ask = agreements().agreement.bind(agreements())
  const still = vi.spyOn(agreements(), 'agreement').mockImplementation(async (...asked) => {
    const read = await ask(...asked)
    return read.outcome === 'done' ? { ...read, answer: { ...read.answer, next_deduct_time: planned } } : read
  })
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  const unnamed = await shop.call('postpone_subscription', { external_agreement_no: number })
  expect(unnamed.message).toMatch(/this period was charged/)
  expect(await postpone(number, addDays(planned, 6))).toMatchObject({ error: 'invalid_input' })
  still.mockRestore()
  expect(await shop.charged(number)).toStrictEqual([planned])
})

it('what is paid after Alipay refused it counts as paid', async () => {
  const number = await shop.signed()
  await decide(await refusedAndPayable(number), 'paid')
  await shop.charge(number)
  expect(await shop.query(number)).toMatchObject({ charges: [{ state: 'paid' }] })
})

it('a wish to end it names a refused attempt whose number can still be paid', async () => {
  const number = await shop.signed()
  const out_trade_no = await refusedAndPayable(number)
  const ended = await shop.call('cancel_subscription', { external_agreement_no: number })
  expect(ended.on_the_way).toBe(out_trade_no)
})

it('a ledger that fails after the charge was sent hides neither the charge nor the doubt', async () => {
  const number = await shop.signed()
  const send = agreements().charge.bind(agreements())
  const full = new LedgerError('the disk is full', 'Free some space.')
  const failing = vi.spyOn(agreements(), 'charge').mockImplementation(async (...asked) => {
    const answer = await send(...asked)
    shop.breakLedger(full)
    return answer
  })
  const told = await shop.charge(number)
  failing.mockRestore()
  shop.breakLedger(undefined)
  expect(told).toMatchObject({ moved: 'now', message: expect.stringMatching(/^Charged: .*could not be written/) })
  expect(await shop.charged(number)).toHaveLength(1)
  const second = await shop.signed('weekly', 'buyer2')
  await next(second, { outcome: 'late', seconds: 60 })
  vi.spyOn(await shop.ledger(), 'noteChargeAbsent').mockRejectedValue(full)
  const made = await chargeAll(shop.commandCall())
  expect(made.find(({ external_agreement_no }) => external_agreement_no === second)).toMatchObject({
    outcome: 'unknown',
  })
})

it('a ledger that was put back makes the same attempt under the same number', async () => {
  const number = await shop.signed()
  const { ledger, call } = await putBack(number)
  await next(number, { outcome: 'in_process' })
  const first = await shop.charge(number)
  expect(first).toMatchObject({ error: 'unknown' })
  await chargeSubscription(number, call).catch(() => undefined)
  expect((await ledger.charges(number)).map(({ out_trade_no }) => out_trade_no)).toStrictEqual([first.out_trade_no])
  await decide(first.out_trade_no, 'paid')
  expect(await shop.charged(number)).toHaveLength(1)
  ledger.close()
})

it('on a computer whose clock is fast, a number is not over before Alipay could take it no more', async () => {
  const number = await shop.signed()
  shop.clock.setOffsets({ corrected: 0, alipay_ahead: -30 * 60_000 })
  const lost = vi.spyOn(agreements(), 'charge').mockResolvedValue({ outcome: 'unknown', why: 'lost' })
  const { out_trade_no } = await shop.charge(number)
  await shop.clock.sleep(61_000)
  await shop.charge(number)
  const charge = await (await shop.ledger()).charge(String(out_trade_no))
  lost.mockRestore()
  shop.clock.setOffsets({ corrected: 0, alipay_ahead: 0 })
  expect(charge).toMatchObject({ is_over: false, intent: { state: 'unknown' } })
})

it('what never left uses up nothing of the limit of a day, and is no doubt', async () => {
  const number = await shop.signed()
  const call = shop.commandCall()
  const limited = { ...call, rules: { ...call.rules, limits: { callsPerMinute: 0, dailyChargesFen: 2_000 } } }
  const ledger = await shop.ledger()
  const frozen = vi.spyOn(ledger, 'markSending').mockResolvedValueOnce({ why: 'frozen', since: shop.clock.now() })
  await expect(chargeSubscription(number, limited)).rejects.toMatchObject({ name: 'RefusedError' })
  frozen.mockRestore()
  expect((await shop.query(number)).message).toMatch(/is due/)
  expect(await chargeSubscription(number, limited)).toMatchObject({ moved: 'now' })
})
