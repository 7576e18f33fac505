// What a sub_code of Alipay means and what to do about it, and which ones are certain refusals of a changing call.
import { AGREEMENT_TABLE } from './agreement.ts'
import { COMMON_TABLE, RATE_LIMIT } from './common-errors.ts'
import { ORDER_TABLE, SECONDARY_MERCHANT } from './order.ts'
import { REFUND_TABLE } from './refund.ts'
import { type Advice, OPEN, OPERATOR, type Row, row } from './row.ts'

// Documented spellings; any other that contains one of the two words is treated alike (see OPEN_WORDS).
const OPEN_OUTCOME = row(
  'ACQ.SYSTEM_ERROR AQC.SYSTEM_ERROR SYSTEM_ERROR aop.ACQ.SYSTEM_ERROR isp.unknow-error aop.unknow-error',
  OPEN,
  '支付宝系统出错或繁忙，这次调用的结果未知：可能已经执行，也可能没有。',
  'Alipay had a system error or was busy; the outcome of this call is unknown: it may or may not have been carried out.',
  '不要说成失败。查询类：再查一次。其他：查询订单；退款要等 10 秒以上，再用原来的退款请求号查询。重试只能是完全相同的请求。一直不明确时请告诉管理员。',
  'Do not call it a failure. A query: ask again. Otherwise query the order, or the refund by its own number after 10 seconds or more. Only the identical request may be repeated. If it stays unclear, tell the operator.',
)

// "unknow" is Alipay's own spelling; the code is 40004 as well as 20000 (open/00f7nv), so the words decide.
const OPEN_WORDS = /system[-_ ]?error|unknown?[-_ ]?error/i

/** Whether an answer says no more than that its outcome is open. */
export function saysUnknown(sub_code: string | undefined, code: string | undefined): boolean {
  return code === '20000' || OPEN_WORDS.test(sub_code ?? '')
}

const UNLISTED = row(
  'ACQ.',
  OPEN,
  '这是本版本没有收录的拒绝，具体原因看支付宝的原话；不能断定什么都没有执行。',
  "A refusal that this version does not list; Alipay's own words give the reason. Whether nothing was done is not certain.",
  '先查询订单，或用原来的退款请求号查询退款，再决定。重试只能是完全相同的请求。看不明白时请管理员带上 sub_code 和 trace id 联系支付宝（95188）。',
  'First query the order, or the refund by its own number. Only the identical request may be repeated. If it stays unclear, the operator asks Alipay (95188), with the sub_code and the trace id.',
).advice

const UNLISTED_COMMON = row(
  'isv.',
  OPERATOR,
  '网关在处理业务之前就拒绝了请求：参数、密钥、授权或权限不符合要求，什么也没有执行。',
  'The gateway turned the request away before any business: a parameter, key, authorisation or permission is wrong. Nothing was carried out.',
  '管理员：按支付宝的原话核对应用、密钥、授权和签约，再用同样的请求重试；不要原样反复调用。',
  "Operator: go by Alipay's own words and check app, keys, authorisation and signed products (签约); then the same request can be made again. Do not just repeat it.",
).advice

const ROWS: readonly Row[] = [OPEN_OUTCOME, ...COMMON_TABLE, ...ORDER_TABLE, ...REFUND_TABLE, ...AGREEMENT_TABLE]
const TABLE: ReadonlyMap<string, Advice> = new Map(
  ROWS.flatMap(({ codes, advice }) => codes.map((code) => [code, advice] as const)),
)

/** For tests: the codes with advice of their own. */
export const KNOWN_SUB_CODES: readonly string[] = ROWS.flatMap((one) => one.codes)

/**
 * Advice for a code; for one not in the table its family's advice (isv., aop., isp., ACQ., none). Never throws.
 * It explains; whether a changing call was refused is decided by DEFINITE_REFUSALS, for its method.
 */
export function adviceFor(sub_code: string | undefined, code?: string): Advice {
  if (saysUnknown(sub_code, code)) return OPEN_OUTCOME.advice
  return TABLE.get(sub_code ?? '') ?? familyAdvice(sub_code ?? '', code)
}

// [guess G3] The codes of common errors: refused before any business, whatever the sub_code (common/02km9f; but see saysUnknown),
// and certain even without a signature.
export const COMMON_CODES: ReadonlySet<string> = new Set('20001 40001 40002 40003 40005 40006'.split(' '))

