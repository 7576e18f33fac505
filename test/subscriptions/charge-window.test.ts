// When a period may be charged: five full days of notice, two days before the planned day, and until 20:00 of it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, fromBeijingTime } from '../../src/clock.ts'
import {
  addDays,
  beijingDay,
  chargeWindow,
  isToAnnounce,
  type Notice,
  startOf,
} from '../../src/subscriptions/charge-window.ts'

const at = (text: string) => fromBeijingTime(`${text}:00`)
const hook = (text?: string): Notice => ({ kind: 'hook', announced_at: text === undefined ? undefined : at(text) })
const PLANNED = '2026-12-20'
const state = (notice: Notice, now: string) => chargeWindow(PLANNED, notice, at(now)).state

describe('a period that was announced', () => {
  it.each([
    ['2026-12-10 09:00', '2026-12-18 00:00'],
    ['2026-12-12 23:59', '2026-12-18 00:00'],
    ['2026-12-13 00:00', '2026-12-19 00:00'],
    ['2026-12-14 23:59', '2026-12-20 00:00'],
  ])('on %s is charged from %s on, until 20:00 of the planned day', (announced, from) => {
    const window = chargeWindow(PLANNED, hook(announced), at(announced))
    expect(window).toStrictEqual({ state: 'early', from: at(from), until: at('2026-12-20 20:00') })
    expect(chargeWindow(PLANNED, hook(announced), at(from)).state).toBe('open')
    expect(chargeWindow(PLANNED, hook(announced), at('2026-12-20 19:59')).state).toBe('open')
    expect(chargeWindow(PLANNED, hook(announced), at('2026-12-20 20:00')).state).toBe('missed')
  })

  it('too late is missed', () => {
    expect(state(hook('2026-12-15 00:00'), '2026-12-15 00:01')).toBe('missed')
  })
})

describe('a period that nobody announced', () => {
  it('can be announced five full days before the planned day at the latest', () => {
    expect(state(hook(), '2026-12-14 23:59')).toBe('unannounced')
    expect(state(hook(), '2026-12-15 00:00')).toBe('missed')
  })

  it('is to be announced from ten days before it on', () => {
    expect(isToAnnounce(PLANNED, hook(), at('2026-12-09 23:59'))).toBe(false)
    expect(isToAnnounce(PLANNED, hook(), at('2026-12-10 00:00'))).toBe(true)
    expect(isToAnnounce(PLANNED, hook('2026-12-10 00:00'), at('2026-12-11 00:00'))).toBe(false)
    expect(isToAnnounce(PLANNED, { kind: 'own' }, at('2026-12-11 00:00'))).toBe(false)
  })
})

it('what the merchant announces by himself is charged two days before', () => {
  expect(state({ kind: 'own' }, '2026-12-17 23:59')).toBe('early')
  expect(state({ kind: 'own' }, '2026-12-18 00:00')).toBe('open')
})

it('the first charge without a trial is made as soon as Alipay takes it', () => {
  expect(state({ kind: 'none' }, '2026-12-16 23:59')).toBe('early')
  expect(state({ kind: 'none' }, '2026-12-17 00:00')).toBe('open')
})

it('nothing is ever charged with less than five full Beijing days of notice, or outside the window', () => {
  const moment = fc.integer({ min: at('2026-01-01 00:00'), max: at('2028-12-31 00:00') })
  fc.assert(
    fc.property(
      moment,
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 60 * DAY_MS }),
      (announced, days, later) => {
        const planned = addDays(beijingDay(announced), days)
        const now = announced + later
        const window = chargeWindow(planned, { kind: 'hook', announced_at: announced }, now)
        if (window.state !== 'open') return
        const fullDays = (startOf(beijingDay(now)) - startOf(beijingDay(announced))) / DAY_MS - 1
        expect(fullDays).toBeGreaterThanOrEqual(5)
        expect(now).toBeLessThan(startOf(planned) + 20 * 3_600_000)
        expect(now).toBeGreaterThanOrEqual(startOf(addDays(planned, -2)))
      },
    ),
  )
})
