// Whole stories of refunds that go wrong half-way, each held against the emulator's trades.
import { beforeEach, expect, it, vi } from 'vitest'
import { NO, YES } from '../../src/approval/chat.ts'
import { resolveAll } from '../../src/guard/in-doubt.ts'
import { Refunds } from '../../src/refunds/refund.ts'
import { useMerchant } from '../merchant.ts'
import { DAY_MS, nextNoon } from '../noon.ts'
import type { ShopOptions } from '../shop.ts'
import { busy, MINUTE, useRefunding } from './paid-order.ts'

const merchant = useMerchant({ refundApproval: 'none' })
const { options, questions } = merchant
const at = useRefunding(options)
const { shop } = at
beforeEach(() => nextNoon(shop.clock))

const actor = () => ({ at: shop.clock.now(), owner: 'a person', host: 'terminal' })
const freeze = async () => (await shop.ledger()).freeze(undefined, actor())
const unfreeze = async () => (await shop.ledger()).unfreeze(actor())
async function rules(set: ShopOptions['rules']): Promise<void> {
  options.rules = { ...set }
  await shop.restart()
}

/** Another host starts, and resolves what the first one left: as `serve` does. */
async function nextDay(): Promise<void> {
  shop.clock.advance(DAY_MS)
  await shop.restart()
  const { gateway, clock, ledger } = shop
  const rules = {
    environment: 'local',
    readOnly: false,
    channels: ['page'],
    limits: { callsPerMinute: 0 },
  } as const
  await resolveAll({ gateway, clock, ledger, rules, actor: () => ({ ...actor(), owner: 'another host' }) })
}

it('refund 50 of 100, then "the rest"', async () => {
  expect(await at.refund('50.00')).toMatchObject({ moved: 'now', refunded_total: '50.00' })
  expect(await at.refund()).toMatchObject({ moved: 'now', refund_amount: '50.00', refunded_total: '100.00' })
  expect(await at.refund('50.00')).toMatchObject({ moved: 'earlier' })
  expect(await at.refund()).toMatchObject({ moved: 'earlier', refund_amount: '50.00' })
  expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00' })
})

it('refund 50 of 100 and its answer lost, then "the rest": it waits until that is known', async () => {
  const { out_request_no } = await at.unknown('50.00')
  expect(await at.refund()).toMatchObject({ ...busy, out_request_no })
  expect(await at.refund('50.00')).toMatchObject({ moved: 'now', out_request_no })
  expect(await at.refund()).toMatchObject({ moved: 'now', refund_amount: '50.00' })
  expect(await at.truth()).toMatchObject({ refunded: '100.00' })
})

it.each([
  ['the same server', async () => {}],
  ['the server that comes after', () => shop.restart()],
  ['another computer', () => shop.forgetAll()],
])('"refund" done, answer lost, "refund" again on %s', async (_, happens) => {
  const lost = await at.doneUnseen(undefined)
  expect(lost).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
  await happens()
  const again = await at.refund()
  const { out_request_no } = lost
  expect(again).toMatchObject({ moved: 'earlier', refund_amount: '100.00', out_request_no })
  expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00' })
})

it('"refund 100" and "refund" of an order of 100, one after the other and at once', async () => {
  const { answer, release } = await at.held('100.00')
  const making = vi.spyOn(Refunds.prototype, 'make')
  const asked = at.refund()
  await vi.waitFor(() => expect(making).toHaveBeenCalled(), { interval: 1, timeout: 20_000 })
  release()
  const [one, other] = await Promise.all([answer, asked])
  expect([one.moved, other.moved]).toStrictEqual(['now', 'now'])
  expect(one.out_request_no).toBe(other.out_request_no)
  expect(`${one.message}${other.message}`).toContain('Two identical calls ran at once: they are one refund.')
  expect(await at.refund()).toMatchObject({ moved: 'earlier', out_request_no: one.out_request_no })
  expect(await at.truth()).toMatchObject({ sent: 1, refunded: '100.00' })
})

it('refund lost before Alipay, the merchant pays by hand and freezes, another host starts the next day', async () => {
  expect(await at.unknown(undefined)).toMatchObject({ error: 'unknown' })
  const { sent } = await at.truth()
  await at.byHand('100.00')
  await freeze()
  await nextDay()
  const { out_trade_no } = at
  for (const tool of ['query_payment', 'query_refund', 'refund_payment']) {
    await shop.call(tool, { out_trade_no })
  }
  await shop.call('list_payments', { refresh: true })
  expect(await at.intents()).toMatchObject([{ state: 'not_executed', attempt: 1 }])
  await unfreeze()
  expect(await at.refund()).toMatchObject({ error: 'invalid_input', isError: true })
  expect(await at.truth()).toMatchObject({ sent, refunded: '100.00', refunds: [{ by: 'console' }] })
  expect(questions).toStrictEqual([])
})

