// The subscriptions of one chat, as the results of the server tell them: a model or a buyer changes none by saying so.
import { webAddress } from './orders.js'

const MOST = 10
/** While its page is of use: it is signed there, and ended there. */
const HAS_PAGE = ['offered', 'live', 'paused']

export class Subscriptions {
  #subscriptions = new Map()

  /** @returns the subscription that a result is about, as it stands after it; undefined where it is about none */
  see({ external_agreement_no: number, state, subject, price: amount, period, period_zh, planned_day, sign_url }) {
    if (typeof number !== 'string' || state === undefined) return undefined
    const link = HAS_PAGE.includes(state) ? (webAddress(sign_url) ?? this.#subscriptions.get(number)?.link) : undefined
    const next = state === 'live' ? planned_day : undefined
    const facts = { kind: 'subscription', number, subject, amount, period, period_zh, state, next, link }
    this.#subscriptions.set(number, facts)
    const [oldest] = this.#subscriptions.keys()
    if (this.#subscriptions.size > MOST) this.#subscriptions.delete(oldest)
    return facts
  }

  /** For the model, whose memory of the conversation has a bound. */
  asText() {
    const lines = [...this.#subscriptions.values()].map(
      ({ number, subject, amount, period, state }) =>
        `- subscription ${number}: ${JSON.stringify(subject)}, ${amount} yuan ${period}, ${state}`,
    )
    return lines.length === 0 ? 'There are no subscriptions in this chat yet.' : `Subscriptions:\n${lines.join('\n')}`
  }
}
