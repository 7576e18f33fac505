// Orders that look like the same request: told of while both can be paid.
import { describe, expect, it, vi } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const MINUTE = 60_000

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '9.90' }
const create = (args: Fields = {}) => shop.call('create_payment', { ...tea, ...args })

describe('open orders of one subject and amount', () => {
  it('are named to the one that comes after them, newest first', async () => {
    const [first, second] = [await create(), await create({ channel: 'mobile', body: 'Two cups' })]
    const third = await create()
    expect(third.message).toBe(
      `Order made: 9.90 yuan for "Tea 茶". Not paid yet. Careful: ${second.out_trade_no}, ${first.out_trade_no} of` +
        ' the same subject and amount, made here in the last 10 minutes, can be paid, too. If one of these orders was' +
        ' for this same request of the same buyer, show only one link and let the other order expire.',
    )
    expect(third.similar_orders).toBe(`${second.out_trade_no}, ${first.out_trade_no}`)
    expect(second.similar_orders).toBe(first.out_trade_no)
    expect(first).not.toHaveProperty('similar_orders')
    expect(third).not.toHaveProperty('other_similar_orders')
  })

  it('are at most three of this process and the number of all others, however many there are', async () => {
    const ledger = await shop.ledger()
    const actor = { at: shop.clock.now(), owner: 'another process', host: 'agent' }
    const theirs = { ...tea, channel: 'page', time_expire: '2099-01-01 00:00:00' } as const
    const numbers = Array.from({ length: 1_200 }, (_, index) => `THEIRS_${index}`)
    for (const out_trade_no of numbers) await ledger.reserveOrder({ ...theirs, out_trade_no }, {}, actor)
    const first = await create()
    const own = [first, await create(), await create(), await create()].map(({ out_trade_no }) => out_trade_no)
    const last = await create()
    expect(first).toMatchObject({ other_similar_orders: 1_200 })
    expect(first).not.toHaveProperty('similar_orders')
    expect(last).toMatchObject({ similar_orders: own.slice(1).reverse().join(', '), other_similar_orders: 1_201 })
    expect(String(last.message)).toMatch(
      / 1201 open orders more of the same subject and amount came in the last 10 minutes and can be paid, too, probably by other buyers: leave them alone\.$/,
    )
    const { content } = await shop.whole('create_payment', tea)
    expect(JSON.stringify(content).length).toBeLessThan(4_000)
    expect(JSON.stringify(content)).not.toMatch(/THEIRS|close/)
  })

  it.each([{ subject: 'Tea' }, { total_amount: '9.91' }])('are not those of %j', async (other) => {
    await create(other)
    expect(await create()).not.toHaveProperty('similar_orders')
  })

  it('are not those that were paid, were closed, have expired, or are older than 10 minutes', async () => {
    const [paid, closed] = [await create(), await create()]
    await shop.control('pay', { pay_url: paid.pay_url })
    await shop.call('query_payment', { out_trade_no: paid.out_trade_no })
    await shop.control('scan', { pay_url: closed.pay_url })
    await shop.call('close_payment', { out_trade_no: closed.out_trade_no })
    expect(await create({ expires_in_minutes: 1 })).not.toHaveProperty('similar_orders')
    shop.clock.advance(2 * MINUTE)
    expect(await create()).not.toHaveProperty('similar_orders')
    shop.clock.advance(10 * MINUTE)
    expect(await create()).not.toHaveProperty('similar_orders')
  })

  it('are counted, not named, where another process with the same ledger made them', async () => {
    const { out_trade_no } = await create()
    await shop.restart()
    const { message, message_zh, ...answer } = await create()
    expect(message_zh).toMatch(
      /1 笔同名同额的订单也可付款，多半属于其他买家，不要动它们。若是重复同一笔请求，只给买家一个链接。$/,
    )
    expect(answer).toMatchObject({ other_similar_orders: 1 })
    expect(message).toMatch(
      / 1 open order .* can be paid, too, .*: leave them alone\. For a repeat of the same request show only one link\.$/,
    )
    expect(JSON.stringify(answer)).not.toContain(String(out_trade_no))
  })

  it('are those whose call was cancelled before its answer left, too', async () => {
    const host = new AbortController()
    vi.spyOn(shop.gateway, 'checkIn').mockImplementationOnce(async () => {
      host.abort()
      await new Promise((resolve) => setImmediate(resolve))
      return undefined
    })
    await expect(shop.call('create_payment', tea, host.signal)).rejects.toThrow()
    const made = async () => (await (await shop.ledger()).list({ limit: 50 })).orders
    await vi.waitFor(async () => expect(await made()).toHaveLength(1), { timeout: 20_000 })
    const [lost] = await made()
    const again = await create()
    expect(again.similar_orders).toBe(lost?.out_trade_no)
    expect(again.out_trade_no).not.toBe(lost?.out_trade_no)
  })
})
