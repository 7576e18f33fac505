// A year on the moved clock: what a merchant who keeps to the planned days gets, monthly and every 7 days.
import { beforeEach, expect, test } from 'vitest'
import { AgreementClient, MONTHLY, USUAL_RULES, WEEKLY } from './agreement-client.ts'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
beforeEach(() => agreements.rules(USUAL_RULES))

const END = '2027-11-20'
const before = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 24 * 3600_000).toISOString().slice(0, 10)

test('each period is charged once, and a failure, a missed window and an end change what they should', async () => {
  const monthly = await agreements.signed('MONTHLY1', { period_rule_params: MONTHLY })
  const ended = await agreements.signed('WEEKLY2', { period_rule_params: WEEKLY }, 'buyer2')
  // Of the same days, and after it in the list: the other one is charged before this one's window is missed.
  const weekly = await agreements.signed('WEEKLY1', { period_rule_params: WEEKLY }, 'buyer2')
  let attempts = 0
  let isMissed = false
  let hasFailed = false
  /** The next day of attempts, two before the planned one; undefined where nothing is to come. */
  const next = async () => {
    const inForce = (await agreements.listed()).filter((one) => one.in_force)
    const due = inForce.map(({ agreement_no, planned_day }) => ({ agreement_no, day: before(planned_day, 2) }))
    return due.sort((one, other) => (one.day < other.day ? -1 : 1)).find(({ day }) => day < END)
  }
  for (let due = await next(); due; due = await next()) {
    const { agreement_no, day } = due
    await agreements.until(day)
    if (day >= '2027-06-01' && agreement_no === ended) {
      await client.control('/agreements/unsign', { agreement_no })
      expect(await agreements.charge(ended, 'ENDED')).toMatchObject({ sub_code: 'ACQ.AGREEMENT_NOT_EXIST' })
    } else if (day >= '2027-05-01' && agreement_no === weekly && !isMissed) {
      // Its window passes without a charge: nothing can be charged until the day is put off.
      isMissed = true
      await client.wait(3 * 24 * 3600)
      expect(await agreements.charge(weekly, 'LATE')).toMatchObject({ sub_code: 'ACQ.CYCLE_PAY_DATE_NOT_MATCH' })
      expect(await agreements.modify({ agreement_no, deduct_time: before(day, -5) })).toMatchObject({ code: '10000' })
    } else {
      // The one that fails is made again, under another number.
      const fails: boolean = agreement_no === monthly && day >= '2027-03-01' && !hasFailed
      hasFailed ||= fails
      if (fails) await agreements.next(agreement_no, { outcome: 'refuse' })
      expect(await agreements.charge(agreement_no, `C${++attempts}`)).toMatchObject({ code: fails ? '40004' : '10000' })
    }
  }
  const days = async (agreement_no: string) => {
    const { charges } = await agreements.one(agreement_no)
    return charges.filter((one) => one.gmt_payment !== null).map((one) => one.planned_day)
  }
  const [ofMonths, ofWeeks, untilJune] = [await days(monthly), await days(weekly), await days(ended)]
  expect(ofMonths).toEqual([
    '2026-12-06',
    ...Array.from({ length: 11 }, (_, at) => `2027-${String(at + 1).padStart(2, '0')}-06`),
  ])
  for (const list of [ofMonths, ofWeeks, untilJune]) expect(new Set(list).size).toBe(list.length)
  // Every 7 days from 2026-11-27 on, of which one was put off to 5 days after its attempt; none after the end.
  expect([ofWeeks.length, untilJune.length]).toEqual([51, 27])
  expect(ofWeeks.slice(22, 25)).toEqual(['2027-04-30', '2027-05-10', '2027-05-17'])
  expect(untilJune.at(-1)).toBe('2027-05-28')
  const { paid } = (await client.trades()) as { paid: string }
  expect(Number(paid)).toBe(15 * (12 + 51 + 27))
})
