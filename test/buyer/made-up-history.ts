// Histories that never happened, told step by step: for proving that the judge finds what is wrong in one.
import type { Deed, Fields, History, Said, SoldItem, TradeAtAlipay } from './history.ts'

const NOON = Date.parse('2026-11-23T12:00:00+08:00')
const MINUTE = 60_000
const beijing = (at: number) => new Date(at + 8 * 60 * MINUTE).toISOString().slice(0, 19).replace('T', ' ')

export const SOLD: readonly SoldItem[] = [
  {
    ...{ id: 'poem', subject: 'Poem', price: '19.90', deliver: { text: 'the moon is bright' } },
    refund: { policy: 'auto', minutes: 30, max: '20.00' },
  },
  {
    ...{ id: 'key', subject: 'Key', price: '30.00', max_quantity: 3, codes: ['CODE-A', 'CODE-B', 'CODE-C', 'CODE-D'] },
    ...{ deliver: { codes_file: 'keys.txt' }, refund: { policy: 'auto', minutes: 30, max: '90.00' } },
  },
  { id: 'talk', subject: 'Talk', price: '12.00', refund: 'never' },
  { id: 'advice', subject: 'Advice', price: '15.00', refund: 'operator' },
  {
    id: 'tip',
    subject: 'Tip',
    tip: true,
    min: '1.00',
    max: '66.00',
    refund: { policy: 'auto', minutes: 30, max: '20.00' },
  },
]

interface Refund {
  refund_amount: string
  gmt_refund_pay: string
  by: string
}

/** Each step is a second later, or as much as is waited. */
export class MadeUp {
  readonly #said: Said[] = []
  readonly #deeds: Deed[] = []
  readonly #trades: (TradeAtAlipay & { refunds: Refund[] })[] = []
  readonly #codes = new Map<string, string>()
  #step = 0
  #waited = 0

  constructor() {
    this.sells(SOLD)
  }

  #moment() {
    this.#step += 1
    return { step: this.#step, at: NOON + this.#step * 1_000 + this.#waited }
  }

  waits(minutes: number): this {
    this.#waited += minutes * MINUTE
    return this
  }

  sells(items: readonly SoldItem[]): this {
    this.#deeds.push({ what: 'items', items, ...this.#moment() })
    return this
  }

  /** With another item in place of the one of that name. */
  changes(id: string, more: Partial<SoldItem>): this {
    return this.sells(SOLD.map((item) => (item.id === id ? { ...item, ...more } : item)))
  }

  /** A call and its answer, as it would be written out. */
  asks(buyer: string | undefined, tool: string, args: Fields, fields: Fields, more: Partial<Said> = {}): this {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
    const text = ['Done.', ...lines].join('\n')
    this.#said.push({ ...{ buyer, tool, args, fields, text, refused: false }, ...this.#both(), ...more })
    return this
  }

  #both() {
    return { began: this.#moment(), ended: this.#moment() }
  }

  misses(buyer: string, tool: string, out_trade_no: string, text = 'No order of this buyer has that number.'): this {
    return this.asks(buyer, tool, { out_trade_no }, {}, { refused: true, text })
  }

  orders(buyer: string, item: string, out_trade_no: string, more: Fields = {}, total_amount?: string): this {
    const price = SOLD.find(({ id }) => id === item)?.price ?? String(more.total_amount)
    const all = (Number(price) * Number(more.quantity ?? 1)).toFixed(2)
    const fields = {
      out_trade_no,
      total_amount: total_amount ?? all,
      pay_url: `https://pay.example.com/p/page-of-${out_trade_no}`,
    }
    this.#codes.set(out_trade_no, `CLAIM${out_trade_no.toUpperCase()}`)
    return this.asks(buyer, 'create_payment', { item, ...more }, fields)
  }

  pays(out_trade_no: string): this {
    const moment = this.#moment()
    this.#deeds.push({ what: 'paid', out_trade_no, ...moment })
    const made = this.#said.find(({ fields }) => fields.out_trade_no === out_trade_no)
    const total_amount = String(made?.fields.total_amount ?? '1.00')
    const trade_no = `2026112322001400${String(this.#step).padStart(12, '0')}`
    this.#trades.push({ out_trade_no, trade_no, total_amount, gmt_payment: beijing(moment.at), refunds: [] })
    return this
  }

  bought(buyer: string, item: string, out_trade_no: string, more: Fields = {}): this {
    return this.orders(buyer, item, out_trade_no, more).pays(out_trade_no)
  }

  delivers(buyer: string, out_trade_no: string, more: Fields = {}): this {
    return this.asks(buyer, 'deliver_order', { out_trade_no }, { out_trade_no, first_time: true, ...more })
  }

  /** @param amount that moves at Alipay for it; absent: none */
  refunds(buyer: string, out_trade_no: string, amount?: string, more: Partial<Said> = {}): this {
    const [began, moved, ended] = [this.#moment(), this.#moment(), this.#moment()]
    if (amount !== undefined) this.#moves(out_trade_no, amount, 'api', moved.at)
    const fields = { out_trade_no, refund_request: amount === undefined ? 'waiting' : 'made' }
    return this.asks(buyer, 'request_refund', { out_trade_no }, fields, { began, ended, ...more })
  }

  givesBack(out_trade_no: string, amount: string): this {
    const moment = this.#moment()
    this.#deeds.push({ what: 'given back', out_trade_no, amount, ...moment })
    this.#moves(out_trade_no, amount, 'console', moment.at)
    return this
  }

  declines(out_trade_no: string): this {
    this.#deeds.push({ what: 'no to a refund', out_trade_no, ...this.#moment() })
    return this
  }

  claims(buyer: string, of: string, more: Fields = {}): this {
    return this.asks(buyer, 'query_payment', { claim_code: this.#codes.get(of), ...more }, { out_trade_no: of })
  }

  #moves(out_trade_no: string, refund_amount: string, by: string, at: number): void {
    const trade = this.#trades.find((one) => one.out_trade_no === out_trade_no)
    trade?.refunds.push({ refund_amount, gmt_refund_pay: beijing(at), by })
  }

  get history(): History {
    return {
      ...{ said: this.#said, deeds: this.#deeds, trades: this.#trades, claim_codes: this.#codes },
      ...{ buyer_daily: '100.00', markers: ['SYSTEM-OVERRIDE'] },
      secrets: { 'the limit of the day': '98765.43', 'the account of the payer': 'abc***', 'a path': '/data/shop' },
    }
  }
}
