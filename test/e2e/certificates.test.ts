// The built server in certificate mode 公钥证书模式: a payment from link to refund, and a changed certificate of Alipay's.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { control, pay, RawServer } from './hosts.ts'

it('takes a payment with certificates, and does not believe an answer under another one', async () => {
  const emulator = await startEmulator({ certificates: true })
  const folder = mkdtempSync(join(tmpdir(), 'alipay-mcp-test-'))
  const file = (name: string, text = '') => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const server = new RawServer({
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: emulator.private_key,
    ALIPAY_APP_CERT_FILE: file('app.crt', emulator.app_cert),
    ALIPAY_PUBLIC_CERT_FILE: file('alipay.crt', emulator.alipay_cert),
    ALIPAY_ROOT_CERT_FILE: file('root.crt', emulator.root_cert),
  })
  await server.open('2025-11-25')
  const { out_trade_no, pay_url } = await server.call('create_payment', {
    subject: 'Tea',
    total_amount: '2.00',
  })
  await pay(pay_url)
  expect(await server.call('query_payment', { out_trade_no })).toMatchObject({ paid: true })
  expect(await server.call('refund_payment', { out_trade_no })).toMatchObject({
    moved: 'now',
    refunded_total: '2.00',
  })

  const changed = { fault: 'other_cert_sn', method: 'alipay.trade.query', times: 'always' }
  await control(emulator.gateway, 'faults', changed)
  const unbelieved = await server.call('query_payment', { out_trade_no })
  expect(unbelieved).toMatchObject({ error: 'no_answer', isError: true })
  expect(unbelieved.message).toContain('signed with another certificate than ALIPAY_PUBLIC_CERT_FILE')
  await server.end()
  await emulator.close()
})
