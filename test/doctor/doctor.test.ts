// Holds doctor to its form: its order, both renderings, its exit codes, what it may send, and what it never shows.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { examine } from '../../src/doctor/examine.ts'
import { buildVerdict } from '../../src/doctor/report.ts'
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts'
import { configOf } from '../../src/settings/config.ts'
import { mergeSources } from '../../src/settings/settings.ts'
import { bare, leaks, vectors } from '../keys-for-tests.ts'
import { answering, cleanUp, type Env, file, newPatient, nobody, report, run, SANDBOX, without } from './patients.ts'

const patient = await newPatient()
afterAll(cleanUp)

const TITLES = [
  'Node.js',
  'Settings 设置',
  'Keys 密钥',
  'Environment and gateway 环境与网关',
  'Ledger 账本',
  'Proxy 代理',
  'Name resolution 域名解析',
  'Connection 网络连接',
  "Gateway's answer 网关应答",
  'Clock 时钟',
  'App and signatures 应用与签名',
  'Product page 电脑网站支付',
  'Product mobile 手机网站支付',
  'Product qr 订单码支付 or 当面付',
]
const WELL = 'All is well 一切正常: nothing to fix. Not told: Product qr 订单码支付 or 当面付.'
const calls = async () => {
  const answer = await fetch(`${patient.emulator.control_url}/trades`)
  return z.looseObject({ calls: z.record(z.string(), z.number()) }).parse(await answer.json()).calls
}

