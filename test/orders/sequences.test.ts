// Whole stories of orders that go another way than they began, each held against the emulator's trades.
import { expect, it } from 'vitest'
import { DAY_MS } from '../noon.ts'
import { type Fields, useShop } from '../shop.ts'

const shop = useShop()

const tea = { subject: 'Tea', total_amount: '100.00', expires_in_minutes: 2_880 }
const asked = (tool: string, { out_trade_no }: Fields) => shop.call(tool, { out_trade_no })

it('link for 100 shown, "make it 80", the old link paid', async () => {
  const old = await shop.call('create_payment', tea)
  const replaces = old.out_trade_no
  const made = await shop.call('create_payment', { ...tea, total_amount: '80.00', replaces })
  expect(made.message).toMatch(
    /cannot be closed before a buyer opens it, and can be paid until .* Tell the buyer not to use the old link\.$/,
  )
  await shop.control('pay', { pay_url: old.pay_url })
  const waited = await asked('wait_for_payment', made)
  expect(waited).toMatchObject({ paid: false, paid_instead: replaces })
  expect(waited.next_step).toMatch(/the other link was paid, and the buyer not to use this one/)
  expect(await asked('query_payment', old)).toMatchObject({ paid: true, total_amount: '100.00' })
  expect(await asked('close_payment', made)).toMatchObject({ closed: false })
  const back = { out_trade_no: replaces, refund_amount: '20.00' }
  expect(await shop.call('refund_payment', back)).toMatchObject({ moved: 'now' })
  const { trades } = await shop.trades()
  expect(trades.filter(({ out_trade_no }) => out_trade_no === replaces)).toMatchObject([{ refunded: '20.00' }])
})

it('the server gone after the link was shown, another host the next day: found, continued and finished', async () => {
  const { out_trade_no, pay_url } = await shop.call('create_payment', tea)
  shop.clock.advance(DAY_MS)
  await shop.restart()
  const { orders, next_step } = await shop.call('list_payments', { state: 'waiting', text: 'tea' })
  expect(orders).toMatchObject([{ out_trade_no, state: 'waiting', total_amount: '100.00' }])
  expect(next_step).toMatch(
    /^Waiting: query_payment shows the link again; make no second order\. .*paying now: call wait_for_payment/,
  )
  expect(await asked('query_payment', { out_trade_no })).toMatchObject({ paid: false, pay_url })
  const { expires_in_minutes, ...words } = tea
  const again = await shop.call('create_payment', { ...words, out_trade_no })
  expect(again).toMatchObject({ out_trade_no, pay_url })
  await shop.control('pay', { pay_url })
  expect(await asked('wait_for_payment', { out_trade_no })).toMatchObject({ paid: true })
  expect(await asked('refund_payment', { out_trade_no })).toMatchObject({ moved: 'now' })
  expect(await shop.call('list_payments', { text: String(out_trade_no) })).toMatchObject({
    orders: [{ out_trade_no, state: 'refunded', refunded_total: '100.00' }],
    count: 1,
  })
  expect(await shop.trades()).toMatchObject({ paid: '100.00', refunded: '100.00' })
})
