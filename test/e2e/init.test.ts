// init by flags, of the built program in an empty home: settings that the doctor and a host take, and nothing overwritten.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { bare as bareKey, leaks, vectors } from '../keys-for-tests.ts'
import { pay, RawServer } from './hosts.ts'
import { Home, startEmulator } from './init-home.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function emulator(...args: string[]) {
  const running = await startEmulator(...args)
  stops.push(running.stop)
  return running
}

/** As a host starts it: with no settings but those of the file. */
async function takesPayment(home: Home) {
  const server = new RawServer(home.env)
  await server.open('2025-11-25')
  const created = await server.call('create_payment', { subject: 'Tea', total_amount: '2.00' })
  await pay(created.pay_url)
  const found = await server.call('query_payment', { out_trade_no: created.out_trade_no })
  await server.end()
  return found
}

const bare = ({ app_id, gateway }: { app_id: string; gateway: string }) => [
  ...['init', '--env', 'local', '--gateway', gateway, '--app-id', app_id, '--yes'],
]

describe('against a running emulator', () => {
  it('keys in files: they stay where they are, the doctor finds nothing, and a host takes a payment', async () => {
    const home = new Home()
    const running = await emulator('--keys', join(home.at, 'keys'))
    const keys = [
      ...['--private-key-file', 'keys/app_private_key.pem'],
      ...['--public-key-file', home.file('alipay.txt', running.alipay_public_key)],
    ]
    const first = home.run([...bare(running), '--seller-id', running.seller_id, ...keys])
    expect(first.stderr).toBe('')
    expect(first.text).toMatch(
      /^Written: .*settings\.json\n {2}environment: local\n[\s\S]*All is well: nothing to fix\.\n/,
    )
    expect(first.code).toBe(0)
    expect(home.settings()).toStrictEqual({
      environment: 'local',
      app_id: running.app_id,
      private_key_file: join(home.at, 'keys', 'app_private_key.pem'),
      public_key_file: join(home.at, 'alipay.txt'),
      seller_id: running.seller_id,
      gateway: running.gateway,
    })
    for (const path of [home.folder, home.settingsFile]) expect(statSync(path).mode & 0o077).toBe(0)
    expect(home.run(['doctor', '--json']).code).toBe(0)
    expect(await takesPayment(home)).toMatchObject({ paid: true })
    const before = home.state()
    const again = home.run([...bare(running), '--seller-id', running.seller_id, ...keys])
    expect(again).toMatchObject({ code: 0, text: expect.stringMatching(/^Nothing to change in /) })
    expect(home.state()).toStrictEqual(before)
  })

  it('--make-keys: a pair is made once, its public half goes to the console, and the next call goes on', async () => {
    const home = new Home()
    const made = home.run([
      'init',
      '--env',
      'local',
      '--gateway',
      'http://127.0.0.1:1/gateway.do',
      '--make-keys',
      '--yes',
    ])
    expect(made.code).toBe(1)
    const half = join(home.folder, 'local-app-public-key-to-upload.txt')
    expect(made.text.split('\n')).toContain(readFileSync(half, 'utf8').trim())
    expect(made.text).toMatch(/--make-keys --yes --app-id APPID --public-key-file FILE/)
    expect(Object.keys(home.state())).toStrictEqual(['local-app-public-key-to-upload.txt', 'local-private-key.pem'])
    const running = await emulator('--app-public-key', half)
    const given = ['--make-keys', '--public-key-file', home.file('alipay.txt', running.alipay_public_key)]
    const done = home.run([...bare(running), ...given])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(home.settings()).toMatchObject({ private_key_file: join(home.folder, 'local-private-key.pem') })
    expect(Object.keys(home.state())).toStrictEqual([
      'local-app-public-key.txt',
      'local-private-key.pem',
      'settings.json',
    ])
    expect(await takesPayment(home)).toMatchObject({ paid: true })
    // Its first half holds what the public one holds, too.
    const key = bareKey(readFileSync(join(home.folder, 'local-private-key.pem'), 'utf8'))
    for (const { text } of [made, done]) expect(leaks(text, key.slice(key.length / 2))).toBe(false)
  })

  it('--import with --make-keys: the next call takes over the same file', () => {
    const home = new Home()
    const imported = home.file('old.json', '{"app_id":"9021000158646789"}')
    const made = home.run(['init', '--env', 'sandbox', '--import', imported, '--make-keys', '--yes'])
    expect(made).toMatchObject({ code: 1, stderr: '' })
    const call = made.text.split('\n').find((line) => line.includes('--public-key-file FILE')) ?? ''
    expect(call).toContain(`init --import ${imported} --make-keys --yes --public-key-file FILE`)
  })

  it("--import: the official server's entry in a host's file, whose keys become files", async () => {
    const home = new Home()
    const running = await emulator()
    const { app_id, private_key, alipay_public_key } = running
    const env = { AP_APP_ID: app_id, AP_APP_KEY: private_key, AP_PUB_KEY: alipay_public_key, AP_SELECT_TOOLS: 'all' }
    const host = home.file('mcp.json', JSON.stringify({ mcpServers: { alipay: { command: 'npx', args: [], env } } }))
    const done = home.run(['init', '--env', 'local', '--gateway', running.gateway, '--import', host, '--yes'])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(leaks(done.text, private_key)).toBe(false)
    expect(home.settings()).toMatchObject({
      app_id,
      private_key_file: join(home.folder, 'local-private-key.pem'),
      public_key_file: join(home.folder, 'local-alipay-public-key.pem'),
    })
    expect(await takesPayment(home)).toMatchObject({ paid: true })
  })
})

