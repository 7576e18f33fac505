// A ledger that fails: before a send nothing is sent, after it the truth is told all the same, and reads go on.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { type Fields, useShop } from '../shop.ts'
import { local } from '../tools/answers.ts'

const REFUND = 'alipay.trade.refund'
const FULL = new LedgerError('The disk of the ledger is full.', 'Free some space.')
const LEASE_MS = 71_000

const shop = useShop()
afterEach(() => shop.breakLedger(undefined))

const NOTE =
  'the outcome could not be written into the ledger: The disk of the ledger is full. Free some space. It will be asked' +
  ' for again later.'
const BROKEN = {
  message: 'The ledger (账本) cannot be used: The disk of the ledger is full. The operator must act: Free some space.',
  error: 'ledger_unavailable',
  retry: 'after_change',
  moved: 'no',
  message_zh: expect.stringMatching(/。$/),
  money: 'Nothing was sent and nothing moved.',
  next_step: 'Tell the operator; once the ledger can be used again, the same call may be repeated.',
  ...local,
  isError: true,
}
const failOnce = async (method: 'resolve' | 'markSending' | 'reserveRefund' | 'reserveOrder' | 'reserve') =>
  vi.spyOn(await shop.ledger(), method).mockRejectedValueOnce(FULL)
const fails = async (method: 'resolve') => vi.spyOn(await shop.ledger(), method).mockRejectedValue(FULL)
const calls = async () => Object(await shop.trades()).calls
const create = (more: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: '100.00', ...more })
const refund = ({ out_trade_no }: Fields, refund_amount = '30.00') =>
  shop.call('refund_payment', { out_trade_no, refund_amount })
const intents = async ({ out_trade_no }: Fields) => (await shop.ledger()).intents(String(out_trade_no))
const fault = (name: string, method: string, more: Fields = {}) =>
  shop.control('faults', { fault: name, method, ...more })

async function scanned(): Promise<Fields> {
  const made = await create()
  await shop.control('scan', { pay_url: made.pay_url })
  return made
}

