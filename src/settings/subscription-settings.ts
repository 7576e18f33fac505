// Which groups of tools are offered; and for subscriptions the product that the merchant signed for with Alipay.
import type { Environment, SubscriptionProduct } from '../gateway/gateway.ts'
import { ownCall } from '../pasteable-call.ts'
import { quoteValue } from './placeholder.ts'
import type { Role } from './role.ts'
import type { SettingsReader } from './settings-reader.ts'
import type { Variables } from './sources.ts'
import type { Name } from './variables.ts'

const TOOLSETS = ['payments', 'subscriptions'] as const
export type Toolset = (typeof TOOLSETS)[number]

export interface SubscriptionSettings {
  readonly product: SubscriptionProduct
  readonly personalProduct: typeof PERSONAL_PRODUCT
  /** `sign_scene` of the contract. */
  readonly scene: string
}

const PRODUCTS = ['GENERAL_WITHHOLDING', 'CYCLE_PAY_AUTH'] as const
/** The only one whose agreements have period rules, and so a planned day. */
const PERSONAL_PRODUCT = 'CYCLE_PAY_AUTH_P'
const SCENE = /^INDUSTRY\|\w{1,55}$/
const NO_SCENE = 'DEFAULT|DEFAULT'
/** Of the built-in emulator, which asks for no contract. */
const EMULATED = { product: 'GENERAL_WITHHOLDING', scene: 'INDUSTRY|DEFAULT_SCENE' } as const

export function toolsetsOf(read: SettingsReader): readonly Toolset[] {
  const named =
    read.someOf('ALIPAY_TOOLSETS', TOOLSETS) ?? toolsetsMeant({ ALIPAY_TOOLSETS: read.text('ALIPAY_TOOLSETS') })
  return Object.freeze([...named])
}

const BY_DEFAULT: readonly Toolset[] = ['payments']

/** Of settings of which something is wrong. */
export function toolsetsMeant({ ALIPAY_TOOLSETS: value = '' }: Variables): readonly Toolset[] {
  const items = value.split(',').map((item) => item.trim())
  const known = TOOLSETS.filter((one) => items.includes(one))
  return known.length > 0 ? known : BY_DEFAULT
}

interface Where {
  toolsets: readonly Toolset[]
  environment: Environment
  /** Whether the emulator runs inside the server. */
  builtIn: boolean
  role: Role
}

/** Each setting is checked whether the toolset is named or not. */
export function subscriptionSettings(read: SettingsReader, where: Where): SubscriptionSettings | undefined {
  const isEnabled = enabledIn(read)
  const product = read.oneOf('ALIPAY_SUBSCRIPTION_PRODUCT', PRODUCTS)
  checkPersonalProduct(read)
  const scene = sceneOf(read)
  if (!where.toolsets.includes('subscriptions')) return void noticeIdle(read)
  if (where.environment === 'production' && !isEnabled) requireSet(read, 'ALIPAY_SUBSCRIPTIONS', UNTRIED, ENABLED_FIX)
  // A buyer's shop does not start without it.
  if (where.role === 'merchant' && read.text('ALIPAY_ITEMS_FILE') === undefined)
    read.notice('ALIPAY_ITEMS_FILE', NO_NEW, PLANS_FIX)
  if (!where.builtIn && read.text('ALIPAY_PUBLIC_URL') === undefined)
    read.notice('ALIPAY_PUBLIC_URL', NO_NEW, PAGES_FIX())
  const byDefault = where.builtIn ? EMULATED : undefined
  if (!byDefault) {
    requireSet(read, 'ALIPAY_SUBSCRIPTION_PRODUCT', NEEDED, PRODUCT_FIX)
    requireSet(read, 'ALIPAY_SUBSCRIPTION_SCENE', NEEDED, SCENE_FIX)
  }
  const [known, at] = [product ?? byDefault?.product, scene ?? byDefault?.scene]
  if (known === undefined || at === undefined) return undefined
  return Object.freeze({ product: known, personalProduct: PERSONAL_PRODUCT, scene: at })
}

const NO_NEW = 'is not set, so no new subscription can be offered.'
const NEEDED = 'is not set, and ALIPAY_TOOLSETS names subscriptions.'
const UNTRIED = 'is not set: subscriptions were never tried against Alipay, and production refuses them without it.'
const ENABLED_FIX = 'read docs/subscriptions.md, then set it to enabled; or take subscriptions out of ALIPAY_TOOLSETS.'
const PRODUCT_FIX = 'set it to the product of your contract: GENERAL_WITHHOLDING 商家扣款 or CYCLE_PAY_AUTH 周期扣款.'
const SCENE_FIX = 'give the sign_scene of your contract, INDUSTRY| and a name, such as INDUSTRY|DIGITAL_MEDIA.'
const PLANS_FIX = 'name the JSON file with the plans; docs/subscriptions.md shows one.'
const PAGES_FIX = () => `set it to the address where buyers reach "${ownCall('listen')}", whose page they sign on.`

/** What is set and cannot be used was reported when it was read. */
function requireSet(read: SettingsReader, name: Name, problem: string, fix: string): void {
  if (read.text(name) === undefined) read.problem(name, problem, fix)
}

/** Exactly as it is spelt: it lets money be taken by what nobody has tried. */
function enabledIn(read: SettingsReader): boolean {
  const value = read.text('ALIPAY_SUBSCRIPTIONS')
  if (value !== undefined && value !== 'enabled')
    read.problem(
      'ALIPAY_SUBSCRIPTIONS',
      `is ${quoteValue(value)}.`,
      'set it to enabled, in small letters, or remove it.',
    )
  return value === 'enabled'
}

function checkPersonalProduct(read: SettingsReader): void {
  const value = read.text('ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT')
  if (value === undefined || value.toUpperCase() === PERSONAL_PRODUCT) return
  const problem = `is ${quoteValue(value)}, whose agreements have no period rules, and so no planned day.`
  read.problem('ALIPAY_SUBSCRIPTION_PERSONAL_PRODUCT', problem, 'set it to CYCLE_PAY_AUTH_P, or remove it.')
}

function sceneOf(read: SettingsReader): string | undefined {
  const name = 'ALIPAY_SUBSCRIPTION_SCENE'
  if (read.text(name) !== NO_SCENE) return read.matching(name, SCENE, SCENE_FIX)
  return read.problem(
    name,
    'is DEFAULT|DEFAULT, which Alipay takes for no agreement with a number of yours.',
    SCENE_FIX,
  )
}

function noticeIdle(read: SettingsReader): void {
  for (const name of ['ALIPAY_SUBSCRIPTIONS', 'ALIPAY_SUBSCRIPTION_PRODUCT', 'ALIPAY_SUBSCRIPTION_SCENE'] as const)
    if (read.text(name) !== undefined)
      read.notice(name, 'has no effect: ALIPAY_TOOLSETS does not name subscriptions.', IDLE_FIX)
}

const IDLE_FIX = 'set ALIPAY_TOOLSETS=payments,subscriptions, or remove it.'
