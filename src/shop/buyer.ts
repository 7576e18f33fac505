// Whose order it is: who the buyer of a call is, and the same answer for what is another buyer's and for what is not there.
import type { Call } from '../guard/call.ts'
import { NOTHING_CHANGED, refusal } from '../guard/not-sent.ts'
import type { Sale } from '../ledger/ledger.ts'
import type { Role, ShopSettings } from '../settings/role.ts'
import { ShopItems } from './shop-items.ts'

/** What a server of a shop works with, for all calls. */
export interface Shop {
  items: ShopItems
  settings: ShopSettings
  misses: BuyerMisses
}

/** Undefined without an items file. @param say tells the operator, on standard error */
export function newShop(settings: ShopSettings, say: (line: string) => void): Shop | undefined {
  const { itemsFile, deliverySecret } = settings
  if (itemsFile === undefined) return undefined
  return { items: new ShopItems(itemsFile, deliverySecret !== undefined, say), settings, misses: new BuyerMisses() }
}

/** A call in a shop. */
export interface ShopCall extends Call {
  /** Undefined where ALIPAY_ITEMS_FILE is not set. */
  shop?: Shop | undefined
  role: Role
  /** As the program around the model names him, in the request's `_meta["alipay-mcp/buyer"]`; anything it sent. */
  namedBuyer?: unknown
}

/** @throws ConfigError where there is none */
export function requireShop({ shop }: Pick<ShopCall, 'shop'>): Shop {
  if (shop) return shop
  throw refusal('list_items', 'nothing is sold here by items', 'Tell the operator to set ALIPAY_ITEMS_FILE.').with({
    kind: 'not_configured',
    message_zh: '这里没有配置商品。请管理员配置 ALIPAY_ITEMS_FILE。',
  })
}

const SINGLE = 'single buyer'
const LONGEST_NAME = 256
// Half a character is written like any other half.
const HALF = /\p{Cs}/u

/**
 * Keyed hash of the buyer; undefined where the merchant is in the chat, who sees every order.
 * @throws RefusedError where nobody named one: a model must not
 */
export async function buyerOf(operation: string, call: ShopCall): Promise<string | undefined> {
  if (call.role === 'merchant') return undefined
  return (await call.ledger()).buyerHash(buyerName(operation, call))
}

/** As it is named, for what a process alone counts. @throws RefusedError as above */
export function buyerName(operation: string, { namedBuyer, shop }: Pick<ShopCall, 'namedBuyer' | 'shop'>): string {
  if (namedBuyer === undefined && shop?.settings.singleBuyer) return SINGLE
  if (
    typeof namedBuyer === 'string' &&
    namedBuyer.trim() !== '' &&
    namedBuyer.length <= LONGEST_NAME &&
    !HALF.test(namedBuyer)
  )
    return `named ${namedBuyer}`
  throw refusal(operation, 'nobody said who the buyer of this chat is', TELL_SHOP, {}, NOTHING_CHANGED).with({
    ...{ kind: 'not_configured', forBuyer: true },
    message_zh: '还不知道对话里的买家是谁，没有执行，本次没有动钱。请联系商家的技术人员。',
  })
}

const TELL_SHOP =
  'Tell the user and stop. The program around this chat names the buyer in _meta["alipay-mcp/buyer"] of each request; no ' +
  'argument does. Where one process is one buyer, the operator sets ALIPAY_SINGLE_BUYER=true.'

/** Whoever guesses is slowed down, ever more, in whatever he asks after it. */
export class BuyerMisses {
  readonly #counts = new Map<string, { count: number; until: number }>()

  /** Before the order is looked for, so that waiting tells nothing. */
  async pause(buyer: string | undefined, { clock }: Pick<Call, 'clock'>): Promise<void> {
    const known = buyer === undefined ? undefined : this.#counts.get(buyer)
    if (!known || known.until <= clock.ticks() || known.count <= FREE) return
    await clock.sleep(Math.min(MOST_MS, FIRST_MS * 2 ** (known.count - FREE - 1)))
  }

  count(buyer: string | undefined, { clock }: Pick<Call, 'clock'>): void {
    if (buyer === undefined) return
    const known = this.#counts.get(buyer)
    const count = known && known.until > clock.ticks() ? known.count + 1 : 1
    this.#counts.delete(buyer)
    this.#counts.set(buyer, { count, until: clock.ticks() + WITHIN_MS })
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > MOST_BUYERS && oldest !== undefined) this.#counts.delete(oldest)
  }
}

const FREE = 3
const FIRST_MS = 500
const MOST_MS = 2_000
const WITHIN_MS = 10 * 60_000
const MOST_BUYERS = 10_000

export interface OwnSale {
  sale: Sale
  /** Undefined for the merchant. */
  buyer: string | undefined
}

/** In the ledger only, his own first: nobody learns from a miss whether the order is another buyer's. */
export async function ownSale(operation: string, out_trade_no: string, call: ShopCall): Promise<OwnSale> {
  const buyer = await buyerOf(operation, call)
  await call.shop?.misses.pause(buyer, call)
  const sale = await (await call.ledger()).sale(out_trade_no)
  if (sale && (call.role === 'merchant' || sale.buyer === buyer)) return { sale, buyer }
  call.shop?.misses.count(buyer, call)
  throw call.role === 'merchant' ? notOfItem(operation, out_trade_no) : noSuchOrder(operation)
}

/** It repeats nothing of what was asked. */
export function noSuchOrder(operation: string) {
  return refusal(operation, 'no order of this buyer has that number', LOST, {}, NOTHING_CHANGED).with({
    ...{ kind: 'invalid_input', retry: 'no', forBuyer: true },
    message_zh: '没有查到您的这笔订单。请核对订单号；如果是在别处下的单，请提供已付款页面上的取回码。',
  })
}

const LOST =
  'Check the number. A buyer who paid in another chat finds a claim code on the paid page of the order: give it to ' +
  'query_payment as claim_code, with out_trade_no.'

function notOfItem(operation: string, out_trade_no: string) {
  return refusal(operation, `${out_trade_no} is no order of an item`, 'Check the number with list_payments.').with({
    ...{ kind: 'invalid_input', retry: 'no' },
    message_zh: `${out_trade_no} 不是商品订单。请用 list_payments 核对订单号。`,
  })
}
