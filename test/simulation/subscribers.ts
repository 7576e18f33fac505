// Those who subscribe: the subscriptions that somebody knows, their sign links, and what people do at pages and in Alipay.

import type { Visit } from '../../src/checkout/visitor.ts'
import { beijingTime } from '../../src/clock.ts'
import { type Agreement, isInForce } from '../../src/emulator/agreements/agreement.ts'
import { subscriptionPathIn } from '../../src/subscriptions/subscription-page-path.ts'
import type { Fields } from './alipay.ts'
import { AT, type FrontTrouble } from './front.ts'
import { type PlanOnOffer, planNamed } from './plans-on-offer.ts'
import type { SubscribedPart, SubscriptionWay } from './steps-subscriptions.ts'
import type { World } from './world.ts'

export interface KnownSubscription {
  external_agreement_no: string
  plan: PlanOnOffer
  /** Whose chat it was made in, by name. */
  buyer: string | undefined
  token: string
  /** When the call that made it ended. */
  offeredAt: number
  /** With which it can be signed, the oldest first. */
  links: string[]
}

export const ACCOUNTS = ['buyer1', 'buyer2', 'poor'] as const
const PHONE = 'Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36'

export class Subscribers {
  readonly known: KnownSubscription[] = []

  constructor(readonly world: World) {}

  /** The newest but so many. */
  at(back: number): KnownSubscription | undefined {
    return this.known.at(-1 - (back % Math.max(1, this.known.length)))
  }

  /** The newest but so many of those that are in force; of all, where there is none. */
  live(back: number): KnownSubscription | undefined {
    const now = this.world.stage.time.now()
    const live = this.known.filter((one) => {
      const agreement = this.agreement(one)
      return agreement !== undefined && isInForce(agreement, now)
    })
    return live.at(-1 - (back % Math.max(1, live.length))) ?? this.at(back)
  }

  named(external_agreement_no: unknown): KnownSubscription | undefined {
    return this.known.find((one) => one.external_agreement_no === external_agreement_no)
  }

  learn({ external_agreement_no, plan: id, sign_url }: Fields, buyer: string | undefined): void {
    const plan = planNamed(id)
    const path = typeof sign_url === 'string' ? subscriptionPathIn(new URL(sign_url).pathname) : undefined
    if (!plan || !path || this.named(external_agreement_no)) return
    const { token } = path
    const offeredAt = this.world.stage.time.now()
    this.known.push({ external_agreement_no: String(external_agreement_no), plan, buyer, token, offeredAt, links: [] })
  }

  /** In Alipay's books. */
  agreement({ external_agreement_no }: KnownSubscription): Agreement | undefined {
    return this.world.stage.alipay.platform.agreements.findByExternalNo(external_agreement_no)
  }

  /** The day for which it is charged next; today, where nobody has signed. */
  plannedDay(known: KnownSubscription | undefined): string {
    const planned = known && this.agreement(known)?.planned_day
    return planned ?? beijingTime(this.world.stage.time.now()).slice(0, 10)
  }

  async sign(part: Extract<SubscribedPart, { does: 'sign' }>): Promise<void> {
    const known = this.at(part.of)
    if (!known) return
    if (known.links.length === 0) await this.press(known, part.trouble)
    const sign_url = known.links.at(-1 - (part.back % Math.max(1, known.links.length)))
    const account = ACCOUNTS[part.account % ACCOUNTS.length]
    if (sign_url !== undefined) this.world.stage.alipay.control('agreements/sign', { sign_url, account })
  }

  async press(known: KnownSubscription, trouble?: FrontTrouble): Promise<void> {
    const link = await this.#visit(known, '/mobile', {}, trouble)
    if (link?.startsWith('alipays:')) known.links.push(link)
  }

  async visit(known: KnownSubscription, way: SubscriptionWay, trouble?: FrontTrouble): Promise<void> {
    if (way === 'open') return this.press(known, trouble)
    const [step, visit] = WAYS[way]
    await this.#visit(known, step, visit, trouble)
  }

  async end(external_agreement_no: unknown): Promise<void> {
    const known = this.named(external_agreement_no)
    if (known) await this.visit(known, 'cancel')
  }

  wallet(known: KnownSubscription): void {
    const { external_agreement_no } = known
    this.world.stage.alipay.control('agreements/unsign', { external_agreement_no })
  }

  /** Where it leads. */
  async #visit(
    { token, external_agreement_no }: KnownSubscription,
    step: string,
    visit: Partial<Visit>,
    trouble: FrontTrouble | undefined,
  ): Promise<string | undefined> {
    const path = subscriptionPathIn(new URL(`${AT}/s/${token}${step}`).pathname)
    if (!path) return undefined
    const { front, stage, subscribing } = this.world
    const headers = { 'user-agent': PHONE, 'accept-language': 'en', ...visit.headers }
    const visited = { external_agreement_no, step, at: stage.time.now(), began: stage.time.moment(), status: 0 }
    subscribing?.records.visits.push(visited)
    const answer = await front.subscription(path, { method: 'GET', ...visit, headers }, trouble)
    if (answer === 'lost') return undefined
    visited.status = answer.status
    return answer.headers.location
  }
}

const WAYS: Readonly<Record<Exclude<SubscriptionWay, 'open'>, readonly [string, Partial<Visit>]>> = {
  look: ['', {}],
  state: ['/state', {}],
  return: ['/return', {}],
  ask: ['/cancel', {}],
  cancel: ['/cancel', { method: 'POST' }],
  cancel_ahead: ['/cancel', { method: 'POST', headers: { 'sec-purpose': 'prefetch' } }],
}
