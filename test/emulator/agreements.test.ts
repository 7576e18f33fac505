// Agreements that are signed: how each is found, ended, and its planned day put off.
import { beforeEach, describe, expect, test } from 'vitest'
import { AgreementClient, SCENE, USUAL_RULES, WEEKLY } from './agreement-client.ts'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
beforeEach(() => agreements.rules(USUAL_RULES))

const NOT_EXIST = { code: '40004', sub_code: 'USER_AGREEMENT_NOT_EXIST' }
const INVALID = { code: '40004', sub_code: 'INVALID_PARAMETER' }

describe('a query', () => {
  test('finds it by its number, by the own number with product and scene, and by the user', async () => {
    const agreement_no = await agreements.signed('A1')
    expect(agreement_no).toMatch(/^20\d{18}$/)
    const found = {
      code: '10000',
      agreement_no,
      status: 'NORMAL',
      next_deduct_time: '2026-12-06',
      principal_id: '2088000000000102',
    }
    expect(await agreements.query({ agreement_no, sign_scene: 'IGNORED|BESIDE_IT' })).toMatchObject(found)
    const byOwn = await agreements.query({ external_agreement_no: 'A1', ...SCENE, third_party_type: 'PARTNER' })
    expect(byOwn).toMatchObject({ ...found, external_agreement_no: 'A1', invalid_time: '2115-02-01 00:00:00' })
    expect(await agreements.query({ alipay_user_id: '2088000000000102', ...SCENE })).toMatchObject(found)
    expect(await agreements.query({ alipay_logon_id: 'abc***@sandbox.com', ...SCENE })).toMatchObject(found)
    // Only who asks by the own number is told it.
    expect(await agreements.query({ agreement_no })).not.toHaveProperty('external_agreement_no')
    expect(byOwn).not.toHaveProperty('last_deduct_time')
  })

  test('of the newest agreement of a user, if there are several', async () => {
    await agreements.signed('A1')
    const newest = await agreements.signed('A2')
    await agreements.signed('A3', {}, 'buyer2')
    expect(await agreements.query({ alipay_user_id: '2088000000000102', ...SCENE })).toMatchObject({
      agreement_no: newest,
    })
  })

  test('does not find what is unknown, of another user or scene, and says what is missing', async () => {
    await agreements.signed('A1')
    expect(await agreements.query({ agreement_no: '20260000000000000009' })).toMatchObject(NOT_EXIST)
    expect(await agreements.query({ external_agreement_no: 'A2', ...SCENE })).toMatchObject(NOT_EXIST)
    const other = { ...SCENE, sign_scene: 'INDUSTRY|OTHER' }
    expect(await agreements.query({ external_agreement_no: 'A1', ...other })).toMatchObject(NOT_EXIST)
    const ofOther = { external_agreement_no: 'A1', alipay_user_id: '2088000000000203', ...SCENE }
    expect(await agreements.query(ofOther)).toMatchObject(NOT_EXIST)
    expect(await agreements.query({})).toMatchObject(INVALID)
    expect(await agreements.query({ alipay_user_id: '2088000000000102' })).toMatchObject(INVALID)
    expect(await agreements.query({ alipay_user_id: '2088', ...SCENE })).toMatchObject({
      sub_code: 'USER_NOT_EXIST_ERROR',
    })
  })

  test('by the own number alone, by the switch', async () => {
    const agreement_no = await agreements.signed('A1')
    expect(await agreements.query({ external_agreement_no: 'A1' })).toMatchObject(INVALID)
    await agreements.rules({ query_by_external_no: 'alone' })
    expect(await agreements.query({ external_agreement_no: 'A1' })).toMatchObject({ code: '10000', agreement_no })
  })

  test('writes days as dates, or, by the switch, with a time', async () => {
    const agreement_no = await agreements.signed('A1')
    await agreements.rules({ deduct_time_form: 'date_time' })
    expect(await agreements.query({ agreement_no })).toMatchObject({ next_deduct_time: '2026-12-06 00:00:00' })
  })

  test('shows a paused one, and one that has come to its end no more', async () => {
    const agreement_no = await agreements.signed('A1', { sign_validity_period: '30d' })
    for (const status of ['STOP', 'TEMP', 'NORMAL']) {
      await client.control('/agreements/status', { agreement_no, status })
      expect(await agreements.query({ agreement_no })).toMatchObject({ code: '10000', status })
    }
    await client.wait(30 * 24 * 3600 - 1)
    expect(await agreements.query({ agreement_no })).toMatchObject({ code: '10000' })
    await client.wait(1)
    expect(await agreements.query({ agreement_no })).toMatchObject(NOT_EXIST)
    expect((await agreements.one(agreement_no)).in_force).toBe(false)
  })

  test('tells until when a validity in months lasts', async () => {
    const agreement_no = await agreements.signed('A1', { sign_validity_period: '2m' })
    const { sign_time, invalid_time } = await agreements.query({ agreement_no })
    const months = (time: unknown) => Number(String(time).slice(0, 4)) * 12 + Number(String(time).slice(5, 7))
    expect(months(invalid_time) - months(sign_time)).toBe(2)
  })
})

