// The sandbox's own rules, which are off by default: one full refund only, and fifteen hours.
import { beforeEach, expect, test } from 'vitest'
import { gbkText, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw({ sandboxRules: true })
beforeEach(() => client.control('/sandbox', { on: true }))

const refund = (refund_amount: string, out_request_no: string) =>
  client.refund({ out_trade_no: 'S', refund_amount, out_request_no })
const open = (more: object) => client.open(client.link('alipay.trade.page.pay', pageOrder('S', more)))

test('a full refund works once; even its repeat is refused', async () => {
  await client.paid('S')
  expect(await refund('20.00', 'A')).toMatchObject({ fund_change: 'Y' })
  expect(await refund('20.00', 'A')).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' })
  expect(await client.refundQuery('S', 'A')).toMatchObject({ refund_status: 'REFUND_SUCCESS' })
})

test('a partial refund is refused and uses up the only try', async () => {
  await client.paid('S')
  expect(await refund('5.00', 'A')).toMatchObject({ sub_code: 'ACQ.REASON_TRADE_REFUND_FEE_ERR' })
  expect(await refund('20.00', 'B')).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  await client.control('/sandbox', { on: false })
  expect(await refund('5.00', 'A')).toMatchObject({ fund_change: 'Y' })
})

test('a link lives fifteen hours at most', async () => {
  expect((await open({ timeout_express: '15h' })).status).toBe(302)
  expect(await gbkText(await open({ timeout_express: '16h' }))).toContain('ACQ.INVALID_PARAMETER')
  await client.control('/reset', {})
  await client.control('/scan', { pay_url: client.link('alipay.trade.page.pay', pageOrder('S')) })
  await client.wait(15 * 3600)
  expect(await client.query('S')).toMatchObject({ trade_status: 'TRADE_CLOSED' })
})

test('the list says which rules hold, and a reset does not change them', async () => {
  expect(await client.trades()).toMatchObject({ sandbox_rules: true })
  await client.control('/sandbox', { on: false })
  await client.control('/reset', {})
  expect(await client.trades()).toMatchObject({ sandbox_rules: false })
})
