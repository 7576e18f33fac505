// query_subscription finds out how a charge ended; a buyer hears of one on its way, and only of calls that a buyer can make.
import { describe, expect, it } from 'vitest'
import { chargeSubscription } from '../../src/subscriptions/charge-subscription.ts'
import { NEWS, type SubscribedShop, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const BUYER = 'buyer one'

async function inProcess(shop: SubscribedShop, who?: string): Promise<{ number: string; out_trade_no: string }> {
  const number = await shop.subscribe('weekly', who)
  await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account: 'buyer1' })
  await shop.callAs(who, 'query_subscription', { external_agreement_no: number })
  await shop.control('charges/next', { external_agreement_no: number, outcome: 'in_process' })
  await chargeSubscription(number, shop.commandCall()).catch(() => undefined)
  const [charge] = await (await shop.ledger()).charges(number)
  return { number, out_trade_no: charge?.out_trade_no ?? '' }
}

const decide = (shop: SubscribedShop, out_trade_no: string, end: 'paid' | 'closed') =>
  shop.control('charges/decide', { out_trade_no, end })

describe('for the merchant', () => {
  const shop = useSubscribedShop(() => [NEWS, WEEKLY])

  it('of one that is live: paid, and the next planned day', async () => {
    const { number, out_trade_no } = await inProcess(shop)
    const before = await shop.query(number)
    expect(before).toMatchObject({
      ...{ renewal: 'in_doubt', charges: [{ out_trade_no, state: 'unknown' }] },
      next_step: expect.stringContaining('query_subscription'),
    })
    await decide(shop, out_trade_no, 'paid')
    const after = await shop.query(number)
    expect(after).toMatchObject({ charges: [{ out_trade_no, state: 'paid' }] })
    expect(String(after.planned_day) > String(before.planned_day)).toBe(true)
  })

  it('of one that was ended meanwhile: it is told until it is known', async () => {
    const { number, out_trade_no } = await inProcess(shop)
    const heard = {
      ...{ state: 'ended', on_the_way: out_trade_no },
      message: expect.stringMatching(/One charge was on its way before.*it can be refunded/),
      next_step: expect.stringMatching(/^Find out with query_subscription .*offer the refund/),
    }
    expect(await shop.call('cancel_subscription', { external_agreement_no: number })).toMatchObject(heard)
    expect(await shop.query(number)).toMatchObject(heard)
    await decide(shop, out_trade_no, 'closed')
    const after = await shop.query(number)
    expect(after).toMatchObject({ charges: [{ out_trade_no, state: 'not made' }] })
    expect(after).not.toHaveProperty('on_the_way')
  })
})

describe('for a buyer', () => {
  const shop = useSubscribedShop(() => [NEWS, WEEKLY], {}, { role: 'buyer' })

  it('of one that they ended: what they are told to call works, and the refund is the merchant’s', async () => {
    const { number, out_trade_no } = await inProcess(shop, BUYER)
    const ended = await shop.callAs(BUYER, 'cancel_subscription', { external_agreement_no: number })
    expect(ended).toMatchObject({
      ...{ state: 'ended', on_the_way: out_trade_no },
      message: expect.stringMatching(/the merchant can refund it\.$/),
      message_zh: expect.stringMatching(/可以请商家退款。$/),
      next_step: expect.stringMatching(/^Find out with query_subscription .*ask the merchant for the refund/),
    })
    expect(JSON.stringify(ended)).not.toMatch(/query_payment/)
    await decide(shop, out_trade_no, 'paid')
    const asked = await shop.callAs(BUYER, 'query_subscription', { external_agreement_no: number })
    expect(asked).toMatchObject({ state: 'ended', charges: [{ out_trade_no, state: 'paid' }] })
    expect(asked).not.toHaveProperty('isError')
  })
})
