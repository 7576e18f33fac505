// Files that init takes settings over from, as other programs and hosts have them.
import { describe, expect, it } from 'vitest'
import { readImportedFile } from '../../src/settings/imported-file.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()
const AP = { AP_APP_ID: '9021000000000001', AP_APP_KEY: 'MIIE', AP_PUB_KEY: 'MIIB', AP_CURRENT_ENV: 'sandbox' }
const entry = { command: 'npx', args: ['-y', '@alipay/mcp-server-alipay'], env: { ...AP, OTHER: 'x' } }
const names = (path: string) => readImportedFile(path).values.map(({ written }) => written)

describe("a host's file", () => {
  it.each([
    ['mcpServers', { mcpServers: { files: { command: 'x', env: { HOME: '/' } }, alipay: entry } }],
    ['servers', { inputs: [], servers: { alipay: entry } }],
    ['mcp.servers', { 'editor.tabSize': 2, mcp: { servers: { alipay: entry } } }],
    ['context_servers', { context_servers: { alipay: { command: { path: 'npx', env: entry.env } } } }],
    ['projects', { projects: { '/home/shop': { mcpServers: { alipay: entry } } } }],
    ['nothing but the entry', entry],
  ])('with servers under %s gives the settings of the payment server alone', (_where, content) => {
    expect(names(file('host.json', JSON.stringify(content)))).toStrictEqual(Object.keys(AP))
  })

  it('may hold comments and commas at the end, as VS Code, Zed and others have them', () => {
    const content = `// of this editor\n/* and more */ {\n  "servers": { // ours\n    "alipay": ${JSON.stringify(entry)},\n  },\n}\n`
    expect(names(file('mcp.jsonc', content))).toStrictEqual(Object.keys(AP))
    const flat = file('flat.jsonc', '{\n  // the app\n  "app_id": "9021",\n}')
    expect(names(flat)).toStrictEqual(['app_id'])
  })

  it('may be TOML, as Codex has it', () => {
    const env = Object.entries(AP).map(([name, value]) => `${name} = "${value}"`)
    const content = [
      'model = "o9" # the large one',
      '',
      '[mcp_servers.alipay]',
      'command = "npx"',
      '',
      '[mcp_servers.alipay.env]',
    ]
    expect(names(file('config.toml', [...content, ...env, ''].join('\n')))).toStrictEqual(Object.keys(AP))
    const inline = `[mcp_servers.alipay]\r\ncommand = "npx"\r\nenv = { ${env.join(', ')} }\r\n`
    expect(names(file('inline.toml', inline))).toStrictEqual(Object.keys(AP))
  })

  it('with two payment servers gives neither, and names both', () => {
    const path = file(
      'two.json',
      JSON.stringify({ mcpServers: { shop: entry, museum: { ...entry, env: { ALIPAY_ENV: 'local' } } } }),
    )
    expect(readImportedFile(path)).toMatchObject({
      values: [],
      problems: [{ variable: '--import', problem: expect.stringContaining('"shop", "museum"') }],
    })
  })
})

it('the JSON of the tutorial, lines of NAME=value, and a file with a mark at its begin are read', () => {
  const tutorial = file('alipay_mcp_config.json', `\ufeff${JSON.stringify({ app_id: '9021', merchant_id: '2088' })}`)
  expect(names(tutorial)).toStrictEqual(['app_id', 'merchant_id'])
  expect(names(file('.env', 'AP_APP_ID=9021\nALIPAY_ENV=sandbox\n'))).toStrictEqual(['AP_APP_ID', 'ALIPAY_ENV'])
})

it.each([
  ['a missing file', '/nowhere/x.json', /cannot be read \(ENOENT\)/],
  ['broken JSON', file('broken.json', '{\n"mcpServers": {\n'), /stops being JSON on line/],
  [
    'broken JSON with comments',
    file('broken.jsonc', '// a\n{\n  // b\n  "servers": {\n'),
    /stops being JSON on line 5 of/,
  ],
  ['JSON that never ends', file('deep.json', '{"a":'.repeat(100_000)), /JSON/],
  ['broken TOML', file('broken.toml', '[mcp_servers.a]\ncommand = \n'), /stops being TOML on line 2 of/],
  [
    'TOML without a setting',
    file('other.toml', '[mcp_servers.a]\ncommand = "x"\n'),
    /mcp_servers .*is not a setting of this server/,
  ],
  ['no setting', file('other.json', '{"mcpServers":{"a":{"command":"x"}}}'), /is not a setting of this server/],
])('%s is named, with the flag', (_what, path, words) => {
  const { problems = [], values } = readImportedFile(path)
  expect(values).toStrictEqual([])
  expect(problems.map(({ variable, problem }) => `${variable} ${problem}`).join()).toMatch(words)
})
