// The careless agent: which orders, links and numbers it knows, and what it says to the tools.
import type { Fields } from './alipay.ts'
import { tokenIn } from './buyers.ts'
import { ITEMS, type ItemName, isItem } from './items-on-sale.ts'
import { type Operation, PARTS, TOTALS } from './steps.ts'

export interface KnownOrder {
  out_trade_no: string
  total: string
  trade_no?: string
  /** Everything with which a buyer can pay it, the oldest first. */
  links: { pay_url?: string; qr_code?: string }[]
  /** Of its page, on which a buyer gets a link. */
  token?: string
  /** Of an item of the shop. */
  sale?: Sold
  /** Another program has used its number, and another amount is paid. */
  isElsewhere?: boolean
}

/** What was sold, to whom, and what the ledger wrote of it. */
export interface Sold {
  item: ItemName
  quantity: number
  /** Who made it, by name; undefined: the merchant's assistant did. */
  buyer: string | undefined
  /** Who has it now: who brought its claim code. */
  owner: string | undefined
  time_expire: string
  /** Of the ledger. */
  claim_code?: string | undefined
  items_hash?: string | undefined
}

/** What one call of a tool is about. */
export interface Spoken {
  tool: string
  args: Fields
  order?: KnownOrder
  /** Calls with the same request are one request; undefined where a number is made up, which is none. */
  request?: { key: string; fen: number | undefined } | undefined
  /** Whom the program around a buyer's chat names; undefined: it is the merchant's. */
  buyer?: string | undefined
}

export const fenOf = (yuan: string) => Math.round(Number(yuan) * 100)
export const yuanOf = (fen: number) => (fen / 100).toFixed(2)
const MADE_UP = `RF${'0'.repeat(30)}`

export class Agent {
  readonly orders: KnownOrder[] = []
  /** Refund numbers that answers named, and the request behind each. */
  readonly #numbers = new Map<string, string>()
  /** By request: the number that was offered for a further refund after it. */
  readonly #offered = new Map<string, string>()
  lastRefund: Spoken | undefined

  order(index: number): KnownOrder | undefined {
    return this.orders[index % Math.max(1, this.orders.length)]
  }

  /** Undefined where it knows no order to speak of. */
  speak(operation: Operation): Spoken | undefined {
    if (operation.call === 'create') return this.#create(operation)
    if (operation.call === 'list') return { tool: 'list_payments', args: { refresh: operation.refresh } }
    if (operation.call === 'resolve') return { tool: 'resolve', args: {} }
    if (operation.call === 'sell') return sale(operation)
    const order = this.order(operation.order)
    if (!order) return undefined
    const { out_trade_no } = order
    switch (operation.call) {
      case 'query':
        return { tool: 'query_payment', args: { out_trade_no }, order }
      case 'deliver':
        return { tool: 'deliver_order', args: { out_trade_no }, order }
      case 'close':
        return { tool: 'close_payment', args: { out_trade_no }, order }
      case 'wait':
        return { tool: 'wait_for_payment', args: { out_trade_no, seconds: operation.seconds }, order }
      case 'query_refund':
        return { tool: 'query_refund', args: { out_trade_no, ...this.#which(order, operation) }, order }
      case 'refund':
        return this.#refund(order, operation)
    }
  }

  /** The last refund with the same words, or with the number that was offered for a further one of it. */
  again(further: boolean): Spoken | undefined {
    const last = this.lastRefund
    const offer = last?.request && this.#offered.get(last.request.key)
    if (!further || !last?.request || offer === undefined) return last
    const { key, fen } = last.request
    return { ...last, args: { ...last.args, out_request_no: offer }, request: { key: `${key}+`, fen } }
  }

  #create({ total, channel, own, replaces, minutes }: Extract<Operation, { call: 'create' }>): Spoken {
    const old = replaces === undefined ? undefined : this.order(replaces)
    const args = {
      subject: 'Tea',
      total_amount: TOTALS[total],
      channel,
      expires_in_minutes: minutes,
      ...(own !== undefined && { out_trade_no: `OWN_${own}` }),
      ...(old && { replaces: old.out_trade_no }),
    }
    return { tool: 'create_payment', args }
  }

  #refund(order: KnownOrder, operation: Extract<Operation, { call: 'refund' }>): Spoken {
    const refund_amount = amountOf(order, operation)
    const { out_trade_no, trade_no } = order
    const named = refund_amount !== undefined && refund_amount !== order.total
    const first = `${out_trade_no}|${named ? refund_amount : 'rest'}`
    const out_request_no = this.#numberFor(first, operation.number)
    const key = out_request_no === undefined ? first : this.#numbers.get(out_request_no)
    const args = {
      ...(operation.by_trade_no && trade_no !== undefined ? { trade_no } : { out_trade_no }),
      ...(refund_amount !== undefined && { refund_amount }),
      ...(out_request_no !== undefined && { out_request_no }),
    }
    const fen = named ? fenOf(refund_amount) : undefined
    const request = key?.startsWith(first) ? { key, fen } : undefined
    return { tool: 'refund_payment', args, order, request }
  }

