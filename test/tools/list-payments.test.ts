// Holds list_payments to telling what the ledger knows, as old as it is, and how a flow that was interrupted goes on.
import { describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { type Fields, useShop } from '../shop.ts'
import { orders, TIME } from './answers.ts'

const shop = useShop()

const IN_MEMORY = 'The ledger is in memory: the list begins with this process, and nothing earlier is known here.'
const IN_MEMORY_ZH = '账本在内存里，服务器这次启动之前的订单这里没有记录。'
const AS_SEEN = 'Alipay was not asked: states and sums are as last seen.'

const list = (args: Fields = {}) => shop.call('list_payments', args)
const create = async (args: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: 1, ...args })
const numbers = (answer: Fields) => orders(answer).map(({ out_trade_no }) => out_trade_no)
const calls = async () => Object(await shop.trades()).calls

it('names damaged entries, and the sums that leave them out, and shows all others', async () => {
  await create()
  const ledger = await shop.ledger()
  const { list: whole } = ledger
  vi.spyOn(ledger, 'list').mockImplementation(async (filter) => {
    return { ...(await whole(filter)), damaged: ['order "A" (total_fen)'], not_summed: 1 }
  })
  const answer = await list()
  expect(answer).toMatchObject({ orders: [{ subject: 'Tea' }], damaged: 'order "A" (total_fen)' })
  expect(answer.message).toContain(
    'Not shown, because the ledger is damaged there: 1 (damaged). The sums leave out what has damaged amounts: 1. Tell the operator',
  )
})

