// The env file: a line that is no setting is named by its number, because dotenv drops it without a word.
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { configOf } from '../../src/settings/config.ts'
import { leaks, vectors } from '../keys-for-tests.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { file } = temporaryFiles()
const PATH = file('shop.env', '')
const read = (content: string | Buffer) => readCommandLine(['--dotenv', file('shop.env', content)], {})
const PEM = vectors.app.private_pkcs8.trim()

describe('a line that is no NAME=value', () => {
  const lines = PEM.split('\n').length - 1

  it.each([
    ['a key of several lines without quotes', `ALIPAY_APP_ID=1\n\nALIPAY_PRIVATE_KEY=${PEM}\n`, 4, lines],
    ['the same with Windows line ends', `ALIPAY_PRIVATE_KEY=${PEM}`.replaceAll('\n', '\r\n'), 2, lines],
    ['a name alone', '# settings\nALIPAY_READ_ONLY\n', 2, 1],
    ['a sentence', 'ALIPAY_ENV=sandbox\n\n\nplease keep CANARY secret\n', 4, 1],
    ['a command', 'set ALIPAY_READ_ONLY=true', 1, 1],
    ['JSON', '{ "app_id": "CANARY" }', 1, 1],
  ])('such as %s is a problem with its number', (_name, content, line, wrong) => {
    const { problems } = read(content)
    const more = wrong > 1 ? ` (nor are ${wrong - 1} more)` : ''
    expect(problems).toStrictEqual([
      {
        variable: '--dotenv',
        problem: `line ${line} of "${PATH}" is no NAME=value${more}.`,
        fix: 'put a key of several lines into double quotes, or on one line with \\n for its line ends.',
      },
    ])
    expect(configOf(read(content))).toHaveProperty('problems')
    expect(leaks(JSON.stringify(problems), PEM)).toBe(false)
  })

  it.each([
    ['comments and empty lines', '# one\n\n  # two\n \t \nALIPAY_ENV=local # why\n'],
    ['export, spaces and colons', 'export ALIPAY_ENV = local\nALIPAY_APP_ID: 1\n'],
    ['a key in double quotes', `ALIPAY_PRIVATE_KEY="${PEM}"\n# end\nALIPAY_ENV=local`],
    ['a key in single quotes with Windows line ends', `A='${PEM}'\nALIPAY_ENV=local`.replaceAll('\n', '\r\n')],
    ['a key on one line', `ALIPAY_PRIVATE_KEY=${PEM.replaceAll('\n', '\\n')}`],
    ['empty values', 'ALIPAY_APP_ID=\nALIPAY_ENV=local\n'],
    ['a byte order mark', '\uFEFFALIPAY_ENV=local\n'],
  ])('is not %s', (_name, content) => {
    expect(read(content).problems).toStrictEqual([])
  })
})

it.each(['', '\n\n', '# ALIPAY_ENV=sandbox\n#ALIPAY_APP_ID=1\n', 'ALIPAY_APP_ID=\nALIPAY_ENV=""\n'])(
  'a file without any setting is a problem, since somebody meant something by it: %j',
  (content) => {
    expect(read(content).problems).toStrictEqual([
      {
        variable: '--dotenv',
        problem: `${JSON.stringify(PATH)} holds no setting.`,
        fix: 'fill the file, or leave --dotenv out to use the built-in emulator.',
      },
    ])
  },
)

describe('a # in a value without quotes, where dotenv would cut it', () => {
  it.each([
    ['ALIPAY_RETURN_URL', 'https://shop.example/#/paid'],
    ['ALIPAY_DATA_DIR', '/srv/shop#2'],
    ['ALIPAY_DATA_DIR', '#2'],
    ['ALIPAY_DATA_DIR', '"/srv/shop#2'],
    ['AP_LOG', 'a#b # c'],
  ])('%s=%s is a problem that asks for quotes, and with them it is taken whole', (name, value) => {
    const { problems } = read(`ALIPAY_ENV=local\n${name}=${value}\nALIPAY_READ_ONLY=true`)
    const problem = `in "${PATH}" has a # in its value, where the value would end.`
    const fix = 'put the value into single quotes, or a blank before a # that begins a comment.'
    expect(problems).toStrictEqual([{ variable: name, problem, fix }])
    const quoted = read(`ALIPAY_ENV=local\n${name}='${value}'#c\nALIPAY_READ_ONLY=true`)
    expect(quoted).toMatchObject({ problems: [], variables: { [name]: value } })
  })

  it('is nothing where a blank stands before it, or the name is of another program', () => {
    expect(read('ALIPAY_ENV=local # c\nALIPAY_APP_ID= #c\nALIPAY_TOOLS=\n#c\nDB_PASSWORD=a#b').problems).toStrictEqual(
      [],
    )
  })
})

it('mentions names that only a JSON file has, which may be those of another program', () => {
  const { notices, problems } = read('APP_ID=1\nread_only=true\nNODE_ENV=test\nALIPAY_ENV=local\nAP_LOG=1')
  expect(problems).toStrictEqual([])
  expect(notices.map(({ variable, fix }) => `${variable} ${fix}`)).toStrictEqual([
    `APP_ID (${PATH}) if it was meant for this server, rename it to ALIPAY_APP_ID.`,
    `read_only (${PATH}) if it was meant for this server, rename it to ALIPAY_READ_ONLY.`,
  ])
})

it('takes what PowerShell wrote', () => {
  expect(read(Buffer.from('\uFEFFALIPAY_APP_ID=1\r\n', 'utf16le')).variables).toStrictEqual({
    ALIPAY_APP_ID: '1',
  })
})
