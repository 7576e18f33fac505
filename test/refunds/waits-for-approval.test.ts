// A refund that waits for a person's yes outside the chat: query_refund says so, and says "nothing moved" only if that is sure.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextNoon } from '../noon.ts'
import { useShop } from '../shop.ts'

const shop = useShop({ rules: { refundApproval: 'operator', limits: { callsPerMinute: 0 } } })
let out_trade_no: string
beforeEach(async () => {
  nextNoon(shop.clock)
  out_trade_no = (await shop.paidOrder('1000.00')).out_trade_no
})

const waiting = { error: 'waiting_for_approval', moved: 'no' }
const refund = (refund_amount: string) => shop.call('refund_payment', { out_trade_no, refund_amount })
const refunded = async () => (await shop.trades()).refunded
async function decide(yes: boolean): Promise<void> {
  const ledger = await shop.ledger()
  const at = shop.clock.now()
  const [open, ...others] = await ledger.openApprovals(at)
  expect(others).toStrictEqual([])
  const actor = { at, owner: 'a person', host: 'terminal' }
  expect(await ledger.decide(Number(open?.id), yes, 'terminal', actor)).toBe(true)
}

describe('query_refund of a refund that waits for a person', () => {
  const ask = (refund_amount?: string) =>
    shop.call('query_refund', { out_trade_no, ...(refund_amount && { refund_amount }) })
  const until = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`
  const asked = {
    message: expect.stringMatching(
      new RegExp(
        '^Waiting for approval: the refund of 30\\.00 yuan was not sent\\. A person can approve it until ' +
          `${until} Beijing time\\.$`,
      ),
    ),
    message_zh: expect.stringMatching(new RegExp(`^退款 30\\.00 元在等待确认（${until} 前有效），还没有发送。$`)),
    refund_amount: '30.00',
    refund_status: 'waiting_for_approval',
    moved: 'no',
    next_step: expect.stringMatching(
      /^Do not repeat refund_payment until the merchant says that it is approved: then make the same call of refund_payment again, without a refund_reason\.$/,
    ),
  }

  it('says so, and that nothing moved; of another amount and of the order alone it is no such refund', async () => {
    await refund('30.00')
    const told = await ask('30.00')
    expect(told).toMatchObject(asked)
    expect(told).not.toHaveProperty('isError')
    expect(await ask('20.00')).toMatchObject({
      moved: 'unknown',
      message: expect.stringMatching(/^No refund of 20\.00 yuan /),
    })
    const list = await ask()
    expect(list).toMatchObject({ refunds: [], refunded_total: '0.00', left: '1000.00' })
    expect(list.message).toMatch(/^No refunds known: .* Waiting for approval: the refund of 30\.00 yuan was not sent\./)
    expect(list.message_zh).toMatch(/退款 30\.00 元在等待确认/)
    expect(await refunded()).toBe('0.00')
  })

  it('is declined where a no came after a yes to the same money in other words, as refund_payment says', async () => {
    await refund('30.00')
    const other = { out_trade_no, refund_amount: '30.00', refund_reason: 'broken' }
    expect(await shop.call('refund_payment', other)).toMatchObject(waiting)
    const ledger = await shop.ledger()
    for (const [index, { id }] of (await ledger.openApprovals(shop.clock.now())).entries()) {
      shop.clock.advance(1_000)
      const actor = { at: shop.clock.now(), owner: 'a person', host: 'terminal' }
      await ledger.decide(id, index === 0, 'terminal', actor)
    }
    expect(await ask('30.00')).toMatchObject({ refund_status: 'declined', moved: 'no' })
    expect(await refund('30.00')).toMatchObject({ error: 'declined' })
    expect(await refunded()).toBe('0.00')
  })

  it.each([
    ['a yes', () => decide(true), 'approved', /^Approved, and not sent yet: the refund of 30\.00 yuan/],
    ['a no', () => decide(false), 'declined', /^Declined: a person said no to the refund of 30\.00 yuan/],
    [
      '15 minutes',
      async () => shop.clock.advance(15 * 60_000),
      'none_known',
      /^No refund of 30\.00 yuan .* none was sent from here/,
    ],
  ])(
    'no longer after %s, which is told, by the amount and by the number',
    async (_, happens, refund_status, message) => {
      await refund('30.00')
      const { out_request_no } = await ask('30.00')
      await happens()
      const told = { refund_status, message: expect.stringMatching(message) }
      expect(await ask('30.00')).toMatchObject(told)
      expect(await shop.call('query_refund', { out_trade_no, out_request_no })).toMatchObject(told)
      expect((await ask()).message).not.toContain('Waiting for approval')
      expect(await refunded()).toBe('0.00')
    },
  )

  it('not once a refund of that amount was made, though it was asked for in other words as well', async () => {
    await shop.call('refund_payment', { out_trade_no, refund_amount: '30.00', refund_reason: 'late' })
    await decide(true)
    await refund('30.00')
    const late = { out_trade_no, refund_amount: '30.00', refund_reason: 'late' }
    expect(await shop.call('refund_payment', late)).toMatchObject({ moved: 'now' })
    const { message, next_step } = await ask()
    expect(message).toMatch(/^Refunded: 30\.00 of 1000\.00 yuan/)
    expect(message).not.toContain('was not sent')
    expect(next_step).toBeUndefined()
  })

  it('and after a yes the whole order says so, and with which reason the call is made again; nothing sends another refund', async () => {
    await shop.call('refund_payment', { out_trade_no, refund_amount: '30.00', refund_reason: 'late' })
    await decide(true)
    const { message, next_step } = await ask()
    expect(message).toContain('Approved, and not sent yet: the refund of 30.00 yuan.')
    expect(next_step).toBe(
      'Before the approval ends make the same call of refund_payment again, with refund_reason "late".',
    )
    const late = { out_trade_no, refund_amount: '30.00', refund_reason: 'late' }
    expect(await shop.call('refund_payment', late)).toMatchObject({ moved: 'now' })
  })

  it('of the rest is told in no call for an amount, which would be another refund', async () => {
    await shop.call('refund_payment', { out_trade_no, refund_amount: '400.00' })
    await decide(true)
    expect(await refund('400.00')).toMatchObject({ moved: 'now' })
    shop.clock.advance(10_000)
    await shop.call('refund_payment', { out_trade_no })
    await decide(true)
    const { next_step, message } = await ask()
    expect(message).toContain('Approved, and not sent yet: the refund of 600.00 yuan.')
    expect(next_step).toMatch(/make the same call of refund_payment again, without a refund_reason\.$/)
    expect(next_step).not.toContain('{')
  })

  it('not any more once the yes has ended, and after the refund that a second question allowed', async () => {
    await refund('30.00')
    await decide(true)
    shop.clock.advance(15 * 60_000)
    expect(await ask('30.00')).toMatchObject({ refund_status: 'none_known', moved: 'unknown' })
    await refund('30.00')
    await decide(false)
    shop.clock.advance(16 * 60_000)
    await refund('30.00')
    expect(await ask('30.00')).toMatchObject({ refund_status: 'waiting_for_approval' })
    await decide(true)
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
    expect(await ask('30.00')).toMatchObject({ moved: 'earlier' })
  })

  it('also where an earlier try was refused for certain; once the refund is made, it is made', async () => {
    await refund('30.00')
    await decide(true)
    await shop.control('balance', { balance: '29.99' })
    expect(await refund('30.00')).toMatchObject({ sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    await shop.control('balance', { balance: null })
    expect(await refund('30.00')).toMatchObject(waiting)
    expect(await ask('30.00')).toMatchObject({ ...asked, known_here: 'refused' })
    await decide(true)
    expect(await refund('30.00')).toMatchObject({ moved: 'now' })
    expect(await ask('30.00')).toMatchObject({ refund_status: 'REFUND_SUCCESS', moved: 'earlier' })
  })

  it('but not where an earlier try may have moved money', async () => {
    await refund('30.00')
    await decide(true)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    expect(await refund('30.00')).toMatchObject({ error: 'unknown' })
    expect(await refund('30.00')).toMatchObject({
      error: 'waiting_for_approval',
      moved: 'unknown',
      message_zh: expect.stringMatching(/确认前不会发送.*上一次的结果仍未知，钱可能已退。$/),
    })
    const repeat =
      'Not known: how an earlier try of the refund of 30.00 yuan ended. Its repeat waits for approval until '
    expect(await ask('30.00')).toMatchObject({
      message: expect.stringContaining(repeat),
      message_zh: expect.stringMatching(/^退款 30\.00 元上一次的结果未知，钱可能已退；/),
      refund_status: 'unknown',
      known_here: 'unknown',
      moved: 'unknown',
    })
    const { message } = await ask()
    expect(message).toContain(repeat)
    expect(message).not.toContain('was not sent')
    await decide(false)
    const declined = await refund('30.00')
    expect(declined).toMatchObject({ error: 'declined', moved: 'unknown' })
    expect(declined.next_step).not.toContain('Another amount')
    expect(await refund('20.00')).toMatchObject({ moved: 'no', isError: true })
  })

  it('and once the earlier try has ended for certain, that nothing moved', async () => {
    await refund('30.00')
    await decide(true)
    await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.refund', times: 'always' })
    expect(await refund('30.00')).toMatchObject({ error: 'unknown' })
    shop.clock.advance(11 * 60_000)
    const named = { known_here: 'not_executed', refund_status: 'not_executed', moved: 'no' }
    const told = {
      ...named,
      message: 'Not refunded: the refund of 30.00 yuan did not happen, and nothing moved.',
      message_zh: '没有退款：这笔 30.00 元退款没有成功，没有动钱。',
      answer: 'Alipay has no record of it, asked again after 10 minutes',
    }
    expect(await ask('30.00')).toMatchObject(told)
    expect(await refunded()).toBe('0.00')
  })

  it('is not said to have moved nothing where Alipay does not answer', async () => {
    await refund('30.00')
    await decide(true)
    await shop.control('faults', { fault: 'lost_after', method: 'alipay.trade.refund', times: 'always' })
    await shop.control('faults', { fault: 'http_502', method: 'alipay.trade.fastpay.refund.query', times: 'always' })
    expect(await refund('30.00')).toMatchObject({ isError: true })
    await shop.control('faults', { fault: 'http_502', method: 'alipay.trade.query', times: 'always' })
    expect(await ask('30.00')).toMatchObject({
      error: 'no_answer',
      moved: 'unknown',
      out_trade_no,
      refund_amount: '30.00',
      money: 'This call only reads; whether the refund was made is not known.',
      retry: 'yes_once',
      next_step:
        'If this was already the second try, tell the user that the outcome of the refund is not known, and stop. Else call ' +
        'query_refund again in a minute, one time. Make no other refund of this order until query_refund answers.',
    })
  })

  it('nor where Alipay has a record of it, though none of success', async () => {
    await refund('30.00')
    const { out_request_no } = await ask('30.00')
    const record = { out_request_no: String(out_request_no), refund_amount: '30.00' }
    vi.spyOn(shop.gateway, 'refundQuery').mockResolvedValueOnce({ outcome: 'done', answer: record })
    expect(await ask('30.00')).toMatchObject({
      message: expect.stringMatching(/^Not known: Alipay has a record, but none of success/),
      moved: 'unknown',
    })
  })
})
