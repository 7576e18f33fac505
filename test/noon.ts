// Noon of the next Beijing day: limits count by that day, and no test shall run into its end.
import { beijingTime, fromBeijingTime } from '../src/clock.ts'
import type { TestClock } from './shop.ts'

export const DAY_MS = 86_400_000

export function nextNoon(clock: TestClock): void {
  const today = beijingTime(clock.now()).slice(0, 10)
  clock.advance(fromBeijingTime(`${today} 12:00:00`) + DAY_MS - clock.now())
}
