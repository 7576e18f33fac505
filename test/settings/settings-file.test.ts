// JSON files of settings: the tutorial's keys and our names, and for each broken file its name and line, never content.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { configOf } from '../../src/settings/config.ts'
import { NAMES } from '../../src/settings/variables.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { folder, file: write } = temporaryFiles()
const file = (content: string | Buffer, name = 'alipay_mcp_config.json') => write(name, content)
const read = (content: unknown) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return readCommandLine(['--config', file(text)], {})
}
const PATH = join(folder, 'alipay_mcp_config.json')

describe('the JSON file of the tutorial', () => {
  it('is a whole configuration', () => {
    const line = read({
      app_id: '9021000000000001',
      merchant_id: '2088000000000001',
      private_key: bare(vectors.app.private_pkcs1),
      alipay_public_key: bare(vectors.alipay.public_spki),
      notify_url: 'https://shop.cn/notify',
    })
    expect(configOf(line)).toMatchObject({
      config: {
        environment: 'sandbox',
        credentials: { app_id: '9021000000000001' },
        seller_id: '2088000000000001',
        notify_url: 'https://shop.cn/notify',
      },
      notices: [],
    })
  })

  it.each(NAMES)('takes %s under its own name, in small letters, and without alipay_', (name) => {
    const small = name.toLowerCase()
    for (const key of [name, small, small.replace('alipay_', '')]) {
      expect(read({ [key]: '/x' })).toMatchObject({ variables: { [name]: '/x' }, problems: [] })
    }
  })

  it('takes the names of the official server, and those of other programs for the same', () => {
    const { variables, problems } = read({
      AP_APP_ID: '1',
      app_private_key: 'a',
      environment: 'sandbox',
      gateway_url: 'g',
      sign_type: 'RSA2',
    })
    expect(variables).toStrictEqual({
      ALIPAY_APP_ID: '1',
      ALIPAY_PRIVATE_KEY: 'a',
      ALIPAY_ENV: 'sandbox',
      ALIPAY_GATEWAY: 'g',
    })
    expect(problems).toStrictEqual([])
  })

  it('may hold whole numbers, switches, lists and notes', () => {
    const { variables, problems } = read({
      $schema: 'x',
      _note: 'x',
      '//': { x: 1 },
      timeout_ms: 2000,
      read_only: false,
      channels: ['page', 'qr'],
      notify_url: '',
      return_url: null,
    })
    expect(variables).toStrictEqual({
      ALIPAY_TIMEOUT_MS: '2000',
      ALIPAY_READ_ONLY: 'false',
      ALIPAY_CHANNELS: 'page,qr',
    })
    expect(problems).toStrictEqual([])
  })

  it('may be written by Windows', () => {
    for (const bytes of [Buffer.from('\uFEFF{\r\n"app_id": "1"}'), Buffer.from('\uFEFF{"app_id":"1"}', 'utf16le')]) {
      expect(readCommandLine(['--config', file(bytes)], {}).variables).toStrictEqual({ ALIPAY_APP_ID: '1' })
    }
  })
})

