// The careless agent: which orders, links and numbers it knows, and what it says to the tools.
import type { Fields } from './alipay.ts'
import { type Deed, PARTS, TOTALS } from './steps.ts'

export interface KnownOrder {
  out_trade_no: string
  total: string
  trade_no?: string
  /** Everything with which a buyer can pay it, the oldest first. */
  links: { pay_url?: string; qr_code?: string }[]
}

/** What one call of a tool is about. */
export interface Spoken {
  tool: string
  args: Fields
  order?: KnownOrder
  /** Calls with the same wish are one wish; undefined where a number is made up, which is none. */
  wish?: { key: string; fen: number | undefined } | undefined
}

export const fenOf = (yuan: string) => Math.round(Number(yuan) * 100)
export const yuanOf = (fen: number) => (fen / 100).toFixed(2)
const MADE_UP = `RF${'0'.repeat(30)}`

export class Agent {
  readonly orders: KnownOrder[] = []
  /** Refund numbers that answers named, and the wish behind each. */
  readonly #numbers = new Map<string, string>()
  /** By wish: the number that was offered for a further refund after it. */
  readonly #offered = new Map<string, string>()
  lastRefund: Spoken | undefined

  order(index: number): KnownOrder | undefined {
    return this.orders[index % Math.max(1, this.orders.length)]
  }

  /** Undefined where it knows no order to speak of. */
  speak(deed: Deed): Spoken | undefined {
    if (deed.call === 'create') return this.#create(deed)
    if (deed.call === 'list') return { tool: 'list_payments', args: { refresh: deed.refresh } }
    if (deed.call === 'settle') return { tool: 'settle', args: {} }
    const order = this.order(deed.order)
    if (!order) return undefined
    const { out_trade_no } = order
    switch (deed.call) {
      case 'query':
        return { tool: 'query_payment', args: { out_trade_no }, order }
      case 'close':
        return { tool: 'close_payment', args: { out_trade_no }, order }
      case 'wait':
        return { tool: 'wait_for_payment', args: { out_trade_no, seconds: deed.seconds }, order }
      case 'query_refund':
        return { tool: 'query_refund', args: { out_trade_no, ...this.#which(order, deed) }, order }
      case 'refund':
        return this.#refund(order, deed)
    }
  }

  /** The last refund with the same words, or with the number that was offered for a further one of it. */
  again(further: boolean): Spoken | undefined {
    const last = this.lastRefund
    const offer = last?.wish && this.#offered.get(last.wish.key)
    if (!further || !last?.wish || offer === undefined) return last
    const { key, fen } = last.wish
    return { ...last, args: { ...last.args, out_request_no: offer }, wish: { key: `${key}+`, fen } }
  }

  #create({ total, channel, own, replaces, minutes }: Extract<Deed, { call: 'create' }>): Spoken {
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

  #refund(order: KnownOrder, deed: Extract<Deed, { call: 'refund' }>): Spoken {
    const refund_amount = amountOf(order, deed)
    const { out_trade_no, trade_no } = order
    const named = refund_amount !== undefined && refund_amount !== order.total
    const first = `${out_trade_no}|${named ? refund_amount : 'rest'}`
    const out_request_no = this.#numberFor(first, deed.number)
    const key = out_request_no === undefined ? first : this.#numbers.get(out_request_no)
    const args = {
      ...(deed.by_trade_no && trade_no !== undefined ? { trade_no } : { out_trade_no }),
      ...(refund_amount !== undefined && { refund_amount }),
      ...(out_request_no !== undefined && { out_request_no }),
    }
    const fen = named ? fenOf(refund_amount) : undefined
    const wish = key?.startsWith(first) ? { key, fen } : undefined
    return { tool: 'refund_payment', args, order, wish }
  }

  #numberFor(first: string, kind: 'none' | 'offered' | 'invented'): string | undefined {
    if (kind === 'none') return undefined
    if (kind === 'invented')
      return [...this.#numbers].find(([, key]) => !key.startsWith(first))?.[0] ?? MADE_UP
    let last: string | undefined
    for (let key: string | undefined = first; key !== undefined; ) {
      const next: string | undefined = this.#offered.get(key)
      last = next ?? last
      key = next && this.#numbers.get(next)
    }
    return last
  }

  #which(order: KnownOrder, { by, part }: Extract<Deed, { call: 'query_refund' }>): Fields {
    if (by === 'amount') return { refund_amount: PARTS[part] ?? '1.00' }
    if (by === 'order') return {}
    const own = [...this.#numbers]
      .filter(([, key]) => key.startsWith(`${order.out_trade_no}|`))
      .map(([number]) => number)
    return { out_request_no: own[part % Math.max(1, own.length)] ?? MADE_UP }
  }

  /** What an answer teaches it. */
  learn({ tool, order, wish }: Spoken, answer: Fields): void {
    if (tool === 'create_payment' && !answer.isError) this.#learnOrder(answer)
    if (order && typeof answer.trade_no === 'string') order.trade_no = answer.trade_no
    if (!wish) return
    const { out_request_no, next_step, isError, error } = answer
    // A refusal may name the refund that stands in the way.
    const isOwn = !isError || error === 'unknown'
    if (isOwn && typeof out_request_no === 'string') this.#numbers.set(out_request_no, wish.key)
    const offer = OFFER.exec(String(next_step))?.[1]
    if (offer === undefined || this.#numbers.has(offer)) return
    this.#numbers.set(offer, `${wish.key}+`)
    this.#offered.set(wish.key, offer)
  }

  #learnOrder({ out_trade_no, total_amount, pay_url, qr_content }: Fields): void {
    const number = String(out_trade_no)
    const known = this.orders.find((order) => order.out_trade_no === number)
    const order = known ?? { out_trade_no: number, total: String(total_amount), links: [] }
    if (!known) this.orders.push(order)
    if (typeof pay_url === 'string') order.links.push({ pay_url })
    if (typeof qr_content === 'string') order.links.push({ qr_code: qr_content })
  }
}

const OFFER = /further refund of the same amount: call refund_payment with \{[^}]*"out_request_no":"([^"]+)"/

function amountOf(order: KnownOrder, { wish, part }: Extract<Deed, { call: 'refund' }>): string | undefined {
  if (wish === 'rest') return undefined
  if (wish === 'whole') return order.total
  if (wish === 'too_much') return yuanOf(fenOf(order.total) + 1)
  return PARTS[part] ?? '1.00'
}
