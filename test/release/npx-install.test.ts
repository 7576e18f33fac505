// install run by npx from a registry in an empty home: each entry that it writes, started as its host does, takes a payment.
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { npxEnv, pack, type Registry, startRegistry } from '../../scripts/registry.mjs'
import { type Env, entryHost, paidOrder } from '../e2e/hosts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
const packed = pack(ROOT, folder)
const { version } = packed.manifest
let registry: Registry

beforeAll(async () => {
  registry = await startRegistry([packed])
})
afterAll(() => registry.stop())

/** Its npm knows the registry by a file, as a host gives no variables. */
function emptyHome(): string {
  const home = mkdtempSync(join(folder, 'home-'))
  writeFileSync(join(home, '.npmrc'), `registry=${registry.url}\nupdate-notifier=false\n`)
  return home
}

const npx = (args: readonly string[], env: Env, cwd: string) =>
  promisify(execFile)('npx', ['-y', 'alipay-mcp', ...args], { env, cwd })

interface Entry {
  command: string
  args: string[]
  env?: Env
}
const ENTRIES: readonly (readonly [host: string, read: (home: string) => Entry])[] = [
  ['cursor', (home) => JSON.parse(readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8')).mcpServers.alipay],
  ['claude-code', (home) => JSON.parse(readFileSync(join(home, '.claude.json'), 'utf8')).mcpServers.alipay],
  ['codex', (home) => Object(parse(readFileSync(join(home, '.codex', 'config.toml'), 'utf8')).mcp_servers).alipay],
]

describe.each(ENTRIES)('%s', (name, read) => {
  it('gets one version, and takes a payment with it', async () => {
    const home = emptyHome()
    const env = npxEnv(home, registry.url)
    const { stdout } = await npx(['install', name, '--yes'], env, home)
    expect(stdout).toContain('Written.')
    const entry = read(home)
    expect(entry.args.slice(-2)).toStrictEqual(['-y', `alipay-mcp@${version}`])
    const host = await entryHost({ ...entry, env: { HOME: home, PATH: '/usr/bin:/bin', ...entry.env } })
    expect(await paidOrder(host)).toMatchObject({ environment: 'local', paid: true })
    await host.close()
    const { stdout: found } = await npx(['hosts', '--json'], env, home)
    expect(JSON.parse(found).hosts).toContainEqual(expect.objectContaining({ name, version, starts: true }))
    expect((await npx(['uninstall', name, '--yes'], env, home)).stdout).toContain('Removed.')
    expect(() => read(home)).toThrow('ENOENT')
  })
})

/** A folder with a Node.js that no host finds, as nvm makes it. */
function ownNode(): string {
  const bin = join(mkdtempSync(join(folder, 'nvm-')), 'bin')
  mkdirSync(bin)
  const node = realpathSync(process.execPath)
  try {
    linkSync(node, join(bin, 'node'))
  } catch {
    copyFileSync(node, join(bin, 'node'))
  }
  return bin
}

it('starts by whole paths where a host does not find the Node.js of the user', async () => {
  const home = emptyHome()
  const bin = ownNode()
  const { stdout: root } = await promisify(execFile)('npm', ['root', '-g'])
  symlinkSync(join(root.trim(), 'npm', 'bin', 'npx-cli.js'), join(bin, 'npx'))
  const env = { ...npxEnv(home, registry.url), PATH: `${bin}:${process.env.PATH}` }
  await npx(['install', 'cursor', '--yes'], env, home)
  const { mcpServers } = JSON.parse(readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8'))
  expect(mcpServers.alipay).toMatchObject({ command: join(bin, 'npx'), args: ['-y', `alipay-mcp@${version}`] })
  expect(dirname(mcpServers.alipay.command)).toBe(mcpServers.alipay.env.PATH.split(':')[0])
  const host = await entryHost({ ...mcpServers.alipay, env: { HOME: home, ...mcpServers.alipay.env } })
  expect(await paidOrder(host)).toMatchObject({ paid: true })
  await host.close()
  const { stdout } = await npx(['hosts', '--json'], env, home)
  expect(JSON.parse(stdout).hosts).toMatchObject([{ name: 'cursor', version, starts: true }])
})
