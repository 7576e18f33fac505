// Refunds that must not be sent although everything before them went well.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OutcomeUnknownError, RefusedError } from '../../src/errors.ts'
import type { RefundRecord, Trade } from '../../src/gateway/gateway.ts'
import { requestFor } from '../../src/guard/refund-wish.ts'
import { Refunds } from '../../src/guard/refunds.ts'
import { Memory } from '../../src/ledger/memory.ts'
import { openShop, type Shop } from '../shop.ts'

let shop: Shop
let trade: Trade
let refunds: Refunds
beforeEach(async () => {
  shop = await openShop()
  const { out_trade_no } = await shop.paidOrder('100.00')
  const asked = await shop.gateway.query({ out_trade_no })
  if (asked.outcome !== 'done') throw new Error('the order is not there')
  trade = asked.answer
  refunds = new Refunds(shop.gateway, shop.clock, new Memory())
})
afterEach(async () => {
  vi.restoreAllMocks()
  await shop.close()
})

const spied = () => vi.spyOn(shop.gateway, 'refund')

it('are those whose host cancelled while Alipay was still being asked', async () => {
  const sends = spied()
  const host = new AbortController()
  const read = shop.gateway.refundQuery.bind(shop.gateway)
  vi.spyOn(shop.gateway, 'refundQuery').mockImplementation(async (...args) => {
    host.abort()
    return read(...args)
  })
  const made = refunds.make(trade, requestFor(trade, '30.00'), host.signal)
  await expect(made).rejects.toMatchObject({ refusal: { not_sent: 'the host cancelled the call' } })
  expect(sends).not.toHaveBeenCalled()
})

it('are those that a sleeping computer has made stale', async () => {
  const sends = spied()
  const read = shop.gateway.refundQuery.bind(shop.gateway)
  vi.spyOn(shop.gateway, 'refundQuery').mockImplementationOnce(async (...args) => {
    shop.clock.advance(8 * 3_600_000)
    return read(...args)
  })
  await expect(refunds.make(trade, requestFor(trade, '30.00'))).rejects.toThrow(RefusedError)
  expect(sends).not.toHaveBeenCalled()
})

it.each<RefundRecord>([{ refund_amount: '30.00' }, { refund_status: 'REFUND_PROCESSING' }])(
  'are others while Alipay has any trace of an unknown one: %j',
  async (trace) => {
    const first = requestFor(trade, '30.00')
    const sends = spied().mockResolvedValue({ outcome: 'unknown', why: 'lost' })
    vi.spyOn(shop.gateway, 'refundQuery')
      .mockResolvedValueOnce({ outcome: 'done', answer: {} })
      .mockResolvedValue({ outcome: 'done', answer: trace })
    await expect(refunds.make(trade, first)).rejects.toThrow(OutcomeUnknownError)
    for (let tries = 0; tries < 3; tries++) {
      shop.clock.advance(11 * 60_000)
      await expect(refunds.make(trade, requestFor(trade, '50.00'))).rejects.toThrow(RefusedError)
    }
    expect(sends).toHaveBeenCalledTimes(2)
  },
)
