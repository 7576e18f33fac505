// Waiting for a payment: at once when there is news, seldom enough for Alipay, and honest at the end.
import { describe, expect, it, vi } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { PaymentWatches } from '../../src/orders/payment-watch.ts'
import { type Fields, TestClock, useShop } from '../shop.ts'

const shop = useShop()

const wait = (args: Fields) => shop.call('wait_for_payment', args)
const order = async () => shop.call('create_payment', { subject: 'Tea', total_amount: '9.90' })
const queries = async () => Object((await shop.trades()).calls)['alipay.trade.query'] ?? 0

describe('a wait', () => {
  it('answers at once when the order is paid already', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    expect(await wait({ out_trade_no })).toMatchObject({ paid: true, trade_status: 'TRADE_SUCCESS' })
    expect(await queries()).toBe(1)
  })

  it('answers with the first poll after the buyer has paid', async () => {
    const { out_trade_no, pay_url } = await order()
    let polls = 0
    const query = shop.gateway.query.bind(shop.gateway)
    vi.spyOn(shop.gateway, 'query').mockImplementation(async (...args) => {
      polls += 1
      if (polls === 3) await shop.control('pay', { pay_url })
      return query(...args)
    })
    expect(await wait({ out_trade_no, seconds: 45 })).toMatchObject({ paid: true })
    expect(polls).toBe(3)
  })

  it('polls at most every 3 seconds, and at its end says what is known and how to go on', async () => {
    const { out_trade_no, time_expire } = await order()
    const before = shop.clock.ticks()
    const waited = await wait({ out_trade_no })
    expect(waited).toMatchObject({ paid: false, sub_code: 'ACQ.TRADE_NOT_EXIST' })
    expect(waited.message).toMatch(/^Not paid yet: 9\.90 yuan\..* Waited 25 seconds\.$/)
    expect(waited.payable_until).toContain(String(time_expire))
    expect(waited.next_step).toContain('wait_for_payment again')
    expect(await queries()).toBeLessThanOrEqual(10)
    expect(await queries()).toBeGreaterThan(7)
    expect(shop.clock.ticks() - before).toBeLessThan(30_000)
  })

  it('asks once at each poll, and writes nothing, also where the code of the order was lost', async () => {
    await shop.control('faults', { fault: 'lost_after', method: 'alipay.trade.precreate', times: 2 })
    const tea = { subject: 'Tea', total_amount: '9.90', channel: 'qr' }
    const { out_trade_no } = await shop.call('create_payment', tea)
    shop.clock.advance(80_000)
    const query = vi.spyOn(shop.gateway, 'query')
    const write = vi.spyOn(Database.prototype, 'write')
    const wrote: number[] = []
    query.mockImplementation(async () => {
      wrote.push(write.mock.calls.length)
      return { outcome: 'refused', refusal: { verified: true, sub_code: 'ACQ.TRADE_NOT_EXIST' } }
    })
    expect(await wait({ out_trade_no, seconds: 7 })).toMatchObject({ paid: false })
    const polls = 4
    // The last two are the end's: it resolves what is unfinished, by reading.
    expect(query).toHaveBeenCalledTimes(polls + 1)
    expect(wrote.slice(0, polls)).toStrictEqual([0, 0, 0, 0])
  })

  it('answers at once on a closed order, and on a number of Alipay that nobody has', async () => {
    const { out_trade_no, pay_url } = await order()
    await shop.control('scan', { pay_url })
    await shop.call('close_payment', { out_trade_no })
    expect(await wait({ out_trade_no })).toMatchObject({ paid: false, trade_status: 'TRADE_CLOSED' })
    expect((await wait({ trade_no: '2026112022001400100500000001' })).message).toContain('check the number')
  })

  it('calls an order expired only 15 minutes past its time, and before that not yet certain', async () => {
    const { out_trade_no } = await order()
    shop.clock.advance(31 * 60_000)
    expect((await wait({ out_trade_no, seconds: 1 })).message).toMatch(
      /^Not paid: 9\.90 yuan\. The time to pay is over.* Waited 1 second\.$/,
    )
    expect((await shop.call('query_payment', { out_trade_no })).next_step).toMatch(
      /^Call query_payment once more 15 minutes after/,
    )
    shop.clock.advance(15 * 60_000)
    expect((await wait({ out_trade_no })).message).toBe('Expired unpaid: nobody can pay the 9.90 yuan any more.')
  })

  it('goes on through silence of Alipay, and ends with a refusal', async () => {
    const { out_trade_no, pay_url } = await order()
    await shop.control('faults', { fault: 'http_502', method: 'alipay.trade.query', times: 5 })
    await shop.control('pay', { pay_url })
    expect(await wait({ out_trade_no })).toMatchObject({ paid: true })
    const refusal = { fault: 'refuse', sub_code: 'isv.insufficient-isv-permissions' }
    await shop.control('faults', { ...refusal, method: 'alipay.trade.query' })
    expect(await wait({ out_trade_no })).toMatchObject({ error: 'refused_by_alipay', isError: true })
  })

  it('goes on through a line that is down for a moment', async () => {
    const { out_trade_no } = await shop.paidOrder('9.90')
    const query = shop.gateway.query.bind(shop.gateway)
    let calls = 0
    const down = { outcome: 'refused', refusal: { verified: false, not_sent: 'no network' } } as const
    const asked = vi.spyOn(shop.gateway, 'query')
    asked.mockImplementation(async (...args) => (++calls < 3 ? down : query(...args)))
    expect(await wait({ out_trade_no })).toMatchObject({ paid: true })
    asked.mockResolvedValue(down)
    expect(await wait({ out_trade_no, seconds: 5 })).toMatchObject({
      error: 'not_sent',
      retry: 'yes_once',
      isError: true,
    })
  })

  it.each([0, -5, 46, 1.5, '46', 'ten'])('of %j seconds is refused in words', async (seconds) => {
    expect(await wait({ out_trade_no: 'X', seconds })).toMatchObject({ error: 'invalid_input', isError: true })
  })

  it('tells how far it is where the host asks for that', async () => {
    const { out_trade_no } = await order()
    const told: number[] = []
    await shop.whole('wait_for_payment', { out_trade_no, seconds: 9 }, ({ progress }) => told.push(progress))
    expect(told.length).toBeGreaterThan(1)
    expect(told).toStrictEqual([...told].sort((a, b) => a - b))
  })
})

