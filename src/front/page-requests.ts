// Requests for pages of orders and subscriptions: whoever guesses is slowed down, by the address of the last hop that can be believed.
import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP } from 'node:net'
import { busyPage } from '../checkout/checkout-page.ts'
import type { PageAnswer } from '../checkout/page-answer.ts'
import { type PagePath, pagePathIn } from '../checkout/short-link.ts'
import { languageWanted, type Visit } from '../checkout/visitor.ts'
import { type SubscriptionPath, subscriptionPathIn } from '../subscriptions/subscription-page-path.ts'

export interface PageHandlers {
  /** Buyers come for the page of their order, and subscribers for that of their subscription. */
  page(path: PagePath, visit: Visit): Promise<PageAnswer>
  subscription(path: SubscriptionPath, visit: Visit): Promise<PageAnswer>
  /** Proxies whose X-Forwarded-For is believed. */
  trustedProxies?: BlockList | undefined
}

/** What the page of an order or a subscription answers; undefined where it is the address of none. */
export function pageAt(address: string, { page, subscription }: PageHandlers): PageOf | undefined {
  const order = pagePathIn(address)
  if (order) return (visit) => page(order, visit)
  const signed = subscriptionPathIn(address)
  return signed && ((visit) => subscription(signed, visit))
}

type PageOf = (visit: Visit) => Promise<PageAnswer>

/** Who guesses is slowed down; who has a link is not, even from the same address: many phones share one. */
export async function answerPage(
  answer: PageOf,
  request: IncomingMessage,
  { trustedProxies }: Pick<PageHandlers, 'trustedProxies'>,
  misses: Misses,
): Promise<Omit<PageAnswer, 'isKnown'>> {
  const { method = '', headers } = request
  const { isKnown, ...answered } = await answer({ method, headers })
  const isTooMuch = !isKnown && misses.isTooMuch(addressOf(request, trustedProxies))
  if (!isTooMuch) return answered
  const text = busyPage(languageWanted({ method, headers }))
  return { ...answered, status: 429, text, headers: { ...answered.headers, 'retry-after': '60' } }
}

const MOST = 30
const WITHIN_MS = 60_000
/** More addresses than that at once are one attack: the oldest are forgotten. */
const MOST_ADDRESSES = 10_000

export class Misses {
  readonly #counts = new Map<string, { count: number; until: number }>()

  /** Counts one more. */
  isTooMuch(address: string, now = performance.now()): boolean {
    const known = this.#counts.get(address)
    const current = known && known.until > now ? known : { count: 0, until: now + WITHIN_MS }
    current.count++
    this.#counts.delete(address)
    this.#counts.set(address, current)
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > MOST_ADDRESSES && oldest !== undefined) this.#counts.delete(oldest)
    return current.count > MOST
  }
}

/** Of the connection, or as the last proxy says, if it is one of the merchant's: whatever stands before may be made up. */
function addressOf({ socket, headers }: IncomingMessage, trusted: BlockList | undefined): string {
  const from = plain(socket.remoteAddress ?? '')
  const version = isIP(from)
  if (!trusted || version === 0 || !trusted.check(from, version === 6 ? 'ipv6' : 'ipv4')) return from
  const hops = String(headers['x-forwarded-for'] ?? '').split(',')
  const last = plain(withoutPort(hops.at(-1)?.trim() ?? ''))
  return isIP(last) === 0 ? from : last
}

/** An IPv4 address as a dual-stack socket writes it. */
const plain = (address: string) => address.replace(/^::ffff:/i, '')

/** Some proxies write it behind. */
const withoutPort = (hop: string) => hop.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
