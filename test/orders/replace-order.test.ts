// create_payment with replaces: the old order is closed first, no new one where it was paid, and one new one only.
import { describe, expect, it, vi } from 'vitest'
import { type Fields, useShop } from '../shop.ts'
import { FROZEN, local } from '../tools/answers.ts'

const MINUTE = 60_000
const CLOSE = 'alipay.trade.close'
const QUERY = 'alipay.trade.query'

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '100.00' }
const create = (args: Fields = {}) => shop.call('create_payment', { ...tea, ...args })
/** The request for another price. */
const replace = (replaces: unknown, args: Fields = {}) => create({ total_amount: '80.00', replaces, ...args })
const query = (out_trade_no: unknown) => shop.call('query_payment', { out_trade_no })
const calls = async () => Object(await shop.trades()).calls
const fault = (method: string, name: string, more: Fields = {}) =>
  shop.control('faults', { fault: name, method, ...more })
const orders = async () => (await (await shop.ledger()).list({ limit: 50 })).orders

async function scanned(): Promise<Fields> {
  const made = await create()
  await shop.control('scan', { pay_url: made.pay_url })
  return made
}

const stopped = (message: string, next_step: unknown, money: string) => ({
  message: `${message}; no new order was made.`,
  error: 'invalid_input',
  retry: 'after_change',
  moved: 'no',
  message_zh: expect.stringMatching(/。$/),
  money,
  next_step,
  ...local,
  isError: true,
})
/** A close was sent, and nobody knows yet whether it closes the order. */
const notKnownToBeClosed = (message: string, next_step: unknown, money: string) => ({
  ...stopped(message, next_step, money),
  error: 'unknown',
  message_zh: expect.stringMatching(/^旧订单 .* 没能确认关闭，仍可能被付款，所以没有新建订单/),
})
const CLOSED_AT_MOST = 'This call moved nothing; at most it closed the old order.'

