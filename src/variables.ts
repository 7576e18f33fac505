// Every variable that the server knows, in the order of .env.example; each is also a flag, but for key texts.

/** `credential`: its presence means that somebody wants Alipay itself, not the emulator. */
interface Variable {
  about: string
  example: string
  credential?: true
  /** Shown to every user of the computer by `ps`, so not as a flag. */
  secret?: true
  switch?: true
}

export const VARIABLES = {
  ALIPAY_ENV: {
    about:
      'local (built-in emulator), sandbox (Alipay 沙箱) or production (real money). ' +
      'Default: local without credentials, sandbox with them.',
    example: 'sandbox',
  },
  ALIPAY_APP_ID: { about: 'APPID of the app, 16 digits.', example: '9021000000000000', credential: true },
  ALIPAY_PRIVATE_KEY: {
    about: "The application's private key 应用私钥, PKCS#1 or PKCS#8, PEM or base64. Or name a file:",
    example: '',
    credential: true,
    secret: true,
  },
  ALIPAY_PRIVATE_KEY_FILE: {
    about: 'File with the private key.',
    example: './app-private-key.pem',
    credential: true,
  },
  ALIPAY_PUBLIC_KEY: {
    about:
      "Alipay's public key 支付宝公钥 (not the application's own 应用公钥). Every answer is verified with it.",
    example: '',
    credential: true,
    secret: true,
  },
  ALIPAY_PUBLIC_KEY_FILE: {
    about: "File with Alipay's public key.",
    example: './alipay-public-key.pem',
    credential: true,
  },
  ALIPAY_SELLER_ID: { about: 'Merchant id (PID), 16 digits, 2088...', example: '2088000000000000' },
  ALIPAY_NOTIFY_URL: {
    about: 'Public address for Alipay’s notifications of each order.',
    example: 'https://shop.example/alipay/notify',
  },
  ALIPAY_RETURN_URL: {
    about: 'Where the buyer’s browser returns after paying.',
    example: 'https://shop.example/thanks',
  },
  ALIPAY_GATEWAY: {
    about:
      'Another gateway address. One on this computer means local; any https address that is not Alipay’s ' +
      'counts as production.',
    example: 'http://127.0.0.1:7001/gateway.do',
  },
  ALIPAY_TIMEOUT_MS: { about: 'One HTTP exchange, milliseconds, 100 to 60000.', example: '15000' },
  ALIPAY_CHANNELS: {
    about: 'Ways to pay that may be offered: page (computer), mobile (phone browser).',
    example: 'page,mobile',
  },
  ALIPAY_READ_ONLY: {
    about: 'true: only the tools that change nothing are offered.',
    example: 'false',
    switch: true,
  },
  ALIPAY_EMULATOR_PORT: {
    about: 'Port of the built-in emulator in local; 0 takes a free one.',
    example: '0',
  },
} as const satisfies Record<string, Variable>

export type Name = keyof typeof VARIABLES

const table: Readonly<Record<string, Variable>> = VARIABLES
export const NAMES = Object.keys(VARIABLES)
export const CREDENTIALS = NAMES.filter((name) => table[name]?.credential)

/** `--app-id` for ALIPAY_APP_ID; undefined for a variable that must not stand on a command line. */
export function flagOf(name: string): string | undefined {
  if (table[name]?.secret) return undefined
  return name.replace('ALIPAY_', '').toLowerCase().replaceAll('_', '-')
}

export function isSwitch(name: string): boolean {
  return table[name]?.switch === true
}

export function aboutVariable(name: string): string {
  return table[name]?.about ?? ''
}
