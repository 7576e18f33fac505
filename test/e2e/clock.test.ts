// A computer whose clock is wrong: links expire by Alipay's clock, and the operator is told.
import { expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { control, RawServer } from './hosts.ts'

it('follows the time of the gateway for a first link, and warns of a clock that is an hour off', async () => {
  const emulator = await startEmulator()
  await control(emulator.gateway, 'clock', { seconds: 3600 })
  const server = new RawServer({
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
  })
  await server.open('2025-11-25')
  const made = await server.call('create_payment', {
    subject: 'Tea',
    total_amount: 1,
    expires_in_minutes: 30,
  })
  const expires = Date.parse(`${String(made.time_expire).replace(' ', 'T')}+08:00`)
  expect(Math.abs(expires - Date.now() - 90 * 60_000)).toBeLessThan(60_000)
  expect(server.stderr).toMatch(/60 minutes behind Alipay's, by which orders expire; set it right/)
  await control(emulator.gateway, 'pay', { pay_url: made.pay_url })
  expect(await server.call('query_payment', { out_trade_no: made.out_trade_no })).toMatchObject({
    paid: true,
  })
  await server.end()
  await emulator.close()
})

it('answers a call whose line came with the end of standard input', async () => {
  const server = new RawServer()
  await server.open('2025-11-25')
  const answer = server.call('query_payment', { out_trade_no: 'LAST' })
  server.child.stdin.end()
  expect(await answer).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect(await server.exited).toBe(0)
})
