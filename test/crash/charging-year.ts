// A year of monthly subscribers whom two processes of charge-due charge at once, each killed at one step or another.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolveAll } from '../../src/guard/in-doubt.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { addDays, beijingDay, startOf } from '../../src/subscriptions/charge-window.ts'
import { subscriptionsThat } from '../../src/subscriptions/list-subscriptions.ts'
import { postponeSubscription } from '../../src/subscriptions/postpone-subscription.ts'
import { paidDays, SubscribedWorld } from '../subscriptions/subscribed-world.ts'
import { KILLED_AT } from './plan.ts'
import { each } from './world.ts'

const PLAN = { id: 'letter', subject: 'A letter a month', price: '15.00', period: { months: 1 }, announce: 'own' }
const HOUR_MS = 3_600_000
const AT_ONCE = 4

/** Minutes: past the leases, then past the expiry of what is in doubt, twice. */
const AFTER_KILLS = [0, 2, 30, 11, 11]

/** Around each write of the ledger and each send. */
export const POINTS = [
  'before ledger.reserveCharge',
  'after ledger.reserveCharge',
  'before ledger.markSending',
  'after ledger.markSending',
  'before agreements.charge',
  'after agreements.charge',
  'before ledger.resolve',
  'after ledger.resolve',
  'after ledger.recordAgreement',
]

export interface YearReport {
  subscribers: number
  charged: number
  /** So many periods the operator found in the list, and put off. */
  listed: number
  kills: number
  violations: readonly string[]
  /** Seconds until two processes at once have ended, month by month. */
  months: readonly number[]
}

/**
 * @param main the bundle of breaking-charge-due.ts
 * @param tell hears of each planned day
 */
export async function chargingYear(
  main: string,
  subscribers: number,
  tell: (line: string) => void = () => {},
): Promise<YearReport> {
  const subscribed = await SubscribedWorld.open([PLAN])
  try {
    await each(
      Array.from({ length: subscribers }, (_, at) => at),
      AT_ONCE,
      async () => void (await subscribed.signed(PLAN.id)),
    )
    return await new Year(subscribed, main, subscribers, tell).run()
  } finally {
    await subscribed.close()
  }
}

class Year {
  readonly #violations: string[] = []
  readonly #months: number[] = []
  #charged = 0
  #listed = 0
  #kills = 0

  constructor(
    readonly subscribed: SubscribedWorld,
    readonly main: string,
    readonly subscribers: number,
    readonly tell: (line: string) => void,
  ) {}

  async run(): Promise<YearReport> {
    const [begun, first] = [beijingDay(this.subscribed.now()), await this.#nextDay()]
    for (let day = first; day < addDays(begun, 366); day = await this.#nextDay()) {
      const due = (await this.#planned()).filter(([, planned]) => planned === day).map(([number]) => number)
      const early = day === first ? 0 : 2
      await this.subscribed.until(startOf(addDays(day, -early)) + 10 * HOUR_MS)
      const before = await this.#paid()
      // Most of them have one day; those that were put off have others, and no second process.
      const isMost = due.length > this.subscribers / 4
      if (isMost) await this.#twoAtOnce(this.#months.length)
      await this.#settle(isMost ? AFTER_KILLS : [0])
      await this.#judge(day, due, before)
      const [charged, listed, kills] = [this.#charged, this.#listed, this.#kills]
      this.tell(`${day}: ${due.length} due; until now ${charged} charged, ${listed} listed, ${kills} kills`)
    }
    const [subscribers, violations, months] = [this.subscribers, this.#violations, this.#months]
    return { subscribers, charged: this.#charged, listed: this.#listed, kills: this.#kills, violations, months }
  }

  async #planned(): Promise<readonly (readonly [string, string])[]> {
    const { found: live } = await subscriptionsThat(['live'], this.subscribed.call())
    return live.map(({ subscription }) => [subscription.external_agreement_no, subscription.planned_day ?? ''])
  }

  async #nextDay(): Promise<string> {
    const days = (await this.#planned()).map(([, planned]) => planned)
    return days.reduce((least, day) => (day < least ? day : least))
  }

  async #paid(): Promise<ReadonlyMap<string, readonly string[]>> {
    return new Map([...(await this.subscribed.booked())].map(([number, one]) => [number, paidDays(one)]))
  }

  /** Two as cron starts them; the first is killed each time, the second every other time, at another step. */
  async #twoAtOnce(month: number): Promise<void> {
    const begun = performance.now()
    const share = Math.max(1, Math.floor(this.subscribers / 4))
    const kill = (index: number) => `${1 + ((index * 7) % share)} ${POINTS[index % POINTS.length]}`
    const ended = await Promise.all([
      this.#start(kill(month)),
      this.#start(month % 2 === 0 ? kill(month + 4) : undefined),
    ])
    this.#kills += ended.filter((signal) => signal === 'SIGKILL').length
    this.#months.push(Math.round(performance.now() - begun) / 1000)
  }

  async #start(killedAt: string | undefined): Promise<string | number> {
    const env = { ...this.subscribed.world.env(), ...(killedAt !== undefined && { [KILLED_AT]: killedAt }) }
    const child = spawn(process.execPath, [this.main], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code, signal] = await once(child, 'close')
    if (signal === null && code !== 0) this.#violations.push(`charge-due ended with ${code}: ${said.slice(0, 500)}`)
    return signal ?? code
  }

  /** What cron and the watcher do in the hours after. */
  async #settle(minutes: readonly number[]): Promise<void> {
    for (const some of minutes) {
      await this.subscribed.until(this.subscribed.now() + some * 60_000)
      await resolveAll(this.subscribed.call())
      await chargeAll(this.subscribed.call())
    }
  }

  async #judge(day: string, due: readonly string[], before: ReadonlyMap<string, readonly string[]>): Promise<void> {
    const paid = await this.#paid()
    const call = this.subscribed.call()
    const { found } = await subscriptionsThat(['failed', 'in_doubt', 'missed'], call)
    const listed = new Set(found.map(({ subscription }) => subscription.external_agreement_no))
    for (const number of due) {
      const days = paid.get(number) ?? []
      const times = days.filter((one) => one === day).length
      if (times + (listed.has(number) ? 1 : 0) !== 1)
        this.#violations.push(`${number}: ${day} was charged ${times} times, listed: ${listed.has(number)}`)
      this.#charged += times
    }
    for (const [number, days] of paid) {
      const more = days.length - (before.get(number)?.length ?? 0)
      if (more > 1 || (more === 1 && !due.includes(number)))
        this.#violations.push(`${number}: charged out of turn by ${day}`)
    }
    this.#listed += listed.size
    for (const number of listed) await this.#putOff(number)
  }

  /** The operator looks after those in his list. */
  async #putOff(number: string): Promise<void> {
    const today = beijingDay(this.subscribed.now())
    const moved = await postponeSubscription(number, undefined, this.subscribed.call())
    if ((moved.planned_day ?? '') < addDays(today, 2)) this.#violations.push(`${number}: it could not be put off`)
  }
}
