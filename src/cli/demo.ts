// alipay-mcp demo: a payment through its whole life, told step by step; fails if anything is not as it should be.
import { toFen, toYuan } from '../money.ts'
import { confirmPayment, openCashier, readBooks } from './demo-buyer.ts'
import { type CallAnswer, type Host, startServer } from './mcp-client.ts'

interface Step {
  story: string
  tool: string
  args: Record<string, unknown>
  /** What the answer must hold, field by field. */
  expect: Readonly<Record<string, unknown>>
  moved: string
}

const NOTHING = 'nothing'
const toShop = (yuan: string) => `${yuan} yuan, buyer -> shop`
const toBuyer = (yuan: string) => `${yuan} yuan, shop -> buyer`

/** @param mainFile the built main.js, started as a host starts it */
export async function demo(mainFile: string): Promise<number> {
  print(
    'alipay-mcp demo: one order from link to refund, on the built-in emulator. No real money. 本地模拟，不动真钱。\n',
  )
  const host = await startServer(mainFile)
  try {
    const teller = new Teller(host)
    await onePayment(teller)
    await anUnpaidOrder(teller)
    return teller.end()
  } finally {
    await host.close()
  }
}

async function onePayment(teller: Teller): Promise<void> {
  const { out_trade_no, pay_url } = await teller.step({
    story: 'The shop asks for 9.90 yuan',
    tool: 'create_payment',
    args: { subject: '一首小诗 a short poem', total_amount: '9.90' },
    expect: { total_amount: '9.90', channel: 'page', environment: 'local' },
    moved: NOTHING,
  })
  const order = { out_trade_no }
  await teller.step({
    story: 'Paid already? Nobody has opened the link',
    tool: 'query_payment',
    args: order,
    expect: { paid: false, refunded: 'none', sub_code: 'ACQ.TRADE_NOT_EXIST' },
    moved: NOTHING,
  })
  await teller.buyer('opens the link, logs in and pays', toShop('9.90'), async () => {
    await confirmPayment(await openCashier(String(pay_url)))
  })
  await teller.step({
    story: 'And now?',
    tool: 'query_payment',
    args: order,
    expect: { paid: true, refunded: 'not_known', trade_status: 'TRADE_SUCCESS', total_amount: '9.90' },
    moved: NOTHING,
  })
  await refunds(teller, order)
}

async function refunds(teller: Teller, order: { out_trade_no: unknown }): Promise<void> {
  const part = { ...order, refund_amount: '3.00', refund_reason: '少了一行 a line is missing' }
  await teller.step({
    story: 'The shop gives 3.00 yuan back',
    tool: 'refund_payment',
    args: part,
    expect: { moved: 'now', refund_amount: '3.00', refund_fee: '3.00' },
    moved: toBuyer('3.00'),
  })
  await teller.step({
    story: 'The model says the same again: one wish, one refund',
    tool: 'refund_payment',
    args: part,
    expect: { moved: 'earlier', refund_amount: '3.00' },
    moved: NOTHING,
  })
  await teller.step({
    story: 'Was it made?',
    tool: 'query_refund',
    args: { ...order, refund_amount: '3.00' },
    expect: { refund_status: 'REFUND_SUCCESS', refund_amount: '3.00' },
    moved: NOTHING,
  })
  await teller.step({
    story: "The rest, too (Alipay wants 3 seconds between an order's refunds)",
    tool: 'refund_payment',
    args: { ...order, refund_amount: '6.90' },
    expect: { moved: 'now', refund_amount: '6.90', refund_fee: '9.90' },
    moved: toBuyer('6.90'),
  })
  await teller.step({
    story: 'What is left of the order',
    tool: 'query_payment',
    args: order,
    expect: { paid: false, refunded: 'full', trade_status: 'TRADE_CLOSED' },
    moved: NOTHING,
  })
}

async function anUnpaidOrder(teller: Teller): Promise<void> {
  const { out_trade_no, pay_url } = await teller.step({
    story: 'A second order, 20 yuan, open for 10 minutes',
    tool: 'create_payment',
    args: { subject: 'Portrait 肖像画', total_amount: 20, expires_in_minutes: 10 },
    expect: { total_amount: '20.00', environment: 'local' },
    moved: NOTHING,
  })
  await teller.buyer('opens it, logs in, and thinks better of it', NOTHING, async () => {
    await openCashier(String(pay_url))
  })
  await teller.step({
    story: 'The shop closes it',
    tool: 'close_payment',
    args: { out_trade_no },
    expect: { closed: true, paid: false },
    moved: NOTHING,
  })
  await teller.step({
    story: 'A refund of an order that was never paid',
    tool: 'refund_payment',
    args: { out_trade_no },
    expect: { error: 'refused', sub_code: 'ACQ.TRADE_HAS_CLOSE', money: 'This call moved nothing.' },
    moved: NOTHING,
  })
}

class Teller {
  readonly #host: Host
  #steps = 0
  #wrong = 0
  #pay_url: string | undefined
  #books = { paid: '0.00', refunded: '0.00' }

  constructor(host: Host) {
    this.#host = host
  }

  async step({ story, tool, args, expect, moved }: Step): Promise<CallAnswer['fields']> {
    this.#title(story)
    print(`    asked   ${tool} ${JSON.stringify(args)}`)
    const { fields } = await this.#host.call(tool, args)
    print(`    answer  ${fields.message}`)
    for (const key of Object.keys(expect)) print(`            ${key}: ${fields[key]}`)
    if (typeof fields.pay_url === 'string') {
      this.#pay_url = fields.pay_url
      print(`            pay_url: ${fields.pay_url.slice(0, 60)}... (${fields.pay_url.length} characters)`)
    }
    for (const key of Object.keys(expect)) this.#demand(key, fields[key], expect[key])
    await this.#tellMoved(moved)
    return fields
  }

  async buyer(does: string, moved: string, act: () => Promise<void>): Promise<void> {
    this.#title(`The buyer ${does}`)
    await act()
    await this.#tellMoved(moved)
  }

  end(): number {
    if (this.#wrong > 0) print(`${this.#wrong} things were not as they should be.`)
    else print('All as it should be: 9.90 yuan came in, 9.90 went back, and nothing moved twice.')
    return this.#wrong > 0 ? 1 : 0
  }

  /** Told by the emulator's books, not by the server's answers. */
  async #tellMoved(expected: string): Promise<void> {
    const before = this.#books
    if (this.#pay_url) this.#books = await readBooks(this.#pay_url)
    const moved = difference(before, this.#books)
    print(`    moved   ${moved}`)
    this.#demand('moved', moved, expected)
    print('')
  }

  #demand(what: string, is: unknown, shouldBe: unknown): void {
    if (is === shouldBe) return
    this.#wrong += 1
    print(`    WRONG   ${what} is ${is} and should be ${shouldBe}`)
  }

  #title(text: string): void {
    this.#steps += 1
    print(`${String(this.#steps).padStart(2)}  ${text}`)
  }
}

type Books = Awaited<ReturnType<typeof readBooks>>

function difference(before: Books, after: Books): string {
  const paid = toFen(after.paid) - toFen(before.paid)
  const refunded = toFen(after.refunded) - toFen(before.refunded)
  const moves = [paid > 0 && toShop(toYuan(paid)), refunded > 0 && toBuyer(toYuan(refunded))]
  return moves.filter(Boolean).join(', ') || NOTHING
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
