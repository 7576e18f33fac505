// Holds create_payment to its promises: a whole answer, one link for one number, and no link where the number is not free.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { type Fields, openShop, type Shop, type ShopOptions } from '../shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
beforeEach(() => shop.control('reset', {}))
afterAll(() => shop.close())

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields, at = shop) => at.call('create_payment', args)
const calls = async (at = shop) => ({ ...Object(await at.books()).calls })

async function withShop<T>(options: ShopOptions, use: (other: Shop) => Promise<T>): Promise<T> {
  const other = await openShop(options)
  return use(other).finally(() => other.close())
}

/** What the buyer's link carries, as Alipay will read it. */
function contentOf({ pay_url }: Fields): Fields {
  const parameters = new URL(String(pay_url)).searchParams
  const biz: Fields = JSON.parse(parameters.get('biz_content') ?? '')
  return { method: parameters.get('method'), ...biz }
}

describe('a new order', () => {
  it('is answered whole, and its link says the same', async () => {
    const before = shop.clock.now()
    const made = await create({ ...tea, body: 'Two cups', expires_in_minutes: 45 })
    const expiries = [before, shop.clock.now()].map((now) => beijingTime(now + 45 * 60_000))
    expect(expiries).toContain(made.time_expire)
    expect(made).toStrictEqual({
      message: 'Order made: 9.90 yuan for "Tea 茶". Not paid yet.',
      out_trade_no: expect.stringMatching(/^\d{17}[0-9a-f]{16}$/),
      ...tea,
      body: 'Two cups',
      channel: 'page',
      pay_url: expect.stringContaining(`${shop.emulator.gateway}?method=alipay.trade.page.pay&`),
      time_expire: made.time_expire,
      expires: `45 minutes left, until ${made.time_expire} Beijing time (GMT+8)`,
      next_step: expect.stringMatching(
        /whole and unchanged.*on this computer.*one buyer.*call wait_for_payment/,
      ),
      environment: 'local',
      environment_note: expect.stringContaining('no real money moves'),
    })
    const { out_trade_no, time_expire } = made
    const content = { ...tea, body: 'Two cups', out_trade_no, time_expire }
    const method = { method: 'alipay.trade.page.pay', product_code: 'FAST_INSTANT_TRADE_PAY' }
    expect(contentOf(made)).toStrictEqual({ ...content, ...method })
  })

  it('sends nothing, and every time has a number of its own that sorts by time', async () => {
    const numbers: unknown[] = []
    for (let made = 0; made < 5; made++) {
      numbers.push((await create(tea)).out_trade_no)
      shop.clock.advance(1)
    }
    expect(numbers).toStrictEqual([...new Set(numbers)].sort())
    expect(await calls()).toStrictEqual({})
  })

  it.each([
    [9.9, '9.90'],
    ['9.9', '9.90'],
    [10, '10.00'],
    ['0.01', '0.01'],
    ['100000000', '100000000.00'],
  ])('for %j yuan is priced %s everywhere', async (total_amount, price) => {
    const made = await create({ ...tea, total_amount })
    expect([made.total_amount, contentOf(made).total_amount]).toStrictEqual([price, price])
    expect(made.message).toContain(`${price} yuan`)
  })

  it('for a phone has a link of wap.pay, and is meant for its browser', () =>
    withShop({ environment: 'sandbox', sandboxRules: true }, async (sandbox) => {
      const made = await create({ ...tea, channel: 'mobile' }, sandbox)
      expect(made).toMatchObject({ channel: 'mobile', environment: 'sandbox' })
      expect(made.next_step).toContain("in a phone's browser")
      const method = { method: 'alipay.trade.wap.pay', product_code: 'QUICK_WAP_WAY' }
      expect(contentOf(made)).toMatchObject(method)
    }))

  it('can be paid for 30 minutes unless told otherwise, and then no more', async () => {
    const [early, late] = [await create(tea), await create(tea)]
    expect(early.expires).toMatch(/^30 minutes left/)
    shop.clock.advance(29 * 60_000)
    await shop.control('pay', { pay_url: early.pay_url })
    shop.clock.advance(60_000)
    const paying = shop.control('pay', { pay_url: late.pay_url })
    await expect(paying).rejects.toThrow('ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
  })

  it('can be paid for up to 15 days, in the sandbox for up to 15 hours', async () => {
    const fifteenDays = await create({ ...tea, expires_in_minutes: 21_600 })
    await shop.control('pay', { pay_url: fifteenDays.pay_url })
    await withShop({ environment: 'sandbox', sandboxRules: true }, async (sandbox) => {
      const fifteenHours = await create({ ...tea, expires_in_minutes: 900 }, sandbox)
      await sandbox.control('pay', { pay_url: fifteenHours.pay_url })
      expect(await create({ ...tea, expires_in_minutes: 901 }, sandbox)).toStrictEqual({
        message: 'expires_in_minutes: the sandbox keeps an order for 15 hours at most; give up to 900.',
        error: 'input',
        money: expect.stringMatching(/nothing/i),
        environment: 'sandbox',
        environment_note: expect.stringContaining('no real money moves'),
        isError: true,
      })
    })
  })

  it('takes the first configured channel, and refuses one that is not configured', () =>
    withShop({ channels: ['mobile'] }, async (phones) => {
      expect(await create(tea, phones)).toMatchObject({ channel: 'mobile' })
      const refused = await create({ ...tea, channel: 'page' }, phones)
      expect(refused).toMatchObject({ error: 'input', isError: true })
      expect(refused.message).toBe('channel: page is not offered here (ALIPAY_CHANNELS); use mobile.')
    }))
})

describe("the merchant's own number", () => {
  it('is asked about at Alipay first, and kept', async () => {
    const made = await create({ ...tea, out_trade_no: 'OWN_new' })
    expect([made.out_trade_no, contentOf(made).out_trade_no]).toStrictEqual(['OWN_new', 'OWN_new'])
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
    await shop.restart()
    expect(await create({ ...tea, out_trade_no: 'OWN_shop' })).toStrictEqual({
      message:
        'out_trade_no: OWN_shop already belongs to an order of this merchant (TRADE_SUCCESS, 9.90 yuan).' +
        ' Paid; whether part of it was refunded is not known here. No link was made.' +
        ' For a new order leave out_trade_no out. To see that one call query_payment.',
      error: 'input',
      money: expect.stringMatching(/nothing/i),
      environment: 'local',
      environment_note: expect.stringContaining('no real money moves'),
      isError: true,
    })
  })

  it('gets the same link again for the same order', async () => {
    const order = { ...tea, body: 'Two cups', channel: 'mobile', out_trade_no: 'OWN_same' }
    const made = await create(order)
    expect(await create({ ...order, total_amount: 9.9 })).toStrictEqual(made)
  })

  it('gets the same link again while its buyer has come to Alipay and not paid, and none once it is closed', async () => {
    const order = { ...tea, out_trade_no: 'OWN_scanned' }
    const made = await create(order)
    await shop.control('scan', { pay_url: made.pay_url })
    expect(await create(order)).toStrictEqual(made)
    await shop.call('close_payment', { out_trade_no: 'OWN_scanned' })
    const refused = await create(order)
    expect(refused).toMatchObject({ error: 'input', isError: true })
    expect(refused.message).toContain('already belongs to an order of this merchant (TRADE_CLOSED')
  })

  it.each([{ total_amount: '9.91' }, { subject: 'Coffee' }, { body: 'Three cups' }, { channel: 'mobile' }])(
    'gets no second link for another order: %j',
    async (other) => {
      const out_trade_no = `OWN_${Object.keys(other)}`
      await create({ ...tea, out_trade_no })
      const refused = await create({ ...tea, ...other, out_trade_no })
      expect(refused).toMatchObject({ error: 'input', isError: true })
      expect(refused.message).toContain(
        `${out_trade_no} was already made here for 9.90 yuan, channel page, subject "Tea 茶". Nothing was made now.`,
      )
      expect(refused.pay_url).toBeUndefined()
    },
  )

  it('gets one link only when two calls with two prices come at once', async () => {
    const prices = ['1.00', '2.00']
    const out_trade_no = 'OWN_at_once'
    const made = await Promise.all(
      prices.map((total_amount) => create({ ...tea, total_amount, out_trade_no })),
    )
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
    await create(order)
    shop.clock.advance(31 * 60_000)
    expect(String((await create(order)).next_step)).not.toContain('Show pay_url to the buyer')
  })
})

describe('input that cannot be right', () => {
  it('is answered with all its faults at once, in words to act on, and nothing is sent', async () => {
    const subject = `${'x'.repeat(256)}/&`
    const wrong = { subject, total_amount: '9.999', out_trade_no: 'A B', expires_in_minutes: 0, price: 1 }
    const { message, ...rest } = await create(wrong)
    expect(rest).toMatchObject({ error: 'input', isError: true })
    expect(String(message).split(' | ')).toStrictEqual([
      expect.stringMatching(/^create_payment was not called.*subject: is longer than 256 characters\.$/),
      expect.stringMatching(/^subject: has characters that Alipay forbids in a subject: \/ & /),
      expect.stringMatching(/^total_amount: has more than two decimals\./),
      expect.stringMatching(/^out_trade_no: must be 1 to 64 letters, digits or underscores\./),
      expect.stringMatching(/^expires_in_minutes: is under 1\./),
      expect.stringContaining('price'),
    ])
    expect(await calls()).toStrictEqual({})
  })
})
