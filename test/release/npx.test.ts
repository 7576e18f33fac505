// The package as people get it: npx from a registry, in an empty home, starts the server, which takes a payment.
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { npxEnv, pack, type Registry, startRegistry } from '../../scripts/registry.mjs'
import { entryHost, paidOrder } from '../e2e/hosts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
const packed = pack(ROOT, folder)
const { version } = packed.manifest
/** There `npx` is a script for a shell, with another way to be started. */
const isWindows = process.platform === 'win32'
let registry: Registry

beforeAll(async () => {
  registry = await startRegistry([packed])
})
afterAll(() => registry.stop())

const emptyHome = () => mkdtempSync(join(folder, 'home-'))

it.skipIf(isWindows)('takes a payment in local, started by npx in an empty home', async () => {
  const args = ['-y', `alipay-mcp@${version}`]
  const before = registry.requests.length
  const host = await entryHost({ command: 'npx', args, env: npxEnv(emptyHome(), registry.url) })
  expect(await paidOrder(host)).toMatchObject({ environment: 'local', paid: true, total_amount: '9.90' })
  await host.close()
  // One package, and nothing behind it; the other questions are npm's own.
  const fetched = registry.requests.slice(before).filter((request) => /^GET \/(?!npm$)/.test(request))
  const tarball = `GET /alipay-mcp/-/alipay-mcp-${version}.tgz`
  expect(new Set(fetched)).toStrictEqual(new Set(['GET /alipay-mcp', tarball]))
})

it.skipIf(isWindows)('is a command of its own, whichever version is newest', async () => {
  const home = emptyHome()
  const npx = { env: npxEnv(home, registry.url), cwd: home }
  const { stdout } = await promisify(execFile)('npx', ['-y', 'alipay-mcp', '--version'], npx)
  expect(stdout).toBe(`${version}\n`)
})
