// Orders as a reviewer broke them: links handed out twice, replaced orders shown again, two orders in the place of one.
import { describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { type Fields, useShop } from '../shop.ts'
import { FROZEN } from '../tools/answers.ts'

const MINUTE = 60_000
const CLOSE = 'alipay.trade.close'
const shop = useShop()

const create = (args: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: '100.00', ...args })
const query = ({ out_trade_no }: Fields) => shop.call('query_payment', { out_trade_no })
const pay = ({ pay_url }: Fields) => shop.control('pay', { pay_url })
const orders = async () => (await (await shop.ledger()).list({ limit: 50 })).orders
const orderOf = async ({ out_trade_no }: Fields) => (await shop.ledger()).order({ out_trade_no: String(out_trade_no) })
const closes = async () => Object(await shop.trades()).calls[CLOSE] ?? 0

describe('an order that was replaced', () => {
  it('is not shown again: create_payment names the one in its place, query_payment gives no link', async () => {
    const old = await create()
    const made = await create({ total_amount: '80.00', replaces: old.out_trade_no })
    const again = await create({ out_trade_no: old.out_trade_no })
    expect(again).toMatchObject({ error: 'invalid_input', isError: true })
    expect(again.message).toContain(`${old.out_trade_no} was replaced by ${made.out_trade_no}`)
    expect(await query(old)).toMatchObject({ replaced_by: made.out_trade_no })
    for (const answer of [again, await query(old)]) expect(answer).not.toHaveProperty('pay_url')
    expect(await orderOf(old)).toMatchObject({ close_requested_at: expect.any(Number) })
    expect(await query(made)).toMatchObject({ pay_url: made.pay_url })
    const actor = { at: shop.clock.now(), owner: 'an older version', host: 'a host' }
    await (await shop.ledger()).withdrawCloseRequest(String(old.out_trade_no), actor)
    expect(await query(old)).not.toHaveProperty('pay_url')
  })

  it('once it can no longer be paid, names the one in its place instead of offering a new payment', async () => {
    for (const how of ['closed', 'expired']) {
      const old = await create({ expires_in_minutes: 20 })
      if (how !== 'expired') await shop.control('scan', { pay_url: old.pay_url })
      const made = await create({ total_amount: '80.00', replaces: old.out_trade_no })
      if (how === 'expired') shop.clock.advance(40 * MINUTE)
      const next_step = `The order ${made.out_trade_no} was made in its place: for that one call query_payment.`
      for (const tool of ['query_payment', 'wait_for_payment', 'close_payment'])
        expect(await shop.call(tool, { out_trade_no: old.out_trade_no })).toMatchObject({ paid: false, next_step })
    }
  })

  it('by another server while Alipay was asked about it is not shown again, nor wanted open again', async () => {
    const { out_trade_no, time_expire } = await create()
    const ledger = await shop.ledger()
    const { query: ask } = shop.gateway
    vi.spyOn(shop.gateway, 'query').mockImplementationOnce(async (...args) => {
      const actor = { at: shop.clock.now(), owner: 'another server', host: 'a host' }
      const order = { out_trade_no: 'NEW', subject: 'Tea', total_amount: '80.00', channel: 'page' } as const
      const replaces = String(out_trade_no)
      await ledger.requestClose(replaces, actor)
      await ledger.reserveOrder({ ...order, time_expire: String(time_expire), replaces }, {}, actor)
      return ask.apply(shop.gateway, args)
    })
    const again = await create({ out_trade_no })
    expect(again).toMatchObject({ error: 'invalid_input', isError: true })
    expect(again.message).toContain(`${out_trade_no} was replaced by NEW`)
    expect(await orderOf({ out_trade_no })).toMatchObject({ close_requested_at: expect.any(Number) })
  })

  describe('and so was the one in its place: the first call again', () => {
    async function again(): Promise<{ third: Fields; answer: Fields }> {
      const first = await create()
      const second = await create({ total_amount: '80.00', replaces: first.out_trade_no })
      const third = await create({ total_amount: '60.00', replaces: second.out_trade_no })
      return { third, answer: await create({ total_amount: '80.00', replaces: first.out_trade_no }) }
    }

    it('gives no link and makes no order', async () => {
      const { answer } = await again()
      expect(answer).toMatchObject({ error: 'invalid_input', isError: true })
      expect(answer).not.toHaveProperty('pay_url')
      expect(await orders()).toHaveLength(3)
    })

    it('names the one that stands in its place now', async () => {
      const { third, answer } = await again()
      expect(answer.message).toContain(third.out_trade_no)
    })
  })

  it.each([
    ['has expired', 20],
    ['waits', 0],
  ])('by several calls at once is replaced by one: it %s', async (_, minutes) => {
    const old = await create({ expires_in_minutes: 1 + 19 * Number(minutes === 0) })
    shop.clock.advance(minutes * MINUTE)
    const replace = (total_amount: string) => create({ total_amount, replaces: old.out_trade_no })
    const answers = await Promise.all(['80.00', '70.00', '60.00'].map(replace))
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1)
    expect(await orders()).toHaveLength(2)
    for (const { isError, pay_url } of answers) expect(pay_url === undefined).toBe(isError === true)
  })

  it('by two equal calls at once is one order in both answers', async () => {
    const old = await create({ expires_in_minutes: 1 })
    shop.clock.advance(20 * MINUTE)
    const replace = () => create({ total_amount: '80.00', replaces: old.out_trade_no })
    const [one, two] = await Promise.all([replace(), replace()])
    expect([one.out_trade_no, one.pay_url]).toStrictEqual([two.out_trade_no, two.pay_url])
    expect(await orders()).toHaveLength(2)
  })

  it.each(['the old one', 'the new one'])(
    'though the ledger did not know it: paid twice is told by a query of %s',
    async (which) => {
      const old = await create()
      await shop.forgetAll()
      const made = await create({ total_amount: '80.00', replaces: old.out_trade_no })
      for (const order of [old, made]) await pay(order)
      const answer = await query(which === 'the old one' ? old : made)
      expect(answer.message).toMatch(/^Paid twice: /)
      for (const { out_trade_no } of [old, made]) expect(answer.paid_twice).toContain(out_trade_no)
    },
  )
})

