// npm run fuzz: as many random inputs as wanted, in slices by seed, in processes that may crash.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { FUZZERS } from './fuzzers.ts'
import type { Fault } from './slices.ts'
import { type Job, type Outcome, serveJobs, Workers } from './workers.ts'

const NAMES = FUZZERS.map(({ name }) => name)
const USAGE = `npm run fuzz -- [--runs 10000] [--seed 1] [--only NAME] [--replay PATH]
Random inputs for ${NAMES.join(', ')}: nothing crashes, nothing is believed that nobody signed.
  --runs N       of all fuzzers together, or of the one
  --seed N       of the first slice; those after it count on
  --only NAME    one fuzzer
  --replay PATH  one input again, as a found fault told; with its --only and --seed`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    replay: { type: 'string' },
    worker: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

if (values.help) console.log(USAGE)
else if (values.worker) serveJobs()
else await fuzz()

async function fuzz(): Promise<void> {
  if (values.only !== undefined && !NAMES.includes(values.only)) {
    throw new Error(`There is no fuzzer ${values.only}, but ${NAMES.join(', ')}.`)
  }
  const began = performance.now()
  const workers = new Workers(availableParallelism(), process.argv[1] ?? '')
  const outcomes = await workers.run(jobs(), (done, all) => console.error(`${done} of ${all} slices`))
  const seconds = Math.round((performance.now() - began) / 1_000)
  for (const line of faultLines(outcomes)) console.log(line)
  for (const name of NAMES) for (const line of summaryLines(name, outcomes)) console.log(line)
  const runs = sum(outcomes, ({ runs }) => runs)
  const faults = sum(outcomes, ({ faults }) => faults.length)
  console.log(`${runs} inputs in ${seconds} seconds; faults: ${faults}`)
  process.exitCode = faults === 0 ? 0 : 1
}

/** One after the other of each fuzzer, so that all of them are seen early. */
function jobs(): Job[] {
  const chosen = FUZZERS.filter(({ name }) => values.only === undefined || name === values.only)
  const shares = chosen.reduce((all, { share }) => all + share, 0)
  const lists = chosen.map(({ name, share, slice }) => {
    const runs = values.replay === undefined ? Math.ceil((Number(values.runs) * share) / shares) : 1
    return Array.from({ length: Math.ceil(runs / slice) }, (_, index): Job => {
      const seed = Number(values.seed) + index
      return { name, seed, runs: Math.min(slice, runs - index * slice), path: values.replay }
    })
  })
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat()
}

/** Each once: what is wrong shows in many slices. */
function faultLines(outcomes: readonly Outcome[]): string[] {
  const seen = new Set<string>()
  const isNew = ({ property, message }: Fault) => {
    const what = `${property} ${message.split('\n')[0]}`
    return !seen.has(what) && seen.add(what)
  }
  return outcomes.flatMap(({ name, faults }) =>
    faults
      .filter(isNew)
      .flatMap(({ kind, property, message, input, seed, path }) => [
        `${name}: ${kind}: "${property}" does not hold`,
        `  ${message.replaceAll('\n', '\n  ')}`,
        `  input: ${input}`,
        `  To see it again: npm run fuzz -- --only ${name} --seed ${seed} --replay ${path}`,
        '',
      ]),
  )
}

function summaryLines(name: string, outcomes: readonly Outcome[]): string[] {
  const own = outcomes.filter((outcome) => outcome.name === name)
  if (own.length === 0) return []
  const faults = own.flatMap((outcome) => outcome.faults)
  const count = (kind: string) => faults.filter((fault) => fault.kind === kind).length
  const peak = Math.max(...own.map((outcome) => outcome.peak))
  return [
    `${name}: ${sum(own, ({ runs }) => runs)} runs, crashes: ${count('crash')}, internal errors: ${count('internal error')}, ` +
      `beliefs without signature: ${count('belief')}, others: ${count('other')}, peak memory: ${peak} MiB`,
  ]
}

function sum(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((all, outcome) => all + of(outcome), 0)
}
