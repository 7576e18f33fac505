// A key that Alipay does not know: no buyer gets a link that Alipay will turn away.
import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { RawServer } from './hosts.ts'

it('keeps a link of a key that Alipay does not know from the buyer, and says what to upload', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const emulator = await startEmulator()
  const server = new RawServer({
    ALIPAY_GATEWAY: emulator.gateway,
    ALIPAY_APP_ID: emulator.app_id,
    ALIPAY_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    ALIPAY_PUBLIC_KEY: emulator.alipay_public_key,
  })
  await server.open('2025-11-25')
  const made = await server.call('create_payment', { subject: 'Tea', total_amount: '1.00' })
  expect(made).toMatchObject({ sub_code: 'isv.invalid-signature' })
  expect(made).not.toHaveProperty('pay_url')
  expect(JSON.stringify(made)).toMatch(/应用公钥/)
  expect(await server.call('list_payments', {})).toMatchObject({ orders: [] })
  await server.end()
  await emulator.close()
})
