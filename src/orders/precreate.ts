// The code of a qr order (alipay.trade.precreate): a lost answer is asked for once more, with the same content.
import { OutcomeUnknownError, type RefusalText, RefusedError } from '../errors.ts'
import type { Outcome, PayContent, QrCode, Refusal } from '../gateway/gateway.ts'
import type { Call } from '../guard/call.ts'
import { CODE_PAUSE_MS, FIRST_CODE_MS, REPEAT_MS, SECOND_CODE_MS } from '../guard/deadlines.ts'
import { blockedError } from '../guard/refusals.ts'
import { refusedOutcome, repeatPermit, saveOutcome, sendPermit } from '../guard/send-permit.ts'
import type { Intent, Order } from '../ledger/ledger.ts'
import type { CreatedOrder } from './order-request.ts'

/** The order with its code. The intent is prepared and ours. @throws RefusedError, OutcomeUnknownError */
export async function fetchCode(
  call: Call,
  order: Order,
  intent: Intent,
): Promise<Pick<CreatedOrder, 'order' | 'unrecorded'>> {
  const outcome = await askForCode(call, order, intent)
  const refused = outcome.outcome === 'refused'
  // A code of an earlier attempt may be out all the same.
  const first = intent.in_doubt_since === undefined
  if (outcome.outcome === 'unknown' || (refused && !first)) {
    const answer = refused ? 'refused, after an earlier try' : outcome.why
    await saveOutcome(call, intent, { state: 'unknown', answer, empty: false })
  }
  if (outcome.outcome === 'unknown') throw lostCode(order, outcome.why)
  if (refused) {
    if (!first)
      throw refusedCode(outcome.refusal, { money: maybeEarlier(order), next_step: WATCH, facts: factsOf(order) })
    await saveOutcome(call, intent, refusedOutcome(outcome.refusal))
    throw refusedCode(outcome.refusal, { money: NO_CODE, next_step: otherChannels(call) })
  }
  const { qr_code: qr_content } = outcome.answer
  const unrecorded = await saveOutcome(call, intent, { state: 'done', qr_content })
  return { order: { ...order, qr_content }, unrecorded }
}

const refusedCode = (refusal: Refusal, text: RefusalText) => new RefusedError('create_payment', refusal, text)

async function askForCode(call: Call, order: Order, intent: Intent): Promise<Outcome<QrCode>> {
  const { gateway, clock } = call
  const permit = await sendPermit(call, intent)
  if (permit.blocked) throw blockedError('create_payment', permit.blocked)
  const content = contentOf(order)
  const firstAt = clock.now()
  const first = await gateway.precreate(content, { within: FIRST_CODE_MS, ...permit.send })
  if (first.outcome !== 'unknown') return first
  await clock.sleep(CODE_PAUSE_MS)
  if (clock.now() - firstAt > REPEAT_MS) return first
  const again = await repeatPermit(call, intent)
  if (!again) return first
  const second = await gateway.precreate(content, { within: SECOND_CODE_MS, ...again })
  // The first may have made a code that the refusal of the second does not show.
  return second.outcome === 'refused' ? first : second
}

/** As it was stored: asked for again, it must be identical. */
function contentOf({ out_trade_no, total_amount, subject = '', body, time_expire = '' }: Order): PayContent {
  return { out_trade_no, total_amount, subject, body, time_expire }
}

const maybeEarlier = ({ time_expire }: Order) =>
  `This call made no code and moved nothing; an earlier try may have made one, payable until ${time_expire} Beijing time.`
const WATCH = 'Watch this order with query_payment until then, or close it, before another one is made in its place.'
const NO_CODE = 'No code was made, and this call moved nothing.'

/** No silent change of channel: the buyer would stand before another page than the one announced. */
function otherChannels({ rules }: Call): string | undefined {
  const others = rules.channels.filter((channel) => channel !== 'qr')
  return others.length > 0
    ? `Ask the user whether to make the order with channel ${others.join(' or ')} instead.`
    : undefined
}

const factsOf = ({ out_trade_no, subject, total_amount }: Order) => ({ out_trade_no, subject, total_amount })

function lostCode(order: Order, why: string): Error {
  return new OutcomeUnknownError('create_payment', why, {
    moved: 'no',
    money: 'This call moved nothing; Alipay may have made a code that nobody has seen.',
    next_step:
      `Call create_payment again with out_trade_no ${JSON.stringify(order.out_trade_no)} and otherwise the same input: the call ` +
      'fetches the code of the same order.',
    message_zh: '收款码是否已生成尚不确定，没有动钱；请用同一订单号重新获取。',
    facts: factsOf(order),
  })
}