  #numberFor(first: string, kind: 'none' | 'offered' | 'invented'): string | undefined {
    if (kind === 'none') return undefined
    if (kind === 'invented') return [...this.#numbers].find(([, key]) => !key.startsWith(first))?.[0] ?? MADE_UP
    let last: string | undefined
    for (let key: string | undefined = first; key !== undefined; ) {
      const next: string | undefined = this.#offered.get(key)
      last = next ?? last
      key = next && this.#numbers.get(next)
    }
    return last
  }

  #which(order: KnownOrder, { by, part }: Extract<Operation, { call: 'query_refund' }>): Fields {
    if (by === 'amount') return { refund_amount: PARTS[part] ?? '1.00' }
    if (by === 'order') return {}
    const own = [...this.#numbers]
      .filter(([, key]) => key.startsWith(`${order.out_trade_no}|`))
      .map(([number]) => number)
    return { out_request_no: own[part % Math.max(1, own.length)] ?? MADE_UP }
  }

  /** What an answer teaches it. */
  learn({ tool, order, request, buyer, args }: Spoken, answer: Fields): void {
    const isMade = (tool === 'create_payment' || tool === 'sell_item') && !answer.isError
    if (isMade) this.#learnOrder(answer, buyer)
    if (order?.sale && args.claim_code !== undefined && !answer.isError) order.sale.owner = buyer
    if (order && typeof answer.trade_no === 'string') order.trade_no = answer.trade_no
    if (!request || buyer !== undefined) return
    const { out_request_no, next_step, isError, error } = answer
    // A refusal may name the refund that stands in the way.
    const isOwn = !isError || error === 'unknown'
    if (isOwn && typeof out_request_no === 'string') this.#numbers.set(out_request_no, request.key)
    const offer = OFFER.exec(String(next_step))?.[1]
    if (offer === undefined || this.#numbers.has(offer)) return
    this.#numbers.set(offer, `${request.key}+`)
    this.#offered.set(request.key, offer)
  }

  #learnOrder({ out_trade_no, total_amount, pay_url, qr_content, ...answer }: Fields, buyer: string | undefined): void {
    const number = String(out_trade_no)
    const known = this.orders.find((order) => order.out_trade_no === number)
    const order: KnownOrder = known ?? { out_trade_no: number, total: String(total_amount), links: [] }
    if (!known) this.orders.push(order)
    const { item, quantity, time_expire } = answer
    if (isItem(item)) {
      order.sale ??= { item, quantity: Number(quantity), buyer, owner: buyer, time_expire: String(time_expire) }
    }
    const token = tokenIn(String(pay_url))
    if (token !== undefined) order.token = token
    else if (typeof pay_url === 'string') order.links.push({ pay_url })
    if (typeof qr_content === 'string') order.links.push({ qr_code: qr_content })
  }
}

const OFFER = /another refund of the same amount: call refund_payment with \{[^}]*"out_request_no":"([^"]+)"/

function sale({ item, quantity }: Extract<Operation, { call: 'sell' }>): Spoken {
  return { tool: 'sell_item', args: { item: ITEMS[item % ITEMS.length], quantity } }
}

function amountOf(order: KnownOrder, { request, part }: Extract<Operation, { call: 'refund' }>): string | undefined {
  if (request === 'rest') return undefined
  if (request === 'whole') return order.total
  if (request === 'too_much') return yuanOf(fenOf(order.total) + 1)
  return PARTS[part] ?? '1.00'
}
