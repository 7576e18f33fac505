// Over host files as people have them: install and uninstall leave each byte, and what changed in between stays.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { planInstall, planUninstall } from '../../src/hosts/install.ts'
import { entryIn, type Place, textData } from '../../src/hosts/plan.ts'
import { type Start, startIn } from '../../src/hosts/start.ts'
import { valueAt } from '../../src/hosts/text-format.ts'
import { HOST_TEXTS, type HostText } from './corpus.ts'
import { hostAt } from './host-at.ts'

const ROOT = mkdtempSync(join(tmpdir(), 'hosts-'))
afterAll(() => rmSync(ROOT, { recursive: true, force: true }))

const START: Start = { command: 'C:\\Program Files\\nodejs\\node.exe', args: ['/home/li/支付 店/alipay-mcp'], env: {} }
const NEWER: Start = { command: 'npx', args: ['-y', 'alipay-mcp@9.9.9', '--read-only'], env: { PATH: '/opt/bin:/bin' } }

/** The host with its file in a folder of this test, and receipts beside it. */
function placed(one: HostText) {
  const folder = mkdtempSync(join(ROOT, 'one-'))
  const file = join(folder, 'host-file')
  writeFileSync(file, one.text)
  return {
    file,
    host: hostAt(one.host, file),
    installing: { versionAt: () => undefined, receipts: join(folder, 'receipts') },
  }
}

const startThere = (file: string, place: Place) => startIn(entryIn(readFileSync(file, 'utf8'), place))
const allData = (text: string, { format }: Place) => textData(text, format)

describe.each(HOST_TEXTS)('$name', (one) => {
  const bytes = Buffer.from(one.text)

  it('gets the entry, keeps all else, and is byte for byte what it was after uninstall', () => {
    const { file, host, installing } = placed(one)
    expect(planInstall(host, START, installing).kind).toBe('add')
    // Looking changes nothing.
    expect(readFileSync(file).equals(bytes)).toBe(true)
    planInstall(host, START, installing).write()
    const after = readFileSync(file, 'utf8')
    expect(startThere(file, one)).toStrictEqual(START)
    expect(after.length).toBeGreaterThan(one.text.length)
    expect(planInstall(host, START, installing).kind).toBe('none')
    planUninstall(host, installing).write()
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(join(file, '..'))).toStrictEqual(['host-file', 'receipts'])
  })

  it('takes a newer entry in place of the older, and is still what it was after uninstall', () => {
    const { file, host, installing } = placed(one)
    planInstall(host, START, installing).write()
    const change = planInstall(host, NEWER, installing)
    expect(change.kind).toBe('update')
    change.write()
    expect(startThere(file, one)).toStrictEqual(NEWER)
    planUninstall(host, installing).write()
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('keeps a comment and a server that came in between', () => {
    const { file, host, installing } = placed(one)
    planInstall(host, START, installing).write()
    const changed = withOtherServer(readFileSync(file, 'utf8'), one)
    writeFileSync(file, changed)
    planUninstall(host, installing).write()
    const left = readFileSync(file, 'utf8')
    expect(entryIn(left, one)).toBeUndefined()
    expect(valueAt(allData(left, one), [...one.key, 'later'])).toMatchObject({ note: 'came later' })
    for (const [comment] of changed.matchAll(/(?:\/\/|# ).*/g)) expect(left).toContain(comment)
  })
})

/** As a person adds one beside ours, or a host does. @param text with our entry */
function withOtherServer(text: string, one: HostText): string {
  if (one.format === 'toml') return `${text}# mine\n[mcp_servers.later]\nnote = "came later"\n`
  const differs = [...text].findIndex((sign, at) => sign !== [...one.text][at])
  const line = [...text].slice(0, differs).join('').lastIndexOf('\n') + 1
  if (one.format === 'yaml' && !/^extensions: *\{/m.test(text)) {
    const [, indent = ''] = /^( +)alipay:/m.exec(text) ?? []
    const later = `${indent}# mine\n${indent}later: { note: came later }\n`
    return text.replace(/^extensions:.*\r?\n/m, (head) => head + later)
  }
  const isJson = one.format === 'json'
  const at = text.indexOf(isJson ? '"alipay": {' : 'alipay:', line)
  return `${text.slice(0, at)}${isJson ? '/* mine */ ' : ''}"later": {"note": "came later"}, ${text.slice(at)}`
}

it('holds at least 30 files', () => {
  expect(HOST_TEXTS.length).toBeGreaterThanOrEqual(30)
})

describe('a file that is not there', () => {
  it('is made for its user alone, with its folders, and is gone after uninstall', () => {
    const [one] = HOST_TEXTS
    if (!one) throw new Error('no host file')
    const { file, host, installing } = placed(one)
    rmSync(file)
    const deep = { ...host, file: join(file, 'a', 'b.json') }
    planInstall(deep, START, installing).write()
    if (process.platform !== 'win32') expect(statSync(deep.file).mode & 0o777).toBe(0o600)
    planUninstall(deep, installing).write()
    expect(existsSync(file)).toBe(false)
  })

  it('stays, once somebody else wrote into it', () => {
    const [one] = HOST_TEXTS.filter(({ format }) => format === 'json')
    if (!one) throw new Error('no host file')
    const { file, host, installing } = placed(one)
    rmSync(file)
    planInstall(host, START, installing).write()
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "theme": "dark",'))
    planUninstall(host, installing).write()
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ theme: 'dark' })
  })
})

it.skipIf(process.platform === 'win32')('follows a link to a file of this user, and leaves it a link', () => {
  const [one] = HOST_TEXTS
  if (!one) throw new Error('no host file')
  const { file, host, installing } = placed(one)
  const link = `${file}-link`
  symlinkSync(file, link)
  const linked = { ...host, file: link }
  planInstall(linked, START, installing).write()
  expect(startThere(file, one)).toStrictEqual(START)
  expect(readFileSync(link, 'utf8')).toBe(readFileSync(file, 'utf8'))
  planUninstall(linked, installing).write()
  expect(readFileSync(file, 'utf8')).toBe(one.text)
})
