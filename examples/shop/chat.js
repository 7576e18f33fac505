// The chat of one buyer: his messages, the assistant's answers, his orders and subscriptions, and what the shop tells the assistant.
import { cardOf, goodsOf } from './order-card.js'
import { Orders } from './orders.js'
import { watchPayment } from './payment-watch.js'
import { watchSubscription } from './subscription-watch.js'
import { Subscriptions } from './subscriptions.js'
import { Transcript } from './transcript.js'

const LONGEST = 1_000
const MOST_WAITING = 3
const PER_MINUTE = 10
const MINUTE_MS = 60_000
/** Nobody but the shop writes this mark. */
const MARK = /<(?=\/?shop-note)/gi
const UNSHOWN = /(?![\n\t])[\p{Cc}\p{Cs}]/gu

export class Chat {
  transcript = new Transcript()
  orders = new Orders()
  subscriptions = new Subscriptions()
  usedAt = Date.now()
  #buyer
  #assistant
  #alipay
  #conversation = []
  #turns = Promise.resolve()
  #waiting = 0
  #sentAt = []
  #cards = new Map()
  /** What is asked after, and what of it can still be paid or signed. */
  #watched = new Set()
  #open = new Set()
  /** Orders of which the assistant has read that they are paid, and subscriptions that are signed. */
  #known = new Set()
  #end = new AbortController()

  /** @param buyer his id, from the cookie of his browser */
  constructor({ buyer, assistant, alipay }) {
    this.#buyer = buyer
    this.#assistant = assistant
    this.#alipay = alipay
  }

  /** @returns undefined, or why the message is not taken */
  say(written) {
    const text = written.replace(UNSHOWN, '').trim()
    if (text === '') return 'empty'
    if ([...text].length > LONGEST) return 'too_long'
    this.usedAt = Date.now()
    this.#sentAt = this.#sentAt.filter((at) => at > this.usedAt - MINUTE_MS)
    if (this.#sentAt.length >= PER_MINUTE || this.#waiting >= MOST_WAITING) return 'too_fast'
    this.#sentAt.push(this.usedAt)
    this.transcript.add({ kind: 'buyer', text })
    this.#turn(() => this.#answer(text.replace(MARK, '‹')))
    return undefined
  }

  /** Nothing is in use: no window, no answer under way, nothing that can still be paid or signed. */
  get isIdle() {
    return !this.transcript.isWatched && this.#waiting === 0 && this.#open.size === 0
  }

  close() {
    this.#end.abort()
  }

  /** One after the other. */
  #turn(answer) {
    this.#waiting++
    this.transcript.busy(true)
    this.#turns = this.#turns.then(answer).finally(() => {
      this.#waiting--
      this.transcript.busy(this.#waiting > 0)
    })
  }

  async #answer(content) {
    const conversation = [...this.#conversation, { role: 'user', content }]
    try {
      const buyer = { buyer: this.#buyer, orders: this.orders, subscriptions: this.subscriptions }
      this.#conversation = await this.#show(this.#assistant.answer(conversation, buyer, this.#end.signal))
    } catch (error) {
      if (this.#end.signal.aborted) return
      console.error(`[shop] The model did not answer: ${error.message}`)
      this.transcript.add({ kind: 'notice', says: 'no_answer' })
    }
  }

  /** @returns what the parts end with */
  async #show(parts) {
    let entry
    for (;;) {
      const { value, done } = await parts.next()
      if (done) return value
      const { text, tool, result } = value
      if (text !== undefined) {
        entry ??= this.transcript.add({ kind: 'assistant', text: '' })
        this.transcript.append(entry, text)
      } else entry = undefined
      if (tool !== undefined) this.#seen(tool, result, true)
    }
  }

  /** What a tool answered, called by the model or by the watch. */
  #seen(tool, result, isForModel) {
    const subscription = this.subscriptions.see(result)
    if (subscription) return this.#seenSubscription(subscription, isForModel)
    const order = this.orders.see(tool, result)
    if (!order) return undefined
    const { number, state } = order
    this.#showCard(order, isForModel)
    const goods = goodsOf(tool, result)
    if (goods) this.transcript.add(goods)
    if (state === 'open') this.#watch(order)
    else if (isForModel) this.#known.add(number)
    return order
  }

  #seenSubscription(subscription, isForModel) {
    const { number, state } = subscription
    const before = this.#cards.get(number)?.state
    this.#showCard(subscription, isForModel)
    if (state === 'live' && before === 'offered') this.transcript.add({ kind: 'notice', says: 'signed' })
    const isOver = ['cancelling', 'ended'].includes(state)
    if (isOver && before === 'live' && !isForModel) this.transcript.add({ kind: 'notice', says: 'ended' })
    if (state === 'live' && isForModel) this.#known.add(number)
    if (state === 'offered') this.#open.add(number)
    else this.#open.delete(number)
    this.#follow(subscription)
    return subscription
  }

  /** In its place; what can be paid or signed comes to the end where the assistant asked for it again. */
  #showCard(order, isForModel) {
    const { number, state, link, amount } = order
    // A result of an order that this chat has not seen does not tell what it is.
    if (amount === undefined) return
    const shown = this.#cards.get(number)
    const isSame = shown?.state === state && shown.link === link && shown.next === order.next
    if (shown && isForModel && ['open', 'offered'].includes(state)) this.transcript.remove(shown.id)
    else if (isSame) return
    this.#cards.set(number, this.transcript.put(shown?.id, cardOf(order)))
    const isPaidNow = state === 'paid' || (state === 'delivered' && shown !== undefined)
    if (isPaidNow && (shown?.state ?? 'open') === 'open') this.transcript.add({ kind: 'notice', says: 'paid', amount })
  }

  #watch(order) {
    const { number } = order
    if (this.#watched.has(number)) return
    this.#watched.add(number)
    this.#open.add(number)
    const watch = {
      ...{ alipay: this.#alipay, buyer: this.#buyer, order, signal: this.#end.signal },
      seen: (answer) => {
        const now = this.#seen('wait_for_payment', answer, false)
        // Delivered already, where a hook does it, or where the buyer has looked at the paid page.
        if (['paid', 'delivered'].includes(now.state)) this.#turn(() => this.#tell('Order', now, answer))
        return now
      },
    }
    watchPayment(watch)
      .catch((error) => console.error(`[shop] An order is not watched any more: ${error.message}`))
      .finally(() => this.#unwatch(number))
  }

  #follow(subscription) {
    const { number } = subscription
    if (this.#watched.has(number)) return
    this.#watched.add(number)
    const watch = {
      ...{ alipay: this.#alipay, buyer: this.#buyer, subscription, signal: this.#end.signal },
      isLooked: () => this.transcript.isWatched,
      seen: (answer) => {
        const before = this.#cards.get(number)?.state
        const now = this.#seen('query_subscription', answer, false)
        // Signed; or a signature that the server has undone, which says why.
        const isHeardOf = before === 'offered' && ['live', 'cancelling', 'ended'].includes(now.state)
        if (isHeardOf) this.#turn(() => this.#tell('Subscription', now, answer))
        return now
      },
    }
    void watchSubscription(watch).finally(() => this.#unwatch(number))
  }

  #unwatch(number) {
    this.#watched.delete(number)
    this.#open.delete(number)
  }

  /** Unless it has found out itself meanwhile. */
  async #tell(what, { number }, { message, next_step }) {
    if (this.#known.has(number)) return
    this.#known.add(number)
    await this.#answer(`<shop-note>${what} ${number}: ${message} ${next_step}</shop-note>`)
  }
}
