// The CSV as Excel opens it: Chinese right, numbers whole, and nothing in it that computes.
import { describe, expect, it } from 'vitest'
import { formatLedgerCsv } from '../../../src/cli/ledger/csv.ts'
import { readRecord } from '../../../src/cli/ledger/record.ts'
import type { Row } from '../../../src/cli/ledger/rows.ts'
import { fullLedger } from './full-ledger.ts'

/** Read again by the letter of RFC 4180, not by the library that wrote it. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && bare === '' && quoted === undefined) break
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 0)
}

function tableOf(csv: string): Readonly<Record<string, string>>[] {
  const [head = [], ...rows] = cellsOf(csv.replace(/^\uFEFF/, ''))
  for (const row of rows) expect(row).toHaveLength(head.length)
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

const csvWith = (...orders: Row[]) =>
  formatLedgerCsv({ frozen: undefined, orders, refunds: [], decisions: [], days: [], totals: {} })
const subjectOf = (subject: string) => tableOf(csvWith({ out_trade_no: 'A', subject }))[0]?.subject

it('has a row per order and per refund, which `kind` tells apart', async () => {
  const table = tableOf(formatLedgerCsv(await readRecord(await fullLedger(), {}, Date.now())))
  expect(table.map(({ kind, out_trade_no }) => [kind, out_trade_no])).toStrictEqual([
    ['order', 'UNPAID\t'],
    ['order', 'NEWER\t'],
    ['order', 'OLD\t'],
    ['refund', 'NEWER\t'],
    ['refund', 'OLD\t'],
  ])
  expect(table[1]).toMatchObject({
    subject: '诗集，精装',
    total_amount: '100.00',
    refund_amount: '',
    state: 'paid',
  })
  expect(table[3]).toMatchObject({ state: 'unknown', ended_at: '' })
  expect(table[4]).toMatchObject({
    refund_amount: '30.00',
    total_amount: '',
    ended_at: '2026-11-02 11:00:00',
  })
})

it('begins with the mark by which Excel knows UTF-8, and ends its lines as Windows does', () => {
  const csv = csvWith({ out_trade_no: 'A', subject: '茶' })
  expect([...Buffer.from(csv).subarray(0, 3)]).toStrictEqual([0xef, 0xbb, 0xbf])
  expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(csv.endsWith('\r\n')).toBe(true)
})

it('has its heading where there is nothing to tell', () => {
  expect(csvWith()).toMatch(/^\uFEFFkind,out_trade_no,.*\r\n$/)
})

it.each(['A, B', 'say "hello"', 'two\nlines', '"', ',', '茶，"大"'])('gives %j back as it was', (subject) => {
  expect(subjectOf(subject)).toBe(subject)
})

describe('a number', () => {
  it.each(['202611221234567890123456789012', '2026112222001400000000001', '12E34', '007'])(
    'of an order, %s, ends in a tab, so that Excel keeps it as it is',
    (number) => {
      const row = { out_trade_no: number, trade_no: number, out_request_no: number }
      const [order] = tableOf(csvWith(row))
      for (const cell of [order?.out_trade_no, order?.trade_no, order?.out_request_no]) expect(cell).toBe(`${number}\t`)
    },
  )

  it.each(['007', '1E5', '2026-11-22', '1/2', '12:30', '20261122123456789'])('as a subject, %s, does, too', (text) => {
    expect(subjectOf(text)).toBe(`${text}\t`)
  })

  it('that is an amount or a time stays one, to be summed and sorted', () => {
    const [order] = tableOf(csvWith({ total_amount: '1234.50', created_at: '2026-11-22 10:00:00' }))
    expect(order).toMatchObject({ total_amount: '1234.50', created_at: '2026-11-22 10:00:00' })
  })
})

describe('what a buyer or merchant wrote', () => {
  it.each([
    '=1+1',
    '=HYPERLINK("https://evil.example","click")',
    '+1',
    '-1+cmd',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '＝1+1',
    '＋1',
    '－1',
    '＠A1',
  ])('never computes: %j', (text) => {
    for (const key of ['subject', 'refund_reason', 'host', 'answer']) {
      const [row] = tableOf(csvWith({ out_trade_no: 'A', [key]: text }))
      expect(row?.[key]).toBe(`'${text}`)
    }
  })

  it('is guarded also among refunds', async () => {
    const table = tableOf(formatLedgerCsv(await readRecord(await fullLedger(), {}, Date.now())))
    expect(table[0]?.subject).toBe("'-1+1")
    expect(table[4]?.refund_reason).toBe("'=cmd|calc 不想要了")
  })
})