describe('an own number with replaces', () => {
  it('is refused where it was made before, and not in the place of that order: nothing is closed', async () => {
    const old = await create()
    await shop.control('scan', { pay_url: old.pay_url })
    await create({ total_amount: '80.00', out_trade_no: 'N1' })
    const refused = await create({ total_amount: '80.00', out_trade_no: 'N1', replaces: old.out_trade_no })
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
    expect(refused.message).toContain(`N1 was made before, and not in the place of ${old.out_trade_no}`)
    expect(await closes()).toBe(0)
    expect(await orderOf(old)).not.toHaveProperty('replaced_by', expect.anything())
    await pay(old)
  })

  it('says at an honest repeat, too, until when the old one can be paid', async () => {
    const old = await create()
    const request = { total_amount: '80.00', out_trade_no: 'N2', replaces: old.out_trade_no }
    const made = await create(request)
    expect(made.old_payable_until).toBe(`${old.time_expire} Beijing time`)
    const again = await create(request)
    expect(again).toMatchObject({ pay_url: made.pay_url, old_payable_until: made.old_payable_until })
    expect(again.message).toContain('cannot be closed before a buyer opens it')
    expect(await orders()).toHaveLength(2)
  })

  it('says nothing of the old one at a repeat where that one is closed', async () => {
    const old = await create()
    await shop.control('scan', { pay_url: old.pay_url })
    const request = { total_amount: '80.00', out_trade_no: 'N3', replaces: old.out_trade_no }
    const made = await create(request)
    expect(made.message).toMatch(/The old order .* can no longer be paid\.$/)
    const again = await create(request)
    expect(again.message).toMatch(/^Order N3 was made before: .* Nothing new was made\.$/)
    expect(again).not.toHaveProperty('old_payable_until')
  })
})

