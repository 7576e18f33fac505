// The orders of one chat, as the results of the server tell them: nothing that a model or a buyer says changes one.

const MOST = 30

export class Orders {
  #orders = new Map()

  /** @returns the order that a result is about, as it stands after it; undefined where it is about none */
  see(tool, result) {
    const { out_trade_no: number } = result
    if (typeof number !== 'string') return undefined
    const state = stateOf(tool, result)
    const order = { number, ...this.#orders.get(number), ...factsOf(result), state }
    if (state !== 'open') delete order.link
    this.#orders.set(number, order)
    const [oldest] = this.#orders.keys()
    if (this.#orders.size > MOST) this.#orders.delete(oldest)
    return order
  }

  /** For the model, whose memory of the conversation has a bound. */
  asText() {
    const lines = [...this.#orders.values()].map(
      ({ number, subject = '', amount = '?', state }) =>
        `- ${number}: ${JSON.stringify(subject)}, ${amount} yuan, ${state}`,
    )
    return lines.length === 0 ? 'There are no orders in this chat yet.' : `Orders of this chat:\n${lines.join('\n')}`
  }
}

/** Not every result has every fact. */
function factsOf({ subject, total_amount, pay_url, time_expire, refund_policy, refund_policy_zh: policy_zh }) {
  const facts = { subject, amount: total_amount, link: webAddress(pay_url), until: time_expire?.slice(0, 16) }
  const all = { ...facts, policy: refund_policy, policy_zh }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** The browser gets no link of any other kind. */
export function webAddress(link) {
  return typeof link === 'string' && /^https?:\/\//.test(link) && URL.canParse(link) ? link : undefined
}

function stateOf(tool, { refunded, refund_request, delivered, paid, closed, expires }) {
  if (refunded === 'full' || refund_request === 'made') return 'refunded'
  if (refund_request === 'waiting') return 'refund_asked'
  if (delivered === true || tool === 'deliver_order') return 'delivered'
  if (paid === true) return 'paid'
  return closed !== undefined || expires === undefined ? 'over' : 'open'
}
