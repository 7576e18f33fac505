// The ledger at a terminal: in columns that stand under each other, also where Chinese is two columns wide.
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { readRecord } from '../../../src/cli/ledger/record.ts'
import { formatLedger } from '../../../src/cli/ledger/text.ts'
import { fromBeijingTime } from '../../../src/clock.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { fullLedger, order, PARTITION } from './full-ledger.ts'

const NOW = fromBeijingTime('2026-11-02 14:00:00')
const whose = { folder: '/srv/alipay', partition: PARTITION }
const told = async (ledger: Awaited<ReturnType<typeof fullLedger>>) =>
  formatLedger(await readRecord(ledger, {}, NOW), whose)

it('says whose ledger this is, that all is frozen, and what each state means', async () => {
  const text = await told(await fullLedger())
  expect(text).toMatch(/^Ledger 账本: local, http:\/\/127\.0\.0\.1:7001, merchant 商户 2088\n.*\/srv\/alipay/)
  expect(text).toContain('FROZEN since 自 2026-11-02 13:00:00 起已冻结: lost phone 手机丢了')
  for (const words of ['Orders 订单: 3', 'Refunds 退款: 2', 'Decisions 决定: 3', 'Days 按日汇总 (yuan 元): 3']) {
    expect(text).toContain(words)
  }
  for (const words of [
    'waiting 待付款',
    'part_refunded 部分退款',
    'unknown 结果未知',
    'denied 已拒绝',
    'freeze 冻结',
  ]) {
    expect(text).toContain(words)
  }
})

it('stands in columns', async () => {
  const lines = (await told(await fullLedger())).split('\n')
  const at = (line: string, words: string) => stringWidth(line.slice(0, line.indexOf(words)))
  const heading = lines.find((line) => line.includes('subject 标题')) ?? ''
  for (const subject of ['诗集，精装', 'Tea 茶', '-1+1']) {
    const line = lines.find((one) => one.includes(subject)) ?? ''
    expect(at(line, subject)).toBe(at(heading, 'subject 标题'))
  }
})

it('says none where there is nothing', async () => {
  const text = await told(await openLedger({ folder: undefined, partition: PARTITION }))
  expect(text).toContain('Orders 订单: none 无')
  expect(text).not.toContain('FROZEN')
})

it('shows nothing that a terminal obeys, and cuts what is long', async () => {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  await order(ledger, 'A', '2026-11-02 10:00:00', `\u001b[2J\u202eevil\nOrders: 9 ${'茶'.repeat(40)}END`)
  const text = await told(ledger)
  for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign)
  expect(text).not.toMatch(/^Orders: 9/m)
  expect(text).toContain('茶…')
  expect(text).not.toContain('END')
})
