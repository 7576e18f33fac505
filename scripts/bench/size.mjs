// What the tools cost a model in tokens, and what the package weighs and takes to start through npx.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { npxEnv, pack, packEmpty, startRegistry } from '../registry.mjs'
import { cleanEnv, McpServer, ROOT } from './child.mjs'
import { median, ratioRow, row } from './figures.mjs'
import { toToolsList } from './start.mjs'

const BYTES_PER_TOKEN = 4
const shell = process.platform === 'win32'
const bytes = (value) => Buffer.byteLength(JSON.stringify(value))

const ITEMS = { ALIPAY_ITEMS_FILE: join(ROOT, 'examples', 'shop', 'items.json') }
const ROLES = [
  ['', {}],
  [', merchant with items', ITEMS],
  [', merchant with subscriptions', { ...ITEMS, ALIPAY_TOOLSETS: 'payments,subscriptions' }],
  [', buyer', { ALIPAY_ROLE: 'buyer', ALIPAY_SINGLE_BUYER: 'true', ...ITEMS }],
]

export async function toolRows({ home }) {
  const rows = []
  for (const [role, env] of ROLES) rows.push(...(await rowsOf(role, cleanEnv(home, env))))
  return rows
}

async function rowsOf(role, env) {
  const server = new McpServer({ env })
  const answer = await server.open()
  await server.stop()
  const sizes = answer.tools.map((tool) => ({ name: tool.name, tokens: bytes(tool) / BYTES_PER_TOKEN }))
  const largest = sizes.reduce((most, size) => (size.tokens > most.tokens ? size : most))
  const total = sizes.reduce((sum, { tokens }) => sum + tokens, 0)
  const note = `${bytes(answer)} bytes`
  return [
    row(`tools${role}`, sizes.length, '', { budget: 20 }),
    row(`tools/list${role}, all`, Math.round(bytes(answer) / BYTES_PER_TOKEN), 'tokens', { note }),
    row(`tools/list${role}, average tool`, Math.ceil(total / sizes.length), 'tokens', { budget: 320 }),
    row(`tools/list${role}, largest tool`, Math.ceil(largest.tokens), 'tokens', { budget: 420, note: largest.name }),
  ]
}

/** From a registry on this computer to an empty home and cache, each time; npx of a package that does nothing beside it. */
export async function packageRows({ folder, rounds }) {
  const [packed, empty] = [pack(ROOT, folder), packEmpty(folder)]
  const registry = await startRegistry([packed, empty])
  const times = []
  try {
    for (let round = 0; round < rounds; round++) {
      const base = await runThrough(npx('empty-package', folder, registry))
      const [time] = await toToolsList(npx('alipay-mcp', folder, registry))
      times.push([time, base])
    }
  } finally {
    registry.stop()
  }
  return [
    ratioRow('cold npx to tools/list', times, { budget: 2, against: 'npx of an empty package' }),
    row('cold npx to tools/list, itself', median(times.map(([time]) => time)) / 1000, 's', { budget: 1 }),
    row('package, packed', packed.size / 1e6, 'MB', { budget: 2.5 }),
    row('package, unpacked', packed.unpackedSize / 1e6, 'MB', { note: `${packed.entryCount} files` }),
  ]
}

function npx(name, folder, { url }) {
  const home = mkdtempSync(join(folder, 'npx-'))
  return { command: 'npx', args: ['-y', name], env: npxEnv(home, url), cwd: home, shell }
}

async function runThrough({ command, args, ...options }) {
  const begin = performance.now()
  await once(spawn(command, args, { ...options, stdio: 'ignore' }), 'exit')
  return performance.now() - begin
}
