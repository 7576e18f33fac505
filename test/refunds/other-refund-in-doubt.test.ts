// A refund that was made, while nobody knows how another refund of the order ended: the answer names the other refund.
import { describe, expect, it } from 'vitest'
import type { Fields } from '../shop.ts'
import { MINUTE, useRefunding } from './paid-order.ts'

const at = useRefunding()
const refundWith = (args: Fields) => at.shop.call('refund_payment', args)
const callIn = (words: unknown): Fields => JSON.parse(String(/{.*?}/.exec(String(words))))

/** A refund of 10.00 that was made, and another refund, of which nobody knows: by its amount, or a second one of 10.00. */
async function madeAndUnknown(amount?: string): Promise<{ made: Fields; other: Fields }> {
  const made = await at.refund('10.00')
  const second = callIn((await at.refund('10.00')).next_step)
  await at.fault('lost_before', { times: 'always' })
  const other = await (amount ? at.refund(amount) : refundWith(second))
  await at.clear()
  expect(other).toMatchObject({ error: 'unknown' })
  expect(other.out_request_no).not.toBe(made.out_request_no)
  return { made, other }
}

function inDoubt(amount: string, { trade_no }: Fields, { out_request_no }: Fields) {
  const call = `call query_refund with ${JSON.stringify({ trade_no, out_request_no })}`
  const since = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Beijing time`
  const literal = call.replaceAll(/[{}]/g, String.raw`\$&`)
  return expect.stringMatching(
    new RegExp(`^refund of ${amount} yuan, (under way|of unknown outcome), since ${since}, ${literal}$`),
  )
}

describe('refund_payment answers "earlier", and another refund is in doubt', () => {
  it.each([
    ['20.00', '20.00'],
    ['10.00', undefined],
  ])(
    'of %s yuan: it is named with the call that finds out, and no further refund is offered',
    async (amount, named) => {
      const { made, other } = await madeAndUnknown(named)
      const told = await at.refund('10.00')
      expect(told).toMatchObject({
        moved: 'earlier',
        message: expect.stringMatching(/^Already refunded: 10\.00 yuan on .*; nothing moved now\.$/),
        out_request_no: made.out_request_no,
        in_doubt: inDoubt(amount, made, other),
        next_step: 'Find out first how the refund in "in_doubt" ended; it is another refund than this.',
      })
      const found = await at.shop.call('query_refund', callIn(told.in_doubt))
      expect(found).toMatchObject({ out_request_no: other.out_request_no, refund_amount: amount, moved: 'unknown' })
      expect(await at.truth()).toMatchObject({ refunded: '10.00' })
    },
  )

  it('until that is known: then a further refund is offered again', async () => {
    const { other } = await madeAndUnknown('20.00')
    await at.refund('20.00')
    const told = await at.refund('10.00')
    expect(told).not.toHaveProperty('in_doubt')
    expect(told.next_step).toMatch(
      /^Nothing more to do\. Only if the merchant wants another refund of the same amount: /,
    )
    expect(await at.refund('20.00')).toMatchObject({ moved: 'earlier', out_request_no: other.out_request_no })
    expect(await at.truth()).toMatchObject({ refunded: '30.00' })
  })

  it('and so it is for a call that joined the one that found it made', async () => {
    const { made, other } = await madeAndUnknown('20.00')
    const both = await Promise.all([at.refund('10.00'), at.refund('10.00')])
    for (const told of both) {
      expect(told).toMatchObject({ moved: 'earlier', subject: 'Tea 茶', in_doubt: inDoubt('20.00', made, other) })
    }
  })
})

describe('query_refund proves a refund, and another refund is in doubt', () => {
  it('of the same amount: it is named with its call, and comes first, by amount and by number', async () => {
    const { made, other } = await madeAndUnknown()
    const { out_trade_no } = at
    for (const name of [{ refund_amount: '10.00' }, { out_request_no: made.out_request_no }]) {
      expect(await at.shop.call('query_refund', { out_trade_no, ...name })).toMatchObject({
        message: expect.stringMatching(/^Refunded: 10\.00 yuan on /),
        refund_status: 'REFUND_SUCCESS',
        moved: 'earlier',
        out_request_no: made.out_request_no,
        in_doubt: inDoubt('10.00', made, other),
        next_step:
          'Find out how the refund in "in_doubt" ended: it has the same amount, and is another refund than this.',
      })
    }
  })

  it('of another amount: that is not what was asked', async () => {
    await madeAndUnknown('20.00')
    const told = await at.find('10.00')
    expect(told).toMatchObject({ moved: 'earlier', next_step: expect.stringMatching(/^The money goes back the way/) })
    expect(told).not.toHaveProperty('in_doubt')
  })

  it('no longer once the other refund was not executed', async () => {
    const { other } = await madeAndUnknown()
    at.shop.clock.advance(11 * MINUTE)
    const { trade_no } = await at.trade()
    const { out_request_no } = other
    for (let times = 0; times < 2; times++) await at.shop.call('query_refund', { trade_no, out_request_no })
    const told = await at.find('10.00')
    expect(told).toMatchObject({ moved: 'earlier' })
    expect(told).not.toHaveProperty('in_doubt')
  })
})
