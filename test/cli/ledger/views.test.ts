// What the ledger shows of waiting orders, of steps in doubt, of a refund that waits for a yes, and of one order.
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { questionOf } from '../../../src/approval/question.ts'
import { formatLedgerCsv } from '../../../src/cli/ledger/csv.ts'
import { readRecord } from '../../../src/cli/ledger/record.ts'
import { formatLedger, type LedgerView } from '../../../src/cli/ledger/text.ts'
import { paintFor } from '../../../src/cli/terminal.ts'
import { fromBeijingTime } from '../../../src/clock.ts'
import type { Ledger, ListFilter } from '../../../src/ledger/ledger.ts'
import { openLedger } from '../../../src/ledger/sqlite/open-ledger.ts'
import { at, fullLedger, order, PARTITION, paid, refund } from './full-ledger.ts'

const NOW = fromBeijingTime('2026-11-02 14:00:00')
const NUMBER = '20261102100000001a2b3c4d5e6f70819'
const whose = { folder: '/srv/alipay', partition: PARTITION, config: { seller_id: '2088' } }

async function told(ledger: Ledger, view: Partial<LedgerView>, state?: ListFilter['state'], now = NOW) {
  const record = await readRecord(ledger, { order: view.only?.order, state }, now)
  const plain = { language: 'en', columns: undefined, paint: paintFor({ colour: false }) } as const
  return formatLedger(record, whose, { ...plain, ...view })
}

async function waitingLedger(): Promise<Ledger> {
  const ledger = await openLedger({ folder: undefined, partition: PARTITION })
  await order(ledger, NUMBER, '2026-11-02 10:00:00', 'A book of poems, signed by its author')
  return ledger
}

async function askFor(ledger: Ledger, approvalDigest: string, host: string, refund_reason?: string): Promise<number> {
  const money = { amount: '10.00', total_amount: '100.00', refunded: '0.00', left: '90.00', further: false }
  const facts = { environment: 'sandbox', out_trade_no: NUMBER, host, refund_reason, ...money } as const
  const asked = { out_trade_no: NUMBER, amount_fen: 1_000, question: questionOf(facts), approvalDigest }
  return (await ledger.requestApproval(asked, at('2026-11-02 13:59:00'))).id
}

it('says until when a waiting order can be paid, that its close was requested, and when its time is up', async () => {
  const ledger = await waitingLedger()
  const only = { state: 'waiting' }
  expect(await told(ledger, { only, columns: 80 }, 'waiting')).toMatch(
    /^Only state waiting\.\n[\s\S]*Payable until .*\n.* 100\.00 {2}waiting {2}2026-12-31 00:00/m,
  )
  await ledger.requestClose(NUMBER, at('2026-11-02 12:00:00'))
  expect(await told(ledger, { only, columns: 80 }, 'waiting')).toMatch(/waiting, close requested {2}2026-12-31 00:00/)
  expect(await told(ledger, { only, columns: 80, language: 'zh' }, 'waiting')).toMatch(
    /仅列出：状态 待付款。\n[\s\S]*付款截止.*\n.*待付款，已要求关单 +\S*12-31 00:00/,
  )
  const late = await told(ledger, { only }, 'waiting', fromBeijingTime('2027-01-01 00:00:00'))
  expect(late).toContain('waiting, time is up')
  expect(late).not.toContain('Payable until')
  const [, row = ''] = formatLedgerCsv(await readRecord(ledger, {}, NOW)).split('\r\n')
  expect(row).toContain(',2026-11-02 10:00:00,2026-12-31 00:00:00,2026-11-02 12:00:00,')
})

it('repeats the days of which it is', async () => {
  const ledger = await waitingLedger()
  expect(await told(ledger, { only: { month: '2026-11' } })).toContain('\nOnly month 2026-11.\n')
  const days = { since: '2026-11-01', until: '2026-11-02' }
  expect(await told(ledger, { only: days })).toContain('\nOnly since 2026-11-01, until 2026-11-02.\n')
  expect(await told(ledger, { only: days, language: 'zh' })).toContain('\n仅列出：2026-11-01 起，2026-11-02 止。\n')
  expect(await told(ledger, {})).not.toContain('Only')
})

