// Links that add the server to a host: each is taken apart as the host does it.
import { describe, expect, it } from 'vitest'
import { COMMANDS_OF_HOSTS, LINKS, pastedText, plainEntry, WEB_LINKS } from '../../src/hosts/links.ts'
import type { Start } from '../../src/hosts/start.ts'

// Signs that base64 and addresses have other uses for.
const START: Start = {
  command: 'C:\\Program Files\\nodejs\\node.exe',
  args: ['D:\\支付 店\\main.js', '--config', 'a?b&c=d>>>???ÿÿÿ~+', '50%'],
  env: { PATH: '/opt/bin:/usr/bin' },
}
const ENTRY = plainEntry(START)
const query = (link: string) => new URL(link).searchParams
const decoded = (text: string | null) => JSON.parse(Buffer.from(text ?? '', 'base64').toString('utf8'))

/** What the host finds in its link: the server's name, and its entry. */
const READ: Readonly<Record<string, (link: string) => readonly [name: string | null, entry: unknown]>> = {
  cursor: (link) => [query(link).get('name'), decoded(query(link).get('config'))],
  'lm-studio': (link) => [query(link).get('name'), decoded(query(link).get('config'))],
  'cherry-studio': (link) => Object.entries(decoded(query(link).get('servers')).mcpServers)[0] ?? ['', undefined],
  trae: (link) => [query(link).get('name'), decoded(query(link).get('config'))],
  'trae-cn': (link) => [query(link).get('name'), decoded(query(link).get('config'))],
  vscode: (link) => {
    const { name, ...entry } = JSON.parse(decodeURIComponent(link.split('?')[1] ?? ''))
    return [name, entry]
  },
}
const START_OF_LINK: Readonly<Record<string, string>> = {
  cursor: 'cursor://anysphere.cursor-deeplink/mcp/install?',
  vscode: 'vscode:mcp/install?',
  'lm-studio': 'lmstudio://add_mcp?',
  'cherry-studio': 'cherrystudio://mcp/install?',
  trae: 'trae://trae.ai-ide/mcp-import?type=stdio&',
  'trae-cn': 'trae-cn://trae.ai-ide/mcp-import?type=stdio&',
}

describe.each(Object.entries(LINKS))('the link of %s', (host, link) => {
  it('holds the whole entry', () => {
    const text = link(START)
    expect(text.startsWith(START_OF_LINK[host] ?? 'no such host')).toBe(true)
    expect(READ[host]?.(text)).toStrictEqual(['alipay', ENTRY])
    expect(text).toMatch(/^[\x21-\x7e]+$/)
  })
})

describe.each(Object.entries(WEB_LINKS))('the page for %s', (host, link) => {
  it('holds the whole entry', () => {
    const config = query(link(START)).get('config')
    expect(query(link(START)).get('name')).toBe('alipay')
    expect(host === 'vscode' ? JSON.parse(config ?? '') : decoded(config)).toStrictEqual(ENTRY)
    expect(new URL(link(START)).protocol).toBe('https:')
  })
})

it('leaves variables out where there are none', () => {
  expect(plainEntry({ ...START, env: {} })).not.toHaveProperty('env')
})

it('is pasted as JSON', () => {
  expect(JSON.parse(pastedText(START))).toStrictEqual({ mcpServers: { alipay: ENTRY } })
})

it.each([
  ['claude-code', 'claude mcp add -s user alipay -- npx -y alipay-mcp@1.2.3'],
  ['codex', 'codex mcp add alipay -- npx -y alipay-mcp@1.2.3'],
])('is a command of %s', (host, call) => {
  const start = { command: 'npx', args: ['-y', 'alipay-mcp@1.2.3'], env: {} }
  expect(COMMANDS_OF_HOSTS[host]?.(start)).toBe(call)
})

it('quotes what a shell would take apart', () => {
  const start = { command: '/opt/node', args: ['/支付 店/main.js'], env: { PATH: '/a b:/c' } }
  const quote = process.platform === 'win32' ? '"' : "'"
  expect(COMMANDS_OF_HOSTS['claude-code']?.(start)).toBe(
    `claude mcp add -s user alipay -e ${quote}PATH=/a b:/c${quote} -- /opt/node ${quote}/支付 店/main.js${quote}`,
  )
})
