// Provokes what the page of troubleshooting quotes about refunds.
import { expect } from 'vitest'
import type { Environment } from '../../src/gateway/gateway.ts'
import { type Fields, openShop, useShop } from '../shop.ts'
import { alsoResent, prove } from './troubleshooting-page.ts'

const YEAR_MS = 367 * 24 * 3_600_000

const shop = useShop()

const refund = (args: Fields, at = shop) => at.text('refund_payment', args)
const paid = async () => ({ out_trade_no: (await shop.paidOrder('100.00')).out_trade_no })

/** A refund of a part, whose answers are all lost. */
async function lost(): Promise<{ order: Fields; answer: string }> {
  const order = await paid()
  const fault = { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' }
  await shop.control('faults', fault)
  return { order, answer: await refund({ ...order, refund_amount: '30.00' }) }
}

async function partIn(environment: Environment): Promise<string> {
  const other = await openShop({ environment, sandboxRules: environment === 'sandbox' })
  const { out_trade_no } = await other.paidOrder('100.00')
  return refund({ out_trade_no, refund_amount: '30.00' }, other).finally(() => other.close())
}

prove('refunds', {
  'Outcome unknown: ...': async () => {
    const { answer } = await lost()
    expect(answer).toMatch(/next_step: Call query_refund .* again in 10 minutes/)
    return answer
  },
  'Already refunded: ... yuan on ... Beijing time; nothing moved now.': async () => {
    const request = { ...(await paid()), refund_amount: '30.00' }
    await refund(request)
    return refund(request)
  },
  'another refund of this order, ... yuan, ... and comes first': async () => {
    const { order } = await lost()
    return alsoResent(await refund({ ...order, refund_amount: '20.00' }))
  },
  "refund_amount: Alipay's sandbox refunds only whole orders, ...": () => partIn('sandbox'),
  'refunds are off in production until the operator sets: ...': async () => alsoResent(await partIn('production')),
  '40004 ACQ.SELLER_BALANCE_NOT_ENOUGH': async () => {
    const order = await paid()
    await shop.control('balance', { balance: '29.99' })
    return refund({ ...order, refund_amount: '30.00' })
  },
  "The order is past Alipay's time for refunds (TRADE_FINISHED)": async () => {
    const order = await paid()
    shop.clock.advance(YEAR_MS)
    return alsoResent(await refund(order))
  },
  '40004 ACQ.REASON_TRADE_REFUND_FEE_ERR': async () => {
    const order = await paid()
    await shop.control('refund', { ...order, refund_amount: '80.00' })
    return refund({ ...order, refund_amount: '30.00' })
  },
})
