// Refunds that the merchant makes by hand, in Alipay's console, while one of ours is unknown: nothing of ours comes on top.
import { describe, expect, it } from 'vitest'
import { busy, useRefunding } from './paid-order.ts'

const at = useRefunding()

describe('the merchant refunding by hand meanwhile', () => {
  it('is not joined by a refund that the server makes by itself', async () => {
    await at.unknown('30.00')
    await at.byHand('100.00')
    const again = await at.refund('30.00')
    expect(again).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
    expect(again.message).toContain('refunded in full since, by that try or by another refund')
    for (const amount of ['20.00', undefined]) {
      expect(await at.refund(amount)).toMatchObject({ ...busy, error: 'invalid_input', retry: 'no' })
    }
    const [intent] = await at.intents()
    expect(intent).toMatchObject({ state: 'unknown', attempt: 1 })
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00', refunds: [{ by: 'console' }] })
  })

  it('for a part is refused by Alipay where too little is left, and the unknown try stays unknown', async () => {
    const { out_request_no } = await at.unknown('30.00')
    await at.byHand('80.00')
    at.shop.clock.advance(4_000)
    const again = await at.refund('30.00')
    expect(again).toMatchObject({
      error: 'refused_by_alipay',
      retry: 'no',
      moved: 'unknown',
      sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR',
    })
    expect(again.money).toBe('This call moved nothing. How an earlier try of the same refund ended is still unknown.')
    expect(again.next_step).toContain(`"out_request_no":"${out_request_no}"`)
    expect(await at.refund('20.00')).toMatchObject({ ...busy, out_request_no })
    expect(await at.truth()).toMatchObject({ refunded: '80.00', refunds: [{ by: 'console' }] })
  })

  it('in the pause before the repeat leaves the request unknown, and no fen moves twice', async () => {
    at.inThePause(() => at.byHand('100.00'))
    await at.fault('lost_before')
    expect(await at.refund('30.00')).toMatchObject({ error: 'unknown' })
    expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00', refunds: [{ by: 'console' }] })
  })
})
