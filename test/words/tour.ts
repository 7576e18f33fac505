// A scripted tour: every tool, every state of an order, every kind of error, as a model reads them.
import { YES } from '../../src/approval/chat.ts'
import { LedgerError } from '../../src/errors.ts'
import { nextNoon } from '../noon.ts'
import { type Fields, openShop, type Shop, type ShopOptions } from '../shop.ts'

export interface Stop {
  /** What the tour shows here. */
  title: string
  tool: string
  text: string
  fields: Fields
}

class Guide {
  readonly stops: Stop[] = []
  constructor(readonly shop: Shop) {}

  async show(title: string, tool: string, args: Fields): Promise<Fields> {
    const { content, fields } = await this.shop.whole(tool, args)
    const text = content.map((part) => String(part.text ?? `(${part.type})`)).join('\n')
    this.stops.push({ title, tool, text, fields })
    return fields
  }

  refuse = (sub_code: string, method: string, times: string | number = 1) =>
    this.shop.control('faults', { fault: 'refuse', sub_code, method, times })
  lose = (method: string, times: string | number = 1, fault = 'lost_before') =>
    this.shop.control('faults', { fault, method, times })
  calm = () => this.shop.control('faults/clear', {})
}

const TEA = { subject: 'Tea 茶', total_amount: '9.90' }
const QUERY = 'alipay.trade.query'

type Leg = [ShopOptions, (guide: Guide) => Promise<void>]

const PAYING: Leg = [
  {},
  async (guide) => {
    const { shop } = guide
    await guide.show('no orders', 'list_payments', {})
    const { out_trade_no, pay_url } = await guide.show('an order with a link', 'create_payment', TEA)
    await guide.show('the same order again', 'create_payment', { ...TEA, out_trade_no })
    await guide.show('a similar order', 'create_payment', TEA)
    await guide.show('a code', 'create_payment', { ...TEA, total_amount: '3.00', channel: 'qr' })
    await guide.show('a wait without a buyer', 'wait_for_payment', { out_trade_no, seconds: 5 })
    await guide.show('a close without a buyer', 'close_payment', { out_trade_no })
    await shop.control('scan', { pay_url })
    await guide.show('opened by the buyer', 'query_payment', { out_trade_no })
    await shop.control('pay', { pay_url })
    await guide.show('a wait that ends', 'wait_for_payment', { out_trade_no })
    const { trade_no } = await guide.show('paid', 'query_payment', { out_trade_no })
    await guide.show('the other kind of number', 'query_payment', { out_trade_no: trade_no })
    await guide.show('a close of a paid order', 'close_payment', { out_trade_no })
    await guide.show('no refunds', 'query_refund', { out_trade_no })
    await guide.show('a partial refund', 'refund_payment', { out_trade_no, refund_amount: '3.00' })
    await guide.show('the same refund again', 'refund_payment', { out_trade_no, refund_amount: '3.00' })
    await guide.show('one refund', 'query_refund', { out_trade_no, refund_amount: '3.00' })
    await guide.show('a refund that nobody made', 'query_refund', { out_trade_no, refund_amount: '2.00' })
    await guide.show('partly refunded', 'query_payment', { out_trade_no })
    await guide.show('more than what is left', 'refund_payment', { out_trade_no, refund_amount: '8.00' })
    await guide.show('the rest', 'refund_payment', { out_trade_no })
    await guide.show('all refunds', 'query_refund', { out_trade_no })
    await guide.show('fully refunded', 'query_payment', { out_trade_no })
    await guide.show('a refund of nothing', 'refund_payment', { out_trade_no, refund_amount: '1.00' })
    await guide.show('a list', 'list_payments', {})
    await guide.show('a list as last seen', 'list_payments', { refresh: false, limit: 1 })
  },
]

