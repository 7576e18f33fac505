// Every refusal the emulator can answer, in Alipay's words; all answers and EMULATED_SUB_CODES come from it.

/** Fields of an answer, named and ordered as on the wire. */
export type Fields = Record<string, unknown>

// [guess G16] The words of some; what decides are the codes.
const MESSAGES = {
  '20000': 'Service Currently Unavailable',
  '20001': 'Insufficient Token Permissions',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40003': 'Insufficient Conditions',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
  '40006': 'Insufficient Permissions',
} as const

type Row = readonly [code: keyof typeof MESSAGES, sub_msg: string, english: string]

const COMMON = {
  'isp.unknow-error': ['20000', '系统繁忙', 'The system is busy; the outcome is unknown'],
  'aop.unknow-error': ['20000', '服务暂不可用', 'The gateway is unavailable; the outcome is unknown'],
  'aop.ACQ.SYSTEM_ERROR': ['20000', '系统错误', 'System error; the outcome is unknown'],
  'aop.invalid-auth-token': ['20001', '无效的访问令牌', 'The access token is invalid'],
  'aop.invalid-app-auth-token': ['20001', '无效的应用授权令牌', 'The app authorisation token is invalid'],
  'isv.missing-method': ['40001', '缺少方法名参数', 'The method is missing'],
  'isv.missing-signature': ['40001', '缺少签名参数', 'The signature is missing'],
  'isv.missing-signature-type': ['40001', '缺少签名类型参数', 'The signature type is missing'],
  'isv.missing-app-id': ['40001', '缺少appId参数', 'The app id is missing'],
  'isv.missing-timestamp': ['40001', '缺少时间戳参数', 'The timestamp is missing'],
  'isv.missing-version': ['40001', '缺少版本参数', 'The version is missing'],
  'isv.missing-signature-key': ['40001', '缺少签名配置', 'No public key was uploaded for the app'],
  'isv.missing-app-cert-sn': ['40001', '缺少应用公钥证书SN', 'The SN of the app certificate is missing'],
  'isv.missing-alipay-root-cert-sn': ['40001', '缺少支付宝根证书SN', "The SN of Alipay's root certificate is missing"],
  'isv.invalid-parameter': ['40002', '参数无效', 'A parameter is invalid'],
  'isv.invalid-method': ['40002', '不存在的方法名', 'There is no such method'],
  'isv.invalid-format': ['40002', '无效的数据格式', 'The format must be JSON'],
  'isv.invalid-signature-type': ['40002', '无效的签名类型', 'The signature type must be RSA2'],
  'isv.invalid-signature': ['40002', '无效签名', 'The signature does not match'],
  'isv.invalid-app-id': ['40002', '无效的AppID参数', 'The app id is unknown'],
  'isv.invalid-timestamp': ['40002', '非法的时间戳参数', 'The timestamp must be yyyy-MM-dd HH:mm:ss'],
  'isv.invalid-charset': ['40002', '字符集错误', 'The charset is not supported'],
  'isv.illegal-json': ['40002', '非法的JSON格式', 'biz_content is not a JSON object'],
  'isv.invalid-alipay-root-cert-sn': ['40002', '支付宝根证书SN非法', 'That is not the SN of the root certificates'],
  'isv.app-cert-not-exist': ['40002', '应用公钥证书不存在', 'There is no such app certificate'],
  'isv.app-cert-expired': ['40002', '应用公钥证书已过期', 'The app certificate has expired'],
  'isv.alipay-cert-not-exist': ['40002', '支付宝公钥证书不存在', 'There is no such Alipay certificate'],
  'isv.suspected-attack': ['40002', '可疑的攻击请求', 'A key of return_url collides with a reserved one'],
  'isv.forbidden-api': ['40002', '不允许访问该类目的API', 'The app may not call this method'],
  'isv.missing-signature-config': ['40003', '缺少签名配置', 'No signature key is configured'],
  'isv.invalid-app-state': ['40003', '应用状态异常', 'The app is not online'],
  'isv.decryption-error-unknown': ['40003', '解密出错, 未知错误', 'The content cannot be decrypted'],
  'isv.app-call-limited': ['40005', '应用调用次数超限，包含调用频率超限', 'Too many calls by this app'],
  'isv.method-call-limited': ['40005', 'API调用次数超限，包含调用频率超限', 'Too many calls of this method'],
  'isv.insufficient-isv-permissions': [
    '40006',
    'ISV权限不足，建议在开发者中心检查对应功能是否已经添加',
    'The app lacks the permission for this method',
  ],
  'isv.insufficient-user-permissions': ['40006', '用户权限不足', 'The user lacks the permission'],
} as const satisfies Record<string, Row>

