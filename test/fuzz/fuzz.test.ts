// A few hundred inputs of each fuzzer; `npm run fuzz` tries as many as wanted.
import { expect, it } from 'vitest'
import { FUZZERS } from './fuzzers.ts'

const RUNS: Readonly<Record<string, number>> = { judge: 300, tools: 40, settings: 150, ledger: 40, pages: 100 }

it.each(FUZZERS)('$name: no input crashes it, or makes it believe what nobody signed', async ({ name, run }) => {
  const { runs, faults } = await run({ runs: RUNS[name] ?? 100, seed: 20 })
  expect(faults).toStrictEqual([])
  expect(runs).toBe(RUNS[name])
})
