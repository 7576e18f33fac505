// The commands of the ledger, as an operator types them: through pipes, and at a terminal where a person has to be one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { order, paid } from '../cli/ledger/full-ledger.ts'
import { elsewhere } from './hosts.ts'
import { ask, closeShops, DAY, openLedgerShop, run } from './ledger-shop.ts'

afterEach(closeShops)

describe('alipay-mcp ledger', () => {
  it('tells people, programs and Excel the same', async () => {
    const { env, folder } = await openLedgerShop()
    const text = run(['ledger'], env)
    expect(text).toMatchObject({ status: 0, stderr: '' })
    expect(text.stdout).toContain(folder)
    expect(text.stdout).toMatch(/A1 +100\.00 +0\.00 +paid +诗集，精装/)
    const chinese = run(['ledger'], { ...env, LANG: 'zh_CN.UTF-8' })
    expect(chinese.stdout).toMatch(/A1 +100\.00 +0\.00 +已付款 +诗集，精装[\s\S]*净额 100\.00 元/)
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
  })

  it('takes days, months and states', async () => {
    const { env } = await openLedgerShop()
    const ordersOf = (...args: string[]) => JSON.parse(run(['ledger', '--json', ...args], env).stdout).orders
    expect(ordersOf('--since', '2026-11-03')).toStrictEqual([])
    expect(ordersOf('--until', '2026-11-01')).toStrictEqual([])
    expect(ordersOf('--month', '2026-12')).toStrictEqual([])
    expect(ordersOf('--state', 'waiting')).toStrictEqual([])
    for (const args of [
      ['--until', DAY],
      ['--month', '2026-11'],
      ['--state', 'paid'],
    ]) {
      expect(ordersOf(...args)).toHaveLength(1)
    }
  })

  it('tells of one order, and fails for one that it does not know', async () => {
    const { env } = await openLedgerShop()
    expect(run(['ledger', '--order', 'A1'], env).stdout).toMatch(/\n {2}Order: A1\n[\s\S]* State: paid\n/)
    const none = run(['ledger', '--order', 'B2'], env)
    expect(none).toMatchObject({ status: 1, stdout: '' })
    expect(none.stderr).toMatch(
      /holds no such order: B2\.\n +Fix: .*, all of it\) .* To see whole numbers: node .* ledger --wide\n/,
    )
    expect(run(['ledger', '--order', 'B2', '--lang=zh'], env).stderr).toMatch(
      /需要完整单号）.*查看完整单号：node .* ledger --wide --lang zh\n/,
    )
    expect(run(['ledger', '--order', 'A1…9f'], env).stderr).toContain(
      'is shortened in its middle. To see all of it: node ',
    )
  })

  it.each([['ledger'], ['resolve'], ['approvals', '--list'], ['freeze']])(
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
    expect(broken.stderr).toMatch(/^\[FAILED\] {2}Settings: ALIPAY_APP_ID: .*\n +Fix: .*\n$/)
    for (const args of [
      ['--since', '2026-02-30'],
      ['--until', 'today'],
      ['--month', '2026-13'],
      ['--state', 'payed'],
    ]) {
      expect(run(['ledger', ...args], env)).toMatchObject({ status: 2, stdout: '' })
    }
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
  expect(all).toMatchObject({ status: 1, stderr: 'Damaged, and not shown: order "A1" (subject)\n' })
  expect(all.stdout).toMatch(/B2 +100\.00/)
  expect(run(['ledger', '--order', 'B2'], env)).toMatchObject({ status: 0 })
  expect(run(['ledger', '--order', 'A1'], env).stderr).toContain('order "A1" (subject)')
  const resolved = run(['resolve'], env)
  expect(resolved).toMatchObject({ status: 1 })
  expect(resolved.stdout).toContain('Damaged in the ledger: order "A1" (subject)')
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
  expect(stdout).toMatch(/^A1\n {2}refund of 30\.00 yuan, .*: being sent\n[\s\S]*a minute or two/)
  expect(stdout).not.toContain('Nothing')
})

it('alipay-mcp resolve tells all of an order that is to be closed, and that it is unfinished', async () => {
  const { env, ledger } = await openLedgerShop()
  await order(ledger, 'OPEN1', `${DAY} 11:00:00`, 'Tea')
  await ledger.requestClose('OPEN1', { at: Date.now(), owner: 'test', host: 'test' })
  const { status, stdout } = run(['resolve'], env)
  expect(status).toBe(1)
  expect(stdout).toMatch(
    /^Order OPEN1\n {2}100\.00 yuan, Tea\n {2}Closing was asked for, but no buyer had opened it.* It can be paid until 2026-12-31 00:00:00 Beijing time\.\n/,
  )
  expect(stdout).not.toContain('Unknown')
  expect(run(['resolve', '--lang=zh'], env).stdout).toContain('；在 2026-12-31 00:00:00（北京时间）之前仍可付款。')
})

it('alipay-mcp approvals --list shows what waits, anywhere, and decides nothing', async () => {
  const { env, ledger } = await openLedgerShop()
  await ask(ledger, 'first')
  await ask(ledger, 'second')
  const list = run(['approvals', '--list'], env)
  expect(list).toMatchObject({ status: 0, stderr: '' })
  expect(list.stdout).toMatch(/Refunds that wait for a yes: 2\n.*\n.* 30\.00 {2}A1 +诗集，精装\n/)
  await ledger.freeze('lost phone', { at: Date.now(), owner: 'test', host: 'test' })
  expect(run(['approvals', '--list'], env).stdout).toMatch(/^FROZEN since .*, "lost phone": no yes is taken\.\n/)
  const json = JSON.parse(run(['approvals', '--list', '--json'], env).stdout)
  expect(json).toMatchObject([{ out_trade_no: 'A1', refund_amount: '30.00' }, { refund_amount: '30.00' }])
  expect(await ledger.openApprovals(Date.now())).toHaveLength(2)
  expect(run(['approvals', '--json'], env)).toMatchObject({ status: 2 })
})

it.each([
  ...[['approvals'], ['unfreeze'], ['resolve', '--resend']],
  ...[
    ['close', '--order', 'A1'],
    ['forget', '--order', 'A1'],
  ],
])('%s is for a person: it takes nothing through a pipe', async (...args) => {
  const { env, ledger } = await openLedgerShop()
  await ask(ledger, 'a')
  await ledger.freeze('why', { at: Date.now(), owner: 'test', host: 'test' })
  const { status, stdout, stderr } = run(args, env)
  expect({ status, stdout }).toStrictEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/only at a terminal/)
  expect(run([...args, '--lang=zh'], env).stderr).toMatch(
    /^[^A-Za-z]*(approvals|unfreeze|resolve --resend|close|forget) 需要人来确认，只能在终端/,
  )
  expect(await ledger.frozen()).toBeDefined()
})

it.each(['close', 'forget'])('%s says which flag it needs', async (command) => {
  expect(run([command])).toMatchObject({ status: 2, stderr: expect.stringContaining(`${command} --order N`) })
})
