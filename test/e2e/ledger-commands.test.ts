// The commands of the ledger, as an operator types them: through pipes, and at a terminal where a person has to be one.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
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
    expect(none.stderr).toMatch(/holds no such order: B2\.\n +Fix: /)
    expect(run(['ledger', '--order', 'A1…9f'], env).stderr).toContain('"ledger --wide" shows all of it')
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

describe('alipay-mcp freeze', () => {
  it('stops everything in the file, through a pipe too, and keeps the first reason', async () => {
    const { env, folder, ledger } = await openLedgerShop()
    const first = run(['freeze', '--why', '手机丢了\u001b[2J'], env)
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(/^Frozen\.[\s\S]*STAY PAYABLE[\s\S]*Still payable: nothing/)
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
    expect(stderr).toMatch(/^NOT FROZEN\./)
  })
})

it('alipay-mcp freeze lists what stays payable, each with the call that closes it', async () => {
  const { env, ledger } = await openLedgerShop()
  await order(ledger, 'OPEN1', `${DAY} 11:00:00`, 'Tea')
  const trade = { out_trade_no: 'OPEN1', trade_no: '2026110222001400100500000009', total_amount: '100.00' }
  const actor = { at: Date.now(), owner: 'test', host: 'test' }
  await ledger.recordTrade({ trade: { ...trade, trade_status: 'WAIT_BUYER_PAY' } }, actor)
  await order(ledger, 'UNSEEN1', `${DAY} 11:30:00`, 'Poem')
  const { stdout } = run(['freeze', '--tools', 'query_payment'], { ...env, LANG: 'zh_CN.UTF-8' })
  expect(stdout).toMatch(/仍可付款的订单：2 个/)
  expect(stdout).toMatch(
    /100\.00 元，2026-12-31 00:00:00 前可付款，Tea\n {2}node .*main\.js close --order OPEN1 --tools query_payment\n/,
  )
  expect(stdout).toMatch(
    /Poem\n {2}最后一次向支付宝查询时还没有买家打开；请尝试关闭：\n {2}node .*main\.js close --order UNSEEN1 --tools query_payment\n/,
  )
})

it('alipay-mcp freeze doubts first that an empty ledger is the one that is meant, and is kept for its server', async () => {
  const { env } = await openLedgerShop()
  const { ALIPAY_GATEWAY: _, ...credentials } = env
  const sandbox = { ...credentials, ALIPAY_DATA_DIR: join(elsewhere(), 'new'), ALIPAY_ENV: 'sandbox' }
  for (const frozen of ['Frozen.', 'Already frozen since']) {
    const { status, stdout } = run(['freeze'], sandbox)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^CAREFUL: only the ledger in .*new is frozen, and it holds no order\. Is it the ledger of/)
    expect(stdout).toContain(`\n${frozen}`)
    expect(stdout).not.toContain('Still payable')
  }
  expect(run(['ledger'], sandbox).stdout).toContain('FROZEN since')
})

it.runIf(process.platform === 'linux')(
  'alipay-mcp freeze finds the only ledger below the platform folder, and asks where there are more',
  async () => {
    const { folder, ledger } = await openLedgerShop()
    const data = elsewhere()
    mkdirSync(join(data, 'alipay-mcp'))
    symlinkSync(folder, join(data, 'alipay-mcp', 'link'))
    const home = { XDG_DATA_HOME: data }
    const { env: other } = await openLedgerShop()
    cpSync(folder, join(data, 'alipay-mcp', 'shop-1'), { recursive: true })
    const only = run(['freeze'], home)
    expect(only).toMatchObject({ status: 0, stderr: '' })
    expect(only.stdout).toMatch(/ unfreeze --data-dir \S+shop-1\n$/)
    expect(await ledger.frozen()).toBeUndefined()
    cpSync(other.ALIPAY_DATA_DIR ?? '', join(data, 'alipay-mcp', 'shop-2'), { recursive: true })
    const several = run(['freeze'], home)
    expect(several).toMatchObject({ status: 1, stdout: '' })
    expect(several.stderr).toMatch(/freeze --data-dir \S+shop-1; .*freeze --data-dir \S+shop-2/)
  },
)

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
