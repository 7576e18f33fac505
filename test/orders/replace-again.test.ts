// create_payment with replaces a second time: the same words are the same new order, other words make no third one.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const MINUTE = 60_000
const PRECREATE = 'alipay.trade.precreate'

const shop = useShop()

const tea = { subject: 'Tea 茶', total_amount: '100.00' }
const create = (args: Fields = {}) => shop.call('create_payment', { ...tea, ...args })
const replace = (replaces: unknown, args: Fields = {}) => create({ total_amount: '80.00', replaces, ...args })
const orders = async () => (await (await shop.ledger()).list({ limit: 50 })).orders

const createdBefore = (made: Fields) => ({
  out_trade_no: made.out_trade_no,
  message: `Order ${made.out_trade_no} was made before: 80.00 yuan for "Tea 茶". Nothing new was made.`,
  message_zh: '订单此前已创建，金额 80.00 元，本次没有新建。',
})

async function replaced(): Promise<{ old: Fields; made: Fields }> {
  const old = await create()
  await shop.control('scan', { pay_url: old.pay_url })
  return { old, made: await replace(old.out_trade_no) }
}

describe('the same words again', () => {
  it('give the same new order and link, after a restart, too', async () => {
    const { old, made } = await replaced()
    const again = { ...made, ...createdBefore(made) }
    expect(await replace(old.out_trade_no)).toStrictEqual(again)
    await shop.restart()
    expect(await replace(old.out_trade_no)).toStrictEqual(again)
    expect(await orders()).toHaveLength(2)
  })

  it('say once more that the old link can still be paid', async () => {
    const old = await create()
    const { message, message_zh, ...made } = await replace(old.out_trade_no)
    const again = await replace(old.out_trade_no)
    const careful = String(message).slice(String(message).indexOf(' Careful:'))
    const until = String(made.old_payable_until).slice(0, 16)
    const careful_zh = `注意：旧订单 ${old.out_trade_no} 还没有买家打开，无法关闭，在 ${until} 前仍可付款，请不要再用旧链接。`
    expect(message_zh).toContain(careful_zh)
    const before = createdBefore(made)
    expect(again).toStrictEqual({
      ...made,
      message: before.message + careful,
      message_zh: before.message_zh + careful_zh,
    })
    expect(again.old_payable_until).toBe(`${old.time_expire} Beijing time`)
  })

  it('fetch the code of the new order where it was lost, with its number or without', async () => {
    const old = await create()
    await shop.control('faults', { fault: 'lost_after', method: PRECREATE, times: 4 })
    const { error, out_trade_no } = await replace(old.out_trade_no, { channel: 'qr' })
    expect(error).toBe('unknown')
    const lost = await replace(old.out_trade_no, { channel: 'qr', out_trade_no })
    expect(lost).toMatchObject({ error: 'unknown', out_trade_no })
    const found = await replace(old.out_trade_no, { channel: 'qr' })
    expect(found).toMatchObject({ out_trade_no, qr_content: expect.any(String) })
    expect(await replace(old.out_trade_no, { channel: 'qr', out_trade_no })).toMatchObject({
      qr_content: found.qr_content,
    })
    expect(await orders()).toHaveLength(2)
  })

  it('hand out no link of a new order that was paid: it is said to be', async () => {
    const { old, made } = await replaced()
    await shop.control('pay', { pay_url: made.pay_url })
    const refused = await replace(old.out_trade_no)
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
    expect(refused.message).toContain(`${made.out_trade_no} already belongs to an order of this merchant`)
    expect(refused.message).toContain('(TRADE_SUCCESS, 80.00 yuan). Paid: 80.00 yuan on ')
  })

  it.each([
    ['the words that made it', true],
    ['its number', false],
  ])('hand out no link of the new order once the old one is known to be paid: by %s', async (_, byWords) => {
    const old = await create()
    const made = await replace(old.out_trade_no)
    await shop.control('pay', { pay_url: old.pay_url })
    await shop.call('query_payment', { out_trade_no: old.out_trade_no })
    const { out_trade_no } = made
    const refused = await (byWords ? replace(old.out_trade_no) : create({ total_amount: '80.00', out_trade_no }))
    expect(refused).toMatchObject({
      error: 'invalid_input',
      moved: 'no',
      isError: true,
      message: `${old.out_trade_no}, in the place of which ${out_trade_no} was made, is paid.`,
      next_step: expect.stringMatching(
        `^Tell the merchant\\. Show no link of ${out_trade_no}: call close_payment for it\\. Paid by the old link: 100\\.00 yuan; the new price is 80\\.00: 20\\.00 yuan too much\\.`,
      ),
    })
  })

  it('say nothing of the old link where the old order was paid and given back', async () => {
    const old = await create()
    const made = await replace(old.out_trade_no)
    await shop.control('pay', { pay_url: old.pay_url })
    await shop.call('refund_payment', { out_trade_no: old.out_trade_no })
    const { message, message_zh, ...again } = await replace(old.out_trade_no)
    expect(again).toMatchObject({ out_trade_no: made.out_trade_no, pay_url: made.pay_url })
    expect(again).not.toHaveProperty('old_payable_until')
    expect({ message, message_zh }).toMatchObject({
      message: createdBefore(made).message,
      message_zh: createdBefore(made).message_zh,
    })
  })

  it.each([
    ['was closed', 0],
    ['was closed, long ago', 46],
    ['has expired', 31],
    ['has expired for certain', 46],
  ])('make no third order when the new one %s: the answer says how', async (how, minutes) => {
    const { old, made } = await replaced()
    const { out_trade_no, pay_url } = made
    if (how.startsWith('was closed')) {
      await shop.control('scan', { pay_url })
      await shop.call('close_payment', { out_trade_no })
    }
    shop.clock.advance(minutes * MINUTE)
    expect(await replace(old.out_trade_no)).toMatchObject({
      error: 'invalid_input',
      isError: true,
      message:
        `replaces: ${old.out_trade_no} was already replaced by ${out_trade_no}. Nothing was made now. To replace` +
        ` ${out_trade_no}, give replaces "${out_trade_no}".`,
    })
    const third = await replace(out_trade_no)
    expect(third).toMatchObject({ replaces: out_trade_no })
    expect(third).not.toHaveProperty('old_payable_until')
    expect(await orders()).toHaveLength(3)
  })
})

