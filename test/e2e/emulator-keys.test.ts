// The built emulator command: certificate mode, kept keys and one's own key, each with a client that uses them at once.
import { spawnSync } from 'node:child_process'
import { sign } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'dotenv'
import { expect, it } from 'vitest'
import { app, bare, leaks, vectors } from '../keys-for-tests.ts'
import { elsewhere, type Fields, HOMELESS, MAIN, pay, RawCommand, RawServer } from './hosts.ts'

const run = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, 'emulator', ...args], { encoding: 'utf8', env: HOMELESS, cwd: elsewhere() })

async function start(...args: string[]) {
  const command = new RawCommand(['emulator', ...args])
  const text = await command.output(/\n$/)
  return { command, text, values: parse(text) }
}

async function takesPayment(text: string): Promise<Fields> {
  const file = join(elsewhere(), 'emulator.env')
  writeFileSync(file, text, { mode: 0o600 })
  const server = new RawServer({}, ['--env-file', file])
  await server.open('2025-11-25')
  const created = await server.call('create_payment', { subject: 'Tea', total_amount: '2.00' })
  await pay(created.pay_url)
  const { out_trade_no } = created
  const found = await server.call('query_payment', { out_trade_no })
  await server.end()
  return found
}

it('--certificates: what it prints are settings for certificate mode, and its files last as long as it runs', async () => {
  const { command, text, values } = await start('--certificates')
  const { ALIPAY_APP_CERT_FILE = '', ALIPAY_PUBLIC_CERT_FILE = '', ALIPAY_ROOT_CERT_FILE = '' } = values
  expect(values).not.toHaveProperty('ALIPAY_PUBLIC_KEY')
  for (const file of [ALIPAY_APP_CERT_FILE, ALIPAY_PUBLIC_CERT_FILE, ALIPAY_ROOT_CERT_FILE]) {
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
  }
  expect(await takesPayment(text)).toMatchObject({ paid: true })
  expect(await command.stop()).toBe(0)
  expect(existsSync(dirname(ALIPAY_APP_CERT_FILE))).toBe(false)
})

it('--keys: a second start has the ids, keys and certificates of the first, in a folder of any name', async () => {
  const keys = join(elsewhere(), "it's #1")
  const first = await start('--keys', keys, '--certificates')
  await first.command.stop()
  const second = await start('--keys', keys, '--certificates')
  const address = /http:\/\/127\.0\.0\.1:\d+/g
  expect(second.text.replace(address, '')).toBe(first.text.replace(address, ''))
  expect(await takesPayment(second.text)).toMatchObject({ paid: true })
  await second.command.stop()
  const third = await start('--keys', keys)
  expect(third.values).toMatchObject({ ALIPAY_PRIVATE_KEY: first.values.ALIPAY_PRIVATE_KEY })
  expect(await takesPayment(third.text)).toMatchObject({ paid: true })
  await third.command.stop()
}, 60_000)

it('prints the private key as PKCS#8 and as PKCS#1, in lines and in JSON', async () => {
  const keys = join(elsewhere(), 'keys')
  const lines = await start('--keys', keys)
  await lines.command.stop()
  const json = await start('--keys', keys, '--json')
  await json.command.stop()
  const { private_key, private_key_pkcs1, ...rest } = JSON.parse(json.text)
  expect(lines.text).toContain(`ALIPAY_PRIVATE_KEY=${private_key}\n`)
  expect(lines.text).toContain(`as PKCS#1, which the official SDKs of Python and PHP want:\n# ${private_key_pkcs1}\n`)
  // The version, then for PKCS#8 the algorithm, for PKCS#1 at once the 257 bytes of the modulus.
  expect(Buffer.from(private_key, 'base64').toString('hex')).toMatch(/^3082....020100300d06092a864886f70d010101/)
  expect(Buffer.from(private_key_pkcs1, 'base64').toString('hex')).toMatch(/^3082....02010002820101/)
  expect(rest).toMatchObject({ app_id: expect.stringMatching(/^\d{16}$/), app_public_key: expect.any(String) })
})