describe('that cannot write how a send ended', () => {
  it('hides no refund that was made, and it is resolved by reading later', async () => {
    const order = await shop.paidOrder()
    await failOnce('resolve')
    const made = await refund(order)
    expect(made).toMatchObject({ moved: 'now', refunded_total: '30.00', ledger: NOTE })
    expect(made.message).toMatch(/^Refund accepted: 30\.00 yuan on /)
    expect(await intents(order)).toMatchObject([{ state: 'sent' }])
    shop.clock.advance(LEASE_MS)
    const { out_trade_no } = order
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({
      refunded: 'part',
      refunded_total: '30.00',
    })
    expect(await intents(order)).toMatchObject([{ state: 'done' }])
  })

  it('lets the same request be asked for again at once: it was made, and no other one comes before it is known', async () => {
    const order = await shop.paidOrder()
    await failOnce('resolve')
    await refund(order)
    expect(await refund(order, '20.00')).toMatchObject({
      error: 'not_sent',
      retry: 'after_change',
      moved: 'no',
      message_zh: expect.stringMatching(/。$/),
      money: expect.stringMatching(/^Nothing was sent\..* other refund may have moved money\.$/),
    })
    expect(await refund(order)).toMatchObject({ moved: 'earlier' })
    shop.clock.advance(3_000)
    expect(await refund(order, '20.00')).toMatchObject({ moved: 'now', refunded_total: '50.00' })
    expect((await calls())[REFUND]).toBe(2)
  })

  it("hides no refusal of Alipay's, and no outcome that is unknown", async () => {
    const [refused, unknown] = [await shop.paidOrder(), await shop.paidOrder()]
    await fails('resolve')
    await fault('refuse', REFUND, { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
    expect(await refund(refused)).toMatchObject({
      error: 'refused_by_alipay',
      moved: 'no',
      sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
      message_zh: expect.stringMatching(/。$/),
      money: 'This call moved nothing.',
      ledger: NOTE,
    })
    await fault('lost_before', REFUND, { times: 'always' })
    expect(await refund(unknown)).toMatchObject({
      error: 'unknown',
      moved: 'unknown',
      message_zh: expect.stringMatching(/。$/),
      money: 'Money may have moved.',
      ledger: NOTE,
    })
  })

  it('hides no close', async () => {
    const { out_trade_no } = await scanned()
    await failOnce('resolve')
    expect(await shop.call('close_payment', { out_trade_no })).toMatchObject({
      closed: true,
      paid: false,
      ledger: NOTE,
    })
    shop.clock.advance(LEASE_MS)
    await shop.call('query_payment', { out_trade_no })
    expect(await intents({ out_trade_no })).toMatchObject([{ kind: 'close', state: 'done' }])
  })

  it('hides no code, which can be paid', async () => {
    await failOnce('resolve')
    const made = await create({ channel: 'qr' })
    expect(made).toMatchObject({ qr_content: expect.any(String), ledger: NOTE })
    await shop.control('pay', { qr_code: made.qr_content })
    const { out_trade_no } = made
    shop.clock.advance(LEASE_MS)
    expect(await shop.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
    expect(await intents(made)).toMatchObject([{ kind: 'create', state: 'done' }])
  })

  it('and not that it is repeated either: then there is no repeat, and the outcome is unknown', async () => {
    const order = await shop.paidOrder()
    await fault('lost_before', REFUND)
    const ledger = await shop.ledger()
    const mark = ledger.markSending.bind(ledger)
    vi.spyOn(ledger, 'markSending').mockImplementation(async (id, repeat, actor) => {
      if (repeat) throw FULL
      return mark(id, repeat, actor)
    })
    expect(await refund(order)).toMatchObject({ error: 'unknown', money: 'Money may have moved.' })
    expect((await calls())[REFUND]).toBe(1)
  })
})

describe('that cannot write what is about to be sent', () => {
  it.each(['reserveRefund', 'markSending'] as const)('sends no refund: %s', async (method) => {
    const order = await shop.paidOrder()
    await failOnce(method)
    expect(await refund(order)).toStrictEqual(BROKEN)
    expect(await calls()).not.toHaveProperty([REFUND])
    shop.clock.advance(LEASE_MS)
    expect(await refund(order)).toMatchObject({ moved: 'now' })
  })

  it.each(['reserve', 'markSending'] as const)('sends no close: %s', async (method) => {
    const { out_trade_no } = await scanned()
    await failOnce(method)
    expect(await shop.call('close_payment', { out_trade_no })).toStrictEqual(BROKEN)
    expect(await calls()).not.toHaveProperty(['alipay.trade.close'])
  })

  it.each([
    ['page', 'reserveOrder'],
    ['qr', 'reserveOrder'],
    ['qr', 'markSending'],
  ] as const)('gives out no %s order: %s', async (channel, method) => {
    await failOnce(method)
    expect(await create({ channel })).toStrictEqual(BROKEN)
    expect(await calls()).toStrictEqual({})
  })
})

describe('that cannot be opened', () => {
  it('lets nothing be made, closed or refunded', async () => {
    const [paid, open] = [await shop.paidOrder(), await scanned()]
    shop.breakLedger(FULL)
    const { out_trade_no } = open
    for (const channel of ['page', 'mobile', 'qr']) expect(await create({ channel })).toStrictEqual(BROKEN)
    expect(await create({ replaces: out_trade_no })).toStrictEqual(BROKEN)
    expect(await shop.call('close_payment', { out_trade_no })).toStrictEqual(BROKEN)
    expect(await refund(paid)).toStrictEqual(BROKEN)
    expect(await shop.call('refund_payment', { out_trade_no: paid.out_trade_no })).toStrictEqual(BROKEN)
    for (const method of ['precreate', 'close', 'refund']) {
      expect(await calls()).not.toHaveProperty([`alipay.trade.${method}`])
    }
    shop.breakLedger(undefined)
    expect(await refund(paid)).toMatchObject({ moved: 'now' })
  })

  it('does not keep Alipay from being asked: what it says is told, and that less is known', async () => {
    const { out_trade_no } = await shop.paidOrder()
    await refund({ out_trade_no })
    const LESS = 'The ledger could not be used, so less is known: The disk of the ledger is full. Free some space.'
    shop.breakLedger(FULL)
    for (const tool of ['query_payment', 'wait_for_payment']) {
      expect(await shop.call(tool, { out_trade_no })).toMatchObject({
        paid: true,
        refunded: 'none_known',
        ledger: LESS,
      })
    }
    const found = await shop.call('query_refund', { out_trade_no, refund_amount: '30.00' })
    expect(found).toMatchObject({ refund_status: 'REFUND_SUCCESS', ledger: LESS })
    expect(await shop.call('list_payments', {})).toStrictEqual(BROKEN)
  })

  it('in the middle of a read is told in the same way', async () => {
    const { out_trade_no } = await shop.paidOrder()
    vi.spyOn(await shop.ledger(), 'recordTrade').mockRejectedValueOnce(FULL)
    const asked = await shop.call('query_payment', { out_trade_no })
    expect(asked).toMatchObject({ paid: true, ledger: expect.stringContaining('less is known') })
    expect(await shop.call('query_payment', { out_trade_no })).not.toHaveProperty('ledger')
  })
})
