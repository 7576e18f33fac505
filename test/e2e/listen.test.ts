// The built `listen` beside a built server and emulator: a payment is heard of, and nothing is lost at its end.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { useReceiver } from '../emulator/receiver.ts'
import { cashierLink, type Env, elsewhere, HOMELESS, type Host, MAIN, oldHost } from './hosts.ts'

const receiver = await useReceiver()
let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const settings = (port: number): Env => ({
  ALIPAY_GATEWAY: emulator.gateway,
  ALIPAY_APP_ID: emulator.app_id,
  ALIPAY_PRIVATE_KEY: emulator.private_key,
  ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
  ALIPAY_SELLER_ID: emulator.seller_id,
  ALIPAY_DATA_DIR: elsewhere(),
  ALIPAY_ALERT_URL: receiver.url.replace('notify', 'alerts'),
  ALIPAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
  ALIPAY_LISTEN: `127.0.0.1:${port}`,
})

class Listening {
  readonly child
  stderr = ''
  readonly exited: Promise<number | null>

  constructor(env: Env, args: readonly string[] = []) {
    const command = [MAIN, 'listen', '--health-port', '0', ...args]
    this.child = spawn(process.execPath, command, { cwd: elsewhere(), env: { ...HOMELESS, ...env } })
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text
    })
    this.exited = new Promise((resolve) => this.child.once('exit', resolve))
  }

  async said(pattern: RegExp): Promise<void> {
    for (let turn = 0; turn < 400 && !pattern.test(this.stderr); turn++) await setTimeout(50)
    expect(this.stderr).toMatch(pattern)
  }

  halves(): readonly { pid: number; args: string }[] {
    const { pid } = this.child
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    return children.map((child) => ({ pid: Number(child), args: readFileSync(`/proc/${child}/cmdline`, 'utf8') }))
  }

  async port(): Promise<number> {
    await this.said(/Listening on \S+:\d+ for/)
    return Number(/Listening on \S+:(\d+) for/.exec(this.stderr)?.[1])
  }
}

async function control(path: string, body: object): Promise<never> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(emulator.control_url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return answer.json() as never
}

describe('beside a server on the same ledger', () => {
  let listening: Listening
  let env: Env
  let host: Host
  beforeAll(async () => {
    const base = settings(0)
    listening = new Listening(base)
    env = { ...base, ALIPAY_PUBLIC_URL: `http://127.0.0.1:${await listening.port()}` }
    host = await oldHost(env)
  }, 60_000)
  afterAll(async () => {
    await host.close()
    listening.child.kill('SIGTERM')
    await listening.exited
  })

  it('a payment wakes who waits for it, before the next poll', async () => {
    const { out_trade_no, pay_url } = await host.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
    const waited = host.call('wait_for_payment', { out_trade_no, seconds: 45 })
    await control('/pay', { pay_url: await cashierLink(pay_url) })
    expect(await waited).toMatchObject({ paid: true })
    await listening.said(
      new RegExp(`Notification of order ${out_trade_no} \\(TRADE_SUCCESS, 9.90 yuan\\) is in the ledger`),
    )
  })

  it('serves the page of an order, and has Alipay asked before a second product', async () => {
    const { out_trade_no, pay_url } = await host.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
    expect(pay_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/p\/\w{22}$/)
    const page = await fetch(String(pay_url))
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await page.text()).toContain('9.90')
    const press = (product: string) => fetch(`${pay_url}/${product}`, { redirect: 'manual' })
    expect((await press('page')).headers.get('location')).toContain('alipay.trade.page.pay')
    // On a busy machine the watcher may be late to say that it is there.
    expect(await (await press('mobile')).text()).toMatch(/正在向支付宝确认|另一个收银台已经打开过/)
    let second = ''
    for (let turn = 0; turn < 100 && !second; turn++) {
      await setTimeout(100)
      second = (await press('mobile')).headers.get('location') ?? ''
    }
    expect(second).toContain('alipay.trade.wap.pay')
    expect(await host.call('close_payment', { out_trade_no })).toMatchObject({ closed: false })
    expect((await press('mobile')).headers.get('location')).toBe(new URL(String(pay_url)).pathname)
    expect((await fetch(`${pay_url}`.replace(/\w$/, '_'))).status).toBe(404)
    // What a page is called is as good as the order: it is in no log.
    expect(listening.stderr).not.toContain(String(pay_url).slice(-22))
  })

  it('a person hears of a payment that comes after the order was to be closed', async () => {
    const { out_trade_no, pay_url } = await host.call('create_payment', { subject: 'Tea', total_amount: '2.00' })
    const link = await cashierLink(pay_url)
    await host.call('close_payment', { out_trade_no })
    await control('/pay', { pay_url: link })
    for (let turn = 0; turn < 200 && receiver.received.length === 0; turn++) await setTimeout(50)
    const [{ body = '{}' } = {}] = receiver.received
    expect(JSON.parse(body).alerts).toMatchObject([{ kind: 'paid_after_close', out_trade_no, total_amount: '2.00' }])
    expect(listening.stderr).not.toContain('/alerts')
  })

  it('a forged one is not success, changes nothing, and is told', async () => {
    const { out_trade_no, pay_url } = await host.call('create_payment', { subject: '茶', total_amount: '1.00' })
    await control('/notifications/hold', { on: true })
    await control('/pay', { pay_url: await cashierLink(pay_url) })
    for (const form of ['forged', 'altered', 'sha1', 'doubled', 'oversized', 'badly_encoded']) {
      expect(await control('/notifications/send', { out_trade_no, form })).toMatchObject({ confirmed: false })
    }
    await listening.said(
      new RegExp(`not genuine changed nothing \\(wrong_signature\\). It names order ${out_trade_no}`),
    )
    await control('/notifications/hold', { on: false })
    await listening.said(new RegExp(`order ${out_trade_no} .* is in the ledger`))
  })

  it.skipIf(process.platform !== 'linux')('what faces the internet gets no private key', () => {
    const front = listening.halves().find(({ args }) => args.includes('--front'))
    const environment = readFileSync(`/proc/${front?.pid}/environ`, 'utf8')
    expect(environment).toContain('ALIPAY_PUBLIC_KEY=')
    expect(environment).not.toMatch(/PRIVATE|AUTH_TOKEN/)
    expect(environment).not.toContain(emulator.private_key.slice(0, 40))
  })
})

