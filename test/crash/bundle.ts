// Bundles a breaking program, once for each file of tests: a process that reads no TypeScript starts in half the time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'test', 'crash')
// Where what is not bundled is found.
const CACHE = join(ROOT, 'node_modules', '.cache')

const BANNER = `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)`

/** @param name of a file beside this one. @returns the file to be started, which goes with this process */
export async function bundleBreaking(name: 'breaking-server' | 'breaking-charge-due'): Promise<string> {
  mkdirSync(CACHE, { recursive: true })
  const outdir = mkdtempSync(join(CACHE, `${name}-`))
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }))
  const absent = join(HERE, 'absent-http-client.ts')
  await build({
    entryPoints: [join(HERE, `${name}.ts`)],
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
  return join(outdir, `${name}.mjs`)
}
