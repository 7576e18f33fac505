// Notifications of agreements: what is believed of them, and that they do nothing but have Alipay asked.
import { describe, expect, it } from 'vitest'
import { receiveNotification } from '../../src/front/receive-notification.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { alipay, app } from '../keys-for-tests.ts'
import { actor, HOUR, MINUTE, NOON, opened } from '../ledger/places.ts'
import { signedBody } from '../notifications/notification-bodies.ts'

const APP = '9021000000000001'
const OTHER_APP = '9021000000000002'
/** As recorded, without what is not read. */
const SIGNED: Readonly<Record<string, string>> = {
  ...{ charset: 'utf-8', notify_time: '2026-03-02 12:02:01', version: '1.0', sign_type: 'RSA2' },
  ...{ notify_id: '2026030200222100001000000000000004', notify_type: 'dut_user_sign', status: 'NORMAL' },
  ...{ external_agreement_no: 'S1', agreement_no: '20260000000000000001', app_id: APP, auth_app_id: APP },
  ...{ alipay_user_id: '2088000000000102', alipay_logon_id: '159****0000', sign_time: '2026-03-02 12:02:00' },
  ...{ personal_product_code: 'CYCLE_PAY_AUTH_P', sign_scene: 'INDUSTRY|DIGITAL_MEDIA' },
}
const UNSIGNED = { ...SIGNED, notify_type: 'dut_user_unsign', status: 'UNSIGN', notify_id: '5' }

/** With one subscription that was opened and asked about at noon. */
async function receiving(forward?: (body: Buffer) => Promise<never>) {
  const ledger = await opened()
  let now = NOON
  await ledger.reserveSubscription(
    {
      ...{ external_agreement_no: 'S1', items_hash: 'h', token: 'T1', limits: {}, offer_until: NOON + HOUR },
      sign_links: { page: 'https://pay.example/?sign', mobile: 'alipays://sign' },
      terms: {
        ...{ plan: 'news', subject: 'A letter a month', price_fen: 1_500, period_type: 'MONTH', period: 1 },
        ...{ ceiling_fen: 2_000, announce: 'own' },
      },
    },
    actor(),
  )
  await ledger.pressSign('T1', 'mobile', actor())
  await ledger.recordAgreement('S1', 'none', actor())
  now += HOUR - MINUTE
  const all = {
    ...{ app_id: APP, ledger, forward, actor: () => actor(now), recipient: { app_ids: [APP], seller_id: '2088' } },
    alipayPublicKeys: new Map([[APP, alipay.publicKey]]),
  }
  return {
    ledger,
    pass(ms: number) {
      now += ms
    },
    isAsked: async () => (await ledger.dueAgreements(now, 9)).length === 1,
    receive: (body: string) => receiveNotification(Buffer.from(body), all),
  }
}

const standing = (ledger: Ledger) => ledger.subscription({ external_agreement_no: 'S1' })

describe.each([SIGNED, UNSIGNED])('a genuine $notify_type', (fields) => {
  it('is in the ledger before success is said, and has Alipay asked; by itself it changes nothing', async () => {
    const { ledger, isAsked, receive } = await receiving()
    const before = await standing(ledger)
    expect(await isAsked()).toBe(false)
    expect(await receive(signedBody(fields))).toStrictEqual({
      ...{ status: 200, body: 'success' },
      line: {
        en: `Notification of subscription S1 (${fields.notify_type}) is recorded, and the watcher asks Alipay how it stands.`,
        zh: `订阅 S1 的通知（${fields.notify_type}）已记录，watcher 将向支付宝查询。`,
      },
    })
    expect(await isAsked()).toBe(true)
    expect(await standing(ledger)).toStrictEqual(before)
    expect(JSON.stringify(await ledger.events({}))).toContain('notification of subscription S1')
  })

  it('that comes again is success again, and asked about once', async () => {
    const { ledger, isAsked, receive, pass } = await receiving()
    await receive(signedBody(fields))
    await ledger.recordAgreement('S1', 'none', actor(NOON + HOUR))
    pass(2 * MINUTE)
    expect(await receive(signedBody({ ...fields, notify_time: '2026-03-02 12:06:01' }))).toMatchObject({
      ...{ status: 200, body: 'success', line: { en: expect.stringContaining('was recorded already') } },
    })
    expect(await isAsked()).toBe(false)
  })
})

