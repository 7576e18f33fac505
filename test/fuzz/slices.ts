// One slice of a fuzzer's runs: every input is held to the properties of its fuzzer and to those of all.
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { Came, Fuzzer, Kind, Property, Subject } from './fuzzer.ts'
import { leaked } from './secrets.ts'
import { type WatchedProcess, watchProcess } from './watched-process.ts'

export interface Fault {
  kind: Kind
  property: string
  message: string
  input: string
  seed: number
  /** Of fast-check: goes straight to the input. */
  path: string
}

export interface Report {
  runs: number
  faults: Fault[]
  /** The most that the process had in memory, MiB. */
  peak: number
}

export interface Slice {
  runs: number
  seed: number
  path?: string | undefined
  /** How many simpler inputs may be tried after a fault. */
  shrinks?: number
  /** Before each run: its number in the slice, from 0. */
  began?: ((run: number) => void) | undefined
}

// Whoever has found so many in one slice has found what there is to find.
const MOST_FAULTS = 5
const MOST_SHRINKS = 200
// Far more than any input takes that is read in one go. A busy computer is no fault: it is tried three times.
const LONGEST_MS = 1_000
const TRIES = 3
const LARGEST_MIB = 1_024
const LONGEST_INPUT = 2_000

class Broken extends Error {
  constructor(
    readonly kind: Kind,
    readonly property: string,
    message: string,
  ) {
    super(message)
  }
}

/** What is asked of every input of every fuzzer, besides that nothing is thrown. */
const OF_ALL: readonly Property<unknown, Came>[] = [
  {
    name: 'says nothing of an internal error, and shows no stack',
    kind: 'internal error',
    fault: ({ text }) =>
      /internal error \(id|unexpected error|\berror"?: ?"?internal\b|^ +at .*:\d+:\d+\)?$/im.exec(text)?.[0],
  },
  { name: 'shows no secret', kind: 'other', fault: ({ text }) => leaked(text) },
]

/** Runs one slice to its end, past the faults on the way. */
export async function runSlice<Input, C extends Came>(fuzzer: Fuzzer<Input, C>, slice: Slice): Promise<Report> {
  const watched = watchProcess()
  const subject = await fuzzer.open(slice.seed)
  const faults: Fault[] = []
  let [done, path] = [0, slice.path]
  try {
    while (done < slice.runs && faults.length < MOST_FAULTS) {
      const first = done
      let run = first
      const property = fc.asyncProperty(fc.limitShrink(fuzzer.inputs, slice.shrinks ?? MOST_SHRINKS), async (input) => {
        slice.began?.(run++)
        await hold(fuzzer, subject, watched, input)
      })
      const more = path === undefined ? {} : { path }
      const result = await fc.check(property, { numRuns: slice.runs - first, seed: slice.seed, ...more })
      done = first + result.numRuns
      path = String(done)
      const [input] = result.counterexample ?? []
      if (!result.failed || input === undefined) break
      faults.push(faultOf(result.errorInstance, input, slice.seed, result.counterexamplePath ?? ''))
      if (slice.path !== undefined) break
    }
    return { runs: done, faults, peak: watched.peak() }
  } finally {
    await subject.close()
    watched.end()
  }
}

async function hold<Input, C extends Came>(
  { properties, longest = LONGEST_MS }: Fuzzer<Input, C>,
  subject: Subject<Input, C>,
  watched: WatchedProcess,
  input: Input,
): Promise<void> {
  const { came, ms } = await timed(subject, input, longest)
  for (const { name, kind, fault } of [...properties, ...OF_ALL]) {
    const message = fault(came, input)
    if (message !== undefined) throw new Broken(kind, name, message)
  }
  const [rejection] = watched.rejections.splice(0)
  if (rejection) throw new Broken('crash', 'leaves no rejection unhandled', rejection)
  const [printed] = watched.printed.splice(0)
  if (printed) throw new Broken('other', 'prints nothing on standard output', printed)
  if (ms > longest) throw new Broken('other', 'is done in time', `${ms.toFixed(0)} ms at the best`)
  if (watched.peak() > LARGEST_MIB) throw new Broken('other', 'keeps within its memory', `${watched.peak()} MiB`)
}

/** How long it takes at the best. */
async function timed<Input, C extends Came>(
  subject: Subject<Input, C>,
  input: Input,
  longest: number,
): Promise<{ came: C; ms: number }> {
  const times: number[] = []
  for (;;) {
    const began = performance.now()
    const came = await subject.try(input).catch((error: unknown) => {
      throw new Broken('crash', 'throws nothing', error instanceof Error ? String(error.stack) : String(error))
    })
    times.push(performance.now() - began)
    const ms = Math.min(...times)
    if (ms <= longest || times.length === TRIES) return { came, ms }
  }
}

function faultOf(error: unknown, input: unknown, seed: number, path: string): Fault {
  const { kind, property, message } = error instanceof Broken ? error : new Broken('crash', 'runs', String(error))
  return { kind, property, message: message.slice(0, LONGEST_INPUT), input: shown(input), seed, path }
}

/** For people, who see it again by seed and path; a deep value would be too deep to be written whole. */
const shown = (input: unknown) =>
  inspect(input, { depth: 6, maxStringLength: 300, breakLength: Number.POSITIVE_INFINITY }).slice(0, LONGEST_INPUT)
