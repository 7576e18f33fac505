// Starts the fuzzers of test/fuzz.
import { runBundled } from './run-bundled.mjs'

await runBundled('test/fuzz/fuzz.ts')
