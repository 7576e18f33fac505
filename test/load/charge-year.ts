// `npm run charge-year`: a simulated year of monthly subscribers, two processes of charge-due at once, killed; in figures.
import { parseArgs } from 'node:util'
import { bundleBreaking } from '../crash/bundle.ts'
import { chargingYear } from '../crash/charging-year.ts'

const USAGE = `npm run charge-year -- [--subscribers 1000]
Signs so many subscribers of a monthly plan at an emulator, and charges them for a year: each month two processes at once,
of which one or both are killed at a step. Ends with 1 where a period was charged twice, or neither charged nor listed.`

const { subscribers, help } = parseArgs({
  options: { subscribers: { type: 'string', default: '1000' }, help: { type: 'boolean' } },
}).values

if (help) console.log(USAGE)
else {
  const begun = performance.now()
  const main = await bundleBreaking('breaking-charge-due')
  const report = await chargingYear(main, Number(subscribers), (line) => console.error(line))
  const seconds = Math.round((performance.now() - begun) / 1000)
  console.log(JSON.stringify({ ...report, seconds }, undefined, 1))
  process.exitCode = report.violations.length === 0 ? 0 : 1
}
