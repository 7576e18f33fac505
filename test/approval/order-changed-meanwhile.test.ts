// What happens to an order while the merchant thinks the answer over: all is looked at again before anything is sent.
import { describe, expect, it } from 'vitest'
import { NO, YES } from '../../src/approval/chat.ts'
import { refundParamsFor } from '../../src/refunds/refund-number.ts'
import { useMerchant } from '../merchant.ts'
import { MINUTE, useRefunding } from '../refunds/paid-order.ts'

describe.each([
  ['before 2026-07-28', {}],
  ['of 2026-07-28', { protocol: '2026-07-28' }],
] as const)('for a client %s, while the question is open', (_, client) => {
  const merchant = useMerchant()
  const at = useRefunding({ ...merchant.options, ...client })

  /** He answers after four minutes, in which something else is done. */
  const meanwhile = (operation: () => unknown, then = YES) => {
    merchant.says = async () => {
      if (merchant.questions.length > 1) return then
      await operation()
      at.shop.clock.advance(4 * MINUTE)
      return YES
    }
  }
  /** As by a server on another computer, which does not share the ledger. */
  const elsewhere = async (refund_amount: string) => {
    const trade = await at.trade()
    await at.shop.gateway.refund(trade, refundParamsFor(trade, refund_amount))
  }

  it('nothing happens: it is sent', async () => {
    meanwhile(() => {})
    expect(await at.refund('30.00')).toMatchObject({ moved: 'now', refunded_total: '30.00' })
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })

  it('the merchant refunds all by hand: nothing is sent', async () => {
    meanwhile(() => at.byHand('100.00'))
    const money = 'Nothing was sent. This call moved nothing.'
    expect(await at.refund('30.00')).toMatchObject({ money, trade_status: 'TRADE_CLOSED' })
    expect(await at.truth()).toMatchObject({ sent: 0, refunds: [{ by: 'console' }] })
  })

  it.each(['30.00', '100.00'])('another server refunds the same %s: it is told, and not sent', async (amount) => {
    meanwhile(() => elsewhere(amount))
    expect(await at.refund(amount)).toMatchObject({ moved: 'earlier' })
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: amount })
    expect(merchant.questions).toHaveLength(1)
  })

  it.each([
    ['what is left', undefined, ['100.00', '0.00'], ['70.00', '0.00']],
    ['an amount', '20.00', ['20.00', '80.00'], ['20.00', '50.00']],
  ])('a part is given back: %s is asked about anew', async (_, amount, [asked, left], [askedAnew, leftThen]) => {
    meanwhile(async () => {
      await elsewhere('30.00')
      await at.find('30.00')
    }, NO)
    expect(await at.refund(amount)).toMatchObject({ error: 'declined' })
    expect(merchant.questions.map((question) => question.match(/(?<=: ¥).+/g))).toStrictEqual([
      [asked, '100.00', '0.00', left],
      [askedAnew, '100.00', '30.00', leftThen],
    ])
    expect(merchant.questions[1]).toMatch(/^.* Something has changed/)
    expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
  })
})
