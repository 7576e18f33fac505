// Items of a shop for tests, written into a folder of their own, which is removed in the end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fields } from '../shop.ts'

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export interface ItemsFolder {
  folder: string
  itemsFile: string
  write(items: readonly Fields[]): void
  writeAll(content: Fields): void
  /** Files of codes, by their names. */
  codes(name: string, codes: readonly string[]): void
}

export function itemsFolder(items: readonly Fields[] = [], codes: Readonly<Record<string, readonly string[]>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  folders.push(folder)
  const itemsFile = join(folder, 'items.json')
  const made: ItemsFolder = {
    folder,
    itemsFile,
    write: (all) => made.writeAll({ items: all }),
    writeAll: (content) => writeFileSync(itemsFile, JSON.stringify(content), { mode: 0o600 }),
    codes: (name, all) => writeFileSync(join(folder, name), `${all.join('\n')}\n`, { mode: 0o600 }),
  }
  for (const [name, all] of Object.entries(codes)) made.codes(name, all)
  made.write(items)
  return made
}

/** At once, undelivered, within half an hour, up to 20 yuan. */
export const AUTO = { policy: 'auto', minutes: 30, max: '20.00' } as const

export const KEY = {
  id: 'key',
  subject: 'A key',
  price: '5.00',
  max_quantity: 2,
  deliver: { codes_file: 'keys.txt' },
  refund: AUTO,
}
export const GUIDE = {
  id: 'guide',
  subject: 'A guide',
  price: '3.00',
  deliver: { text: 'Turn left at the tree.' },
  refund: AUTO,
}
export const POEM = { id: 'poem', subject: 'A poem', price: '9.90', description: 'Eight lines' }
export const TIP = {
  id: 'tip',
  subject: 'A tip',
  tip: true,
  min: '1.00',
  max: '50.00',
  suggested: '8.88',
  refund: AUTO,
}
export const KEYS = ['KEY-1', 'KEY-2', 'KEY-3', 'KEY-4']
