// Offers a plan: the server computes all of it, signs the link, and gives out its own page only.
import { randomBytes } from 'node:crypto'
import { type CheckoutPages, newToken } from '../checkout/short-link.ts'
import { beijingTime } from '../clock.ts'
import { InputError, type RefusedError } from '../errors.ts'
import type { AgreementGateway, SignContent } from '../gateway/gateway.ts'
import { tooManyOrders } from '../guard/limit-refusals.ts'
import { requireWritable } from '../guard/limits.ts'
import { refusal } from '../guard/not-sent.ts'
import { blockedError } from '../guard/refusals.ts'
import type { NewSubscription, PlanTerms, ReservedSubscription, Subscription } from '../ledger/ledger.ts'
import { toYuan } from '../money.ts'
import { buyerOf, requireShop, type ShopCall } from '../shop/buyer.ts'
import { type Plan, planTermsOf } from '../shop/plan.ts'
import { firstDayOf } from './charge-window.ts'
import { requireAgreements, requireHeard } from './find-subscription.ts'
import { subscriptionAddress } from './subscription-page-path.ts'

const OPERATION = 'create_subscription'
const MINUTE_MS = 60_000

export interface OfferedSubscription {
  subscription: Subscription
  /** Where the buyer signs, and cancels. */
  sign_url: string
  again: boolean
}

export type OfferingCall = ShopCall & { pages?: CheckoutPages | undefined }

/** @throws InputError for a plan that is not offered, RefusedError where nobody could reach its page, or while all is frozen */
export async function createSubscription(plan_id: string, call: OfferingCall): Promise<OfferedSubscription> {
  const agreements = requireAgreements(OPERATION, call)
  requireWritable(OPERATION, call.rules)
  const shop = requireShop(call)
  const { plans, hash } = await shop.items.now(call)
  const buyer = await buyerOf(OPERATION, call)
  const plan = plans.find(({ id }) => id === plan_id)
  if (!plan) throw notOffered(plan_id, plans)
  const at = await provenPage(call)
  const token = newToken()
  const terms = planTermsOf(plan)
  const external_agreement_no = newAgreementNumber(call.clock.now())
  const now = call.clock.now()
  const offer_until = now + plan.offer_minutes * MINUTE_MS
  const content = signContent(external_agreement_no, terms, offer_until)
  const request = {
    ...{ external_agreement_no, terms, items_hash: hash, buyer, token, offer_until },
    limits: { open: buyer === undefined ? undefined : shop.settings.buyerOpen },
    sign_links: await signLinks(agreements, content, `${subscriptionAddress(at, token)}/return`),
  }
  const reserved = await reserve(request, call)
  if (reserved.outcome === 'blocked') throw offerBlocked(reserved.block)
  const { subscription } = reserved
  return { subscription, sign_url: subscriptionAddress(at, subscription.token), again: reserved.outcome === 'known' }
}

/** What is known is said only once Alipay was asked: it may have ended there, and then a new one is offered. */
async function reserve(request: NewSubscription, call: OfferingCall): Promise<ReservedSubscription> {
  const reserved = await (await call.ledger()).reserveSubscription(request, call.actor())
  if (reserved.outcome !== 'known') return reserved
  const subscription = await requireHeard(OPERATION, reserved.subscription, call)
  const isOver = subscription.cancel !== undefined || subscription.ended_at !== undefined
  return isOver ? reserve(request, call) : { ...reserved, subscription }
}

async function signLinks(agreements: AgreementGateway, content: SignContent, return_url: string) {
  const [page, mobile] = await Promise.all([
    agreements.signLink('page', content, return_url),
    agreements.signLink('mobile', content, return_url),
  ])
  return { page, mobile }
}

function signContent(external_agreement_no: string, terms: PlanTerms, offer_until: number): SignContent {
  const { period_type, period, ceiling_fen, payments } = terms
  return {
    ...{ external_agreement_no, period_type, period, single_amount: toYuan(ceiling_fen), total_payments: payments },
    execute_time: firstDayOf(terms, offer_until),
  }
}

/** 32 letters and digits: 14 of Beijing time, 72 random bits. */
function newAgreementNumber(now: number): string {
  return `${beijingTime(now).replace(/\D/g, '')}${randomBytes(9).toString('hex')}`
}

async function provenPage(call: OfferingCall): Promise<string> {
  const proven = await call.pages?.proven(call, 'subscriptions')
  if (proven && 'at' in proven) return proven.at
  const why = proven?.why ?? 'ALIPAY_PUBLIC_URL is not set'
  const zh = proven
    ? '签约页现在打不开，没有创建订阅。请管理员运行 doctor。'
    : '没有配置 ALIPAY_PUBLIC_URL，签约页打不开，没有创建订阅。请管理员配置 ALIPAY_PUBLIC_URL 并运行 listen。'
  throw refusal(OPERATION, `the page on which a buyer signs cannot be reached: ${why}`, NO_PAGE).with({
    kind: 'not_configured',
    message_zh: zh,
  })
}

const NO_PAGE = 'Tell the operator, who runs doctor.'

function notOffered(plan: string, plans: readonly Plan[]): InputError {
  const known = plans.map(({ id, subject, price_fen }) => `${id} (${subject}, ${toYuan(price_fen)} yuan)`).join(', ')
  return new InputError(
    `plan: ${JSON.stringify(plan)} is not offered; ${known === '' ? 'there is no plan' : `there are ${known}`}. Nothing was made.`,
    `没有这个订阅方案，没有创建订阅。${known === '' ? '目前没有方案。' : `可选：${plans.map(({ id }) => id).join('、')}。`}`,
  )
}

function offerBlocked(block: Extract<ReservedSubscription, { outcome: 'blocked' }>['block']): RefusedError {
  return block.why === 'frozen' ? blockedError(OPERATION, block) : tooManyOrders(OPERATION, block)
}
