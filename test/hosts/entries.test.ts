// Entries that are there already: ours are brought up to date, and what others wrote is asked about or left.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { upsertServer } from 'add-mcp'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { FILE_HOSTS, type FileHost, HOST_NAMES } from '../../src/hosts/hosts.ts'
import { installedIn, pastedInto, planInstall, planUninstall } from '../../src/hosts/install.ts'
import { startIn } from '../../src/hosts/start.ts'

const ROOT = mkdtempSync(join(tmpdir(), 'entries-'))
afterAll(() => rmSync(ROOT, { recursive: true, force: true }))
const START = { command: 'npx', args: ['-y', 'alipay-mcp@1.2.3'], env: {} }
const OLDER = { command: 'npx', args: ['-y', 'alipay-mcp@1.0.0'], env: {} }

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(ROOT, 'one-'))
  file = join(folder, 'file')
})
const installing = () => ({ versionAt: () => undefined, receipts: join(folder, 'receipts') })
const hostOf = (name: string): FileHost => {
  const known = FILE_HOSTS.find((one) => one.name === name)
  if (!known) throw new Error(`no host ${name}`)
  return { ...known, file }
}

describe.each(FILE_HOSTS.map(({ name }) => name))('%s', (name) => {
  it('starts what it was given, in its own words', () => {
    const start = { ...START, env: { PATH: '/opt/bin:/bin' } }
    const host = hostOf(name)
    planInstall(host, start, installing()).write()
    expect(startIn(installedIn(host))).toStrictEqual(start)
    expect(pastedInto(host, start).text).toBe(readFileSync(file, 'utf8'))
    planUninstall(host, installing()).write()
    expect(existsSync(file)).toBe(false)
  })

  it('keeps what somebody added to an older entry of ours', () => {
    const host = hostOf(name)
    planInstall(host, { ...OLDER, env: { ALIPAY_ENV: 'sandbox' } }, installing()).write()
    // As a person does, so that it is not any more what install wrote.
    writeFileSync(file, readFileSync(file, 'utf8').replace('sandbox', 'local'))
    const change = planInstall(host, START, installing())
    expect(change.kind).toBe('update')
    expect(change.lines.map(({ sign, text }) => sign + text)).toStrictEqual([
      '-npx -y alipay-mcp@1.0.0',
      '+npx -y alipay-mcp@1.2.3',
    ])
    change.write()
    expect(startIn(installedIn(host))).toStrictEqual({ ...START, env: { ALIPAY_ENV: 'local' } })
  })
})

describe('an entry that starts another program', () => {
  const OFFICIAL = `{
  "mcpServers": {
    "alipay": { "command": "npx", "args": ["-y", "@alipay/mcp-server-alipay"], "env": { "AP_APP_KEY": "geheim" } },
    "a": { "command": "node" }
  }
}
`
  it('is another kind of change, which shows nothing of it', () => {
    writeFileSync(file, OFFICIAL)
    const host = hostOf('cursor')
    const change = planInstall(host, START, installing())
    expect(change.kind).toBe('other')
    expect(JSON.stringify(change)).not.toContain('geheim')
    change.write()
    expect(startIn(installedIn(host))).toStrictEqual(START)
    planUninstall(host, installing()).write()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toStrictEqual({ mcpServers: { a: { command: 'node' } } })
  })

  it('is left by uninstall', () => {
    writeFileSync(file, OFFICIAL)
    expect(planUninstall(hostOf('cursor'), installing()).kind).toBe('other')
    expect(readFileSync(file, 'utf8')).toBe(OFFICIAL)
  })

  it('is ours where install wrote it so, though its program has gone', () => {
    const gone = { command: '/usr/bin/node', args: ['/home/li/zhifu/dist/main.js'], env: {} }
    planInstall(hostOf('cursor'), gone, installing()).write()
    expect(planInstall(hostOf('cursor'), START, installing()).kind).toBe('update')
    expect(planUninstall(hostOf('cursor'), installing()).kind).toBe('remove')
  })
})

it("goes into a project's own file, which is not the user's", () => {
  const project = { ...installing(), project: folder }
  planInstall(hostOf('cursor'), START, project).write()
  expect(JSON.parse(readFileSync(join(folder, '.cursor', 'mcp.json'), 'utf8'))).toHaveProperty('mcpServers.alipay')
  expect(existsSync(file)).toBe(false)
  planUninstall(hostOf('cursor'), project).write()
  expect(existsSync(join(folder, '.cursor'))).toBe(false)
})

it('is taken out without a receipt, and the rest stays', () => {
  writeFileSync(
    file,
    '{\n  "mcpServers": {\n    "a": {},\n    "alipay": { "command": "npx", "args": ["alipay-mcp"] }\n  }\n}\n',
  )
  planUninstall(hostOf('cursor'), installing()).write()
  expect(readFileSync(file, 'utf8')).toBe('{\n  "mcpServers": {\n    "a": {}\n  }\n}\n')
})

it('has no two hosts of one name', () => {
  expect(new Set(HOST_NAMES).size).toBe(HOST_NAMES.length)
})

// Once it does, its writing may replace ours for such files.
it('add-mcp itself keeps no comment of TOML', () => {
  const config = join(folder, '.codex', 'config.toml')
  planInstall({ ...hostOf('codex'), file: config }, START, installing()).write()
  writeFileSync(config, `# mine\n${readFileSync(config, 'utf8')}`)
  const { success } = upsertServer('codex', 'other', { command: 'x' }, { local: true, cwd: folder })
  expect(success).toBe(true)
  expect(readFileSync(config, 'utf8')).not.toContain('# mine')
})
