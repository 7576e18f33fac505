// What npm run release packs: the bundle for Claude Desktop starts as its manifest says, and server.json is valid.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getMcpConfigForManifest, type McpbManifestAny, unpackExtension, validateManifest } from '@anthropic-ai/mcpb'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeRelease, type Release } from '../../scripts/release/make-release.ts'
import { withPublisher } from '../../scripts/release/package-json.ts'
import { serverJsonFaults } from '../../scripts/release/server-json.ts'
import { CHOICES } from '../../scripts/release/variables.ts'
import { elsewhere, entryHost, type Fields, type Host, paidOrder } from '../e2e/hosts.ts'
import { readConfig } from '../settings/read-config.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
const extensionPath = join(folder, 'unpacked')
let release: Release
let manifest: McpbManifestAny

beforeAll(async () => {
  release = await makeRelease(ROOT, folder, 'somebody')
  const [, bundle = ''] = release.files
  await unpackExtension({ mcpbPath: join(folder, bundle), outputDir: extensionPath, silent: true })
  manifest = JSON.parse(readFileSync(join(extensionPath, 'manifest.json'), 'utf8'))
})

/** As Claude Desktop does: by the manifest, with what the user filled in. */
async function desktop(userConfig: Record<string, string>, home = elsewhere()): Promise<Host> {
  const options = { manifest, extensionPath, systemDirs: {}, userConfig, pathSeparator: sep }
  const { command = '', args = [], env = {} } = (await getMcpConfigForManifest(options)) ?? {}
  return entryHost({ command, args, env: { ...env, HOME: home, PATH: process.env.PATH ?? '' } })
}

describe('the bundle', () => {
  it('is valid for the official tool, and says of each field what it is', () => {
    expect(validateManifest(join(extensionPath, 'manifest.json'))).toBe(true)
    const { env = {} } = manifest.server.mcp_config ?? {}
    const fields = manifest.user_config ?? {}
    expect(Object.values(env)).toStrictEqual(Object.keys(fields).map((name) => `\${user_config.${name}}`))
    const names = (test: (field: (typeof fields)[string]) => boolean) =>
      Object.keys(fields).filter((name) => fields[name] && test(fields[name]))
    expect(names(({ sensitive }) => sensitive === true)).toStrictEqual(['private_key', 'public_key'])
    expect(names(({ type }) => type === 'file')).toHaveLength(5)
    // A default would hide what the settings file says, and a field that is required the emulator.
    expect(names((field) => field.required === true || field.default !== undefined)).toStrictEqual([])
  })

  it.each(['as the host leaves them', 'empty'])(
    'takes a payment in local with its fields not filled in, %s',
    async (how) => {
      const empty = Object.fromEntries(Object.keys(manifest.user_config ?? {}).map((name) => [name, '']))
      const host = await desktop(how === 'empty' ? empty : {})
      expect(await paidOrder(host)).toMatchObject({ environment: 'local', paid: true, total_amount: '9.90' })
      await host.close()
    },
  )

  it('uses what is filled in', async () => {
    const host = await desktop({ max_payment: '5.00' })
    expect(await host.call('create_payment', { subject: 'Tea', total_amount: '9.90' })).toMatchObject({
      error: 'over_limit',
    })
    await host.close()
  })

  it('leaves to the settings file what is not filled in', async () => {
    const home = elsewhere()
    const config = join(home, '.config', 'alipay-mcp')
    mkdirSync(config, { recursive: true, mode: 0o700 })
    writeFileSync(join(config, 'settings.json'), '{"ALIPAY_READ_ONLY": "true"}', { mode: 0o600 })
    const host = await desktop({}, home)
    const names = (await host.tools()).map(({ name }) => name)
    expect(names).toStrictEqual(['wait_for_payment', 'query_payment', 'query_refund', 'list_payments'])
    await host.close()
  })
})

describe('server.json', () => {
  const server = () => JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'))

  it('is valid, and has the name that package.json gets', () => {
    expect(serverJsonFaults(server())).toStrictEqual([])
    expect(withPublisher(release.manifest, 'somebody').mcpName).toBe(server().name)
  })

  it('is refused with a misspelt key, a range of versions, or too long a text', () => {
    const wrong = [{ descripton: '' }, { version: '^1.0.0' }, { description: 'x'.repeat(101) }, { name: 'alipay-mcp' }]
    for (const one of wrong) expect(serverJsonFaults({ ...server(), ...one })).toHaveLength(1)
  })

  it('marks what is secret, and offers only choices that the settings take', () => {
    const [{ environmentVariables }] = server().packages
    const secret = Object(environmentVariables).filter((one: Fields) => one.isSecret)
    expect(secret.map(({ name }: Fields) => name)).toStrictEqual([
      'ALIPAY_PRIVATE_KEY',
      'ALIPAY_PUBLIC_KEY',
      'ALIPAY_APP_AUTH_TOKEN',
    ])
    for (const [name, choices] of Object.entries(CHOICES)) {
      const refusals = [...choices, 'other'].map((value) => {
        const result = readConfig({ [name]: value })
        return (
          'problems' in result &&
          result.problems.some(({ variable, problem }) => variable === name && /^(is|holds) /.test(problem))
        )
      })
      expect([name, refusals]).toStrictEqual([name, [...choices.map(() => false), true]])
    }
  })
})