describe('two waits on one order', () => {
  const news = { notExist: { verified: true }, askedAt: 0 }
  const isHeard = async () => false

  it('what is heard of the order is asked about at once, not at the next poll', async () => {
    const clock = new TestClock()
    const watches = new PaymentWatches(clock)
    let heard = false
    const asked: number[] = []
    const order = {
      isHeard: async () => heard,
      async ask() {
        asked.push(clock.ticks())
        heard = true
        return news
      },
    }
    await watches.next('a', order, undefined)
    await watches.next('a', order, undefined)
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeLessThan(1_000)
  })

  it('share one polling, which stops when both have left', async () => {
    const clock = new Clock()
    const watches = new PaymentWatches(clock)
    let asked = 0
    const order = {
      isHeard,
      async ask() {
        asked++
        return news
      },
    }
    const [one, two] = [new AbortController(), new AbortController()]
    expect(
      await Promise.all([watches.next('A', order, one.signal), watches.next('A', order, two.signal)]),
    ).toStrictEqual([news, news])
    const next = [watches.next('A', order, one.signal), watches.next('A', order, two.signal)]
    one.abort()
    two.abort()
    expect(await Promise.all(next)).toStrictEqual([undefined, undefined])
    clock.advance(10_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toBe(1)
  })

  it('do not end each other: the one that stays gets its answer', async () => {
    const clock = new Clock()
    const watches = new PaymentWatches(clock)
    const left = new AbortController()
    const order = { isHeard, ask: async () => news }
    const answers = [watches.next('A', order, left.signal), watches.next('A', order, undefined)]
    left.abort()
    expect(await Promise.all(answers)).toStrictEqual([undefined, news])
  })
})
