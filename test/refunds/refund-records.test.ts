// Holds query_refund with the order alone to telling every refund that is known, how it ended, and what is left.
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { type Fields, useShop } from '../shop.ts'
import { TIME } from '../tools/answers.ts'

const shop = useShop()

const REFUND = 'alipay.trade.refund'
const READ = 'alipay.trade.fastpay.refund.query'
const BY_HAND = 'Refunds made by hand in the console are not seen here.'

const ask = (args: Fields) => shop.call('query_refund', args)
const refund = (args: Fields) => shop.call('refund_payment', args)
const lose = (method: string) => shop.control('faults', { fault: 'lost_before', method, times: 'always' })
const refunds = (answer: Fields): Fields[] => (Array.isArray(answer.refunds) ? answer.refunds : [])
const calls = async (): Promise<Record<string, number>> => Object(await shop.trades()).calls

/** A refund of 30.00 that was sent, and that nobody knows the end of. */
async function unknownRefund(): Promise<{ out_trade_no: string; out_request_no: string }> {
  const { out_trade_no } = await shop.paidOrder()
  await lose(REFUND)
  const { error, out_request_no } = await refund({ out_trade_no, refund_amount: '30.00' })
  expect(error).toBe('unknown')
  await shop.control('faults/clear', {})
  return { out_trade_no, out_request_no: String(out_request_no) }
}

describe('the refunds of an order', () => {
  it('are told whole, oldest first, with what is left', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const first = await refund({ out_trade_no, refund_amount: '30.00', refund_reason: 'Broken "cup"' })
    shop.clock.advance(3_000)
    const second = await refund({ out_trade_no, refund_amount: '20.00' })
    const { trade_no } = first
    const item = (made: Fields, refund_amount: string, more: Fields = {}) => {
      const fixed = {
        state: 'done',
        moved: 'earlier',
        gmt_refund_pay: made.gmt_refund_pay,
        when: TIME,
      }
      return { out_request_no: made.out_request_no, refund_amount, ...fixed, ...more }
    }
    const told = {
      message: `Refunded: 50.00 of 100.00 yuan, at most 50.00 left. ${BY_HAND}`,
      message_zh: '已知退款 50.00 元，共付款 100.00 元，最多还可退 50.00 元；不含在商家平台手工退的款。',
      out_trade_no,
      trade_no,
      subject: 'Tea 茶',
      trade_status: 'TRADE_SUCCESS',
      refunds: [item(first, '30.00', { refund_reason: 'Broken "cup"' }), item(second, '20.00')],
      total_amount: '100.00',
      refunded_total: '50.00',
      left: '50.00',
      environment: 'local',
    }
    expect(await ask({ out_trade_no })).toStrictEqual(told)
    expect(await ask({ trade_no })).toStrictEqual(told)
    const text = await shop.text('query_refund', { out_trade_no })
    expect(text).toContain(
      `\nrefunds: 2\n1. out_request_no: ${first.out_request_no} | refund_amount: 30.00 | state: done`,
    )
    expect(text).toContain('| refund_reason: "Broken \\"cup\\""\n2. ')
  })

  it('are none where none is known, which proves nothing', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const told = await ask({ out_trade_no })
    expect(told).toMatchObject({ refunds: [], refunded_total: '0.00', left: '100.00' })
    expect(told.message).toContain(BY_HAND)
    expect(told.next_step).toMatch(/^For a partial refund that another computer made, call query_refund/)
  })

  it('hold the one of the whole order that another computer made, which is recorded', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const made = await ask({ out_trade_no, refund_amount: '100.00' })
    const out_request_no = String(made.out_request_no)
    await shop.gateway.refund({ out_trade_no }, { out_request_no, refund_amount: '100.00' })
    const told = await ask({ out_trade_no })
    expect(refunds(told)).toMatchObject([{ out_request_no, refund_amount: '100.00', state: 'done', moved: 'earlier' }])
    expect(told).toMatchObject({ refunded_total: '100.00', left: '0.00', trade_status: 'TRADE_CLOSED' })
    const before = await calls()
    expect(await ask({ out_trade_no })).toStrictEqual(told)
    expect((await calls())[READ]).toBe(before[READ])
  })

  it('of an order that is not in this ledger hold what Alipay tells, and nothing is recorded', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const { out_request_no, gmt_refund_pay } = await refund({ out_trade_no, refund_reason: 'Broken' })
    await shop.forgetAll()
    expect(await ask({ out_trade_no })).toMatchObject({
      refunds: [{ out_request_no, state: 'done', moved: 'earlier', gmt_refund_pay, refund_reason: 'Broken' }],
      refunded_total: '100.00',
    })
    expect(await (await shop.ledger()).order({ out_trade_no })).toBeUndefined()
  })

  it('leave nothing of an order that nobody paid', async () => {
    const { out_trade_no, pay_url } = await shop.call('create_payment', { subject: 'Tea', total_amount: 1 })
    await shop.control('scan', { pay_url })
    expect(await ask({ out_trade_no })).toMatchObject({
      refunds: [],
      left: '0.00',
      trade_status: 'WAIT_BUYER_PAY',
    })
  })
})

