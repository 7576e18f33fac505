// All fuzzers by their names, each with its share of the runs: what is quick is tried most.
import type { Came, Fuzzer } from './fuzzer.ts'
import { judgeFuzzer } from './judge.ts'
import { ledgerFuzzer } from './ledger-file.ts'
import { pageFuzzer } from './pages.ts'
import { settingsFuzzer } from './settings.ts'
import { type Report, runSlice, type Slice } from './slices.ts'
import { toolFuzzer } from './tool-inputs.ts'

export interface Entry {
  name: string
  /** Of a hundred runs. */
  share: number
  /** How many runs one slice has: then everything begins anew. */
  slice: number
  run(slice: Slice): Promise<Report>
}

const entry = <Input, C extends Came>(share: number, fuzzer: Fuzzer<Input, C>): Entry => ({
  name: fuzzer.name,
  share,
  slice: fuzzer.slice,
  run: (slice) => runSlice(fuzzer, slice),
})

export const FUZZERS: readonly Entry[] = [
  entry(79, judgeFuzzer()),
  entry(5.25, toolFuzzer()),
  entry(5.25, settingsFuzzer()),
  entry(5.25, ledgerFuzzer()),
  entry(5.25, pageFuzzer()),
]
