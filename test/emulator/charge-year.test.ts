// A year on the moved clock: what a merchant who keeps to the planned days gets, monthly and every 7 days, day by day.
import { beforeEach, expect, test } from 'vitest'
import { AgreementClient, MONTHLY, USUAL_RULES, WEEKLY } from './agreement-client.ts'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
beforeEach(() => agreements.rules(USUAL_RULES))

const today = async () => ((await client.trades()) as { now: string }).now.slice(0, 10)
const before = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 24 * 3600_000).toISOString().slice(0, 10)

test('each period is charged once, and a failure, a missed window and an end change what they should', async () => {
  const monthly = await agreements.signed('MONTHLY1', { period_rule_params: MONTHLY })
  const weekly = await agreements.signed('WEEKLY1', { period_rule_params: WEEKLY }, 'buyer2')
  const ended = await agreements.signed('WEEKLY2', { period_rule_params: WEEKLY }, 'buyer2')
  let attempts = 0
  for (let day = await today(); day < '2027-11-20'; day = await today()) {
    for (const agreement_no of [monthly, weekly, ended]) {
      const { next_deduct_time } = await agreements.query({ agreement_no })
      if (next_deduct_time === undefined || day !== before(String(next_deduct_time), 2)) continue
      // One charge fails and is made again the next day; one window passes without a charge and is put off.
      const fails = agreement_no === monthly && day.startsWith('2027-03')
      const isMissed = agreement_no === weekly && day.startsWith('2027-05-0')
      if (isMissed) continue
      if (fails) await agreements.next(agreement_no, { outcome: 'refuse' })
      const answer = await agreements.charge(agreement_no, `C${++attempts}`)
      expect(answer.code).toBe(fails ? '40004' : '10000')
      if (!fails) continue
      await client.wait(24 * 3600)
      expect(await agreements.charge(agreement_no, `C${++attempts}`)).toMatchObject({ code: '10000' })
    }
    if (day.startsWith('2027-06-01')) await client.control('/agreements/unsign', { agreement_no: ended })
    const { next_deduct_time } = await agreements.query({ agreement_no: weekly })
    if (String(next_deduct_time) < day) {
      expect(await agreements.charge(weekly, 'LATE')).toMatchObject({ sub_code: 'ACQ.CYCLE_PAY_DATE_NOT_MATCH' })
      await agreements.modify({ agreement_no: weekly, deduct_time: before(day, -3) })
    }
    await client.wait(24 * 3600)
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
  // 52 weeks, of which one was put off by some days; none after the end.
  expect([ofWeeks.length, untilJune.length]).toEqual([51, 27])
  expect(untilJune.at(-1)?.slice(0, 7)).toBe('2027-05')
  const { paid } = (await client.trades()) as { paid: string }
  expect(Number(paid)).toBe(15 * (12 + 51 + 27))
})