const BUSINESS = {
  'ACQ.SYSTEM_ERROR': ['40004', '系统错误', 'System error; the outcome is unknown'],
  'ACQ.INVALID_PARAMETER': ['40004', '参数无效', 'A parameter is invalid'],
  'ACQ.ACCESS_FORBIDDEN': ['40004', '无权限使用接口', 'The product is not signed, or product_code is wrong'],
  'ACQ.EXIST_FORBIDDEN_WORD': ['40004', '订单信息中包含违禁词', 'The order contains a forbidden word'],
  'ACQ.TOTAL_FEE_EXCEED': ['40004', '订单总金额不在允许范围内', 'The amount is out of range'],
  'ACQ.CONTEXT_INCONSISTENT': ['40004', '交易信息被篡改', 'The same order number exists with other content'],
  'ACQ.TRADE_HAS_SUCCESS': ['40004', '交易已被支付', 'The trade is already paid'],
  'ACQ.TRADE_HAS_CLOSE': ['40004', '交易已经关闭', 'The trade is closed'],
  'ACQ.TRADE_HAS_FINISHED': ['40004', '交易已完结', 'The refund period of the trade is over'],
  'ACQ.TRADE_NOT_EXIST': ['40004', '交易不存在', 'There is no such trade'],
  'ACQ.TRADE_STATUS_ERROR': ['40004', '交易状态不合法', 'The state of the trade does not allow it'],
  'ACQ.REASON_TRADE_STATUS_INVALID': ['40004', '交易状态异常', 'The state of the trade is abnormal'],
  'ACQ.REASON_ILLEGAL_STATUS': ['40004', '交易状态异常', 'The state of the trade is abnormal'],
  'ACQ.TRADE_BUYER_NOT_MATCH': ['40004', '交易买家不匹配', 'The trade belongs to another buyer'],
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': ['40004', '买家余额不足', "The buyer's balance is too low"],
  'ACQ.BUYER_SELLER_EQUAL': ['40004', '买卖家不能相同', 'Buyer and seller are the same'],
  'ACQ.APPLY_PC_MERCHANT_CODE_ERROR': ['40004', '申请二维码失败', 'The order already has a code'],
  'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR': [
    '40004',
    '当前时间已超过允许支付的时间',
    'The time allowed for the payment is over',
  ],
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': ['40004', '退款金额超限', 'The refund is above the total, or partial'],
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': ['40004', '退款金额无效', 'The refund is more than what is left'],
  'ACQ.REFUND_FEE_ERROR': ['40004', '交易退款金额有误', 'The refund amount is wrong'],
  'ACQ.REFUND_CHARGE_ERROR': ['40004', '退收费异常', 'The fee could not be given back'],
  'ACQ.DISCORDANT_REPEAT_REQUEST': ['40004', '请求信息不一致', 'The number was used with another amount'],
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': ['40004', '卖家余额不足', "The merchant's balance is too low"],
  'ACQ.TRADE_NOT_ALLOW_REFUND': ['40004', '当前交易不允许退款', 'The trade may not be refunded'],
  'ACQ.NOT_ALLOW_PARTIAL_REFUND': ['40004', '不支持部分退款', 'Partial refunds are not allowed'],
  'ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND': ['40004', '交易不允许退款', 'The coupon may not be refunded'],
  'ACQ.REASON_TRADE_BEEN_FREEZEN': ['40004', '请求退款的交易被冻结', 'The trade is frozen'],
  'ACQ.CUSTOMER_VALIDATE_ERROR': ['40004', '账户已注销或者被冻结', 'The account is closed or frozen'],
  'ACQ.BUYER_ERROR': ['40004', '买家状态异常', "The buyer's account is abnormal"],
  'ACQ.BUYER_NOT_EXIST': ['40004', '买家不存在', "The buyer's account does not exist"],
  'ACQ.USER_NOT_MATCH_ERR': ['40004', '交易用户不匹配', 'The user does not belong to the trade'],
  'ACQ.ENTERPRISE_PAY_BIZ_ERROR': ['40004', '因公付业务异常', 'Enterprise payment failed'],
  'ACQ.CURRENCY_NOT_SUPPORT': ['40004', '订单币种不支持', 'The currency is not supported'],
} as const satisfies Record<string, Row>

