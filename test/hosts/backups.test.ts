// What install and uninstall take away and nobody else has: it stays in a backup, and no later call destroys that.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { planInstall, planUninstall } from '../../src/hosts/install.ts'
import type { Start } from '../../src/hosts/start.ts'
import { hostAt } from './host-at.ts'

const ROOT = mkdtempSync(join(tmpdir(), 'backups-'))
afterAll(() => rmSync(ROOT, { recursive: true, force: true }))
const START = { command: 'npx', args: ['-y', 'alipay-mcp@1.2.3'], env: {} }
const OLDER = { command: 'npx', args: ['-y', 'alipay-mcp@1.0.0'], env: {} }
const withEntry = (entry: unknown) => JSON.stringify({ mcpServers: { a: {}, alipay: entry } }, null, 2)
const OFFICIAL = withEntry({ command: 'npx', args: ['@alipay/mcp-server-alipay'], env: { AP_APP_KEY: 'geheim' } })
const ANOTHER = withEntry({ command: 'uvx', args: ['zhifu'], env: { AP_APP_KEY: 'auch geheim' } })
const BY_HAND = withEntry({ ...OLDER, env: { ALIPAY_PRIVATE_KEY: 'geheim' } })

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(ROOT, 'one-'))
  file = join(folder, 'mcp.json')
})
const installing = () => ({ versionAt: () => undefined, receipts: join(folder, 'receipts') })
const cursor = () => hostAt('cursor', file)
const install = (start: Start = START) => planInstall(cursor(), start, installing()).write()
const uninstall = () => planUninstall(cursor(), installing()).write()
/** What the backups hold, by the end of their names. */
const backups = () =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.startsWith('mcp.json.'))
      .map((name) => [name.replace('mcp.json.before-alipay-mcp', ''), readFileSync(join(folder, name), 'utf8')]),
  )

describe('the entry of another program', () => {
  it('stays in its backup, whatever is installed and taken out later', () => {
    writeFileSync(file, OFFICIAL)
    expect(install(OLDER)).toBe(`${file}.before-alipay-mcp`)
    expect(install()).toBe(`${file}.before-alipay-mcp-2`)
    const removal = planUninstall(cursor(), installing())
    expect(removal.replaced).toBe(`${file}.before-alipay-mcp`)
    expect(removal.write()).toBeUndefined()
    expect(backups()).toStrictEqual({ '': OFFICIAL })
    install()
    uninstall()
    expect(backups()).toStrictEqual({ '': OFFICIAL })
  })

  it('gets a backup each time one gives way', () => {
    writeFileSync(file, OFFICIAL)
    install()
    writeFileSync(file, ANOTHER)
    expect(install()).toBe(`${file}.before-alipay-mcp-2`)
    expect(backups()).toStrictEqual({ '': OFFICIAL, '-2': ANOTHER })
    uninstall()
    expect(backups()).toStrictEqual({ '': OFFICIAL, '-2': ANOTHER })
  })

  it('gets one under a free name where a backup of ours was there, which uninstall removes', () => {
    writeFileSync(file, '{}\n')
    install()
    writeFileSync(file, OFFICIAL)
    install()
    expect(backups()).toStrictEqual({ '': '{}\n', '-2': OFFICIAL })
    uninstall()
    expect(backups()).toStrictEqual({ '-2': OFFICIAL })
  })

  it('keeps its backup where somebody had removed that of ours, whose name it then has', () => {
    writeFileSync(file, '{}\n')
    install()
    rmSync(`${file}.before-alipay-mcp`)
    writeFileSync(file, OFFICIAL)
    install()
    uninstall()
    expect(backups()).toStrictEqual({ '': OFFICIAL })
  })

  it('keeps its backup though the receipt is gone', () => {
    writeFileSync(file, OFFICIAL)
    install()
    const installed = readFileSync(file, 'utf8')
    rmSync(join(folder, 'receipts'), { recursive: true })
    uninstall()
    expect(backups()).toStrictEqual({ '': OFFICIAL, '-2': installed })
  })
})

describe('an entry of ours that somebody wrote', () => {
  it('is kept when it goes, and the names of its variables are told', () => {
    writeFileSync(file, BY_HAND)
    const change = planUninstall(cursor(), installing())
    expect(change.variables).toStrictEqual(['ALIPAY_PRIVATE_KEY'])
    expect(JSON.stringify(change)).not.toContain('geheim')
    const backup = change.write() ?? ''
    expect(readFileSync(backup, 'utf8')).toBe(BY_HAND)
    if (process.platform !== 'win32') expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toStrictEqual({ mcpServers: { a: {} } })
  })

  it('is kept when a variable came to what install wrote', () => {
    writeFileSync(file, '{}\n')
    install({ ...START, env: { PATH: '/bin' } })
    const changed = readFileSync(file, 'utf8').replace('"PATH"', '"ALIPAY_PRIVATE_KEY": "geheim", "PATH"')
    writeFileSync(file, changed)
    const change = planUninstall(cursor(), installing())
    expect(change.variables).toStrictEqual(['ALIPAY_PRIVATE_KEY', 'PATH'])
    change.write()
    expect(backups()).toStrictEqual({ '-2': changed })
  })

  it('is kept when it is updated, once and for good', () => {
    writeFileSync(file, BY_HAND)
    install()
    install({ ...START, args: ['-y', 'alipay-mcp@1.2.4'] })
    install({ ...START, args: ['-y', 'alipay-mcp@1.2.5'] })
    expect(Object.keys(backups())).toStrictEqual(['', '-2'])
    const last = readFileSync(file, 'utf8')
    uninstall()
    expect(backups()).toStrictEqual({ '': BY_HAND, '-3': last })
  })

  it('needs no backup where it is as install wrote it', () => {
    writeFileSync(file, '{}\n')
    install({ ...START, env: { PATH: '/bin' } })
    const change = planUninstall(cursor(), installing())
    expect(change.variables).toStrictEqual([])
    expect(change.write()).toBeUndefined()
    expect(backups()).toStrictEqual({})
  })
})

it('leaves no folder of its own, also after an update', () => {
  file = join(folder, 'a', 'mcp.json')
  install(OLDER)
  install()
  uninstall()
  expect(readdirSync(folder)).toStrictEqual(['receipts'])
})

describe('a config folder that cannot be written', () => {
  it('does not say of an entry that went that nothing was written', () => {
    writeFileSync(file, BY_HAND)
    mkdirSync(join(folder, 'receipts', 'hosts.json'), { recursive: true })
    expect(() => uninstall()).not.toThrow()
    expect(readFileSync(file, 'utf8')).not.toContain('alipay')
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('leaves the entry, as it says', () => {
    writeFileSync(file, '{}\n')
    install()
    const installed = readFileSync(file, 'utf8')
    chmodSync(join(folder, 'receipts'), 0o500)
    expect(() => uninstall()).toThrow('hosts.json cannot be read or written (EACCES)')
    expect(readFileSync(file, 'utf8')).toBe(installed)
    chmodSync(join(folder, 'receipts'), 0o700)
    uninstall()
    expect(readFileSync(file, 'utf8')).toBe('{}\n')
  })
})
