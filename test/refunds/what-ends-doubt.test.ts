// What may end a refund whose outcome is unknown, and what need not be feared: only what is known of its sends counts.
import { expect, it, vi } from 'vitest'
import { fitting, refundRecord } from '../../src/gateway/answer-schemas.ts'
import { isEmpty } from '../../src/guard/in-doubt.ts'
import { busy, MINUTE, useRefunding } from './paid-order.ts'

const at = useRefunding()

/** Alipay has written it down, and does not say how it ended: it may still be carried out. */
function inProcess(refund_amount: string): void {
  const { gateway } = at.shop
  vi.spyOn(gateway, 'refundQuery').mockImplementation(async (_order, out_request_no) => {
    return { outcome: 'done', answer: { out_request_no, refund_amount } }
  })
}

it.each([
  ['after an unknown try', true],
  ['of a number that another computer sent', false],
])('a refusal over a record without success, %s, ends nothing: others wait', async (_, wasTried) => {
  if (wasTried) await at.unknown('50.00')
  at.shop.clock.advance(11 * MINUTE)
  inProcess('50.00')
  await at.fault('refuse', { sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
  expect(await at.refund('50.00')).toMatchObject({
    error: 'unknown',
    money: 'Money may have moved.',
    next_step: expect.stringContaining('query_refund'),
  })
  expect(await at.row()).toMatchObject({ state: 'unknown' })
  vi.restoreAllMocks()
  inProcess('50.00')
  expect(await at.refund('40.00')).toMatchObject(busy)
})

it('a refund of which no attempt was ever sent is refused, not unknown: others go on', async () => {
  expect(await at.unwritten('50.00')).toMatchObject({ error: 'ledger_unavailable', isError: true })
  at.shop.clock.advance(2 * MINUTE)
  expect(await at.frozenMeanwhile('50.00')).toMatchObject({ error: 'frozen', moved: 'no', isError: true })
  expect(await at.row()).toMatchObject({ state: 'refused', attempt: 2 })
  expect(await at.refund('30.00')).toMatchObject({ moved: 'now' })
  expect(await at.truth()).toMatchObject({ sent: 1, refunded: '30.00' })
})

it('only an answer that holds nothing at all proves that there is no refund: empty fields are not that', () => {
  const read = (fields: object) => {
    const record = fitting({ code: '10000', ...fields }, refundRecord)
    return record.outcome === 'done' && isEmpty(record.answer)
  }
  expect(read({})).toBe(true)
  for (const field of ['out_trade_no', 'trade_no', 'out_request_no', 'refund_status'])
    expect(read({ [field]: '' })).toBe(false)
})