const ENDING: Leg = [
  {},
  async (guide) => {
    const { shop } = guide
    const { out_trade_no, pay_url } = await shop.call('create_payment', TEA)
    await guide.show('a refund of an order that nobody opened', 'refund_payment', { out_trade_no })
    await guide.show('refunds of an order that nobody opened', 'query_refund', { out_trade_no })
    const changed = { ...TEA, total_amount: '8.80', replaces: out_trade_no }
    await guide.show('a changed price', 'create_payment', changed)
    await shop.control('pay', { pay_url })
    await guide.show('the old link was paid', 'query_payment', { out_trade_no })
    const other = await shop.call('create_payment', { ...TEA, total_amount: '2.00' })
    await shop.control('scan', { pay_url: other.pay_url })
    await guide.show('not paid, not refundable', 'refund_payment', { out_trade_no: other.out_trade_no })
    await guide.show('closed', 'close_payment', { out_trade_no: other.out_trade_no })
    await guide.show('closed before', 'close_payment', { out_trade_no: other.out_trade_no })
    const late = await shop.call('create_payment', { ...TEA, total_amount: '1.00' })
    shop.clock.advance(31 * 60_000)
    await guide.show('its time is up', 'query_payment', { out_trade_no: late.out_trade_no })
    shop.clock.advance(15 * 60_000)
    await guide.show('expired', 'query_payment', { out_trade_no: late.out_trade_no })
    await guide.show('an unknown number', 'query_payment', { out_trade_no: 'NEVER_MADE' })
    await guide.show('a refund of an unknown number', 'refund_payment', { trade_no: '2026112022001400100500000001' })
    await guide.show('a wrong input', 'create_payment', { subject: 'a/b', total_amount: '-1', price: 1 })
  },
]

const ANSWERS: Leg = [
  { timeout: 200 },
  async (guide) => {
    const { shop } = guide
    const { out_trade_no } = await shop.paidOrder('9.90')
    await guide.refuse('ACQ.SELLER_BALANCE_NOT_ENOUGH', 'alipay.trade.refund')
    await guide.show('refused by Alipay', 'refund_payment', { out_trade_no })
    await guide.calm()
    await guide.lose(QUERY, 'always')
    await guide.show('no answer to a query', 'query_payment', { out_trade_no })
    await guide.show('no answer before a refund', 'refund_payment', { out_trade_no })
    await guide.show('no answer to a list', 'list_payments', {})
    await guide.calm()
    await guide.lose('alipay.trade.refund', 'always')
    await guide.show('a refund without an answer', 'refund_payment', { out_trade_no, refund_amount: '4.00' })
    await guide.show('another refund meanwhile', 'refund_payment', { out_trade_no, refund_amount: '5.00' })
    await guide.show('a refund in doubt', 'query_refund', { out_trade_no })
    await guide.calm()
    const { out_trade_no: open, pay_url } = await shop.call('create_payment', TEA)
    await shop.control('scan', { pay_url })
    await guide.lose('alipay.trade.close', 'always')
    await guide.show('a close without an answer', 'close_payment', { out_trade_no: open })
    await guide.calm()
    await guide.lose('alipay.trade.precreate', 'always')
    await guide.show('a code without an answer', 'create_payment', { ...TEA, channel: 'qr', total_amount: '1.00' })
  },
]

const STOPPED: Leg = [
  { rules: { limits: { callsPerMinute: 0, maxPaymentFen: 5_000, dailyPaymentsFen: 6_000, maxRefundFen: 1_000 } } },
  async (guide) => {
    const { shop } = guide
    nextNoon(shop.clock)
    await guide.show('over the limit of an order', 'create_payment', { ...TEA, total_amount: '80.00' })
    const { out_trade_no } = await shop.paidOrder('40.00')
    await guide.show('over the limit of a day', 'create_payment', { ...TEA, total_amount: '30.00' })
    await guide.show('over the limit of a refund', 'refund_payment', { out_trade_no })
    const actor = { at: shop.clock.now(), owner: 'o', host: 'terminal' }
    await (await shop.ledger()).freeze('a stock check', actor)
    await guide.show('frozen', 'create_payment', TEA)
    shop.breakLedger(new LedgerError('It is locked by another program.', 'Stop the other program.'))
    await guide.show('no ledger', 'create_payment', TEA)
  },
]

