// Starts the simulation of test/simulation.
import { runBundled } from './run-bundled.mjs'

await runBundled('test/simulation/simulate.ts')
