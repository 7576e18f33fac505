// What Alipay hears of a notification, and that `success` means: it is in the ledger.
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { type Receiving, receiveNotification } from '../../src/front/receive-notification.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { actor, NOON, opened, order } from '../ledger/places.ts'
import { PAID, signedBody } from '../notifications/notification-bodies.ts'

const { app_id = '', seller_id } = PAID
const OTHER_APP = '9021000000000002'

async function receiving(forward?: Receiving['forward']): Promise<{
  ledger: Ledger
  receive: (body: string) => ReturnType<typeof receiveNotification>
}> {
  const ledger = await opened()
  await ledger.reserveOrder(order('ORDER_1', { total_amount: '20.00' }), {}, actor())
  const keys = new Map([
    [app_id, alipay.publicKey],
    [OTHER_APP, app.publicKey],
  ])
  const all = {
    alipayPublicKeys: keys,
    app_id,
    recipient: { app_ids: [...keys.keys()], seller_id },
    ledger,
    actor,
    forward,
  }
  return { ledger, receive: (body) => receiveNotification(Buffer.from(body), all) }
}

const found = async (ledger: Ledger) => (await ledger.order({ out_trade_no: 'ORDER_1' }))?.trade_status

it('a genuine one is in the ledger before success is said, and once', async () => {
  const { ledger, receive } = await receiving()
  expect(await receive(signedBody(PAID))).toEqual({
    status: 200,
    body: 'success',
    line: {
      en: 'Notification of order ORDER_1 (TRADE_SUCCESS, 20.00 yuan) is in the ledger.',
      zh: '订单 ORDER_1 的通知（TRADE_SUCCESS，20.00 元）已写入账本。',
    },
  })
  expect(await found(ledger)).toBe('TRADE_SUCCESS')
  expect(await receive(signedBody(PAID))).toMatchObject({
    body: 'success',
    line: { en: expect.stringContaining('already') },
  })
})

it('a forged one of an order that is here is asked about, and told once an hour; of another one neither', async () => {
  const ledger = await opened()
  let now = NOON
  await ledger.reserveOrder(order('ORDER_1', { total_amount: '20.00' }), {}, actor(now))
  const receiving = {
    alipayPublicKeys: new Map([[app_id, alipay.publicKey]]),
    app_id,
    recipient: { app_ids: [app_id], seller_id },
    ledger,
    actor: () => actor(now),
  }
  const forge = (fields: object) =>
    receiveNotification(Buffer.from(signedBody({ ...PAID, ...fields }, { key: app.privateKey })), receiving)
  const left = async () => [(await ledger.unsentAlerts(9)).length, (await ledger.queryRequests()).length]
  await forge({ out_trade_no: 'NOT_HERE' })
  expect(await left()).toEqual([0, 0])
  await forge({})
  expect(await left()).toEqual([1, 1])
  for (const request of await ledger.queryRequests()) await ledger.endQueryRequest(request)
  await forge({ notify_id: '2' })
  expect(await left()).toEqual([1, 0])
  now += 60 * 60_000
  await forge({ notify_id: '3' })
  expect(await left()).toEqual([2, 1])
})

it('one of another app of the merchant is verified with the key for that app', async () => {
  const { ledger, receive } = await receiving()
  const fields = { ...PAID, app_id: OTHER_APP }
  expect(await receive(signedBody(fields))).toMatchObject({ status: 400, body: 'fail' })
  expect(await receive(signedBody(fields, { key: app.privateKey }))).toMatchObject({ body: 'success' })
  expect(await found(ledger)).toBe('TRADE_SUCCESS')
})

describe('success without a change, since it is in the record', () => {
  it.each([
    ['another amount', { total_amount: '1.00' }, "because it differs: total_amount is not the order's."],
    ['another seller', { seller_id: '2088000000000009' }, 'because it differs: seller_id is not ALIPAY_SELLER_ID.'],
    ['another order', { out_trade_no: 'OTHER' }, 'this ledger does not have the order'],
    ['another kind', { trade_status: 'NORMAL' }, 'of another kind'],
  ])('%s', async (_, more, said) => {
    const { ledger, receive } = await receiving()
    const answer = await receive(signedBody({ ...PAID, ...more }))
    expect(answer).toMatchObject({ status: 200, body: 'success', line: { en: expect.stringContaining(said) } })
    expect(await found(ledger)).toBeUndefined()
  })
})