describe('an old order that waits for payment', () => {
  it('is closed, then the new one is made, and both are tied together', async () => {
    const old = await scanned()
    const made = await replace(old.out_trade_no)
    expect(made).toStrictEqual({
      message: `Order made: 80.00 yuan for "Tea 茶". Not paid yet. The old order ${old.out_trade_no} can no longer be paid.`,
      message_zh: `订单已创建，金额 80.00 元，等待付款。旧订单 ${old.out_trade_no} 已不能付款。`,
      out_trade_no: expect.stringMatching(/^\d{17}[0-9a-f]{16}$/),
      total_amount: '80.00',
      subject: 'Tea 茶',
      channel: 'page',
      pay_url: expect.stringContaining('alipay.trade.page.pay'),
      time_expire: made.time_expire,
      expires: expect.stringMatching(/^29 minutes left/),
      replaces: old.out_trade_no,
      next_step: expect.stringMatching(/^Show the link whole and unchanged, as \[Pay 80\.00 yuan\]\(pay_url\)/),
      ...local,
    })
    expect(await calls()).toStrictEqual({ [QUERY]: 1, [CLOSE]: 1 })
    await expect(shop.control('pay', { pay_url: old.pay_url })).rejects.toThrow('ACQ.TRADE_HAS_CLOSE')
    await shop.control('pay', { pay_url: made.pay_url })
    expect(await orders()).toMatchObject([
      { out_trade_no: made.out_trade_no, replaces: old.out_trade_no },
      { out_trade_no: old.out_trade_no, replaced_by: made.out_trade_no, state: 'closed' },
    ])
  })

  it('is closed though the answer of the close was lost, and replaced', async () => {
    const old = await scanned()
    await fault(CLOSE, 'lost_after')
    expect(await replace(old.out_trade_no)).toMatchObject({ replaces: old.out_trade_no })
    await expect(shop.control('pay', { pay_url: old.pay_url })).rejects.toThrow('ACQ.TRADE_HAS_CLOSE')
  })

  it('is not replaced when it is not known to be closed; once it is, the same words do it', async () => {
    const old = await scanned()
    await fault(CLOSE, 'lost_before')
    const why = `${old.out_trade_no}, which was to be replaced, could not be closed (it still waits for payment), so both could be paid`
    const steps = expect.stringMatching(/^Call query_payment for .*once it is closed, make the same call again/)
    expect(await replace(old.out_trade_no)).toStrictEqual(notKnownToBeClosed(why, steps, CLOSED_AT_MOST))
    expect(await orders()).toHaveLength(1)
    expect(await replace(old.out_trade_no)).toMatchObject({ replaces: old.out_trade_no })
  })

  it('is not replaced when neither the close nor the order tells, and the answer does not say that nothing was sent', async () => {
    const old = await scanned()
    await fault(CLOSE, 'lost_after')
    await fault(QUERY, 'sign_first')
    await fault(QUERY, 'refuse', { sub_code: 'ACQ.ACCESS_FORBIDDEN', times: 'always' })
    const why = `${old.out_trade_no}, which was to be replaced, could not be closed (Alipay does not tell its state), so both could be paid`
    expect(await replace(old.out_trade_no)).toStrictEqual(
      notKnownToBeClosed(why, expect.stringContaining(`Call query_payment for ${old.out_trade_no}`), CLOSED_AT_MOST),
    )
    expect(await orders()).toHaveLength(1)
  })

  it('is not replaced when Alipay refuses the close: certain, and told as a refusal', async () => {
    const old = await scanned()
    await fault(CLOSE, 'refuse', { sub_code: 'ACQ.REASON_TRADE_STATUS_INVALID' })
    const refused = await replace(old.out_trade_no)
    expect(refused).toMatchObject({ error: 'refused_by_alipay', retry: 'after_change', moved: 'no', isError: true })
    expect(refused.message).toContain('could not be closed (it still waits for payment), so both could be paid')
    expect(await orders()).toHaveLength(1)
    expect(await replace(old.out_trade_no)).toMatchObject({ replaces: old.out_trade_no })
  })

  it('that is paid at the last moment is not replaced', async () => {
    const old = await scanned()
    const close = shop.gateway.close.bind(shop.gateway)
    vi.spyOn(shop.gateway, 'close').mockImplementationOnce(async (...args) => {
      await shop.control('pay', { pay_url: old.pay_url })
      return close(...args)
    })
    const why = `${old.out_trade_no}, which was to be replaced, is paid`
    expect(await replace(old.out_trade_no)).toStrictEqual(
      stopped(why, expect.stringContaining('Tell the merchant'), CLOSED_AT_MOST),
    )
    expect(await orders()).toHaveLength(1)
  })

  it('is not closed when everything is frozen, and neither when the new number is not free', async () => {
    const { out_trade_no } = await scanned()
    const { out_trade_no: taken } = await shop.paidOrder()
    expect(await replace(out_trade_no, { out_trade_no: taken })).toMatchObject({ error: 'invalid_input' })
    const ledger = await shop.ledger()
    await ledger.freeze('a stock check', { at: shop.clock.now(), owner: 'o', host: 'terminal' })
    const refused = await replace(out_trade_no)
    expect(refused).toMatchObject(FROZEN)
    expect(refused.message).toMatch(/^Frozen: the operator froze all .* Beijing time, reason: "a stock check"\.$/)
    expect(await calls()).not.toHaveProperty([CLOSE])
  })
})

