// approvals --list: which refunds wait for a yes, which program asks for each, and why.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { questionOf } from '../../src/approval/question.ts'
import { elsewhere, HOMELESS, MAIN } from './hosts.ts'
import { closeShops, openLedgerShop } from './ledger-shop.ts'

afterEach(closeShops)

it('names the program and its reason, for people and for programs', async () => {
  const { env, ledger } = await openLedgerShop()
  const money = { amount: '30.00', total_amount: '100.00', refunded: '0.00', left: '70.00', further: false }
  const words = { host: 'Claude Code 2.0', refund_reason: 'changed their mind' }
  const question = questionOf({ environment: 'local', out_trade_no: 'A1', ...money, ...words })
  const request = { approvalDigest: 'a', out_trade_no: 'A1', amount_fen: 3_000, question }
  await ledger.requestApproval(request, { at: Date.now(), owner: 'server', host: 'Claude Code' })
  // Not waited for in place: the emulator, which tells the time, is in this process.
  const listed = async (...args: string[]) => {
    const child = { cwd: elsewhere(), env: { ...HOMELESS, ...env } }
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'approvals', '--list', ...args], child)
    return stdout
  }
  expect(await listed()).toMatch(/Item +Host +Reason\n.* A1 +诗集，精装 +Claude Code 2\.0 +changed their mind\n/)
  expect(JSON.parse(await listed('--json'))).toMatchObject([words])
  expect(await listed()).not.toContain('not used yet')
  const [asked] = await ledger.approvals({})
  await ledger.decide(asked?.id ?? 0, true, 'page', { at: Date.now(), owner: 'page', host: 'page' })
  expect(await listed()).toMatch(
    /^No refund waits .*\n\nRefunds with a yes that is not used yet: 1\n {2}Asked +Usable until .*\n {2}\d{4}-\S+ \S+ {2}\d{4}-\S+ \S+ +30\.00 {2}A1/,
  )
  expect(await listed('--lang', 'zh')).toMatch(
    /\n\n已同意但还没有使用的退款：1\n {2}提出时间 +可用至 .*\n[\s\S]*让助手再次提出同一笔退款/,
  )
  expect(JSON.parse(await listed('--json'))).toStrictEqual([])
})