describe('fail, and nothing changed', () => {
  it.each([
    ['forged', signedBody(PAID, { key: app.privateKey }), 'wrong_signature'],
    [
      'of an app that is not the merchant’s',
      signedBody({ ...PAID, app_id: '1' }, { key: app.privateKey }),
      'wrong_signature',
    ],
    ['altered', signedBody(PAID).replace('20.00', '2.00'), 'wrong_signature'],
    ['unsigned', signedBody(PAID).replace(/&sign=.*/, ''), 'no_signature'],
    ['SHA1', signedBody({ ...PAID, sign_type: 'RSA' }, { digest: 'sha1' }), 'not_rsa2'],
    ['doubled', `${signedBody(PAID)}&trade_status=TRADE_SUCCESS`, 'repeated_name'],
    ['JSON', '{}', 'not_a_form'],
  ])('%s', async (_, body, fault) => {
    const { ledger, receive } = await receiving()
    const events = await ledger.events({})
    expect(await receive(body)).toMatchObject({
      status: 400,
      body: 'fail',
      line: { en: expect.stringContaining(`(${fault})`) },
    })
    expect(await ledger.events({})).toEqual(events)
    expect(await found(ledger)).toBeUndefined()
  })
})

it('a line for the operator quotes what it was sent in one line, and not all of it', async () => {
  const { receive } = await receiving()
  const {
    line: { en: line },
  } = await receive(signedBody({ ...PAID, out_trade_no: `A\n[alipay-mcp] paid${'x'.repeat(500)}` }))
  expect(line).not.toContain('\n')
  expect(line.length).toBeLessThan(400)
})

describe('passed on to the merchant’s own system', () => {
  const answered = (status: number, text: string) =>
    ({ kind: 'answered', host: 'x', status, bytes: Buffer.from(text) }) as const

  async function forwarding(exchanged: Awaited<ReturnType<NonNullable<Receiving['forward']>>>) {
    const bodies: string[] = []
    const forward = async (body: Buffer) => {
      bodies.push(body.toString())
      return exchanged
    }
    return { bodies, ...(await receiving(forward)) }
  }

  it('unchanged, once it is in the ledger, and its answer is what Alipay gets', async () => {
    const { bodies, ledger, receive } = await forwarding(answered(200, 'success'))
    const body = signedBody(PAID)
    expect(await receive(body)).toMatchObject({ status: 200, body: 'success' })
    expect([bodies, await found(ledger)]).toEqual([[body], 'TRADE_SUCCESS'])
    await receive(body)
    expect(bodies).toHaveLength(2)
  })

  it.each([
    ['refuses', answered(500, 'busy'), 500, 'busy', 'did not answer success (HTTP 500)'],
    ['says something else', answered(200, 'ok'), 200, 'ok', 'did not answer success (HTTP 200)'],
    ['gives no answer', { kind: 'lost', why: 'no answer within 5000 ms' }, 502, 'fail', 'gave no answer'],
  ] as const)(
    'a system that %s is no success, and the ledger has it all the same',
    async (_, exchanged, status, text, why) => {
      const { ledger, receive } = await forwarding(exchanged)
      expect(await receive(signedBody(PAID))).toMatchObject({
        status,
        body: text,
        line: { en: expect.stringContaining(why) },
      })
      expect(await found(ledger)).toBe('TRADE_SUCCESS')
    },
  )

  it('never what is not genuine', async () => {
    const { bodies, receive } = await forwarding(answered(200, 'success'))
    expect(await receive(signedBody(PAID, { key: app.privateKey }))).toMatchObject({ status: 400, body: 'fail' })
    expect(bodies).toEqual([])
  })
})

it('a ledger that cannot be written is no success', async () => {
  const { ledger, receive } = await receiving()
  ledger.close()
  await expect(receive(signedBody(PAID))).rejects.toThrow(LedgerError)
})
