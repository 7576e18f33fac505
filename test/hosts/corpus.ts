// Host files as people have them, each with the place of its servers; see corpus/.
import { readdirSync, readFileSync } from 'node:fs'
import type { FormatName, Place } from '../../src/hosts/plan.ts'

const FOLDER = new URL('corpus/', import.meta.url)
const KEYS: Readonly<Record<string, readonly string[]>> = {
  codex: ['mcp_servers'],
  goose: ['extensions'],
  opencode: ['mcp'],
  vscode: ['servers'],
  zed: ['context_servers'],
}

export interface HostText extends Place {
  name: string
  host: string
  text: string
}

export const HOST_TEXTS: readonly HostText[] = readdirSync(FOLDER).map((name) => {
  const [host = '', rest = ''] = name.split('--')
  const format: FormatName = rest.endsWith('.toml') ? 'toml' : rest.endsWith('.yaml') ? 'yaml' : 'json'
  const key = name.startsWith('opencode--native') ? ['mcp', 'servers'] : (KEYS[host] ?? ['mcpServers'])
  return { name, host, format, key, text: readFileSync(new URL(name, FOLDER), 'utf8') }
})

export const ENTRY = {
  command: 'C:\\Program Files\\nodejs\\node.exe',
  args: ['/home/li/支付 店/dist/main.js', '--read-only'],
}
export const NEWER = { command: 'npx', args: ['-y', 'alipay-mcp@9.9.9'] }
