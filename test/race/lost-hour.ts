// A sale of which an hour is lost: its ledger is backed up in the midst of it, and put back after an hour of more orders.
import { createServer } from 'node:net'
import type { SoldItem } from '../buyer/history.ts'
import { cashierLink, type Fields, pay } from '../e2e/hosts.ts'
import { BuyerShop } from './buyer-shop.ts'

export const CODES = Array.from({ length: 24 }, (_, at) => `GAME-${(at * 6151 + 93_251).toString(36).toUpperCase()}`)
/** Nothing expires within the hour. */
export const GAME: SoldItem = {
  ...{ id: 'game', subject: 'Game', price: '88.00', refund: 'operator', expires_in_minutes: 240 },
  ...{ max_quantity: 1, deliver: { codes_file: 'games.txt' }, codes: CODES },
}

/** By what became of their orders before the backup, and in the lost hour. */
export const BUYERS = {
  delivered: ['Ann', 'Ben', 'Cai', 'Dan'],
  paid: ['Eve'],
  paidAndGivenBack: ['Fay'],
  paidLater: ['Gus', 'Hal'],
  openDelivered: ['Ida', 'Jon'],
  open: ['Kim'],
  openClosed: ['Leo'],
  lostDelivered: ['Mia', 'Nia', 'Oli', 'Pam', 'Qin', 'Ray'],
  lostPaid: ['Sam', 'Tom', 'Uma', 'Val'],
  lostOpen: ['Wes'],
} as const

interface Order {
  out_trade_no: string
  pay_url: unknown
}

export class LostHour {
  readonly orders = new Map<string, Order>()
  /** As the paid pages show them. */
  readonly claimCodes = new Map<string, string>()

  private constructor(readonly shop: BuyerShop) {}

  static async open(): Promise<LostHour> {
    const at = `127.0.0.1:${await freePort()}`
    const settings = { ALIPAY_PUBLIC_URL: `http://${at}`, ALIPAY_LISTEN: at }
    return new LostHour(await BuyerShop.open({ items: [GAME], servers: 2, settings }))
  }

  async start(): Promise<void> {
    await this.shop.listen('--health-port', '0')
    await this.shop.start()
  }

  async beforeTheBackup(): Promise<void> {
    const { delivered, paid, paidAndGivenBack, openDelivered, paidLater, open, openClosed } = BUYERS
    for (const buyer of delivered) await this.collect(buyer)
    for (const buyer of [...paid, ...paidAndGivenBack]) await this.pay(buyer)
    for (const buyer of [...openDelivered, ...paidLater, ...open, ...openClosed]) await this.order(buyer)
  }

  async lostHour(): Promise<void> {
    const { shop } = this
    const { paidAndGivenBack, openDelivered, paidLater, openClosed, lostDelivered, lostPaid, lostOpen } = BUYERS
    await shop.pass(20)
    for (const buyer of openDelivered) await this.collect(buyer)
    for (const buyer of paidLater) await this.pay(buyer)
    for (const buyer of openClosed) await shop.ask(buyer, 'close_payment', { out_trade_no: this.numberOf(buyer) })
    await shop.pass(20)
    // The first of them gets what was free again.
    for (const buyer of lostDelivered) await this.collect(buyer)
    for (const buyer of lostPaid) await this.pay(buyer)
    for (const buyer of lostOpen) await this.orderAndOpen(buyer)
    for (const buyer of paidAndGivenBack)
      await shop.world.control('refund', { out_trade_no: this.numberOf(buyer), refund_amount: GAME.price })
    await shop.pass(20)
    await shop.read(async (ledger) => {
      for (const [buyer, { out_trade_no }] of this.orders) {
        const { claim_code = '' } = (await ledger.sale(out_trade_no)) ?? {}
        this.claimCodes.set(buyer, claim_code)
      }
    })
  }

  numberOf(buyer: string): string {
    return this.orders.get(buyer)?.out_trade_no ?? ''
  }

  numbersOf(...buyers: string[]): string[] {
    return buyers.map((buyer) => this.numberOf(buyer)).sort()
  }

  /** Whoever has the link of Alipay may pay, whatever becomes of the page that gave it. */
  async orderAndOpen(buyer: string): Promise<void> {
    const { out_trade_no, pay_url } = await this.order(buyer)
    this.orders.set(buyer, { out_trade_no: String(out_trade_no), pay_url: await cashierLink(pay_url) })
  }

  async order(buyer: string): Promise<Fields> {
    const made = await this.shop.ask(buyer, 'create_payment', { item: GAME.id })
    if (!made.isError) this.orders.set(buyer, { out_trade_no: String(made.out_trade_no), pay_url: made.pay_url })
    return made
  }

  async pay(buyer: string): Promise<void> {
    if (!this.orders.has(buyer)) await this.order(buyer)
    await pay(this.orders.get(buyer)?.pay_url)
    await this.query(buyer)
  }

  query(buyer: string, args: Fields = {}): Promise<Fields> {
    return this.shop.ask(buyer, 'query_payment', { out_trade_no: this.numberOf(buyer), ...args })
  }

  deliver(buyer: string): Promise<Fields> {
    return this.shop.ask(buyer, 'deliver_order', { out_trade_no: this.numberOf(buyer) })
  }

  async collect(buyer: string): Promise<Fields> {
    await this.pay(buyer)
    return this.deliver(buyer)
  }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
