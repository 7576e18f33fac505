// Provokes what the page of troubleshooting quotes about hosts that start the server.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { elsewhere, HOMELESS, MAIN } from '../e2e/hosts.ts'
import { openShop } from '../shop.ts'
import { prove } from './troubleshooting-page.ts'

const NOT_BUILT = join(elsewhere(), 'dist', 'main.js')

/** What a host shows whose settings start nothing that answers. */
async function hosted(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const client = new Client({ name: 'host', version: '1.0.0' })
  const connected = client.connect(new StdioClientTransport({ command, args, env, stderr: 'ignore' }))
  return connected.then(
    () => 'connected',
    (error: unknown) => String(error),
  )
}

/** What a person sees who types `node` and this. */
function typed(...args: string[]): string {
  const env = { ...HOMELESS, PATH: process.env.PATH }
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, cwd: elsewhere() })
  return stdout + stderr
}

prove('hosts', {
  'spawn node ENOENT': () => hosted('node', [MAIN], { PATH: elsewhere() }),
  'MCP error -32000: Connection closed': () => hosted(process.execPath, [NOT_BUILT]),
  "Error: Cannot find module '...'": () => typed(NOT_BUILT),
  'node: ...: not found': () => typed(MAIN, '--env-file', 'shop.env'),
  '... is an MCP server: a host such as Claude Desktop or Cursor starts it and speaks to it here.': () => {
    const byHand = ['--import', 'data:text/javascript,process.stdin.isTTY = true', MAIN]
    return { en: typed(...byHand), zh: typed(...byHand, '--lang', 'zh') }
  },
  'A line on standard input is no JSON, and was left out. Only a host may write there, one message a line.': () => {
    const env = { ...HOMELESS, PATH: process.env.PATH }
    return spawnSync(process.execPath, [MAIN], { encoding: 'utf8', env, cwd: elsewhere(), input: 'Starting ...\n' })
      .stderr
  },
  'An emulator on this computer: no real money moves, and links open on this computer only.': async () => {
    // Of its own: the commands above hold this process up for so long that a connection would not live through it.
    const shop = await openShop()
    return shop.text('create_payment', { subject: 'Tea', total_amount: '1.00' }).finally(() => shop.close())
  },
})