it('--app-public-key: takes the own key as PEM, base64 or certificate, and prints no other', async () => {
  const folder = elsewhere()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const own = [
    file('pem', vectors.app.public_spki),
    file('base64', bare(vectors.app.public_spki)),
    file('pkcs1', vectors.app.public_pkcs1),
    file('crt', ownCertificate(folder)),
  ]
  for (const path of own) {
    const { command, text } = await start('--app-public-key', path, '--json')
    const { gateway, app_id, app_public_key, private_key } = JSON.parse(text)
    expect(app_public_key).toBe(bare(vectors.app.public_spki))
    expect(private_key).toBeUndefined()
    expect(await signedQuery(gateway, app_id)).toContain('ACQ.TRADE_NOT_EXIST')
    await command.stop()
  }
}, 60_000)

it('--app-public-key: lines leave the private key to its owner, and a certificate is made for it', async () => {
  const path = join(elsewhere(), 'own.pem')
  writeFileSync(path, vectors.app.public_spki)
  const { command, text, values } = await start('--app-public-key', path, '--certificates')
  expect(text).toContain(`# ALIPAY_PRIVATE_KEY_FILE: your own private key, the other half of ${JSON.stringify(path)}.`)
  expect(values).not.toHaveProperty('ALIPAY_PRIVATE_KEY')
  expect(await takesPayment(`${text}ALIPAY_PRIVATE_KEY=${bare(vectors.app.private_pkcs8)}\n`)).toMatchObject({
    paid: true,
  })
  await command.stop()
})

it('a port that is taken is named, in Chinese too, and the first line in Chinese has no blank', async () => {
  const { command, text, values } = await start('--lang', 'zh')
  expect(text).toMatch(/^# 支付宝网关本地模拟器，不涉及真实资金。每次启动生成新密钥。\n/)
  const { port } = new URL(values.ALIPAY_GATEWAY ?? '')
  expect(run('--port', port, '--lang', 'zh')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`端口 ${port}（127.0.0.1）已被占用，请换一个，或用 0 自动选择。`),
  })
  expect(run('--port', port, '--lang', 'zh').stderr).not.toContain('的端口')
  await command.stop()
})

it('what cannot be used is named, and a key is not shown', () => {
  const folder = elsewhere()
  const secret = join(folder, 'secret.pem')
  writeFileSync(secret, vectors.app.private_pkcs8)
  const small = join(folder, 'empty.pem')
  writeFileSync(small, '')
  const cases: [string[], string][] = [
    [['--app-public-key', join(folder, 'none.pem')], `(ENOENT): ${JSON.stringify(join(folder, 'none.pem'))}`],
    [['--app-public-key', secret], `${JSON.stringify(secret)}: this is no public key`],
    [['--app-public-key', small], JSON.stringify(small)],
    [['--app-public-key', bare(vectors.app.public_spki)], 'may be a key'],
    [['--keys', bare(vectors.app.private_pkcs8)], 'Argument 3 is a key or a part of one; it is not shown here.'],
    [['--keys', secret], '(EEXIST)'],
    [['--port', '70000', '--keys', join(folder, 'keys')], '--port takes a whole number'],
  ]
  for (const [args, words] of cases) {
    const { status, stdout, stderr } = run(...args)
    expect([status, stdout]).toStrictEqual([2, ''])
    expect(stderr).toContain(words)
    expect(leaks(stderr, vectors.app.private_pkcs8)).toBe(false)
  }
  expect(existsSync(join(folder, 'keys'))).toBe(false)
}, 60_000)

function ownCertificate(folder: string): string {
  const key = join(folder, 'own.key')
  writeFileSync(key, vectors.app.private_pkcs8)
  return spawnSync('openssl', ['req', '-x509', '-key', key, '-subj', '/C=CN/CN=own'], { encoding: 'utf8' }).stdout
}

async function signedQuery(gateway: string, app_id: string): Promise<string> {
  const params: Record<string, string> = {
    app_id,
    biz_content: '{"out_trade_no":"X"}',
    charset: 'utf-8',
    method: 'alipay.trade.query',
    sign_type: 'RSA2',
    timestamp: '2026-11-20 10:00:00',
    version: '1.0',
  }
  const text = Object.entries(params)
    .map((pair) => pair.join('='))
    .join('&')
  const signature = sign('RSA-SHA256', Buffer.from(text), app.privateKey).toString('base64')
  const body = new URLSearchParams({ ...params, sign: signature })
  return (await fetch(gateway, { method: 'POST', body })).text()
}
