// The built `charge-due`, as cron runs it: what it prints, and its exit code.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOf } from '../../src/subscriptions/charge-window.ts'
import { elsewhere, MAIN } from '../e2e/hosts.ts'
import { paidDays, SubscribedWorld } from './subscribed-world.ts'

let subscribed: SubscribedWorld
let number: string

beforeAll(async () => {
  const plan = { id: 'weekly', subject: 'A weekly letter', price: '6.00', period: { days: 7 }, announce: 'own' }
  subscribed = await SubscribedWorld.open([plan])
  number = await subscribed.signed('weekly')
})
afterAll(() => subscribed.close())

async function chargeDue(...flags: string[]) {
  const child = spawn(process.execPath, [MAIN, 'charge-due', ...flags], {
    cwd: elsewhere(),
    env: subscribed.world.env(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, stdout, stderr }
}

const paid = async () => paidDays((await subscribed.booked()).get(number))

it('charges what is due and exits with 0, and so it does where nothing is', async () => {
  const made = await chargeDue()
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`${number}: charged 6.00 yuan for `) })
  expect(made.stdout).toContain('1 charged, 0 not, 0 unknown; ')
  expect(await paid()).toHaveLength(1)
  expect(await chargeDue()).toMatchObject({ code: 0, stdout: 'Nothing is due.\n' })
  expect(await paid()).toHaveLength(1)
})

it('tells of a period that was missed and what to do, and exits with 1, in each run', async () => {
  const { planned_day = '' } = await subscribed.heard(number)
  await subscribed.until(startOf(planned_day) + 21 * 3_600_000)
  for (let run = 0; run < 2; run++) {
    const told = await chargeDue()
    expect(told.code).toBe(1)
    expect(told.stdout).toContain(`the window for ${planned_day} is over`)
    expect(told.stdout).toContain('Only a person can go on: postpone_subscription sets a later planned day')
    expect(told.stdout).toContain('0 charged, 1 not, 0 unknown; ')
  }
  const chinese = await chargeDue('--lang', 'zh')
  expect(chinese).toMatchObject({ code: 1, stdout: expect.stringContaining('需要人工推后（postpone_subscription）') })
  const { code, stdout } = await chargeDue('--json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ charged: 0, not_charged: 1, unknown: 0 },
    results: [{ external_agreement_no: number, outcome: 'not_charged', why: expect.stringContaining(planned_day) }],
  })
  expect(await paid()).toHaveLength(1)
})
