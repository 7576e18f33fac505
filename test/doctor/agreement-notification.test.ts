// doctor --notification of an agreement that was signed or ended: whose it is, and that it has Alipay asked and no more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { app, vectors } from '../keys-for-tests.ts'
import { PAID, signedBody } from '../notifications/notification-bodies.ts'
import { cleanUp, type Env, file, run } from './patients.ts'

const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-agreement-'))
const gateway = 'http://127.0.0.1:9/gateway.do'
const { app_id = '', seller_id = '' } = PAID
const env: Env = {
  ...{ ALIPAY_GATEWAY: gateway, ALIPAY_APP_ID: app_id, ALIPAY_SELLER_ID: seller_id, ALIPAY_DATA_DIR: folder },
  ...{ ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8, ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki },
}
const ledger = await openLedger({ folder, partition: { environment: 'local', gateway, merchant: seller_id } })
const at = Date.parse('2026-03-02T12:00:00+08:00')
await ledger.reserveSubscription(
  {
    ...{ external_agreement_no: 'S1', items_hash: 'h', token: 'T1', limits: {}, offer_until: at },
    sign_links: { page: 'https://pay.example/?sign', mobile: 'alipays://sign' },
    terms: {
      ...{ plan: 'news', subject: 'A letter a month', price_fen: 1_500, period_type: 'MONTH', period: 1 },
      ...{ ceiling_fen: 2_000, announce: 'own' },
    },
  },
  { at, owner: 'one', host: 'a host' },
)
ledger.close()
afterAll(async () => {
  await cleanUp()
  rmSync(folder, { recursive: true })
})

const ENDED = {
  ...{ charset: 'utf-8', notify_time: '2026-03-02 12:02:01', notify_id: '1', notify_type: 'dut_user_unsign' },
  ...{ external_agreement_no: 'S1', status: 'UNSIGN', app_id, sign_type: 'RSA2' },
}
const judge = (fields: Record<string, string>, args: readonly string[] = [], key?: typeof app.privateKey) =>
  run(env, ['--notification', file('body.txt', signedBody(fields, key && { key })), ...args])

it('a genuine one of a subscription of the ledger ends with 0', async () => {
  const { code, output } = await judge(ENDED)
  expect(output).toBe(
    `[ok]      Signature: Alipay's, RSA2.
[ok]      Content: subscription S1, dut_user_unsign (UNSIGN), sent 2026-03-02 12:02:01 Beijing time.
[ok]      Subscription: in the ledger.
[ok]      App: ALIPAY_APP_ID.

Genuine. It only has Alipay asked: query_subscription shows how the subscription stands.
`,
  )
  expect(code).toBe(0)
  const chinese = await judge({ ...ENDED, notify_type: 'dut_user_sign', status: 'NORMAL' }, ['--lang', 'zh'])
  expect(chinese.output).toContain('订阅 S1，dut_user_sign（NORMAL），北京时间 2026-03-02 12:02:01 发出。')
})

it.each([
  ['another number', { external_agreement_no: 'S2' }, '[FAILED]  Subscription: not in this ledger'],
  ['another app', { app_id: '9021000000000009' }, '[FAILED]  App: app_id is not ALIPAY_APP_ID.'],
])('of %s ends with 1 and says so', async (_, more, found) => {
  const { code, output } = await judge({ ...ENDED, ...more })
  expect(output).toContain(found)
  expect(output).toContain('Genuine, but it does not agree')
  expect(code).toBe(1)
})

it('one that is forged is not genuine, whatever it says', async () => {
  const { code, output } = await judge(ENDED, [], app.privateKey)
  expect(output).toContain('Not genuine')
  expect(code).toBe(1)
})
