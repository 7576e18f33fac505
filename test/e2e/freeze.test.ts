// alipay-mcp freeze, through pipes: what it stops and lists, and how it says that it did not, or may have missed the ledger.
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { order } from '../cli/ledger/full-ledger.ts'
import { type Env, elsewhere } from './hosts.ts'
import { closeShops, DAY, openLedgerShop, run } from './ledger-shop.ts'

afterEach(closeShops)

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
  expect(run(['freeze'], env).stdout).toContain('Still payable: 2. The command below each order closes it')
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