describe('a key that cannot be used', () => {
  it.each([
    ['appid', /^app_id is the nearest/],
    ['privateKey', /^private_key is the nearest/],
    ['merchantid', /^merchant_id is the nearest/],
    ['readonly', /^read_only is the nearest/],
    ['notifyUrl', /^notify_url is the nearest/],
    ['alipayPublicKey', /^alipay_public_key is the nearest/],
    ['mcpServers', /a host's settings file/],
    ['colour', /is the nearest/],
  ])('%s is a problem that names the nearest', (key, fix) => {
    expect(read({ [key]: 'CANARY' })).toMatchObject({
      variables: {},
      problems: [
        {
          variable: `${key} (${PATH})`,
          problem: 'is not a setting of this server.',
          fix: expect.stringMatching(fix),
        },
      ],
    })
  })

  it.each([{ a: 1 }, [1], 1.5, 9021000122633999000, [['page']]])('%j is no value', (value) => {
    const { problems } = read({ app_id: value })
    expect(problems).toMatchObject([{ variable: `app_id (${PATH})`, fix: 'write its value in double quotes.' }])
  })

  it('is not shown where it may be a key itself', () => {
    const text = JSON.stringify(read({ [bare(vectors.app.private_pkcs8)]: 'x' }).problems)
    expect(text).toContain('a key (')
    expect(text).not.toContain('MII')
  })

  it('is told of two names for one thing that differ, without the values', () => {
    const { problems } = read({ merchant_id: '2088000000000001', seller_id: '2088000000000002' })
    expect(problems).toStrictEqual([
      {
        variable: `seller_id (${PATH})`,
        problem: 'is another name for merchant_id, and they differ.',
        fix: 'keep one of the two.',
      },
    ])
  })
})

describe('a file that cannot be used', () => {
  const GOOD = '{\n  "a": "x\\n\\u00e9",\n  "b": [1, -2.5e3, true, null],\n  "c": { "d": "", "e": [] }\n}\n'
  const linesOf = (text: string) => text.split('\n').length
  const faultyLine = (text: string) => Number(/on line (\d+) of/.exec(read(text).problems[0]?.problem ?? '')?.[1])

  it.each([
    ['a missing comma', '{\n  "app_id": "1"\n  "private_key": "CANARY"\n}', 3],
    ['a comma too many', '{\n  "private_key": "CANARY",\n}', 3],
    ['a key on several lines', '{\n  "private_key": "-----BEGIN\nCANARY\n-----END"\n}', 2],
    ['a comment', '{\n  "app_id": "1",\n  // CANARY\n  "env": "sandbox"\n}', 3],
    ['single quotes', "{ 'private_key': 'CANARY' }", 1],
    ['an open end', '{\n  "private_key": "CANARY"\n', 3],
    ['a key and nothing else', 'CANARY', 1],
    ['settings of the other kind', '# comment\nALIPAY_PRIVATE_KEY=CANARY', 1],
    ['nothing', '', 1],
  ])('because of %s is named with its line, not its content', (_name, content, line) => {
    const { variables, problems } = read(content)
    expect(variables).toStrictEqual({})
    expect(problems).toStrictEqual([
      {
        variable: '--config',
        problem: `stops being JSON on line ${line} of "${PATH}".`,
        fix: 'see the example in docs/settings.md.',
      },
    ])
  })

  it('because of a sign too many is named with the line of that sign, or one behind it', () => {
    for (const sign of ['\u0001', '"', "'", ',', '}', '{', ':', 'x', '\\', '0', '\u00a0', '/']) {
      for (let at = 0; at <= GOOD.length; at++) {
        const [before, after] = [GOOD.slice(0, at), GOOD.slice(at)]
        const line = faultyLine(before + sign + after)
        // Inside a text the sign may do no harm.
        if (Number.isNaN(line) && sign !== '\u0001') continue
        expect(line).toBeGreaterThanOrEqual(linesOf(before))
        expect(line).toBeLessThanOrEqual(sign === '\u0001' ? linesOf(before) : linesOf(GOOD))
      }
    }
  })

  it('because its end is missing is named with its last line, because of a second value with that one', () => {
    for (let end = 1; end < GOOD.trim().length; end++) {
      expect(faultyLine(GOOD.slice(0, end))).toBe(linesOf(GOOD.slice(0, end)))
    }
    expect(faultyLine(`${GOOD}${GOOD}`)).toBe(6)
  })

  it.each(['[]', '"CANARY"', 'null', '1'])('because it is %s is named', (content) => {
    expect(read(content).problems).toMatchObject([
      { problem: expect.stringMatching(/^must hold one object, .*alipay_mcp_config\.json"\.$/) },
    ])
  })

  it('because it cannot be read is named, the settings file only where it is there', () => {
    const missing = join(folder, 'missing.json')
    expect(readCommandLine(['--config', missing], {}).problems).toMatchObject([
      { variable: '--config', problem: `names a file that cannot be read (ENOENT): "${missing}".` },
    ])
    expect(readCommandLine([], {}, missing).problems).toStrictEqual([])
    expect(readCommandLine([], {}, folder).problems).toMatchObject([
      { variable: 'settings file', problem: `names a folder, not a plain file: "${folder}".` },
    ])
  })

  it('because a key stands in place of its name is not shown', () => {
    for (const flag of ['--config', '--dotenv']) {
      const read = () => readCommandLine([flag, bare(vectors.app.private_pkcs8)], {})
      expect(read).toThrow(/^Argument 2 is a key or a part of one; it is not shown here\./)
      expect(read).not.toThrow('MII')
    }
  })
})

it.runIf(process.platform !== 'win32')('warns of files of settings that others can read or change', () => {
  const path = file('{"app_id":"1"}')
  const env = file('ALIPAY_APP_ID=1', 'open file.env')
  for (const mode of [0o640, 0o604, 0o620, 0o777]) {
    chmodSync(path, mode)
    chmodSync(env, mode)
    const bits = mode.toString(8)
    const words = `is a file that other users of this computer can read or change (mode ${bits}):`
    expect(readCommandLine(['--dotenv', env, '--config', path], {}, path).notices).toStrictEqual([
      { variable: '--dotenv', problem: `${words} "${env}".`, fix: `chmod 600 '${env}'` },
      { variable: '--config', problem: `${words} "${path}".`, fix: `chmod 600 ${path}` },
      { variable: 'settings file', problem: `${words} "${path}".`, fix: `chmod 600 ${path}` },
    ])
  }
})
