// Holds create_payment to its promises: a whole answer, a link that says the same, and nothing made of wrong input.
import { describe, expect, it } from 'vitest'
import { beijingTime } from '../../src/clock.ts'
import { type Fields, openShop, type Shop, type ShopOptions, useShop } from '../shop.ts'

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields, at = shop) => at.call('create_payment', args)
const calls = async () => ({ ...Object(await shop.trades()).calls })

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
      message_zh: '订单已创建，金额 9.90 元，等待付款。',
      out_trade_no: expect.stringMatching(/^\d{17}[0-9a-f]{16}$/),
      ...tea,
      body: 'Two cups',
      channel: 'page',
      pay_url: expect.stringContaining(`${shop.emulator.gateway}?timestamp=20`),
      time_expire: made.time_expire,
      expires: `44 minutes left, until ${made.time_expire} Beijing time`,
      next_step: expect.stringMatching(
        /whole and unchanged, as \[Pay 9\.90 yuan\]\(pay_url\), for one buyer.*on this computer.*next turn call wait_for_payment/,
      ),
      environment: 'local',
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
    expect(early.expires).toMatch(/^29 minutes left/)
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
        error: 'invalid_input',
        retry: 'after_change',
        moved: 'no',
        message_zh: expect.stringMatching(/。$/),
        money: expect.stringMatching(/nothing/i),
        environment: 'sandbox',
        isError: true,
      })
    })
  })

  it('takes the first configured channel, and refuses one that is not configured', () =>
    withShop({ channels: ['mobile'] }, async (phones) => {
      expect(await create(tea, phones)).toMatchObject({ channel: 'mobile' })
      const refused = await create({ ...tea, channel: 'page' }, phones)
      expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
      expect(refused.message).toBe('channel: page is not offered here (ALIPAY_CHANNELS); use mobile.')
    }))
})

describe('input that cannot be right', () => {
  it('is answered with all its faults at once, in words to act on, and nothing is sent', async () => {
    const subject = `${'x'.repeat(256)}/&`
    const wrong = { subject, total_amount: '9.999', out_trade_no: 'A B', expires_in_minutes: 0, price: 1 }
    const { message, ...rest } = await create(wrong)
    expect(rest).toMatchObject({ error: 'invalid_input', isError: true })
    expect(String(message).split(' | ')).toStrictEqual([
      expect.stringMatching(/^create_payment was not called.*subject: is longer than 256 characters\.$/),
      expect.stringMatching(/^subject: has characters that Alipay forbids in a subject: \/ &\. /),
      expect.stringMatching(/^total_amount: has more than two decimals\./),
      expect.stringMatching(/^out_trade_no: must be 1 to 64 letters, digits or underscores\./),
      expect.stringMatching(/^expires_in_minutes: is under 1\./),
      expect.stringContaining('price'),
    ])
    expect(await calls()).toStrictEqual({})
  })
})
