// Five sources in one order of precedence, each under our own names, and every setting remembers where it came from.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { configOf } from '../../src/settings/config.ts'
import { temporaryFiles } from './settings-for-tests.ts'

const { folder, file } = temporaryFiles()
const json = (name: string, content: Readonly<Record<string, unknown>>) => file(name, JSON.stringify(content))

const ENV_FILE = file('shop.env', 'AP_APP_ID=3\nALIPAY_SELLER_ID=3\nALIPAY_TIMEOUT_MS=3')
const CONFIG = json('shop.json', { app_id: '4', merchant_id: 4, notify_url: '4', timeout_ms: 4 })
const SETTINGS = json('settings.json', {
  app_id: '5',
  read_only: true,
  notify_url: '5',
  ALIPAY_ENV: 'sandbox',
})
const ALL = ['--dotenv', ENV_FILE, '--config', CONFIG]

describe('the order of precedence', () => {
  const { variables, origins, problems, notices } = readCommandLine(
    [...ALL, '--app-id', '1'],
    { ALIPAY_APP_ID: '2', ALIPAY_TIMEOUT_MS: '2' },
    SETTINGS,
  )

  it('is flags, environment, --dotenv, --config, settings file', () => {
    expect(variables).toStrictEqual({
      ALIPAY_APP_ID: '1',
      ALIPAY_TIMEOUT_MS: '2',
      ALIPAY_SELLER_ID: '3',
      ALIPAY_NOTIFY_URL: '4',
      ALIPAY_READ_ONLY: 'true',
      ALIPAY_ENV: 'sandbox',
    })
    expect([problems, notices]).toStrictEqual([[], []])
  })

  it('is told for every setting, with the name under which it was written', () => {
    expect(Object.fromEntries(origins)).toStrictEqual({
      ALIPAY_APP_ID: { text: 'the command line (--app-id)', label: '--app-id' },
      ALIPAY_TIMEOUT_MS: { text: 'the environment', label: 'ALIPAY_TIMEOUT_MS' },
      ALIPAY_SELLER_ID: { text: `--dotenv ${ENV_FILE}`, label: `ALIPAY_SELLER_ID (${ENV_FILE})` },
      ALIPAY_NOTIFY_URL: { text: `--config ${CONFIG} (notify_url)`, label: `notify_url (${CONFIG})` },
      ALIPAY_READ_ONLY: { text: `settings file ${SETTINGS} (read_only)`, label: `read_only (${SETTINGS})` },
      ALIPAY_ENV: { text: `settings file ${SETTINGS}`, label: `ALIPAY_ENV (${SETTINGS})` },
    })
  })

  it('lets each source speak where the higher ones are silent', () => {
    const id = (args: string[], env: Record<string, string>, settings?: string) =>
      readCommandLine(args, env, settings).variables.ALIPAY_APP_ID
    expect(id(ALL, { AP_APP_ID: '2' }, SETTINGS)).toBe('2')
    expect(id(ALL, {}, SETTINGS)).toBe('3')
    expect(id(['--config', CONFIG], {}, SETTINGS)).toBe('4')
    expect(id([], {}, SETTINGS)).toBe('5')
    expect(id(['--no-settings-file'], {}, SETTINGS)).toBeUndefined()
    expect(id([], {}, join(folder, 'none', 'settings.json'))).toBeUndefined()
  })
})

describe('a higher source', () => {
  const replaced = (lower: Readonly<Record<string, string>>, higher: Record<string, string>) =>
    readCommandLine(['--config', json('lower.json', lower)], higher).variables

  it.each([
    [{ private_key: 'a' }, { ALIPAY_PRIVATE_KEY_FILE: 'b' }],
    [{ private_key_file: 'a' }, { ALIPAY_PRIVATE_KEY: 'b' }],
    [{ alipay_public_key: 'a' }, { ALIPAY_PUBLIC_KEY_FILE: 'b' }],
    [{ alipay_public_key: 'a' }, { ALIPAY_PUBLIC_CERT_FILE: 'b' }],
    [{ public_cert_file: 'a', app_cert_file: 'a', root_cert_file: 'a' }, { ALIPAY_PUBLIC_KEY: 'b' }],
  ])('replaces %j of a lower one by %j', (lower, higher) => {
    expect(replaced(lower, higher)).toStrictEqual(higher)
  })

  it('replaces nothing by a placeholder', () => {
    expect(replaced({ app_id: '1', private_key: 'a' }, { AP_APP_ID: '${AP_APP_ID}' })).toStrictEqual({
      ALIPAY_APP_ID: '1',
      ALIPAY_PRIVATE_KEY: 'a',
    })
  })

  it('may give the official name for what a lower one gives under ours', () => {
    const { variables, problems } = readCommandLine(['--config', CONFIG], { AP_APP_ID: '2' })
    expect([variables.ALIPAY_APP_ID, problems]).toStrictEqual(['2', []])
  })
})

describe('problems and notices', () => {
  it('name a setting as it was written, and its file', () => {
    const env = file('bad.env', 'ALIPAY_TIMEOUT_MS=soon\nALIPAY_CHANELS=page')
    const config = json('bad.json', { channels: ['page', 'cash'], seller_id: '${SELLER}' })
    const line = readCommandLine(['--dotenv', env, '--config', config, '--env', 'prod'], {
      ALIPAY_READ_ONLY: 'x',
    })
    const result = configOf(line)
    expect('problems' in result && result.problems.map(({ variable }) => variable).sort()).toStrictEqual([
      '--env',
      `ALIPAY_CHANELS (${env})`,
      'ALIPAY_READ_ONLY',
      `ALIPAY_TIMEOUT_MS (${env})`,
      `channels (${config})`,
    ])
    expect(result.notices.map(({ variable }) => variable)).toStrictEqual([`seller_id (${config})`])
  })

  it('of a file that cannot be used stop the rest, with the guards that are known', () => {
    const line = readCommandLine(['--config', file('broken.json', '{')], { ALIPAY_READ_ONLY: 'true' })
    expect(configOf(line)).toMatchObject({ problems: [{ variable: '--config' }], readOnly: true })
  })
})
