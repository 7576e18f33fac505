// Somebody between a shop and Alipay who keeps every answer, and gives one again in place of another: all of them signed.
import { afterEach, beforeEach, vi } from 'vitest'
import type { Exchanged } from '../src/gateway/exchange.ts'
import { Exchange } from '../src/gateway/exchange.ts'
import { rootOf } from './keys-for-tests.ts'

export interface Overheard {
  method: string
  /** What was asked. */
  biz: Readonly<Record<string, unknown>>
  text: string
}

/** The text to give in place of what Alipay answers; undefined: let it through. */
type Replace = (asked: Omit<Overheard, 'text'>, overheard: readonly Overheard[]) => string | undefined

export class Wiretap {
  readonly overheard: Overheard[] = []
  #replaces: { method: string; replace: Replace; reaches: boolean }[] = []

  start(): void {
    this.overheard.length = 0
    this.#replaces = []
    const listens = this.#listens.bind(this)
    const { post } = Exchange.prototype
    vi.spyOn(Exchange.prototype, 'post').mockImplementation(function (this: Exchange, query, body, options) {
      return listens(query, body.toString(), () => post.call(this, query, body, options))
    })
  }

  /** The next answer of that method is another one; `reaches`: the request gets to Alipay all the same. */
  next(method: string, reaches: boolean, replace: Replace): void {
    this.#replaces.push({ method, reaches, replace })
  }

  /** The last answer to such a question, as it was. */
  last(method: string, matches: (one: Overheard) => boolean = () => true): Overheard {
    const found = this.overheard.findLast((one) => one.method === method && matches(one))
    if (!found) throw new Error(`nothing of ${method} was overheard`)
    return found
  }

  async #listens(query: string, body: string, post: () => Promise<Exchanged>): Promise<Exchanged> {
    const method = new URLSearchParams(query).get('method') ?? ''
    const biz = JSON.parse(new URLSearchParams(body).get('biz_content') ?? '{}')
    const index = this.#replaces.findIndex((one) => one.method === method)
    const [replaced] = this.#replaces.splice(index, index < 0 ? 0 : 1)
    const answered = replaced && !replaced.reaches ? undefined : await post()
    const text = replaced?.replace({ method, biz }, this.overheard)
    const given: Exchanged | undefined =
      text === undefined ? answered : { kind: 'answered', host: 'alipay', status: 200, bytes: Buffer.from(text) }
    if (answered?.kind === 'answered') this.overheard.push({ method, biz, text: answered.bytes.toString() })
    return given ?? { kind: 'lost', why: 'nothing is given in its place' }
  }
}

/** A genuine answer under the name of another method: the signature covers the value alone. */
export function renamed({ method, text }: Overheard, as: string): string {
  return text.replace(`"${rootOf(method)}"`, `"${rootOf(as)}"`)
}

export function useWiretap(): Wiretap {
  const wiretap = new Wiretap()
  beforeEach(() => wiretap.start())
  afterEach(() => void vi.restoreAllMocks())
  return wiretap
}
