// The whole way of somebody new: npx in an empty home, init, doctor, install, and a payment in each host.
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseToml } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack, type Registry, startRegistry } from '../../scripts/registry.mjs'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { type Env, entryHost, type Fields, paidOrder } from '../e2e/hosts.ts'
import { DESKTOP_PATH, installation, NewHome, ownInstallation } from './new-home.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const packed = pack(ROOT, mkdtempSync(join(tmpdir(), 'alipay-mcp-test-')))
const PINNED = `alipay-mcp@${packed.manifest.version}`

let registry: Registry
beforeAll(async () => {
  registry = await startRegistry([packed])
})
afterAll(() => registry.stop())

interface Entry {
  command: string
  args: string[]
  env?: Env
}
/** The entry in each host's own file. */
const ENTRIES: Readonly<Record<string, (home: NewHome) => Entry>> = {
  'claude-code': (home) => JSON.parse(home.read('.claude.json')).mcpServers.alipay,
  codex: (home) => Object(parseToml(home.read('.codex', 'config.toml')).mcp_servers).alipay,
  cursor: (home) => JSON.parse(home.read('.cursor', 'mcp.json')).mcpServers.alipay,
}
const HOSTS = Object.entries(ENTRIES)

/** Cursor is started from the desktop, the two others from a shell. */
const pathOf = (host: string, home: NewHome) => (host === 'cursor' ? DESKTOP_PATH : home.path)

/** Of a server that is started as the entry says, in the environment that the host has. */
async function payment({ command, args, env }: Entry, home: NewHome, PATH: string) {
  const host = await entryHost({ command, args, env: { HOME: home.at, PATH, ...env } })
  const paid = await paidOrder(host)
  await host.close()
  return paid
}

describe.skipIf(process.platform === 'win32')('npx, in a home where nothing is', () => {
  let home: NewHome
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
    home = new NewHome(registry, installation())
    home.file('app-key.pem', emulator.private_key)
    home.file('alipay-public-key.txt', emulator.alipay_public_key)
  })
  afterAll(() => emulator.close())

  it('init makes the settings, and the doctor finds nothing to fix', async () => {
    const keys = ['--private-key-file', 'app-key.pem', '--public-key-file', 'alipay-public-key.txt']
    const app = ['--env', 'local', '--gateway', emulator.gateway, '--app-id', emulator.app_id]
    expect(await home.npx(PINNED, 'init', ...app, ...keys, '--yes')).toContain('All is well: nothing to fix.')
    const { checks } = JSON.parse(await home.npx(PINNED, 'doctor', '--json'))
    const states = Object(checks).map(({ status }: Fields) => status)
    expect(new Set(states)).toStrictEqual(new Set(['ok', 'skipped']))
  })

  it.each(HOSTS)('install %s writes an entry that takes a payment, started as the host does', async (name, entryIn) => {
    expect(await home.npx(PINNED, 'install', name, '--yes')).toContain('Written.')
    const entry = entryIn(home)
    expect(entry.args).toStrictEqual(['-y', PINNED])
    const paid = { environment: 'local', paid: true, total_amount: '9.90' }
    expect(await payment(entry, home, pathOf(name, home))).toMatchObject(paid)
  })

  it('hosts finds all of them to start, and each payment is at the gateway of the settings', async () => {
    const { hosts } = JSON.parse(await home.npx(PINNED, 'hosts', '--json'))
    const starting = Object(hosts).filter(({ starts }: Fields) => starts === true)
    const names = starting.map(({ name }: Fields) => name)
    expect(new Set(names)).toStrictEqual(new Set(Object.keys(ENTRIES)))
    const trades = await (await fetch(new URL('/control/trades', emulator.gateway))).json()
    expect(trades).toMatchObject({ paid: '29.70' })
  })

  it('no key has come into a file of a host', () => {
    const files = ['.claude.json', '.cursor', '.codex'].flatMap((name) => filesAt(join(home.at, name)))
    expect(files.length).toBeGreaterThanOrEqual(HOSTS.length)
    const inside = emulator.private_key.replace(/-----[^-]+-----|\s/g, '').slice(40, 80)
    const leaking = files.filter((file) =>
      [inside, 'app-key'].some((part) => readFileSync(file, 'utf8').includes(part)),
    )
    expect(leaking).toStrictEqual([])
  })

  it.each(HOSTS)('uninstall %s takes it out again', async (name, entryIn) => {
    expect(await home.npx(PINNED, 'uninstall', name, '--yes')).toContain('Removed.')
    expect(() => entryIn(home)).toThrow('ENOENT')
  })
})

it.skipIf(process.platform === 'win32')('a Node.js that no host finds is named by its whole path', async () => {
  const bin = ownInstallation()
  const home = new NewHome(registry, bin)
  await home.npx('alipay-mcp', 'install', 'cursor', '--yes')
  const entry = ENTRIES.cursor?.(home)
  expect(entry).toMatchObject({ command: join(bin, 'npx'), args: ['-y', PINNED] })
  expect(entry?.env?.PATH?.split(':')[0]).toBe(bin)
  expect(entry && (await payment(entry, home, DESKTOP_PATH))).toMatchObject({ environment: 'local', paid: true })
  const { hosts } = JSON.parse(await home.npx('alipay-mcp', 'hosts', '--json'))
  expect(hosts).toMatchObject([{ name: 'cursor', starts: true }])
})

function filesAt(path: string): readonly string[] {
  if (!existsSync(path)) return []
  try {
    return readdirSync(path).flatMap((name) => filesAt(join(path, name)))
  } catch {
    return [path]
  }
}
