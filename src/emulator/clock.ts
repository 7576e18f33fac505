// The emulator's time: a clock that can be moved forward, and Beijing time as Alipay writes it.

/** Milliseconds since the epoch; `advance` moves the clock forward, never back. */
export interface EmulatorClock {
  now(): number
  advance(ms: number): void
}

export const DAY_MS = 24 * 3600_000
const BEIJING_OFFSET_MS = 8 * 3600_000
const WIRE_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/

/** System time plus everything it was moved forward by. */
export function movableClock(): EmulatorClock {
  let moved = 0
  return {
    now: () => Date.now() + moved,
    advance(ms) {
      moved += ms
    },
  }
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing, whatever the zone of this computer. */
export function beijingTime(ms: number): string {
  return new Date(ms + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** Milliseconds of a Beijing time text; undefined for another format or a day that does not exist. */
export function parseBeijingTime(text: string): number | undefined {
  if (!WIRE_TIME.test(text)) return undefined
  const ms = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  // Date.parse rolls February 30th over into March; the round trip shows it.
  return Number.isNaN(ms) || beijingTime(ms) !== text ? undefined : ms
}

/** The next midnight in Beijing (`timeout_express` of `1c`). */
export function nextBeijingMidnight(ms: number): number {
  return Math.floor((ms + BEIJING_OFFSET_MS) / DAY_MS + 1) * DAY_MS - BEIJING_OFFSET_MS
}

/** The same Beijing date and time some calendar months later. */
export function addMonths(ms: number, months: number): number {
  const date = new Date(ms + BEIJING_OFFSET_MS)
  date.setUTCMonth(date.getUTCMonth() + months)
  return date.getTime() - BEIJING_OFFSET_MS
}

const WIRE_DAY = /^\d{4}-\d{2}-\d{2}$/

/** `yyyy-MM-dd` in Beijing: two of them compare as texts. */
export function beijingDay(ms: number): string {
  return beijingTime(ms).slice(0, 10)
}

/** Whether the text is a day that exists. */
export function isDay(text: string): boolean {
  return WIRE_DAY.test(text) && parseBeijingTime(`${text} 00:00:00`) !== undefined
}

/** When the day begins in Beijing. */
export function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`)
}

export function addDays(day: string, days: number): string {
  return beijingDay(dayStart(day) + days * DAY_MS)
}
