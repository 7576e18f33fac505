// Starts the year of charges of test/load.
import { runBundled } from './run-bundled.mjs'

await runBundled('test/load/charge-year.ts')