describe('a refund without an answer', () => {
  it('is told as unknown, and may have moved money', async () => {
    const { out_trade_no, out_request_no } = await unknownRefund()
    const told = await ask({ out_trade_no })
    const item = {
      out_request_no,
      state: 'unknown',
      moved: 'unknown',
      answer: 'Alipay has no record of it yet',
    }
    expect(refunds(told)).toMatchObject([item])
    expect(told.message).toContain('1 refund may also have moved money: not known yet.')
    expect(told.next_step).toMatch(
      /^Call query_refund with the out_request_no .* again in 10 minutes\. Make no other refund/,
    )
    expect(await ask({ out_trade_no, out_request_no })).toMatchObject({
      refund_status: 'unknown',
      moved: 'unknown',
      known_here: 'unknown',
    })
  })

  it('is resolved by reading, as done where there is a proof', async () => {
    const { out_trade_no, out_request_no } = await unknownRefund()
    await shop.gateway.refund({ out_trade_no }, { out_request_no, refund_amount: '30.00' })
    const sent = (await calls())[REFUND]
    expect(refunds(await ask({ out_trade_no }))).toMatchObject([{ state: 'done', moved: 'earlier' }])
    expect((await calls())[REFUND]).toBe(sent)
  })

  it('is resolved by reading, as not executed where Alipay knows nothing of it for long', async () => {
    const { out_trade_no, out_request_no } = await unknownRefund()
    await ask({ out_trade_no })
    shop.clock.advance(601_000)
    const told = await ask({ out_trade_no })
    expect(refunds(told)).toMatchObject([{ state: 'not_executed', moved: 'no' }])
    expect(told).toMatchObject({ refunded_total: '0.00', left: '100.00' })
    expect(told).not.toHaveProperty('next_step')
    expect(await ask({ out_trade_no, out_request_no })).toMatchObject({ known_here: 'not_executed', moved: 'no' })
  })

  it('of Alipay leaves what the ledger knows, and says that the whole order was not asked for', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no, refund_amount: '30.00' })
    await lose(READ)
    const told = await ask({ out_trade_no })
    expect(told).toMatchObject({ refunds: [{ state: 'done' }], left: '70.00' })
    expect(told.whole_order).toBe('Alipay did not say now whether the whole order was refunded from another computer.')
  })

  it('of Alipay is an error where the ledger knows of none', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await lose(READ)
    const money = 'This call only reads; whether the refund was made is not known.'
    expect(await ask({ out_trade_no })).toMatchObject({ isError: true, error: 'no_answer', retry: 'yes_once', money })
  })
})

describe('without the ledger', () => {
  it.each([{}, { refund_amount: '100.00' }, { out_request_no: 'RF1' }])(
    'a reading with %j goes on and says so',
    async (way) => {
      const { out_trade_no } = await shop.paidOrder()
      await refund({ out_trade_no })
      const ledger = await shop.ledger()
      const fails = async () => Promise.reject(new LedgerError('It is damaged.', 'Mend it.'))
      Object.assign(ledger, { order: fails, intents: fails, foundRefund: fails })
      const told = await ask({ out_trade_no, ...way })
      expect(told).toMatchObject({ ledger: expect.stringContaining('It is damaged. Mend it.') })
      expect(told).not.toHaveProperty('isError')
      if (!('out_request_no' in way)) expect(JSON.stringify(told)).toMatch(/REFUND_SUCCESS|"state":"done"/)
    },
  )
})
