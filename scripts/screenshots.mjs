// Takes the pictures in docs/screenshots; an argument names another folder.
import { runBundled } from './run-bundled.mjs'

await runBundled('test/pages/screenshots.ts')
