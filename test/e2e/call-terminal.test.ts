// call at a pseudo terminal and through a pipe: one tool by the server of a host, asked for a yes where a person sits.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type Env, elsewhere, HOMELESS, MAIN, pay } from './hosts.ts'
import { closeShops, openLedgerShop } from './ledger-shop.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(async () => {
  closeTerminals()
  await closeShops()
})

/** Beside this process, in which the emulator is. */
function run(args: readonly string[], env: Env): Promise<{ status: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: elsewhere(), env: { ...HOMELESS, ...env } }
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    )
  })
}

async function called(words: readonly string[], env: Env) {
  const { stdout, ...rest } = await run(['call', ...words, '--json'], env)
  return { ...rest, fields: JSON.parse(stdout || '{}') }
}

/** Made and paid by calls alone. */
async function paidOrder() {
  const { env, ledger } = await openLedgerShop()
  const { fields } = await called(['create_payment', 'subject=A poem', 'total_amount=9.90'], env)
  await pay(fields.pay_url)
  const out_trade_no = String(fields.out_trade_no)
  expect((await called(['query_payment', `out_trade_no=${out_trade_no}`], env)).fields).toMatchObject({ paid: true })
  return { env, ledger, out_trade_no }
}

describe('through a pipe', () => {
  it('it makes, queries and lists an order in the ledger that the server of a host has', async () => {
    const { env, out_trade_no } = await paidOrder()
    expect((await called(['list_payments', 'state=paid'], env)).fields.message).toContain('2 orders')
    const { status, stdout, stderr } = await run(
      ['call', 'query_payment', `out_trade_no=${out_trade_no}`, '--lang', 'zh'],
      env,
    )
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^已付款/)
    expect(stdout).not.toContain('message_zh')
  })

  it('no refund is made that the operator has to be asked about, and the exit code says so', async () => {
    const { env: open, ledger, out_trade_no } = await paidOrder()
    const env = { ...open, ALIPAY_REFUND_APPROVAL: 'operator' }
    const { status, fields } = await called(
      ['refund_payment', `out_trade_no=${out_trade_no}`, 'refund_amount=3.00'],
      env,
    )
    expect({ status, moved: fields.moved }).toStrictEqual({ status: 1, moved: 'no' })
    expect(await ledger.list({ state: 'part_refunded', limit: 9 })).toMatchObject({ count: 0 })
  })

  it.skipIf(process.platform === 'win32')('Ctrl-C ends it and its server without a word', async () => {
    const { env } = await openLedgerShop()
    const { fields } = await called(['create_payment', 'subject=A poem', 'total_amount=9.90'], env)
    const words = ['call', 'wait_for_payment', `out_trade_no=${fields.out_trade_no}`, 'seconds=45']
    const options = { cwd: elsewhere(), env: { ...HOMELESS, ...env }, detached: true }
    const waiting = spawn(process.execPath, [MAIN, ...words], options)
    let said = ''
    waiting.stderr.on('data', (chunk) => {
      said += chunk
    })
    // Time to ask once; the server speaks only when it has an answer for nobody.
    await pause(3_000)
    process.kill(-(waiting.pid ?? 0), 'SIGINT')
    await once(waiting.stderr, 'close')
    expect(said).toBe('')
  })

  it('what is not understood ends with 2, and wrong input with 1', async () => {
    const { env } = await openLedgerShop()
    expect(await run(['call', 'query_paymen'], env)).toMatchObject({ status: 2, stdout: '' })
    expect((await run(['call', 'query_payment', 'out_trade=A1'], env)).stderr).toContain('It takes: out_trade_no')
    expect(await called(['query_payment', 'out_trade_no='], env)).toMatchObject({
      status: 1,
      fields: { error: 'invalid_input' },
    })
  })
})

describe.skipIf(!hasTerminal)('at a terminal', () => {
  const PROMPT = /Type the amount 3\.00 for yes, "no" for no, or press Enter to skip:/

  it.each([
    ['3.00\n', 0, /Refund accepted: 3\.00 yuan/, 1],
    ['no\n', 1, /said no|declined|Not refunded/i, 0],
    ['\n', 1, /not|nothing/i, 0],
  ])('the amount typed is the yes to a refund (%j)', async (keys, code, said, refunds) => {
    const { env, ledger, out_trade_no } = await paidOrder()
    const words = ['call', 'refund_payment', `out_trade_no=${out_trade_no}`, 'refund_amount=3.00']
    const screen = new Terminal(words, env)
    expect(await screen.until(PROMPT)).toMatch(/Approve this refund\?[\s\S]*Refund: ¥3\.00/)
    await screen.answer(PROMPT, keys)
    expect(await screen.exited).toBe(code)
    expect(screen.screen).toMatch(said)
    expect(await ledger.list({ state: 'part_refunded', limit: 9 })).toMatchObject({ count: refunds })
  })
})
