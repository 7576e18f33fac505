// What a command line says about the terminal: its language, its colour, its switches, and how it is called.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine, UsageError } from '../../src/cli/command-line.ts'
import { fromAnywhere, libsqlBeside, ownCall, pasteable, programName } from '../../src/pasteable-call.ts'

function refusal(...args: string[]): string {
  try {
    readCommandLine(args, {})
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('was understood')
}

describe('a switch', () => {
  it('takes true and false, and false wins over the environment like any flag', () => {
    const env = { ALIPAY_READ_ONLY: 'true' }
    expect(readCommandLine(['--read-only=false'], env).variables).toStrictEqual({ ALIPAY_READ_ONLY: 'false' })
    expect(readCommandLine(['--read-only=true'], {}).variables).toStrictEqual({ ALIPAY_READ_ONLY: 'true' })
    expect(readCommandLine(['ledger', '--json=false', '--wide=true'], {})).toMatchObject({ json: false, wide: true })
    expect(refusal('--read-only', '--read-only=false')).toMatch(/given twice/)
  })
})

describe('the language', () => {
  it.each<[string[], Record<string, string>, string]>([
    [[], {}, 'en'],
    [[], { LANG: 'zh_CN.UTF-8' }, 'zh'],
    [[], { LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'C' }, 'en'],
    [[], { LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW' }, 'zh'],
    [[], { LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh'],
    [[], { LANG: 'de_DE.UTF-8' }, 'en'],
    [['--lang', 'zh'], {}, 'zh'],
    [['--lang=en'], { LANG: 'zh_CN.UTF-8' }, 'en'],
  ])('%j with %j is %s', (args, env, language) => {
    expect(readCommandLine(args, env).language).toBe(language)
  })

  it('is that of what is wrong with the command line, too', () => {
    expect(() => readCommandLine(['serv', '--lang', 'zh'], {})).toThrow('没有 serv 这个命令。\n是不是 serve？')
    expect(() => readCommandLine(['--frob'], { LANG: 'zh_CN' })).toThrow('没有 --frob 这个参数。')
  })
})

it.each<[Record<string, string>, boolean | undefined]>([
  [{}, undefined],
  [{ NO_COLOR: '1' }, false],
  [{ NO_COLOR: '' }, undefined],
  [{ TERM: 'dumb' }, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [{ FORCE_COLOR: '0' }, false],
])('%j decides on colour', (env, colour) => {
  expect(readCommandLine([], env).colour).toBe(colour)
})

it('keeps the flags that say whose settings are meant, for the calls that it prints', () => {
  const args = ['ledger', '--since', '2026-11-01', '--dotenv=my shop.env', '--read-only=false', '--lang', 'zh']
  const line = readCommandLine(args, {}, undefined, 'node dist/main.js')
  expect(line.settingArgs).toStrictEqual(['--dotenv', 'my shop.env', '--read-only=false', '--lang', 'zh'])
  expect(pasteable(line, 'close', '--order', 'A1')).toBe(
    "node dist/main.js close --order A1 --dotenv 'my shop.env' --read-only=false --lang zh",
  )
})

it('leaves a password in an address out of the calls that it prints', () => {
  const args = ['--gateway', 'https://li:p@geheim@x.example/a', '--public-url=https://li:geheim@x.example']
  expect(pasteable(readCommandLine(args, {}, undefined, 'alipay-mcp'), 'doctor')).toMatch(
    /^alipay-mcp doctor --gateway .https:\/\/\*\*\*@x\.example\/a. --public-url .https:\/\/\*\*\*@x\.example.$/,
  )
})

it.each([
  ['/usr/local/bin/alipay-mcp', 'alipay-mcp'],
  ['/srv/shop/node_modules/.bin/alipay-mcp', 'npx alipay-mcp'],
  ['/srv/shop/dist/main.js', 'node dist/main.js'],
  ['/opt/alipay/dist/main.js', 'node /opt/alipay/dist/main.js'],
  ['/srv/my shop/dist/main.js', "node '/srv/my shop/dist/main.js'"],
  ['/home/a/.npm/_npx/15c61037b1978c83/node_modules/.bin/alipay-mcp', 'npx -y alipay-mcp'],
])('%s is called %s', (script, program) => {
  expect(programName(script, '/srv/shop')).toBe(program)
})

it('names libsql in the calls that it prints where npx has brought it along', () => {
  const modules = join(mkdtempSync(join(tmpdir(), 'alipay-mcp-test-')), '_npx', '15c61037b1978c83', 'node_modules')
  mkdirSync(join(modules, 'libsql'), { recursive: true })
  writeFileSync(join(modules, 'libsql', 'package.json'), '{"version": "0.5.29"}')
  const script = join(modules, '.bin', 'alipay-mcp')
  expect(programName(script, undefined)).toBe('npx -y -p alipay-mcp -p libsql alipay-mcp')
  expect(libsqlBeside(script)).toBe('0.5.29')
})

it.each([
  ['/usr/local/bin/alipay-mcp', 'alipay-mcp'],
  ['/srv/shop/node_modules/.bin/alipay-mcp', '/srv/shop/node_modules/.bin/alipay-mcp'],
  ['/srv/shop/dist/main.js', 'node /srv/shop/dist/main.js'],
])('%s, started by a host, is called %s, wherever that is pasted', (script, program) => {
  const { settingArgs } = readCommandLine(['serve', '--dotenv', 'shop.env', '--read-only=false'], {})
  const called = fromAnywhere(script, { program: '', settingArgs })
  expect(called).toStrictEqual({ program, settingArgs: ['--dotenv', resolve('shop.env'), '--read-only=false'] })
})

it('has its plain name where nobody has started it, and repeats no settings to what takes none', () => {
  expect(ownCall('approvals')).toBe('alipay-mcp approvals')
  const called = { program: 'node dist/main.js', settingArgs: ['--dotenv', 'shop.env'] }
  expect(pasteable(called, 'help', 'settings')).toBe('node dist/main.js help settings')
})

it.each([['version'], ['--version'], ['-V'], ['-v'], ['ledger', '-V']])('%s asks for the version', (...args) => {
  expect(readCommandLine(args, {}).version).toBe(true)
})

const NUMBER = '20261129104700001a2b3c4d5e6f70819'
it.each<[args: string[], call: string]>([
  [['close', NUMBER], `close --order ${NUMBER}`],
  [['forget', 'SHOP-7', '--dotenv', 'my shop.env'], "forget --order SHOP-7 --dotenv 'my shop.env'"],
  [['ledger', NUMBER, '--lang=en', '--json'], `ledger --order ${NUMBER} --lang=en --json`],
  [['ledger', '2026-11', '--csv'], 'ledger --month 2026-11 --csv'],
  [['ledger', '2026-11-02'], 'ledger --since 2026-11-02 --until 2026-11-02'],
  [['ledger', 'waiting'], 'ledger --state waiting'],
])('%j is answered with the call that was meant, on a line of its own', (args, call) => {
  const lines = refusal(...args)
    .replaceAll('\u00a0', ' ')
    .split('\n')
  expect(lines[0]).toMatch(/^\w+ takes no argument ".*"\. Did you mean:$/)
  expect(lines.slice(1)).toStrictEqual([`  alipay-mcp ${call}`])
})

it.each([
  ['close', 'all'],
  ['resolve', NUMBER],
  ['ledger', '2026-11', '2026-12'],
  ['close', 'A'.repeat(31)],
])('%s %s is answered with no call: nothing is sure to be meant', (...args) =>
  expect(refusal(...args)).toMatch(/^\w+ takes no argument [^:]*$/),
)

it('an empty --order is answered with the flag, and with where the numbers stand', () => {
  for (const args of [
    ['close', '--order='],
    ['ledger', '--order', ''],
  ]) {
    expect(refusal(...args, '--data-dir=/srv/a').replaceAll('\u00a0', ' ')).toBe(
      `--order is empty; it takes the number of an order:\n  alipay-mcp ${args[0]} --order N --data-dir /srv/a\n` +
        'All numbers:\n  alipay-mcp ledger --wide --data-dir /srv/a',
    )
  }
  expect(refusal('close', '--order=', '--lang=zh')).toMatch(/^--order 是空的，需要订单号：\n.*\n查看全部单号：\n/)
})
