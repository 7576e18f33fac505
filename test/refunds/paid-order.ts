// A paid order of 100 yuan to try refunds on: lost answers, a merchant at the console, and what really happened.
import { beforeEach, expect, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import type { Trade } from '../../src/gateway/gateway.ts'
import type { Intent } from '../../src/ledger/ledger.ts'
import { type Fields, type Shop, type ShopOptions, useShop } from '../shop.ts'

const REFUND = 'alipay.trade.refund'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
export const FORBIDDEN = { sub_code: 'ACQ.ACCESS_FORBIDDEN' }
export const MINUTE = 60_000
/** Nothing of it was sent, because another one comes first. */
export const busy = {
  error: 'not_sent',
  retry: 'after_change',
  moved: 'no',
  isError: true,
  money: expect.stringContaining('Nothing was sent.'),
}

/** A shop for the tests of this file, with a paid order before each of them. */
export function useRefunding(options?: ShopOptions): Refunding {
  const at = new Refunding(useShop(options))
  beforeEach(() => at.begin())
  return at
}

export class Refunding {
  out_trade_no = ''

  constructor(readonly shop: Shop) {}

  /** A new order, paid. */
  async begin(): Promise<void> {
    this.out_trade_no = (await this.shop.paidOrder('100.00')).out_trade_no
  }

  refund(refund_amount?: unknown): Promise<Fields> {
    const { out_trade_no } = this
    const amount = refund_amount === undefined ? {} : { refund_amount }
    return this.shop.call('refund_payment', { out_trade_no, ...amount })
  }

  find(refund_amount: unknown): Promise<Fields> {
    return this.shop.call('query_refund', { out_trade_no: this.out_trade_no, refund_amount })
  }

  async intents(): Promise<readonly Fields[]> {
    const intents = await (await this.shop.ledger()).intents(this.out_trade_no)
    return intents.map((intent) => ({ ...intent }))
  }

  /** The refund's row in the ledger. */
  async row(): Promise<Intent> {
    const intents = await (await this.shop.ledger()).intents(this.out_trade_no)
    const refund = intents.find(({ kind }) => kind === 'refund')
    if (!refund) throw new Error('there is no refund in the ledger')
    return refund
  }

  /** What the ledger has as refunded of the order, in fen. */
  async known(): Promise<number | undefined> {
    return (await (await this.shop.ledger()).order(this))?.refunded_fen
  }

  async trade(): Promise<Trade> {
    const asked = await this.shop.gateway.query({ out_trade_no: this.out_trade_no })
    if (asked.outcome !== 'done') throw new Error('the order is not there')
    return asked.answer
  }

  /** What was sent long ago is done only now. */
  async carriedOutLate(refund_amount: string): Promise<string> {
    const { trade_no } = await this.trade()
    const { number } = await this.row()
    const sent = await this.shop.gateway.refund({ trade_no }, { out_request_no: number, refund_amount })
    expect(sent).toMatchObject({ outcome: 'done' })
    return number
  }

  /** The merchant's own refund, in Alipay's console. */
  byHand(refund_amount: string): Promise<Fields> {
    return this.shop.control('refund', { out_trade_no: this.out_trade_no, refund_amount })
  }

  fault(name: string, more: Fields = {}, method = REFUND): Promise<Fields> {
    return this.shop.control('faults', { fault: name, method, ...more })
  }

  clear(): Promise<Fields> {
    return this.shop.control('faults/clear', {})
  }

  /** The first question about a refund is answered, those after it are not. */
  async thenRefuseToTell(times: 1 | 'always'): Promise<void> {
    await this.fault('sign_first', {}, REFUND_QUERY)
    await this.fault('refuse', { ...FORBIDDEN, times }, REFUND_QUERY)
  }

  refuseToTell(): Promise<Fields> {
    return this.fault('refuse', FORBIDDEN, REFUND_QUERY)
  }

  /** How many refunds were sent, and what the emulator's trades have of them. */
  async truth(): Promise<{ sent: number; refunded: string; refunds: readonly Fields[] }> {
    const { trades, refunded, ...rest } = await this.shop.trades()
    const refunds = trades[0]?.refunds
    const sent = Object(rest).calls[REFUND] ?? 0
    return { sent, refunded, refunds: Array.isArray(refunds) ? refunds : [] }
  }

  /** A refund of which nobody knows whether it was done: it was not. */
  async unknown(amount: string | undefined): Promise<Fields> {
    await this.fault('lost_before', { times: 'always' })
    const answer = await this.refund(amount)
    await this.clear()
    return answer
  }

  /** A refund that was done, though neither its answer nor a question brought that home. */
  async doneUnseen(amount: string | undefined): Promise<Fields> {
    await this.fault('lost_after', { times: 'always' })
    await this.thenRefuseToTell('always')
    const answer = await this.refund(amount)
    await this.clear()
    return answer
  }

  /** A refund that is prepared in the ledger, which then fails: nothing of it is sent. */
  async unwritten(amount: string): Promise<Fields> {
    const failed = new LedgerError('The ledger is locked by another program.', 'Try again.')
    vi.spyOn(await this.shop.ledger(), 'markSending').mockRejectedValueOnce(failed)
    return this.refund(amount)
  }

  /** A refund that is prepared, and all is frozen before it is sent; it is over when this answers. */
  async frozenMeanwhile(amount: string): Promise<Fields> {
    const ledger = await this.shop.ledger()
    const reserve = ledger.reserveRefund.bind(ledger)
    vi.spyOn(ledger, 'reserveRefund').mockImplementationOnce(async (...args) => {
      const reserved = await reserve(...args)
      await ledger.freeze(undefined, args[3])
      return reserved
    })
    const answer = await this.refund(amount)
    await ledger.unfreeze({ at: this.shop.clock.now(), owner: 'a person', host: 'a terminal' })
    return answer
  }

  /** Holds the next refund just before it is sent. */
  async held(amount: unknown): Promise<{ answer: Promise<Fields>; release: () => void }> {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const { gateway } = this.shop
    const send = gateway.refund.bind(gateway)
    const sending = vi.spyOn(gateway, 'refund').mockImplementationOnce(async (...request) => {
      await gate
      return send(...request)
    })
    const answer = this.refund(amount)
    await vi.waitFor(() => expect(sending).toHaveBeenCalled(), { interval: 1, timeout: 20_000 })
    return { answer, release }
  }

  /** Does something while the refund pauses before its repeat. */
  inThePause(operation: () => unknown): void {
    const { clock } = this.shop
    const sleep = clock.sleep.bind(clock)
    vi.spyOn(clock, 'sleep').mockImplementation(async (ms) => {
      if (ms === 3_000) await operation()
      await sleep(ms)
    })
  }
}
