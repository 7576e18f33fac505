// init in a pseudo terminal: the way of a newcomer from a made pair to a payment, every mistake said on the spot, and Ctrl-C.
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { leaks, vectors } from '../keys-for-tests.ts'
import { Home } from './init-home.ts'
import { closeTerminals, hasTerminal, Terminal } from './terminal.ts'

afterEach(closeTerminals)

const [DOWN, ENTER, CTRL_C] = ['\u001b[B', '\r', '\u0003']
const typed = (text: string) => text.replaceAll('\n', '\r') + ENTER
const PEM = String(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
)

/** A new sandbox app whose private key is pasted: each question, and what is answered. */
const QUESTIONS: readonly (readonly [RegExp, string])[] = [
  [/production: REAL money/, DOWN + ENTER],
  [/private key 应用私钥:[\s\S]*name its file/, DOWN + ENTER],
  [/An empty line ends/, typed(PEM)],
  [/public key 支付宝公钥, as[\s\S]*name its file/, ENTER],
  [/An empty line ends/, typed(vectors.alipay.public_spki)],
  [/APPID of the app/, typed('9021000000000001')],
  [/PID of the merchant/, ENTER],
  [/Who says yes[\s\S]*none: nobody/, ENTER],
  [/one refund may give back/, ENTER],
  [/one day may give back/, ENTER],
  [/one order may cost/, ENTER],
  [/Write it\?/, ENTER],
]

async function answer(terminal: Terminal, count: number): Promise<string> {
  let all = ''
  for (const [question, keys] of QUESTIONS.slice(0, count)) {
    all += await terminal.until(question)
    await terminal.answer(question, keys)
  }
  return all
}

const start = (home: Home, args: readonly string[] = []) => new Terminal(['init', ...args], home.env)