it('a ledger that fails once the old order is closed is not told as if nothing had been sent', async () => {
  const old = await create()
  await shop.control('scan', { pay_url: old.pay_url })
  const close = shop.gateway.close.bind(shop.gateway)
  vi.spyOn(shop.gateway, 'close').mockImplementationOnce(async (...order) => {
    const closed = await close(...order)
    shop.breakLedger(new LedgerError('The disk of the ledger is full.', 'Free some space.'))
    return closed
  })
  const answer = await create({ total_amount: '80.00', replaces: old.out_trade_no })
  shop.breakLedger(undefined)
  expect(answer).toMatchObject({
    error: 'ledger_unavailable',
    isError: true,
    message_zh: expect.stringMatching(/。$/),
    money: `This call moved nothing. The old order ${old.out_trade_no} can no longer be paid.`,
  })
  expect(JSON.stringify(answer)).not.toMatch(/nothing was (sent|closed)/i)
  expect(await closes()).toBe(1)
  const { trades } = await shop.trades()
  expect(trades).toMatchObject([{ out_trade_no: old.out_trade_no, trade_status: 'TRADE_CLOSED' }])
})

it('a code that is not known any more, and to which a buyer came, is said to be gone', async () => {
  const ledger = await shop.ledger()
  vi.spyOn(ledger, 'resolve').mockRejectedValueOnce(new LedgerError('The disk is full.', 'Free some space.'))
  const tea = { total_amount: '9.00', channel: 'qr' }
  const { out_trade_no, qr_content } = await create(tea)
  await shop.control('scan', { qr_code: qr_content })
  shop.clock.advance(80_000)
  await query({ out_trade_no })
  for (let calls = 0; calls < 2; calls++) {
    const again = await create({ ...tea, out_trade_no })
    expect(again).toMatchObject({ error: 'invalid_input', isError: true })
    expect(again.message).toContain(
      `the code of ${out_trade_no} is not known any more, and a buyer has it. Nothing was made now.`,
    )
    shop.clock.advance(80_000)
  }
})

describe('once a close of the old order was sent, "nothing was sent" is not said', () => {
  const notClosed = ({ out_trade_no, time_expire }: Fields) =>
    `This call moved nothing. The old order ${out_trade_no} is not closed and can be paid until ${time_expire} Beijing time.`

  it('where all was frozen before the new code was asked for', async () => {
    const old = await create()
    const ledger = await shop.ledger()
    const reserve = ledger.reserveOrder.bind(ledger)
    vi.spyOn(ledger, 'reserveOrder').mockImplementationOnce(async (...args) => {
      const reserved = await reserve(...args)
      await ledger.freeze(undefined, args[2])
      return reserved
    })
    const answer = await create({ total_amount: '80.00', channel: 'qr', replaces: old.out_trade_no })
    expect(answer).toMatchObject({ ...FROZEN, money: notClosed(old) })
  })

  it('where another call was faster, and Alipay then tells nothing of what it made', async () => {
    const old = await create()
    const ledger = await shop.ledger()
    const reserve = ledger.reserveOrder.bind(ledger)
    vi.spyOn(ledger, 'reserveOrder').mockImplementationOnce(async (...args) => {
      await reserve(...args)
      await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.query', times: 'always' })
      return reserve(...args)
    })
    const request = { total_amount: '80.00', replaces: old.out_trade_no }
    const answer = await create(request)
    await shop.control('faults/clear', {})
    expect(answer).toMatchObject({ error: 'no_answer', moved: 'no', money: notClosed(old) })
    expect(await create(request)).toMatchObject({ replaces: old.out_trade_no, pay_url: expect.any(String) })
    expect(await orders()).toHaveLength(2)
  })
})
