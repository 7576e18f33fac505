// What stands on a command line and belongs elsewhere: keys are refused unseen, settings and split paths are explained.
import { describe, expect, it } from 'vitest'
import { readCommandLine, UsageError } from '../../src/cli/command-line.ts'
import { bare, leaks, vectors } from '../keys-for-tests.ts'

function refusal(...args: string[]): string {
  try {
    readCommandLine(args, {})
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('was understood')
}

const PEM = vectors.app.private_pkcs8
const KEY = bare(PEM)

describe('a key as an argument', () => {
  it.each([
    [['--private-key', KEY]],
    [[`--private-key=${KEY}`]],
    [['--private_key', PEM]],
    [['--app-private-key', KEY]],
    [['--privateKey', KEY]],
    [['--AP_APP_KEY', KEY]],
    [['--alipay-public-key', bare(vectors.alipay.public_spki)]],
    [['--secret', KEY]],
    [['-k', KEY]],
    [[`ALIPAY_PRIVATE_KEY=${KEY}`]],
    [[`AP_APP_KEY=${KEY}`, 'serve']],
    [['serve', `private_key: ${PEM}`]],
    [['serve', KEY]],
    [['doctor', ...PEM.split('\n')]],
    [['doctor', ...PEM.split(/\s/)]],
    [[KEY.slice(200, 264)]],
    [['--app-id', KEY]],
    [[`--app-id=${KEY}`]],
    [['--config', KEY]],
    [['--dotenv', PEM]],
    [['--private-key-file', PEM]],
    [['forget', '--order', KEY]],
    [['freeze', '--why', PEM]],
    [['--', KEY]],
    [[Buffer.from(PEM).toString('base64')]],
    [[encodeURIComponent(PEM)]],
    [[PEM.replaceAll('\n', '\\n')]],
  ])('is refused unseen, with the reason (%#)', (args) => {
    const said = refusal(...args)
    expect(leaks(said, PEM) || leaks(said, Buffer.from(PEM).toString('base64'))).toBe(false)
    expect(said).toMatch(/[Ee]very user of a computer can read command lines/)
    expect(said).toMatch(/file/)
  })

  it('is not seen where there is none', () => {
    const args = [
      '--config',
      '/srv/shop/alipay/sandbox2026/settings.json',
      '--app-id=9021000000000001',
      '--tools',
      'query_payment',
    ]
    expect(readCommandLine(args, {}).command).toBe('serve')
    expect(readCommandLine(['--notify-url', 'https://shop.cn/a/0123456789/Notify?x=ABCdef'], {}).command).toBe('serve')
  })
})

describe('a misspelt flag of a command with keys of its own', () => {
  it.each([
    [['emulator', '--key', 'folder'], /^There is no flag --key\.\nDid you mean --keys\?/],
    [['emulator', '--key=folder'], /Did you mean --keys\?/],
    [['emulator', '--prot', '7001'], /Did you mean --port\?/],
    [['emulator', '--private-key', 'x'], /^There is no flag --private-key\.\nSee: alipay-mcp help emulator$/],
    [['emulator', '--gatway', 'x'], /^There is no flag --gatway\.\nSee: alipay-mcp help emulator$/],
    [['demo', '--app-idd', 'x'], /^There is no flag --app-idd\.\nSee: alipay-mcp help demo$/],
  ])('%j is led to a flag that it has use for, or to its help', (args, said) => {
    expect(refusal(...args)).toMatch(said)
  })

  it('a public key in place of its file is left to the emulator, which has the words for it', () => {
    const { appPublicKey } = readCommandLine(['emulator', '--app-public-key', bare(vectors.app.public_spki)], {})
    expect(appPublicKey === bare(vectors.app.public_spki)).toBe(true)
  })

  it.each(['--key', '--private-key'])('%s with a key is still refused as a key', (flag) => {
    expect(refusal('emulator', flag, KEY)).toMatch(/^Argument 3 is a key/)
  })
})

describe('a setting as an argument', () => {
  it.each(['ALIPAY_APP_ID=9021000000000001', 'AP_APP_ID=1', 'ALIPAY_ENV=sandbox'])(
    '%s is told where it belongs',
    (word) => {
      const name = word.split('=', 1).join('')
      for (const args of [[word], ['doctor', word]]) {
        expect(refusal(...args)).toMatch(
          new RegExp(`^${name}=\\.\\.\\. is a setting, .*"env" in a host's settings.*--dotenv`),
        )
      }
    },
  )

  it('is not quoted where it is secret', () => {
    expect(refusal('ALIPAY_APP_AUTH_TOKEN=CANARY')).toMatch(/so its value is not shown/)
    expect(refusal('ALIPAY_APP_AUTH_TOKEN=CANARY')).not.toContain('CANARY')
  })
})

describe('a path that was split at its blank', () => {
  it.each([
    [['--config', 'C:\\Program', 'Files\\alipay\\shop.json'], 'Files\\alipay\\shop.json'],
    [['--private-key-file=C:\\My', 'Keys\\app.pem'], 'Keys\\app.pem'],
    [['--dotenv', '/Users/me/Library/Application', 'Support/shop.env'], 'Support/shop.env'],
    [['--data-dir', 'D:\\My', 'Documents'], 'Documents'],
    [['serve', '--config', 'C:\\Users\\Li', 'Wei\\x.json'], 'Wei\\x.json'],
    [['--config', '/srv/my', 'settings.json'], 'settings.json'],
    [['--config', 'D:\\商家', '密钥\\x.json'], '密钥\\x.json'],
  ])('%j names the stray word and says why', (args, word) => {
    const said = refusal(...args)
    expect(said).toContain(JSON.stringify(word))
    expect(said).toMatch(/a part of a path that was split at its blank\. Put the whole path into double quotes/)
    expect(said).not.toContain('Did you mean')
  })

  it('is not what a mistyped command is', () => {
    expect(refusal('--config', '/srv/shop', 'serv')).toMatch(/Did you mean serve\?/)
    expect(refusal('--data-dir', '/srv/shop', 'leger')).toMatch(/Did you mean ledger\?/)
  })
})

describe('--dotenv', () => {
  it('is --env-file, which stays, and one of the two is enough', () => {
    for (const flag of ['--dotenv', '--env-file']) {
      expect(readCommandLine([`${flag}=/nowhere/shop.env`], {}).problems).toMatchObject([
        { variable: '--dotenv', problem: 'names a file that cannot be read (ENOENT): "/nowhere/shop.env".' },
      ])
    }
    expect(refusal('--dotenv', 'a', '--env-file', 'b')).toMatch(/keep one of them/)
  })
})

it('answers a token on the command line with where it belongs', () => {
  expect(refusal('--app-auth-token', 'CANARY')).toMatch(/ALIPAY_APP_AUTH_TOKEN, or put it into a file/)
})

it.each(['true', 'false'])('a switch with %s behind a blank is told to take it behind a =', (value) => {
  expect(refusal('--read-only', value)).toBe(`--read-only takes its value behind a =: --read-only=${value}.`)
  expect(refusal('serve', '--read-only', value)).toContain(`--read-only=${value}`)
})
