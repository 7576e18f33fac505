// Bundles the breaking server, once for each file of tests: a process that reads no TypeScript starts in half the time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'test', 'crash')
// Where what is not bundled is found.
const CACHE = join(ROOT, 'node_modules', '.cache')

const BANNER = `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)`

/** Removed when the tests of the file have ended. @returns the file to be started */
export async function bundleBreakingServer(): Promise<string> {
  mkdirSync(CACHE, { recursive: true })
  const outdir = mkdtempSync(join(CACHE, 'breaking-server-'))
  afterAll(() => rmSync(outdir, { recursive: true, force: true }))
  const absent = join(HERE, 'absent-http-client.ts')
  await build({
    entryPoints: [join(HERE, 'breaking-server.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: BANNER },
    outExtension: { '.js': '.mjs' },
    external: ['libsql', 'node:sqlite', 'sql.js'],
    // Most of the time to load alipay-sdk, which only signs here.
    alias: { urllib: absent, formstream: absent },
    logLevel: 'error',
  })
  return join(outdir, 'breaking-server.mjs')
}
