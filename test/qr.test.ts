// The folder of codes as pictures: the expired ones go, and a new one takes as long however many there are.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { QrFiles } from '../src/qr.ts'

const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: Date.parse('2026-11-20T02:00:00Z') }))
afterEach(() => void vi.useRealTimers())

const HOUR = 3_600_000
const write = async (files: QrFiles, code = 1) =>
  basename((await files.write('ORDER', Buffer.of(code), Date.now() + HOUR)) ?? '')

function leftBehind(name: string): string {
  writeFileSync(join(folder, name), '')
  utimesSync(join(folder, name), new Date(), new Date(Date.now() - 1000))
  return name
}

it('a server removes what earlier ones left behind, and nothing that is alive or no picture of a code', async () => {
  const alive = await write(new QrFiles(folder))
  const others = [leftBehind('photo.png'), leftBehind('OLD-0a1b2c3d.txt')]
  leftBehind('OLD-0a1b2c3d.png')
  const next = await write(new QrFiles(folder), 2)
  expect(readdirSync(folder).sort()).toStrictEqual([alive, next, ...others].sort())
})

it('the folder is looked through every ten minutes, not for each code', async () => {
  const files = new QrFiles(folder)
  await write(files)
  const old = leftBehind('OLD-0a1b2c3d.png')
  vi.setSystemTime(Date.now() + 10 * 60_000 - 1)
  await write(files)
  expect(readdirSync(folder)).toContain(old)
  vi.setSystemTime(Date.now() + 1)
  await write(files)
  expect(readdirSync(folder)).not.toContain(old)
})

it('a code that is shown again is the same file, another one of the same order number is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  const files = new QrFiles(folder)
  const expiresAt = Date.now() + 60_000
  const first = await files.write('A', Buffer.from('one'), expiresAt)
  expect(await files.write('A', Buffer.from('one'), expiresAt)).toBe(first)
  expect(await files.write('A', Buffer.from('two'), expiresAt)).not.toBe(first)
  expect(readdirSync(folder)).toHaveLength(2)
  rmSync(folder, { recursive: true })
})
