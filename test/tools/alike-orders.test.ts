// Orders that look like the same wish: told of while both can be paid, and not made twice after a cancelled call.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Fields, openShop, type Shop } from '../shop.ts'

const MINUTE = 60_000

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
beforeEach(async () => {
  await shop.control('reset', {})
  await shop.forgetAll()
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => shop.close())

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields = {}) => shop.call('create_payment', { ...tea, ...args })
const numbers = async () => {
  const { orders } = await (await shop.ledger()).list({ limit: 50 })
  return orders.map(({ out_trade_no }) => out_trade_no)
}

/** The host cancels while the order is being made, and so never learns of it. */
async function cancelled(args: Fields = {}): Promise<string> {
  const host = new AbortController()
  vi.spyOn(shop.gateway, 'seeClock').mockImplementationOnce(async () => {
    host.abort()
    await new Promise((resolve) => setImmediate(resolve))
  })
  const before = await numbers()
  await expect(shop.call('create_payment', { ...tea, ...args }, host.signal)).rejects.toThrow()
  const made = async () => (await numbers()).filter((number) => !before.includes(number))
  const noted = async () => {
    const [out_trade_no = ''] = await made()
    const events = await (await shop.ledger()).events({ out_trade_no })
    expect(events.at(-1)?.what).toBe('order not delivered')
  }
  await vi.waitFor(noted, { timeout: 20_000 })
  return (await made()).join()
}

describe('open orders alike', () => {
  it('are named to the one that comes after them, newest first', async () => {
    const [first, second] = [await create(), await create({ channel: 'mobile', body: 'Two cups' })]
    const third = await create()
    expect(third.message).toBe(
      `Order made: 9.90 yuan for "Tea 茶". Not paid yet. Careful: ${second.out_trade_no}, ${first.out_trade_no} of` +
        ' the same subject and amount, made in the last 10 minutes, can be paid, too. If it is the same wish, show' +
        ' only one and close the other.',
    )
    expect(third.open_orders).toBe(`${second.out_trade_no}, ${first.out_trade_no}`)
    expect(second.open_orders).toBe(first.out_trade_no)
    expect(first).not.toHaveProperty('open_orders')
  })

  it.each([{ subject: 'Tea' }, { total_amount: '9.91' }])('are not those of %j', async (other) => {
    await create(other)
    expect(await create()).not.toHaveProperty('open_orders')
  })

  it('are not those that were paid, were closed, have expired, or are older than 10 minutes', async () => {
    const [paid, closed] = [await create(), await create()]
    await shop.control('pay', { pay_url: paid.pay_url })
    await shop.call('query_payment', { out_trade_no: paid.out_trade_no })
    await shop.control('scan', { pay_url: closed.pay_url })
    await shop.call('close_payment', { out_trade_no: closed.out_trade_no })
    expect(await create({ expires_in_minutes: 1 })).not.toHaveProperty('open_orders')
    shop.clock.advance(2 * MINUTE)
    expect(await create()).not.toHaveProperty('open_orders')
    shop.clock.advance(10 * MINUTE)
    expect(await create()).not.toHaveProperty('open_orders')
  })

  it('are those of another process with the same ledger, too', async () => {
    const { out_trade_no } = await create()
    await shop.restart()
    expect(await create()).toMatchObject({ open_orders: out_trade_no })
  })
})

describe('an order whose call was cancelled before its answer left', () => {
  it.each(['page', 'mobile', 'qr'])('is handed out to the same wish, once: channel %s', async (channel) => {
    const out_trade_no = await cancelled({ channel })
    const [again, third] = [await create({ channel }), await create({ channel })]
    const message = `Order ${out_trade_no} was made before: 9.90 yuan for "Tea 茶". Nothing new was made.`
    expect(again).toMatchObject({ out_trade_no, message, ...tea, channel })
    expect(again[channel === 'qr' ? 'qr_content' : 'pay_url']).toBeTypeOf('string')
    expect(third).toMatchObject({ open_orders: out_trade_no })
    expect(third.out_trade_no).not.toBe(out_trade_no)
  })

  it('is handed out by the process that comes after, too', async () => {
    const out_trade_no = await cancelled()
    await shop.restart()
    expect(await create()).toMatchObject({ out_trade_no })
  })

  it.each([{ total_amount: '9.91' }, { subject: 'Tea' }, { body: 'Two cups' }, { channel: 'mobile' }])(
    'is not handed out to another wish: %j',
    async (other) => {
      const out_trade_no = await cancelled()
      expect((await create(other)).out_trade_no).not.toBe(out_trade_no)
      expect(await create()).toMatchObject({ out_trade_no })
    },
  )

  it('is not handed out when little of its time is left', async () => {
    const out_trade_no = await cancelled()
    shop.clock.advance(16 * MINUTE)
    expect((await create()).out_trade_no).not.toBe(out_trade_no)
  })

  it('is not handed out to one who gives an own number, nor taken from one who gave it', async () => {
    const out_trade_no = await cancelled()
    expect(await create({ out_trade_no: 'OWN_1' })).toMatchObject({ out_trade_no: 'OWN_1' })
    await create()
    await cancelled({ out_trade_no: 'OWN_2' })
    expect(['OWN_2', out_trade_no]).not.toContain((await create()).out_trade_no)
  })
})
