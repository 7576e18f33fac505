// Lists the orders that the ledger knows, and asks Alipay about the unfinished ones where that is wished.
import * as z from 'zod'
import type { ListedPage } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { output } from './fields.ts'
import { listInput } from './list-fields.ts'
import { itemOf, nextStep } from './listed-order.ts'
import { type Refreshed, refresh } from './refresh-orders.ts'
import { defineTool } from './tool.ts'

export const listPayments = defineTool({
  name: 'list_payments',
  title: 'List Alipay payments 订单列表',
  description:
    'Lists the orders of this ledger, newest first, with sums. Changes nothing. Use it to go on after an interruption' +
    ' or to see what was paid; not for one order (query_payment). States are as last seen. Then do next_step.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: listInput,
  output: output({ orders: z.unknown().optional(), next: z.string().optional() }),
  async run({ since, until, refresh: asks, ...rest }, services) {
    const ledger = await services.ledger()
    const filter = { ...rest, made_from: since, made_before: until }
    const before = await ledger.list(filter)
    const refreshed = asks ? await refresh(before.orders, services) : undefined
    const page = asks ? await ledger.list(filter) : before
    const orders = await Promise.all(
      page.orders.map((order) => itemOf(order, ledger, services, refreshed?.asked.get(order.out_trade_no))),
    )
    const { message, ...told } = toldOf(page, refreshed)
    return {
      message: ledger.inMemory ? `${message} ${IN_MEMORY}` : message,
      orders,
      ...told,
      next_step: nextStep(orders, page.next),
    }
  },
})

const IN_MEMORY = 'The ledger is in memory: the list begins with this process.'

function toldOf(
  { orders, count, paid_fen, refunded_fen, next }: ListedPage,
  refreshed: Refreshed | undefined,
) {
  const paid_amount = toYuan(paid_fen)
  const refunded_amount = toYuan(refunded_fen)
  const changed = refreshed?.gone(orders)
  const not_refreshed = refreshed?.silent.join(', ') || undefined
  const sums = `Of all that fit ${paid_amount} yuan were paid and ${refunded_amount} refunded, as far as known here.`
  const how = refreshed ? askedNow(refreshed, changed) : AS_LAST_SEEN
  const message = `${orders.length} of ${count} orders that fit, newest first. ${sums} ${how}`
  return { message, count, paid_amount, refunded_amount, next, changed, not_refreshed }
}

const AS_LAST_SEEN = 'States are as last known (since when: seen); refresh=true asks Alipay.'

function askedNow({ asked, silent }: Refreshed, changed: string | undefined): string {
  const gone = changed ? '; those in changed do not fit any more' : ''
  const rest =
    silent.length > 0 ? `, not about ${silent.length} more (not_refreshed), which are as last seen` : ''
  return `Alipay was asked now about ${asked.size} unfinished ones${gone}${rest}.`
}
