// What the emulator tells a merchant of agreements: where it goes, what it says, how it is signed and sent again.
import { AlipaySdk } from 'alipay-sdk'
import { beforeEach, expect, test } from 'vitest'
import { AgreementClient, PRODUCT, SCENE, USUAL_RULES } from './agreement-client.ts'
import { useRaw } from './raw-client.ts'
import { useReceiver } from './receiver.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
/** The app's gateway address, and the notify_url of calls. */
const gateway = await useReceiver()
const called = await useReceiver()

beforeEach(async () => {
  await agreements.rules(USUAL_RULES)
  await client.control('/app', { gateway_url: gateway.url })
})

interface Listed {
  event: string
  notify_url: string
  agreement_no: string
  notify_id: string
  confirmed: boolean
  deliveries: object[]
}

async function listed(): Promise<Listed[]> {
  const answer = await fetch(`${client.emulator.control_url}/notifications`)
  return ((await answer.json()) as { notifications: Listed[] }).notifications
}

/** Until so many were answered, wherever they went. */
async function arrived(count: number): Promise<Listed[]> {
  const answered = async () => (await listed()).filter(({ deliveries }) => deliveries.length > 0).length
  await expect.poll(answered, { timeout: 10_000 }).toBe(count)
  return listed()
}

const now = async () => ((await client.trades()) as { now: string }).now
const fieldsOf = (index: number) => Object.fromEntries(gateway.received[index]?.fields ?? [])

/** V1: all values but sign and sign_type. */
function isGenuine({ sign = '', sign_type: _, ...rest }: Record<string, string>): boolean {
  const text = Object.keys(rest)
    .sort()
    .map((name) => `${name}=${rest[name]}`)
    .join('&')
  return client.alipayVerifies(text, sign)
}

test('a signature goes to the gateway address with the recorded fields, signed', async () => {
  const agreement_no = await agreements.signed('A1', { external_logon_id: '13852852877' }, 'buyer2')
  await arrived(1)
  const at = await now()
  expect(fieldsOf(0)).toStrictEqual({
    charset: 'utf-8',
    notify_time: at,
    alipay_user_id: '2088000000000203',
    version: '1.0',
    notify_id: expect.stringMatching(/^2026\d{30}$/),
    notify_type: 'dut_user_sign',
    auth_app_id: client.emulator.app_id,
    app_id: client.emulator.app_id,
    sign_type: 'RSA2',
    agreement_no,
    external_agreement_no: 'A1',
    personal_product_code: 'CYCLE_PAY_AUTH_P',
    sign_scene: SCENE.sign_scene,
    external_logon_id: '13852852877',
    alipay_logon_id: '159******00',
    sign_time: at,
    valid_time: at,
    invalid_time: '2115-02-01 00:00:00',
    next_deduct_time: '2026-12-06',
    status: 'NORMAL',
    sign: expect.any(String),
  })
  expect(isGenuine(fieldsOf(0))).toBe(true)
  expect(isGenuine({ ...fieldsOf(0), status: 'UNSIGN' })).toBe(false)
  expect(await listed()).toMatchObject([{ event: 'sign', agreement_no, confirmed: true }])
})

test.each(['merchant', 'buyer'])('an unsigning by the %s goes there, too', async (by) => {
  const agreement_no = await agreements.signed('A1')
  await client.wait(60)
  if (by === 'merchant') await agreements.unsign({ agreement_no })
  else await client.control('/agreements/unsign', { agreement_no })
  await arrived(2)
  const fields = fieldsOf(1)
  expect(fields).toMatchObject({
    notify_type: 'dut_user_unsign',
    status: 'UNSIGN',
    unsign_time: await now(),
    agreement_no,
    external_agreement_no: 'A1',
    ...SCENE,
  })
  expect(fields).not.toHaveProperty('sign_time')
  expect(isGenuine(fields)).toBe(true)
})

test("alipay-sdk's own check says yes to both", async () => {
  const sdk = new AlipaySdk({
    appId: client.emulator.app_id,
    privateKey: client.emulator.private_key_pkcs1,
    alipayPublicKey: client.emulator.alipay_public_key,
  })
  await agreements.unsign({ agreement_no: await agreements.signed('A1') })
  await arrived(2)
  expect([0, 1].map((index) => sdk.checkNotifySignV2(fieldsOf(index)))).toEqual([true, true])
})

