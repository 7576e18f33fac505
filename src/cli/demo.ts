// alipay-mcp demo: a payment through its whole life, told step by step; fails if anything is not as it should be.
import { openInBrowser } from '../approval/browser-window.ts'
import { YES } from '../approval/chat.ts'
import { drawForTerminal } from '../qr.ts'
import { confirmPayment, openCashier } from './demo/buyer.ts'
import { startServer } from './demo/mcp-client.ts'
import { NOTHING, print, Teller, toBuyer, toShop } from './demo/teller.ts'

export interface DemoOptions {
  /** Leaves paying the first order to a person, in this computer's browser. */
  open: boolean
}

/** @param mainFile the built main.js, started as a host starts it */
export async function demo(mainFile: string, { open }: DemoOptions): Promise<number> {
  print(
    'alipay-mcp demo: one order from link to refund, on the built-in emulator. No real money. 本地模拟，不动真钱。\n',
  )
  const host = await startServer(mainFile, theMerchant)
  try {
    const teller = new Teller(host)
    await onePayment(teller, open ? aPerson : theBuyer)
    await aScannedCode(teller)
    await anUnpaidOrder(teller)
    return teller.end()
  } finally {
    await host.close()
  }
}

/** The server asks before money goes out; the assistant cannot answer that. */
function theMerchant(question: string): string {
  print(`    merchant is asked:\n${question.replace(/^/gm, '            ')}\n            -> ${YES}`)
  return YES
}

type Payer = (teller: Teller, order: { out_trade_no: unknown }, pay_url: string) => Promise<void>

const theBuyer: Payer = (teller, _, pay_url) =>
  teller.buyer('opens the link, logs in and pays', toShop('9.90'), async () => {
    await confirmPayment(await openCashier(pay_url))
  })

const aPerson: Payer = async (teller, order, pay_url) => {
  await teller.buyer('is you: pay in the browser window that opens now', toShop('9.90'), async () => {
    print(`    or open ${pay_url}`)
    await openInBrowser(pay_url)
    await teller.untilPaid(order)
  })
}

async function onePayment(teller: Teller, payer: Payer): Promise<void> {
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
  await payer(teller, order, String(pay_url))
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

async function aScannedCode(teller: Teller): Promise<void> {
  const { out_trade_no, qr_content } = await teller.step({
    story: 'A code to scan, for 5 yuan',
    tool: 'create_payment',
    args: { subject: 'Tea 茶', total_amount: '5', channel: 'qr' },
    expect: { total_amount: '5.00', channel: 'qr' },
    moved: NOTHING,
  })
  print(await drawForTerminal(String(qr_content)))
  const waiting = teller.wait({ out_trade_no })
  await teller.buyer('scans it and pays, while the assistant waits', toShop('5.00'), async () => {
    await confirmPayment(await openCashier(String(qr_content)))
  })
  await teller.step({
    story: 'The waiting call answers by itself',
    tool: 'wait_for_payment',
    args: { out_trade_no },
    answered: waiting,
    expect: { paid: true, trade_status: 'TRADE_SUCCESS', total_amount: '5.00' },
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
    expect: { error: 'refused', money: 'Nothing was sent. This call moved nothing.' },
    moved: NOTHING,
  })
}