function familyAdvice(sub_code: string, code: string | undefined): Advice {
  if (code === '40005') return RATE_LIMIT.advice
  if (code === undefined ? sub_code.startsWith('isv.') : COMMON_CODES.has(code)) return UNLISTED_COMMON
  if (/^ACQ\.(SECONDARY|SUB)_MERCHANT_/.test(sub_code)) {
    return { ...SECONDARY_MERCHANT.advice, money_moved: 'maybe', safe_to_repeat: 'only_identical' }
  }
  return UNLISTED
}

const codes = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/**
 * The sub_codes that, signed and with code 40004, are a definite refusal of this changing method: nothing was done by
 * this call. Everything else on a changing call is unknown.
 */
export const DEFINITE_REFUSALS = {
  // Left out: REFUND_CHARGE_ERROR, ENTERPRISE_PAY_BIZ_ERROR and TRADE_SETTLE_ERROR. Alipay does not say of them that
  // nothing was done.
  'alipay.trade.refund': codes(`
    ACQ.ACCESS_FORBIDDEN ACQ.ALLOC_AMOUNT_VALIDATE_ERROR ACQ.BUYER_ENABLE_STATUS_FORBID ACQ.BUYER_ERROR
    ACQ.BUYER_NOT_EXIST ACQ.CURRENCY_NOT_SUPPORT ACQ.CUSTOMER_VALIDATE_ERROR ACQ.DISCORDANT_REPEAT_REQUEST
    ACQ.INVALID_PARAMETER ACQ.NOT_ALLOW_PARTIAL_REFUND ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND
    ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH ACQ.OVERDRAFT_ASSIGN_ACCOUNT_INVALID ACQ.REASON_TRADE_BEEN_FREEZEN
    ACQ.REASON_TRADE_REFUND_FEE_ERR ACQ.REASON_TRADE_STATUS_INVALID ACQ.REFUNDALLOC_UNAUTH_LIMIT
    ACQ.REFUND_ACCOUNT_NOT_EXIST ACQ.REFUND_AMT_NOT_EQUAL_TOTAL ACQ.REFUND_FEE_ERROR
    ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST ACQ.SELLER_BALANCE_NOT_ENOUGH ACQ.TRADE_HAS_CLOSE
    ACQ.TRADE_HAS_FINISHED ACQ.TRADE_NOT_ALLOW_REFUND ACQ.TRADE_NOT_EXIST ACQ.TRADE_STATUS_ERROR
    ACQ.USER_NOT_MATCH_ERR`),
  // TRADE_NOT_EXIST: not closed, payable until its expiry. TRADE_HAS_*: not in Alipay's table, but expected by clients.
  'alipay.trade.close': codes(`
    ACQ.INVALID_PARAMETER ACQ.REASON_ILLEGAL_STATUS ACQ.REASON_TRADE_STATUS_INVALID ACQ.TRADE_HAS_CLOSE
    ACQ.TRADE_HAS_FINISHED ACQ.TRADE_NOT_EXIST ACQ.TRADE_STATUS_ERROR`),
  // No code was issued by this call; one that an earlier call issued can still be paid.
  'alipay.trade.precreate': codes(`
    ACQ.ACCESS_FORBIDDEN ACQ.AMOUNT_OR_CURRENCY_ERROR ACQ.APPLY_PC_MERCHANT_CODE_ERROR ACQ.BEYOND_PAY_RESTRICTION
    ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION ACQ.BEYOND_PER_RECEIPT_RESTRICTION
    ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION ACQ.BUYER_ENABLE_STATUS_FORBID ACQ.BUYER_ERROR ACQ.BUYER_NOT_EXIST
    ACQ.BUYER_SELLER_EQUAL ACQ.CONTEXT_INCONSISTENT ACQ.CURRENCY_NOT_SUPPORT ACQ.DEFAULT_SETTLE_RULE_NOT_EXIST
    ACQ.EXIST_FORBIDDEN_WORD ACQ.INVALID_PARAMETER ACQ.INVALID_RECEIVE_ACCOUNT ACQ.INVALID_STORE_ID
    ACQ.MERCHANT_AGREEMENT_INVALID ACQ.MERCHANT_AGREEMENT_NOT_EXIST ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT
    ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT ACQ.MERCHANT_STATUS_NOT_NORMAL
    ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR ACQ.PARTNER_ERROR ACQ.PRODUCT_AMOUNT_LIMIT_ERROR
    ACQ.RISK_MERCHANT_IP_NOT_EXIST ACQ.SECONDARY_MERCHANT_ALIPAY_ACCOUNT_INVALID ACQ.SECONDARY_MERCHANT_ID_BLANK
    ACQ.SECONDARY_MERCHANT_ID_INVALID ACQ.SECONDARY_MERCHANT_ISV_PUNISH_INDIRECT ACQ.SECONDARY_MERCHANT_NOT_MATCH
    ACQ.SECONDARY_MERCHANT_STATUS_ERROR ACQ.SELLER_BEEN_BLOCKED ACQ.SELLER_NOT_EXIST ACQ.SUB_GOODS_SIZE_MAX_COUNT
    ACQ.SUB_MERCHANT_CREATE_FAIL ACQ.SUB_MERCHANT_TYPE_INVALID ACQ.TOTAL_FEE_EXCEED ACQ.TRADE_BUYER_NOT_MATCH
    ACQ.TRADE_HAS_CLOSE ACQ.TRADE_HAS_SUCCESS ACQ.UN_SUPPORT_TRADE_SCENE`),
  // Of a charge. TRADE_HAS_SUCCESS and CONTEXT_INCONSISTENT: an earlier call of this number may have moved money.
  'alipay.trade.pay': codes(`
    ACQ.ACCESS_FORBIDDEN ACQ.AGREEMENT_ERROR ACQ.AGREEMENT_INVALID ACQ.AGREEMENT_NOT_EXIST
    ACQ.AGREEMENT_STATUS_NOT_NORMAL ACQ.AUTH_TOKEN_IS_NOT_EXIST ACQ.BEYOND_PAY_RESTRICTION
    ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION ACQ.BEYOND_PER_RECEIPT_RESTRICTION
    ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION ACQ.BUYER_BALANCE_NOT_ENOUGH ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH
    ACQ.BUYER_ENABLE_STATUS_FORBID ACQ.BUYER_ERROR ACQ.BUYER_NOT_EXIST ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR
    ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR ACQ.BUYER_SELLER_EQUAL ACQ.CONTEXT_INCONSISTENT
    ACQ.CURRENCY_NOT_SUPPORT ACQ.CYCLE_PAY_DATE_NOT_MATCH ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED
    ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED ACQ.ERROR_BALANCE_PAYMENT_DISABLE
    ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT ACQ.EXIST_FORBIDDEN_WORD ACQ.INVALID_PARAMETER ACQ.INVALID_RECEIVE_ACCOUNT
    ACQ.MERCHANT_AGREEMENT_INVALID ACQ.MERCHANT_AGREEMENT_NOT_EXIST ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT
    ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT ACQ.MERCHANT_STATUS_NOT_NORMAL
    ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE ACQ.PARTNER_ERROR ACQ.PAYMENT_FAIL
    ACQ.PAYMENT_REQUEST_HAS_RISK ACQ.PRODUCT_AMOUNT_LIMIT_ERROR ACQ.SELLER_BEEN_BLOCKED ACQ.SELLER_NOT_EXIST
    ACQ.TOTAL_FEE_EXCEED ACQ.TRADE_BUYER_NOT_MATCH ACQ.TRADE_HAS_CLOSE ACQ.TRADE_HAS_SUCCESS`),
  'alipay.user.agreement.unsign': codes(`
    AGREEMENT_HAS_UNSIGNED AUTHOREE_IS_NOT_MATCH INVALID_PARAMETER MERCHANT_STATUS_IS_NOT_NORMAL
    PRODUCT_CODE_NOT_SUPPORTED_ERROR USER_AGREEMENT_NOT_EXIST USER_NOT_EXIST_ERROR USER_NOT_EXSIT_ERROR`),
  'alipay.user.agreement.executionplan.modify': codes(`
    AUTHOREE_IS_NOT_MATCH INVALID_PARAMETER MERCHANT_STATUS_IS_NOT_NORMAL PRODUCT_CODE_NOT_SUPPORTED_ERROR
    USER_AGREEMENT_NOT_EXIST`),
} as const satisfies Record<string, ReadonlySet<string>>
