// Placeholders of every shape count as not set and are named; values that look a little like them are values.
import { describe, expect, it } from 'vitest'
import { describePlaceholder, isPlaceholder } from '../../src/settings/placeholder.ts'
import { CREDENTIALS, NAMES } from '../../src/settings/variables.ts'
import { bare, vectors } from '../keys-for-tests.ts'
import { readConfig } from './read-config.ts'
import { NO_PRIVATE, problemsOf, SANDBOX } from './settings-for-tests.ts'

const PLACEHOLDER = 'holds a placeholder like ${NAME} that the host did not replace, so it counts as not set.'
const NAMED = /^(holds a placeholder like|still holds the example) .*, so it counts as not set\.$/

const SHAPES = [
  '${VAR}',
  '${env:VAR}',
  '${input:alipay-key}',
  '${{ secrets.KEY }}',
  '$VAR',
  '$$VAR',
  '$env:VAR',
  '$Env:APP_ID',
  '$(KEY)',
  '$(cat key.pem)',
  '`cat key.pem`',
  '%VAR%',
  '%%VAR%%',
  '!VAR!',
  '{{VAR}}',
  '{{ var }}',
  '{{{var}}}',
  '{% var %}',
  '{VAR}',
  '#{VAR}',
  '#{VAR}#',
  '[[VAR]]',
  '[YOUR_KEY]',
  '@VAR@',
  '__VAR__',
  '<your-key>',
  '<key>',
  '<应用私钥>',
  '《应用私钥》',
  '【应用私钥】',
  'process.env.KEY',
  'os.environ["KEY"]',
  'os.getenv("KEY")',
  'env:KEY',
  'op://shop/alipay/key',
  'vault:secret/alipay',
  'YOUR_APP_ID',
  'your_private_key_here',
  'your-app-id',
  'YourAppId',
  'yourPrivateKey',
  'your key',
  'my_private_key',
  'private_key_here',
  'APP_ID',
  'app_id',
  'private_key',
  'ALIPAY_APP_ID',
  'xxx',
  'XXXXXXXX',
  'xxxxxxxxxxxxxxxx',
  '2021xxxxxxxxxxxx',
  '2021************',
  '***',
  '...',
  '…',
  '???',
  'TODO',
  'TBD',
  'changeme',
  'change-me',
  'REPLACE_ME',
  'replace with your key',
  'replace_with_your_key',
  'insert your key here',
  'ENTER_YOUR_KEY',
  'paste key here',
  'placeholder',
  'undefined',
  'null',
  '[object Object]',
  '你的应用私钥',
  '您的APPID',
  '应用私钥',
  '支付宝公钥',
  '请填写应用私钥',
  '在此粘贴密钥',
  '此处填写APPID',
  '填写私钥',
  '替换为你的私钥',
  'MIIEvQIBADANBg...',
  'MIIEvQIBADANBg……',
  'MIIEv***Q==',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\\nyour key\\n-----END PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\n你的私钥\n-----END PRIVATE KEY-----',
]

describe.each(SHAPES)('%j', (shape) => {
  it('counts as not set in a key, an id and the like, and is named', () => {
    expect(isPlaceholder(shape)).toBe(true)
    for (const name of ['ALIPAY_PRIVATE_KEY', 'ALIPAY_APP_ID']) {
      expect(problemsOf({ ...SANDBOX, [name]: shape })).toMatchObject([
        { variable: name, problem: expect.stringMatching(NAMED) },
      ])
      // Once, and not as a notice beside the problem.
      expect(readConfig({ ...SANDBOX, [name]: shape }).notices).toStrictEqual([])
    }
  })
})

const INSIDE = [
  '${HOME}/key.pem',
  '$HOME/key.pem',
  '%USERPROFILE%\\key.pem',
  '%APPDATA%/alipay/key.pem',
  '$env:APPDATA\\key.pem',
  '{{home}}/key.pem',
  'C:\\Users\\%USERNAME%\\key.pem',
  '/home/$USER/key.pem',
  '!APPDATA!\\key.pem',
  '/srv/<name>/key.pem',
  '${workspaceFolder}/key.pem',
  '/path/to/key.pem',
  'C:\\path\\to\\key.pem',
  '/home/your-name/key.pem',
  '/Users/yourname/key.pem',
  '~/${APP}.pem',
]

describe.each(INSIDE)('%j, a variable inside a path,', (path) => {
  it('counts as not set', () => {
    expect(problemsOf({ ...NO_PRIVATE, ALIPAY_PRIVATE_KEY_FILE: path })).toMatchObject([
      { variable: 'ALIPAY_PRIVATE_KEY_FILE', problem: expect.stringMatching(NAMED) },
    ])
  })
})