describe('where all is well', () => {
  it('without any setting it tries the built-in emulator', async () => {
    const { code, ok, verdict, checks } = await report({})
    expect({ code, ok, verdict }).toStrictEqual({ code: 0, ok: true, verdict: WELL })
    expect(checks.map(({ title }) => title)).toStrictEqual(TITLES)
    expect(checks.map(({ status }) => status)).toStrictEqual([...Array(13).fill('ok'), 'skipped'])
    expect(checks[3]?.found).toMatch(/^local: the built-in emulator was started at http:\/\/127\.0\.0\.1:\d+/)
  })

  it('a key marked as the other kind is none the worse', async () => {
    const marked = `-----BEGIN RSA PRIVATE KEY-----\n${patient.emulator.private_key}\n-----END RSA PRIVATE KEY-----`
    const { verdict } = await report({ ...patient.env, ALIPAY_PRIVATE_KEY: marked })
    expect(verdict).toBe(WELL)
  })

  it('certificates are tried as keys are', async () => {
    const { emulator, env } = await newPatient({ certificates: true })
    const { verdict, checks } = await report({
      ...without(env, 'ALIPAY_PUBLIC_KEY'),
      ALIPAY_APP_CERT_FILE: file('app.crt', emulator.app_cert ?? ''),
      ALIPAY_PUBLIC_CERT_FILE: file('alipay.crt', emulator.alipay_cert ?? ''),
      ALIPAY_ROOT_CERT_FILE: file('root.crt', emulator.root_cert ?? ''),
    })
    expect(verdict).toBe(WELL)
    expect(checks[2]?.found).toMatch(/certificate mode: the application's certificate fits the private key/)
  })

  it('it says where each setting comes from', async () => {
    const config = file('shop.json', JSON.stringify({ app_id: patient.emulator.app_id }))
    const env = { ...without(patient.env, 'ALIPAY_APP_ID', 'ALIPAY_PUBLIC_KEY') }
    const { checks } = await report({ ...env, AP_PUB_KEY: patient.emulator.alipay_public_key }, ['--config', config])
    expect(checks[1]).toStrictEqual({
      title: 'Settings 设置',
      status: 'ok',
      found:
        `From the environment: ALIPAY_ENV, ALIPAY_PRIVATE_KEY, ALIPAY_GATEWAY; --config ${config} (app_id): ALIPAY_APP_ID; ` +
        'the environment (AP_PUB_KEY): ALIPAY_PUBLIC_KEY.',
      fix: null,
      fix_zh: null,
    })
  })
})

describe('the products', () => {
  it('qr is tried with --probe only, by an order of 0.01 that is closed', async () => {
    await patient.control('/reset', {})
    const { checks } = await report(patient.env)
    expect(checks.at(-1)).toMatchObject({ status: 'skipped', fix: 'alipay-mcp doctor --probe' })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
    const probed = await report(patient.env, ['--probe'])
    expect(probed.checks.at(-1)).toMatchObject({ status: 'ok' })
    expect(await calls()).toStrictEqual({
      'alipay.trade.query': 3,
      'alipay.trade.precreate': 1,
      'alipay.trade.close': 1,
    })
  })

  it('with ALIPAY_READ_ONLY nothing but reads is sent', async () => {
    await patient.control('/reset', {})
    const { checks } = await report({ ...patient.env, ALIPAY_READ_ONLY: 'true' }, ['--probe'])
    expect(checks.at(-1)).toMatchObject({
      status: 'skipped',
      found: expect.stringMatching(/ALIPAY_READ_ONLY/),
    })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })
})

describe('the checks', () => {
  it('send nothing but reads while everything is frozen', async () => {
    await patient.control('/reset', {})
    const folder = mkdtempSync(join(tmpdir(), 'doctor-test-'))
    const { gateway, app_id: merchant } = patient.emulator
    const frozen = await openLedger({ folder, partition: { environment: 'local', gateway, merchant } })
    await frozen.freeze(undefined, { at: Date.now(), owner: 'o', host: 'terminal' })
    frozen.close()
    const { checks } = await report({ ...patient.env, ALIPAY_DATA_DIR: folder }, ['--probe'])
    rmSync(folder, { recursive: true })
    expect(checks.at(-1)).toMatchObject({ status: 'skipped', found: expect.stringContaining('frozen') })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })

  const settings = mergeSources([])
  const ledger = async () => ({ folder: undefined, in_doubt: 0, damage: [], openToAll: [] })
  const context = { settings, read: configOf(settings), probe: false, ledger }
  const broken = () => Promise.reject(new RangeError('CANARY'))

  it('name a Node.js that is too old, and go on', async () => {
    const all = await examine({ ...context, nodeVersion: '18.20.0', connect: broken }, () => {})
    expect(buildVerdict(all)).toMatch(/^Fix this first 请先修复: Node\.js: version 18\.20\.0 is too old\. Fix: install/)
    expect(all.slice(1, 3).map(({ status }) => status)).toStrictEqual(['ok', 'ok'])
  })

  it('that break are our fault, and tell no message that may hold a secret', async () => {
    const all = await examine({ ...context, nodeVersion: '20.0.0', connect: broken }, () => {})
    expect(buildVerdict(all)).toMatch(/The check itself broke \(RangeError\)\. Fix: report this/)
    expect(JSON.stringify(all)).not.toContain('CANARY')
  })

  it('warn of a proxy set in a file, where it has no effect', async () => {
    const env = file('proxy.env', 'HTTPS_PROXY=http://proxy.example:3128\n')
    const { verdict } = await report(patient.env, ['--dotenv', env])
    expect(verdict).toMatch(/HTTPS_PROXY has no effect in --dotenv .*proxy\.env/)
  })
})

describe('what it shows', () => {
  const OTHER = vectors.app.private_pkcs8
  const cases: [string, () => Env | Promise<Env>][] = [
    ['all is well', () => patient.env],
    ['a wrong private key', () => ({ ...patient.env, ALIPAY_PRIVATE_KEY: OTHER })],
    ['a damaged key', () => ({ ...patient.env, ALIPAY_PUBLIC_KEY: bare(OTHER).slice(9) })],
    [
      'keys everywhere',
      () => ({
        ALIPAY_APP_ID: bare(OTHER),
        ALIPAY_ENV: OTHER,
        ALIPAY_TOOLS: OTHER,
        AP_SELECT_TOOLS: OTHER,
        ALIPAY_GATEWAY: OTHER,
        ALIPAY_CHANNELS: bare(OTHER),
        ALIPAY_PRIVATE_KEY_FILE: OTHER,
      }),
    ],
    ['a dead gateway', async () => ({ ...patient.env, ALIPAY_GATEWAY: `http://${await nobody()}/` })],
  ]
  it.each(cases)('holds no key and no stack in either form: %s', async (_what, env) => {
    const settings = await env()
    const both = (await run(settings)).output + (await run(settings, ['--json'])).output
    const texts = [OTHER, ...Object.values(settings).filter((value) => value.length > 200)]
    for (const key of texts) expect(leaks(both, key)).toBe(false)
    expect(both).not.toMatch(/\n {2,}at |\.ts:\d/)
  })

  it('hides the token that a gateway sends back, and what would draw on a terminal', async () => {
    const refusal = { code: '40002', sub_code: 'isv.\n[ok]!\u001b[2J', sub_msg: 'CANARYTOKEN' }
    const gateway = await answering(200, JSON.stringify({ alipay_trade_query_response: refusal }))
    const env = { ...patient.env, ALIPAY_GATEWAY: gateway, ALIPAY_APP_AUTH_TOKEN: 'CANARYTOKEN' }
    const output = (await run(env)).output + (await report(env)).output
    expect(output).toMatch(/40002 isv\. \[ok\]! \[2J "\[hidden\]"/)
    for (const bad of ['CANARY', '\u001b', '\n[ok]!']) expect(output).not.toContain(bad)
  })

  it('leaves out the long string that Alipay built on a wrong signature', async () => {
    const { checks } = await report({ ...patient.env, ALIPAY_PRIVATE_KEY: OTHER })
    expect(checks[10]?.found).toMatch(/"验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配" \(trace id/)
  })

  it('is text with fixes in both languages, and ends with the verdict', async () => {
    const { code, output } = await run({ ...SANDBOX, ALIPAY_ENV: 'moon', ALIPAY_CHANNELS: 'x' })
    expect(code).toBe(1)
    expect(output).toContain(
      [
        '[FAILED]  Settings 设置: ALIPAY_CHANNELS: holds "x".',
        '          Fix: use a comma list of page, mobile, qr.',
        '          修复：按上面的英文说明修改 ALIPAY_CHANNELS（可用的值见 alipay-mcp help 里的 ALIPAY_CHANNELS）。',
        '          From the environment: ALIPAY_ENV, ALIPAY_APP_ID, ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY, ALIPAY_CHANNELS.',
        '[ok]      Keys 密钥: no fault was found in their forms.',
        '[FAILED]  Environment and gateway 环境与网关: ALIPAY_ENV: is "moon".',
      ].join('\n'),
    )
    expect(output).toContain('[skipped] Proxy 代理: because of Settings 设置.\n')
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^Fix this first 请先修复: Settings 设置: ALIPAY_CHANNELS: /)
  })

  it('is with --json one object on one line', async () => {
    const { output, checks } = await report(patient.env)
    expect(output.endsWith('}\n')).toBe(true)
    expect(output.trimEnd()).not.toContain('\n')
    expect(Object.keys(JSON.parse(output))).toStrictEqual(['ok', 'verdict', 'checks'])
    for (const check of checks) {
      expect(Object.keys(check)).toStrictEqual(['title', 'status', 'found', 'fix', 'fix_zh'])
    }
  })
})