describe('unsigning', () => {
  const HAS_UNSIGNED = { code: '40004', sub_code: 'AGREEMENT_HAS_UNSIGNED' }

  test('ends it at once, by its number or the own one, and only once', async () => {
    for (const by of ['agreement_no', 'external_agreement_no']) {
      await client.control('/reset', {})
      const agreement_no = await agreements.signed('A1')
      const named = by === 'agreement_no' ? { agreement_no } : { external_agreement_no: 'A1', ...SCENE }
      const answer = await agreements.unsign(named)
      expect(answer).toStrictEqual({ code: '10000', msg: 'Success' })
      expect(await agreements.query({ agreement_no })).toMatchObject(NOT_EXIST)
      expect(await agreements.unsign(named)).toMatchObject(HAS_UNSIGNED)
      expect((await agreements.one(agreement_no)).unsigned).toMatchObject({ by: 'merchant' })
    }
  })

  test('by the user needs the own number that was signed', async () => {
    await agreements.signed('A1')
    const user = { alipay_user_id: '2088000000000102', ...SCENE }
    expect(await agreements.unsign(user)).toMatchObject(NOT_EXIST)
    expect(await agreements.unsign({ ...user, external_agreement_no: 'A1' })).toMatchObject({ code: '10000' })
    await agreements.signed(undefined)
    expect(await agreements.unsign(user)).toMatchObject({ code: '10000' })
  })

  test.each([
    ['by_history', 'USER_AGREEMENT_NOT_EXIST', 'AGREEMENT_HAS_UNSIGNED'],
    ['not_exist', 'USER_AGREEMENT_NOT_EXIST', 'USER_AGREEMENT_NOT_EXIST'],
    ['has_unsigned', 'AGREEMENT_HAS_UNSIGNED', 'AGREEMENT_HAS_UNSIGNED'],
  ])('of what is not in force, by the switch %s', async (unsign_unknown, unknown, again) => {
    await agreements.rules({ unsign_unknown })
    const agreement_no = await agreements.signed('A1')
    expect(await agreements.unsign({ agreement_no: '20260000000000000009' })).toMatchObject({ sub_code: unknown })
    await agreements.unsign({ agreement_no })
    expect(await agreements.unsign({ agreement_no })).toMatchObject({ sub_code: again })
  })

  test('by the buyer ends it, too, and a second time there is nothing to end', async () => {
    const agreement_no = await agreements.signed('A1')
    const unsign = () => client.control('/agreements/unsign', { agreement_no })
    expect(await unsign()).toMatchObject({ status: 200, body: { unsigned: { by: 'buyer' } } })
    expect(await agreements.query({ agreement_no })).toMatchObject(NOT_EXIST)
    expect(await unsign()).toMatchObject({ status: 409, body: { sub_code: 'AGREEMENT_HAS_UNSIGNED' } })
  })
})

describe('putting the planned day off', () => {
  test('takes a later day, and refuses an earlier one, the same, and days that are not in every month', async () => {
    const agreement_no = await agreements.signed('A1')
    for (const deduct_time of ['2026-12-05', '2026-12-06', '2026-12-29', '2026-02-30', 'tomorrow', '2026-12-08 noon']) {
      expect(await agreements.modify({ agreement_no, deduct_time })).toMatchObject(INVALID)
    }
    expect(await agreements.modify({ agreement_no })).toMatchObject(INVALID)
    const later = { agreement_no, deduct_time: '2026-12-10' }
    expect(await agreements.modify({ ...later, memo: '买家要求延期' })).toMatchObject({ code: '10000', ...later })
    expect(await agreements.query({ agreement_no })).toMatchObject({ next_deduct_time: '2026-12-10' })
    expect(await agreements.modify({ agreement_no, deduct_time: '2026-12-20 00:00:00' })).toMatchObject({
      code: '10000',
    })
    expect(await agreements.query({ agreement_no })).toMatchObject({ next_deduct_time: '2026-12-20' })
  })

  test('of a plan in days takes the 31st, of what is not in force nothing', async () => {
    const agreement_no = await agreements.signed('A1', { period_rule_params: WEEKLY })
    expect(await agreements.modify({ agreement_no, deduct_time: '2026-12-31' })).toMatchObject({ code: '10000' })
    await agreements.unsign({ agreement_no })
    expect(await agreements.modify({ agreement_no, deduct_time: '2027-01-31' })).toMatchObject(NOT_EXIST)
  })
})
