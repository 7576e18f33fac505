// Starts the fuzzers of test/fuzz: TypeScript, which Node 20 cannot run as it is.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

// Inside node_modules, where the packages are found from, and as deep as the tests, which look for files from there.
const folder = mkdtempSync(join(ROOT, 'node_modules', '.fuzz-'))
try {
  const outfile = join(folder, 'fuzz.mjs')
  await build({
    entryPoints: [join(ROOT, 'test/fuzz/fuzz.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  const args = ['--enable-source-maps', outfile, ...process.argv.slice(2)]
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: ROOT }).status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
