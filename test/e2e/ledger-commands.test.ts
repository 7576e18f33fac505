// The commands of the ledger, as an operator types them: through pipes, and at a terminal where a person has to be one.
import { spawnSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readRecord } from '../../src/cli/ledger/record.ts'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { order, paid } from '../cli/ledger/full-ledger.ts'
import { type Env, elsewhere, HOMELESS, MAIN } from './hosts.ts'
import { ask, closeShops, DAY, openLedgerShop } from './ledger-shop.ts'

afterEach(closeShops)

/** Through pipes, as a program or an agent would run it. */
function run(args: readonly string[], env: Env = {}) {
  const child = { encoding: 'utf8', cwd: elsewhere(), env: { ...HOMELESS, ...env } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], child)
  return { status, stdout, stderr }
}

describe('alipay-mcp ledger', () => {
  it('tells people, programs and Excel the same', async () => {
    const { env, folder } = await openLedgerShop()
    const text = run(['ledger'], env)
    expect(text).toMatchObject({ status: 0, stderr: '' })
    expect(text.stdout).toContain(folder)
    expect(text.stdout).toMatch(/A1 +100\.00 +0\.00 +paid 已付款 +诗集，精装/)
    const json = run(['ledger', '--json', '--since', DAY], env)
    expect(JSON.parse(json.stdout)).toMatchObject({
      environment: 'local',
      merchant: env.ALIPAY_APP_ID,
      frozen: null,
      orders: [{ out_trade_no: 'A1', total_amount: '100.00', replaces: null }],
      days: [{ day: DAY, paid_amount: '100.00' }],
    })
    const csv = run(['ledger', '--csv'], env)
    expect(csv.stdout).toMatch(/^\uFEFFkind,.*\r\norder,A1\t,.*诗集，精装.*\r\n$/)
    expect(run(['ledger', '--json', '--since', '2026-11-03'], env).stdout).toContain('"orders": []')
  })

  it('tells of one order, and fails for one that it does not know', async () => {
    const { env } = await openLedgerShop()
    expect(run(['ledger', '--order', 'A1'], env).stdout).toMatch(/A1 .*paid/)
    const none = run(['ledger', '--order', 'B2'], env)
    expect(none).toMatchObject({ status: 1, stdout: '' })
    expect(none.stderr).toMatch(/knows no order "B2"[\s\S]*修复：/)
  })

  it.each([['ledger'], ['resolve'], ['forget', '--order', 'A1'], ['freeze']])(
    '%s says what to set where the ledger is in memory',
    (...args) => {
      const { status, stderr } = run(args, { ALIPAY_ENV: 'local' })
      expect(status).toBe(1)
      expect(stderr).toMatch(/in memory.*\n.*ALIPAY_GATEWAY.*ALIPAY_DATA_DIR/)
    },
  )

  it('makes no ledger where there is none, and reports broken settings as the doctor does', async () => {
    const { env } = await openLedgerShop()
    const empty = join(elsewhere(), 'none')
    expect(run(['ledger'], { ...env, ALIPAY_DATA_DIR: empty })).toMatchObject({ status: 1, stdout: '' })
    expect(existsSync(empty)).toBe(false)
    const broken = run(['ledger'], { ...env, ALIPAY_APP_ID: 'x' })
    expect(broken).toMatchObject({ status: 1, stdout: '' })
    expect(broken.stderr).toMatch(/^\[FAILED\] {2}Settings 设置: ALIPAY_APP_ID: .*\n +Fix: .*\n +修复：/)
    expect(run(['ledger', '--since', '2026-02-30'], env)).toMatchObject({ status: 2, stdout: '' })
  })
})

it('a damaged entry is named by ledger and resolve, which show everything else', async () => {
  const { env, folder, ledger } = await openLedgerShop()
  await order(ledger, 'B2', `${DAY} 11:00:00`, 'Tea')
  await paid(ledger, 'B2', `${DAY} 11:01:00`)
  const db = (await findEngine('file'))(join(folder, 'ledger.db'))
  db.exec(`update orders set subject = cast(x'e88c' as text) where out_trade_no = 'A1'`)
  db.close()
  const all = run(['ledger'], env)
  expect(all).toMatchObject({ status: 1, stderr: 'Damaged, and not shown 账本损坏，未列出: order "A1" (subject)\n' })
  expect(all.stdout).toMatch(/B2 +100\.00/)
  expect(run(['ledger', '--order', 'B2'], env)).toMatchObject({ status: 0 })
  expect(run(['ledger', '--order', 'A1'], env).stderr).toContain('order "A1" (subject)')
  const resolved = run(['resolve'], env)
  expect(resolved).toMatchObject({ status: 1 })
  expect(resolved.stdout).toContain('Damaged in the ledger 账本损坏: order "A1" (subject)')
})