describe('the list', () => {
  it('tells a waiting order whole, as Alipay was asked about it, without its link', async () => {
    const { out_trade_no, time_expire } = await create({
      subject: 'Tea 茶',
      total_amount: '9.90',
      channel: 'mobile',
    })
    expect(await list()).toStrictEqual({
      message: `1 order, not paid. ${IN_MEMORY}`,
      message_zh: `共 1 笔，没有付款。${IN_MEMORY_ZH}`,
      orders: [
        {
          out_trade_no,
          state: 'waiting',
          subject: 'Tea 茶',
          total_amount: '9.90',
          created_at: TIME,
          checked: 'now',
          channel: 'mobile',
          payable_until: `${time_expire} Beijing time`,
        },
      ],
      count: 1,
      paid_count: 0,
      paid_amount: '0.00',
      refunded_total: '0.00',
      net_amount: '0.00',
      next_step:
        'Waiting: query_payment shows the link again; make no second order. Only if a buyer is paying now: call ' +
        'wait_for_payment.',
      now: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Beijing time$/),
      environment: 'local',
    })
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 1 })
  })

  it('with refresh false is told from the ledger alone, and says so', async () => {
    await create()
    const told = await list({ refresh: false })
    expect(told.message).toBe(`1 order, not known to be paid. ${AS_SEEN} ${IN_MEMORY}`)
    for (const key of ['checked', 'last_change_seen']) expect(orders(told)[0]).not.toHaveProperty(key)
    expect(await calls()).toStrictEqual({})
  })

  it('says of how many orders in its sums Alipay was not asked: on other pages, or more than ten', async () => {
    for (let made = 0; made < 12; made++) await create({ subject: `Tea ${made}` })
    const page = await list({ limit: 11 })
    expect(page.message).toMatch(
      /^12 orders, none of them known to be paid\. Shown: 11\. 2 orders were not checked at Alipay now/,
    )
    expect(String(page.not_checked).split(', ')).toHaveLength(1)
    expect(await calls()).toStrictEqual({ 'alipay.trade.query': 10 })
  })

  it('shows when each was paid', async () => {
    await shop.paidOrder('5.00')
    expect(orders(await list())).toMatchObject([{ state: 'paid', paid_at: TIME }])
  })

  it('is told as text with a line for each order', async () => {
    const [one, two] = [
      await create(),
      await create({ subject: 'Tea\u202e "x"' }).then(() => create({ total_amount: 2 })),
    ]
    const text = await shop.text('list_payments', {})
    expect(text).toMatch(
      new RegExp(`\\norders: 2\\n1\\. out_trade_no: ${two.out_trade_no} \\| state: waiting \\| subject: "Tea" \\|`),
    )
    expect(text).toMatch(new RegExp(`\\n2\\. out_trade_no: ${one.out_trade_no} .*\\ncount: 2\\n`))
  })

  it('of nothing is empty', async () => {
    const { message, ...rest } = await list({ text: 'nothing like it' })
    expect(rest).toMatchObject({ orders: [], count: 0, paid_amount: '0.00', refunded_total: '0.00' })
    expect(rest).not.toHaveProperty('next_step')
    expect(message).toMatch(/^No orders match\./)
  })

  it('sums all that fit, tells the states, and chooses among them', async () => {
    const waiting = await create()
    const [paid, part, full] = [
      await shop.paidOrder('5.00'),
      await shop.paidOrder('100.00'),
      await shop.paidOrder('7.00'),
    ]
    await shop.call('refund_payment', { out_trade_no: part.out_trade_no, refund_amount: '30.00' })
    await shop.call('refund_payment', { out_trade_no: full.out_trade_no })
    await shop.call('query_payment', { out_trade_no: paid.out_trade_no })
    const all = await list()
    expect(all.message).toMatch(/^4 orders, 3 of them paid: 112\.00 yuan, 37\.00 refunded\./)
    expect(all.message_zh).toMatch(/^共 4 笔，其中 3 笔已付款：收款 112\.00 元，已退款 37\.00 元，净额 75\.00 元。/)
    expect(all).toMatchObject({
      count: 4,
      paid_count: 3,
      paid_amount: '112.00',
      refunded_total: '37.00',
      net_amount: '75.00',
    })
    expect(
      orders(all).map(({ out_trade_no, state, refunded_total }) => [out_trade_no, state, refunded_total]),
    ).toStrictEqual([
      [full.out_trade_no, 'refunded', '7.00'],
      [part.out_trade_no, 'part_refunded', '30.00'],
      [paid.out_trade_no, 'paid', undefined],
      [waiting.out_trade_no, 'waiting', undefined],
    ])
    expect(orders(all)[2]).toMatchObject({ checked: 'now', trade_no: expect.stringMatching(/^\d{28}$/) })
    const partly = await list({ state: 'part_refunded', limit: 1 })
    expect(numbers(partly)).toStrictEqual([part.out_trade_no])
    expect(partly).toMatchObject({ count: 1, paid_amount: '100.00', refunded_total: '30.00' })
  })

  it('goes on page by page, while new orders come in', async () => {
    const made = [await create(), await create({ subject: 'B' }), await create({ subject: 'C' })].map(
      (one) => one.out_trade_no,
    )
    const first = await list({ limit: 2 })
    expect(numbers(first)).toStrictEqual([made[2], made[1]])
    expect(first).toMatchObject({
      count: 3,
      next_step: expect.stringContaining('the same call again with cursor set to next'),
    })
    await create({ subject: 'D' })
    const second = await list({ limit: 2, cursor: first.next })
    expect(numbers(second)).toStrictEqual([made[0]])
    expect(second).not.toHaveProperty('next')
  })

  it('takes days and times of Beijing: a day as until is included, a time is not', async () => {
    const { out_trade_no } = await create()
    const [order] = orders(await list())
    const made = String(order?.created_at)
    const [day, minute] = [made.slice(0, 10), made.slice(0, 16)]
    for (const args of [
      { since: day, until: day },
      { since: minute },
      { since: `${day}T00:00` },
      { text: out_trade_no },
      { text: 'TEA' },
    ]) {
      expect(await list(args), JSON.stringify(args)).toMatchObject({ count: 1 })
    }
    shop.clock.advance(86_400_000)
    for (const args of [
      { until: minute },
      { until: `${day} 00:00`, since: '2020-01-01' },
      { since: `${day} 23:59:59` },
      { text: '_' },
    ]) {
      expect(await list(args), JSON.stringify(args)).toMatchObject({ count: 0 })
    }
  })

  it('is an error where the ledger cannot be read, and speaks of memory only where it is in memory', async () => {
    const ledger = await shop.ledger()
    expect((await list()).message).toContain(IN_MEMORY)
    Object.assign(ledger, { inMemory: false })
    expect((await list()).message).not.toContain('memory')
    Object.assign(ledger, { list: async () => Promise.reject(new LedgerError('It is damaged.', 'Mend it.')) })
    expect(await list()).toMatchObject({
      isError: true,
      error: 'ledger_unavailable',
      message: expect.stringContaining('damaged'),
    })
  })

  it('of today is asked for in that word', async () => {
    shop.clock.advance(Date.now() - shop.clock.now())
    const { out_trade_no } = await create({ subject: 'Tea', total_amount: '9.90' })
    for (const when of [{ since: 'today' }, { since: 'today', until: 'today' }])
      expect((await list(when)).orders).toMatchObject([{ out_trade_no }])
    expect(await list({ until: '2026-01-01' })).toMatchObject({
      count: 0,
      message_zh: `没有符合条件的订单。${IN_MEMORY_ZH}`,
    })
  })

  it('of what waits tells how much is not paid', async () => {
    await create({ subject: 'Tea', total_amount: '9.90' })
    await create({ subject: 'Cup', total_amount: '20.00' })
    expect((await list({ state: 'waiting' })).message).toMatch(
      /^Only orders in state waiting\. 2 orders: 29\.90 yuan not paid\./,
    )
    expect((await list({ state: 'waiting' })).message_zh).toMatch(
      /^只统计 waiting 状态的订单，共 2 笔：未付款 29\.90 元。/,
    )
    expect((await list({ refresh: false })).message_zh).toMatch(/，其中 2 笔这次没有向支付宝核实。/)
  })

  it.each([
    [
      { since: '2026-02-30' },
      'since: is no date; give "today", a day such as "2026-11-23", or "2026-11-23 14:00", in Beijing time.',
    ],
    [{ until: '23.11.2026' }, 'until: is no date;'],
    [{ until: '2026-11-23T14:00Z' }, 'until: is no date;'],
    [{ since: '2026-11-23 24:00' }, 'since: is no date;'],
    [{ since: 1_700_000_000 }, 'since: is no date;'],
    [{ since: '2026-11-23 14:00', until: '2026-11-23 14:00' }, 'until: is not after since.'],
    [{ since: '2026-11-24', until: '2026-11-23' }, 'until: is not after since.'],
    [{ cursor: 'bm90IGEgY3Vyc29y' }, 'cursor: is not one of an earlier answer. Leave it out to start with the newest.'],
    [{ text: 'x'.repeat(257) }, 'text: is longer than 256 characters.'],
    [
      { state: 'done' },
      'state: must be waiting, paid, part_refunded, refunded, closed, alarm, undelivered or unknown.',
    ],
    [{ limit: 0 }, 'limit: is under 1.'],
    [{ limit: 51 }, 'limit: is over 50; use cursor for more.'],
    [{ limit: 2.5 }, 'limit: must be a whole number.'],
    [{ refresh: 'yes' }, 'refresh: must be true or false.'],
  ])('is refused for %j, in words', async (args, words) => {
    const refused = await list(args)
    expect(refused).toMatchObject({ isError: true, error: 'invalid_input' })
    expect(refused.message).toContain(words)
  })
})