describe('an old order without a trade', () => {
  it('cannot be closed: the answer says until when it can still be paid, and reads of it remind of it', async () => {
    const old = await create()
    const until = `${old.time_expire} Beijing time`
    const made = await replace(old.out_trade_no)
    expect(made).toMatchObject({
      message:
        `Order made: 80.00 yuan for "Tea 茶". Not paid yet. Careful: the old order ${old.out_trade_no} cannot be closed` +
        ` before a buyer opens it, and can be paid until ${until}. Tell the buyer not to use the old link.`,
      message_zh: `订单已创建，金额 80.00 元，等待付款。注意：旧订单 ${old.out_trade_no} 还没有买家打开，无法关闭，在 ${until.slice(0, 16)} 前仍可付款，请不要再用旧链接。`,
      replaces: old.out_trade_no,
      old_payable_until: until,
    })
    // The second look is the one that follows a close which closed nothing.
    expect(await calls()).toStrictEqual({ [QUERY]: 2, [CLOSE]: 1 })
    const asked = await query(old.out_trade_no)
    expect(asked).toMatchObject({ close_requested: true, payable_until: until })
    expect(asked).not.toHaveProperty('pay_url')
  })

  it.each([
    ['its close is lost', (): unknown => fault(CLOSE, 'lost_before')],
    ['its close never leaves', () => vi.spyOn(shop.gateway, 'close').mockResolvedValueOnce(DOWN)],
  ])('is told in the same way where %s', async (_, happens) => {
    const { out_trade_no, time_expire } = await create()
    await happens()
    const made = await replace(out_trade_no)
    expect(made).toMatchObject({ replaces: out_trade_no, old_payable_until: `${time_expire} Beijing time` })
    expect(await query(out_trade_no)).toMatchObject({ close_requested: true })
  })
  const DOWN = { outcome: 'refused', refusal: { verified: false, not_sent: 'no network' } } as const

  it('is closed after all where the buyer comes between the look and the close', async () => {
    const { out_trade_no, pay_url } = await create()
    const close = shop.gateway.close.bind(shop.gateway)
    vi.spyOn(shop.gateway, 'close').mockImplementationOnce(async (...args) => {
      await shop.control('scan', { pay_url })
      return close(...args)
    })
    expect(await replace(out_trade_no)).not.toHaveProperty('old_payable_until')
    expect(await query(out_trade_no)).not.toHaveProperty('close_requested')
  })

  it('is no worry any more once it has expired', async () => {
    const { out_trade_no } = await create()
    shop.clock.advance(46 * MINUTE)
    const made = await replace(out_trade_no)
    expect(made).not.toHaveProperty('old_payable_until')
    expect(made.message).toMatch(new RegExp(`The old order ${out_trade_no} can no longer be paid\\.$`))
    expect(await calls()).not.toHaveProperty([CLOSE])
  })

  it('that nobody here knows is not closed, and told to be payable for at most 15 days', async () => {
    const made = await replace('NEVER_MADE')
    expect(made).toMatchObject({ replaces: 'NEVER_MADE' })
    expect(made.old_payable_until).toMatch(/^at most 15 days after its link was made .*check that number/)
    expect(await calls()).toStrictEqual({ [QUERY]: 1 })
  })
})

describe('an old order that is over', () => {
  it('because it was paid is not replaced: no second link for one request', async () => {
    const { out_trade_no } = await shop.paidOrder()
    const why = `${out_trade_no}, which was to be replaced, is paid`
    const next = expect.stringMatching(
      /^Paid: 100\.00 yuan on .* Beijing time\. Paid by the old link: 100\.00 yuan; the new price is 80\.00: 20\.00 yuan too much\. Tell the merchant; refund_payment gives the money back, or a part of it with refund_amount, only if the merchant asks for it\. Only if the merchant asks to give the 20\.00 yuan back, .*\.$/,
    )
    const nothing = 'Nothing was sent. This call moved nothing.'
    expect(await replace(out_trade_no)).toStrictEqual(stopped(why, next, nothing))
    expect(await calls()).toStrictEqual({ [QUERY]: 1 })
  })

  it.each(['closed', 'paid and fully refunded'])('because it was %s is replaced at once', async (how) => {
    const { out_trade_no } = how === 'closed' ? await scanned() : await shop.paidOrder()
    await shop.call(how === 'closed' ? 'close_payment' : 'refund_payment', { out_trade_no })
    expect(await replace(out_trade_no)).toMatchObject({ total_amount: '80.00', replaces: out_trade_no })
  })

  it('is not guessed: without an answer of Alipay nothing is made', async () => {
    const { out_trade_no } = await scanned()
    await fault(QUERY, 'http_502', { times: 'always' })
    const silent = await replace(out_trade_no)
    expect(silent).toMatchObject({ error: 'no_answer', moved: 'no', money: 'This call changed nothing.' })
    expect(silent.message).toMatch(/^No usable answer from Alipay: the order had to be queried first: /)
    expect(await orders()).toHaveLength(1)
  })
})