it('alipay-mcp resolve does not call a refund resolved that is in flight', async () => {
  const { env, ledger } = await openLedgerShop()
  const actor = { at: Date.now(), owner: 'killed', host: 'Cursor' }
  const request = { out_trade_no: 'A1', trade_no: '2026110222001400100500000001', total_fen: 10_000 }
  const refund = {
    ...request,
    out_request_no: 'RF1',
    portion: { kind: 'amount', ordinal: 1 } as const,
    amount_fen: 3_000,
  }
  const reserved = await ledger.reserveRefund(refund, { asks: 'never' }, undefined, actor)
  const { id = 0 } = reserved.outcome === 'prepared' ? reserved.intent : {}
  expect(await ledger.markSending(id, false, actor)).toBe('go')
  const { status, stdout } = run(['resolve'], env)
  expect(status).toBe(1)
  expect(stdout).toMatch(/^A1 {2}refund 30\.00, .* in flight 发送中\n[\s\S]*a minute or two[\s\S]*一两分钟/)
  expect(stdout).not.toContain('Nothing')
})

describe('alipay-mcp freeze', () => {
  it('stops everything in the file, through a pipe too, and keeps the first reason', async () => {
    const { env, folder, ledger } = await openLedgerShop()
    const first = run(['freeze', '--why', '手机丢了\u001b[2J'], env)
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(/Frozen 已冻结[\s\S]*STAY PAYABLE[\s\S]*仍可付款/)
    expect(first.stdout).toContain(folder)
    expect(run(['freeze', '--why', 'again'], env).stdout).toContain('Already frozen since')
    expect(await ledger.frozen()).toMatchObject({ why: '手机丢了 [2J' })
    expect(run(['ledger'], env).stdout).toContain('FROZEN since')
  })

  it.each<[string, (env: Env) => Env]>([
    ['broken credentials', (env) => ({ ...env, ALIPAY_PRIVATE_KEY: 'x', ALIPAY_REFUND_APPROVAL: 'maybe' })],
    ['nothing but the folder', ({ ALIPAY_DATA_DIR = '' }) => ({ ALIPAY_DATA_DIR })],
  ])('works with %s', async (_what, settings) => {
    const { env, ledger } = await openLedgerShop()
    expect(run(['freeze'], settings(env))).toMatchObject({ status: 0, stderr: '' })
    expect(await ledger.frozen()).toBeDefined()
  })

  it.runIf(process.platform === 'linux')(
    "works with nothing at all, where a ledger lies in the platform's folder",
    async () => {
      const { folder, ledger } = await openLedgerShop()
      const data = elsewhere()
      symlinkSync(folder, join(data, 'alipay-mcp'))
      expect(run(['freeze', '--why', 'x'.repeat(500)], { XDG_DATA_HOME: data })).toMatchObject({ status: 0 })
      expect((await ledger.frozen())?.why).toHaveLength(200)
      expect(run(['freeze'], { XDG_DATA_HOME: data, ALIPAY_ENV: 'local' })).toMatchObject({ status: 1 })
    },
  )

  it.each<[string, Env, RegExp]>([
    ['is not a path', { ALIPAY_DATA_DIR: 'books' }, /ALIPAY_DATA_DIR: is "books"/],
    ['has a misspelt name', { ALIPAY_DATADIR: '/srv' }, /ALIPAY_DATADIR/],
    ['holds no ledger', { ALIPAY_DATA_DIR: '/nowhere' }, /there is none in "\/nowhere"/],
  ])('says loudly that nothing is frozen where the folder %s', (_what, env, words) => {
    const { status, stdout, stderr } = run(['freeze'], env)
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(words)
    expect(stderr).toMatch(/NOT FROZEN 未冻结/)
  })
})

it('alipay-mcp forget erases what people wrote, and says what stays', async () => {
  const { env, ledger } = await openLedgerShop()
  const { status, stdout } = run(['forget', '--order', 'A1'], env)
  expect(status).toBe(0)
  expect(stdout).toMatch(/Erased:[\s\S]*已删除[\s\S]*Kept:[\s\S]*保留/)
  const { orders } = await readRecord(ledger, { order: 'A1' }, Date.now())
  expect(orders).toMatchObject([{ subject: undefined, total_amount: '100.00', state: 'paid' }])
  expect(run(['forget', '--order', 'B2'], env)).toMatchObject({ status: 1, stdout: '' })
  expect(run(['forget'], env)).toMatchObject({ status: 2, stdout: '' })
})

it.each([['approvals'], ['unfreeze'], ['resolve', '--resend']])(
  '%s is for a person: it takes nothing through a pipe',
  async (...args) => {
    const { env, ledger } = await openLedgerShop()
    await ask(ledger, 'a')
    await ledger.freeze('why', { at: Date.now(), owner: 'test', host: 'test' })
    const { status, stdout, stderr } = run(args, env)
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/only at a terminal.*只能在终端/)
    expect(await ledger.frozen()).toBeDefined()
  },
)
