// What the buyer gets of an order: the signed link, or the code that Alipay makes for it.
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import type { MadeOrder } from '../ledger/memory.ts'
import type { Services } from './tool.ts'

/** Adds the link or the code. The order is remembered first: a lost code may be found and paid by somebody. */
export async function withPayment(order: MadeOrder, services: Services): Promise<MadeOrder> {
  const { gateway, memory } = services
  const { channel, pay_url, qr_content, ...content } = order
  if (channel !== 'qr') {
    const made = { ...order, pay_url: await gateway.payLink(channel, content) }
    memory.remember(made)
    return made
  }
  // An earlier try of the same number may have made a code: then it stays remembered, whatever comes now.
  const isNew = memory.order(order.out_trade_no) === undefined
  memory.remember(order)
  const outcome = await gateway.precreate(content)
  if (outcome.outcome === 'unknown') throw lostCode(order, outcome.why)
  if (outcome.outcome === 'refused') {
    if (!isNew) throw new RefusedError('create_payment', outcome.refusal, maybeEarlier(order), WATCH)
    memory.forget(order.out_trade_no)
    throw new RefusedError('create_payment', outcome.refusal, NO_CODE, otherChannels(services))
  }
  const made = { ...order, qr_content: outcome.answer.qr_code }
  memory.remember(made)
  return made
}

const maybeEarlier = ({ time_expire }: MadeOrder) =>
  `This call made no code and moved nothing; an earlier try may have made one, payable until ${time_expire} Beijing time.`
const WATCH =
  'Watch this order with query_payment until then, or close it, before another one is made in its place.'
const NO_CODE = 'No code was made, and this call moved nothing.'

/** No silent change of channel: the buyer would stand before another page than the one announced. */
function otherChannels({ channels }: Services): string | undefined {
  const others = channels.filter((channel) => channel !== 'qr')
  return others.length > 0
    ? `Channels that may work instead: ${others.join(', ')}; ask before changing.`
    : undefined
}

function lostCode({ out_trade_no, total_amount }: MadeOrder, why: string): Error {
  return new OutcomeUnknownError(
    'create_payment',
    why,
    'A code may have been made that nobody has seen; nothing was paid by this call.',
    `call create_payment again with out_trade_no ${JSON.stringify(out_trade_no)} and otherwise the same words: it ` +
      'fetches the code of the same order.',
    { out_trade_no, total_amount },
  )
}
