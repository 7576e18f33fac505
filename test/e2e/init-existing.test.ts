// init where settings are there already: nothing is overwritten unasked, nothing that is not ours is lost, and a key is replaced.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leaks, vectors } from '../keys-for-tests.ts'
import { Home } from './init-home.ts'

describe('what is there', () => {
  const local = ['init', '--env', 'local', '--yes']

  it('is neither changed nor put aside unasked; what is not ours survives a change', () => {
    const home = new Home()
    expect(home.run(local).code).toBe(0)
    const existing = { private_key: vectors.app.private_pkcs8, max_payment: '9.00', _note: '茶', colour: 'red' }
    home.file('config/alipay-mcp/settings.json', JSON.stringify(existing))
    const before = home.state()
    const refused = home.run([...local, '--max-payment', '10.00'])
    expect(refused).toMatchObject({ code: 2, text: '' })
    expect(refused.stderr).toMatch(
      /There are settings already[\s\S]*private_key: \(set, not shown\)[\s\S]*--existing change/,
    )
    expect(leaks(refused.stderr, vectors.app.private_pkcs8)).toBe(false)
    expect(home.state()).toStrictEqual(before)
    const changed = home.run([...local, '--max-payment', '10.00', '--existing', 'change'])
    expect(home.settings()).toStrictEqual({ max_payment: '10.00', _note: '茶', colour: 'red', environment: 'local' })
    // A key that only stood there is not lost: it was for another environment.
    const kept = join(home.folder, 'settings.before.json')
    expect(changed.text).toContain(`its private_key are not carried over. The settings of before are kept in ${kept}.`)
    expect(home.state()).toMatchObject({ 'settings.before.json': JSON.stringify(existing) })
  })

  it('of an app in another environment is kept in a file beside, and named', () => {
    const home = new Home()
    const production = {
      ...{ environment: 'production', app_id: '2021000000000001', seller_id: '2088000000000001' },
      ...{ private_key_file: home.file('app.pem', vectors.app.private_pkcs8), app_auth_token: '202109BBtoken' },
      ...{ public_key_file: home.file('alipay.txt', vectors.alipay.public_spki), refund_approval: 'operator' },
    }
    home.file('config/alipay-mcp/settings.json', JSON.stringify({ ...production, max_refund: '5.00' }))
    const before = home.state()['settings.json']
    const changed = home.run([...local, '--existing', 'change'])
    expect(home.settings()).toStrictEqual({ environment: 'local', max_refund: '5.00' })
    expect(home.state()).toMatchObject({ 'settings.before.json': before })
    expect(changed.text.replace(/\s+/g, ' ')).toMatch(
      /its app_id, private_key_file, public_key_file, app_auth_token, seller_id, refund_approval are not carried over\. .*settings\.before\.json/,
    )
    expect(changed.text).not.toContain('202109BBtoken')
    // What is the same everywhere leaves nothing behind, and once is enough.
    home.run([...local, '--existing', 'change', '--max-refund', '6.00'])
    expect(Object.keys(home.state())).toStrictEqual(['settings.before.json', 'settings.json'])
  })

  it('is kept in a file beside with --existing aside, and nothing of it counts', () => {
    const home = new Home()
    home.run([...local, '--max-payment', '10.00'])
    const before = home.state()['settings.json']
    expect(home.run([...local, '--existing', 'aside', '--max-refund', '5.00']).code).toBe(0)
    expect(home.settings()).toStrictEqual({ environment: 'local', max_refund: '5.00' })
    expect(home.state()['settings.before.json']).toBe(before)
  })

  it('is named by its line where it is broken, and left', () => {
    const home = new Home()
    home.run(local)
    home.file('config/alipay-mcp/settings.json', '{\n  "env": "local",\n  "app_id"\n}')
    const before = home.state()
    const refused = home.run([...local, '--existing', 'change'])
    expect(refused.code).toBe(2)
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(/stops being JSON on line 4 of .*--existing aside/)
    expect(home.state()).toStrictEqual(before)
    expect(home.run([...local, '--existing', 'aside']).code).toBe(0)
  })

  it('of another environment is not carried over: a sandbox app is no production app', () => {
    const home = new Home()
    const keys = [
      ...['--private-key-file', home.file('app.pem', vectors.app.private_pkcs8)],
      ...['--public-key-file', home.file('alipay.txt', vectors.alipay.public_spki)],
    ]
    home.run(['init', '--env', 'sandbox', '--app-id', '9021000000000001', ...keys, '--yes'])
    expect(home.settings()).toMatchObject({ environment: 'sandbox', refund_approval: 'chat', max_refund: '500.00' })
    const refused = home.run(['init', '--env', 'production', '--existing', 'change', '--yes'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/--app-id APPID\n.*--private-key-file[\s\S]*--public-key-file[\s\S]*--seller-id PID/)
  })
})

it('replaces a key in two calls: until the second the old one stays in use, and no file is overwritten', async () => {
  const home = new Home()
  const alipays = home.file('alipay.txt', vectors.alipay.public_spki)
  const keys = ['--private-key-file', home.file('app.pem', vectors.app.private_pkcs8), '--public-key-file', alipays]
  home.run(['init', '--env', 'sandbox', '--app-id', '9021000000000001', ...keys, '--yes'])
  const before = home.settings()
  expect(home.run(['init', '--make-keys', '--yes'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/name a private key already.*\n?.*--existing change/),
  })
  const replacing = ['init', '--make-keys', '--existing', 'change', '--yes']
  expect(home.run(replacing)).toMatchObject({ code: 1, text: expect.stringContaining('--public-key-file FILE') })
  expect(home.settings()).toStrictEqual(before)
  // As it is printed.
  const [, printed = ''] = / (init --make-keys.*)\n/.exec(home.run(replacing).text) ?? []
  home.run(printed.replace('FILE', alipays).split(' '))
  const after = { ...before, private_key_file: join(home.folder, 'sandbox-private-key.pem') }
  expect(home.settings()).toStrictEqual(after)
  // The next time it is a new pair again, never the one that was replaced.
  home.run(replacing)
  home.run([...replacing, '--public-key-file', alipays])
  expect(home.settings()).toStrictEqual({ ...after, private_key_file: join(home.folder, 'sandbox-private-key-2.pem') })
})