/** What the merchant answers, and how the refund then ends. */
const asked = (title: string, answer: ShopOptions['answer'], rules: ShopOptions['rules'] = {}): Leg => [
  { ...(answer && { answer }), rules },
  async (guide) => {
    const { out_trade_no } = await guide.shop.paidOrder('9.90')
    await guide.show(title, 'refund_payment', { out_trade_no, refund_amount: '5.00' })
  },
]

const READ_ONLY: Leg = [
  { environment: 'production' },
  async (guide) => {
    const { out_trade_no } = await guide.shop.paidOrder('9.90')
    await guide.show('refunds are off in production', 'refund_payment', { out_trade_no })
    await guide.show('real money', 'query_payment', { out_trade_no })
  },
]

/** Pages are public, and of this ledger unless one step says otherwise. */
const proof = { why: '' }
const AT = 'https://pay.example.com'
const pages = { at: AT, proven: async () => (proof.why ? { why: proof.why } : { at: AT }) }

async function press({ clock, ledger }: Shop, pay_url: unknown): Promise<void> {
  const actor = { at: clock.now(), owner: 'front', host: 'a front' }
  await (await ledger()).press(String(pay_url).slice(-22), 'page', clock.alipay(), actor)
}

const ON_PAGES: Leg = [
  { pages },
  async (guide) => {
    const { shop } = guide
    const first = await guide.show('an order with a page', 'create_payment', TEA)
    const { out_trade_no } = first
    await guide.show('a page that nobody pressed', 'query_payment', { out_trade_no })
    await press(shop, first.pay_url)
    await guide.show('a page that opened a cashier', 'query_payment', { out_trade_no })
    await guide.show('a close after that', 'close_payment', { out_trade_no })
    await guide.show('withdrawn from its page', 'query_payment', { out_trade_no })
    const changed = { ...TEA, total_amount: '8.80', replaces: out_trade_no }
    const second = await guide.show('a new price after that', 'create_payment', changed)
    const next = { ...TEA, total_amount: '7.70', replaces: second.out_trade_no }
    const third = await guide.show('a new price before any press', 'create_payment', next)
    await guide.show('closed before any press', 'query_payment', { out_trade_no: second.out_trade_no })
    await guide.show('a close before any press', 'close_payment', { out_trade_no: third.out_trade_no })
    await guide.show('the closed one again', 'create_payment', {
      ...TEA,
      total_amount: '7.70',
      out_trade_no: third.out_trade_no,
    })
    const last = await shop.call('create_payment', { ...TEA, subject: 'Cup' })
    proof.why = `the pages at ${AT} cannot be reached (ECONNREFUSED)`
    await guide.show('a page that cannot be reached', 'query_payment', { out_trade_no: last.out_trade_no })
    await guide.show('an order without it', 'create_payment', { ...TEA, subject: 'Pot' })
    proof.why = ''
    await (await shop.ledger()).freeze(undefined, { at: shop.clock.now(), owner: 'one', host: 'terminal' })
    await guide.show('a page while all is frozen', 'query_payment', { out_trade_no: last.out_trade_no })
  },
]

const LEGS: readonly Leg[] = [
  PAYING,
  ENDING,
  ANSWERS,
  STOPPED,
  asked('approved in the chat', () => YES),
  asked('declined in the chat', () => null),
  asked('waiting for an operator', undefined, { refundApproval: 'operator' }),
  READ_ONLY,
  ON_PAGES,
]

export async function tour(): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  for (const [options, walk] of LEGS) {
    const guide = new Guide(await openShop(options))
    try {
      await walk(guide)
    } finally {
      await guide.shop.close()
    }
    stops.push(...guide.stops)
  }
  return stops
}
