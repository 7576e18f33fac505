// Holds the clock to Beijing time in every zone, and its sleep to the moved clock.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { beijingTime, Clock, DAY_MS, fromBeijingTime } from '../src/clock.ts'

const HOUR = 3_600_000
const START = Date.parse('2026-11-20T02:00:00Z')

describe.each([
  ['UTC', 0],
  ['Asia/Shanghai', -480],
  ['America/New_York', 240],
  ['Pacific/Kiritimati', -840],
])('in the zone %s, Beijing time', (zone, offset) => {
  beforeEach(() => {
    vi.stubEnv('TZ', zone)
    expect(new Date('2026-07-01T00:00:00Z').getTimezoneOffset()).toBe(offset)
  })

  it.each([
    ['2026-11-20T02:00:00Z', '2026-11-20 10:00:00'],
    ['2026-12-31T15:59:59.999Z', '2026-12-31 23:59:59'],
    ['2026-12-31T16:00:00Z', '2027-01-01 00:00:00'],
    ['2028-02-28T16:00:00Z', '2028-02-29 00:00:00'],
    ['2026-03-08T07:30:00Z', '2026-03-08 15:30:00'],
    ['2026-11-01T06:30:00Z', '2026-11-01 14:30:00'],
  ])('of %s is %s', (utc, beijing) => {
    expect(beijingTime(Date.parse(utc))).toBe(beijing)
    expect(fromBeijingTime(beijing)).toBe(Math.floor(Date.parse(utc) / 1000) * 1000)
  })
})

describe('a clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('goes with the system until it is moved', () => {
    const clock = new Clock()
    expect(clock.now()).toBe(START)
    vi.setSystemTime(START + 5)
    expect(clock.now()).toBe(START + 5)
    clock.advance(3_600_000)
    clock.advance(-600_000)
    expect(clock.now()).toBe(START + 5 + 3_000_000)
  })

  const absurd = [undefined, '', 'yesterday', 'NaN', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT']
  it.each(absurd)('neither follows nor hears the date %j', (date) => {
    const clock = new Clock()
    clock.hear(new Date(START + 60_000).toUTCString())
    expect(clock.follow(date)).toBeUndefined()
    expect(clock.hear(date)).toBeUndefined()
    expect(clock.now()).toBe(START)
    expect(clock.alipay()).toBe(START + 60_500)
  })

  it.each([
    ['an hour', -HOUR, -HOUR],
    ['a minute', -60_000, -60_000],
    ['two seconds', -2_000, 0],
    ['no time', 0, 0],
    ['two hours', 2 * HOUR, 2 * HOUR],
    ['a year', 365 * DAY_MS, DAY_MS],
    ['a year back', -365 * DAY_MS, -DAY_MS],
  ])("hears that Alipay's is %s apart, and moves nothing but the time of Alipay, at most a day", (_, apart, moved) => {
    const clock = new Clock()
    expect(Math.abs((clock.hear(new Date(START + apart).toUTCString()) ?? Number.NaN) - apart)).toBeLessThanOrEqual(
      2_000,
    )
    expect(clock.now()).toBe(START)
    expect(Math.abs(clock.alipay() - START - moved)).toBeLessThanOrEqual(500)
    expect(clock.behind()).toBe(Math.min(clock.now(), clock.alipay()))
    expect(clock.behind(START - 7)).toBe(clock.behind() - 7)
  })

  it('hears last what was said last', () => {
    const clock = new Clock()
    clock.hear(new Date(START + HOUR).toUTCString())
    clock.hear(new Date(START).toUTCString())
    expect([clock.now(), clock.alipay()]).toStrictEqual([START, START])
  })

  it.each([-2_000, -1_000, 0, 1_000])('takes a difference of %i ms for noise', (apart) => {
    const clock = new Clock()
    clock.follow(new Date(START + apart).toUTCString())
    expect(clock.now()).toBe(START)
  })

  it.each([-86_400_000, -3_000, 3_000, 86_400_000])('follows a gateway that is %i ms apart', (apart) => {
    const clock = new Clock()
    clock.follow(new Date(START + apart).toUTCString())
    expect(Math.abs(clock.now() - (START + apart))).toBeLessThanOrEqual(1_000)
  })

  it('does not take a date for wrong that it reads long after: it was written while this computer slept', () => {
    const clock = new Clock()
    const date = new Date(START).toUTCString()
    vi.setSystemTime(START + 3_600_000)
    expect(clock.follow(date, START)).toBe(0)
    expect(clock.now()).toBe(START + 3_600_000)
    clock.follow(new Date(START - 7_200_000).toUTCString(), START)
    expect(Math.abs(clock.now() - (START - 3_600_000))).toBeLessThanOrEqual(1_000)
  })

  it('does not move twice for the same difference', () => {
    const clock = new Clock()
    const date = new Date(START + 60_000).toUTCString()
    clock.follow(date)
    const once = clock.now()
    clock.follow(date)
    expect(clock.now()).toBe(once)
  })
})

describe('sleeping', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function sleeper(clock: Clock, ms: number) {
    const state = { awake: false }
    void clock.sleep(ms).then(() => {
      state.awake = true
    })
    return state
  }
  const resolve = () => vi.advanceTimersByTimeAsync(0)

  it('ends by itself when the time has passed, not before', async () => {
    const state = sleeper(new Clock(), 3_000)
    await vi.advanceTimersByTimeAsync(2_999)
    expect(state.awake).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(state.awake).toBe(true)
  })

  it('ends when the clock is moved far enough, and leaves no timer behind', async () => {
    const clock = new Clock()
    const [short, long] = [sleeper(clock, 3_000), sleeper(clock, 10_000)]
    clock.advance(3_000)
    await resolve()
    expect([short.awake, long.awake]).toStrictEqual([true, false])
    clock.advance(7_000)
    await resolve()
    expect(long.awake).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, -5, Number.NEGATIVE_INFINITY])('of %d ms is over at once', async (ms) => {
    const state = sleeper(new Clock(), ms)
    await resolve()
    expect(state.awake).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })
})
