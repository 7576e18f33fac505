// The processes in which slices run: one that crashes or hangs is a fault, is traced to its input, and is replaced.
import { type ChildProcess, fork } from 'node:child_process'
import { openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FUZZERS } from './fuzzers.ts'
import { quickFolder } from './quick-folder.ts'
import type { Fault, Report } from './slices.ts'

export interface Job {
  name: string
  seed: number
  runs: number
  path?: string | undefined
  /** Where the number of each run is written before it begins. */
  trace?: string
}

export interface Outcome extends Report {
  name: string
}

// Longer than any slice takes on a computer that does much else.
const LONGEST_MS = 15 * 60_000
const MIB = 1024 * 1024
// A small heap is cleared before it grows: what does not fit is kept by somebody, and ends the process.
const HEAP = '--max-old-space-size=192'
// More than what is loaded late and kept, by the fuzzers together.
const MOST_GROWTH = 128

export class Workers {
  readonly #folder = quickFolder()

  /** @param script serves jobs when it is started with `--worker` */
  constructor(
    readonly count: number,
    readonly script: string,
  ) {}

  async run(jobs: readonly Job[], progress: (done: number, all: number) => void): Promise<Outcome[]> {
    const left = [...jobs]
    const outcomes: Outcome[] = []
    const work = async () => {
      let worker: Worker | undefined
      for (let job = left.shift(); job; job = left.shift()) {
        worker ??= new Worker(this.script)
        const report = await worker.run(job)
        if (report) outcomes.push({ ...report, name: job.name })
        else {
          outcomes.push({ ...(await this.#trace(job, worker.ending)), name: job.name })
          worker = undefined
        }
        progress(outcomes.length, jobs.length)
      }
      worker?.end()
    }
    await Promise.all(Array.from({ length: Math.min(this.count, jobs.length) }, work))
    rmSync(this.#folder, { recursive: true })
    return outcomes
  }

  /** Runs a slice that ended its process once more, in order to see with which run it does. */
  async #trace(job: Job, ending: string): Promise<Report> {
    const trace = join(this.#folder, `${job.name}-${job.seed}`)
    const again = new Worker(this.script)
    const report = await again.run({ ...job, trace })
    again.end()
    if (report) return { ...report, faults: [...report.faults, crash(job, `${ending}, but not a second time`, '0')] }
    const run = Number(readFileSync(trace, 'utf8').trim())
    return { runs: run + 1, peak: 0, faults: [crash(job, again.ending, job.path ?? String(run))] }
  }
}

const crash = ({ seed }: Job, message: string, path: string): Fault => ({
  kind: 'crash',
  property: 'does not end the process',
  message,
  input: '(of that run)',
  seed,
  path,
})

class Worker {
  readonly #process: ChildProcess
  /** Why it ended. */
  ending = ''

  constructor(script: string) {
    this.#process = fork(script, ['--worker'], { execArgv: ['--enable-source-maps', '--expose-gc', HEAP] })
  }

  /** Undefined where the process ended. */
  run(job: Job): Promise<Report | undefined> {
    return new Promise((resolve) => {
      const child = this.#process
      const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
      const ended = (code: number | null, signal: string | null) => {
        this.ending = `the process ended with ${signal ?? code}`
        done(undefined)
      }
      const done = (report: Report | undefined) => {
        clearTimeout(timer)
        child.removeAllListeners('message').off('exit', ended)
        resolve(report)
      }
      child.once('exit', ended)
      child.once('message', (report: Report) => done(report))
      child.send(job)
    })
  }

  end(): void {
    if (this.#process.connected) this.#process.disconnect()
  }
}

/** The other end, in the worker: one slice after the other, until nobody asks for more. */
export function serveJobs(): void {
  const heaps = new Map<string, number[]>()
  process.on('message', async (job: Job) => {
    const fuzzer = FUZZERS.find(({ name }) => name === job.name)
    if (!fuzzer) throw new Error(`There is no fuzzer ${job.name}.`)
    const fd = job.trace === undefined ? undefined : openSync(job.trace, 'w')
    const began = (run: number) => fd !== undefined && writeSync(fd, String(run).padEnd(12), 0)
    const report = await fuzzer.run({ ...job, began })
    process.send?.({ ...report, faults: [...report.faults, ...growth(job, heaps)] })
  })
}

/** What is kept from slice to slice: the first two fill caches, after that it must not grow. */
function growth({ name, seed }: Job, heaps: Map<string, number[]>): Fault[] {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  const sizes = [...(heaps.get(name) ?? []), Math.round((heapUsed + external) / MIB)]
  heaps.set(name, sizes)
  const grown = (sizes.at(-1) ?? 0) - (sizes[1] ?? sizes[0] ?? 0)
  if (grown < MOST_GROWTH) return []
  const message = `${grown} MiB more than after the second slice of this process: ${sizes.join(', ')}`
  return [
    { kind: 'other', property: 'keeps nothing from slice to slice', message, input: '(all of them)', seed, path: '0' },
  ]
}
