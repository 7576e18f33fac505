// doctor --notification: what it says of a saved notification, and what to do then.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { order } from '../cli/ledger/full-ledger.ts'
import { app, vectors } from '../keys-for-tests.ts'
import { PAID, signedBody } from '../notifications/notification-bodies.ts'
import { cleanUp, type Env, file, report, run } from './patients.ts'

const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-notification-'))
const gateway = 'http://127.0.0.1:9/gateway.do'
const env: Env = {
  ALIPAY_GATEWAY: gateway,
  ALIPAY_APP_ID: PAID.app_id ?? '',
  ALIPAY_SELLER_ID: PAID.seller_id ?? '',
  ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8,
  ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki,
  ALIPAY_DATA_DIR: folder,
}
const partition = { environment: 'local', gateway, merchant: PAID.seller_id ?? '' } as const
const ledger = await openLedger({ folder, partition })
await order(ledger, 'ORDER_1', '2026-11-20 10:00:00')
const { total_amount = '' } = (await ledger.order({ out_trade_no: 'ORDER_1' })) ?? {}
ledger.close()
const GENUINE = { ...PAID, total_amount }

afterAll(async () => {
  await cleanUp()
  rmSync(folder, { recursive: true })
})

const judge = (body: string, args: readonly string[] = []) =>
  run(env, ['--notification', file('body.txt', body), ...args])

describe('a genuine one', () => {
  it('that agrees with settings and ledger ends with 0', async () => {
    const { code, output } = await judge(`${signedBody(GENUINE)}\n`)
    expect(output).toBe(
      `[ok]      Signature: Alipay's, RSA2.
[ok]      Content: order ORDER_1, TRADE_SUCCESS, ${total_amount} yuan, sent 2026-11-20 10:00:05 Beijing time.
[ok]      Order: in the ledger.
[ok]      Amount: the order's.
[ok]      Seller: ALIPAY_SELLER_ID.
[ok]      App: ALIPAY_APP_ID.

Genuine. Ask Alipay (query_payment) before you deliver: a notification tells of its moment only.
`,
    )
    expect(code).toBe(0)
  })

  it('may be a log of names and values', async () => {
    const fields = Object.fromEntries(new URLSearchParams(signedBody(GENUINE)))
    expect((await judge(JSON.stringify(fields))).code).toBe(0)
  })

  it.each([
    ['another amount', { total_amount: '1.00' }, "Amount: not the order's."],
    ['another seller', { seller_id: '2088000000000009' }, 'Seller: seller_id is not ALIPAY_SELLER_ID'],
    ['another app', { app_id: '9021000000000009' }, 'App: app_id is not ALIPAY_APP_ID.'],
    ['an order of another program', { out_trade_no: 'OTHER' }, 'Order: not in this ledger'],
  ])('with %s ends with 1 and says so', async (_, more, found) => {
    const { code, output } = await judge(signedBody({ ...GENUINE, ...more }))
    expect(output).toContain(`[FAILED]  ${found}`)
    expect(output).toContain('Genuine, but it does not agree')
    expect(code).toBe(1)
  })

  it('says so in Chinese, too', async () => {
    const { output } = await judge(signedBody({ ...GENUINE, refund_fee: '1.00' }), ['--lang', 'zh'])
    expect(output).toContain(`订单 ORDER_1，TRADE_SUCCESS，${total_amount} 元，累计已退 1.00 元`)
    expect(output).toContain('是真实的通知')
  })
})

describe('one that is not genuine', () => {
  const forged = signedBody(GENUINE, { key: app.privateKey })

  it.each([
    ['forged', forged, 'not made with the key behind ALIPAY_PUBLIC_KEY'],
    [
      'of another app',
      signedBody({ ...GENUINE, app_id: '9021000000000009' }, { key: app.privateKey }),
      'app_id 9021000000000009',
    ],
    ['with a name twice', `${signedBody(GENUINE)}&total_amount=1.00`, 'a name comes twice'],
    ['parsed by a framework', '[object Object]', 'no form'],
    ['empty', '', 'no form'],
    ['SHA1', signedBody({ ...GENUINE, sign_type: 'RSA' }, { digest: 'sha1' }), 'sign_type is not RSA2'],
  ])('%s: says why, what to do, and that nothing may change', async (_, body, found) => {
    const { code, output } = await judge(body)
    expect(output).toMatch(/^\[FAILED\] {2}/)
    expect(output.replaceAll(/\s+/g, ' ')).toContain(found)
    expect(output).toMatch(/Fix: /)
    expect(output).toContain('Not genuine: change nothing')
    expect(code).toBe(1)
  })

  it('is one object for programs, in both languages', async () => {
    const found = await report(env, ['--notification', file('body.txt', forged)])
    expect(found).toMatchObject({ code: 1, ok: false, verdict: expect.stringMatching(/^Not genuine/) })
    expect(found.verdict_zh).toMatch(/^不是真实的通知/)
    expect(found.checks).toMatchObject([{ title: 'Signature', title_zh: '签名', status: 'failed' }])
  })
})

it.each([
  ['a file that is missing', env, join(folder, 'none.txt'), '--notification: names a file that cannot be read'],
  ['no key', {}, file('body.txt', ''), 'ALIPAY_PUBLIC_KEY: is not set'],
])('%s is said on standard error', async (_, settings, name, found) => {
  const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    expect(await run(settings, ['--notification', name])).toMatchObject({ code: 1, output: '' })
    expect(write.mock.calls.map(([text]) => text).join('')).toContain(found)
  } finally {
    write.mockRestore()
  }
})
