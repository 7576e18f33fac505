// npm run release: packs what a release consists of from a clean checkout of HEAD into release/, checked.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runBundled } from './run-bundled.mjs'

const USAGE = `npm run release -- [--owner NAME]
Clones HEAD, installs and builds it there, checks what the package holds, and packs the tarball, the bundle for Claude
Desktop (.mcpb), server.json and the folder for Docker into release/. Publishes nothing.
  --owner NAME  login of the GitHub repository, from which author, addresses and the registry's name follow`

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'release')
const options = { owner: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } }
const { owner, out, help } = parseArgs({ options }).values

if (help) console.log(USAGE)
// In the clean checkout, with its own scripts.
else if (out !== undefined) await runBundled('scripts/release/release.ts')
else if (owner !== undefined && !/^[A-Za-z\d-]{1,39}$/.test(owner)) {
  console.error(`--owner takes the login of a GitHub account, such as alice; this is no such name: ${owner}`)
  process.exitCode = 2
} else release()

function release() {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-release-'))
  const checkout = join(folder, 'checkout')
  const packed = join(folder, 'packed')
  const run = (command, args, cwd) =>
    execFileSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' && command === 'npm' })
  try {
    if (execFileSync('git', ['status', '--porcelain'], { cwd: ROOT }).length > 0)
      console.log('What is not committed is not released.')
    run('git', ['clone', '--quiet', ROOT, checkout], folder)
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], checkout)
    mkdirSync(packed)
    const more = owner === undefined ? [] : ['--owner', owner]
    run(process.execPath, ['scripts/release.mjs', '--out', packed, ...more], checkout)
    rmSync(OUT, { recursive: true, force: true })
    cpSync(packed, OUT, { recursive: true })
  } catch (error) {
    // What it ran has said why.
    if (error.status === undefined) throw error
    process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
