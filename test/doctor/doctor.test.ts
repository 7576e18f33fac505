// Holds doctor to its form: its order, both renderings, its exit codes, what it may send, and what it never shows.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { examine, isFailed } from '../../src/doctor/examine.ts'
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
  'Settings',
  'Keys',
  'Environment and gateway',
  'Ledger',
  'Refunds',
  'Proxy',
  'Name resolution',
  'Connection',
  "Gateway's answer",
  'Clock',
  'App and signatures',
  ...['Notifications', 'Payment page'],
  'Product page (电脑网站支付)',
  'Product mobile (手机网站支付)',
  'Product qr (订单码支付 or 当面付)',
]
const WELL = 'All is well: nothing to fix.'
const calls = async () => {
  const answer = await fetch(`${patient.emulator.control_url}/trades`)
  return z.looseObject({ calls: z.record(z.string(), z.number()) }).parse(await answer.json()).calls
}

describe('where all is well', () => {
  it('without any setting it tries the built-in emulator', async () => {
    const { code, ok, verdict, checks } = await report({})
    expect({ code, ok, verdict }).toStrictEqual({ code: 0, ok: true, verdict: WELL })
    expect(checks.map(({ title }) => title)).toStrictEqual(TITLES)
    expect(checks.map(({ status }) => status)).toStrictEqual([...Array(TITLES.length - 1).fill('ok'), 'skipped'])
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
      title: 'Settings',
      title_zh: '配置',
      status: 'ok',
      found:
        `from the environment: ALIPAY_ENV, ALIPAY_PRIVATE_KEY, ALIPAY_GATEWAY; --config ${config}: ALIPAY_APP_ID; ` +
        'the environment (AP_PUB_KEY): ALIPAY_PUBLIC_KEY.',
      found_zh:
        `环境变量：ALIPAY_ENV、ALIPAY_PRIVATE_KEY、ALIPAY_GATEWAY；--config ${config}：ALIPAY_APP_ID；` +
        '环境变量 (AP_PUB_KEY)：ALIPAY_PUBLIC_KEY。',
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
  const mark = async () => undefined
  const context = { settings, mark, read: configOf(settings), probe: false, ledger, hasLibsql: async () => false }
  const broken = () => Promise.reject(new RangeError('CANARY'))

  it('name a Node.js that is too old, and go on', async () => {
    const all = await examine({ ...context, nodeVersion: '18.20.0', connect: broken }, () => {})
    expect(buildVerdict(all, 'en')).toMatch(/^2 to fix\. Begin with: Node\.js\.$/)
    expect(all[0]?.items[0]?.fix?.en).toMatch(/^install Node\.js/)
    expect(all.slice(1, 3).map(({ status }) => status)).toStrictEqual(['ok', 'ok'])
  })

  it.each([
    [true, 'which is there.', '已安装。'],
    [false, 'which is NOT there.', '没有安装。'],
  ])('say of an older Node.js whether libsql is there: %s', async (there, en, zh) => {
    const older = { ...context, nodeVersion: '20.11.0', hasLibsql: async () => there, connect: broken }
    const [node] = await examine(older, () => {})
    expect(node).toMatchObject({ status: 'ok', items: [{ found: { en: expect.stringContaining(en) } }] })
    expect(node?.items[0]?.found.zh).toContain(zh)
  })

  it('that break are our fault, and tell no message that may hold a secret', async () => {
    const all = await examine({ ...context, nodeVersion: '20.0.0', connect: broken }, () => {})
    expect(all.find(isFailed)?.items[0]).toMatchObject({
      found: { en: 'The check itself broke (RangeError).' },
      fix: { en: expect.stringMatching(/^report this/) },
    })
    expect(JSON.stringify(all)).not.toContain('CANARY')
  })

  it('warn of a proxy set in a file, where it has no effect', async () => {
    const env = file('proxy.env', 'HTTPS_PROXY=http://proxy.example:3128\n')
    const { checks } = await report(patient.env, ['--dotenv', env])
    expect(checks[1]?.found).toMatch(/HTTPS_PROXY has no effect in --dotenv .*proxy\.env/)
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
    expect(checks.find(({ title }) => title === 'App and signatures')?.found).toMatch(
      /"验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配" \(trace id/,
    )
  })

  it('is text in one language, each finding with its fix, what was skipped in one line, and then where to begin', async () => {
    const env = { ...SANDBOX, ALIPAY_ENV: 'moon', ALIPAY_CHANNELS: 'x' }
    const { code, output } = await run(env)
    expect(code).toBe(1)
    expect(output).toContain(
      [
        '[FAILED]  Settings: ALIPAY_CHANNELS: holds "x".',
        '          Fix: use a comma list of page, mobile, qr.',
        '[ok]      Keys: no fault was found in their forms.',
        '[FAILED]  Environment and gateway: ALIPAY_ENV: is "moon".',
        '          Fix: use one of local, sandbox, production.',
      ].join('\n'),
    )
    const lines = output.trimEnd().split('\n')
    expect(lines.at(-3)).toMatch(
      /^Skipped, because of Settings: Ledger, Refunds, Proxy, Name resolution, .*, Product qr/,
    )
    expect(lines.at(-1)).toBe('2 to fix. Begin with: Settings.')
    expect(output.match(/holds "x"/g)).toHaveLength(1)
    const chinese = await run(env, ['--lang', 'zh'])
    expect(chinese.output).toContain(
      '[失败]    配置：ALIPAY_CHANNELS 里有 "x"，不可用。\n          修复：用逗号分隔，可用的值：page, mobile, qr。\n',
    )
    expect(chinese.output.trimEnd().split('\n').at(-1)).toBe('有 2 项要修复，先修「配置」。')
    expect(chinese.output.match(/^\[.*?\] +/gm)).toStrictEqual(['[正常]    ', '[失败]    ', '[正常]    ', '[失败]    '])
    expect(output.replace(/[（(][^()（）]*支付[^()（）]*[)）]/g, '')).not.toMatch(/\p{Script=Han}/u)
  })

  it('is with --json one object on one line', async () => {
    const { output, checks } = await report(patient.env)
    expect(output.endsWith('}\n')).toBe(true)
    expect(output.trimEnd()).not.toContain('\n')
    expect(Object.keys(JSON.parse(output))).toStrictEqual(['ok', 'verdict', 'verdict_zh', 'checks'])
    for (const check of checks) {
      expect(Object.keys(check)).toStrictEqual(['title', 'title_zh', 'status', 'found', 'found_zh', 'fix', 'fix_zh'])
    }
  })
})
