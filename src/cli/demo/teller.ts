// Tells the demo: each step with what was asked, what came back, and what moved by the emulator's trades.
import { toFen, toYuan } from '../../money.ts'
import { readTotals } from './buyer.ts'
import type { CallAnswer, Host } from './mcp-client.ts'

export interface Step {
  story: string
  tool: string
  args: Record<string, unknown>
  /** What the answer must hold, field by field. */
  expect: Readonly<Record<string, unknown>>
  moved: string
  /** The answer of a call that runs already. */
  answered?: Promise<CallAnswer>
}

export const NOTHING = 'nothing'
export const toShop = (yuan: string) => `${yuan} yuan, buyer -> shop`
export const toBuyer = (yuan: string) => `${yuan} yuan, shop -> buyer`

export class Teller {
  readonly #host: Host
  #steps = 0
  #wrong = 0
  #pay_url: string | undefined
  #totals = { paid: '0.00', refunded: '0.00' }

  constructor(host: Host) {
    this.#host = host
  }

  async step({ story, tool, args, expect, moved, answered }: Step): Promise<CallAnswer['fields']> {
    this.#title(story)
    print(`    asked   ${tool} ${JSON.stringify(args)}`)
    const { fields } = await (answered ?? this.#host.call(tool, args))
    print(`    answer  ${fields.message}`)
    for (const key of new Set(['out_trade_no', ...Object.keys(expect)]))
      if (fields[key] !== undefined) print(`            ${key}: ${fields[key]}`)
    if (typeof fields.pay_url === 'string') {
      this.#pay_url = fields.pay_url
      print(`            pay_url: ${fields.pay_url.slice(0, 60)}... (${fields.pay_url.length} characters)`)
    }
    for (const key of Object.keys(expect)) this.#require(key, fields[key], expect[key])
    await this.#tellMoved(moved)
    return fields
  }

  wait(order: { out_trade_no: unknown }): Promise<CallAnswer> {
    return this.#host.call('wait_for_payment', { ...order, seconds: 45 })
  }

  async untilPaid(order: { out_trade_no: unknown }): Promise<void> {
    for (;;) {
      const { fields } = await this.wait(order)
      if (fields.paid === true || fields.trade_status === 'TRADE_CLOSED') return
      print(`    waiting ${fields.message}`)
    }
  }

  async buyer(does: string, moved: string, step: () => Promise<void>): Promise<void> {
    this.#title(`The buyer ${does}`)
    await step()
    await this.#tellMoved(moved)
  }

  end(): number {
    if (this.#wrong > 0) print(`${this.#wrong} things were not as they should be.`)
    else print('All as it should be: 14.90 yuan came in, 9.90 went back, and nothing moved twice.')
    return this.#wrong > 0 ? 1 : 0
  }

  /** Read from the emulator's trades, not from the server's answers. */
  async #tellMoved(expected: string): Promise<void> {
    const before = this.#totals
    if (this.#pay_url) this.#totals = await readTotals(this.#pay_url)
    const moved = difference(before, this.#totals)
    print(`    moved   ${moved}`)
    this.#require('moved', moved, expected)
    print('')
  }

  #require(what: string, is: unknown, shouldBe: unknown): void {
    if (is === shouldBe) return
    this.#wrong += 1
    print(`    WRONG   ${what} is ${is} and should be ${shouldBe}`)
  }

  #title(text: string): void {
    this.#steps += 1
    print(`${String(this.#steps).padStart(2)}  ${text}`)
  }
}

type Totals = Awaited<ReturnType<typeof readTotals>>

function difference(before: Totals, after: Totals): string {
  const paid = toFen(after.paid) - toFen(before.paid)
  const refunded = toFen(after.refunded) - toFen(before.refunded)
  const moves = [paid > 0 && toShop(toYuan(paid)), refunded > 0 && toBuyer(toYuan(refunded))]
  return moves.filter(Boolean).join(', ') || NOTHING
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
