// charge-due by two processes at once, killed at its steps: each period is charged once, or the operator finds it in the list.
import { expect, it } from 'vitest'
import { bundleBreaking } from './bundle.ts'
import { chargingYear } from './charging-year.ts'

// `npm run charge-year` does the same with a thousand.
const SUBSCRIBERS = 24

it('charges each month of a year once, whichever process is killed', async () => {
  const report = await chargingYear(await bundleBreaking('breaking-charge-due'), SUBSCRIBERS)
  expect(report.violations).toStrictEqual([])
  expect(report.months.length).toBeGreaterThanOrEqual(12)
  expect(report.kills).toBeGreaterThan(12)
  expect(report.listed).toBeGreaterThan(0)
  // Whoever is put off misses a week of the year, not more.
  expect(report.charged).toBeGreaterThan(11 * SUBSCRIBERS)
})