/** Charges of agreements by alipay.trade.pay, and, without a prefix, what the methods of agreements answer. */
const AGREEMENTS = {
  'ACQ.AUTH_TOKEN_IS_NOT_EXIST': ['40004', '支付授权码为空', 'Neither a payment code nor an agreement is named'],
  'ACQ.PAYMENT_AUTH_CODE_INVALID': ['40004', '支付失败，获取顾客账户信息失败', 'The payment code is invalid'],
  'ACQ.AGREEMENT_NOT_EXIST': ['40004', '用户协议不存在或已解约', 'There is no such agreement, or it was unsigned'],
  'ACQ.AGREEMENT_INVALID': ['40004', '用户协议失效', 'The agreement is over'],
  'ACQ.AGREEMENT_STATUS_NOT_NORMAL': ['40004', '用户协议状态非NORMAL', 'The agreement is not in force'],
  'ACQ.AGREEMENT_ERROR': ['40004', '协议信息异常', 'The agreement is of another product'],
  'ACQ.CYCLE_PAY_DATE_NOT_MATCH': ['40004', '扣款日期不在签约时的允许范围之内', 'Today is outside the charging window'],
  'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED': ['40004', '周期扣款的单笔金额超过签约时限制', 'The charge is above the ceiling'],
  'ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED': ['40004', '周期扣款的累计金额超过签约时限制', 'The charges are above the total'],
  'ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED': ['40004', '周期扣款的总次数超过签约时限制', 'All agreed charges were made'],
  'ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH': ['40004', '用户银行卡余额不足', "The buyer's bank card is short of money"],
  'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE': ['40004', '没有可用的支付工具', 'The buyer has no means of payment left'],
  'ACQ.ERROR_BALANCE_PAYMENT_DISABLE': ['40004', '余额支付功能关闭', 'The buyer switched payments by balance off'],
  'ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR': ['40004', '买家付款日限额超限', "Above the buyer's limit of the day"],
  'ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR': ['40004', '买家付款月额度超限', "Above the buyer's limit of the month"],
  'ACQ.BUYER_ENABLE_STATUS_FORBID': ['40004', '买家状态非法', "The buyer's account may not pay"],
  'ACQ.PAYMENT_REQUEST_HAS_RISK': ['40004', '支付有风险', 'The payment looks risky to Alipay'],
  'ACQ.PAYMENT_FAIL': ['40004', '支付失败', 'The payment failed'],
  SYSTEM_ERROR: ['40004', '系统异常', 'System error; the outcome is unknown'],
  INVALID_PARAMETER: ['40004', '参数有误', 'A parameter is invalid'],
  USER_AGREEMENT_NOT_EXIST: ['40004', '用户协议不存在', 'There is no such agreement'],
  AGREEMENT_HAS_UNSIGNED: ['40004', '用户协议已解约', 'The agreement was unsigned before'],
  AUTHOREE_IS_NOT_MATCH: ['40004', '被授权方不匹配', 'The agreement is with somebody else'],
  MERCHANT_STATUS_IS_NOT_NORMAL: ['40004', '商家协议状态不正常', "The merchant's own contract is not in force"],
  PRODUCT_CODE_NOT_SUPPORTED_ERROR: ['40004', '无效的个人产品码', 'The product is not supported'],
  USER_NOT_EXIST_ERROR: ['40004', '支付宝用户信息不存在', 'There is no such user'],
} as const satisfies Record<string, Row>

const TABLE = { ...COMMON, ...BUSINESS, ...AGREEMENTS }

export type SubCode = keyof typeof TABLE

export const EMULATED_SUB_CODES: readonly string[] = Object.freeze(Object.keys(TABLE))

export function isSubCode(text: string): text is SubCode {
  return Object.hasOwn(TABLE, text)
}

/** Thrown where the emulated platform refuses; `sub_msg` replaces the table's words where Alipay's vary. */
export class Refusal extends Error {
  constructor(
    readonly sub_code: SubCode,
    readonly sub_msg: string = TABLE[sub_code][1],
  ) {
    super(`${sub_code}: ${TABLE[sub_code][2]}`)
  }

  get english(): string {
    return TABLE[this.sub_code][2]
  }

  /** The answer in wire order; only business failures (40004) carry business fields. */
  answer(business: Fields = {}): Fields {
    const code = TABLE[this.sub_code][0]
    const head = { code, msg: MESSAGES[code], sub_code: this.sub_code, sub_msg: this.sub_msg }
    return code === '40004' ? { ...head, ...business } : head
  }
}

/** 10000, or what the method says instead. */
export function success(business: Fields): Fields {
  return { code: '10000', msg: 'Success', ...business }
}

/** The order exists, its payment is under way; recorded with the blank. */
export const IN_PROCESS: Fields = { code: '10003', msg: ' order success pay inprocess' }
