// Everything the platform remembers of orders: opened links, issued codes, and trades by both of their numbers.
import { randomBytes, randomInt } from 'node:crypto'
import { beijingTime } from './clock.ts'
import type { Channel, NotifyTo, Trade } from './trade.ts'

/** A signed link that a browser opened, or a QR code that was issued; no trade yet. */
export interface Opening {
  readonly id: string
  readonly channel: Channel
  readonly out_trade_no: string
  readonly subject: string
  readonly body: string | undefined
  readonly total_fen: number
  readonly expires_at: number
  /** Until when a buyer can begin; for a code earlier than the order's own expiry, for a link the same. */
  readonly open_until: number
  readonly return_to: ReturnTo | undefined
  readonly notify_to: NotifyTo | undefined
}

/** Where the buyer's browser goes after paying, and the app that said so. */
export interface ReturnTo {
  readonly url: string
  readonly app_id: string
}

/** One or both; an opening has the merchant's only. */
type Numbers = { [Name in 'trade_no' | 'out_trade_no']?: string | undefined }

/** Where the buyer's pages of it are. */
export function cashierPath({ channel, id }: Opening): string {
  return channel === 'qr' ? `/qr/${id}` : `/cashier/${id}`
}

export class TradeStore {
  #openings = new Map<string, Opening>()
  #openingsByContent = new Map<string, Opening>()
  #firstOpened = new Map<string, number>()
  /** By number and channel, the newest last. */
  #newestOpenings = new Map<string, Map<Channel, Opening>>()
  /** By number and expiry: however many there are, none is searched for. */
  #codes = new Map<string, Map<number, Opening>>()
  #blocked = new Set<string>()
  #byOutTradeNo = new Map<string, Trade>()
  #byTradeNo = new Map<string, Trade>()

  /** trade_no wins where both are given; there is one merchant, so out_trade_no alone is the identity. */
  find({ trade_no, out_trade_no }: Numbers): Trade | undefined {
    if (trade_no !== undefined) return this.#byTradeNo.get(trade_no)
    return out_trade_no === undefined ? undefined : this.#byOutTradeNo.get(out_trade_no)
  }

  add(trade: Trade): void {
    this.#byOutTradeNo.set(trade.out_trade_no, trade)
    this.#byTradeNo.set(trade.trade_no, trade)
  }

  all(): Trade[] {
    return [...this.#byTradeNo.values()]
  }

  openings(): Opening[] {
    return [...this.#openings.values()]
  }

  opening(id: string): Opening | undefined {
    return this.#openings.get(id)
  }

  /** The newest of each channel, the newest of all first; what is opened again is new again. */
  newestOpenings(out_trade_no: string): Opening[] {
    return [...(this.#newestOpenings.get(out_trade_no)?.values() ?? [])].reverse()
  }

  /** timeout_express counts from the first time the merchant's link was opened. */
  firstOpened(out_trade_no: string, now: number): number {
    const first = this.#firstOpened.get(out_trade_no) ?? now
    this.#firstOpened.set(out_trade_no, first)
    return first
  }

  /** The same link opened again leads to the same cashier page. */
  open(order: Omit<Opening, 'id'>): Opening {
    const content = JSON.stringify(order)
    const opening = this.#openingsByContent.get(content) ?? { id: randomBytes(12).toString('hex'), ...order }
    this.#openings.set(opening.id, opening)
    this.#openingsByContent.set(content, opening)
    const newest = this.#newestOpenings.get(order.out_trade_no) ?? new Map<Channel, Opening>()
    newest.delete(order.channel)
    this.#newestOpenings.set(order.out_trade_no, newest.set(order.channel, opening))
    return opening
  }

  /** A new code for the order; the older ones stay what they are. */
  issueCode(order: Omit<Opening, 'id'>): Opening {
    const code = this.open(order)
    const codes = this.#codes.get(code.out_trade_no) ?? new Map<number, Opening>()
    this.#codes.set(code.out_trade_no, codes.set(code.expires_at, code))
    return code
  }

  /** The newest with that expiry; without one the first of the number, whose content all others share. */
  codeOf(out_trade_no: string, expires_at?: number): Opening | undefined {
    const codes = this.#codes.get(out_trade_no)
    return expires_at === undefined ? codes?.values().next().value : codes?.get(expires_at)
  }

  /** From now on whoever scans a code of this number is told that the trade is closed. */
  blockCodes(out_trade_no: string): void {
    this.#blocked.add(out_trade_no)
  }

  isBlocked({ channel, out_trade_no }: Opening): boolean {
    return channel === 'qr' && this.#blocked.has(out_trade_no)
  }

  /** 28 digits: the day, 22001, 4, and fourteen more. */
  newTradeNo(now: number): string {
    const day = beijingTime(now).slice(0, 10).replaceAll('-', '')
    const count = String(this.#byTradeNo.size + 1).padStart(7, '0')
    return `${day}220014${String(randomInt(10_000_000)).padStart(7, '0')}${count}`
  }

  clear(): void {
    const openings = [this.#openings, this.#openingsByContent, this.#newestOpenings, this.#firstOpened]
    for (const map of [...openings, this.#codes, this.#blocked, this.#byOutTradeNo, this.#byTradeNo]) map.clear()
  }
}
