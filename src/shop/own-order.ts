// A buyer's own order: asked about, waited for, closed, and given back to a buyer who is lost.

import { closeNamedOrder } from '../orders/close-order.ts'
import { knownOrder, type LookUp, lookUp } from '../orders/find-order.ts'
import { isFinal } from '../orders/order-status.ts'
import { untilFinal, type WaitingCall } from '../orders/payment-watch.ts'
import type { ToolResult } from '../tool-result.ts'
import { buyerOf, noSuchOrder, ownSale, type ShopCall } from './buyer.ts'
import { orderView, saleState, type ViewCall } from './order-view.ts'

const QUERY = 'query_payment'

interface AskedOrder {
  out_trade_no?: string | undefined
  claim_code?: string | undefined
}

/** With a claim code it belongs to whoever brings it, from now on. */
export async function queryOwnOrder(asked: AskedOrder, call: ViewCall): Promise<ToolResult> {
  const isNeeded = asked.claim_code !== undefined && !(await isOwn(asked, call))
  const number = isNeeded ? await claimed(asked, call) : asked.out_trade_no
  if (number === undefined) throw noSuchOrder(QUERY)
  const { sale } = await ownSale(QUERY, number, call)
  const name = { out_trade_no: number }
  const looked = await lookUp(call, { by: QUERY, order: name, readOnly: true })
  const checked = { name, looked, known: await knownOrder(call, name, looked) }
  const view = await orderView(checked, await saleState(sale, call), call)
  if (isNeeded || asked.claim_code === undefined) return view
  return { ...view, message: `${view.message} The claim code changed nothing: the order is this buyer's already.` }
}

async function isOwn({ out_trade_no }: AskedOrder, call: ShopCall): Promise<boolean> {
  const buyer = await buyerOf(QUERY, call)
  const sale = out_trade_no === undefined ? undefined : await (await call.ledger()).sale(out_trade_no)
  return sale !== undefined && (buyer === undefined || sale.buyer === buyer)
}

/** @returns the number of the order; undefined is answered like any other miss */
async function claimed(
  { out_trade_no, claim_code: written = '' }: AskedOrder,
  call: ShopCall,
): Promise<string | undefined> {
  const buyer = await buyerOf(QUERY, call)
  if (buyer === undefined) return out_trade_no
  const { misses } = call.shop ?? {}
  await misses?.pause(buyer, call)
  const claim_code = written.toUpperCase().replace(/[^0-9A-Z]/g, '')
  const ledger = await call.ledger()
  const found = await ledger.claimSale({ claim_code, out_trade_no }, buyer, call.actor())
  if (found !== undefined) return found
  const isOurs = out_trade_no !== undefined && (await ledger.isClaimCode(out_trade_no, claim_code))
  if (isOurs) await recover(out_trade_no, buyer, call)
  else misses?.count(buyer, call)
  return isOurs ? out_trade_no : undefined
}

/** The code was shown once the order was paid, and the ledger was restored since: Alipay still knows it. */
async function recover(out_trade_no: string, buyer: string, call: ShopCall): Promise<void> {
  const look: LookUp = { by: QUERY, order: { out_trade_no }, readOnly: true }
  const { trade } = await lookUp(call, look)
  if (trade) await (await call.ledger()).recoverSale(trade, buyer, call.actor())
}

const WAIT = 'wait_for_payment'

export async function waitForOwnOrder(
  out_trade_no: string,
  seconds: number,
  call: ViewCall & WaitingCall,
): Promise<ToolResult> {
  const { sale } = await ownSale(WAIT, out_trade_no, call)
  const name = { out_trade_no }
  const looked = await untilFinal(name, seconds, call)
  const checked = { name, looked, known: await knownOrder(call, name, looked) }
  const view = await orderView(checked, await saleState(sale, call), call)
  if (isFinal(checked, call) || view.state !== 'open') return view
  return { ...view, message: `${view.message} Waited ${seconds} seconds.`, next_step: AGAIN }
}

const AGAIN =
  'If the buyer is still paying, call wait_for_payment again; else tell the user that the order is not paid yet.'

export async function closeOwnOrder(out_trade_no: string, call: ViewCall): Promise<ToolResult> {
  const { sale } = await ownSale('close_payment', out_trade_no, call)
  const closed = await closeNamedOrder({ out_trade_no }, call)
  const { message, message_zh, subject, total_amount, closed: isClosed, paid, payable_until } = closed
  const next_step = paid ? PAID : isClosed || payable_until === undefined ? OVER : NOT_CLOSED
  return {
    message,
    message_zh,
    out_trade_no,
    item: sale.item,
    subject,
    total_amount,
    closed: isClosed,
    paid,
    payable_until,
    next_step,
  }
}

const OVER = 'Nothing more to do.'
const NOT_CLOSED = 'Tell the buyer not to pay it; query_payment tells later whether somebody did.'
const PAID =
  'Tell the buyer that the order is paid; query_payment tells the rest. request_refund only if they want the money back.'
