// The ledger at a terminal: in columns that stand under each other, within the width there is, in one language.
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { readRecord } from '../../../src/cli/ledger/record.ts'
import { formatLedger } from '../../../src/cli/ledger/text.ts'
import { paintFor } from '../../../src/cli/terminal.ts'
import { fromBeijingTime } from '../../../src/clock.ts'
import type { Language } from '../../../src/language.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { fullLedger, order, PARTITION, paid, refund } from './full-ledger.ts'

const NOW = fromBeijingTime('2026-11-02 14:00:00')
const whose = { folder: '/srv/alipay', partition: PARTITION, config: { seller_id: '2088' } }
const told = async (ledger: Ledger, language: Language = 'en', columns?: number, colour = false) =>
  formatLedger(await readRecord(ledger, {}, NOW), whose, { language, columns, paint: paintFor({ colour }) })

async function longLedger(): Promise<Ledger> {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  for (let n = 0; n < 3; n++) {
    const no = `2026110210000000${n}a1b2c3d4e5f60718`
    await order(ledger, no, `2026-11-02 10:00:0${n}`, '诗集，精装典藏版，附作者签名与藏书票 A book of poems, signed')
    await paid(ledger, no, '2026-11-02 10:01:00')
  }
  return ledger
}

it('says whose ledger this is, that all is frozen, and what each state means', async () => {
  const text = await told(await fullLedger())
  expect(text).toMatch(/^Ledger of merchant 2088, local: http:\/\/127\.0\.0\.1:7001\nFolder \/srv\/alipay/)
  expect(text).toContain('FROZEN since 2026-11-02 13:00:00: lost phone 手机丢了')
  for (const words of ['Orders: 3', 'Refunds: 2', 'Decisions: 3', 'Days (yuan): 3']) expect(text).toContain(words)
  for (const words of ['waiting', 'part refunded', 'unknown', ' no ', 'freeze']) expect(text).toContain(words)
  expect(text).toContain('Of these orders: 200.00 yuan paid, 30.00 refunded, 170.00 net, 100.00 unknown (run resolve).')
})

it('says the same in Chinese, and nothing of it in English', async () => {
  const text = await told(await fullLedger(), 'zh')
  expect(text).toMatch(/^商家 2088 的账本，环境 local：http/)
  for (const words of ['订单：3', '退款：2', '待付款', '部分退款', '结果未知', '已拒绝', '冻结', '净额 170.00 元']) {
    expect(text).toContain(words)
  }
  const typed =
    /lost phone|Tea|Cursor 1\.0|cmd\|calc|OLD|NEWER|UNPAID|_\d+\.00|http\S+|\/srv\/alipay|local|resolve|alipay-mcp|listen|(query|list)_payments?/g
  expect(text.replace(typed, '')).not.toMatch(/[A-Za-z]{2,}/)
})

it('stands in columns', async () => {
  const lines = (await told(await fullLedger())).split('\n')
  const at = (line: string, words: string) => stringWidth(line.slice(0, line.indexOf(words)))
  const heading = lines.find((line) => line.includes('Item')) ?? ''
  for (const subject of ['诗集，精装', 'Tea 茶', '-1+1']) {
    const line = lines.find((one) => one.includes(subject)) ?? ''
    expect(at(line, subject)).toBe(at(heading, 'Item'))
  }
})

describe('where the terminal is narrow', () => {
  it.each<[Language, number]>([
    ['en', 80],
    ['zh', 80],
    ['en', 60],
    ['zh', 60],
  ])('no line of it in %s is wider than %i, whatever the words', async (language, columns) => {
    for (const ledger of [await longLedger(), await fullLedger()]) {
      const text = await told(ledger, language, columns, true)
      const wide = text.split('\n').filter((line) => stringWidth(line) > columns)
      expect(wide).toStrictEqual([])
    }
  })

  it('order numbers give way in their middle, times lose seconds and year, and amounts stay whole', async () => {
    const text = await told(await longLedger(), 'en', 80)
    expect(text).toMatch(/Made 2026 .*\n {2}11-02 10:00 {2}2026\w*…\w*0718 +100\.00/)
    expect(text).toContain('…')
    expect(await told(await longLedger(), 'en')).toContain('2026-11-02 10:00:02  20261102100000002a1b2c3d4e5f60718')
  })
})

it('cuts an order number to the same form in all tables', async () => {
  const ledger = await longLedger()
  const refunded = { out_trade_no: '20261102100000000a1b2c3d4e5f60718', amount: '1.00' }
  await refund(ledger, { ...refunded, time: '2026-11-02 12:00:00', resolution: { state: 'done', moved: 'now' } })
  for (const columns of [60, 80, 100]) {
    const forms = (await told(ledger, 'en', columns)).match(/\w+…\w*0718/g) ?? []
    expect(new Set(forms.map((form) => form.length)).size).toBeLessThanOrEqual(1)
    expect(forms.length === 0 || forms.length >= 4).toBe(true)
  }
})

it('has thousands separators in every amount, and colour only where that is asked for', async () => {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  const rest = { subject: 'Tea', channel: 'page', time_expire: '2026-12-31 00:00:00' } as const
  const made = { out_trade_no: 'BIG', total_amount: '1234567.80', ...rest }
  await ledger.reserveOrder(made, {}, { at: NOW, owner: 'o', host: 'h' })
  expect(await told(ledger)).toMatch(/BIG +1,234,567\.80/)
  expect(await told(ledger)).not.toContain('\u001b')
  expect(await told(ledger, 'en', 80, true)).toContain('\u001b[33mwaiting')
})

it('says none where there is nothing', async () => {
  const text = await told(await openLedger({ folder: undefined, partition: PARTITION }))
  expect(text).toContain('Orders: none')
  expect(text).not.toContain('FROZEN')
  expect(text).not.toContain('This file also holds')
})

it('counts the orders of another app or merchant where it has none of its own', async () => {
  const record = { ...(await readRecord(await fullLedger(), { state: 'alarm' }, NOW)), orders_elsewhere: 2 }
  const view = { columns: undefined, paint: paintFor({ colour: false }) }
  expect(formatLedger(record, whose, { ...view, language: 'en' })).toContain('This file also holds 2 orders of another')
  expect(formatLedger(record, whose, { ...view, language: 'zh' })).toContain('这个文件里另有 2 个订单')
})

it('says whose it is where no merchant is set, and how much money is unknown', async () => {
  const record = await readRecord(await fullLedger(), {}, NOW)
  const view = { columns: undefined, paint: paintFor({ colour: false }) }
  const [english, chinese] = (['en', 'zh'] as const).map((language) =>
    formatLedger(record, { ...whose, config: {} }, { ...view, language }),
  )
  expect(english).toMatch(/^Ledger of app 2088 \(ALIPAY_SELLER_ID is not set\), local/)
  expect(english).toContain('170.00 net, 100.00 unknown (run resolve).')
  expect(chinese).toMatch(/^应用 2088 的账本（未设置 ALIPAY_SELLER_ID），环境 local/)
  expect(chinese).toContain('净额 170.00 元，结果未知 100.00 元（请运行 resolve）。')
})

it('shows nothing that a terminal obeys', async () => {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  await order(ledger, 'A', '2026-11-02 10:00:00', `\u001b[2J\u202eevil\nOrders: 9 ${'茶'.repeat(40)}END`)
  for (const text of [await told(ledger), await told(ledger, 'zh', 80)]) {
    for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign)
    expect(text).not.toMatch(/^Orders: 9/m)
  }
  expect(await told(ledger, 'zh', 80)).toMatch(/茶…$/m)
})
