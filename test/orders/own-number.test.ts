// An order number that the merchant gives: asked about at Alipay first, and one number never has two links.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields) => shop.call('create_payment', args)
const calls = async () => ({ ...Object(await shop.trades()).calls })

const again = (made: Fields) => ({
  ...made,
  message: `Order ${made.out_trade_no} was made before: 9.90 yuan for "Tea 茶". Nothing new was made.`,
  message_zh: '订单此前已创建，金额 9.90 元，本次没有新建。',
})

describe("the merchant's own number", () => {
  it('is asked about at Alipay first, and kept', async () => {
    const made = await create({ ...tea, out_trade_no: 'OWN_new' })
    expect(made.out_trade_no).toBe('OWN_new')
    expect(new URL(String(made.pay_url)).searchParams.get('biz_content')).toContain('"OWN_new"')
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })

  it('gets no link while Alipay does not say that it is free', async () => {
    const refusal = { fault: 'refuse', sub_code: 'ACQ.ACCESS_FORBIDDEN', method: 'alipay.trade.query' }
    await shop.control('faults', refusal)
    const refused = await create({ ...tea, out_trade_no: 'OWN_refused' })
    expect(refused).toMatchObject({ isError: true, sub_code: 'ACQ.ACCESS_FORBIDDEN' })
    expect(refused.money).toContain('changed nothing')
    expect(refused.pay_url).toBeUndefined()
  })

  it('gets no link if Alipay has an order of that number, whoever made it', async () => {
    const { pay_url } = await create({ ...tea, out_trade_no: 'OWN_shop' })
    await shop.control('pay', { pay_url })
    const { send_pay_date } = await shop.call('query_payment', { out_trade_no: 'OWN_shop' })
    const at = String(send_pay_date).slice(0, 16)
    await shop.forgetAll()
    expect(await create({ ...tea, out_trade_no: 'OWN_shop' })).toStrictEqual({
      message:
        'out_trade_no: OWN_shop already belongs to an order of this merchant (TRADE_SUCCESS, 9.90 yuan).' +
        ` Paid: 9.90 yuan on ${at} Beijing time. No link was made.` +
        ' For a new order leave out_trade_no out. To see that order call query_payment.',
      error: 'invalid_input',
      retry: 'after_change',
      moved: 'no',
      message_zh: expect.stringMatching(/。$/),
      money: expect.stringMatching(/nothing/i),
      environment: 'local',
      isError: true,
    })
  })

  it('gets the same link again for the same words, after a restart, too', async () => {
    const order = { ...tea, body: 'Two cups', channel: 'mobile', out_trade_no: 'OWN_same' }
    const made = await create(order)
    expect(await create({ ...order, total_amount: 9.9 })).toStrictEqual(again(made))
    await shop.restart()
    expect(await create(order)).toStrictEqual(again(made))
  })

  it('may be one that was made here: it gets its link again, too', async () => {
    const made = await create(tea)
    expect(await create({ ...tea, out_trade_no: made.out_trade_no })).toStrictEqual(again(made))
  })

  it('of an order without a trade on another computer gets a link there, too: nobody can know of it', async () => {
    await create({ ...tea, out_trade_no: 'OWN_elsewhere' })
    await shop.forgetAll()
    expect((await create({ ...tea, out_trade_no: 'OWN_elsewhere' })).message).toMatch(/^Order made/)
  })

  it('gets the same link again while its buyer has come to Alipay and not paid, and none once it is closed', async () => {
    const order = { ...tea, out_trade_no: 'OWN_scanned' }
    const made = await create(order)
    await shop.control('scan', { pay_url: made.pay_url })
    expect(await create(order)).toStrictEqual(again(made))
    await shop.call('close_payment', { out_trade_no: 'OWN_scanned' })
    const refused = await create(order)
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
    expect(refused.message).toContain('already belongs to an order of this merchant (TRADE_CLOSED')
  })

  it.each([{ total_amount: '9.91' }, { subject: 'Coffee' }, { body: 'Three cups' }, { channel: 'mobile' }])(
    'gets no second link for another order: %j',
    async (other) => {
      const out_trade_no = `OWN_${Object.keys(other)}`
      await create({ ...tea, out_trade_no })
      const refused = await create({ ...tea, ...other, out_trade_no })
      expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
      await shop.restart()
      expect(await create({ ...tea, ...other, out_trade_no })).toStrictEqual(refused)
      expect(refused.message).toContain(
        `${out_trade_no} was already made here for 9.90 yuan, channel page, subject "Tea 茶". Nothing was made now.`,
      )
      expect(refused.pay_url).toBeUndefined()
    },
  )

  it('gets one link only when two calls with two prices come at once', async () => {
    const prices = ['1.00', '2.00']
    const out_trade_no = 'OWN_at_once'
    const made = await Promise.all(prices.map((total_amount) => create({ ...tea, total_amount, out_trade_no })))
    expect(made.filter(({ pay_url }) => pay_url)).toHaveLength(1)
  })

  it('is not called unpaid when its order was paid meanwhile', async () => {
    const order = { ...tea, out_trade_no: 'OWN_paid' }
    const { pay_url } = await create(order)
    await shop.control('pay', { pay_url })
    expect((await create(order)).message).not.toContain('Not paid yet')
  })

  it('has its link not offered to the buyer again once it has expired', async () => {
    const order = { ...tea, out_trade_no: 'OWN_expired' }
    const { time_expire } = await create(order)
    shop.clock.advance(31 * 60_000)
    const refused = await create(order)
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
    expect(refused.message).toBe(
      `out_trade_no: the link of OWN_expired expired: ${time_expire} Beijing time, which is past. For a new order` +
        ' leave out_trade_no out.',
    )
  })
})
