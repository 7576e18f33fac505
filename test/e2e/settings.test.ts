// The built server with the settings that people already have: the official server's, the tutorial's, one in its place.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bare } from '../keys-for-tests.ts'
import { type Env, elsewhere, type Fields, MAIN, pay, RawCommand, RawServer } from './hosts.ts'

const command = new RawCommand(['emulator', '--json'])
let emulator: Readonly<Record<string, string>> = {}
beforeAll(async () => {
  emulator = JSON.parse(await command.output(/\n/))
})
afterAll(async () => {
  await command.stop()
})
const at = (name: string) => emulator[name] ?? ''
const gateway = () => ['--gateway', at('gateway'), '--env', 'local']

async function payment(env: Env, args: readonly string[]): Promise<{ made: Fields; tools: string[]; stderr: string }> {
  const server = new RawServer(env, args)
  await server.open('2025-11-25')
  const { tools } = await server.ask('tools/list', {})
  const made = await server.call('create_payment', { subject: 'Tea', total_amount: 1 })
  await pay(made.pay_url)
  const { out_trade_no } = made
  expect(await server.call('query_payment', { out_trade_no })).toMatchObject({
    paid: true,
    environment: 'local',
  })
  await server.end()
  return { made, tools: Object(tools).map(({ name }: Fields) => name), stderr: server.stderr }
}

const official = (): Env => ({
  AP_APP_ID: at('app_id'),
  AP_APP_KEY: bare(at('private_key')),
  AP_PUB_KEY: bare(at('alipay_public_key')),
  AP_RETURN_URL: 'https://shop.example/success-page',
  AP_NOTIFY_URL: 'https://shop.example/notify',
  AP_ENCRYPTION_ALGO: 'RSA2',
  AP_CURRENT_ENV: 'prod',
  AP_SELECT_TOOLS: 'mobilePay,queryPay',
  AP_LOG_ENABLED: 'true',
})

it("takes a payment with the official server's settings, from the environment and from a file", async () => {
  const path = join(elsewhere(), 'official.env')
  const lines = Object.entries(official()).map(([name, value]) => `${name}=${value}`)
  writeFileSync(path, lines.join('\n'), { mode: 0o600 })
  for (const { made, tools, stderr } of [
    await payment(official(), gateway()),
    await payment({}, ['--dotenv', path, ...gateway()]),
  ]) {
    expect(made).toMatchObject({ channel: 'mobile' })
    expect(tools).toStrictEqual(['create_payment', 'query_payment'])
    expect(stderr).toContain('AP_LOG_ENABLED')
  }
})

const tutorial = () => ({
  app_id: at('app_id'),
  merchant_id: '2088000000000001',
  private_key: at('private_key'),
  alipay_public_key: at('alipay_public_key'),
  notify_url: 'https://shop.example/notify',
})

it("takes a payment with the tutorial's JSON file", async () => {
  const path = join(elsewhere(), 'alipay_mcp_config.json')
  writeFileSync(path, JSON.stringify(tutorial(), null, 2), { mode: 0o600 })
  const { made, stderr } = await payment({}, ['--config', path, ...gateway()])
  expect(made).toMatchObject({ channel: 'page' })
  expect(stderr).toBe('')
})

/** A home with a settings file in each place where a platform keeps it. */
function homeWith(settings: Fields): Env {
  const home = elsewhere()
  for (const folder of ['alipay-mcp', 'Library/Preferences/alipay-mcp', 'alipay-mcp/Config']) {
    mkdirSync(join(home, folder), { recursive: true })
    writeFileSync(join(home, folder, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
  }
  return { HOME: home, XDG_CONFIG_HOME: home, APPDATA: home }
}

it('takes a payment with the settings file in its place, and any other setting replaces it', async () => {
  const home = homeWith({
    ...tutorial(),
    env: 'local',
    gateway: at('gateway'),
    channels: 'mobile',
    tools: 'close_payment',
  })
  const { made, tools } = await payment({ ...home, ALIPAY_TOOLS: 'query_payment,create_payment' }, [])
  expect(made).toMatchObject({ channel: 'mobile' })
  expect(tools).toStrictEqual(['create_payment', 'query_payment'])
})

it('runs the demo on the emulator, whatever the settings file says', async () => {
  const home = homeWith({ ...tutorial(), env: 'production', read_only: true })
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'demo'], {
    env: home,
    cwd: elsewhere(),
  })
  expect(stdout).toContain('9.90')
})

it('says which line of which settings file is broken, and shows nothing of it', async () => {
  const path = join(elsewhere(), 'broken.json')
  writeFileSync(path, '{\n  "app_id": "1",\n  "private_key": "CANARY\n}', { mode: 0o600 })
  const server = new RawServer({}, ['--config', path])
  await server.open('2025-11-25')
  const { message } = await server.call('query_payment', { out_trade_no: 'X' })
  await server.end()
  for (const text of [String(message), server.stderr]) {
    expect(text).toContain(`--config: stops being JSON on line 3 of "${path}".`)
    expect(text).not.toContain('CANARY')
  }
})
