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
  ['no setting', file('other.json', '{"mcpServers":{"a":{"command":"x"}}}'), /is not a setting of this server/],
])('%s is named, with the flag', (_what, path, words) => {
  const { problems = [], values } = readImportedFile(path)
  expect(values).toStrictEqual([])
  expect(problems.map(({ variable, problem }) => `${variable} ${problem}`).join()).toMatch(words)
})
