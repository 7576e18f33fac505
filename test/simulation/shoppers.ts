// The buyers in the chats of a shop: what each of them asks for, by name, of orders of his own and of others.
import type { Agent, KnownOrder, Sold, Spoken } from './agent.ts'
import { ITEMS, TIP } from './items-on-sale.ts'
import type { BuyerOperation, Trick, Whose } from './steps-shop.ts'

export const SHOPPERS = ['ann-4711', 'bob-0815', 'cleo-2342'] as const

/** Of a tip: the least, the most, one in between, and more. */
const TIPS = [TIP.min, TIP.max, '6.66', '50.01'] as const
const NOT_SOLD = 'moon'
const MADE_UP = '20261120120000000ffffffffffffffff'
const WRONG_CODE = '2222222222222222'

export type SoldOrder = KnownOrder & { sale: Sold }

export const isSold = (order: KnownOrder | undefined): order is SoldOrder => order?.sale !== undefined

export class Shoppers {
  constructor(readonly agent: Agent) {}

  get sold(): readonly SoldOrder[] {
    return this.agent.orders.filter(isSold)
  }

  /** @param raced the order that a race is about */
  speak(buyer: string, operation: BuyerOperation, raced: SoldOrder | undefined): Spoken | undefined {
    switch (operation.ask) {
      case 'items':
        return { tool: 'list_items', args: {}, buyer }
      case 'create':
        return { tool: 'create_payment', args: wanted(operation), buyer }
      case 'claim':
        return this.#claim(buyer, operation)
      default:
        return this.#about(buyer, operation, raced)
    }
  }

  #about(
    buyer: string,
    operation: Extract<BuyerOperation, { whose: Whose }>,
    raced: SoldOrder | undefined,
  ): Spoken | undefined {
    const order = operation.whose === 'raced' ? raced : this.#order(buyer, operation)
    const out_trade_no = order?.out_trade_no ?? MADE_UP
    const about = { ...(order && { order }), buyer: (operation.whose === 'raced' && raced?.sale.owner) || buyer }
    switch (operation.ask) {
      case 'query':
        return { tool: 'query_payment', args: { out_trade_no }, ...about }
      case 'close':
        return { tool: 'close_payment', args: { out_trade_no }, ...about }
      case 'deliver':
        return { tool: 'deliver_order', args: { out_trade_no }, ...about }
      case 'wait':
        return { tool: 'wait_for_payment', args: { out_trade_no, seconds: operation.seconds }, ...about }
      case 'refund': {
        const request = order?.sale && { key: `${out_trade_no}|rest`, fen: undefined }
        return { tool: 'request_refund', args: { out_trade_no, reason: 'not what I wanted' }, ...about, request }
      }
    }
  }

  /** The newest first. Of those of anybody also what the merchant made without an item. */
  #order(buyer: string, { order, whose }: { order: number; whose: Whose }): KnownOrder | undefined {
    const all = whose === 'own' ? this.sold.filter(({ sale }) => sale.owner === buyer) : this.agent.orders
    return all.at(-1 - (order % Math.max(1, all.length)))
  }

  #claim(buyer: string, { order, right, named }: Extract<BuyerOperation, { ask: 'claim' }>): Spoken | undefined {
    const { sold } = this
    const about = sold.at(-1 - (order % Math.max(1, sold.length)))
    const code = about?.sale.claim_code
    if (!about || code === undefined) return undefined
    const claim_code = right ? code.replace(/(.{4})(?!$)/g, '$1-').toLowerCase() : WRONG_CODE
    const args = { claim_code, ...(named && { out_trade_no: about.out_trade_no }) }
    return { tool: 'query_payment', args, order: about, buyer }
  }
}

function wanted({ item, quantity, tip, trick }: Extract<BuyerOperation, { ask: 'create' }>) {
  const name = ITEMS[item % ITEMS.length] ?? 'poem'
  const usual = { item: name, quantity, ...(name === 'tip' && { quantity: 1, total_amount: TIPS[tip % TIPS.length] }) }
  return trick === undefined ? usual : { ...usual, ...TRICKS[trick] }
}

const TRICKS: Readonly<Record<Trick, object>> = {
  price: { total_amount: '0.01' },
  many: { quantity: 1_000 },
  nothing: { item: NOT_SOLD },
  name: { buyer: SHOPPERS[0] },
}

/** As the ledger has it, from however somebody wrote it. */
export const plainCode = (code: unknown) => String(code).toUpperCase().replaceAll('-', '')
