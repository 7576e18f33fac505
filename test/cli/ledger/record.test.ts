// What the ledger command tells: whole however large it is, each refund on its own day, and never a link that pays.
import { expect, it } from 'vitest'
import { readRecord } from '../../../src/cli/ledger/record.ts'
import { fromBeijingTime } from '../../../src/clock.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { at, fullLedger, order, PARTITION } from './full-ledger.ts'

const NOW = fromBeijingTime('2026-11-02 14:00:00')
const since = fromBeijingTime('2026-11-01 00:00:00')
const numbers = (rows: readonly { out_trade_no?: unknown }[]) => rows.map(({ out_trade_no }) => out_trade_no)

it('tells everything, newest orders first, with what was decided', async () => {
  const record = await readRecord(await fullLedger(), {}, NOW)
  expect(record.frozen).toStrictEqual({ at: '2026-11-02 13:00:00', why: 'lost phone 手机丢了' })
  expect(numbers(record.orders)).toStrictEqual(['UNPAID', 'NEWER', 'OLD'])
  expect(
    record.orders.map(({ state, total_amount, refunded_amount }) => [state, total_amount, refunded_amount]),
  ).toStrictEqual([
    ['waiting', '100.00', '0.00'],
    ['paid', '100.00', '0.00'],
    ['part_refunded', '100.00', '30.00'],
  ])
  expect(record.orders.map(({ in_doubt }) => in_doubt)).toStrictEqual([undefined, 'refund', undefined])
  expect(record.refunds).toMatchObject([
    {
      out_trade_no: 'NEWER',
      refund_amount: '100.00',
      state: 'unknown',
      ended_at: undefined,
      unknown_since: '2026-11-02 12:00:00',
      answer: 'no answer',
      host: 'Cursor 1.0',
    },
    { out_trade_no: 'OLD', refund_amount: '30.00', state: 'done', gmt_refund_pay: '2026-11-02 11:00:01' },
  ])
  expect(record.decisions).toStrictEqual([
    expect.objectContaining({ at: '2026-11-02 13:00:00', what: 'freeze', why: 'lost phone 手机丢了' }),
    expect.objectContaining({ what: 'expired', refund_amount: '100.00', decided_by: undefined }),
    expect.objectContaining({ what: 'denied', decided_by: 'terminal', decided_at: '2026-11-02 11:51:00' }),
  ])
  const sums = record.days.map((row) => [row.day, row.paid_amount, row.refunded_amount, row.net_amount])
  expect(sums).toStrictEqual([
    ['2026-11-02', '0.00', '30.00', '-30.00'],
    ['2026-11-01', '200.00', '0.00', '200.00'],
    ['2026-10-31', '0.00', '0.00', '0.00'],
  ])
  expect(record.totals).toStrictEqual({
    ...{ orders: '3', paid_amount: '200.00', refunded_amount: '30.00', net_amount: '170.00' },
    ...{ unknown_amount: '100.00', alarms: '0' },
  })
  expect(JSON.stringify(record)).not.toContain('secret')
})

it('tells of a day the refunds made since then, also those of older orders', async () => {
  const record = await readRecord(await fullLedger(), { since }, NOW)
  expect(numbers(record.orders)).toStrictEqual(['UNPAID', 'NEWER'])
  expect(numbers(record.refunds)).toStrictEqual(['NEWER', 'OLD'])
  expect(record.days.map(({ day }) => day)).toStrictEqual(['2026-11-02', '2026-11-01'])
})

it('tells of some days only, the last of them whole', async () => {
  const before = fromBeijingTime('2026-11-02 00:00:00')
  const record = await readRecord(await fullLedger(), { since, before }, NOW)
  expect(numbers(record.orders)).toStrictEqual(['NEWER'])
  expect(record.refunds).toStrictEqual([])
  expect(record.decisions).toStrictEqual([])
  expect(record.days.map(({ day }) => day)).toStrictEqual(['2026-11-01'])
})

it('tells of one state only what is about its orders, without sums of days', async () => {
  const record = await readRecord(await fullLedger(), { state: 'part_refunded' }, NOW)
  expect(numbers(record.orders)).toStrictEqual(['OLD'])
  expect(numbers(record.refunds)).toStrictEqual(['OLD'])
  expect(record.decisions).toStrictEqual([])
  expect(record.days).toStrictEqual([])
  expect(record.totals).toMatchObject({ orders: '1', net_amount: '70.00' })
})

it('tells of one order only what is about it, by either number', async () => {
  const ledger = await fullLedger()
  for (const name of ['NEWER', '20261122220014000000005']) {
    const record = await readRecord(ledger, { order: name }, NOW)
    expect(numbers(record.orders)).toStrictEqual(['NEWER'])
    expect(numbers(record.refunds)).toStrictEqual(['NEWER'])
    expect(record.decisions.map(({ what }) => what)).toStrictEqual(['expired', 'denied'])
    expect(record.days).toStrictEqual([])
  }
  // A part of a number names no order.
  expect((await readRecord(ledger, { order: 'NEW' }, NOW)).orders).toStrictEqual([])
})

it('tells what was forgotten', async () => {
  const ledger = await fullLedger()
  await ledger.forget('OLD', at('2026-11-02 13:30:00'))
  const record = await readRecord(ledger, { order: 'OLD' }, NOW)
  expect(record.decisions).toMatchObject([{ what: 'order forgotten', out_trade_no: 'OLD' }])
  expect(record.orders).toMatchObject([{ subject: undefined, total_amount: '100.00' }])
})

it('is not cut where the ledger is large', async () => {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  for (let n = 0; n < 1_201; n++) await order(ledger, `ORDER${n}`, '2026-11-02 10:00:00', `Tea ${n}`)
  const record = await readRecord(ledger, {}, NOW)
  expect(new Set(numbers(record.orders)).size).toBe(1_201)
})

it('tells of a closed order when it was seen closed, and by whom', async () => {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  await order(ledger, 'CLOSED', '2026-11-02 10:00:00')
  await order(ledger, 'OPEN', '2026-11-02 10:00:00')
  await order(ledger, 'CLOSED HERE', '2026-11-02 10:00:00')
  const here = { ...at('2026-11-02 10:06:00'), host: 'Cursor' }
  const close = await ledger.reserve('close', 'CLOSED HERE', here)
  if (!('id' in close)) throw new Error('not reserved')
  await ledger.resolve(close.id, { state: 'done', trade_no: '2026112222001400000001' }, here)
  const trade = { out_trade_no: 'CLOSED', trade_no: '2026112222001400000000', total_amount: '100.00' }
  const closer = { ...at('2026-11-02 10:05:00'), host: 'terminal' }
  await ledger.recordTrade({ trade: { ...trade, trade_status: 'TRADE_CLOSED' } }, closer)
  const { orders } = await readRecord(ledger, {}, NOW)
  const closings = orders.map(({ out_trade_no, closed_at, closed_by }) => [out_trade_no, closed_at, closed_by])
  expect(closings).toStrictEqual([
    ['CLOSED HERE', '2026-11-02 10:06:00', 'Cursor'],
    ['OPEN', undefined, undefined],
    ['CLOSED', '2026-11-02 10:05:00', 'terminal'],
  ])
  ledger.close()
})
