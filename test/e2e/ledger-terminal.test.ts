// The commands that ask a person, in a pseudo terminal: nothing but the expected words is a yes.
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { control, pay, RawServer } from './hosts.ts'
import { ask, closeShops, openLedgerShop } from './ledger-shop.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(async () => {
  closeTerminals()
  await closeShops()
})

const UNFREEZE = /Type unfreeze to end the freeze, or press Enter to leave it:/
const stateOf = async (ledger: Ledger, id: number) => (await ledger.approval(id))?.state
// Of the last line that approvals asks with.
const PROMPT = /Type the amount 30\.00 for yes, "no" for no, or press Enter to skip:/
const FROZEN_PROMPT = /Frozen, so no yes is taken\. Type "no" for no, or press Enter to skip:/

describe.skipIf(!hasTerminal)('at a terminal', () => {
  it('approvals shows each question, and only the amount typed back is a yes', async () => {
    const { env, ledger } = await openLedgerShop()
    const ids = [await ask(ledger, 'first'), await ask(ledger, 'second \u001b[2J'), await ask(ledger, 'third')]
    const screen = new Terminal(['approvals'], env)
    expect(await screen.until(PROMPT)).toMatch(
      /1\/3\nGive this money back\?\nRefund: ¥30\.00\nItem: "first"\n(Note: The same amount of this order is also asked\s+for: question [23]\/3\.\n){2}Open until \d{4}-/,
    )
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.until(PROMPT)).toMatch(/Yes, until \d{4}-[\s\S]*2\/3[\s\S]*"second {2}\[2J"/)
    await screen.answer(PROMPT, 'no\n')
    await screen.answer(PROMPT, '\n')
    expect(await screen.exited).toBe(0)
    expect(screen.screen).toMatch(/Skipped/)
    expect(await Promise.all(ids.map((id) => stateOf(ledger, id)))).toStrictEqual(['approved', 'denied', 'asked'])
    expect(await ledger.approval(ids[0] ?? 0)).toMatchObject({ decided_by: 'terminal' })
  })

  it.each(['yes', '30', '3000', '30.00 yuan', 'y', 'ok', '同意'])('approvals takes %s for no answer', async (word) => {
    const { env, ledger } = await openLedgerShop()
    const id = await ask(ledger, 'a')
    const screen = new Terminal(['approvals'], env)
    await screen.answer(PROMPT, `${word}\n`)
    expect(await screen.until(PROMPT)).toMatch(/Neither the amount nor "no"\. Type it exactly: 30\.00 \(one more try\)/)
    await screen.answer(PROMPT, `${word}\n`)
    expect(await screen.exited).toBe(1)
    expect(screen.screen).toMatch(/Not understood, so skipped; it still waits/)
    expect(await stateOf(ledger, id)).toBe('asked')
  })

  it('approvals says that a yes came too late, or while all is frozen', async () => {
    const { env, ledger } = await openLedgerShop()
    const [late, cold] = [await ask(ledger, 'late'), await ask(ledger, 'cold')]
    const screen = new Terminal(['approvals'], env)
    await screen.until(PROMPT)
    await ledger.decide(late, false, 'page', { at: Date.now(), owner: 'page', host: 'page' })
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.until(PROMPT)).toMatch(/Not taken: it has expired, or somebody else/)
    await ledger.freeze(undefined, { at: Date.now(), owner: 'test', host: 'test' })
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.exited).toBe(1)
    expect(screen.screen).toMatch(/Not taken: everything is frozen/)
    expect([await stateOf(ledger, late), await stateOf(ledger, cold)]).toStrictEqual(['denied', 'asked'])
  })

  it('approvals asks for no yes while all is frozen, and takes none', async () => {
    const { env, ledger } = await openLedgerShop()
    const ids = [await ask(ledger, 'first'), await ask(ledger, 'second'), await ask(ledger, 'third')]
    await ledger.freeze(undefined, { at: Date.now(), owner: 'test', host: 'test' })
    const screen = new Terminal(['approvals'], env)
    const text = await screen.until(FROZEN_PROMPT)
    expect(text).toMatch(/^FROZEN since \d{4}-.* Beijing time: no yes is taken\.\n/)
    expect(text).not.toMatch(/Type the amount/)
    await screen.answer(FROZEN_PROMPT, '30.00\n')
    expect(await screen.until(FROZEN_PROMPT)).toMatch(/Not taken: everything is frozen/)
    await screen.answer(FROZEN_PROMPT, 'perhaps\n')
    expect(await screen.until(FROZEN_PROMPT)).toMatch(/Neither "no" nor Enter \(one more try\)\./)
    await screen.answer(FROZEN_PROMPT, 'no\n')
    await screen.answer(FROZEN_PROMPT, '\n')
    expect(await screen.exited).toBe(1)
    expect(await Promise.all(ids.map((id) => stateOf(ledger, id)))).toStrictEqual(['asked', 'denied', 'asked'])
    const chinese = new Terminal(['approvals', '--lang', 'zh'], env)
    await chinese.answer(/冻结期间不能同意。拒绝请输入 no，跳过请按回车：/, '\u0004')
    expect(await chinese.exited).toBe(0)
  })

  it.each(['\u0004', '\u0003'])('approvals ends without a decision when the person leaves (%j)', async (key) => {
    const { env, ledger } = await openLedgerShop()
    const id = await ask(ledger, 'a')
    const screen = new Terminal(['approvals'], env)
    await screen.answer(PROMPT, key)
    expect(await screen.exited).toBe(0)
    expect(await stateOf(ledger, id)).toBe('asked')
  })

  it('approvals says that nothing waits', async () => {
    const { env, ledger } = await openLedgerShop()
    await ask(ledger, 'old', Date.now() - 16 * 60_000)
    const screen = new Terminal(['approvals'], env)
    expect(await screen.exited).toBe(0)
    expect(screen.screen).toMatch(/No refund waits for a yes/)
  })

  it('approvals goes by the clock of the gateway, as the server does', async () => {
    const { env, ledger } = await openLedgerShop()
    await control(env.ALIPAY_GATEWAY, 'clock', { seconds: 7_200 })
    const id = await ask(ledger, 'a', Date.now() + 7_200_000)
    const screen = new Terminal(['approvals'], env)
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.exited).toBe(0)
    expect(await stateOf(ledger, id)).toBe('approved')
  })

  it('a refund that waits for the operator goes out when its amount is typed, and not before', async () => {
    const { env, ledger } = await openLedgerShop()
    const server = new RawServer({ ...env, ALIPAY_REFUND_APPROVAL: 'operator' })
    await server.open('2025-11-25')
    const { out_trade_no, pay_url } = await server.call('create_payment', {
      subject: 'Tea',
      total_amount: 50,
    })
    await pay(pay_url)
    const request = { out_trade_no, refund_amount: '30.00' }
    const refunding = server.call('refund_payment', request)
    await vi.waitUntil(async () => (await ledger.openApprovals(Date.now())).length > 0, { timeout: 10_000 })
    expect(await ledger.intents(String(out_trade_no))).toMatchObject([])
    const screen = new Terminal(['approvals'], env)
    await screen.answer(PROMPT, '30.00\n')
    expect(await screen.exited).toBe(0)
    expect(await refunding).toMatchObject({ out_trade_no, refund_amount: '30.00' })
    expect(await ledger.intents(String(out_trade_no))).toMatchObject([{ state: 'done', approved_by: 'operator' }])
    await server.end()
  })

  it('unfreeze ends a freeze when its name is typed, and nothing else', async () => {
    const { env, ledger } = await openLedgerShop()
    const frozen = new Terminal(['unfreeze'], env)
    expect(await frozen.exited).toBe(0)
    expect(frozen.screen).toContain('Not frozen')
    await ledger.freeze('lost phone', { at: Date.now(), owner: 'test', host: 'test' })
    const wrong = new Terminal(['unfreeze'], env)
    expect(await wrong.until(UNFREEZE)).toContain('"lost phone"')
    await wrong.answer(UNFREEZE, 'yes\n')
    expect(await wrong.exited).toBe(1)
    expect(wrong.screen).toContain('Still frozen')
    expect(await ledger.frozen()).toBeDefined()
    const right = new Terminal(['unfreeze'], env)
    expect(await right.until(UNFREEZE)).toMatch(/cashiers\s+already out stay payable\s+until\s+they\s+expire\./)
    await right.answer(UNFREEZE, 'unfreeze\n')
    expect(await right.exited).toBe(0)
    expect(await ledger.frozen()).toBeUndefined()
  })
})
