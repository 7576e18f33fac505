// ALIPAY_RETENTION_DAYS and `forget` let go of old data, and never of what makes the next refund ask.
import { expect, it } from 'vitest'
import type { Rules } from '../../src/guard/call.ts'
import { useMerchant } from '../merchant.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import { MINUTE, useRefunding } from '../refunds/paid-order.ts'

const { options, questions } = useMerchant()
const at = useRefunding(options)

/** An order that was paid forty days ago. */
async function oldOrder(rules: Partial<Rules>): Promise<void> {
  options.rules = rules
  nextNoon(at.shop.clock)
  await at.shop.restart()
  at.shop.clock.advance(40 * DAY_MS)
}

/** What the next start does. @returns how many orders it removed */
async function prune(days = 30): Promise<number> {
  const { shop } = at
  await shop.restart()
  const now = shop.clock.now()
  return (await shop.ledger()).prune(now - days * DAY_MS, { at: now, owner: 'next', host: 'alipay-mcp' })
}

it.each([1, 50])('a send after an attempt that was not executed asks, %s days later', async (days) => {
  await oldOrder({ refundApproval: 'none' })
  expect(await at.unknown('30.00')).toMatchObject({ error: 'unknown' })
  at.shop.clock.advance(11 * MINUTE)
  await at.find('30.00')
  expect(await at.row()).toMatchObject({ state: 'not_executed' })
  await at.byHand('30.00')
  at.shop.clock.advance(days * DAY_MS)
  expect(await prune()).toBe(0)
  await at.refund('30.00')
  expect(questions).toHaveLength(1)
  expect(questions[0]).toContain('paid twice')
})

it('refunds of one order that nobody was asked about stay under ALIPAY_APPROVE_ABOVE', async () => {
  await oldOrder({ refundApproval: 'chat', approveAboveFen: 3_000 })
  for (const amount of ['21.00', '22.00', '23.00', '24.00']) {
    expect(await at.refund(amount)).toMatchObject({ moved: 'now' })
    at.shop.clock.advance(DAY_MS)
    expect(await prune()).toBe(0)
  }
  expect(questions).toHaveLength(3)
})

it('a yes to a refund of an order whose texts were erased is not told as a no', async () => {
  await oldOrder({ refundApproval: 'operator' })
  await at.refund('30.00')
  const ledger = await at.shop.ledger()
  const actor = { at: at.shop.clock.now(), owner: 'a person', host: 'terminal' }
  const [asked] = await ledger.openApprovals(actor.at)
  expect(await ledger.decide(asked?.id ?? 0, true, 'terminal', actor)).toBe(true)
  await ledger.forget(at.out_trade_no, actor)
  const again = await at.refund('30.00')
  expect(again).toMatchObject({ error: 'waiting_for_approval', moved: 'no', refund_amount: '30.00' })
  expect(again.message).toMatch(/^Waiting for approval: the refund of 30\.00 yuan/)
  expect(await at.truth()).toMatchObject({ sent: 0 })
})

it('an old order without anything in doubt is removed', async () => {
  await oldOrder({ refundApproval: 'none' })
  expect(await at.refund('30.00')).toMatchObject({ moved: 'now' })
  at.shop.clock.advance(31 * DAY_MS)
  expect(await prune()).toBe(1)
})
