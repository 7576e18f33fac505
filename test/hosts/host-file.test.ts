// What is refused, and that nothing is written then: broken files, other shapes, links, rights, a full disk.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { readHostFile, replaceHostFile } from '../../src/hosts/host-file.ts'
import type { FileHost } from '../../src/hosts/hosts.ts'
import { planInstall, planUninstall } from '../../src/hosts/install.ts'
import { HostFileError } from '../../src/hosts/refusals.ts'
import { hostAt } from './host-at.ts'

const ROOT = mkdtempSync(join(tmpdir(), 'host-files-'))
afterAll(() => rmSync(ROOT, { recursive: true, force: true }))
const isPosix = process.platform !== 'win32'
const START = { command: 'npx', args: ['-y', 'alipay-mcp@1.2.3'], env: {} }
const OTHERS = '{\n  "mcpServers": {\n    "a": { "command": "node" }\n  }\n}\n'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(ROOT, 'one-'))
  file = join(folder, 'mcp.json')
})
const installing = () => ({ versionAt: () => undefined, receipts: join(folder, 'receipts') })

const host = (name: string, at = file) => hostAt(name, at)

/** What is said; the file must be as it was, with nothing beside it. */
function refusedText(at: FileHost = host('cursor')): string {
  const before = existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined
  const beside = readdirSync(folder)
  try {
    planInstall(at, START, installing()).write()
  } catch (error) {
    if (!(error instanceof HostFileError)) throw error
    expect(error.in('zh')).toMatch(/[一-鿿]/)
    if (before) expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name !== 'receipts')).toStrictEqual(beside)
    return error.in('en')
  }
  return 'not refused'
}

describe('a broken file is named with its line', () => {
  it.each([
    ['cursor', '{\n  "mcpServers": {\n    "a": { "command": }\n  }\n}', 3],
    ['cursor', '{\n  "mcpServers": {\n', 3],
    ['cursor', '{ "a": 1 }\n{ "b": 2 }', 2],
    ['codex', 'model = "x"\n[mcp_servers.a]\ncommand = = 1\n', 3],
    ['codex', '[a]\n[a]\n', 2],
    ['goose', 'extensions:\n  a: 1\n b: 2\n', 3],
    ['goose', 'a: 1\n\tb: 2\n', 2],
  ])('of %s: %j', (name, text, line) => {
    writeFileSync(file, text)
    expect(refusedText(host(name))).toContain(`broken on line ${line},`)
  })
})

describe('a file of another shape is named with its line', () => {
  it.each([
    ['cursor', '[]', 1],
    ['cursor', '\n"text"\n', 2],
    ['cursor', '{\n  "mcpServers": [\n  ]\n}', 2],
    ['cursor', '{\n  "mcpServers": "none"\n}', 2],
    ['codex', 'a = 1\nmcp_servers = 3\n', 2],
    ['goose', 'extensions: [a]\n', 1],
    ['goose', '- a\n- b\n', 1],
  ])('of %s: %j', (name, text, line) => {
    writeFileSync(file, text)
    expect(refusedText(host(name))).toContain(`on line ${line}, where servers belong`)
  })
})

describe('what cannot be proven to keep everything else is not written', () => {
  it.each([
    ['codex', 'mcp_servers = { a = { command = "x" } }\n', 'around line 2'],
    ['goose', 'x: |\n  text\n...\n', 'around line'],
  ])('in %s: %j', (name, text, where) => {
    writeFileSync(file, text)
    expect(refusedText(host(name))).toContain(where)
  })
})

it('refuses a file that is not UTF-8', () => {
  writeFileSync(file, Buffer.from([0x7b, 0x22, 0xd6, 0xd0, 0x22, 0x3a, 0x31, 0x7d]))
  expect(refusedText()).toContain('not UTF-8')
})

it('refuses a folder in place of the file', () => {
  mkdirSync(file)
  expect(refusedText()).toContain('not a plain file')
})

describe.skipIf(!isPosix)('rights', () => {
  it('a read-only file stays', () => {
    writeFileSync(file, OTHERS)
    chmodSync(file, 0o444)
    expect(refusedText()).toContain('read-only')
  })

  it.each([0o600, 0o644, 0o640])('mode %o stays, and the backup is for its user alone', (mode) => {
    writeFileSync(file, OTHERS)
    chmodSync(file, mode)
    const change = planInstall(host('cursor'), START, installing())
    const backup = change.write() ?? ''
    expect(statSync(file).mode & 0o777).toBe(mode)
    expect(backup).toBe(`${file}.before-alipay-mcp`)
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(readFileSync(backup, 'utf8')).toBe(OTHERS)
  })

  it("another user's file, link and folder are refused", () => {
    writeFileSync(file, OTHERS)
    const link = join(folder, 'link')
    symlinkSync(file, link)
    const other = (process.getuid?.() ?? 0) + 1
    expect(() => readHostFile(file, other)).toThrow('belongs to another user')
    expect(() => readHostFile(link, other)).toThrow('is a link that another user made')
    expect(() => readHostFile(join(folder, 'new', 'x.json'), other)).toThrow('belongs to another user')
  })
})

