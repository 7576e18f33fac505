// npm run simulate: as many runs as wanted, and at the end what they came to.
import { parseArgs } from 'node:util'
import { check, reported, type Summary } from './check.ts'
import { checkReal, reportedReal } from './check-real.ts'
import { EMPHASES } from './emphases.ts'
import type { Emphasis } from './scenarios.ts'

const NAMES = Object.keys(EMPHASES).join(', ')
const USAGE = `npm run simulate -- [--runs 1000] [--seed 1] [--replay PATH] [--emphasis NAME] [--real-kills]
A careless agent, a merchant, buyers at their pages and in the chat of a shop, notifications, watchers, a bad network and
dying processes, judged by the emulator's trades.
  --replay PATH  shows one run again, as a failed one told; with its --seed
  --emphasis NAME  dwells on one thing: ${NAMES}
  --real-kills   the built server (npm run build) as a process that is killed with SIGKILL`

// A summary in between, for who waits.
const EVERY = 500
const EVERY_REAL = 20

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'string' },
    emphasis: { type: 'string' },
    'real-kills': { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

const [runs, seed] = [Number(values.runs), Number(values.seed)]
const began = performance.now()

if (values.help) console.log(USAGE)
else if (values['real-kills']) await simulateReal()
else await simulate()

async function simulate(): Promise<void> {
  const progress = (summary: Summary) => {
    if (summary.runs % EVERY === 0) console.error(`${summary.runs} runs, ${summary.refunds} refunds`)
  }
  const emphasis = emphasisNamed(values.emphasis)
  const { summary, found } = await check({ runs, seed, path: values.replay, emphasis, progress })
  const { troubles, ...counts } = summary
  const hit = [...troubles].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`)
  end(counts, found && reported(found, values.emphasis), `troubles: ${hit.join(', ')}`)
}

function emphasisNamed(name: string | undefined): Emphasis | undefined {
  const [, emphasis] = Object.entries<Emphasis>(EMPHASES).find(([one]) => one === name) ?? []
  if (name !== undefined && !emphasis) throw new Error(`There is no emphasis ${name}, but ${NAMES}.`)
  return emphasis
}

async function simulateReal(): Promise<void> {
  const progress = (done: number) => {
    if (done % EVERY_REAL === 0) console.error(`${done} runs`)
  }
  const index = values.replay === undefined ? undefined : Number(values.replay)
  const { summary, found } = await checkReal({ runs, seed, index, progress })
  end({ ...summary }, found && reportedReal(found))
}

function end(counts: Readonly<Record<string, number>>, found: string | undefined, ...more: readonly string[]): void {
  const seconds = (performance.now() - began) / 1_000
  const numbers = Object.entries(counts).map(([name, count]) => `${name}: ${count}`)
  if (found !== undefined) console.log(found)
  console.log([`${numbers.join(', ')}; ${seconds.toFixed(0)} seconds`, ...more].join('\n'))
  console.log(`violations: ${found === undefined ? 0 : 1}`)
  process.exitCode = found === undefined ? 0 : 1
}