describe('a genuine one that is none of ours is success, and asked about by nobody', () => {
  it.each([
    ['of an unknown number', { external_agreement_no: 'S2' }, 'this ledger does not have the subscription'],
    ['without a number', { external_agreement_no: '' }, 'this ledger does not have the subscription'],
    ['of another app', { app_id: OTHER_APP }, 'because it differs: app_id is none of these settings'],
    ['of another event', { notify_type: 'dut_user_other' }, 'it is of another kind'],
  ])('%s', async (_, more, said) => {
    const { ledger, isAsked, receive } = await receiving()
    const before = await standing(ledger)
    const answer = await receive(signedBody({ ...SIGNED, ...more }))
    expect(answer).toMatchObject({ status: 200, body: 'success', line: { en: expect.stringContaining(said) } })
    expect([await isAsked(), await standing(ledger)]).toStrictEqual([false, before])
    expect(await ledger.unsentAlerts(9)).toStrictEqual([])
  })
})

describe('one that is not genuine', () => {
  const forged = (more: object = {}) => signedBody({ ...UNSIGNED, ...more }, { key: app.privateKey })

  it('is fail; Alipay is asked once a minute at most, and the operator hears of it once an hour', async () => {
    const { ledger, isAsked, receive, pass } = await receiving()
    const before = await standing(ledger)
    const answer = await receive(forged())
    expect(answer).toMatchObject({ status: 400, body: 'fail' })
    expect(answer.line.en).toContain('changed nothing (wrong_signature). It names subscription S1.')
    expect(answer.line.zh).toContain('其中的订阅号是 S1。')
    expect([await isAsked(), await standing(ledger)]).toStrictEqual([true, before])
    await ledger.recordAgreement('S1', 'none', actor(NOON + HOUR))
    pass(MINUTE + 30_000)
    await receive(forged({ notify_id: '6' }))
    expect(await isAsked()).toBe(false)
    pass(MINUTE)
    await receive(forged({ notify_id: '7' }))
    expect(await isAsked()).toBe(true)
    const alerts = await ledger.unsentAlerts(9)
    expect(alerts).toMatchObject([
      { kind: 'not_genuine', facts: { fault: 'wrong_signature', subscription: 'S1' } },
      { kind: 'not_genuine' },
    ])
  })

  it.each([
    ['names no subscription of this ledger', { external_agreement_no: 'S2' }],
    ['names something else', { external_agreement_no: "S1' or 1=1" }],
  ])('and %s has nobody asked or alarmed', async (_, more) => {
    const { ledger, isAsked, receive } = await receiving()
    expect(await receive(forged(more))).toMatchObject({ status: 400, body: 'fail' })
    expect([await isAsked(), await ledger.unsentAlerts(9)]).toStrictEqual([false, []])
  })

  it.each([
    ['the number', { alipay_logon_id: 'x&external_agreement_no=S1', external_agreement_no: 'S2' }],
    ['the event', { alipay_logon_id: 'x&notify_type=dut_user_sign', notify_type: 'other' }],
  ])('is one in whose values another one of %s is hidden', async (_, more) => {
    const { receive } = await receiving()
    const { status, line } = await receive(signedBody({ ...SIGNED, ...more }))
    expect([status, line.en]).toStrictEqual([400, expect.stringContaining('(repeated_name)')])
  })
})

it('one that a merchant’s own system does not take is sent again by Alipay', async () => {
  const { receive, isAsked } = await receiving(async () => Promise.reject(new Error('no')))
  await expect(receive(signedBody(SIGNED))).rejects.toThrow('no')
  expect(await isAsked()).toBe(true)
})
