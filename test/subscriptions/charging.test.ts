// Charging a subscription: in its window, once a period, refused, in process, lost, late, and never after a wish to end it.
import { describe, expect, it, vi } from 'vitest'
import { addDays, beijingDay } from '../../src/subscriptions/charge-window.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()

const plannedDay = async (number: string) => String((await shop.query(number)).planned_day)

describe('the first charge', () => {
  it('is made right after the signature, and once', async () => {
    const number = await shop.signed()
    const planned = await plannedDay(number)
    expect(planned).toBe(addDays(beijingDay(shop.clock.now()), 1))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now', total_amount: '15.00' })
    expect(await shop.charged(number)).toStrictEqual([planned])
    const again = await shop.charge(number)
    expect(again).toMatchObject({ isError: true, moved: 'no' })
    expect(again.message).toMatch(/it can be charged from \d{4}-\d\d-\d\d 00:00 Beijing time on/)
    expect(await shop.charged(number)).toStrictEqual([planned])
  })

  it('asks how it ended by its number alone: nothing of the ledger goes to Alipay', async () => {
    const number = await shop.signed()
    const asked = vi.spyOn(shop.gateway, 'query')
    const { out_trade_no } = await shop.charge(number)
    const names = asked.mock.calls.map(([name]) => name)
    asked.mockRestore()
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(name).toStrictEqual({ out_trade_no })
  })

  it('is not sent where the computer slept since Alipay told the planned day, and that is no attempt', async () => {
    const number = await shop.signed()
    const { agreements } = shop.gateway
    if (!agreements) throw new Error('there is no product')
    const ask = agreements.agreement.bind(agreements)
    const slow = vi.spyOn(agreements, 'agreement').mockImplementation(async (...asked) => {
      const answer = await ask(...asked)
      shop.clock.advance(40_000)
      return answer
    })
    const late = await shop.charge(number)
    slow.mockRestore()
    expect(late).toMatchObject({ isError: true, moved: 'no' })
    expect(late.message).toMatch(/was asleep/)
    const [before] = await shop.agreements()
    expect(before?.charges).toStrictEqual([])
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
    expect(await shop.charged(number)).toHaveLength(1)
  })

  it('is refused before anybody has signed', async () => {
    const number = await shop.subscribe()
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
  })
})

