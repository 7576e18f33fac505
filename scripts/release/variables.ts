// How each setting is told to installers: its kind, whether it is a secret, and its meaning as one sentence or more.
import { SETTINGS_IN_CHINESE } from '../../src/cli/help/settings-help.ts'
import { aboutVariable, flagOf, isFileName, isSwitch, type Name } from '../../src/settings/variables.ts'

export type Kind = 'file' | 'directory' | 'boolean' | 'number' | 'text'

const NUMBERS: readonly Name[] = [
  'ALIPAY_TIMEOUT_MS',
  'ALIPAY_BUYER_OPEN_ORDERS',
  'ALIPAY_BUYER_ORDERS_PER_HOUR',
  'ALIPAY_OPEN_ORDERS',
  'ALIPAY_REFUND_WINDOW_DAYS',
  'ALIPAY_MAX_CALLS_PER_MINUTE',
  'ALIPAY_RETENTION_DAYS',
  'ALIPAY_EMULATOR_PORT',
]

export function kindOf(name: Name): Kind {
  if (isFileName(name)) return 'file'
  if (name === 'ALIPAY_DATA_DIR') return 'directory'
  if (isSwitch(name)) return 'boolean'
  return NUMBERS.includes(name) ? 'number' : 'text'
}

/** What is not to stand on a command line is not to be shown either. */
export const isSecret = (name: Name) => flagOf(name) === undefined

/** The texts of the help, where each may go on in the next line, as texts that stand alone. */
export function aboutAlone(name: Name): { en: string; zh: string } {
  const en = aboutVariable(name).replace(/ Or name a file:$/, '')
  const zh = SETTINGS_IN_CHINESE[name].replace(/也可以用文件：$/, '')
  return { en: en.replace(/,$/, '.').replace(/^file with/, 'File with'), zh: zh.replace(/，$/, '。') }
}

/** Where a setting takes one of a few values. */
export const CHOICES: Readonly<Partial<Record<Name, readonly string[]>>> = {
  ALIPAY_ENV: ['local', 'sandbox', 'production'],
  ALIPAY_REFUND_APPROVAL: ['chat', 'operator', 'none'],
  ALIPAY_ROLE: ['merchant', 'buyer'],
  ALIPAY_TOOLSETS: ['payments', 'subscriptions', 'payments,subscriptions'],
  ALIPAY_SUBSCRIPTIONS: ['enabled'],
  ALIPAY_SUBSCRIPTION_PRODUCT: ['GENERAL_WITHHOLDING', 'CYCLE_PAY_AUTH'],
  ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT: ['CYCLE_PAY_AUTH_P'],
  ALIPAY_QR_PRODUCT_CODE: ['QR_CODE_OFFLINE', 'FACE_TO_FACE_PAYMENT'],
}
