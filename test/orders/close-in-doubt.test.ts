// Closes as a reviewer broke them: an order that was paid and given back, and one that belongs to another shop.
import { beforeEach, describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const CLOSE = 'alipay.trade.close'
const shop = useShop()

const create = (args: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: '100.00', ...args })
const closes = async () => Object(await shop.trades()).calls[CLOSE] ?? 0

it.each(['lost_before', 'lost_after'])(
  'a close of unknown outcome is told by what became of the order since: %s',
  async (fault) => {
    const { out_trade_no, pay_url } = await create()
    await shop.control('scan', { pay_url })
    await shop.control('faults', { fault, method: CLOSE })
    await shop.call('close_payment', { out_trade_no })
    if (fault === 'lost_before') {
      await shop.control('pay', { pay_url })
      await shop.control('refund', { out_trade_no, refund_amount: '100.00' })
    }
    await shop.call('query_payment', { out_trade_no })
    const [close] = await (await shop.ledger()).intents(String(out_trade_no))
    expect(close).toMatchObject({ kind: 'close', state: fault === 'lost_before' ? 'refused' : 'done' })
    const again = await shop.call('close_payment', { out_trade_no })
    expect(again.message).toContain(
      fault === 'lost_before'
        ? 'Fully refunded: 100.00 yuan.'
        : 'Closed without payment: nobody can pay the 100.00 yuan',
    )
    expect(again.message).not.toContain('was not paid')
    const refunded = fault === 'lost_before' ? 'full' : 'none_known'
    expect(again).toMatchObject({ closed: fault === 'lost_after', paid: false, refunded })
  },
)

describe("another shop's order of another amount under an own number", () => {
  let trade_no: string
  beforeEach(async () => {
    const made = await create({ out_trade_no: 'A1', total_amount: '10.00' })
    const theirs = { out_trade_no: 'A1', total_amount: '100.00', subject: 'Web shop' }
    const time_expire = String(made.time_expire)
    await shop.control('scan', { pay_url: await shop.gateway.payLink('page', { ...theirs, time_expire }) })
    const asked = await shop.gateway.query({ out_trade_no: 'A1' })
    trade_no = asked.outcome === 'done' ? asked.answer.trade_no : ''
  })

  it.each<[string, () => Promise<Fields>]>([
    ['close_payment by its number', () => shop.call('close_payment', { out_trade_no: 'A1' })],
    ['close_payment by its trade', () => shop.call('close_payment', { trade_no })],
    ['replaces', () => create({ total_amount: '80.00', replaces: 'A1' })],
    [
      'close_payment after a query',
      async () => {
        await shop.call('query_payment', { out_trade_no: 'A1' })
        return shop.call('close_payment', { out_trade_no: 'A1' })
      },
    ],
  ])('is not closed by %s', async (_, operation) => {
    const refused = await operation()
    expect(refused).toMatchObject({ error: 'invalid_input', moved: 'no', isError: true })
    expect(refused.money).toMatch(/^Nothing was sent/)
    expect(refused.message).toMatch(/Alipay has 100\.00 yuan under .*, and 10\.00 was asked here/)
    expect(await closes()).toBe(0)
    const { trades } = await shop.trades()
    expect(trades).toMatchObject([{ out_trade_no: 'A1', trade_status: 'WAIT_BUYER_PAY' }])
  })
})
