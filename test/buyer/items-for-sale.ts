// What the shop of hostile buyers sells: each way to deliver, each refund policy, and something that looks cheap.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SoldItem } from './history.ts'

const codes = (prefix: string, count: number) =>
  Array.from(
    { length: count },
    (_, at) => `${prefix}-${String(at + 1).padStart(3, '0')}-${(at * 7919 + 104_729).toString(36).toUpperCase()}`,
  )

export const HOOK = 'https://goods.internal.example/hooks/4711'

export const ITEMS: readonly SoldItem[] = [
  {
    ...{ id: 'poem', subject: '一首诗', description: 'Written long ago', price: '19.90' },
    refund: { policy: 'auto', minutes: 30, max: '50.00' },
    deliver: { text: 'Before my bed the moon is bright (POEM-BODY)' },
  },
  {
    ...{ id: 'key', subject: 'Licence key', price: '30.00', max_quantity: 5 },
    refund: { policy: 'auto', minutes: 60, max: '60.00' },
    deliver: { codes_file: 'keys.txt' },
    codes: codes('KEY', 12),
  },
  {
    ...{ id: 'course', subject: 'Course', price: '99.00', max_quantity: 3, refund: 'operator' },
    deliver: { codes_file: 'courses.txt' },
    codes: codes('COURSE', 12),
  },
  {
    id: 'talk',
    subject: 'Talk',
    price: '12.00',
    refund: 'never',
    deliver: { text: 'The talk is at nine (TALK-BODY)' },
  },
  { id: 'advice', subject: 'Advice', price: '15.00' },
  {
    ...{ id: 'tip', subject: '打赏', tip: true, min: '1.00', max: '66.00', suggested: '6.66' },
    refund: { policy: 'auto', minutes: 30, max: '20.00' },
  },
  { id: 'cent', subject: 'Sticker', price: '0.01', deliver: { text: 'A sticker (STICKER-BODY)' } },
  { id: 'poem2', subject: 'Poem of last year', price: '9.90', available_until: '2020-01-01' },
  { id: 'few', subject: 'Seat', price: '5.00', max_quantity: 2, stock: 2, refund: 'operator' },
  { id: 'hooked', subject: 'Course by the shop', price: '25.00', deliver: { url: HOOK } },
]

/** As the merchant saves it: the list, and a file of codes for each item that has some. @returns its path */
export function writeItems(folder: string, items: readonly SoldItem[]): string {
  mkdirSync(folder, { recursive: true })
  for (const { deliver, codes: all = [] } of items) {
    if (deliver && 'codes_file' in deliver)
      writeFileSync(join(folder, deliver.codes_file), all.join('\n'), { mode: 0o600 })
  }
  const path = join(folder, 'items.json')
  const written = { items: items.map(({ codes: _, ...item }) => item) }
  writeFileSync(path, JSON.stringify(written, null, 2), { mode: 0o600 })
  return path
}
