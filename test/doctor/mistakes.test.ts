// Typical mistakes in settings and keys, each against an emulator: the right diagnosis must stand first.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, describe, it } from 'vitest'
import { bare, vectors } from '../keys-for-tests.ts'
import { expectDiagnosis, type Mistake } from './mistake.ts'
import { cleanUp, type Env, file, newPatient, SANDBOX, without } from './patients.ts'

const [patient, certified] = await Promise.all([newPatient(), newPatient({ certificates: true })])
afterAll(cleanUp)

const good = (more: Env = {}): Env => ({ ...patient.env, ...more })
const SANDBOX_HOST = 'https://openapi-sandbox.dl.alipaydev.com/gateway.do'
/** No console knows the app of an emulator. */
const OF_EMULATOR =
  /^copy it from what the emulator printed at its start; .* 请从模拟器启动时的输出里复制；(?!.*控制台)/
const weakKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })

const KEYS: Record<string, Mistake> = {
  'swapped keys': {
    env: () => ({
      ...SANDBOX,
      ALIPAY_PRIVATE_KEY: vectors.alipay.public_spki,
      ALIPAY_PUBLIC_KEY: vectors.app.private_pkcs8,
    }),
    check: 'Keys',
    says: /swapped/,
    fix: /belongs to ALIPAY_PRIVATE_KEY, .*应用私钥属于 ALIPAY_PRIVATE_KEY/,
  },
  "the application's own public key as Alipay's": {
    env: () => good({ ALIPAY_PUBLIC_KEY: patient.emulator.app_public_key }),
    check: 'Keys',
    says: /ALIPAY_PUBLIC_KEY: .*own public key 应用公钥/,
    fix: OF_EMULATOR,
  },
  'the private key of another app': {
    env: () => good({ ALIPAY_PRIVATE_KEY: vectors.app.private_pkcs8 }),
    check: 'App and signatures',
    says: /isv\.invalid-signature/,
    fix: new RegExp(`must end in \\.\\.\\.${bare(vectors.app.public_spki).slice(-14)}`),
  },
  "another key as Alipay's": {
    env: () => good({ ALIPAY_PUBLIC_KEY: vectors.alipay.public_spki }),
    check: 'App and signatures',
    says: /does not fit ALIPAY_PUBLIC_KEY/,
    fix: /copy ALIPAY_PUBLIC_KEY as the emulator printed it.*按模拟器输出/,
  },
  'a certificate as the private key': {
    env: () => good({ ALIPAY_PRIVATE_KEY: certified.emulator.app_cert ?? '' }),
    check: 'Keys',
    says: /ALIPAY_PRIVATE_KEY: .*a certificate, not a key/,
    fix: /应用私钥/,
  },
  'a truncated key': {
    env: () => good({ ALIPAY_PRIVATE_KEY: patient.emulator.private_key.slice(0, 800) }),
    check: 'Keys',
    says: /a part of it is missing/,
    fix: /paste it again/,
  },
  'a key of 1024 bits': {
    env: () => good({ ALIPAY_PRIVATE_KEY: weakKey().toString() }),
    check: 'Keys',
    says: /1024 bits/,
    fix: /支付宝开放平台密钥工具/,
  },
  'a key pasted where its file belongs': {
    env: () => ({
      ...without(patient.env, 'ALIPAY_PRIVATE_KEY'),
      ALIPAY_PRIVATE_KEY_FILE: patient.emulator.private_key,
    }),
    check: 'Keys',
    says: /ALIPAY_PRIVATE_KEY_FILE: holds a key itself, not the path of a file/,
    fix: /move it to ALIPAY_PRIVATE_KEY/,
  },
  'a key file that is missing': {
    env: () => ({ ...without(patient.env, 'ALIPAY_PUBLIC_KEY'), ALIPAY_PUBLIC_KEY_FILE: '/nowhere/key.pem' }),
    check: 'Keys',
    says: /ALIPAY_PUBLIC_KEY_FILE: .*ENOENT/,
    fix: /a plain file that is there/,
  },
  'a key file that others can read': {
    env: () => ({
      ...without(patient.env, 'ALIPAY_PRIVATE_KEY'),
      ALIPAY_PRIVATE_KEY_FILE: file('open.pem', patient.emulator.private_key, 0o644),
    }),
    check: 'Settings',
    says: /mode 644/,
    fix: /chmod 600/,
    status: 'warning',
  },
  "Alipay's certificate of another app": {
    env: () => ({
      ...without(certified.env, 'ALIPAY_PUBLIC_KEY', 'ALIPAY_PRIVATE_KEY'),
      ALIPAY_PRIVATE_KEY: patient.emulator.private_key,
      ALIPAY_APP_CERT_FILE: file('app.crt', certified.emulator.app_cert ?? ''),
      ALIPAY_PUBLIC_CERT_FILE: file('alipay.crt', certified.emulator.alipay_cert ?? ''),
      ALIPAY_ROOT_CERT_FILE: file('root.crt', certified.emulator.root_cert ?? ''),
    }),
    check: 'Keys',
    says: /ALIPAY_APP_CERT_FILE: does not belong to the private key/,
    fix: /应用公钥证书/,
  },
  'an app that Alipay expects certificates of': {
    env: () => certified.env,
    check: 'App and signatures',
    says: /isv\.missing-app-cert-sn/,
    fix: /接口加签方式/,
  },
}

