// The whole way of somebody new: npx in an empty home, init, doctor, install, and a payment in each host.
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse as parseToml } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { npxEnv, pack, type Registry, startRegistry } from '../../scripts/registry.mjs'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { type Env, entryHost, type Fields, paidOrder } from '../e2e/hosts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'alipay-mcp-test-')))
const home = join(folder, 'home')
const packed = pack(ROOT, folder)
const { version } = packed.manifest
const DESKTOP_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Where this Node.js lies, with npx beside it as in every installation; npm's package `node` has none. */
function installation(): string {
  const beside = dirname(realpathSync(process.execPath))
  if (existsSync(join(beside, 'npx'))) return beside
  const bin = join(folder, 'installed', 'bin')
  mkdirSync(bin, { recursive: true })
  copyFileSync(process.execPath, join(bin, 'node'))
  const folders = (process.env.PATH ?? '').split(delimiter)
  const npx = folders.map((one) => join(one, 'npx')).find((file) => existsSync(file))
  symlinkSync(realpathSync(npx ?? ''), join(bin, 'npx'))
  return bin
}
const PATH = [installation(), DESKTOP_PATH].join(':')

let registry: Registry
let emulator: Emulator
beforeAll(async () => {
  registry = await startRegistry([packed])
  emulator = await startEmulator()
  mkdirSync(home, { mode: 0o700 })
  // Hosts do not hand on what a shell was told of the registry.
  writeFileSync(join(home, '.npmrc'), `registry=${registry.url}\n`)
  writeFileSync(join(home, 'app-key.pem'), emulator.private_key, { mode: 0o600 })
  writeFileSync(join(home, 'alipay-public-key.txt'), emulator.alipay_public_key)
})
afterAll(async () => {
  registry.stop()
  await emulator.close()
})

/** As typed in a shell; fails as the command does. */
async function npx(...args: readonly string[]): Promise<string> {
  const call = ['-y', `alipay-mcp@${version}`, ...args]
  const { stdout } = await promisify(execFile)('npx', call, { cwd: home, env: npxEnv(home, registry.url, { PATH }) })
  return stdout
}

const text = (...path: string[]) => readFileSync(join(home, ...path), 'utf8')

/** The entry in the host's own file, and the PATH with which the host starts it. */
const HOSTS: Readonly<Record<string, { entry: () => Fields; path: string }>> = {
  cursor: { entry: () => JSON.parse(text('.cursor', 'mcp.json')).mcpServers.alipay, path: DESKTOP_PATH },
  'claude-code': { entry: () => JSON.parse(text('.claude.json')).mcpServers.alipay, path: PATH },
  codex: { entry: () => Object(parseToml(text('.codex', 'config.toml')).mcp_servers).alipay, path: PATH },
}

const NONE = { entry: (): Fields => ({}), path: '' }

describe.skipIf(process.platform === 'win32')('npx, in a home where nothing is', () => {
  it('init makes the settings, and the doctor finds nothing to fix', async () => {
    const keys = ['--private-key-file', 'app-key.pem', '--public-key-file', 'alipay-public-key.txt']
    const app = ['--env', 'local', '--gateway', emulator.gateway, '--app-id', emulator.app_id]
    expect(await npx('init', ...app, ...keys, '--yes')).toContain('All is well: nothing to fix.')
    const { checks } = JSON.parse(await npx('doctor', '--json'))
    const states = Object(checks).map(({ status }: Fields) => status)
    expect(new Set(states)).toStrictEqual(new Set(['ok', 'skipped']))
  })

  it.each(Object.keys(HOSTS))(
    'install %s writes an entry that takes a payment, started as the host does',
    async (name) => {
      await npx('install', name, '--yes')
      const { entry, path } = HOSTS[name] ?? NONE
      const { command, args, env } = entry()
      expect(args).toContain(`alipay-mcp@${version}`)
      const variables: Env = { HOME: home, PATH: path, ...Object(env) }
      const host = await entryHost({ command: String(command), args: Object(args), env: variables })
      expect(await paidOrder(host)).toMatchObject({ environment: 'local', paid: true, total_amount: '9.90' })
      await host.close()
    },
  )

  it('hosts finds all of them to start, and each payment is at the gateway of the settings', async () => {
    const { hosts } = JSON.parse(await npx('hosts', '--json'))
    const starting = Object(hosts).filter(({ starts }: Fields) => starts === true)
    expect(starting.map(({ name }: Fields) => name)).toStrictEqual(Object.keys(HOSTS).sort())
    const trades = await (await fetch(new URL('/control/trades', emulator.gateway))).json()
    expect(trades).toMatchObject({ paid: '29.70' })
  })

  it('no key has come into a file of a host', () => {
    const files = [join(home, '.claude.json'), join(home, '.cursor'), join(home, '.codex')].flatMap(filesAt)
    expect(files.length).toBeGreaterThanOrEqual(3)
    const bare = emulator.private_key.replace(/-----[^-]+-----|\s/g, '').slice(40, 80)
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(new RegExp(`${bare}|app-key`))
  })
})

function filesAt(path: string): readonly string[] {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path).flatMap((name) => filesAt(join(path, name)))
  } catch {
    return [path]
  }
}