it.each([80, 60])(
  'cuts no title and no state at %i columns, and says in the state what is in doubt',
  async (columns) => {
    const ledger = await waitingLedger()
    await paid(ledger, NUMBER, '2026-11-02 10:01:00')
    const resolution = { state: 'unknown', answer: 'no answer', empty: false } as const
    await refund(ledger, { out_trade_no: NUMBER, amount: '10.00', time: '2026-11-02 11:00:00', resolution })
    await ledger.freeze('lost phone', at('2026-11-02 13:00:00'))
    const text = await told(ledger, { columns })
    expect(text).toMatch(/State +Item\n.* 100\.00 .*paid, refund \? {2}A book of/)
    expect(text).toContain('? marks a step that is being sent')
    for (const words of ['Yes by', 'Reason', 'What', 'freeze', 'nobody asked']) expect(text).toContain(words)
    expect(text.split('\n').filter((line) => stringWidth(line) > columns)).toStrictEqual([])
    const titles = text.split('\n').filter((_, at, all) => /^(Orders|Refunds|Decisions|Days)/.test(all[at - 1] ?? ''))
    expect(titles.join('')).not.toContain('…')
  },
)

it('says which program asked for a refund, and why, also where it was declined', async () => {
  const ledger = await waitingLedger()
  const declined = await askFor(ledger, 'a', 'Cursor 1.0', 'changed their mind')
  await ledger.decide(declined, false, 'page', at('2026-11-02 13:59:30'))
  await askFor(ledger, 'b', 'Claude Code 2.0')
  const { decisions } = await readRecord(ledger, {}, NOW)
  expect(decisions).toMatchObject([
    { what: 'denied', host: 'Cursor 1.0', refund_reason: 'changed their mind' },
    { what: 'asked', host: 'Claude Code 2.0', refund_reason: undefined },
  ])
  const text = await told(ledger, {})
  expect(text).toMatch(/ no .* operator {2}page .* Cursor 1\.0 +changed their mind/)
  expect(text).toContain('Claude Code 2.0')
})

it('shows one order whole, a line for each thing, and its refunds and decisions as blocks', async () => {
  const ledger = await waitingLedger()
  await paid(ledger, NUMBER, '2026-11-02 10:01:00')
  const done = { state: 'done', moved: 'now' } as const
  for (const amount of ['10.00', '20.00']) {
    const time = `2026-11-02 1${amount.slice(0, 1)}:00:00`
    await refund(ledger, { out_trade_no: NUMBER, amount, time, resolution: done })
  }
  const id = await askFor(ledger, 'a', 'Cursor 1.0', `changed their mind ${'and more '.repeat(20)}`)
  await ledger.decide(id, false, 'terminal', at('2026-11-02 13:59:30'))
  const text = await told(ledger, { only: { order: NUMBER }, columns: 60 })
  expect(text).toContain(`\n  Order: ${NUMBER}\n`)
  expect(text).toContain('\n  Item: A book of poems, signed by its author\n  Yuan: 100.00\n')
  expect(text).toMatch(
    /Refunds: 2\n {2}Refund number: .*_20\.00\n[\s\S]*\n\n {2}Refund number: .*_10\.00\n {2}Yuan: 10\.00/,
  )
  expect(text).toMatch(/Asked: 2026-11-02 13:59:00\n {2}What: no\n[\s\S]*Decided: 2026-11-02 13:59:30\n/)
  expect(text).not.toContain('Time:')
  expect(text).toMatch(/Called: (2026-11-02 1[12]:00:00)\n {2}Sent: \1\n {2}Ended: \1/)
  expect(text).toMatch(/What: no\n {2}Yuan: 10\.00\n {2}By: operator\n {2}Via: terminal\n/)
  expect(text.replace(/\s+/g, ' ').match(/and more/g)).toHaveLength(20)
  expect(text).not.toContain('…')
  const chinese = await told(ledger, { only: { order: NUMBER }, language: 'zh' })
  expect(chinese).toContain('\n  状态：部分退款\n')
  expect(chinese).toMatch(/\n {2}付款方式：/)
})

it('says in Chinese that texts were erased, and has one word for whoever decided', async () => {
  const ledger = await fullLedger()
  await ledger.forget('OLD', { ...at('2026-11-02 13:30:00'), host: 'terminal' })
  const text = await told(ledger, { language: 'zh' })
  expect(text).toMatch(/确认与冻结记录：4\n.*操作者 +途径/)
  expect(text).toMatch(/已删除订单文字 +OLD +管理员 +终端/)
  expect(text).toMatch(/日期 +订单数 +下单金额/)
})

