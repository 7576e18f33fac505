// Orders that replace a number which this ledger does not have, and chains of replacements that an agent makes long.
import { describe, expect, it } from 'vitest'
import { type Fields, useShop } from '../shop.ts'

const shop = useShop()

const make = (more: Fields = {}) => shop.call('create_payment', { subject: 'Tea', total_amount: '10.00', ...more })
const query = ({ out_trade_no }: Fields) => shop.call('query_payment', { out_trade_no })

describe('a number that was replaced before it came into the ledger', () => {
  it.each([false, true])(
    'gets no link, so that one request has one: in the place of the new one: %s',
    async (circle) => {
      const made = await make({ total_amount: '12.00', replaces: 'INV_1' })
      expect(made.message).toContain('check that number, which neither this ledger nor Alipay knows')
      const refused = await make({ out_trade_no: 'INV_1', ...(circle && { replaces: made.out_trade_no }) })
      expect(refused).toMatchObject({ error: 'invalid_input', isError: true })
      expect(refused.message).toContain(`INV_1 was replaced by ${made.out_trade_no}`)
      await shop.control('pay', { pay_url: made.pay_url })
      expect(await query(made)).not.toHaveProperty('paid_twice')
    },
  )
})

it('paid twice is told however often the order was replaced', async () => {
  const all = [await make({ total_amount: '20.00' })]
  for (let n = 1; n < 14; n++) {
    all.push(await make({ total_amount: `${20 + n}.00`, replaces: all.at(-1)?.out_trade_no }))
  }
  const ends = [all[0] ?? {}, all.at(-1) ?? {}]
  for (const { pay_url } of ends) await shop.control('pay', { pay_url })
  for (const end of ends) {
    const { paid_twice } = await query(end)
    for (const { out_trade_no } of ends) expect(paid_twice).toContain(out_trade_no)
  }
})

it('an order whose code is fetched again after all is not to be closed any more', async () => {
  await shop.control('faults', { fault: 'lost_before', method: 'alipay.trade.precreate', times: 2 })
  const { out_trade_no } = await make({ channel: 'qr' })
  await shop.call('close_payment', { out_trade_no })
  expect(await query({ out_trade_no })).toMatchObject({ close_requested: true })
  expect(await make({ channel: 'qr', out_trade_no })).not.toHaveProperty('error')
  expect(await query({ out_trade_no })).not.toHaveProperty('close_requested')
})
