// Every variable that the server knows, in the order of .env.example; each is also a flag, but for secrets.

/** `credential`: its presence means that somebody wants Alipay itself, not the emulator. */
interface Variable {
  about: string
  credential?: true
  /** Shown to every user of the computer by `ps`, so not as a flag. */
  secret?: true
  switch?: true
}

const VARIABLES = {
  ALIPAY_ENV: {
    about:
      'local (built-in emulator), sandbox (Alipay 沙箱) or production (real money). ' +
      'Default: local without credentials, sandbox with them.',
  },
  ALIPAY_APP_ID: { about: 'APPID of the app, 16 digits.', credential: true },
  ALIPAY_PRIVATE_KEY: {
    about: "The application's private key 应用私钥, PKCS#1 or PKCS#8, PEM or base64. Or name a file:",
    credential: true,
    secret: true,
  },
  ALIPAY_PRIVATE_KEY_FILE: { about: 'File with the private key.', credential: true },
  ALIPAY_PUBLIC_KEY: {
    about: "Alipay's public key 支付宝公钥 (not the application's own 应用公钥). Every answer is verified with it.",
    credential: true,
    secret: true,
  },
  ALIPAY_PUBLIC_KEY_FILE: { about: "File with Alipay's public key.", credential: true },
  ALIPAY_APP_CERT_FILE: {
    about:
      "Certificate mode 公钥证书, instead of Alipay's public key: file with the application's certificate " +
      '应用公钥证书 (appCertPublicKey_....crt),',
    credential: true,
  },
  ALIPAY_PUBLIC_CERT_FILE: {
    about: "file with Alipay's certificate 支付宝公钥证书 (alipayCertPublicKey_RSA2.crt),",
    credential: true,
  },
  ALIPAY_ROOT_CERT_FILE: {
    about: "file with Alipay's root certificates 支付宝根证书 (alipayRootCert.crt). All three or none.",
    credential: true,
  },
  ALIPAY_APP_AUTH_TOKEN: {
    about: 'Token of the merchant for whom this app acts (服务商 app_auth_token); for an own app none.',
    credential: true,
    secret: true,
  },
  ALIPAY_SELLER_ID: {
    about:
      'Merchant id (PID), 16 digits, 2088...; whose ledger it is. The same for all servers; orders made before it was set go on under it (those of the app that is first started with it). In production no refunds without it.',
  },
  ALIPAY_PUBLIC_URL: {
    about:
      'Public address of "alipay-mcp listen" behind your HTTPS proxy, such as https://pay.example.com: orders get a short ' +
      'link there, and Alipay notifies it of payments and refunds. http://127.0.0.1:8421 serves a buyer at this computer.',
  },
  ALIPAY_PAYEE: {
    about:
      'What the payment page says of you: JSON with name, and if you like licence, contact, icp and refund_policy. ' +
      'Default: no name.',
  },
  ALIPAY_LISTEN: {
    about: 'Where "alipay-mcp listen" takes what your proxy passes on: IP address and port. Default: 127.0.0.1:8421.',
  },
  ALIPAY_TRUSTED_PROXIES: {
    about:
      'For "alipay-mcp listen", the addresses of your proxies, such as 127.0.0.1,10.0.0.0/8: the last address of their ' +
      'X-Forwarded-For is the visitor. Default: none.',
  },
  ALIPAY_NOTIFY_APPS: {
    about:
      'For "alipay-mcp listen", other apps of the same merchant: APPID=FILE with Alipay\'s public key for that app, ' +
      'with its whole path, joined by commas.',
  },
  ALIPAY_FORWARD_URL: {
    about:
      'For "alipay-mcp listen", the notify address of your own system: each genuine notification is passed on unchanged, ' +
      'and Alipay gets its answer.',
  },
  ALIPAY_ALERT_URL: {
    about:
      'Where "alipay-mcp listen" sends what a person has to hear of: the address of a robot of 钉钉 DingTalk, 企业微信 WeCom or ' +
      '飞书 Feishu, or of your own system, which gets JSON. It is a secret.',
    secret: true,
  },
  ALIPAY_ALERT_SECRET: {
    about: 'The signing secret 加签 of that robot, where it has one.',
    secret: true,
  },
  ALIPAY_ALERT_ON: {
    about: 'problems: only what is wrong; payments: each payment, too. Default: problems.',
  },
  ALIPAY_NOTIFY_URL: {
    about:
      'Another public address for notifications, sent to Alipay with each order (notify_url): your own system receives ' +
      'and verifies them, and "alipay-mcp listen" gets none.',
  },
  ALIPAY_RETURN_URL: { about: "Where the buyer's browser returns after paying." },
  ALIPAY_GATEWAY: {
    about:
      "Another gateway address. One on this computer means local; any https address that is not Alipay's " +
      'counts as production.',
  },
  ALIPAY_TIMEOUT_MS: {
    about: 'One HTTP exchange, milliseconds, 100 to 25000: hosts cut calls at 60 s, and some need two.',
  },
  ALIPAY_CHANNELS: {
    about:
      'Ways to pay that may be offered, the default first: page (computer), mobile (phone browser), qr (a code to ' +
      'be scanned in Alipay). Default: page,mobile; in local page,mobile,qr.',
  },
  ALIPAY_QR_PRODUCT_CODE: {
    about: 'Product behind the qr channel: QR_CODE_OFFLINE 订单码 or FACE_TO_FACE_PAYMENT 当面付.',
  },
  ALIPAY_TOOLS: {
    about: 'Comma list of the only tools to be offered. Default: all.',
  },
  ALIPAY_TOOLSETS: {
    about: 'Comma list of what is offered: payments, subscriptions (docs/subscriptions.md). Default: payments.',
  },
  ALIPAY_READ_ONLY: {
    about: 'true: only the tools that change nothing are offered. The flag takes no value.',
    switch: true,
  },
  ALIPAY_ROLE: {
    about:
      'Who sits in the chat: merchant, or buyer for a shop whose buyers talk with the assistant. Never both roles in one ' +
      "model's list of tools. Default: merchant.",
  },
  ALIPAY_ITEMS_FILE: {
    about:
      'JSON file with what is sold, at which price, how it is delivered and refunded, and the plans of subscriptions: ' +
      'docs/shop.md shows one.',
  },
  ALIPAY_SINGLE_BUYER: {
    about:
      'true: whoever is in the chat is one buyer, the same after each restart. Otherwise the program around the model names ' +
      'the buyer of each call in _meta["alipay-mcp/buyer"].',
    switch: true,
  },
  ALIPAY_BUYER_OPEN_ORDERS: {
    about: 'Unpaid orders that one buyer may have at once, 1 to 1000. Default: 3.',
  },
  ALIPAY_BUYER_ORDERS_PER_HOUR: {
    about: 'Orders that one buyer may make in an hour, 1 to 10000. Default: 10.',
  },
  ALIPAY_OPEN_ORDERS: {
    about: 'Unpaid orders of all buyers together, 1 to 100000. Default: 500.',
  },
  ALIPAY_BUYER_DAILY_REFUNDS: {
    about:
      'What one buyer may get back on one Beijing day without a person, by the policy of an item, in yuan. Default: 100.00.',
  },
  ALIPAY_DELIVERY_SECRET_FILE: {
    about: 'File with the secret that signs what hooks get: deliveries, and announcements of renewals.',
  },
  ALIPAY_SUBSCRIPTIONS: {
    about:
      'enabled: subscriptions in production, too, which refuses them without it: nobody has tried them against Alipay.',
  },
  ALIPAY_SUBSCRIPTION_PRODUCT: {
    about:
      'Product of your contract: GENERAL_WITHHOLDING 商家扣款 or CYCLE_PAY_AUTH 周期扣款. ' +
      'Default: none; with the built-in emulator GENERAL_WITHHOLDING.',
  },
  ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT: {
    about: 'personal_product_code; only agreements with period rules have a planned day. Default: CYCLE_PAY_AUTH_P.',
  },
  ALIPAY_SUBSCRIPTION_SCENE: {
    about:
      'sign_scene of your contract, such as INDUSTRY|DIGITAL_MEDIA. ' +
      'Default: none; with the built-in emulator INDUSTRY|DEFAULT_SCENE.',
  },
  ALIPAY_MAX_PAYMENT: {
    about: "The most that one order may cost, in yuan such as 99.50. Default: no limit but Alipay's.",
  },
  ALIPAY_MAX_REFUND: {
    about: 'The most that one refund may give back, in yuan. Production refuses refunds without it.',
  },
  ALIPAY_DAILY_PAYMENTS: {
    about: 'The most that the orders made on one Beijing day may cost together, in yuan.',
  },
  ALIPAY_DAILY_REFUNDS: {
    about: 'The most that one Beijing day may give back, in yuan. Production refuses refunds without it.',
  },
  ALIPAY_DAILY_CHARGES: {
    about: 'The most that the charges of subscriptions may take together on one Beijing day, in yuan.',
  },
  ALIPAY_REFUND_WINDOW_DAYS: {
    about: 'Days after the payment in which it may be refunded here, 1 to 365. Default: as long as Alipay allows.',
  },
  ALIPAY_MAX_CALLS_PER_MINUTE: {
    about: 'Calls of tools in one minute, 0 to 10000; 0 does not count them. Default: 120.',
  },
  ALIPAY_REFUND_APPROVAL: {
    about:
      'Who says yes to a refund: chat (whoever sits in this chat is the merchant or staff), operator (outside the ' +
      'chat: alipay-mcp approvals, or a page in the browser) or none. Default: chat; production refuses refunds without it.',
  },
  ALIPAY_APPROVE_ABOVE: {
    about:
      'Nobody is asked about a refund while the refunds that nobody was asked about, this one included, stay under so many ' +
      'yuan, those of its order and of its day added up. Default: each is asked about.',
  },
  ALIPAY_DATA_DIR: {
    about:
      "Folder of the ledger, an absolute path. Default: the platform's data folder; in local the ledger is in memory.",
  },
  ALIPAY_RETENTION_DAYS: {
    about:
      'Orders older than so many days, paid ones too, are removed from the ledger, 30 to 3650; not one that waits for ' +
      'payment, has a step in doubt or was refunded lately. Default: never.',
  },
  ALIPAY_EMULATOR_PORT: {
    about: 'Port of the built-in emulator in local; 0 takes a free one.',
  },
} as const satisfies Record<string, Variable>

export type Name = keyof typeof VARIABLES

/** Names come from outside, and may be `constructor`. */
const BY_NAME: ReadonlyMap<string, Variable> = new Map<string, Variable>(Object.entries(VARIABLES))
export const NAMES = Object.keys(VARIABLES)
export const CREDENTIALS = NAMES.filter((name) => BY_NAME.get(name)?.credential)

/** Whether the setting is the path of a file. */
export const isFileName = (name: string) => BY_NAME.has(name) && name.endsWith('_FILE')

export const CERTIFICATE_FILES = ['ALIPAY_APP_CERT_FILE', 'ALIPAY_PUBLIC_CERT_FILE', 'ALIPAY_ROOT_CERT_FILE'] as const

/** `--app-id` for ALIPAY_APP_ID; undefined for a variable that must not stand on a command line. */
export function flagOf(name: string): string | undefined {
  if (BY_NAME.get(name)?.secret) return undefined
  return name.replace('ALIPAY_', '').toLowerCase().replaceAll('_', '-')
}

export function isSwitch(name: string): boolean {
  return BY_NAME.get(name)?.switch === true
}

export function aboutVariable(name: string): string {
  return BY_NAME.get(name)?.about ?? ''
}
