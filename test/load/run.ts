// `npm run load`: many servers on one ledger under load, in figures; ends with 1 where a rule was broken.
import { parseArgs } from 'node:util'
import { type LoadReport, runLoad } from './load.ts'
import { loadNotifications } from './notification-load.ts'

const USAGE = `npm run load -- [--servers 50] [--seconds 60] [--calls 250] [--kills 0]
Starts built servers on one ledger, in a folder of its own, with one emulator, and drives mixed calls through MCP clients.
  --servers  how many
  --seconds  how long
  --calls    calls a second, of all together
  --kills    so many servers are killed meanwhile, and started again
  --notifications  instead posts so many notifications, genuine and forged, 64 at once, to the front, which is killed`

const options = {
  servers: { type: 'string', default: '50' },
  seconds: { type: 'string', default: '60' },
  calls: { type: 'string', default: '250' },
  kills: { type: 'string', default: '0' },
  notifications: { type: 'string', default: '0' },
  help: { type: 'boolean' },
} as const
const { help, ...numbers } = parseArgs({ options }).values
const number = (name: keyof typeof numbers) => Number(numbers[name])

if (help) console.log(USAGE)
else if (number('notifications') > 0) {
  const outcome = await loadNotifications({ count: number('notifications'), atOnce: 64, kills: number('kills') })
  console.log(JSON.stringify(outcome, undefined, 1))
  process.exitCode = outcome.violations.length === 0 ? 0 : 1
} else {
  const report = await runLoad({
    servers: number('servers'),
    seconds: number('seconds'),
    calls: number('calls'),
    kills: number('kills'),
  })
  console.log(describe(report))
  const { lost, double, different } = report.books
  process.exitCode = lost.length + double.length + different.length + report.ofLocks === 0 ? 0 : 1
}

function describe({ times, errors, ofLocks, skipped, seconds, kills, books }: LoadReport): string {
  const all = [...times.values()].reduce((sum, of) => sum + of.length, 0)
  const { orders, refunds, lost, double, different } = books
  return [
    `${all} calls in ${seconds.toFixed(0)} s, ${(all / seconds).toFixed(0)} a second (${skipped} skipped), ${kills} kills`,
    ...[...times].map(([tool, of]) => `${tool.padEnd(16)} ${String(of.length).padStart(6)}  ${percentiles(of)}`),
    `errors that name a lock or another program: ${ofLocks}`,
    ...[...errors].sort(([, a], [, b]) => b - a).map(([text, count]) => `${String(count).padStart(6)}  ${text}`),
    `books: ${orders} orders, ${refunds} refunds; lost ${lost.length}, double ${double.length}, different ${different.length}`,
    ...[...lost, ...double, ...different].slice(0, 20),
  ].join('\n')
}

function percentiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
}
