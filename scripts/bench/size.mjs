// What the tools cost a model in tokens, and what the package weighs and takes to start through npx.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnv, floor, McpServer, ROOT } from './child.mjs'
import { ratioRow, row } from './figures.mjs'
import { toToolsList } from './start.mjs'

const BYTES_PER_TOKEN = 4
const shell = process.platform === 'win32'
const bytes = (value) => Buffer.byteLength(JSON.stringify(value))

const ITEMS = { ALIPAY_ITEMS_FILE: join(ROOT, 'examples', 'shop', 'items.json') }
const ROLES = [
  ['', {}],
  [', merchant with items', ITEMS],
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

export async function packageRows({ home, folder, rounds }) {
  const packed = pack(folder)
  const times = []
  for (let round = 0; round < rounds; round++) {
    const base = await floor(home)
    const [time] = await toToolsList(npx(join(folder, packed.filename), mkdtempSync(join(folder, 'npx-'))))
    times.push([time, base])
  }
  return [
    ratioRow('cold npx to tools/list', times, { against: 'node -e 0' }),
    row('package, packed', packed.size / 1e6, 'MB', { budget: 2 }),
    row('package, unpacked', packed.unpackedSize / 1e6, 'MB', { note: `${packed.entryCount} files` }),
  ]
}

/** Without scripts: the program is measured as it was built. */
function pack(folder) {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const json = execFileSync('npm', args, {
    cwd: ROOT,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return Object.values(JSON.parse(json))[0]
}

/** Home and cache are new and empty, and the registry is a port where nothing listens: nothing can be fetched. */
function npx(tarball, home) {
  const env = cleanEnv(home, {
    npm_config_cache: join(home, 'cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_update_notifier: 'false',
  })
  return { command: 'npx', args: ['-y', '-p', tarball, 'alipay-mcp'], env, shell }
}