describe.skipIf(!isPosix)('links', () => {
  it('to a file that is not there make it, and stay links', () => {
    const target = join(folder, 'dotfiles.json')
    symlinkSync(target, file)
    planInstall(host('cursor'), START, installing()).write()
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(JSON.parse(readFileSync(target, 'utf8'))).toHaveProperty('mcpServers.alipay')
    planUninstall(host('cursor'), installing()).write()
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(existsSync(target)).toBe(false)
  })

  it('are followed one after the other, with the backup beside the file itself', () => {
    mkdirSync(join(folder, 'dotfiles'))
    writeFileSync(join(folder, 'dotfiles', 'mcp.json'), OTHERS)
    symlinkSync(join('dotfiles', 'mcp.json'), join(folder, 'middle'))
    symlinkSync('middle', file)
    planInstall(host('cursor'), START, installing()).write()
    expect(readdirSync(join(folder, 'dotfiles')).sort()).toStrictEqual(['mcp.json', 'mcp.json.before-alipay-mcp'])
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
  })

  it('in a circle are refused', () => {
    symlinkSync(join(folder, 'other'), file)
    symlinkSync(file, join(folder, 'other'))
    expect(refusedText()).toContain('circle')
  })
})

describe('a full disk', () => {
  const full = (most: number) => ({
    write(at: number, text: string) {
      writeSync(at, text.slice(0, most))
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    },
  })

  it('leaves the old file and nothing beside it', () => {
    writeFileSync(file, OTHERS)
    const change = planInstall(host('cursor'), START, { ...installing(), writing: full(10) })
    expect(() => change.write()).toThrow('is full. The file is as it was.')
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
    expect(readdirSync(folder).sort()).toStrictEqual(['mcp.json', 'receipts'])
    // Nothing is remembered of it: a later uninstall has nothing to undo.
    expect(planUninstall(host('cursor'), installing()).kind).toBe('none')
    expect(readFileSync(join(folder, 'receipts', 'hosts.json'), 'utf8')).toBe('{}\n')
  })

  it('leaves the older backup as it is when the next one does not fit', () => {
    writeFileSync(file, OTHERS)
    planInstall(host('cursor'), { ...START, args: ['alipay-mcp'] }, installing()).write()
    const installed = readFileSync(file, 'utf8')
    const change = planInstall(host('cursor'), START, { ...installing(), writing: full(10) })
    expect(() => change.write()).toThrow('is full')
    expect(readFileSync(file, 'utf8')).toBe(installed)
    expect(readdirSync(folder).sort()).toStrictEqual(['mcp.json', 'mcp.json.before-alipay-mcp', 'receipts'])
    expect(readFileSync(`${file}.before-alipay-mcp`, 'utf8')).toBe(OTHERS)
    planUninstall(host('cursor'), installing()).write()
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
  })

  it('leaves the entry when it cannot be taken out', () => {
    writeFileSync(file, OTHERS)
    planInstall(host('cursor'), START, installing()).write()
    const installed = readFileSync(file, 'utf8')
    const change = planUninstall(host('cursor'), { ...installing(), writing: full(0) })
    expect(() => change.write()).toThrow('is full')
    expect(readFileSync(file, 'utf8')).toBe(installed)
    planUninstall(host('cursor'), installing()).write()
    expect(readFileSync(file, 'utf8')).toBe(OTHERS)
  })
})

it('does not write over what a host wrote in between', () => {
  writeFileSync(file, OTHERS)
  const change = planInstall(host('cursor'), START, installing())
  writeFileSync(file, '{ "theme": "dark" }')
  expect(() => change.write()).toThrow('was changed by another program')
  expect(readFileSync(file, 'utf8')).toBe('{ "theme": "dark" }')
})

it('does not remove what a host wrote in between into the file that install made', () => {
  planInstall(host('cursor'), START, installing()).write()
  const change = planUninstall(host('cursor'), installing())
  writeFileSync(file, '{ "theme": "dark" }')
  expect(() => change.write()).toThrow('was changed by another program')
  expect(readFileSync(file, 'utf8')).toBe('{ "theme": "dark" }')
})

it('does not write over a file that was made in between', () => {
  const read = readHostFile(file)
  writeFileSync(file, OTHERS)
  expect(() => replaceHostFile(read, '{}')).toThrow('was changed by another program')
  expect(readFileSync(file, 'utf8')).toBe(OTHERS)
})
