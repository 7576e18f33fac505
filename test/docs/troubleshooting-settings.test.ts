// Provokes what the page of troubleshooting quotes about settings and keys.
import { readCommandLine } from '../../src/cli/command-line.ts'
import { describeProblem } from '../../src/doctor/finding.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { ConfigError, type Problem } from '../../src/errors.ts'
import type { Both, Language } from '../../src/language.ts'
import type { Variables } from '../../src/settings/sources.ts'
import { RawServer } from '../e2e/hosts.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { readConfig } from '../settings/read-config.ts'
import { SANDBOX, temporaryFiles } from '../settings/settings-for-tests.ts'
import { prove } from './troubleshooting-page.ts'

const { file } = temporaryFiles()

/** What the operator is told of good settings that were changed so. */
function told(change: Variables): Both {
  const { notices, ...read } = readConfig({ ...SANDBOX, ...change })
  return described('problems' in read ? [...read.problems, ...notices] : notices)
}

/** As a tool says it, and as the doctor says it in Chinese. */
function described(problems: readonly Problem[]): Both {
  const zh = problems.map((problem) => describeProblem(problem).found.zh)
  return { en: new ConfigError(problems).message, zh: zh.join('\n') }
}

/** What a person sees whose command line is not understood. */
function typed(...args: string[]): Both {
  const inLanguage = (language: Language) => {
    try {
      readCommandLine([...args, '--lang', language], {})
      return 'was understood'
    } catch (error) {
      return String(error)
    }
  }
  return { en: inLanguage('en'), zh: inLanguage('zh') }
}

prove('settings', {
  'Not configured. The operator must set: ...': async () => {
    const server = new RawServer({ ALIPAY_APP_ID: 'abc' })
    await server.open('2025-11-25')
    const { message, message_zh } = await server.call('query_payment', { out_trade_no: 'ORDER_1' })
    await server.end()
    return `${message}\nmessage_zh: ${message_zh}`
  },
  '...: is not set. Fix: ...': () => told({ ALIPAY_PUBLIC_KEY: undefined }),
  '...: is not set; ... is, which this server does not read.': () =>
    told({ ALIPAY_APP_ID: undefined, ALIPAY_APPID: SANDBOX.ALIPAY_APP_ID }),
  'holds a placeholder like ${NAME} that the host did not replace, so it counts as not set.': () =>
    told({ ALIPAY_PRIVATE_KEY: '${ALIPAY_PRIVATE_KEY}' }),
  '...: still holds the example path "...", so it counts as not set.': () =>
    told({ ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: '/path/to/app-private-key.pem' }),
  '--dotenv: "..." holds no setting.': () => {
    const { problems } = readCommandLine([`--dotenv=${file('empty.env', '# ALIPAY_ENV=sandbox\n')}`], {})
    return described(problems)
  },
  '...: is another name for ..., and they differ.': () => told({ AP_APP_ID: '9021000000000002' }),
  '...: names a file that cannot be read (...): "...".': () =>
    told({ ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: '/nowhere/key.pem' }),
  '...: names ..., not a plain file: "...".': () =>
    told({ ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: '/dev/null' }),
  '...: holds a key itself, not the path of a file.': () =>
    told({ ALIPAY_PRIVATE_KEY: undefined, ALIPAY_PRIVATE_KEY_FILE: vectors.app.private_pkcs8 }),
  'ALIPAY_NOTIFY_URL: names ..., which Alipay cannot reach: it is not on the internet.': () =>
    told({ ALIPAY_NOTIFY_URL: 'http://192.168.1.20/notify' }),
  '...: is a serial number, which is worked out from the certificate, not set.': () =>
    told({ ALIPAY_APP_CERT_SN: '0123456789abcdef0123456789abcdef' }),
  '... is a key or a part of one; it is not shown here.': () => typed('serve', bare(vectors.app.private_pkcs8)),
  '... is no command: it looks like a part of a path that was split at its blank.': () =>
    typed('--config', 'C:\\Program', 'Files\\shop.json'),
  'ALIPAY_ENV: is ..., but ALIPAY_GATEWAY (...) means ....': () =>
    told({ ALIPAY_ENV: 'sandbox', ALIPAY_GATEWAY: 'https://openapi.alipay.com/gateway.do' }),
  'ALIPAY_GATEWAY: names a host of Alipay, but not its gateway, whose path is /gateway.do.': () =>
    told({ ALIPAY_ENV: 'sandbox', ALIPAY_GATEWAY: 'https://openapi-sandbox.dl.alipaydev.com/v3' }),
  '...: in ... has a # in its value, where the value would end.': () => {
    const { problems } = readCommandLine(['--dotenv', file('shop.env', 'ALIPAY_DATA_DIR=/srv/shop#2')], {})
    return described(problems)
  },
  '...: cannot be used: this is a public key, not a private one.': () =>
    told({ ALIPAY_PRIVATE_KEY: vectors.alipay.public_spki }),
  'ALIPAY_PRIVATE_KEY: is swapped with ALIPAY_PUBLIC_KEY: ...': () =>
    told({ ALIPAY_PRIVATE_KEY: vectors.alipay.public_spki, ALIPAY_PUBLIC_KEY: vectors.app.private_pkcs8 }),
  "...: holds the application's own public key 应用公钥: it is the other half of the private key.": () =>
    told({ ALIPAY_PUBLIC_KEY: vectors.app.public_spki }),
  '...: cannot be used: this is a certificate, not a key.': async () => {
    const emulator = await startEmulator({ certificates: true })
    await emulator.close()
    return told({ ALIPAY_PUBLIC_KEY: emulator.alipay_cert })
  },
  '...: cannot be used: a part of it is missing: ... of ... bytes are there.': () =>
    told({ ALIPAY_PRIVATE_KEY: bare(vectors.app.private_pkcs8).slice(0, 800) }),
  '...: cannot be used: it holds more than one public key.': () =>
    told({ ALIPAY_PUBLIC_KEY: `${vectors.app.public_spki}\n${vectors.alipay.public_spki}` }),
  '...: cannot be used: this is neither a PEM text nor base64: ...': () =>
    told({ ALIPAY_PRIVATE_KEY: bare(vectors.app.private_pkcs8).replace('A', 'А') }),
})
