// Starts the load of test/load: many built servers on one ledger.
import { runBundled } from './run-bundled.mjs'

await runBundled('test/load/run.ts')
