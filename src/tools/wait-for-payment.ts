// Waits a little while until an order is paid or closed, so that nobody has to say "I paid" (alipay.trade.query).
import * as z from 'zod'
import { withDoublePayment } from '../orders/double-payment.ts'
import { knownOrder, underOtherKind } from '../orders/find-order.ts'
import { isFinal, orderStatus } from '../orders/order-status.ts'
import { pageFrozen } from '../orders/pay-view.ts'
import { untilFinal } from '../orders/payment-watch.ts'
import { orderInput, orderName, output, waitingSeconds } from './fields.ts'
import { defineTool } from './tool.ts'

export const waitForPayment = defineTool({
  name: 'wait_for_payment',
  title: 'Wait until an Alipay order is paid 等待付款',
  description:
    'Waits until an order is paid or closed, and answers at once then. Changes nothing. Use it in the turn after the' +
    ' buyer got the link or code; not for an old order (query_payment). While the buyer is still paying, call it again.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: orderInput({ seconds: waitingSeconds }),
  output: output({ trade_status: z.string().optional(), paid: z.boolean().optional(), alarm: z.string().optional() }),
  async run(args, services) {
    const order = orderName(args)
    const last = await untilFinal(order, args.seconds, services)
    // Of Alipay's own number the first look tells all; by the merchant's an order may still come to be.
    const look = { by: 'wait_for_payment', order, readOnly: true }
    const { name, looked } =
      'trade_no' in order ? await underOtherKind(services, look, last) : { name: order, looked: last }
    const checked = { name, looked, known: await knownOrder(services, name, looked) }
    const state = await withDoublePayment(orderStatus(checked, services), checked, services)
    if (isFinal(checked, services)) return state
    const message = `${state.message} Waited ${args.seconds === 1 ? '1 second' : `${args.seconds} seconds`}.`
    // Whoever waits for what must not be paid, or for another order, has to do something else first.
    const other = ['close_requested', 'alarm', 'paid_twice', 'paid_instead'].some((key) => state[key] !== undefined)
    const isNowhere = !looked.trade && checked.known.order === undefined
    if (other || isNowhere || checked.known.charge) return { ...state, message }
    const next_step = (await pageFrozen(checked.known.order, services)) ?? AGAIN
    return { ...state, message, next_step }
  },
})

const AGAIN =
  'If the buyer is still paying, call wait_for_payment again; else tell the user that the order is not paid yet.'