describe('a charge', () => {
  const nextCharge = (external_agreement_no: string, outcome: object) =>
    shop.control('charges/next', { external_agreement_no, ...outcome })

  it('that Alipay refuses is tried again once its number is over, three times in all', async () => {
    const number = await shop.signed()
    await nextCharge(number, { outcome: 'refuse', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', times: 2 })
    expect(await shop.charge(number)).toMatchObject({ sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', moved: 'no' })
    expect(await shop.charge(number)).toMatchObject({ sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', moved: 'no' })
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
    expect(await shop.charged(number)).toHaveLength(1)
  })

  it('of which three attempts were refused is left to a person', async () => {
    const number = await shop.signed()
    await nextCharge(number, { outcome: 'refuse', times: 'always' })
    for (let attempt = 1; attempt <= 3; attempt++) expect(await shop.charge(number)).toMatchObject({ moved: 'no' })
    const last = await shop.charge(number)
    expect(last).toMatchObject({ error: 'not_sent', moved: 'no' })
    expect(await shop.call('list_subscriptions', { state: 'failed' })).toMatchObject({
      subscriptions: [{ external_agreement_no: number }],
    })
    const [one] = await shop.agreements()
    expect(one?.charges).toHaveLength(3)
  })

  it.each(['absent', 'waiting'])(
    'whose number is %s at Alipay after a refusal waits until it is over',
    async (failed_charge) => {
      const number = await shop.signed()
      await shop.control('rules', { failed_charge })
      await nextCharge(number, { outcome: 'refuse' })
      expect(await shop.charge(number)).toMatchObject({ moved: 'no' })
      expect((await shop.charge(number)).message).toMatch(/can still be paid/)
      let made = await shop.charge(number)
      for (let turn = 0; turn < 10 && made.moved !== 'now'; turn++) {
        expect(await shop.charged(number)).toStrictEqual([])
        await shop.clock.sleep(5 * 60_000)
        made = await shop.charge(number)
      }
      expect(made).toMatchObject({ moved: 'now' })
      expect(await shop.charged(number)).toHaveLength(1)
    },
  )

  it.each(['paid', 'closed'] as const)(
    'that is in process is unknown, and then %s, and never sent a second time',
    async (end) => {
      const number = await shop.signed()
      await nextCharge(number, { outcome: 'in_process' })
      const asked = await shop.charge(number)
      expect(asked).toMatchObject({ error: 'unknown', moved: 'unknown' })
      expect((await shop.charge(number)).message).toMatch(/is unknown/)
      const out_trade_no = asked.out_trade_no
      await shop.control('charges/decide', { out_trade_no, end })
      const [one] = await shop.agreements()
      const after = await shop.charge(number)
      expect(one?.charges).toHaveLength(1)
      if (end === 'closed') expect(after).toMatchObject({ isError: true, moved: 'no' })
      expect(await shop.charged(number)).toHaveLength(end === 'paid' ? 1 : 0)
    },
  )

  it('whose answer is lost and that takes effect late is found, and nothing is charged twice', async () => {
    const number = await shop.signed()
    await nextCharge(number, { outcome: 'late', seconds: 120 })
    expect(await shop.charge(number)).toMatchObject({ error: 'unknown' })
    for (let turn = 0; turn < 5; turn++) await shop.charge(number)
    await shop.clock.sleep(180_000)
    expect(await shop.charge(number)).toMatchObject({ moved: expect.not.stringMatching(/^now$/) })
    expect(await shop.charged(number)).toHaveLength(1)
    const [one] = await shop.agreements()
    expect(one?.charges).toHaveLength(1)
  })

  it('is refused while all is frozen, and in a server that only reads', async () => {
    const number = await shop.signed()
    const ledger = await shop.ledger()
    await ledger.freeze(undefined, { at: shop.clock.now(), owner: 'x', host: 'x' })
    expect(await shop.charge(number)).toMatchObject({ error: 'frozen', moved: 'no' })
    await ledger.unfreeze({ at: shop.clock.now(), owner: 'x', host: 'x' })
    expect(await shop.charged(number)).toStrictEqual([])
  })
})

describe('a renewal that the merchant announces himself', () => {
  it('is charged from two days before its planned day on, until 20:00 of it', async () => {
    const number = await shop.signed('weekly')
    await shop.charge(number)
    const planned = await plannedDay(number)
    await shop.until(`${addDays(planned, -3)} 23:50:00`)
    expect((await shop.charge(number)).message).toMatch(/can be charged from/)
    await shop.until(addDays(planned, -2))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
    expect(await shop.charged(number)).toHaveLength(2)
  })

  it('whose window is over is missed, and goes on once it is postponed', async () => {
    const number = await shop.signed('weekly')
    await shop.charge(number)
    const planned = await plannedDay(number)
    await shop.until(`${planned} 20:00:00`)
    const missed = await shop.charge(number)
    expect(missed.message).toMatch(/is over/)
    expect(missed.next_step).toMatch(/postpone_subscription/)
    expect(await shop.call('list_subscriptions', { state: 'missed' })).toMatchObject({
      subscriptions: [{ external_agreement_no: number, renewal: 'missed' }],
    })
    const day = addDays(planned, 4)
    const moved = await shop.call('postpone_subscription', { external_agreement_no: number, planned_day: day })
    expect(moved).toMatchObject({ planned_day: day, state: 'live' })
    expect(
      await shop.call('postpone_subscription', { external_agreement_no: number, planned_day: planned }),
    ).toMatchObject({
      error: 'invalid_input',
    })
    await shop.until(addDays(day, -1))
    expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
  })
})

it('the first charge is announced like any other where it was postponed by weeks', async () => {
  const number = await shop.signed('news')
  const day = addDays(await plannedDay(number), 20)
  await shop.call('postpone_subscription', { external_agreement_no: number, planned_day: day })
  // The merchant of this plan announces by himself: then it is charged like a renewal, two days before.
  await shop.until(`${addDays(day, -3)} 12:00:00`)
  expect((await shop.charge(number)).message).toMatch(/can be charged from/)
  await shop.until(addDays(day, -2))
  expect(await shop.charge(number)).toMatchObject({ moved: 'now' })
})
