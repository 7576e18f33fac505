// Two apps of one merchant at one emulator: each has its own key, and both see the same trades.
import { expect, it } from 'vitest'
import { pageOrder, RawClient, useRaw } from './raw-client.ts'

const first = await useRaw({ apps: 2 })
const second = new RawClient({ ...first.emulator, ...first.emulator.apps[1] })

it('tells both apps, the first one also as the only one of before', () => {
  const { apps, app_id, private_key, app_public_key } = first.emulator
  expect(apps[0]).toStrictEqual({ app_id, private_key, public_key: app_public_key })
  expect(new Set(apps.map((app) => app.app_id)).size).toBe(2)
  expect(new Set(apps.map((app) => app.private_key)).size).toBe(2)
})

it('lets the second app query and refund what was paid through the first', async () => {
  await first.paid('SHARED')
  expect(await second.query('SHARED')).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
  const request = { out_trade_no: 'SHARED', out_request_no: 'R1', refund_amount: '5.00' }
  expect(await second.refund(request)).toMatchObject({ fund_change: 'Y' })
  expect(await first.refund(request)).toMatchObject({ fund_change: 'N', refund_fee: '5.00' })
})

it('knows each app by its own key only, and signs what it answers to both', async () => {
  const stolen = first.signed(second.params('alipay.trade.query', { out_trade_no: 'SHARED' }))
  const refused = await first.send(stolen)
  expect(refused).toMatchObject({ verified: true, response: { sub_code: 'isv.invalid-signature' } })
  const { verified } = await second.call('alipay.trade.query', { out_trade_no: 'SHARED' })
  expect(verified).toBe(true)
  const nobody = await second.call('alipay.trade.query', {}, { app_id: '9021000000000000' })
  expect(nobody).toMatchObject({ verified: undefined, response: { sub_code: 'isv.invalid-app-id' } })
})

it('names the app that made the link when the buyer returns', async () => {
  const return_url = 'https://merchant.example/return'
  const pay_url = second.link('alipay.trade.page.pay', pageOrder('RETURNS'), { return_url })
  const { body } = await second.control('/pay', { pay_url })
  const back = new URL(Object(body).return_url).searchParams
  expect(back.get('app_id')).toBe(second.emulator.app_id)
  expect(back.get('auth_app_id')).toBe(second.emulator.app_id)
})