const SETTINGS: Record<string, Mistake> = {
  'no app id': {
    env: () => without(patient.env, 'ALIPAY_APP_ID'),
    check: 'Settings',
    says: /ALIPAY_APP_ID: is not set/,
    fix: OF_EMULATOR,
  },
  'an app id of letters': {
    env: () => good({ ALIPAY_APP_ID: 'my-shop' }),
    check: 'Settings',
    says: /ALIPAY_APP_ID: does not have the form/,
    fix: OF_EMULATOR,
  },
  'no app id in the sandbox': {
    env: () => without(SANDBOX, 'ALIPAY_APP_ID'),
    check: 'Settings',
    says: /ALIPAY_APP_ID: is not set/,
    fix: /控制台/,
  },
  'an app id of letters in the sandbox': {
    env: () => ({ ...SANDBOX, ALIPAY_APP_ID: 'my-shop' }),
    check: 'Settings',
    says: /ALIPAY_APP_ID: does not have the form/,
    fix: /digits only/,
  },
  'a placeholder that the host left': {
    env: () => good({ ALIPAY_APP_ID: '${ALIPAY_APP_ID}' }),
    check: 'Settings',
    says: /placeholder/,
    fix: OF_EMULATOR,
  },
  'the app id of another emulator': {
    env: () => good({ ALIPAY_APP_ID: certified.emulator.app_id }),
    check: 'App and signatures',
    says: /isv\.invalid-app-id/,
    fix: /In local copy the app id that the emulator printed\..*local 用模拟器输出的 APPID/,
  },
  'a misspelt variable': {
    env: () => ({ ...without(patient.env, 'ALIPAY_APP_ID'), ALIPAY_APPID: patient.emulator.app_id }),
    check: 'Settings',
    says: /ALIPAY_APPID is, which this server does not read/,
    fix: /ALIPAY_APP_ID|APPID/,
  },
  'two names for one thing that differ': {
    env: () => good({ AP_APP_ID: '9021000000000009' }),
    check: 'Settings',
    says: /is another name for .*, and they differ/,
    fix: /keep one of the two/,
  },
  'an unknown tool': {
    env: () => good({ ALIPAY_TOOLS: 'query_payment,pay_all' }),
    check: 'Settings',
    says: /ALIPAY_TOOLS: holds "pay_all"/,
    fix: /create_payment/,
  },
  "the official server's agent tool": {
    env: () => good({ AP_SELECT_TOOLS: 'create-alipay-payment-agent' }),
    check: 'Settings',
    says: /AP_SELECT_TOOLS: .*no counterpart/,
    fix: /mobilePay/,
  },
  'a broken --config': {
    env: () => good(),
    args: () => ['--config', file('shop.json', '{\n  "app_id": "9021000000000001",\n  oops\n}')],
    check: 'Settings',
    says: /--config: stops being JSON on line 3 of .*shop\.json/,
    fix: /example in docs.settings\.md/,
  },
  "production's gateway in sandbox": {
    env: () => ({
      ...SANDBOX,
      ALIPAY_ENV: 'sandbox',
      ALIPAY_GATEWAY: 'https://openapi.alipay.com/gateway.do',
    }),
    check: 'Environment',
    says: /ALIPAY_ENV: is sandbox, but .* means production/,
    fix: /ALIPAY_ENV=production if real money is meant/,
  },
  "the sandbox's gateway in production": {
    env: () => ({ ...SANDBOX, ALIPAY_ENV: 'production', ALIPAY_GATEWAY: SANDBOX_HOST }),
    check: 'Environment',
    says: /ALIPAY_ENV: is production, but .* means sandbox/,
    fix: /ALIPAY_ENV=sandbox/,
  },
  'the sandbox that was switched off': {
    env: () => ({ ...SANDBOX, ALIPAY_GATEWAY: 'https://openapi.alipaydev.com/gateway.do' }),
    check: 'Environment',
    says: /switched off/,
    fix: /remove ALIPAY_GATEWAY/,
  },
  'a gateway without TLS': {
    env: () => ({ ...SANDBOX, ALIPAY_GATEWAY: 'http://gateway.example/gateway.do' }),
    check: 'Environment',
    says: /ALIPAY_GATEWAY: is not an https address/,
    fix: /https:/,
  },
  'a port of the built-in emulator that is taken': {
    env: () => ({ ALIPAY_EMULATOR_PORT: new URL(patient.emulator.gateway).port }),
    check: 'Environment',
    says: /ALIPAY_EMULATOR_PORT: .*already in use/,
    fix: /free port/,
  },
}

describe('doctor names first', () => {
  it.each(Object.entries({ ...KEYS, ...SETTINGS }))('%s', (_what, mistake) => expectDiagnosis(mistake))
})
