// The question that a merchant says yes or no to: the facts of a refund, a line each, in Chinese and English.
import { beijingTime } from '../clock.ts'
import type { Environment } from '../gateway/gateway.ts'
import type { IntentState } from '../ledger/ledger.ts'
import { oneLine, shortLine } from '../text.ts'

export interface RefundFacts {
  environment: Environment
  out_trade_no: string
  subject?: string | undefined
  /** Yuan, two decimals, like the two below. */
  amount: string
  total_amount: string
  /** So far, as far as it is known. */
  refunded: string
  /** An attempt of this order whose end nobody saw. */
  earlier?: { at: number; amount: string; state: IntentState } | undefined
  /** Another refund of an amount that was refunded before. */
  further: boolean
  /** What is odd where Alipay has another amount than was asked here. */
  otherAmount?: string | undefined
}

const SUBJECT_LENGTH = 60

const ENVIRONMENTS: Readonly<Record<Environment, string>> = {
  local: '本地模拟，不动真钱 local emulator, no real money',
  sandbox: '支付宝沙箱，不动真钱 sandbox, no real money',
  production: '真实资金 real money (production)',
}

const CHANGED = '情况有变，请重新确认。 Something has changed since you were asked: please look again.'

/** Each line but the first is `label: value`; no value can start a line of its own. */
export function questionOf(facts: RefundFacts): string {
  const { environment, out_trade_no, subject, amount, total_amount, refunded, earlier, further, otherAmount } = facts
  const lines = [
    '要退款吗？ Give this money back?',
    `退款金额 Refund: ¥${amount}`,
    `订单号 Order: ${oneLine(out_trade_no)}`,
    subject === undefined ? '' : `商品 Item: ${JSON.stringify(shortLine(subject, SUBJECT_LENGTH))}`,
    `订单总额 Order total: ¥${total_amount}`,
    `已知已退 Refunded, as known: ¥${refunded}`,
    `环境 Environment: ${ENVIRONMENTS[environment]}`,
    further ? '注意 Note: 同一金额再退一笔。 One more refund of an amount that was refunded before.' : '',
    earlier ? `注意 Note: ${warningOf(earlier)}` : '',
    otherAmount ? `注意 Note: 金额与下单时不符，可能是别的订单。 ${otherAmount}: it may be another order.` : '',
  ]
  return lines.filter(Boolean).join('\n')
}

/** The same question, put again because its approval digest is another one now. */
export function changed(question: string): string {
  return `${CHANGED}\n${question}`
}

function warningOf({ at, amount, state }: NonNullable<RefundFacts['earlier']>): string {
  const [chinese, english] =
    state === 'not_executed' ? ['未执行', 'was not executed'] : ['结果未知', 'has an unknown end']
  return (
    `北京时间 ${beijingTime(at)} 曾退款 ¥${amount}，${chinese}；此后若已手工退款，将会重复退款。 An earlier try of ` +
    `¥${amount} at that time (Beijing) ${english}: a refund made by hand since would be paid twice.`
  )
}