it('says of an example that was left in place that it is one, and to give what is meant', () => {
  const README = { ALIPAY_PRIVATE_KEY_FILE: '/path/to/app-private-key.pem', ALIPAY_APP_ID: 'YOUR_APP_ID' }
  const { notices, ...read } = readConfig({ ...SANDBOX, ALIPAY_PRIVATE_KEY: undefined, ...README })
  expect({ notices, ...read }).toMatchObject({
    notices: [],
    problems: [
      {
        variable: 'ALIPAY_APP_ID',
        problem: 'still holds the example value "YOUR_APP_ID", so it counts as not set.',
        fix: 'give your own value in its place.',
      },
      {
        variable: 'ALIPAY_PRIVATE_KEY_FILE',
        problem: 'still holds the example path "/path/to/app-private-key.pem", so it counts as not set.',
        fix: 'give the path of your own file or folder in its place.',
      },
    ],
  })
  // What could be a part of a key is not shown.
  expect(describePlaceholder(`MIIE${'v'.repeat(60)}...`).problem).toMatch(/example value a text of 67 characters/)
})

it.each([
  'https://<your-domain>/notify',
  'https://your-domain.com/notify',
  'https://www.yourdomain.cn/notify',
  'https://$HOST/notify',
  'https://%NOTIFY_HOST%/notify',
  'https://%ADDRESS%/notify',
  'https://${HOST}/notify',
  'https://xxx.com/notify',
  'https://{{host}}/',
])('%s counts as not set', (address) => {
  const result = readConfig({ ...SANDBOX, ALIPAY_NOTIFY_URL: address })
  expect(result).toMatchObject({
    config: { notify_url: undefined },
    notices: [{ problem: expect.stringMatching(NAMED) }],
  })
})

it.each(NAMES)('$NAME in %s is named in the same words; a guard so meant stops the start', (name) => {
  const result = readConfig({ [name]: '$NAME' })
  const problems = 'problems' in result ? result.problems : []
  expect([...problems, ...result.notices].filter(({ problem }) => problem === PLACEHOLDER)).toMatchObject([
    { variable: name },
  ])
  const guards = /READ_ONLY|MAX_|DAILY|WINDOW|APPROV|TOOLS|SELLER_ID|DATA_DIR|ROLE|BUYER|OPEN_ORDERS/
  expect('config' in result).toBe(!CREDENTIALS.includes(name) && !guards.test(name))
})

it.each([
  'https://shop.example/%E4%BD%A0%E5%A5%BD',
  'https://shop.example/a%20b%2Fc',
  'https://shop.cn/notify?id=$1',
  'https://example.com/x',
  'https://yourmechanic.com/notify',
  '/srv/shop',
  '/srv/xxx/ledger',
  '/home/me/my_private_key.pem',
  '/srv/a$b/key',
  'C:\\$Recycle.Bin\\x.pem',
  'C:\\Users\\me\\key.pem',
  '~/key.pem',
  '9021000122633999',
  '2088000000000001',
  '99.50',
  '$9.90',
  '0',
  'none',
  'true',
  'page,qr',
  'chat',
  'production',
  '/支付宝/密钥/app.pem',
  'D:\\商家\\应用私钥.txt',
  '应用私钥RSA2048.txt',
  'yes',
  'no',
  'query_payment',
  'QR_CODE_OFFLINE',
  '',
  bare(vectors.app.private_pkcs8),
  vectors.app.private_pkcs8,
  bare(vectors.alipay.public_spki),
  vectors.alipay.public_spki,
  `应用私钥: ${bare(vectors.alipay.public_spki)}`,
  '202112BB0123456789abcdef0123456789',
])('%j is a value', (value) => {
  expect(isPlaceholder(value)).toBe(false)
})

it("takes a field of a bundle's form that nobody filled in as if it were not there", () => {
  const fields = [...CREDENTIALS, 'ALIPAY_ENV', 'ALIPAY_READ_ONLY', 'ALIPAY_MAX_REFUND', 'ALIPAY_DATA_DIR']
  const result = readConfig(Object.fromEntries(fields.map((name) => [name, `\${user_config.${name.toLowerCase()}}`])))
  expect(result).toMatchObject({ config: { environment: 'local', readOnly: false }, notices: [] })
  const halfFilledIn = { ...SANDBOX, ALIPAY_PRIVATE_KEY: '${user_config.private_key}' }
  expect(problemsOf(halfFilledIn)).toMatchObject([{ variable: 'ALIPAY_PRIVATE_KEY', problem: 'is not set.' }])
})