it('names all that is missing at once, each with its flag, and writes nothing', () => {
  const home = new Home()
  const refused = home.run(['init', '--env', 'sandbox'])
  expect(refused).toMatchObject({ code: 2, text: '' })
  for (const flag of [
    '--app-id',
    '--private-key-file',
    '--public-key-file',
    '--refund-approval',
    '--max-refund',
    '--yes',
  ])
    expect(refused.stderr).toContain(flag)
  expect(home.run(['init', '--existing', 'keep']).stderr).toBe('--existing takes change or aside.\n')
  expect(home.state()).toStrictEqual({})
})

it('finds swapped keys, its own public key and a wrong number before anything is written, and shows no key', () => {
  const home = new Home()
  const [own, half] = [home.file('app.pem', vectors.app.private_pkcs8), home.file('half.txt', vectors.app.public_spki)]
  const alipays = home.file('alipay.txt', vectors.alipay.public_spki)
  const refusal = (app: string, privateKey: string, publicKey: string) => {
    const keys = ['--private-key-file', privateKey, '--public-key-file', publicKey]
    const { code, stderr, text } = home.run(['init', '--env', 'sandbox', '--app-id', app, ...keys, '--yes'])
    expect([code, text, leaks(stderr, vectors.app.private_pkcs8)]).toStrictEqual([2, '', false])
    return stderr.replace(/\s+/g, ' ')
  }
  expect(refusal('9021000000000001', alipays, own)).toMatch(/swapped/)
  expect(refusal('9021000000000001', own, half)).toMatch(/application's own public key/)
  expect(refusal('2088000000000001', own, alipays)).toMatch(/--app-id: is a merchant id/)
  expect(home.state()).toStrictEqual({})
})

it('copies a key that other users can read beside the settings, and says so', () => {
  const home = new Home()
  const open = home.file('app.pem', vectors.app.private_pkcs8, 0o644)
  const alipays = home.file('alipay.txt', vectors.alipay.public_spki)
  const keys = ['--private-key-file', open, '--public-key-file', alipays]
  const { text } = home.run(['init', '--env', 'sandbox', '--app-id', '9021000000000001', ...keys, '--yes'])
  expect(text).toContain(`Other users of this computer can read ${open}`)
  expect(home.settings()).toMatchObject({ private_key_file: join(home.folder, 'sandbox-private-key.pem') })
})

it('names an imported file with a key that other users can read', () => {
  const home = new Home()
  const { private_pkcs8: private_key } = vectors.app
  const content = JSON.stringify({
    app_id: '9021000000000001',
    private_key,
    alipay_public_key: vectors.alipay.public_spki,
  })
  const given = ['init', '--env', 'sandbox', '--yes', '--existing', 'change', '--import']
  const { text } = home.run([...given, home.file('open.json', content, 0o644)])
  expect(text).toMatch(/--import: is a file that other users of this computer can read or change .*open\.json/)
  expect(text).toMatch(/chmod 600 .*open\.json\n/)
  expect(home.run([...given, home.file('closed.json', content)]).text).not.toContain('--import')
  expect(home.run([...given, home.file('open.txt', 'app_id=9021000000000001', 0o644)]).text).not.toContain('--import')
})

it('shows no key that stands where a path belongs', () => {
  const home = new Home()
  const key = bareKey(vectors.app.private_pkcs8)
  const given = ['--env', 'sandbox', '--app-id', '9021000000000001', '--import']
  const refused = home.run(['init', ...given, home.file('a.json', JSON.stringify({ private_key_file: key })), '--yes'])
  expect(refused.code).toBe(2)
  home.file('config/alipay-mcp/settings.json', JSON.stringify({ environment: 'local', private_key_file: key }))
  const shown = home.run(['init', '--env', 'local', '--max-refund', '5.00', '--yes'])
  expect(shown.stderr).toContain('private_key_file: (set, not shown)')
  for (const { stderr, text } of [refused, shown]) expect(leaks(stderr + text, key)).toBe(false)
})
