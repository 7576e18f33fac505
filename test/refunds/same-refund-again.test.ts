// The call that an unknown refund offers for its repeat: made as it stands, it is the same refund and moves money once.
import { describe, expect, it } from 'vitest'
import type { Fields } from '../shop.ts'
import { busy, useRefunding } from './paid-order.ts'

const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'

const at = useRefunding()
const refundWith = (args: Fields) => at.shop.call('refund_payment', { out_trade_no: at.out_trade_no, ...args })

/** The arguments of the calls that a next step names. */
const callIn = (tool: string, { next_step }: Fields): Fields =>
  JSON.parse(String(new RegExp(`${tool} with ({.*?})(?:, now|[.;]( |$))`).exec(String(next_step))?.[1]))
const repeatOf = (answer: Fields) => callIn('refund_payment', answer)

interface Wanted {
  /** What was made before of the order. */
  before?: string
  args: () => Promise<Fields>
  amount: string
  /** The call has these names beside the order's. */
  names: readonly string[]
  refunded: string
}

const second = async () => {
  const { next_step } = await at.refund('10.00')
  return { refund_amount: '10.00', out_request_no: Object(repeatOf({ next_step })).out_request_no }
}
const WANTED: Record<string, Wanted> = {
  'of an amount': {
    args: async () => ({ refund_amount: '30.00' }),
    amount: '30.00',
    names: ['refund_amount', 'out_request_no'],
    refunded: '30.00',
  },
  'with a reason, which the bill shows': {
    args: async () => ({ refund_amount: '30.00', refund_reason: '少了一盒 "one" box. {2}' }),
    amount: '30.00',
    names: ['refund_amount', 'out_request_no', 'refund_reason'],
    refunded: '30.00',
  },
  'of all of the order': { args: async () => ({}), amount: '100.00', names: [], refunded: '100.00' },
  'of the whole order, named': {
    args: async () => ({ refund_amount: '100.00' }),
    amount: '100.00',
    names: [],
    refunded: '100.00',
  },
  'of the rest of the order': {
    before: '30.00',
    args: async () => ({}),
    amount: '70.00',
    names: [],
    refunded: '100.00',
  },
  'of one amount for the second time': {
    before: '10.00',
    args: second,
    amount: '10.00',
    names: ['refund_amount', 'out_request_no'],
    refunded: '20.00',
  },
}

describe.each(Object.entries(WANTED))('a refund %s', (_, { before, args, amount, names, refunded }) => {
  /** The refund, of which nobody knows how it ended. */
  async function unknownOf(fault: 'lost_before' | 'lost_after'): Promise<Fields> {
    if (before) await at.refund(before)
    const wanted = await args()
    await at.fault(fault, { times: 'always' })
    if (fault === 'lost_after') {
      // With a refund before it, that one is asked about first.
      if (before) await at.fault('sign_first', {}, REFUND_QUERY)
      await at.thenRefuseToTell('always')
    }
    const unknown = await refundWith(wanted)
    await at.clear()
    expect(unknown).toMatchObject({ error: 'unknown', moved: 'unknown', refund_amount: amount })
    const { refund_reason } = Object(wanted)
    const { trade_no } = await at.trade()
    const { out_request_no } = unknown
    const named = { refund_amount: amount, out_request_no, refund_reason }
    expect(repeatOf(unknown)).toStrictEqual({
      trade_no,
      ...Object.fromEntries(Object.entries(named).filter(([name]) => names.includes(name))),
    })
    return unknown
  }

  it('that was not made is made by the call', async () => {
    const unknown = await unknownOf('lost_before')
    const again = await at.shop.call('refund_payment', repeatOf(unknown))
    const { out_request_no } = unknown
    expect(again).toMatchObject({ moved: 'now', refund_amount: amount, out_request_no, refunded_total: refunded })
    expect(await at.truth()).toMatchObject({ refunded })
  })

  it('that was made is found by the call, and moves nothing more', async () => {
    const unknown = await unknownOf('lost_after')
    const again = await at.shop.call('refund_payment', repeatOf(unknown))
    const { out_request_no } = unknown
    expect(again).toMatchObject({ moved: 'earlier', refund_amount: amount, out_request_no })
    expect(await at.truth()).toMatchObject({ refunded })
  })

  it('is found by the other call of the step, and another refund that waits for it names both calls', async () => {
    const unknown = await unknownOf('lost_before')
    const { out_request_no } = unknown
    const busyNow = await at.refund('5.00')
    expect(busyNow).toMatchObject({ ...busy, out_request_no })
    expect(busyNow.next_step).toBe(unknown.next_step)
    const asked = callIn('query_refund', busyNow)
    expect(await at.shop.call('query_refund', asked)).toMatchObject({ out_request_no, refund_amount: amount })
    expect(await at.shop.call('refund_payment', repeatOf(busyNow))).toMatchObject({ moved: 'now', out_request_no })
    expect(await at.truth()).toMatchObject({ refunded })
  })
})

it('the step forbids another refund of the order meanwhile, by hand or under another number', async () => {
  const { next_step } = await at.unknown('30.00')
  expect(next_step).toMatch(
    /^Call query_refund with .*, now and again in 10 minutes\. Until then make no other refund of this order, neither by hand nor under another number\. The same refund may be repeated, with a new approval where one is needed: refund_payment with /,
  )
})