it.skipIf(process.platform !== 'linux')('both halves use one ledger, wherever this user keeps data', async () => {
  const { ALIPAY_DATA_DIR: _, ALIPAY_GATEWAY: __, ...base } = settings(0)
  const folder = elsewhere()
  const environment = { ALIPAY_ENV: 'sandbox', XDG_DATA_HOME: folder, HTTPS_PROXY: 'http://127.0.0.1:9' }
  const alerts = { ALIPAY_ALERT_URL: 'https://127.0.0.1:9/' }
  const listening = new Listening({ ...base, ...environment, ...alerts })
  await listening.port()
  const front = listening.halves().find(({ args }) => args.includes('--front'))?.pid
  const files = readdirSync(`/proc/${front}/fd`).map((fd) => readlinkSync(`/proc/${front}/fd/${fd}`))
  listening.child.kill('SIGTERM')
  await listening.exited
  expect(files).toContain(join(realpathSync(folder), 'alipay-mcp', 'ledger.db'))
})

it.skipIf(process.platform !== 'linux')('its halves end with it, however it ends', async () => {
  const listening = new Listening(settings(0))
  await listening.port()
  for (let turn = 0; turn < 100 && listening.halves().length < 2; turn++) await setTimeout(50)
  const pids = listening.halves().map(({ pid }) => pid)
  listening.child.kill('SIGKILL')
  await listening.exited
  const running = () => pids.filter((pid) => existsSync(`/proc/${pid}`))
  for (let turn = 0; turn < 100 && running().length > 0; turn++) await setTimeout(50)
  const left = running()
  for (const pid of left) process.kill(pid, 'SIGKILL')
  expect([pids.length, left]).toEqual([2, []])
})

it('goes on where nobody reads what it says any more', async () => {
  const listening = new Listening(settings(0))
  const at = `http://127.0.0.1:${await listening.port()}/notify`
  listening.child.stderr.destroy()
  const post = () => fetch(at, { method: 'POST', body: 'a=1' }).then(({ status }) => status)
  await post()
  await setTimeout(300)
  expect(await post().catch((error) => error.message)).toBe(400)
  listening.child.kill('SIGTERM')
  expect(await listening.exited).toBe(0)
})

it('passes what is genuine on, also where both halves run, and Alipay hears what that system says', async () => {
  const env = settings(0)
  const listening = new Listening({ ...env, ALIPAY_FORWARD_URL: receiver.url })
  const host = await oldHost({ ...env, ALIPAY_PUBLIC_URL: `http://127.0.0.1:${await listening.port()}` })
  receiver.received.length = 0
  const { out_trade_no, pay_url } = await host.call('create_payment', { subject: 'Tea', total_amount: '3.00' })
  await control('/pay', { pay_url: await cashierLink(pay_url) })
  await listening.said(new RegExp(`Notification of order ${out_trade_no} .* is in the ledger`))
  expect(receiver.received.map(({ body }) => new URLSearchParams(body).get('out_trade_no'))).toContain(out_trade_no)
  await host.close()
  listening.child.kill('SIGTERM')
  await listening.exited
})

it('ends with 0 on SIGTERM', async () => {
  const listening = new Listening(settings(0))
  await listening.port()
  listening.child.kill('SIGTERM')
  expect(await listening.exited).toBe(0)
})

describe('does not start, and says why', () => {
  const refused = async (env: Env, args: readonly string[] = []) => {
    const listening = new Listening(env, args)
    expect(await listening.exited).toBe(1)
    return listening.stderr.replaceAll(/\s+/g, ' ')
  }

  it('without settings, naming what is missing', async () => {
    const said = await refused({})
    expect(said).toMatch(/ALIPAY_GATEWAY: is not set: the built-in emulator.*ALIPAY_PUBLIC_URL: is not set/)
    expect(said).toMatch(/main.js emulator/)
    // It has no emulator of its own.
    expect(said).not.toContain('for the built-in emulator')
  })

  it('as --front with a private key', async () => {
    const said = await refused(settings(0), ['--front'])
    expect(said).toContain('ALIPAY_PRIVATE_KEY: is set, and the half that faces the internet must not hold it.')
    expect(said).not.toContain(emulator.private_key.slice(0, 20))
  })

  it('on a port that is taken', async () => {
    const taken = Number(new URL(emulator.gateway).port)
    expect(await refused(settings(taken))).toContain(`ALIPAY_LISTEN: 127.0.0.1:${taken} is in use already.`)
  })

  it('in Chinese, too', async () => {
    expect(await refused({}, ['--lang', 'zh'])).toMatch(/\[失败\].*ALIPAY_PUBLIC_URL 未设置/)
  })
})
