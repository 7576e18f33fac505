// The one signed read before a link: what Alipay would refuse in the browser of the buyer is refused here.
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Clock } from '../../src/clock.ts'
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts'
import { AlipayGateway } from '../../src/gateway/alipay-gateway.ts'
import { parsePrivateKey, parsePublicKey } from '../../src/settings/keys.ts'

const UNKNOWN_PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 })
const unknownKey = String(UNKNOWN_PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }))

let emulator: Emulator
let gateway: AlipayGateway | undefined
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(async () => {
  gateway?.shutDown()
  await emulator.close()
})

function connect(private_key = emulator.private_key, app_id = emulator.app_id): AlipayGateway {
  const { gateway: address, alipay_public_key } = emulator
  const keys = { privateKey: parsePrivateKey(private_key), alipayPublicKey: parsePublicKey(alipay_public_key) }
  gateway = new AlipayGateway({ gateway: address, app_id, timeout: 2_000, ...keys }, new Clock(), () => {})
  return gateway
}

const fault = async (body: object) => {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${emulator.control_url}/faults`, { method: 'POST', body: JSON.stringify(body), headers })
}
const queries = async () =>
  Object(await (await fetch(`${emulator.control_url}/trades`)).json()).calls['alipay.trade.query']

it('says nothing where Alipay takes app and key, and asks once', async () => {
  const ours = connect()
  expect(await ours.checkIn()).toBeUndefined()
  expect(await ours.checkIn()).toBeUndefined()
  expect(await queries()).toBe(1)
})

it('tells each time, not only the first, that Alipay does not know the key', async () => {
  const ours = connect(unknownKey)
  for (let times = 0; times < 3; times++)
    expect(await ours.checkIn()).toMatchObject({ sub_code: 'isv.invalid-signature' })
})

it('tells that Alipay does not know the app', async () => {
  expect(await connect(undefined, '2021000000000009').checkIn()).toMatchObject({ sub_code: 'isv.invalid-app-id' })
})

it('is silent where no answer comes, and asks again', async () => {
  await emulator.close()
  const ours = connect()
  expect(await ours.checkIn()).toBeUndefined()
  emulator = await startEmulator()
})

it('takes a rate limit for no refusal of the key', async () => {
  const ours = connect()
  await fault({ fault: 'rate_limit', method: 'alipay.trade.query', times: 9 })
  expect(await ours.checkIn()).toBeUndefined()
})
