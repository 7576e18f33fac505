// Holds list_payments to telling how a flow goes on that was interrupted, without leading to a second payment.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'
import { orders, TIME } from '../tools/answers.ts'

const shop = useShop()

const list = (args: Fields = {}) => shop.call('list_payments', args)
const create = async (args: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: 1, ...args })

describe('a flow', () => {
  it('whose refund got no answer is found, and where to ask is said', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    const { error, out_request_no } = await shop.call('refund_payment', { out_trade_no, refund_amount: 30 })
    expect(error).toBe('unknown')
    await create()
    const found = await list({ state: 'unknown' })
    const [{ trade_no, in_doubt } = {}] = orders(found)
    const call = JSON.stringify({ trade_no, out_request_no })
    expect(found).toMatchObject({ count: 1, next_step: expect.stringMatching(/^In doubt: find out first/) })
    expect(in_doubt).toMatch(
      /^refund of 30.00 yuan, of unknown outcome, since .* Beijing time, call query_refund with /,
    )
    expect(String(in_doubt).endsWith(call)).toBe(true)
  })

  it('whose code got no answer is found, and led to the same order instead of a second one', async () => {
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.precreate', times: 2 })
    const coded = { subject: 'Cup', total_amount: '8.00', channel: 'qr' }
    const { error, out_trade_no } = await create(coded)
    expect(error).toBe('unknown')
    const { orders: found, next_step } = await list({ state: 'unknown' })
    expect(found).toMatchObject([
      { out_trade_no, in_doubt: expect.stringMatching(/^create of 8\.00 yuan, of unknown/) },
    ])
    expect(next_step).toMatch(
      /^In doubt: find out first, .* for a code with create_payment and the same out_trade_no, .*never repeat the step under another number\./,
    )
    expect(await create({ ...coded, out_trade_no })).toMatchObject({ out_trade_no, qr_content: expect.any(String) })
    expect(await list({ state: 'unknown' })).toMatchObject({ count: 0 })
  })

  it('whose server was killed just now, in the middle of a refund, is told as in flight', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { trade_no } = await shop.call('query_payment', { out_trade_no })
    const ledger = await shop.ledger()
    const actor = { at: shop.clock.now(), owner: 'killed', host: 'Cursor' }
    const request = { out_trade_no, trade_no: String(trade_no), total_fen: 10_000, amount_fen: 3_000 }
    const refund = { ...request, out_request_no: 'RF1', portion: { kind: 'amount', ordinal: 1 } as const }
    const reserved = await ledger.reserveRefund(refund, { asks: 'never' }, undefined, actor)
    const { id = 0 } = reserved.outcome === 'prepared' ? reserved.intent : {}
    expect(await ledger.markSending(id, false, actor)).toBe('go')
    const in_doubt = expect.stringMatching(/^refund of 30.00 yuan, under way, since .*, call query_refund with /)
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true, in_doubt })
    expect(orders(await list())).toMatchObject([{ in_doubt }])
  })

  it('whose order was to be closed, or was replaced, is not led to show its link again', async () => {
    const [closed, old] = [await create(), await create()].map(({ out_trade_no }) => out_trade_no)
    await shop.call('close_payment', { out_trade_no: closed })
    expect((await list()).next_step).toMatch(/^Waiting: .*with close_requested, replaced_by/)
    const { out_trade_no } = await create({ total_amount: 2, replaces: old })
    expect(orders(await list())).toMatchObject([
      { out_trade_no, replaces: old },
      { replaced_by: out_trade_no },
      { close_requested: true },
    ])
    const { next_step } = await list({ text: old })
    expect(next_step).toMatch(
      /^A waiting order with close_requested, replaced_by or paid_instead must not be paid and still can be: show no link of the order\. Once query_payment shows WAIT_BUYER_PAY, call close_payment\.$/,
    )
  })

  it('whose order was paid, and so was the one that replaced it, is told so until one is given back', async () => {
    const old = await create()
    const { out_trade_no, pay_url } = await create({ total_amount: 2, replaces: old.out_trade_no })
    await shop.control('pay', { pay_url: old.pay_url })
    const instead = await list({ refresh: true })
    expect(orders(instead)[0]).toMatchObject({ state: 'waiting', paid_instead: old.out_trade_no })
    expect(instead.next_step).toMatch(/^A waiting order with close_requested, replaced_by or paid_instead/)
    await shop.control('pay', { pay_url })
    const twice = await list({ refresh: true })
    expect(orders(twice)).toMatchObject([
      { out_trade_no, state: 'paid', paid_twice_with: old.out_trade_no },
      { out_trade_no: old.out_trade_no, state: 'paid', paid_twice_with: out_trade_no },
    ])
    expect(twice.next_step).toMatch(/^Paid twice .*call refund_payment .*only if the merchant asks\.$/)
    await shop.call('refund_payment', { out_trade_no: old.out_trade_no })
    for (const order of orders(await list())) expect(order).not.toHaveProperty('paid_twice_with')
  })

  it('of an order of another program tells when it was first seen, not when it was made', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await shop.forgetAll()
    await shop.call('refund_payment', { out_trade_no })
    const [order] = orders(await list())
    expect(order).toMatchObject({ out_trade_no, state: 'refunded', created_here: false, first_seen: TIME })
    expect(order).not.toHaveProperty('created_at')
  })
})
