// What a sign link asks for: products, the merchant's number and scene, the plan; and what Alipay does not take.
import { Refusal } from '../answers.ts'
import { type BizContent, isFields, readField } from '../biz-content.ts'
import { fenOf, LEAST_FEN, MOST_FEN } from '../fen.ts'
import { notifyTo } from '../notify-url.ts'
import type { Platform } from '../platform.ts'
import { checkedReturn } from '../return-url.ts'
import type { Signing } from './agreement.ts'
import { isPlannable, type PeriodRules } from './plan.ts'
import { refuseUsedNumber } from './sign-agreement.ts'

const CHANNELS = ['ALIPAYAPP', 'QRCODE', 'QRCODEORSMS']
const NO_SCENE = 'DEFAULT|DEFAULT'
/** Only agreements of this product have period rules, and so a planned day. */
const PERSONAL_PRODUCT = 'CYCLE_PAY_AUTH_P'
const PRODUCTS = ['CYCLE_PAY_AUTH', 'GENERAL_WITHHOLDING', undefined]

/** [guess G35] The codes of refused links: nobody but the buyer meets them, on a page. */
export function openSigning(biz: BizContent, common: ReadonlyMap<string, string>, platform: Platform): Signing {
  const content = {
    app_id: common.get('app_id') ?? '',
    ...readProducts(biz),
    ...readNumber(biz),
    external_logon_id: readField(biz, 'external_logon_id'),
    rules: readPeriodRules(biz),
    sign_validity_period: readValidity(biz),
    return_to: checkedReturn(common),
    notify_to: notifyTo(common),
  }
  refuseUsedNumber(content.external_agreement_no, platform)
  return platform.agreements.open(content)
}

function readProducts(biz: BizContent): Pick<Signing, 'product_code' | 'personal_product_code'> {
  const product_code = readField(biz, 'product_code')
  const personal_product_code = readField(biz, 'personal_product_code')
  if (personal_product_code === undefined) throw new Refusal('INVALID_PARAMETER')
  if (personal_product_code !== PERSONAL_PRODUCT || !PRODUCTS.includes(product_code)) {
    throw new Refusal('PRODUCT_CODE_NOT_SUPPORTED_ERROR')
  }
  const { access_params } = biz
  const channel = isFields(access_params) ? readField(access_params, 'channel') : undefined
  if (channel === undefined || !CHANNELS.includes(channel)) throw new Refusal('INVALID_PARAMETER')
  return { product_code, personal_product_code }
}

/** A number of the merchant's needs a scene of its own. */
function readNumber(biz: BizContent): Pick<Signing, 'external_agreement_no' | 'sign_scene'> {
  const external_agreement_no = readField(biz, 'external_agreement_no')
  const sign_scene = readField(biz, 'sign_scene') ?? NO_SCENE
  if (!/^\w{1,32}\|\w{1,31}$/.test(sign_scene)) throw new Refusal('INVALID_PARAMETER')
  if (external_agreement_no === undefined) return { external_agreement_no, sign_scene }
  if (!/^[A-Za-z0-9]{1,32}$/.test(external_agreement_no) || sign_scene === NO_SCENE) {
    throw new Refusal('INVALID_PARAMETER')
  }
  return { external_agreement_no, sign_scene }
}

function readValidity(biz: BizContent): string | undefined {
  const text = readField(biz, 'sign_validity_period')
  if (text === undefined || /^[1-9]\d{0,3}[dm]$/.test(text)) return text
  throw new Refusal('INVALID_PARAMETER')
}

/** Shorter than a week is no period (open/00a05b). */
const LEAST_DAYS = 7

function readPeriodRules(biz: BizContent): PeriodRules {
  if (!isFields(biz.period_rule_params)) throw new Refusal('INVALID_PARAMETER')
  const params = biz.period_rule_params
  const period_type = readField(params, 'period_type')
  const period = readCount(params, 'period')
  const execute_time = readField(params, 'execute_time')
  const single_fen = readAmount(params, 'single_amount')
  if (period_type !== 'DAY' && period_type !== 'MONTH') throw new Refusal('INVALID_PARAMETER')
  if (period === undefined || execute_time === undefined || single_fen === undefined) {
    throw new Refusal('INVALID_PARAMETER')
  }
  if (period_type === 'DAY' && period < LEAST_DAYS) throw new Refusal('INVALID_PARAMETER')
  if (!isPlannable(period_type, execute_time)) throw new Refusal('INVALID_PARAMETER')
  const totals = { total_fen: readAmount(params, 'total_amount'), total_payments: readCount(params, 'total_payments') }
  return { period_type, period, execute_time, single_fen, ...totals }
}

function readCount(params: BizContent, field: string): number | undefined {
  const text = readField(params, field)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Refusal('INVALID_PARAMETER')
  return Number(text)
}

function readAmount(params: BizContent, field: string): number | undefined {
  const text = readField(params, field)
  if (text === undefined) return undefined
  const fen = fenOf(text)
  if (fen === undefined || fen < LEAST_FEN || fen > MOST_FEN) throw new Refusal('INVALID_PARAMETER')
  return fen
}
