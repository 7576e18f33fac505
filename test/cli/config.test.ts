// config: what is set and where it comes from, one bare value for scripts, and nothing secret in any of them.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readCommandLine, UsageError } from '../../src/cli/command-line.ts'
import { config } from '../../src/cli/config.ts'
import { leaks, vectors } from '../keys-for-tests.ts'
import { temporaryFiles } from '../settings/settings-for-tests.ts'

const { file } = temporaryFiles()
let [out, err] = ['', '']
beforeEach(() => {
  ;[out, err] = ['', '']
  vi.spyOn(process.stdout, 'write').mockImplementation(((text: string, done?: () => void) => {
    out += text
    done?.()
    return true
  }) as typeof process.stdout.write)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
})

const run = (args: readonly string[], env: Record<string, string> = {}, settingsFile?: string) =>
  config(readCommandLine(['config', ...args], env, settingsFile))

const KEYS = { ALIPAY_APP_ID: '9021000000000001', ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki }

describe('config list', () => {
  it('tells each value and its source, the highest one where there are two', async () => {
    const settings = file('settings.json', '{ "app_id": "9021000000000009", "max_refund": "50.00" }')
    const env = { ...KEYS, ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8 }
    expect(await run(['--max-payment', '99.50'], env, settings)).toBe(0)
    expect(out).toMatch(/^Settings file: /)
    expect(out).toContain('Environment: sandbox, no real money')
    expect(out).toMatch(/ALIPAY_APP_ID = 9021000000000001\n {2}the environment\n/)
    expect(out).toMatch(/ALIPAY_MAX_PAYMENT = 99\.50\n {2}the command line \(--max-payment\)\n/)
    expect(out).toContain(`ALIPAY_MAX_REFUND = 50.00\n  settings file ${settings} (max_refund)\n`)
    expect(out).toContain('ALIPAY_PRIVATE_KEY = (set, not shown)')
    for (const key of [vectors.app.private_pkcs8, vectors.alipay.public_spki]) expect(leaks(out, key)).toBe(false)
  })

  it('says what is wrong, in the language that is wanted, and ends with 1', async () => {
    expect(await run(['list', '--lang', 'zh'], KEYS)).toBe(1)
    expect(out).toMatch(
      /服务器能启动，但改正以下问题之前会拒绝所有调用：\n {2}ALIPAY_PRIVATE_KEY 未设置。\n {4}用 ALIPAY_PRIVATE_KEY 填/,
    )
    expect(await run(['--json'], KEYS)).toBe(1)
    expect(JSON.parse(out.split('\n').at(-2) ?? '')).toMatchObject({
      settings: [{ name: 'ALIPAY_APP_ID', value: '9021000000000001', source: 'the environment' }, { secret: true }],
      problems: [{ variable: 'ALIPAY_PRIVATE_KEY' }],
    })
  })

  it.each([
    ['ALIPAY_ALERT_URL', 'https://robot.example/send?access_token=abc', 'abc'],
    ['ALIPAY_SELLER_ID', vectors.app.private_pkcs8, vectors.app.private_pkcs8.slice(60, 100)],
    ['ALIPAY_FORWARD_URL', 'https://shop:pass-word@pay.example/notify', 'pass-word'],
    ['ALIPAY_FORWARD_URL', 'https://shop:p@pass-word@pay.example/notify', 'pass-word'],
    ['ALIPAY_FORWARD_URL', 'https://shop:p/pass-word@pay.example/notify', 'pass-word'],
    ['ALIPAY_FORWARD_URL', 'shop:pass-word@pay.example', 'pass-word'],
    ['ALIPAY_FORWARD_URL', 'https://pay.example/notify?shop=1&token=pass-word', 'pass-word'],
    ['ALIPAY_NOTIFY_URL', 'https://pay.example/n?access_token=pass-word&x=1', 'pass-word'],
    ['ALIPAY_RETURN_URL', 'https://pay.example/n?a=1&API-Key=pass-word#sign=pass-word', 'pass-word'],
  ])('shows no secret in %s', async (name, value, secret) => {
    await run([], { [name]: value })
    expect(out).toContain(name)
    expect(out).not.toContain(secret)
    await run(['get', name], { [name]: value })
    expect(out + err).not.toContain(secret)
  })

  it('leaves the rest of such an address', async () => {
    const addresses = {
      ALIPAY_FORWARD_URL: 'https://u:p@q@pay.example/n?shop=7&token=x&y=1',
      ALIPAY_RETURN_URL: 'https://shop.example/@tea/thanks?page=2&of=a@b.example',
    }
    await run([], addresses)
    expect(out).toContain(' = https://***@pay.example/n?shop=7&token=***&y=1\n')
    expect(out).toContain(` = ${addresses.ALIPAY_RETURN_URL}\n`)
    // A part of a value is none for a script.
    out = ''
    expect(await run(['get', 'forward-url'], addresses)).toBe(1)
    expect([out, err]).toStrictEqual(['', expect.stringContaining('is or holds a secret')])
    expect(await run(['get', 'return-url'], addresses)).toBe(0)
  })

  it('of a broken file says what is wrong, and not that nothing is set', async () => {
    const broken = file('broken.json', '{\n  "env": "production",\n  "app_id"\n}')
    expect(await run([], {}, broken)).toBe(1)
    expect(out).not.toContain('Nothing is set')
    expect(out).toMatch(/stops being JSON on line 4/)
    expect(await run(['get', 'app-id'], {}, broken)).toBe(1)
    expect(err).not.toContain('is not set')
    expect(err).toMatch(/stops being JSON on line 4/)
  })

  it('says so where nothing is set', async () => {
    expect(await run([])).toBe(0)
    expect(out).toContain('Nothing is set: everything runs on the built-in emulator')
  })
})

describe('config get', () => {
  it.each(['ALIPAY_APP_ID', 'app_id', 'app-id', '--app-id'])('takes the name %s', async (name) => {
    // A flag of that name would want its value.
    const args = name.startsWith('--') ? ['get', '--', name] : ['get', name]
    expect(await run(args, KEYS)).toBe(0)
    expect(out).toBe('9021000000000001\n')
  })

  it('prints nothing of what is not set, or secret, and ends with 1', async () => {
    expect(await run(['get', 'env'])).toBe(1)
    expect(await run(['get', 'ALIPAY_PUBLIC_KEY'], KEYS)).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(
      /ALIPAY_ENV is not set\.\nALIPAY_PUBLIC_KEY is set \(the environment\), and is or holds a secret/,
    )
  })

  it('names the nearest', async () => {
    const refused = (...args: string[]) => expect(run(args)).rejects.toThrow(UsageError)
    await refused('get')
    await refused('list', 'env')
    for (const args of [['get'], ['list', 'x']]) await expect(run(args)).rejects.toThrow(/^config takes[^?]*$/)
    await expect(run(['get', 'ap-id'])).rejects.toThrow(/Did you mean ALIPAY_APP_ID\?/)
    await expect(run(['lst'])).rejects.toThrow(/Did you mean list\?/)
  })
})

it('config path prints the path and nothing else', async () => {
  expect(await run(['path'])).toBe(0)
  expect(out).toMatch(/^\S.*alipay-mcp.*settings\.json\n$/)
})
