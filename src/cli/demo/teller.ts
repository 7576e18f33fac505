// Tells the demo: each step in one line with what moved by the emulator's trades; --verbose shows each call and answer.
import stringWidth from 'string-width'
import { inLanguages, type Language } from '../../language.ts'
import { toFen, toYuan } from '../../money.ts'
import { questionIn } from '../question-lines.ts'
import type { Paint } from '../terminal.ts'
import { readTotals } from './buyer.ts'
import type { CallAnswer, Host } from './mcp-client.ts'

export interface Step {
  story: string
  tool: string
  args: Record<string, unknown>
  /** What the answer must hold, field by field; `error` where it must be one. */
  expect: Readonly<Record<string, unknown>> | 'error'
  moved?: Move
  /** The answer of a call that runs already. */
  answered?: Promise<CallAnswer>
}

/** Yuan, and which way. */
export interface Move {
  to: 'shop' | 'buyer'
  yuan: string
}

export interface Telling {
  language: Language
  verbose: boolean
  paint: Paint
  /** What the merchant was asked, and said yes to, until it is told. */
  questions: string[]
}

const TEXT = inLanguages({
  toShop: { en: (yuan: string) => `${yuan} yuan, buyer -> shop`, zh: (yuan: string) => `${yuan} 元，买家 -> 商家` },
  toBuyer: { en: (yuan: string) => `${yuan} yuan, shop -> buyer`, zh: (yuan: string) => `${yuan} 元，商家 -> 买家` },
  nothing: { en: 'nothing', zh: '无' },
  asked: { en: 'asked', zh: '调用' },
  answer: { en: 'answer', zh: '结果' },
  moved: { en: 'moved', zh: '资金' },
  merchant: { en: 'the merchant is asked', zh: '询问商家' },
  yes: { en: '-> yes', zh: '-> 同意' },
  wrong: {
    en: (what: string, is: string, expected: string) => `WRONG: ${what} is ${is} and should be ${expected}`,
    zh: (what: string, is: string, expected: string) => `不符：${what} 是 ${is}，应为 ${expected}`,
  },
  waiting: { en: 'waiting for you to pay ...', zh: '等待你付款……' },
  well: {
    en: 'All as it should be: 14.90 yuan came in, 9.90 went back, nothing moved twice.',
    zh: '全部符合预期：收款 14.90 元，退款 9.90 元，没有重复。',
  },
  bad: {
    en: (count: number) => `${count} things were not as they should be.`,
    zh: (count: number) => `有 ${count} 处不符合预期。`,
  },
})

// Beside it what moved has room within 80 columns.
const STORY_WIDTH = 50

export class Teller {
  readonly #host: Host
  readonly #telling: Telling
  #steps = 0
  #wrong = 0
  #totals = { paid: '0.00', refunded: '0.00' }

  constructor(host: Host, telling: Telling) {
    this.#host = host
    this.#telling = telling
  }

  get #say() {
    return TEXT(this.#telling.language)
  }

  async step({ story, tool, args, expect, moved, answered }: Step): Promise<CallAnswer['fields']> {
    const { verbose, paint, language } = this.#telling
    const { fields } = await (answered ?? this.#host.call(tool, args))
    await this.#tell(story, moved)
    if (verbose) {
      print(`    ${paint.dim(this.#say.asked)} ${tool} ${JSON.stringify(args)}`)
      for (const question of this.#telling.questions.splice(0)) this.#tellQuestion(question)
      const message = language === 'zh' ? (fields.message_zh ?? fields.message) : fields.message
      print(`    ${paint.dim(this.#say.answer)} ${message}`)
      for (const [key, value] of Object.entries(fields)) if (!/^message/.test(key)) print(`      ${key}: ${cut(value)}`)
      print('')
    }
    if (expect === 'error') this.#require('error', fields.error !== undefined, true)
    else for (const key of Object.keys(expect)) this.#require(key, fields[key], expect[key])
    return fields
  }

  wait(order: { out_trade_no: unknown }): Promise<CallAnswer> {
    return this.#host.call('wait_for_payment', { ...order, seconds: 45 })
  }

  async untilPaid(order: { out_trade_no: unknown }): Promise<void> {
    for (;;) {
      const { fields } = await this.wait(order)
      if (fields.paid === true || fields.trade_status === 'TRADE_CLOSED') return
      print(`    ${this.#say.waiting}`)
    }
  }

  async buyer(story: string, moved: Move | undefined, step: () => Promise<void>): Promise<void> {
    await step()
    await this.#tell(story, moved)
    if (this.#telling.verbose) print('')
  }

  end(): number {
    print(this.#wrong > 0 ? this.#say.bad(this.#wrong) : this.#say.well)
    return this.#wrong > 0 ? 1 : 0
  }

  /** What moved is read from the emulator's trades, not from the server's answers. */
  async #tell(story: string, expected: Move | undefined): Promise<void> {
    const before = this.#totals
    this.#totals = await readTotals(await this.#host.emulator)
    const moved = this.#describe(movesBetween(before, this.#totals))
    this.#steps += 1
    const space = ' '.repeat(Math.max(2, STORY_WIDTH - stringWidth(story)))
    const line = `${String(this.#steps).padStart(2)}  ${story}`
    print(moved === '' ? line : `${line}${space}${this.#telling.paint.green(moved)}`)
    this.#require(this.#say.moved, moved, this.#describe(expected ? [expected] : []))
  }

  /** The server asks before money goes out; the assistant cannot answer that. */
  #tellQuestion(question: string): void {
    const { language, paint } = this.#telling
    const lines = questionIn(language, question).replace(/^/gm, '      ')
    print(`    ${paint.dim(this.#say.merchant)}\n${lines}\n      ${this.#say.yes}`)
  }

  #describe(moves: readonly Move[]): string {
    return moves.map(({ to, yuan }) => (to === 'shop' ? this.#say.toShop : this.#say.toBuyer)(yuan)).join(', ')
  }

  #require(what: string, is: unknown, expected: unknown): void {
    if (is === expected) return
    this.#wrong += 1
    print(`    ${this.#telling.paint.red(this.#say.wrong(what, String(is || this.#say.nothing), String(expected)))}`)
  }
}

const LONGEST = 90
const cut = (value: unknown) => (String(value).length > LONGEST ? `${String(value).slice(0, LONGEST)}...` : value)

type Totals = Awaited<ReturnType<typeof readTotals>>

function movesBetween(before: Totals, after: Totals): Move[] {
  const paid = toFen(after.paid) - toFen(before.paid)
  const refunded = toFen(after.refunded) - toFen(before.refunded)
  const moves: Move[] = []
  if (paid > 0) moves.push({ to: 'shop', yuan: toYuan(paid) })
  if (refunded > 0) moves.push({ to: 'buyer', yuan: toYuan(refunded) })
  return moves
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