describe('other words', () => {
  it.each([
    { total_amount: '60.00' },
    { subject: 'Coffee' },
    { channel: 'mobile' },
    { body: 'x' },
    { out_trade_no: 'OWN' },
  ])('do not replace an order twice, but the new one: %j', async (other) => {
    const { old, made } = await replaced()
    const refused = await replace(old.out_trade_no, other)
    expect(refused).toMatchObject({ error: 'invalid_input', isError: true, money: 'This call moved nothing.' })
    expect(refused.message).toContain(`was already replaced by ${made.out_trade_no}. Nothing was made now.`)
    await shop.control('scan', { pay_url: made.pay_url })
    const third = await replace(made.out_trade_no, other)
    expect(third).toMatchObject({ replaces: made.out_trade_no, ...other })
    await expect(shop.control('pay', { pay_url: made.pay_url })).rejects.toThrow('ACQ.TRADE_HAS_CLOSE')
    expect(await orders()).toMatchObject([
      { replaces: made.out_trade_no },
      { replaces: old.out_trade_no, replaced_by: third.out_trade_no },
      { replaced_by: made.out_trade_no },
    ])
  })

  it('cannot name the order itself', async () => {
    expect(await replace('SELF', { out_trade_no: 'SELF' })).toMatchObject({
      error: 'invalid_input',
      message: 'replaces: an order cannot replace itself.',
    })
  })
})
