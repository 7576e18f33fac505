// Holds the command line to its order of precedence, to silence, and to never quoting a key.
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { COMMANDS, readCommandLine, UsageError } from '../../src/cli/command-line.ts'
import { flagOf, isSwitch, NAMES } from '../../src/settings/variables.ts'
import { temporaryFiles } from '../settings/settings-for-tests.ts'
import { UNUSED } from './unused-flags.ts'

const { folder, file } = temporaryFiles()

function refusal(...args: string[]): string {
  try {
    readCommandLine(args, {})
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('was understood')
}

describe('the command', () => {
  it('is serve when none is named', () => {
    expect(readCommandLine([], {})).toStrictEqual({
      command: 'serve',
      variables: {},
      origins: new Map(),
      problems: [],
      notices: [],
      json: false,
      open: false,
      sandboxRules: false,
      ...UNUSED,
      version: false,
    })
  })

  it.each(COMMANDS)('is %s when that is named, before or after the flags', (command) => {
    expect(readCommandLine([command, '--env', 'local'], {}).command).toBe(command)
    expect(readCommandLine(['--env=local', command], {}).command).toBe(command)
  })

  it('is help with --help, about the command that is named', () => {
    expect(readCommandLine(['serve', '--help'], {})).toMatchObject({ command: 'help', topic: 'serve' })
    expect(readCommandLine(['--help'], {})).toMatchObject({ command: 'help', topic: undefined })
    expect(readCommandLine(['help', 'ledger'], {})).toMatchObject({ command: 'help', topic: 'ledger' })
    expect(readCommandLine(['help', 'settings'], {})).toMatchObject({ command: 'help', topic: 'settings' })
    expect(refusal('help', 'ledgr')).toMatch(/Did you mean ledger\?/)
  })

  it('takes its own flags', () => {
    expect(readCommandLine(['emulator', '--port', '7001', '--json', '--sandbox-rules', '--version'], {})).toStrictEqual(
      {
        command: 'emulator',
        variables: { ALIPAY_EMULATOR_PORT: '7001' },
        origins: new Map([['ALIPAY_EMULATOR_PORT', { text: 'the command line (--port)', label: '--port' }]]),
        problems: [],
        notices: [],
        json: true,
        open: false,
        sandboxRules: true,
        ...UNUSED,
        version: true,
      },
    )
  })

  it('takes where the keys of the emulator are, and where it notifies agreements', () => {
    const own = ['--app-public-key=own.pem', '--app-gateway=http://127.0.0.1/notify']
    const args = ['emulator', '--certificates', '--keys', 'keys', ...own]
    const appGateway = 'http://127.0.0.1/notify'
    const expected = { certificates: true, keys: 'keys', appPublicKey: 'own.pem', appGateway }
    expect(readCommandLine(args, {})).toMatchObject(expected)
    expect(refusal('serve', '--keys', 'keys')).toMatch(/--keys belongs to emulator, not to serve/)
  })

  it.each([
    ['serv', /no command serv\.\nDid you mean serve\?/],
    ['emulate', /Did you mean emulator\?/],
    ['Demo', /Did you mean demo\?/],
    ['frobnicate', /^There is no command frobnicate\.\nSee: alipay-mcp help$/],
  ])('%s is refused with the nearest one', (name, words) => {
    expect(refusal(name)).toMatch(words)
  })

  it('takes what it needs of the ledger', () => {
    const read = (...args: string[]) => readCommandLine(args, {})
    expect(read('ledger', '--since', '2026-11-01', '--order=A', '--csv')).toMatchObject({
      ...UNUSED,
      csv: true,
      since: '2026-11-01',
      order: 'A',
    })
    expect(read('freeze', '--why', 'lost phone').why).toBe('lost phone')
    expect(read('resolve', '--resend').resend).toBe(true)
    expect(read('forget', '--order', 'A').order).toBe('A')
  })

  it.each([
    [['freeze', '--order', 'A'], /--order belongs to ledger, close, delivered and forget, not to freeze/],
    [['unfreeze', '--why', 'x'], /--why belongs to freeze/],
    [
      ['resolve', '--json'],
      /--json belongs to emulator, doctor, hosts, config, call, ledger, approvals and charge-due/,
    ],
    [['ledger', '--month', '2026-11', '--since', '2026-11-01'], /--month or --since, not both/],
    [['--resend'], /--resend belongs to resolve, not to serve/],
    [['ledger', '--json', '--csv'], /--json or --csv, not both/],
    [['ledger', '--order', 'A', '--order', 'B'], /--order is given twice/],
    [['forget', 'ORDER1'], /forget takes no argument "ORDER1"/],
    [['freeze', 'now'], /^NOT FROZEN: freeze takes no argument "now"\. To give a reason: --why "now"$/],
    [['freeze', '--whi', 'x'], /^NOT FROZEN: There is no flag --whi/],
    [['freeze', 'now', '--lang=zh'], /^没有冻结：freeze 后面.*"now"。要写明原因：--why "now"$/],
    [['unfreez'], /Did you mean unfreeze\?/],
    [['approval'], /Did you mean approvals\?/],
    [['approvals', '--all'], /^There is no flag --all\.\nSee: alipay-mcp help approvals$/],
    [['doctor', '--jsn'], /Did you mean --json\?\nSee: alipay-mcp help doctor$/],
  ])('%s is refused', (args, words) => {
    expect(refusal(...args)).toMatch(words)
  })

  it('takes one command only', () => {
    expect(refusal('serve', 'demo')).toMatch(/serve takes no/)
  })
})

describe('a flag', () => {
  const flags = NAMES.flatMap((name) => {
    const flag = flagOf(name)
    return flag === undefined ? [] : [{ name, flag }]
  })

  it.each(flags)('--$flag sets $name and wins over the environment and the file', ({ name, flag }) => {
    const env = { [name]: 'environment' }
    const args = ['--dotenv', file('flag.env', `${name}=/file`)]
    const flagged = isSwitch(name) ? [`--${flag}`] : [`--${flag}`, 'flag']
    const value = isSwitch(name) ? 'true' : 'flag'
    expect(readCommandLine([...args, ...flagged], env).variables).toStrictEqual({ [name]: value })
    expect(readCommandLine(args, env).variables).toStrictEqual({ [name]: 'environment' })
    expect(readCommandLine(args, {}).variables).toStrictEqual({ [name]: '/file' })
  })

  it('exists for every variable but the texts of keys and tokens', () => {
    const without = NAMES.filter((name) => flagOf(name) === undefined)
    const secrets = ['PRIVATE_KEY', 'PUBLIC_KEY', 'APP_AUTH_TOKEN', 'ALERT_URL', 'ALERT_SECRET']
    expect(without).toStrictEqual(secrets.map((name) => `ALIPAY_${name}`))
  })

  it.each([
    ['--appid', /no flag --appid\.\nDid you mean --app-id\?/],
    ['--frobnicate', /^There is no flag --frobnicate\.\nSee: alipay-mcp help$/],
    ['--alipay-app-id=1', /Did you mean --app-id\?/],
    ['--readonly', /Did you mean --read-only\?/],
    ['--constructor', /constructor/],
    ['--__proto__', /__proto__/],
    ['--app-id', /--app-id/],
    ['--read-only=maybe', /--read-only takes no value but true or false/],
    ['--lang=fr', /--lang takes en or zh/],
  ])('%s is refused with a word on what there is', (arg, words) => {
    expect(refusal(arg)).toMatch(words)
  })
})

describe('a key on the command line', () => {
  const KEY = 'MIIEvQCANARYcanaryCANARY+/=='
  const PEM = `-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----`

  it.each([
    ['--private-key', KEY],
    [`--private-key=${KEY}`],
    ['--alipay-public-key', PEM],
    [`--public-key=${PEM}`],
    ['--key', KEY],
    ['--private-key-file', PEM],
    ['--public-key-file', PEM, 'serve'],
    [`ALIPAY_PRIVATE_KEY=${KEY}`],
    ['serve', KEY],
    ['serve', '--', PEM],
    ['--app-auth-token', KEY],
    [`--app-auth-token=${KEY}`],
    [KEY],
  ])('is refused without being quoted (%#)', (...args) => {
    expect(/CANARY/i.test(refusal(...args))).toBe(false)
  })

  it.each(['--private-key', '--public-key', '--alipay-private-key'])('%s is answered with the file flag', (flag) => {
    expect(refusal(flag, KEY)).toMatch(/every user of a computer .* use --(private|public)-key-file\./)
  })
})

describe('the env file', () => {
  it('is read only when it is named, never from the working folder', () => {
    file('.env', 'ALIPAY_GATEWAY=https://evil.example/\nALIPAY_READ_ONLY=false')
    const before = process.cwd()
    process.chdir(folder)
    try {
      expect(readCommandLine(['serve'], {}).variables).toStrictEqual({})
    } finally {
      process.chdir(before)
    }
  })

  it('may hold comments, quotes, export and a key on several lines', () => {
    const path = file(
      'full.env',
      '# test\r\nexport ALIPAY_ENV="sandbox" # why\r\nALIPAY_APP_ID=\'9021\'\nALIPAY_PUBLIC_KEY="-----BEGIN X-----\nabc\n-----END X-----"\nOTHER=1\nALIPAY_SELLER_ID=\n',
    )
    expect(readCommandLine([`--dotenv=${path}`], {}).variables).toStrictEqual({
      ALIPAY_ENV: 'sandbox',
      ALIPAY_APP_ID: '9021',
      ALIPAY_PUBLIC_KEY: '-----BEGIN X-----\nabc\n-----END X-----',
      OTHER: '1',
    })
  })

  it('fills what the environment leaves empty', () => {
    const args = ['--dotenv', file('fill.env', 'ALIPAY_ENV=sandbox')]
    expect(readCommandLine(args, { ALIPAY_ENV: ' ' }).variables).toStrictEqual({ ALIPAY_ENV: 'sandbox' })
  })

  it('is read in silence, and leaves the environment of the process alone', () => {
    const out = [
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
      vi.spyOn(console, 'log'),
      vi.spyOn(console, 'warn'),
    ]
    readCommandLine(['--dotenv', file('quiet.env', 'ALIPAY_CANARY_TEST=1')], {})
    for (const spy of out) expect(spy).not.toHaveBeenCalled()
    expect(process.env.ALIPAY_CANARY_TEST).toBeUndefined()
  })

  it.each([
    ['that is missing', join(folder, 'missing.env'), 'names a file that cannot be read (ENOENT)'],
    ['that is a folder', folder, 'names a folder, not a plain file'],
    ['without a name', '', 'names a file that cannot be read (ENOENT)'],
  ])('%s is a problem, not an end', (_what, path, words) => {
    const { variables, problems } = readCommandLine([`--dotenv=${path}`], { ALIPAY_ENV: 'local' })
    expect(variables).toStrictEqual({ ALIPAY_ENV: 'local' })
    const problem = `${words}: ${JSON.stringify(path)}.`
    expect(problems).toStrictEqual([
      { variable: '--dotenv', problem, fix: expect.stringMatching(/full path|a plain file that is there/) },
    ])
  })
})
