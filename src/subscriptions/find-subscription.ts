// Finds a subscription: in the ledger, a buyer's own only, and at Alipay, before anything else is said or done about it.
import { beijingTime, fromBeijingTime } from '../clock.ts'
import { InputError } from '../errors.ts'
import type { Agreement, AgreementGateway, Outcome } from '../gateway/gateway.ts'
import { READ_MS } from '../guard/deadlines.ts'
import { NOTHING_CHANGED, refusal } from '../guard/not-sent.ts'
import { ignoringLedgerErrors } from '../guard/send-permit.ts'
import type { Subscription } from '../ledger/ledger.ts'
import { buyerOf, type ShopCall } from '../shop/buyer.ts'

/** @throws RefusedError where no product is configured */
export function requireAgreements(operation: string, { gateway }: Pick<ShopCall, 'gateway'>): AgreementGateway {
  if (gateway.agreements) return gateway.agreements
  const next_step = 'Tell the operator to set ALIPAY_SUBSCRIPTION_PRODUCT.'
  throw refusal(operation, 'no product for subscriptions is configured here', next_step).with({
    kind: 'not_configured',
    message_zh: '这里没有配置订阅产品。请管理员配置 ALIPAY_SUBSCRIPTION_PRODUCT。',
  })
}

/**
 * In the ledger only: of a buyer his own, and the same answer for another's and for none.
 * @throws RefusedError, InputError
 */
export async function ownSubscription(
  operation: string,
  external_agreement_no: string,
  call: ShopCall,
): Promise<Subscription> {
  const buyer = await buyerOf(operation, call)
  await call.shop?.misses.pause(buyer, call)
  const found = await (await call.ledger()).subscription({ external_agreement_no })
  if (found && (call.role === 'merchant' || found.buyer === buyer)) return found
  call.shop?.misses.count(buyer, call)
  if (call.role === 'buyer') throw notOfBuyer(operation)
  throw new InputError(
    `external_agreement_no: no subscription of that number is in the ledger. ${operation} did nothing. Check it with list_subscriptions.`,
    '账本里没有这个订阅号，没有执行。请用 list_subscriptions 核对。',
  )
}

const notOfBuyer = (operation: string) =>
  refusal(operation, 'no subscription of this buyer has that number', 'Check the number.', {}, NOTHING_CHANGED).with({
    ...{ kind: 'invalid_input', retry: 'no', forBuyer: true },
    message_zh: '没有查到您的这个订阅。请核对订阅号。',
  })

export interface LookedUpSubscription {
  /** As it is after what Alipay said. */
  subscription: Subscription
  /** Why Alipay did not say. */
  unread?: string | undefined
}

/** Asks Alipay, and writes what it says: signed, ended, or the planned day. */
export async function lookUpSubscription(subscription: Subscription, call: ShopCall): Promise<LookedUpSubscription> {
  const { external_agreement_no, agreement_no } = subscription
  const agreements = requireAgreements('query_subscription', call)
  const name = agreement_no === undefined ? { external_agreement_no } : { agreement_no }
  const read = await agreements.agreement(name, { within: READ_MS, signal: call.signal })
  const found = foundIn(read)
  if (typeof found === 'object' && 'unread' in found) return { subscription, unread: found.unread }
  const ledger = await call.ledger()
  for (const rival of found === 'none' ? [] : await ledger.rivals(external_agreement_no, found)) {
    const { unread } = await lookUpSubscription(rival, call)
    if (unread !== undefined) return { subscription, unread }
  }
  const heard = found === 'none' ? found : byOwnClock(found, call)
  const record = await ledger.recordAgreement(external_agreement_no, heard, call.actor())
  return { subscription: record ?? subscription }
}

/** Alipay tells by its own clock when it was signed; the offer was made by this computer's, which may be slow or fast. */
function byOwnClock(found: Agreement, { clock }: ShopCall): Agreement {
  const signed_at = fromBeijingTime(found.sign_time ?? '') - clock.offsets().alipay_ahead
  return Number.isNaN(signed_at) ? found : { ...found, sign_time: beijingTime(signed_at) }
}

/** An agreement that was ended is one that does not exist. */
function foundIn(read: Outcome<Agreement>): Agreement | 'none' | { unread: string } {
  if (read.outcome === 'done') return read.answer
  if (read.outcome === 'unknown') return { unread: read.why }
  const { sub_code, code, not_sent } = read.refusal
  if (sub_code !== undefined && NOT_EXIST.test(sub_code)) return 'none'
  return { unread: not_sent ?? `Alipay refused to tell: ${sub_code ?? code}` }
}

const NOT_EXIST = /(^|\.)USER_AGREEMENT_NOT_EXIST$/

/** The planned day is what the next decision goes by: without Alipay's word on it nothing is decided. */
export async function requireHeard(
  operation: string,
  subscription: Subscription,
  call: ShopCall,
): Promise<Subscription> {
  const looked = await lookUpSubscription(subscription, call)
  if (looked.unread === undefined) return looked.subscription
  throw refusal(operation, `Alipay did not say how the subscription stands: ${looked.unread}`, AGAIN).with({
    message_zh: '支付宝没有返回订阅的状态，没有执行，本次没有动钱。请稍后再试。',
  })
}

const AGAIN = 'If this was already the second try, tell the user and stop. Else make the same call again.'

/** What the ledger has of it. */
export async function recordsOf({ external_agreement_no }: Subscription, call: ShopCall) {
  const ledger = await call.ledger()
  const [charges, announcements] = await Promise.all([
    ledger.charges(external_agreement_no),
    ledger.announcements(external_agreement_no),
  ])
  return { charges, announcements }
}

/** For the watcher to ask about soon. */
export async function wake({ external_agreement_no }: Subscription, call: ShopCall): Promise<void> {
  await ignoringLedgerErrors(call, (ledger) => ledger.requestAgreementQuery(external_agreement_no, call.actor()))
}
