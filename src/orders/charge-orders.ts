// An order that is a charge of a subscription: no buyer pays it by a link, and the tools of payments speak of it as what it is.
import { InputError } from '../errors.ts'
import type { Charge, Ledger, Order } from '../ledger/ledger.ts'
import { isOpenIntent } from '../ledger/order.ts'
import { toYuan } from '../money.ts'
import type { ToolResult } from '../tool-result.ts'
import type { Words } from './order-words.ts'

/** Read only of an order made here without any way to pay it. @throws LedgerError */
export async function chargeOf(order: Order | undefined, ledger: Ledger): Promise<Charge | undefined> {
  const isCharge = order?.created_here && order.channel === undefined && order.token === undefined
  return isCharge ? ledger.charge(order.out_trade_no) : undefined
}

/** The same result in the words of a charge, where what it says of the order fits only one that a buyer pays. */
export function ofCharge(result: ToolResult, charge: Charge, prefix: Words = NO_PREFIX): ToolResult {
  const { external_agreement_no, planned_day } = charge
  const facts = { ...result, external_agreement_no, planned_day }
  if (result.alarm !== undefined || result.paid === true || result.refunded === 'full') return facts
  const query = `query_subscription ${JSON.stringify({ external_agreement_no })}`
  if (result.trade_status === 'TRADE_CLOSED' || result.closed === true)
    return { ...facts, next_step: `Nothing was charged. ${query} tells how the period stands.` }
  const { message, message_zh } = chargeWords(charge)
  return {
    ...facts,
    message: prefix.message + message,
    message_zh: prefix.message_zh + message_zh,
    payable_until: undefined,
    expires: undefined,
    next_step: mayBeMade(charge)
      ? `Charge nothing again, and make no order for the same. Call query_payment again in a minute, or ${query}: both find out how it ended.`
      : `${query} tells how the period stands.`,
  }
}

const NO_PREFIX: Words = { message: '', message_zh: '' }

/** Done, too: it is told as paid once Alipay's trade says so. */
const mayBeMade = ({ is_over, intent }: Charge) => !is_over && (isOpenIntent(intent) || intent.state === 'done')

function chargeWords(charge: Charge): Words {
  const { amount_fen, planned_day, is_over, intent } = charge
  const what = `the charge of ${toYuan(amount_fen)} yuan for ${planned_day}`
  const zh = `${planned_day} 这期的扣款 ${toYuan(amount_fen)} 元`
  if (mayBeMade(charge))
    return {
      message: `Not known yet: ${what} may have been made, or may still be.`,
      message_zh: `${zh}结果还不确定：可能已经扣款，也可能稍后才扣，请不要再次扣款。`,
    }
  if (is_over)
    return {
      message: `Not made: ${what}. Nothing can be charged under this number any more.`,
      message_zh: `${zh}没有成功，这个订单号已不能再扣款。`,
    }
  if (intent.last_sent_at === undefined)
    return { message: `Not made: ${what} was never sent.`, message_zh: `${zh}没有发出，没有扣款。` }
  return {
    message: `Not made: Alipay refused ${what}. Until its number is over, no other attempt is made.`,
    message_zh: `${zh}被支付宝拒绝，没有扣款；这个订单号失效之前不会再扣。`,
  }
}

/** A link beside it could be paid, and the charge still take effect. @throws InputError */
export async function requireNoCharge(
  field: 'replaces' | 'out_trade_no',
  order: Order | undefined,
  ledger: Ledger,
): Promise<void> {
  const charge = await chargeOf(order, ledger)
  if (!charge) return
  const { out_trade_no, external_agreement_no } = charge
  throw new InputError(
    `${field}: ${out_trade_no} is a charge of the subscription ${external_agreement_no}, no order with a link. Nothing was made: ` +
      'the subscriber may be charged all the same. query_subscription tells how it ended.',
    `${field}：${out_trade_no} 是订阅 ${external_agreement_no} 的扣款，不是可以用链接付款的订单，没有创建订单；这笔扣款可能仍会成功，请用 query_subscription 查询。`,
  )
}
