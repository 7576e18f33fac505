// Whether the front that buyers reach has the ledger of this server: a mark is written there, and read back over its address.
import http from 'node:http'
import https from 'node:https'
import { LedgerError } from '../errors.ts'
import { agentFor } from '../gateway/exchange.ts'
import type { Call } from '../guard/call.ts'
import { FRONT_MS } from '../guard/deadlines.ts'
import {
  type LedgerMark,
  MARK_PARAMETER,
  MARK_PATHS,
  type PageKind,
  POSTS_HERE,
  writeMark,
} from '../ledger/ledger-mark.ts'
import { shortLine } from '../text.ts'
import type { CheckoutPages } from './short-link.ts'

/** For which time a proof holds, and a failure: the front may be stopped, or started, meanwhile. */
const PROVEN_MS = 30_000
const FAILED_MS = 15_000

/** The pages of `listen`, which another process serves. */
export class FrontPages implements CheckoutPages {
  /** A web server may pass on one kind of pages only. */
  readonly #proofs = new Map<PageKind, { why: string | undefined; until: number }>()

  /** @param at the public address, without a slash at its end */
  constructor(readonly at: string) {}

  async proven(call: Call, kind: PageKind = 'orders'): Promise<{ at: string } | { why: string }> {
    const { why } = await this.#proof(call, kind)
    return why === undefined ? { at: this.at } : { why }
  }

  async #proof(call: Call, kind: PageKind): Promise<{ why: string | undefined; until: number }> {
    const { clock } = call
    const known = this.#proofs.get(kind)
    if (known && clock.ticks() < known.until) return known
    const why = await this.#whyNot(call, kind)
    const proof = { why, until: clock.ticks() + (why === undefined ? PROVEN_MS : FAILED_MS) }
    this.#proofs.set(kind, proof)
    return proof
  }

  /** A ledger that can only be read shows no links, and keeps no answer back. */
  async #mark(ledger: Call['ledger'], actor: Call['actor']): Promise<LedgerMark | { why: string }> {
    try {
      return await writeMark(await ledger(), actor())
    } catch (error) {
      if (error instanceof LedgerError) return { why: `the ledger cannot be written: ${error.problem}` }
      throw error
    }
  }

  async #whyNot({ ledger, actor }: Call, kind: PageKind): Promise<string | undefined> {
    const written = await this.#mark(ledger, actor)
    if ('why' in written) return written.why
    const url = new URL(`${this.at}${MARK_PATHS[kind]}`)
    url.searchParams.set(MARK_PARAMETER, written.name)
    const answer = await lookAt(url, FRONT_MS)
    const at = shortLine(this.at, 100)
    if ('failed' in answer) return `the pages at ${at} cannot be reached (${answer.failed})`
    if (answer.text.trim() === `${POSTS_HERE} ${written.value}`) return undefined
    return answer.text.startsWith(POSTS_HERE)
      ? `the pages at ${at} are of another ledger, app or merchant than this server's`
      : `the web server at ${at} answers HTTP ${answer.status}: "listen" does not run behind it, or nothing below ${MARK_PATHS[kind].slice(0, 3)} is passed on to it`
  }
}

export type Look = { status: number; text: string } | { failed: string }

const MOST = 200

/** A GET, which changes nothing anywhere. */
export function lookAt(url: URL, within: number): Promise<Look> {
  return new Promise((resolve) => {
    const { get } = url.protocol === 'https:' ? https : http
    const agent = agentFor(url)
    const end = (found: Look) => {
      agent.destroy()
      resolve(found)
    }
    const request = get(url, { agent, signal: AbortSignal.timeout(within) }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text = (text + chunk).slice(0, MOST)
      })
      response.on('end', () => end({ status: response.statusCode ?? 0, text }))
      response.on('error', () => end({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', (error: NodeJS.ErrnoException) =>
      end({ failed: isTimeout(error) ? `no answer within ${within} ms` : (error.code ?? error.name) }),
    )
  })
}

const isTimeout = ({ code, name }: NodeJS.ErrnoException) => code === 'ABORT_ERR' || name === 'TimeoutError'
