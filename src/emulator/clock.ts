// The emulator's time: a clock that can be moved forward, and Beijing time as Alipay writes it.

/** Milliseconds since the epoch; `advance` moves the clock forward, never back. */
export interface EmulatorClock {
  now(): number
  advance(ms: number): void
}

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
  const day = 24 * 3600_000
  return Math.floor((ms + BEIJING_OFFSET_MS) / day + 1) * day - BEIJING_OFFSET_MS
}

/** The same Beijing date and time some calendar months later. */
export function addMonths(ms: number, months: number): number {
  const date = new Date(ms + BEIJING_OFFSET_MS)
  date.setUTCMonth(date.getUTCMonth() + months)
  return date.getTime() - BEIJING_OFFSET_MS
}
