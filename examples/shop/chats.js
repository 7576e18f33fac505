// All chats, each found by the signed cookie of its buyer's browser: an id that was made here and that nobody can guess.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Chat } from './chat.js'

const MOST_CHATS = 1_000
const IDLE_MS = 2 * 3_600_000
const COOKIE = 'shop_session'
const COOKIE_SECONDS = 30 * 86_400

export class Chats {
  #secret
  #shared
  #chats = new Map()

  /** @param secret signs the cookies: with the same one they are valid after a restart, too */
  constructor({ secret, assistant, alipay }) {
    this.#secret = secret
    this.#shared = { assistant, alipay }
  }

  /** The buyer whose cookie it is; undefined where it is none of ours. */
  buyerIn(cookies = '') {
    const [, id, signature] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]{43})\\.([\\w-]{43})(?:;|$)`).exec(cookies) ?? []
    if (id === undefined) return undefined
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signatureOf(id))) ? id : undefined
  }

  /** Scripts of the page cannot read it. */
  newCookie(isSecure) {
    const id = randomBytes(32).toString('base64url')
    const rules = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}${isSecure ? '; Secure' : ''}`
    return `${COOKIE}=${id}.${this.#signatureOf(id)}; ${rules}`
  }

  #signatureOf(id) {
    return createHmac('sha256', this.#secret).update(id).digest('base64url')
  }

  /** @returns undefined where there is no room for one more */
  of(buyer) {
    const known = this.#chats.get(buyer)
    if (known) return known
    if (this.#chats.size >= MOST_CHATS) this.#forget(this.#idle().slice(0, 1))
    if (this.#chats.size >= MOST_CHATS) return undefined
    const chat = new Chat({ buyer, ...this.#shared })
    this.#chats.set(buyer, chat)
    return chat
  }

  /** What nobody has used for so long; the orders stay with the server, and the buyer with his cookie. */
  forgetOld() {
    this.#forget(this.#idle().filter(([, { usedAt }]) => Date.now() - usedAt > IDLE_MS))
  }

  /** The longest unused first. */
  #idle() {
    const idle = [...this.#chats].filter(([, { isIdle }]) => isIdle)
    return idle.sort(([, one], [, other]) => one.usedAt - other.usedAt)
  }

  #forget(chats) {
    for (const [buyer, chat] of chats) {
      chat.close()
      this.#chats.delete(buyer)
    }
  }

  close() {
    for (const chat of this.#chats.values()) chat.close()
  }
}