it('names the command that answers what waits for a yes, and says until when a yes can be used', async () => {
  const ledger = await waitingLedger()
  const [first] = [await askFor(ledger, 'a', 'Cursor 1.0'), await askFor(ledger, 'b', 'Cursor 1.0')]
  expect(await told(ledger, {})).toContain(
    '\n\n2 refunds wait for a yes. To answer, at a terminal:\n  alipay-mcp approvals',
  )
  await ledger.decide(first, true, 'page', at('2026-11-02 13:59:30'))
  expect(await told(ledger, {})).toContain('\n\n1 refund waits for a yes. To answer, at a terminal:\n')
  const only = { order: NUMBER }
  expect(await told(ledger, { only })).toMatch(
    /What: yes\n[\s\S]*Decided: 2026-11-02 13:59:30\n {2}Usable until: 2026-11-02 14:14:00\n/,
  )
  expect(await told(ledger, { only, language: 'zh' })).toMatch(
    /可用至：2026-11-02 14:14:00\n[\s\S]*有 1 笔退款等待确认。请在终端里答复：\n/,
  )
  const late = await told(ledger, { only }, undefined, fromBeijingTime('2026-11-02 14:14:00'))
  expect(late).toMatch(/What: yes, expired\n/)
  expect(late).not.toContain('wait for a yes.')
})

it('shows a decision at the time when it was made, newest first, and beside it when it was asked for', async () => {
  const ledger = await waitingLedger()
  const first = await askFor(ledger, 'a', 'Cursor 1.0')
  await askFor(ledger, 'b', 'Claude Code 2.0')
  await ledger.freeze('lost phone', at('2026-11-02 13:59:20'))
  await ledger.decide(first, false, 'page', at('2026-11-02 13:59:30'))
  const [, table = ''] = (await told(ledger, {})).split('Decisions: 3\n')
  const [heading, ...rows] = table.split('\n\n', 1).join('').split('\n')
  expect(heading).toMatch(/^ {2}Time +What .* Asked +Host/)
  expect(rows).toStrictEqual([
    expect.stringMatching(/^ {2}2026-11-02 13:59:30 +no .* page +2026-11-02 13:59:00 +Cursor/),
    expect.stringMatching(/^ {2}2026-11-02 13:59:20 +freeze .*lost phone/),
    expect.stringMatching(/^ {2}2026-11-02 13:59:00 +waits for a yes .* 2026-11-02 13:59:00 +Claude/),
  ])
  expect(rows[1]).not.toContain('13:59:00')
})

it('says since when a refund is unknown, and that it ended only where it did', async () => {
  const ledger = await fullLedger()
  const unknown = await told(ledger, { only: { order: 'NEWER' } })
  expect(unknown).toContain('\n  State: unknown\n')
  expect(unknown).toContain('\n  Unknown since: 2026-11-02 12:00:00\n')
  expect(unknown).not.toContain('Ended')
  const chinese = await told(ledger, { only: { order: 'NEWER' }, language: 'zh' })
  expect(chinese).toContain('\n  结果未知始于：2026-11-02 12:00:00\n')
  expect(chinese).toContain('\n  调用时间：2026-11-02 12:00:00\n')
  expect(await told(ledger, { only: { order: 'OLD' } })).toContain('\n  Ended: 2026-11-02 11:00:00\n')
})

it('says of a refund that was tried again that it is one', async () => {
  const ledger = await fullLedger()
  const once = await told(ledger, { only: { order: 'NEWER' } })
  expect(once).not.toContain('Attempt')
  await ledger.unfreeze(at('2026-11-02 13:10:00'))
  const resolution = { state: 'done', moved: 'now' } as const
  await refund(ledger, { out_trade_no: 'NEWER', amount: '100.00', time: '2026-11-02 13:20:00', resolution })
  expect(await told(ledger, { only: { order: 'NEWER' } })).toContain('\n  Attempt: 2, of one refund: ')
  expect(await told(ledger, { only: { order: 'NEWER' }, language: 'zh' })).toContain(
    '\n  第几次尝试：2（同一个退款请求号',
  )
})

it('says of a yes that it was used, which is not yet that money went back', async () => {
  const ledger = await waitingLedger()
  await paid(ledger, NUMBER, '2026-11-02 10:01:00')
  const request = {
    ...{ out_trade_no: NUMBER, trade_no: `2026112222001400000000${NUMBER.length}`, out_request_no: 'R1' },
    ...{ total_fen: 10_000, amount_fen: 1_000, portion: { kind: 'amount', ordinal: 1 } as const },
  }
  const rules = { asks: 'always' } as const
  const now = at('2026-11-02 13:59:00')
  const { approvalDigest } = await ledger.evaluateRefund(request, rules, now)
  const id = await askFor(ledger, approvalDigest, 'Cursor 1.0')
  await ledger.decide(id, true, 'page', now)
  const reserved = await ledger.reserveRefund(request, rules, { how: 'operator', approvalDigest, id }, now)
  expect(reserved.outcome).toBe('prepared')
  expect(await told(ledger, {})).toContain('yes, used')
  expect(await told(ledger, { language: 'zh' })).toMatch(/ 已同意，已使用 /)
})
