// What would never be charged again is told in each run of charge-due: whatever has no next day, and what is damaged.
import { expect, it, vi } from 'vitest'
import { LedgerError, OutcomeUnknownError } from '../../src/errors.ts'
import type { Agreement } from '../../src/gateway/gateway.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const shop = useSubscribedShop(() => [NEWS, WEEKLY, { ...NEWS, id: 'once', payments: 1 }])
const plannedDay = async (number: string) => String((await shop.query(number)).planned_day)

/** What each run says: the outcome, why in English, what to do, and both in Chinese. */
async function run(): Promise<readonly (readonly (string | undefined)[])[]> {
  const made = await chargeAll(shop.commandCall())
  return made.map((one) => {
    if (!('error' in one) || one.error instanceof LedgerError) return [one.outcome]
    if (one.error instanceof OutcomeUnknownError) return [one.outcome, one.error.why]
    const { refusal, text } = one.error
    return [one.outcome, refusal.not_sent, text.next_step, text.message_zh]
  })
}

/** Alipay's answers about agreements, changed. */
function told(change: (answer: Agreement) => Agreement) {
  const { agreements } = shop.gateway
  if (!agreements) throw new Error('no agreements')
  const ask = agreements.agreement.bind(agreements)
  return vi.spyOn(agreements, 'agreement').mockImplementation(async (...asked) => {
    const answer = await ask(...asked)
    return answer.outcome === 'done' ? { ...answer, answer: change(answer.answer) } : answer
  })
}

it('one that is live, and of which Alipay tells no planned day', async () => {
  const silent = told(({ next_deduct_time: _, ...rest }) => rest)
  const number = await shop.signed()
  expect((await shop.query(number)).next_step).toMatch(/^Ask again later with query_subscription/)
  for (let turn = 0; turn < 2; turn++)
    expect(await run()).toStrictEqual([
      [
        'not_charged',
        'Alipay tells no planned day',
        expect.stringMatching(/the operator asks Alipay, or cancel_subscription ends it/),
        expect.stringMatching(/没有返回计划扣款日.*咨询支付宝/),
      ],
    ])
  silent.mockRestore()
  expect(await run()).toStrictEqual([['charged']])
})

it('one that is charged, and whose planned day is past and never moves', async () => {
  const number = await shop.signed('weekly')
  const planned = await plannedDay(number)
  const stuck = told((answer) => ({ ...answer, next_deduct_time: planned }))
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  await shop.until(`${planned} 23:59:00`)
  expect(await run()).toStrictEqual([])
  await shop.until(`${addDays(planned, 1)} 00:00:00`)
  for (let turn = 0; turn < 2; turn++)
    expect(await run()).toStrictEqual([
      [
        'not_charged',
        `the period of ${planned} is paid, and Alipay still plans that day, which is past`,
        expect.stringMatching(/postpone_subscription sets the planned day of the next period/),
        expect.stringMatching(/已扣款，但支付宝的计划扣款日仍是这一天.*postpone_subscription/),
      ],
    ])
  expect(await shop.query(number)).toMatchObject({
    message: expect.stringMatching(/is paid\. Alipay tells no later planned day yet\.$/),
    next_step: expect.stringMatching(/postpone_subscription sets/),
  })
  stuck.mockRestore()
  expect(await shop.charged(number)).toHaveLength(1)
})

it('not one that was paid as often as was agreed, though its day never moves', async () => {
  const number = await shop.signed('once')
  const planned = await plannedDay(number)
  const stuck = told((answer) => ({ ...answer, next_deduct_time: planned }))
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  await shop.until(addDays(planned, 3))
  expect(await run()).toStrictEqual([])
  expect(await shop.query(number)).toMatchObject({ renewal: 'ending' })
  stuck.mockRestore()
})
