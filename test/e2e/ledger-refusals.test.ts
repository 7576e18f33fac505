// What the ledger's commands say where they cannot do what was typed: a step that fits what happened.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type Env, elsewhere, HOMELESS, MAIN } from './hosts.ts'
import { closeShops, openLedgerShop } from './ledger-shop.ts'

afterEach(closeShops)

function complaint(args: readonly string[], env: Env = {}): string {
  const child = { encoding: 'utf8', cwd: elsewhere(), env: { ...HOMELESS, ...env } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], child)
  expect(status).toBeGreaterThan(0)
  expect(stdout).toBe('')
  return stderr
}

it('a folder without a ledger may just be new, but not where a freeze was wanted', async () => {
  const { env } = await openLedgerShop()
  const empty = { ...env, ALIPAY_DATA_DIR: join(elsewhere(), 'none') }
  for (const args of [['ledger'], ['approvals', '--list']]) {
    expect(complaint(args, empty)).toMatch(
      /there is none in .*\n +Fix: if no order has been made yet, there is nothing/,
    )
  }
  expect(complaint(['ledger', '--lang=zh'], empty)).toContain(
    '如果还没有创建过订单，不用处理；否则请用与服务器相同的配置',
  )
  expect(complaint(['freeze'], { ALIPAY_DATA_DIR: '/nowhere' })).toMatch(
    /there is none in .*\n +Fix: give this command/,
  )
})

it('what a flag takes is said in Chinese as a demand', () => {
  const said = (...args: string[]) => complaint([...args, '--lang=zh']).split('\n')[0]
  expect(said('ledger', '--month', '2026-13')).toBe('--month 的值须是月份，例如 2026-11（北京时间）。')
  expect(said('ledger', '--since', 'today')).toBe('--since 的值须是日期，例如 2026-11-01（北京时间）。')
  expect(said('emulator', '--port', '70000')).toBe('--port 的值须是 0 到 65535 的整数。')
})

it('days that run backwards are no empty list, and a state that is misspelt is guessed', () => {
  expect(complaint(['ledger', '--since', '2026-11-02', '--until', '2026-11-01'])).toBe(
    '--since is later than --until.\n',
  )
  expect(complaint(['ledger', '--state', 'waitng'])).toMatch(/^--state takes .*\nDid you mean waiting\?\n$/)
})

it('charge-due without a product names the setting, in both languages and without a stack', async () => {
  const { env } = await openLedgerShop()
  expect(complaint(['charge-due'], env)).toBe(
    '[FAILED]  Settings: no product for subscriptions is configured here. Set ALIPAY_SUBSCRIPTION_PRODUCT.\n',
  )
  expect(complaint(['charge-due', '--lang', 'zh'], env)).toBe(
    '[失败]    配置：这里没有配置订阅产品。请管理员配置 ALIPAY_SUBSCRIPTION_PRODUCT。\n',
  )
})