test('without a gateway address nobody hears of it', async () => {
  await client.control('/app', { gateway_url: null })
  await agreements.unsign({ agreement_no: await agreements.signed('A1') })
  expect(await listed()).toEqual([])
})

test('a gateway address elsewhere is listed and not sent to', async () => {
  await client.control('/app', { gateway_url: 'https://shop.example/notify' })
  await agreements.signed('A1')
  expect(await listed()).toMatchObject([{ event: 'sign', deliveries: [], notify_url: 'https://shop.example/notify' }])
})

test.each([
  ['gateway_only', 0],
  ['notify_url_first', 2],
])('notify_url of the call counts by the switch: %s', async (agreement_notification, count) => {
  await agreements.rules({ agreement_notification })
  const notify_url = called.url
  const sign_url = agreements.signLink('A1', {}, { notify_url })
  const { body } = await client.control('/agreements/sign', { sign_url })
  await agreements.unsign({ agreement_no: (body as { agreement_no: string }).agreement_no }, { notify_url })
  await arrived(2)
  expect([called.received.length, gateway.received.length]).toEqual([count, 2 - count])
  // The buyer's own unsigning names none.
  await client.control('/agreements/unsign', { agreement_no: await agreements.signed('A2') })
  await arrived(4)
  expect(gateway.received).toHaveLength(4 - count)
})

test('until it is confirmed it comes again, and it can be sent in other forms', async () => {
  gateway.answer = () => [500, '']
  const agreement_no = await agreements.signed('A1')
  await arrived(1)
  await client.wait(240)
  expect(new Set(gateway.received.map(({ body }) => body)).size).toBe(1)
  expect(gateway.received).toHaveLength(2)
  gateway.answer = () => [200, 'success']
  const send = (form: string) => client.control('/notifications/send', { agreement_no, form })
  for (const form of ['again', 'forged', 'other_agreement', 'other_app'])
    expect(await send(form)).toMatchObject({ status: 200 })
  const [again, forged, agreement, app] = [2, 3, 4, 5].map(fieldsOf)
  expect([again, forged, agreement, app].map((fields = {}) => isGenuine(fields))).toEqual([true, false, true, true])
  expect(agreement?.external_agreement_no).toBe('AGREEMENTOFANOTHERSHOP')
  expect(app?.app_id).toBe('9021000000000000')
})

test('the end of its validity is not notified', async () => {
  await agreements.signed('A1', { sign_validity_period: '1d' })
  await arrived(1)
  await client.wait(2 * 24 * 3600)
  expect(await listed()).toHaveLength(1)
})

test('a charge is notified as every trade, to its own notify_url', async () => {
  const period_rule_params = {
    period_type: 'DAY',
    period: '7',
    execute_time: (await now()).slice(0, 10),
    single_amount: '15.00',
  }
  const agreement_no = await agreements.signed('A1', { period_rule_params })
  await agreements.next(agreement_no, { outcome: 'in_process', seconds: 60 })
  await agreements.charge(agreement_no, 'C1', PRODUCT, { notify_url: called.url })
  expect(called.received).toEqual([])
  await client.wait(60)
  expect(called.received.map(({ fields }) => fields.get('trade_status'))).toEqual(['TRADE_SUCCESS'])
  expect(Object.fromEntries(called.received[0]?.fields ?? [])).toMatchObject({
    notify_type: 'trade_status_sync',
    out_trade_no: 'C1',
    total_amount: '15.00',
    receipt_amount: '15.00',
  })
  await client.refund({ out_trade_no: 'C1', refund_amount: '15.00' })
  await expect.poll(() => called.received.length).toBe(2)
  expect(called.received[1]?.fields.get('refund_fee')).toBe('15.00')
})

test('the gateway address is read with the console, and a reset forgets it', async () => {
  expect(await client.trades()).toMatchObject({ gateway_url: gateway.url })
  expect(await client.control('/app', { gateway_url: 'ftp://x' })).toMatchObject({ status: 400 })
  expect(await client.control('/app', {})).toMatchObject({ status: 400 })
  await client.control('/reset', {})
  expect(await client.trades()).toMatchObject({ gateway_url: null, app: 'online' })
})