it.each([
  ['unknown', async () => {}],
  ['not executed, as read later', nextDay],
])('refund %s, the merchant refunds in the console, the model asks again under `none`', async (_, later) => {
  await at.unknown('30.00')
  await at.byHand('30.00')
  shop.clock.advance(10 * MINUTE)
  await later()
  merchant.says = () => NO
  expect(await at.refund('30.00')).toMatchObject({
    error: 'declined',
    message: 'Declined: the merchant said no.',
  })
  expect(questions).toHaveLength(1)
  expect(questions[0]).toMatch(/¥30\.00/)
  expect(questions[0]).toMatch(/a refund made by hand since would be paid twice/)
  expect(await at.truth()).toMatchObject({ sent: 2, refunded: '30.00', refunds: [{ by: 'console' }] })
  // Another amount of that order is the same danger; another order is not.
  shop.clock.advance(10 * MINUTE)
  await at.refund('20.00')
  expect(questions).toHaveLength(2)
  expect(questions[1]).toMatch(/a refund made by hand since would be paid twice/)
  at.out_trade_no = (await shop.paidOrder('100.00')).out_trade_no
  expect(await at.refund('30.00')).toMatchObject({ moved: 'now' })
  expect(questions).toHaveLength(2)
})

it('refund refused for lack of balance, topped up, asked again: the same number, done once', async () => {
  await shop.control('balance', { balance: '29.99' })
  const short = await at.refund('30.00')
  expect(short).toMatchObject({
    error: 'refused_by_alipay',
    moved: 'no',
    sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  })
  await shop.control('balance', { balance: '100.00' })
  const made = await at.refund('30.00')
  expect(made).toMatchObject({ moved: 'now' })
  expect(await at.refund('30.00')).toMatchObject({ moved: 'earlier' })
  const [intent, ...others] = await at.intents()
  expect(intent).toMatchObject({ number: made.out_request_no, attempt: 2, state: 'done' })
  expect(others).toStrictEqual([])
  expect(await at.truth()).toMatchObject({ sent: 2, refunded: '30.00' })
  expect(questions).toStrictEqual([])
})

it.each(['30.00', undefined])('refund hangs, the model tries again with its own number: amount %s', async (amount) => {
  const { answer, release } = await at.held(amount)
  const { out_trade_no } = at
  const named = amount === undefined ? {} : { refund_amount: amount }
  const own = { out_trade_no, ...named, out_request_no: 'RETRY-2' }
  expect(await shop.call('refund_payment', own)).toMatchObject({
    error: 'invalid_input',
    isError: true,
    message: expect.stringMatching(/^out_request_no: this number was never offered/),
  })
  release()
  expect(await answer).toMatchObject({ moved: 'now' })
  expect(await at.truth()).toMatchObject({ sent: 1, refunded: amount ?? '100.00' })
})

it('full refund done, answer lost, repeat refused by Alipay: reported as made', async () => {
  await at.fault('lost_after')
  await at.fault('refuse', { sub_code: 'ACQ.TRADE_HAS_CLOSE' })
  const made = await at.refund()
  expect(made).toMatchObject({ moved: 'now', refund_amount: '100.00' })
  expect(made).not.toHaveProperty('isError')
  expect(await at.intents()).toMatchObject([{ state: 'done', moved: 'now' }])
  expect(await at.truth()).toMatchObject({ sent: 2, refunded: '100.00' })
})

it('freeze while a question is open, then yes: nothing moves, and that yes is worth nothing later', async () => {
  await rules({})
  merchant.says = async () => {
    await freeze()
    return YES
  }
  const refused = await at.refund('30.00')
  expect(refused).toMatchObject({ error: 'frozen', money: 'Nothing was sent. This call moved nothing.' })
  expect(refused.message).toContain('froze all payments and refunds on')
  expect(await at.truth()).toMatchObject({ sent: 0, refunded: '0.00' })
  await unfreeze()
  merchant.says = () => NO
  expect(await at.refund('30.00')).toMatchObject({ error: 'declined' })
  expect(questions).toHaveLength(2)
  expect(await at.truth()).toMatchObject({ sent: 0, refunded: '0.00' })
})

it('95.00, then 94.99 and so on under a threshold of 100: asked', async () => {
  await rules({ approveAboveFen: 10_000 })
  expect(await at.refund('95.00')).toMatchObject({ moved: 'now' })
  expect(questions).toHaveLength(0)
  merchant.says = () => NO
  for (const [asked, amount] of ['94.99', '94.98', '5.00'].entries()) {
    at.out_trade_no = (await shop.paidOrder('100.00')).out_trade_no
    expect(await at.refund(amount)).toMatchObject({ error: 'declined' })
    expect(questions).toHaveLength(asked + 1)
  }
  expect(await at.truth()).toMatchObject({ refunded: '95.00' })
})
