// A relative path leads to the same file wherever the program is started, or somebody is warned.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { configOf } from '../../src/settings/config.ts'
import { report } from '../doctor/patients.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { NO_PRIVATE, problemsOf, SANDBOX, temporaryFiles } from './settings-for-tests.ts'

const { folder, file } = temporaryFiles()
const KEY = file('app.pem', vectors.app.private_pkcs8)
file('alipay.pem', vectors.alipay.public_spki)
mkdirSync(join(folder, 'keys'))
writeFileSync(join(folder, 'keys', 'app key.pem'), vectors.app.private_pkcs8, { mode: 0o600 })
const HERE = relative(process.cwd(), KEY)

/** All but the private key. */
const LINES = `ALIPAY_APP_ID=${SANDBOX.ALIPAY_APP_ID}\nALIPAY_PUBLIC_KEY_FILE=alipay.pem\n`

describe('in a file of settings', () => {
  it.each(['app.pem', './app.pem', 'keys/app key.pem', 'keys/../app.pem', '"app.pem"'])(
    '%s counts from the folder of the file',
    (path) => {
      const config = { app_id: SANDBOX.ALIPAY_APP_ID, private_key_file: path, public_key_file: 'alipay.pem' }
      for (const args of [
        ['--dotenv', file('shop.env', `${LINES}ALIPAY_PRIVATE_KEY_FILE='${path}'`)],
        ['--dotenv', relative(process.cwd(), file('shop.env', `${LINES}ALIPAY_PRIVATE_KEY_FILE='${path}'`))],
        ['--config', file('shop.json', JSON.stringify(config))],
      ]) {
        expect(configOf(readCommandLine(args, {}))).toMatchObject({ config: { environment: 'sandbox' }, notices: [] })
      }
    },
  )

  it('is named in full where nothing is there', () => {
    const read = configOf(readCommandLine(['--dotenv', file('shop.env', `${LINES}ALIPAY_PRIVATE_KEY_FILE=no.pem`)], {}))
    expect('problems' in read && read.problems[0]?.problem).toBe(
      `names a file that cannot be read (ENOENT): "${join(folder, 'no.pem')}".`,
    )
  })

  it.each(['~/app.pem', 'C:\\keys\\app.pem', 'C:app.pem', '\\\\server\\app.pem', '<your-key>.pem', '${HOME}/app.pem'])(
    '%s, which leads elsewhere, stays as it is',
    (path) => {
      const { variables } = readCommandLine(
        ['--config', file('shop.json', JSON.stringify({ private_key_file: path }))],
        {},
      )
      expect(variables).toStrictEqual({ ALIPAY_PRIVATE_KEY_FILE: path })
    },
  )

  it.each([vectors.app.private_pkcs8, bare(vectors.app.private_pkcs8), bare(vectors.app.private_pkcs8).slice(40, 140)])(
    'a key in place of a path stays one, and is not shown (%#)',
    (key) => {
      const { variables } = readCommandLine(
        ['--config', file('shop.json', JSON.stringify({ private_key_file: key }))],
        {},
      )
      expect(variables.ALIPAY_PRIVATE_KEY_FILE === key).toBe(true)
    },
  )
})

describe('in the environment or a flag', () => {
  const fix = `give the full path, which hosts find too: "${KEY}".`

  it('counts from where the program was started, and the full path is named', () => {
    expect(readConfig({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: HERE })).toMatchObject({
      config: {},
      notices: [{ variable: 'ALIPAY_PRIVATE_KEY_FILE', problem: expect.stringMatching(/^is a relative path, /), fix }],
    })
    const { notices } = configOf(readCommandLine(['--private-key-file', HERE], NO_PRIVATE))
    expect(notices).toMatchObject([{ variable: '--private-key-file', fix }])
    expect(problemsOf({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: 'no/such.pem' })).toMatchObject([
      { problem: expect.stringContaining(`(ENOENT): "${join(process.cwd(), 'no/such.pem')}"`) },
    ])
  })

  it('is what the doctor asks to look at, in both languages', async () => {
    const { checks } = await report({
      ...NO_PRIVATE,
      ALIPAY_ENV: 'sandbox',
      ALIPAY_TIMEOUT_MS: '100',
      ALIPAY_PRIVATE_KEY_FILE: HERE,
    })
    expect(checks.find(({ title }) => title === 'Settings')).toMatchObject({
      status: 'warning',
      found:
        'ALIPAY_PRIVATE_KEY_FILE: is a relative path, which counts from the folder in which the program was started.',
      found_zh: 'ALIPAY_PRIVATE_KEY_FILE 是相对路径，从程序启动时所在的文件夹算起。',
      fix,
      fix_zh: `请写完整路径，宿主程序也能找到："${KEY}"。`,
    })
  })
})
