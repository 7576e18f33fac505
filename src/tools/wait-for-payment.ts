// Waits a little while until an order is paid or closed, so that nobody has to say "I paid" (alipay.trade.query).
import * as z from 'zod'
import { OutcomeUnknownError, RefusedError } from '../errors.ts'
import { afterwards } from '../guard/sending.ts'
import { type NamedOrder, orderInput, orderName, output } from './fields.ts'
import { knownOrder } from './known-order.ts'
import { type LookedUp, lookUp } from './look-up.ts'
import { isSettled, stateOf } from './order-state.ts'
import { defineTool, type Services } from './tool.ts'

// A poll that hangs must not carry the call past the 60 s after which hosts cut it.
const POLL_MS = 5_000

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
  output: output({ trade_status: z.string().optional(), paid: z.boolean().optional() }),
  async run(args, services) {
    const looked = await untilSettled(args, args.seconds, services)
    const known = await knownOrder(services, orderName(args), looked)
    const state = stateOf(looked, args, known, services)
    if (isSettled(looked, args, known, services)) return state
    const message = `Not paid after ${args.seconds} seconds of waiting. ${state.message}`
    // Whoever waits for what shall not be paid, or for another order, has to do something else first.
    const other = state.close_wished !== undefined || state.alarm !== undefined
    return { ...state, message, next_step: other ? state.next_step : AGAIN }
  },
})

const AGAIN = 'If the buyer is still paying, call wait_for_payment again.'

async function untilSettled(order: NamedOrder, seconds: number, services: Services): Promise<LookedUp> {
  const { clock, watches, progress } = services
  const signal = AbortSignal.any([services.signal, services.stopping].filter((one) => one !== undefined))
  const start = clock.ticks()
  const name = orderName(order)
  const ask = () =>
    lookUp(services, { by: 'wait_for_payment', order: name, within: POLL_MS, readOnly: true, shared: true })
  for (;;) {
    const looked = await watches.next(JSON.stringify(name), ask, signal).catch(unlessSilent)
    if (signal.aborted) throw cancelled()
    const waited = Math.round((clock.ticks() - start) / 1000)
    const over = waited >= seconds
    if (looked instanceof Error && over) throw looked
    if (looked && !(looked instanceof Error) && (over || (await settled(looked, order, services))))
      return looked
    progress?.(Math.min(waited, seconds), seconds)
  }
}

/** An order with a trade tells itself; for one without, the ledger knows whether it can still be paid. */
async function settled(looked: LookedUp, order: NamedOrder, services: Services): Promise<boolean> {
  const read = () => afterwards(services, (ledger) => ledger.order(orderName(order)))
  return isSettled(looked, order, { order: looked.trade ? undefined : await read(), unsettled: [] }, services)
}

/** Silence is no news, of Alipay or of the line, and neither is a rate limit; any other refusal ends the wait. */
function unlessSilent(error: unknown): Error {
  if (error instanceof OutcomeUnknownError) return error
  const refusal = error instanceof RefusedError ? error.refusal : undefined
  if (error instanceof Error && (refusal?.not_sent !== undefined || refusal?.code === '40005')) return error
  throw error
}

function cancelled(): Error {
  const why = 'the host cancelled the call'
  return new OutcomeUnknownError('wait_for_payment', why, 'This call only reads.', 'call query_payment.')
}
