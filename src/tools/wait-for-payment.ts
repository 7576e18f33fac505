// Waits a little while until an order is paid or closed, so that nobody has to say "I paid" (alipay.trade.query).
import * as z from 'zod'
import { withDoublePayment } from '../orders/double-payment.ts'
import { knownOrder } from '../orders/find-order.ts'
import { isFinal, orderStatus } from '../orders/order-status.ts'
import { untilFinal } from '../orders/payment-watch.ts'
import { orderInput, orderName, output } from './fields.ts'
import { defineTool } from './tool.ts'

export const waitForPayment = defineTool({
  name: 'wait_for_payment',
  title: 'Wait until an Alipay order is paid 等待付款',
  description:
    'Waits until the order is paid or closed, and answers at once when it is. Changes nothing. Use it right after the' +
    ' buyer got the link or code; not to see an old order (query_payment). If it ends unpaid, call it again while the' +
    ' buyer is still paying.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({
    seconds: z
      .int({ error: 'must be a whole number of seconds.' })
      .min(1, { error: 'is under 1.' })
      .max(45, { error: 'is over 45: hosts cut longer calls; wait again instead.' })
      .describe('How long at most.')
      .default(25),
  }),
  output: output({ trade_status: z.string().optional(), paid: z.boolean().optional(), alarm: z.string().optional() }),
  async run(args, services) {
    const name = orderName(args)
    const looked = await untilFinal(name, args.seconds, services)
    const checked = { name, looked, known: await knownOrder(services, name, looked) }
    const state = await withDoublePayment(orderStatus(checked, services), checked, services)
    if (isFinal(checked, services)) return state
    const message = `Not paid after ${args.seconds} seconds of waiting. ${state.message}`
    // Whoever waits for what must not be paid, or for another order, has to do something else first.
    const other = ['close_requested', 'alarm', 'paid_twice', 'paid_instead'].some((key) => state[key] !== undefined)
    return { ...state, message, next_step: other ? state.next_step : AGAIN }
  },
})

const AGAIN = 'If the buyer is still paying, call wait_for_payment again.'
