// What a buyer's model reads fits the order that it is about: the next step above all.
import { describe, expect, it } from 'vitest'
import { ERAS, useMarket } from './market.ts'

describe.each(ERAS)('the next step, for %s', (_name, era) => {
  const market = useMarket(era, { settings: { buyerOpen: 20, buyerPerHour: 100 } })
  const ask = (tool: string, out_trade_no: string) => market.ask('anna', tool, { out_trade_no })

  it('of a close tells nobody not to pay what was given back, or what has expired', async () => {
    const { out_trade_no } = await market.paid('anna', 'poem')
    await ask('request_refund', out_trade_no)
    expect((await ask('close_payment', out_trade_no)).next_step).not.toContain('not to pay')
    const late = await market.order('anna', 'key')
    await market.press(late.pay_url)
    market.shop.clock.advance(3_600_000)
    expect((await ask('close_payment', late.out_trade_no)).next_step).not.toContain('expires by itself')
  })

  it('of an order that the shop delivers by itself does not show again what was never shown', async () => {
    const { out_trade_no } = await market.paid('anna', 'hooked')
    await ask('deliver_order', out_trade_no)
    expect((await ask('query_payment', out_trade_no)).next_step ?? '').not.toContain('show what was handed out')
  })

  it('of an order that is to be closed does not wait for a payment', async () => {
    const { out_trade_no, pay_url } = await market.order('anna', 'key')
    await market.press(pay_url)
    await ask('close_payment', out_trade_no)
    const waited = await market.ask('anna', 'wait_for_payment', { out_trade_no, seconds: 1 })
    expect(waited.next_step).toMatch(/not to pay/)
  })

  it('of a full refund that was in doubt does not speak of another one', async () => {
    const { out_trade_no } = await market.paid('anna', 'poem')
    const found = 'alipay.trade.fastpay.refund.query'
    await market.shop.control('faults', { fault: 'lost_after', method: 'alipay.trade.refund', times: 'always' })
    await market.shop.control('faults', { fault: 'sign_first', method: found })
    await market.shop.control('faults', { fault: 'lost_before', method: found, times: 'always' })
    expect(await ask('request_refund', out_trade_no)).toMatchObject({ error: 'unknown' })
    const { message, message_zh } = await ask('query_payment', out_trade_no)
    expect(message).toContain('Fully refunded')
    expect(`${message}${message_zh}`).not.toMatch(/in doubt|另有退款/)
  })
})
