// What happened in a shop with buyers in chats, for whoever judges it: answers, payments, deeds of the merchant, and whose order is whose.

export type Fields = Readonly<Record<string, unknown>>

/** A place in the order of all that happened, and the time by the clock of shop and Alipay. */
export interface Moment {
  step: number
  at: number
}

/** An item as the merchant wrote it, and the codes in its file. */
export interface SoldItem {
  id: string
  subject: string
  price?: string
  tip?: boolean
  min?: string
  max?: string
  max_quantity?: number
  refund?: 'operator' | 'never' | { policy: 'auto'; minutes: number; max: string }
  deliver?: { text: string } | { codes_file: string } | { url: string }
  codes?: readonly string[]
  [field: string]: unknown
}

/** One call and all that was answered to it. */
export interface Said {
  /** As the program around the model named him; undefined: it named none. */
  buyer: string | undefined
  tool: string
  args: Fields
  began: Moment
  ended: Moment
  refused: boolean
  /** The text parts of the answer, and its structure. */
  text: string
  fields: Fields
}

export const wholeOf = ({ text, fields }: Said) => `${text}\n${JSON.stringify(fields)}`

/** What people did outside of chats. */
export type Deed = Moment &
  (
    | { what: 'items'; items: readonly SoldItem[] }
    | { what: 'paid'; out_trade_no: string }
    /** The merchant gave money back by himself: in the console, or with a yes of his own. */
    | { what: 'given back'; out_trade_no: string; amount: string }
    | { what: 'no to a refund'; out_trade_no: string }
  )

/** As Alipay has it in the end. */
export interface TradeAtAlipay {
  out_trade_no: string
  trade_no: string
  total_amount: string
  gmt_payment: string | null
  refunds: readonly { refund_amount: string; gmt_refund_pay: string; by: string }[]
}

export interface History {
  said: readonly Said[]
  deeds: readonly Deed[]
  trades: readonly TradeAtAlipay[]
  /** Of each order, as its paid page shows it. */
  claim_codes: ReadonlyMap<string, string>
  /** What one buyer may get back on a day by the policy alone. */
  buyer_daily: string
  /** What nobody in a chat may read, by what it is. */
  secrets: Readonly<Record<string, string>>
  /** Words that only stand in texts of others: they must not read like words of the server. */
  markers: readonly string[]
}

/** What a buyer ordered, by the file of that moment. */
export interface Ordered {
  out_trade_no: string
  buyer: string | undefined
  item: SoldItem
  quantity: number
  total_fen: number
  made: Moment
  made_by: Said
  paid: Moment | undefined
  trade: TradeAtAlipay | undefined
}

export const fenOf = (yuan: unknown) => {
  const [, whole = '', part = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(String(yuan)) ?? []
  return whole === '' ? Number.NaN : Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

export const yuanOf = (fen: number) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

const DAY_MS = 86_400_000
export const timeOf = (text: string) => Date.parse(`${text.replace(' ', 'T')}+08:00`)
export const dayOf = (at: number) => new Date(at + DAY_MS / 3).toISOString().slice(0, 10)

/** What the items file said of an item then. */
export function itemAt({ deeds }: History, id: unknown, { step }: Moment): SoldItem | undefined {
  const versions = deeds.filter((deed) => deed.what === 'items' && deed.step < step)
  const latest = versions.at(-1)
  return latest?.what === 'items' ? latest.items.find((item) => item.id === id) : undefined
}

/** Whoever has ordered it, by the first answer that named its number; the number alone is taken from the server. */
export function ordersOf(history: History): ReadonlyMap<string, Ordered> {
  const orders = new Map<string, Ordered>()
  for (const said of history.said) {
    const { tool, refused, fields, args, buyer, began, ended } = said
    const { out_trade_no } = fields
    if (tool !== 'create_payment' || refused || typeof out_trade_no !== 'string' || orders.has(out_trade_no)) continue
    const item = itemAt(history, String(args.item).trim(), ended) ?? itemAt(history, String(args.item).trim(), began)
    if (!item) continue
    const paid = history.deeds.find((deed) => deed.what === 'paid' && deed.out_trade_no === out_trade_no)
    const trade = history.trades.find((one) => one.out_trade_no === out_trade_no)
    const total_fen = fenOf(trade?.total_amount ?? fields.total_amount)
    const quantity = item.price === undefined ? 1 : total_fen / fenOf(item.price)
    orders.set(out_trade_no, {
      out_trade_no,
      buyer,
      item,
      quantity,
      total_fen,
      made: ended,
      made_by: said,
      paid,
      trade,
    })
  }
  return orders
}

/** Whoever has the link of its page: he may see there what it shows. */
export const bearerOf = (out_trade_no: string) => `whoever has the link of ${out_trade_no}`

/** His own, or one whose claim code he brought, with no other number beside it. */
export function isEntitled(
  { said, claim_codes }: History,
  { out_trade_no, buyer: owner, paid }: Ordered,
  buyer: string | undefined,
  until: Moment,
): boolean {
  if (buyer === undefined) return false
  if (buyer === owner || buyer === bearerOf(out_trade_no)) return true
  return said.some(({ buyer: who, args, began, ended }) => {
    if (who !== buyer || began.step > until.step || paid === undefined || paid.step > ended.step) return false
    const isNumber = args.out_trade_no === undefined || args.out_trade_no === out_trade_no
    const brought = String(args.claim_code)
      .toUpperCase()
      .replace(/[^0-9A-Z]/g, '')
    return isNumber && args.claim_code !== undefined && brought === claim_codes.get(out_trade_no)
  })
}

/** What is worth money of an item. */
export const goodsOf = ({ codes = [], deliver }: SoldItem): readonly string[] =>
  deliver && 'text' in deliver ? [deliver.text, ...codes] : codes

/** What hands something out, or tells the model to; a page shows the goods themselves. */
export function handsOut(said: Said, { item }: Ordered): boolean {
  if (said.tool === 'page') return goodsOf(item).some((goods) => said.text.includes(goods))
  return said.tool === 'deliver_order' && !said.refused
}

/** The order that a call is about, by what it asks. */
export function askedOf(orders: ReadonlyMap<string, Ordered>, { args, fields }: Said): Ordered | undefined {
  return orders.get(String(args.out_trade_no ?? fields.out_trade_no))
}
