// The merchant of the story: looks on the days on which something is to be done, announces, charges, and meets each trouble.
import { expect } from 'vitest'
import { beijingTime } from '../../../src/clock.ts'
import { dayAfter, type Stage, startOf } from './stage.ts'
import { isDue, lookDay, needsAnnouncement, nextDay, type Subscriber, troubleOf } from './subscriber.ts'

const HOUR_MS = 3_600_000
/** The morning of the shop. */
const TEN = 10 * HOUR_MS
const MOST_TRIES = 20

export class ShopKeeper {
  readonly all: Subscriber[] = []
  #at = 0
  #looks = 0

  constructor(readonly stage: Stage) {}

  async open(): Promise<void> {
    const { now } = await this.stage.books()
    await this.#moveTo(startOf(dayAfter(now.slice(0, 10), 1)) + TEN)
  }

  get today(): string {
    return beijingTime(this.#at).slice(0, 10)
  }

  async #moveTo(at: number): Promise<void> {
    this.#at = Math.max(this.#at, at)
    await this.stage.until(this.#at)
  }

  later = (ms: number) => this.#moveTo(this.#at + ms)

  /** Looks on each day on which there is something to do, and is there on that day in the end. */
  async goOnUntil(day: string): Promise<void> {
    await this.#look()
    for (;;) {
      const days = this.all.filter(({ ended }) => !ended).map((one) => lookDay(one))
      const next = days.reduce((least, one) => (one > this.today && one < least ? one : least), day)
      if (next <= this.today) return
      await this.#moveTo(startOf(next) + TEN)
      await this.#look()
    }
  }

  async #look(): Promise<void> {
    for (const one of this.all) {
      const isMissed = !one.ended && troubleOf(one) === 'missed' && this.today > one.planned
      if (isMissed) await this.#miss(one)
    }
    const due = this.all.filter((one) => isDue(one, this.today))
    expect(await this.listed('due')).toStrictEqual(due.map(({ number }) => number).sort())
    await this.#charge(due)
    const silent = this.all.filter((one) => !one.ended && needsAnnouncement(one))
    const toAnnounce = silent.filter(({ planned }) => this.today >= dayAfter(planned, -10))
    expect(await this.listed('to_announce')).toStrictEqual(toAnnounce.map(({ number }) => number).sort())
    for (const one of toAnnounce) await this.#announce(one)
  }

  async listed(state: string): Promise<readonly string[]> {
    const { subscriptions } = await this.stage.ask(undefined, 'list_subscriptions', { state, limit: 50 })
    return (Object(subscriptions) as { external_agreement_no: string }[])
      .map(({ external_agreement_no }) => external_agreement_no)
      .sort()
  }

  async #announce(one: Subscriber): Promise<void> {
    const { number, planned, price } = one
    const sent = this.stage.announced().length
    const announced = await this.stage.ask(undefined, 'announce_renewal', { external_agreement_no: number })
    expect(announced).toMatchObject({ first_time: true, planned_day: planned })
    const [told, ...more] = this.stage.announced().slice(sent)
    expect(more).toStrictEqual([])
    const body = { subscription: number, amount: price, planned_day: planned, cancel_url: one.sign_url }
    expect(JSON.parse(told?.body ?? '')).toMatchObject(body)
    one.announced.set(planned, this.today)
  }

  /** By turns in the chat and by the command for cron; what is to go wrong is done by hand. */
  async #charge(due: readonly Subscriber[]): Promise<void> {
    const usual = due.filter((one) => troubleOf(one) === undefined)
    const troubled = due.filter((one) => !usual.includes(one) && troubleOf(one) !== 'missed')
    // The command would charge those, too, whose window is to be missed.
    if (due.length > 0 && usual.length === due.length && this.#looks++ % 8 === 7)
      expect(await this.stage.chargeDue()).toMatchObject({ charged: due.length, not_charged: 0, unknown: 0 })
    else
      for (const one of usual) expect(await this.charge(one)).toMatchObject({ moved: 'now', total_amount: one.price })
    for (const one of usual) this.#paid(one)
    for (const one of troubled) await this.#inTrouble(one)
  }

  charge = ({ number }: Subscriber) =>
    this.stage.ask(undefined, 'charge_subscription', { external_agreement_no: number })

  #paid(one: Subscriber): void {
    one.paid.push([one.planned, one.price])
    one.planned = nextDay(one)
  }

  async #inTrouble(one: Subscriber): Promise<void> {
    const next = (outcome: object) =>
      this.stage.control('charges/next', { external_agreement_no: one.number, ...outcome })
    switch (troubleOf(one)) {
      case 'refused':
        await next({ outcome: 'refuse', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })
        expect(await this.charge(one)).toMatchObject({ moved: 'no', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })
        one.failed++
        await this.#retry()
        break
      case 'lost':
        await this.stage.control('faults', { fault: 'lost_after', method: 'alipay.trade.pay' })
        expect(await this.charge(one)).toMatchObject({ moved: 'now' })
        break
      case 'late':
        await next({ outcome: 'late', seconds: 120 })
        await this.#unknown(one)
        break
      case 'in_process':
        await next({ outcome: 'in_process', seconds: 600, end: 'paid' })
        await this.#unknown(one)
    }
    this.#paid(one)
  }

  async #retry(): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      await this.later(HOUR_MS / 4)
      const { charged } = await this.stage.chargeDue()
      if (charged === 1) return
    }
    expect.fail('what Alipay refused was never charged')
  }

  /** Nobody sends a second one, neither before it takes effect nor after. */
  async #unknown(one: Subscriber): Promise<void> {
    expect(await this.charge(one)).toMatchObject({ error: 'unknown', moved: 'unknown' })
    expect(await this.charge(one)).toMatchObject({ isError: true, moved: 'no' })
    expect(await this.stage.chargeDue()).toMatchObject({ charged: 0 })
    await this.later(HOUR_MS)
    expect((await this.charge(one)).moved).not.toBe('now')
    const view = await this.stage.ask(undefined, 'query_subscription', { external_agreement_no: one.number })
    expect(view).toMatchObject({ planned_day: nextDay(one) })
  }

  /** Its window went by: where Alipay keeps the day, a person sets a later one. */
  async #miss(one: Subscriber): Promise<void> {
    const external_agreement_no = one.number
    expect(await this.listed('missed')).toStrictEqual([external_agreement_no])
    const refused = await this.charge(one)
    expect(refused).toMatchObject({ isError: true, moved: 'no' })
    const skipped = (await this.stage.books()).agreements.find((found) => found.external_agreement_no === one.number)
    const planned_day = dayAfter(one.planned, 10)
    if (skipped?.planned_day !== one.planned) one.planned = nextDay(one)
    const args = { external_agreement_no, planned_day }
    expect(await this.stage.ask(undefined, 'postpone_subscription', args)).toMatchObject({ planned_day, state: 'live' })
    one.planned = planned_day
    one.troubles = new Map([...one.troubles].filter(([, trouble]) => trouble !== 'missed'))
  }
}
