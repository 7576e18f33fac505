// Recipes for what a server is started with: variables, files and keys that nearly fit, and hostile ones.
import fc from 'fast-check'
import { NAMES } from '../../src/settings/variables.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { type Edit, edits, hostileJson, hostileText, PROTOTYPE_NAMES } from './hostile.ts'

type Pairs = readonly (readonly [string, string])[]

export interface SettingsInput {
  env: Pairs
  /** Undefined: not named. */
  envFile: string | undefined
  config: string | undefined
  settingsFile: string | undefined
  key: { text: string; edits: readonly Edit[] } | undefined
}

const { app, alipay } = vectors
const KEYS = [app.private_pkcs8, app.private_pkcs1, app.public_spki, alipay.public_spki]
const WRAPPED = KEYS.flatMap((pem) => [
  pem,
  bare(pem),
  pem.replaceAll('\n', '\\n'),
  pem.replaceAll('\n', ' '),
  JSON.stringify(pem),
  `应用私钥：${bare(pem)}`,
  pem.replace('-----', '----'),
  pem.slice(0, -40),
  encodeURIComponent(bare(pem)),
  Buffer.from(pem).toString('base64'),
  `${pem}${pem}`,
])
const keyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WRAPPED) },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-----BEGIN ', '-----BEGIN RSA PRIVATE KEY-----\n').map((text) => text.repeat(200)),
  },
)

const VALUES = [
  ...['local', 'sandbox', 'production', 'prod', 'true', 'false', '1', '0', '9.90', '-1', '9021000000000001', '2088'],
  ...[
    'page,mobile',
    'create_payment',
    'chat',
    'operator',
    'none',
    '/tmp',
    '/dev/null',
    '~/key.pem',
    'C:\\new\\key.pem',
  ],
  ...['https://shop.example/#/paid', 'http://127.0.0.1:1/gateway.do', 'https://openapi.alipay.com/gateway.do'],
  ...[
    '${ALIPAY_ENV}',
    '$X',
    '%X%',
    '{{X}}',
    '<your-key>',
    'https://user:pw@shop.example/',
    'https://gw.example/gateway.do',
  ],
]
const ALIASES = ['AP_APP_ID', 'AP_APP_KEY', 'AP_PUB_KEY', 'AP_CURRENT_ENV', 'AP_SELECT_TOOLS', 'AP_ENCRYPTION_ALGO']
const NEAR = [
  'ALIPAY_APPID',
  'alipay_env',
  'ALIPAY_PRIVAT_KEY',
  'APP_ID',
  'appId',
  'privateKey',
  'gateway',
  'PATH',
  'HTTPS_PROXY',
]

const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 3, arbitrary: fc.constantFrom(...ALIASES, ...NEAR) },
  { weight: 2, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES) },
  { weight: 1, arbitrary: hostileText },
)

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: hostileText },
  // A whole key takes a thousand times as long as any other value.
  { weight: 1, arbitrary: keyText },
)
const pairs = (most: number) => fc.array(fc.tuple(name, value), { maxLength: most })

const envLine = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(name, fc.constantFrom('=', ': ', ' = ', '=="', "='", '="'), value)
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('# x', 'export A=1', '=', 'no setting', '"open', "'", '`', 'A=`x', '\ufeffA=1'),
  },
)
const envFile = fc.array(envLine, { maxLength: 4 }).map((lines) => lines.join('\n'))

const jsonFile = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.tuple(
          name,
          fc.oneof(
            value.map((one) => JSON.stringify(one)),
            hostileJson,
          ),
        ),
        { maxLength: 4 },
      )
      .map(jsonText),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('{"a":', '[', '{"x": "', '{\n'), fc.nat({ max: 2_000 }))
      .map(([piece, times]) => piece.repeat(times)),
  },
  { weight: 1, arbitrary: hostileText },
)

function jsonText(members: Pairs): string {
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}: ${json}`).join(',\n')}}`
}

const perhaps = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

export const settingsInputs: fc.Arbitrary<SettingsInput> = fc.record({
  env: pairs(5),
  envFile: perhaps(envFile),
  config: perhaps(jsonFile),
  settingsFile: perhaps(jsonFile),
  // OpenSSL takes longer than all the rest.
  key: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ text: keyText, edits: edits(2) }) },
  ),
})
