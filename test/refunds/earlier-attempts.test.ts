// What is said, and kept, over an earlier try of a refund of which nobody knows how it ended.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { NO, YES } from '../../src/approval/chat.ts'
import { busy, MINUTE, useRefunding } from './paid-order.ts'

let says = YES
const at = useRefunding({ answer: () => says })
beforeEach(() => {
  says = YES
})

/** It was made, its answer was lost, and Alipay's record of it comes late, which proves nothing within ten minutes. */
async function madeAndNotYetToBeSeen(amount?: string): Promise<void> {
  vi.spyOn(at.shop.gateway, 'refundQuery').mockResolvedValue({ outcome: 'done', answer: {} })
  await at.fault('lost_after', { times: 'always' })
  expect(await at.refund(amount)).toMatchObject({ error: 'unknown' })
  await at.clear()
  at.shop.clock.advance(MINUTE)
}

describe('an unknown refund, asked for again', () => {
  it('is not put down to other refunds where it closed the order itself', async () => {
    await madeAndNotYetToBeSeen()
    const again = await at.refund()
    expect(again).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
    expect(again.message).toContain('by that try or by another refund')
    vi.restoreAllMocks()
    expect(await at.refund()).toMatchObject({ moved: 'earlier' })
  })

  it.each(['frozen', 'refused by the merchant'])('is said to be still unknown where it is %s', async (how) => {
    await madeAndNotYetToBeSeen('30.00')
    const ledger = await at.shop.ledger()
    const actor = { at: at.shop.clock.now(), owner: 'a person', host: 'terminal' }
    if (how === 'frozen') await ledger.freeze(undefined, actor)
    else says = NO
    const again = await at.refund('30.00')
    await ledger.unfreeze(actor)
    const { number } = await at.row()
    expect(again).toMatchObject({ error: how === 'frozen' ? how : 'declined', moved: 'unknown', isError: true })
    expect(again.money).toMatch(
      /This call moved nothing\. How an earlier try of the same refund ended is still unknown\.$/,
    )
    expect(again.next_step).toMatch(new RegExp(`About the earlier try: Call query_refund with .*"${number}"`))
  })
})

it('an answer about one attempt that comes late does not end the next one', async () => {
  expect(await at.unknown('30.00')).toMatchObject({ error: 'unknown' })
  at.shop.clock.advance(11 * MINUTE)
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const { gateway } = at.shop
  const read = gateway.refundQuery.bind(gateway)
  const reading = vi.spyOn(gateway, 'refundQuery').mockImplementationOnce(async (...asked) => {
    const answer = await read(...asked)
    await gate
    return answer
  })
  const { out_trade_no } = at
  const asked = at.shop.call('query_payment', { out_trade_no })
  await vi.waitFor(() => expect(reading).toHaveBeenCalled(), { interval: 1, timeout: 20_000 })
  // This computer sleeps longer than a reading may take.
  at.shop.clock.advance(31_000)
  const { answer, release: send } = await at.held('30.00')
  release()
  await asked
  expect(await at.row()).toMatchObject({ state: 'sent', attempt: 2 })
  expect(await at.refund('20.00')).toMatchObject(busy)
  send()
  expect(await answer).toMatchObject({ moved: 'now' })
  expect(await at.truth()).toMatchObject({ refunded: '30.00' })
})
