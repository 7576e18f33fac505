// alipay-mcp demo: a payment through its whole life, step by step; fails if anything is not as it should be.
import { openInBrowser } from '../approval/browser-window.ts'
import { YES } from '../approval/chat.ts'
import { pasteable } from '../pasteable-call.ts'
import { drawForTerminal } from '../qr.ts'
import type { CommandLine } from './command-line.ts'
import { confirmPayment, openCashier } from './demo/buyer.ts'
import { startServer } from './demo/mcp-client.ts'
import { claudeCodeCall, DEMO, hostSettings } from './demo/story.ts'
import { print, Teller, type Telling } from './demo/teller.ts'
import { paintFor, put } from './terminal.ts'

/** @param mainFile the built main.js, started as a host starts it */
export async function demo(mainFile: string, line: CommandLine): Promise<number> {
  const { open, language, verbose } = line
  const telling: Telling = { language, verbose, paint: paintFor(line), questions: [] }
  print(`${DEMO(language).title}\n`)
  const host = await startServer(mainFile, (question) => {
    telling.questions.push(question)
    return YES
  })
  const story = new Demo(new Teller(host, telling), telling)
  try {
    await story.onePayment(open)
    await story.aScannedCode()
    await story.anUnpaidOrder()
    print('')
    const code = story.teller.end()
    print(
      `\n${DEMO(language).addIt}\n\n${hostSettings(mainFile)}\n\n${DEMO(language).claudeCode}\n\n  ${claudeCodeCall(mainFile)}`,
    )
    if (!verbose) print(`\n${DEMO(language).more} ${pasteable(line, 'demo', '--verbose')}`)
    return code
  } finally {
    await host.close()
  }
}

type Order = { out_trade_no: unknown }

class Demo {
  constructor(
    readonly teller: Teller,
    readonly telling: Telling,
  ) {}

  get #say() {
    return DEMO(this.telling.language)
  }

  async onePayment(byPerson: boolean): Promise<void> {
    const { teller } = this
    const { out_trade_no, pay_url } = await teller.step({
      story: this.#say.create,
      tool: 'create_payment',
      args: { subject: this.#say.poem, total_amount: '9.90' },
      expect: { total_amount: '9.90', environment: 'local' },
    })
    const order = { out_trade_no }
    await teller.step({ story: this.#say.notYet, tool: 'query_payment', args: order, expect: { paid: false } })
    await (byPerson ? this.#payByPerson(order, String(pay_url)) : this.#pay(String(pay_url)))
    const paid = { paid: true, trade_status: 'TRADE_SUCCESS', total_amount: '9.90' }
    await teller.step({ story: this.#say.paid, tool: 'query_payment', args: order, expect: paid })
    await this.#refunds(order)
  }

  #pay(pay_url: string): Promise<void> {
    return this.teller.buyer(this.#say.pays, { to: 'shop', yuan: '9.90' }, async () => {
      await confirmPayment(await openCashier(pay_url))
    })
  }

  async #payByPerson(order: Order, pay_url: string): Promise<void> {
    await this.teller.buyer(this.#say.youPay, { to: 'shop', yuan: '9.90' }, async () => {
      print(`    ${this.#say.open}\n    ${pay_url}`)
      await openInBrowser(pay_url)
      await this.teller.untilPaid(order)
    })
  }

  async #refunds(order: Order): Promise<void> {
    const { teller } = this
    const part = { ...order, refund_amount: '3.00', refund_reason: this.#say.reason }
    await teller.step({
      story: this.#say.partBack,
      tool: 'refund_payment',
      args: part,
      expect: { moved: 'now', refund_amount: '3.00' },
      moved: { to: 'buyer', yuan: '3.00' },
    })
    await teller.step({
      story: this.#say.again,
      tool: 'refund_payment',
      args: part,
      expect: { moved: 'earlier', refund_amount: '3.00' },
    })
    await teller.step({
      story: this.#say.wasMade,
      tool: 'query_refund',
      args: { ...order, refund_amount: '3.00' },
      expect: { refund_status: 'REFUND_SUCCESS', refund_amount: '3.00' },
    })
    await teller.step({
      story: this.#say.rest,
      tool: 'refund_payment',
      args: { ...order, refund_amount: '6.90' },
      expect: { moved: 'now', refund_amount: '6.90' },
      moved: { to: 'buyer', yuan: '6.90' },
    })
    const over = { paid: false, refunded: 'full', trade_status: 'TRADE_CLOSED' }
    await teller.step({ story: this.#say.allBack, tool: 'query_payment', args: order, expect: over })
  }

  async aScannedCode(): Promise<void> {
    const { teller } = this
    const { out_trade_no, qr_content } = await teller.step({
      story: this.#say.code,
      tool: 'create_payment',
      args: { subject: this.#say.tea, total_amount: '5', channel: 'qr' },
      expect: { total_amount: '5.00', channel: 'qr' },
    })
    if (this.telling.verbose) await put(`${blackOnWhite(await drawForTerminal(String(qr_content)))}\n`)
    const waiting = teller.wait({ out_trade_no })
    await teller.buyer(this.#say.scans, { to: 'shop', yuan: '5.00' }, async () => {
      await confirmPayment(await openCashier(String(qr_content)))
    })
    await teller.step({
      story: this.#say.byItself,
      tool: 'wait_for_payment',
      args: { out_trade_no },
      answered: waiting,
      expect: { paid: true, trade_status: 'TRADE_SUCCESS', total_amount: '5.00' },
    })
  }

  async anUnpaidOrder(): Promise<void> {
    const { teller } = this
    const { out_trade_no, pay_url } = await teller.step({
      story: this.#say.second,
      tool: 'create_payment',
      args: { subject: this.#say.portrait, total_amount: 20, expires_in_minutes: 10 },
      expect: { total_amount: '20.00', environment: 'local' },
    })
    await teller.buyer(this.#say.leaves, undefined, async () => {
      await openCashier(String(pay_url))
    })
    const closed = { closed: true, paid: false }
    await teller.step({ story: this.#say.close, tool: 'close_payment', args: { out_trade_no }, expect: closed })
    await teller.step({ story: this.#say.refused, tool: 'refund_payment', args: { out_trade_no }, expect: 'error' })
  }
}

/** In colours of its own on a terminal, of which nobody knows whether it is dark; scanners want dark on light. */
export function blackOnWhite(code: string, isTerminal = process.stdout.isTTY === true): string {
  return isTerminal ? code.replace(/^.+$/gm, (row) => `\u001b[30;107m${row}\u001b[0m`) : code
}
