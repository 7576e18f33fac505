// Writes the parts of docs/ that come from the code; test/docs/generated.test.ts fails when they are stale.
import { runBundled } from './run-bundled.mjs'

await runBundled('scripts/docs/write.ts')
