// A computer that sleeps in the middle of a refund: what it last knew is old, and what it sent may still be on its way.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, useRefunding } from './paid-order.ts'

const SECOND = 1_000
const order = useRefunding({ rules: { limits: { callsPerMinute: 0 } } })
const { shop } = order
const refunded = async () => (await shop.trades()).refunded

it('an unknown refund, asked for again while the computer sleeps for an hour, is unknown until it is read', async () => {
  expect(await order.unknown('30.00')).toMatchObject({ error: 'unknown' })
  const ledger = await shop.ledger()
  const mark = ledger.markSending.bind(ledger)
  vi.spyOn(ledger, 'markSending').mockImplementationOnce((id, repeat, actor) => {
    shop.clock.advance(60 * MINUTE)
    return mark(id, repeat, { ...actor, at: shop.clock.now() })
  })
  expect(await order.refund('30.00')).toMatchObject({ error: 'not_sent', moved: 'unknown', isError: true })
  expect(await order.row()).toMatchObject({ state: 'unknown', attempt: 2 })
  await order.carriedOutLate('30.00')
  shop.clock.advance(71 * SECOND)
  expect(await order.refund('20.00')).toMatchObject({ moved: 'now' })
  expect(await order.row()).toMatchObject({ state: 'done' })
  expect(await order.known()).toBe(5_000)
})

it('a refund over whose answer the computer slept for an hour is in doubt for 10 minutes after that', async () => {
  const { refund } = shop.gateway
  vi.spyOn(shop.gateway, 'refund').mockImplementationOnce(async (...args) => {
    const lost = await refund.apply(shop.gateway, args)
    shop.clock.advance(60 * MINUTE)
    return lost
  })
  expect(await order.unknown('30.00')).toMatchObject({ error: 'unknown' })
  const look = async () => {
    shop.clock.advance(71 * SECOND)
    await shop.call('query_refund', { out_trade_no: order.out_trade_no })
    return (await order.row()).state
  }
  expect([await look(), await look()]).toEqual(['unknown', 'unknown'])
  shop.clock.advance(8 * MINUTE)
  expect(await look()).toBe('not_executed')
})

describe('an unknown refund, and the computer sleeps for an hour over the answer "no such refund"', () => {
  beforeEach(async () => {
    expect(await order.unknown('30.00')).toMatchObject({ error: 'unknown' })
    shop.clock.advance(71 * SECOND)
    await shop.call('query_refund', { out_trade_no: order.out_trade_no })
    const { refundQuery } = shop.gateway
    vi.spyOn(shop.gateway, 'refundQuery').mockImplementationOnce(async (...args) => {
      const answer = await refundQuery.apply(shop.gateway, args)
      shop.clock.advance(60 * MINUTE)
      return answer
    })
  })

  it.each([
    ['query_refund', () => shop.call('query_refund', { out_trade_no: order.out_trade_no })],
    ['another refund', () => order.refund('20.00')],
  ])('%s does not end its doubt, for the answer is an hour old', async (_, ask) => {
    await ask()
    expect((await order.row()).state).toBe('unknown')
    expect(await refunded()).toBe('0.00')
  })
})
