// A request is what alipay-sdk makes of the same, parameter by parameter: here it signs the link.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Connection } from '../../src/gateway/signing.ts'
import { Signing } from '../../src/gateway/signing.ts'
import { alipay, app } from '../keys-for-tests.ts'

class StandingClock extends Clock {
  override now(): number {
    return Date.parse('2026-11-20T10:00:00+08:00')
  }
}

const emulator = await startEmulator({ certificates: true, port: 0 })
afterAll(() => emulator.close())
const { app_cert = '', alipay_cert = '', root_cert = '' } = emulator

const KEYS: Connection = {
  gateway: 'https://gateway.example/gateway.do',
  app_id: '9021000000000001',
  privateKey: app.privateKey,
  alipayPublicKey: alipay.publicKey,
  timeout: 10_000,
}
const CERTIFICATES = { app: app_cert, alipay: alipay_cert, root: root_cert }

describe.each([
  ['with keys', KEYS, []],
  ['with certificates', { ...KEYS, certificates: CERTIFICATES }, ['app_cert_sn', 'alipay_root_cert_sn']],
  ['for a merchant', { ...KEYS, app_auth_token: '202611BB+/= a token' }, ['app_auth_token']],
] satisfies [string, Connection, string[]][])('%s', (_, connection, own) => {
  const signing = new Signing(connection, new StandingClock())

  it.each([
    ['a query', { method: 'alipay.trade.query', content: { out_trade_no: 'A', trade_no: undefined } }],
    [
      'a code with addresses, Chinese and odd characters',
      {
        method: 'alipay.trade.precreate',
        content: {
          subject: '测试订单 coffee+100% "大" ~!*()\'\u2028 😀',
          body: 'a&b=c',
          query_options: ['gmt_refund_pay'],
          extend_params: { S0JP0000: '', 'a.b': 'x' },
        },
        urls: { notify_url: 'https://merchant.example/notify?a=1&b=2 3+4' },
      },
    ],
  ])('%s', async (_what, unsigned) => {
    const bySdk = parametersOf(signing.link(unsigned))
    for (const besideOthers of [false, true]) {
      const { query, body } = await signing.request(unsigned, besideOthers)
      expect(parametersOf(`${query}&${body}`)).toStrictEqual(bySdk)
      expect(body).toMatch(/^biz_content=[^&]+$/)
    }
    expect(Object.keys(bySdk)).toEqual(expect.arrayContaining(['app_id', 'sign', 'timestamp', ...own]))
  })
})

const parametersOf = (encoded: string) => Object.fromEntries(new URLSearchParams(encoded))

it.skipIf(process.platform === 'win32')('a thread pool that hangs holds no signature up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-pool-'))
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  // Each waits in a thread of its own until somebody opens the other end.
  const hanging = Array.from({ length: 8 }, () => open(pipe, 'r'))
  try {
    const signing = new Signing(KEYS, new StandingClock())
    const query = { method: 'alipay.trade.query', content: { out_trade_no: 'A' } }
    expect(await signing.request(query, true)).toStrictEqual(await signing.request(query, false))
  } finally {
    const other = openSync(pipe, 'r+')
    for (const file of await Promise.all(hanging)) await file.close()
    closeSync(other)
    rmSync(folder, { recursive: true })
  }
})