describe.skipIf(!hasTerminal)('at a terminal', () => {
  it('a key is pasted over many lines, and nothing of it is on the screen', async () => {
    const home = new Home()
    const terminal = start(home)
    const screen = await answer(terminal, QUESTIONS.length)
    await terminal.until(/Written: /)
    await terminal.exited
    expect(screen + terminal.screen).toMatch(/1,?\d{3} characters came in/)
    expect(leaks(screen + terminal.screen, PEM)).toBe(false)
    expect(home.settings()).toStrictEqual({
      environment: 'sandbox',
      app_id: '9021000000000001',
      private_key_file: join(home.folder, 'sandbox-private-key.pem'),
      public_key_file: join(home.folder, 'sandbox-alipay-public-key.pem'),
      max_refund: '500.00',
      daily_refunds: '2000.00',
      refund_approval: 'chat',
    })
    expect(terminal.screen).toMatch(/\[FAILED\] {2}\S[\s\S]*Next: correct what failed above/)
  })

  it.each(QUESTIONS.map(([question], at) => [at, question] as const))(
    'Ctrl-C at question %i leaves the old state',
    async (at, question) => {
      const home = new Home()
      home.run(['init', '--env', 'local', '--max-payment', '9.00', '--yes'])
      const before = home.state()
      const terminal = start(home, ['--existing', 'change'])
      await answer(terminal, at)
      await terminal.answer(question, CTRL_C)
      expect(await terminal.exited).toBe(1)
      expect(terminal.screen).toContain('Left: the settings are as they were.')
      expect(home.state()).toStrictEqual(before)
    },
  )

  it('a wrong key, a wrong number and a wrong amount are said at once, and asked again', async () => {
    const home = new Home()
    const terminal = start(home)
    await answer(terminal, 2)
    await terminal.answer(/An empty line ends/, typed(vectors.app.public_spki))
    expect(await terminal.until(/name its file/)).toMatch(/private_key cannot be used: this is a public key/)
    await terminal.answer(/name its file/, DOWN + ENTER)
    await terminal.answer(/An empty line ends/, typed(vectors.app.private_pkcs8))
    await terminal.answer(/支付宝公钥, as[\s\S]*name its file/, ENTER)
    await terminal.answer(/An empty line ends/, typed(vectors.app.public_spki))
    const own = await terminal.until(/支付宝公钥, as[\s\S]*name its file/)
    expect(own.replace(/\s+/g, ' ')).toMatch(/public_key holds the application's own public key 应用公钥/)
    await terminal.answer(/name its file/, ENTER)
    await terminal.answer(/An empty line ends/, typed(vectors.alipay.public_spki))
    await terminal.answer(/APPID of the app/, typed('2088000000000001'))
    expect(await terminal.until(/APPID of the app[\s\S]*ALIPAY_SELLER_ID/)).toContain('is a merchant id')
    await terminal.answer(/ALIPAY_SELLER_ID/, CTRL_C)
    expect(await terminal.exited).toBe(1)
    expect(home.state()).toStrictEqual({})
  })

  it('a made pair is shown for the console, waits when the person stops, and is gone on with', async () => {
    const home = new Home()
    const first = start(home, ['--env', 'production'])
    await first.answer(/应用私钥:[\s\S]*name its file/, ENTER)
    const shown = await first.until(/stop here, and go on later/)
    const { 'production-app-public-key-to-upload.txt': half = '', ...rest } = home.state()
    expect(Object.keys(rest)).toStrictEqual(['production-private-key.pem'])
    expect(shown.split('\n')).toContain(half.trim())
    expect(shown).toMatch(/1\. Open https:\/\/open\.alipay\.com[\s\S]*开发设置[\s\S]*4\. Copy 支付宝公钥/)
    await first.answer(/stop here/, DOWN + DOWN + ENTER)
    expect(await first.exited).toBe(1)
    expect(first.screen).toMatch(/Nothing else was written yet[\s\S]*init --env production/)

    const second = start(home)
    const asked = await second.until(/production: REAL money/)
    expect(asked).toMatch(/● production/)
    await second.answer(/production: REAL money/, ENTER)
    await second.answer(/go on with the pair that was made on/, ENTER)
    await second.answer(/stop here/, CTRL_C)
    expect(await second.exited).toBe(1)
    expect(second.screen).toMatch(/The new pair is kept/)
    expect(Object.keys(home.state())).toHaveLength(2)
  })

  it('settings that are there are shown without secrets, and left where that is chosen', async () => {
    const home = new Home()
    home.run(['init', '--env', 'local', '--yes'])
    home.file('config/alipay-mcp/settings.json', JSON.stringify({ private_key: PEM, max_refund: '5.00' }))
    const before = home.state()
    const terminal = start(home)
    const shown = await terminal.until(/leave them as they are/)
    expect(shown).toMatch(/private_key: \(set, not shown\)\n {2}max_refund: 5\.00/)
    expect(leaks(shown, PEM)).toBe(false)
    await terminal.answer(/leave them/, DOWN + DOWN + ENTER)
    expect(await terminal.exited).toBe(1)
    expect(home.state()).toStrictEqual(before)
  })

  it('local needs one answer, in Chinese, and then a host of this computer is offered', async () => {
    const home = new Home()
    const cursor = home.file('.cursor/mcp.json', '{\n  "mcpServers": {}\n}\n')
    const terminal = new Terminal(['init'], { ...home.env, LANG: 'zh_CN.UTF-8' })
    await terminal.answer(/local：内置模拟器/, ENTER)
    await terminal.answer(/写入吗？/, ENTER)
    await terminal.answer(/接入本机的哪个 AI 助手[\s\S]*暂不接入/, ENTER)
    await terminal.answer(/写入吗？\[y\/N\]/, `y${ENTER}`)
    // With Cursor in, no other host is here; a computer on which one is would be asked about it.
    await terminal.until(/然后对助手说/)
    expect(await terminal.exited).toBe(0)
    expect(home.settings()).toStrictEqual({ environment: 'local' })
    expect(home.read(cursor)).toContain('alipay')
  })
})
