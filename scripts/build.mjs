// Builds dist/: a main file and lazily loaded chunks, with everything bundled.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

const BANNER = `#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module'
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error('alipay-mcp needs Node.js 20 or newer; this is ' + process.version + '.')
  process.exit(1)
}
const require = __createRequire(import.meta.url)`

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'none',
  banner: { js: BANNER },
  logLevel: 'warning',
})
