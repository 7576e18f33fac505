// Charges of which the answer does not tell the end: in process, carried out late, lost; and how each ends.
import { beforeEach, describe, expect, test } from 'vitest'
import { AgreementClient, USUAL_RULES, WEEKLY } from './agreement-client.ts'
import { useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
const DAY_S = 24 * 3600
let agreement_no = ''
let count = 0

/** Each test has an agreement of its own that is due in two days. */
beforeEach(async () => {
  await agreements.rules(USUAL_RULES)
  const { now } = (await client.trades()) as { now: string }
  const execute_time = new Date(Date.parse(`${now.slice(0, 10)}T00:00:00Z`) + 2 * DAY_S * 1000)
    .toISOString()
    .slice(0, 10)
  agreement_no = await agreements.signed(`A${++count}`, { period_rule_params: { ...WEEKLY, execute_time } })
})

const charge = (out_trade_no = 'C1', more: object = {}) => agreements.charge(agreement_no, out_trade_no, more)
const next = (outcome: object) => agreements.next(agreement_no, outcome)
const paid = async () => ((await client.trades()) as { paid: string }).paid
const periods = async () =>
  (await agreements.one(agreement_no)).charges.filter((one) => one.gmt_payment !== null).length
const fault = (name: string) => client.control('/faults', { fault: name, method: 'alipay.trade.pay' })

describe('in process', () => {
  test('is 10003 without money, again and again, until somebody decides that it is paid', async () => {
    await next({ outcome: 'in_process' })
    const answer = await charge()
    expect(answer).toMatchObject({ code: '10003', msg: ' order success pay inprocess', total_amount: '15.00' })
    expect(answer).toMatchObject({ buyer_pay_amount: '0.00', receipt_amount: '0.00', trade_no: expect.any(String) })
    expect(answer).not.toHaveProperty('gmt_payment')
    expect(await charge()).toStrictEqual(answer)
    expect(await client.status('C1')).toBe('WAIT_BUYER_PAY')
    expect(await paid()).toBe('0.00')
    const { planned_day } = await agreements.one(agreement_no)
    expect(await agreements.decide('C1', 'paid')).toMatchObject({
      status: 200,
      body: { trade_status: 'TRADE_SUCCESS' },
    })
    expect(await charge()).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
    expect((await agreements.one(agreement_no)).planned_day > planned_day).toBe(true)
    expect(await agreements.decide('C1', 'closed')).toMatchObject({
      status: 409,
      body: { sub_code: 'ACQ.TRADE_HAS_SUCCESS' },
    })
  })

  test('can be closed, by decision, by the merchant, and by its expiry', async () => {
    await next({ outcome: 'in_process', times: 3 })
    const { planned_day } = await agreements.one(agreement_no)
    await charge('C1')
    await agreements.decide('C1', 'closed')
    await charge('C2')
    expect(await client.close({ out_trade_no: 'C2' })).toMatchObject({ code: '10000' })
    await charge('C3', { timeout_express: '30m' })
    await client.wait(1799)
    expect(await client.status('C3')).toBe('WAIT_BUYER_PAY')
    await client.wait(1)
    for (const number of ['C1', 'C2', 'C3']) expect(await client.status(number)).toBe('TRADE_CLOSED')
    expect(await agreements.decide('C3', 'paid')).toMatchObject({
      status: 409,
      body: { sub_code: 'ACQ.TRADE_HAS_CLOSE' },
    })
    expect((await agreements.one(agreement_no)).planned_day).toBe(planned_day)
    expect(await charge('C4')).toMatchObject({ code: '10000' })
  })

  test.each(['paid', 'closed'])('is %s by the clock, at its time', async (end) => {
    await next({ outcome: 'in_process', seconds: 600, end })
    await charge()
    await client.wait(599)
    expect(await client.status('C1')).toBe('WAIT_BUYER_PAY')
    // The clock may run past it.
    const { now } = (await client.trades()) as { now: string }
    await client.wait(3601)
    const { charges } = await agreements.one(agreement_no)
    expect(charges).toMatchObject([{ trade_status: end === 'paid' ? 'TRADE_SUCCESS' : 'TRADE_CLOSED' }])
    if (end === 'paid') expect(charges[0]?.gmt_payment?.slice(0, 15)).toBe(plus(now, 1).slice(0, 15))
  })

  test('is not paid after its expiry, whatever the clock was to do', async () => {
    await next({ outcome: 'in_process', seconds: 3600, end: 'paid' })
    await charge('C1', { timeout_express: '30m' })
    await client.wait(7200)
    expect(await client.status('C1')).toBe('TRADE_CLOSED')
    expect(await paid()).toBe('0.00')
  })

  test('without a limit of its own it waits fifteen days', async () => {
    await next({ outcome: 'in_process' })
    await charge()
    await client.wait(15 * DAY_S - 1)
    expect(await client.status('C1')).toBe('WAIT_BUYER_PAY')
    await client.wait(1)
    expect(await client.status('C1')).toBe('TRADE_CLOSED')
  })

  test('two under two numbers can both be paid: nobody but the merchant keeps them apart', async () => {
    await next({ outcome: 'in_process', times: 2 })
    await charge('C1')
    await charge('C2')
    await agreements.decide('C1', 'paid')
    await agreements.decide('C2', 'paid')
    expect(await paid()).toBe('30.00')
    expect(await periods()).toBe(2)
    const days = (await agreements.one(agreement_no)).charges.map((one) => one.planned_day)
    expect(new Set(days).size).toBe(1)
  })

  test('goes on after the agreement was unsigned', async () => {
    await next({ outcome: 'in_process' })
    await charge()
    await agreements.unsign({ agreement_no })
    expect(await agreements.decide('C1', 'paid')).toMatchObject({ status: 200 })
    expect(await client.status('C1')).toBe('TRADE_SUCCESS')
  })
})

function plus(time: string, seconds: number): string {
  return new Date(Date.parse(`${time.replace(' ', 'T')}Z`) + seconds * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
}

describe('carried out late', () => {
  test('is 20000 and no trade, and then paid all the same, also in the window of the next period', async () => {
    await next({ outcome: 'late', seconds: 4 * DAY_S })
    expect(await charge('C1', { timeout_express: '5d' })).toMatchObject({ code: '20000', sub_code: 'isp.unknow-error' })
    expect(await client.status('C1')).toBe('ACQ.TRADE_NOT_EXIST')
    expect(await charge('C2')).toMatchObject({ code: '10000' })
    await client.wait(4 * DAY_S - 1)
    expect(await client.status('C1')).toBe('ACQ.TRADE_NOT_EXIST')
    await client.wait(1)
    expect(await client.status('C1')).toBe('TRADE_SUCCESS')
    expect(await periods()).toBe(2)
    expect((await agreements.one(agreement_no)).attempts.map(({ answer }) => answer)).toEqual([
      'isp.unknow-error',
      '10000',
      '10000',
    ])
  })

  test('does not happen after its expiry, an unsigning, or outside the window', async () => {
    await next({ outcome: 'late', seconds: 3600, times: 2 })
    await charge('C1', { timeout_express: '30m' })
    await charge('C2', { timeout_express: '1d' })
    await client.wait(1800)
    await agreements.unsign({ agreement_no })
    await client.wait(2 * DAY_S)
    expect([await client.status('C1'), await client.status('C2')]).toEqual([
      'ACQ.TRADE_NOT_EXIST',
      'ACQ.TRADE_NOT_EXIST',
    ])
    expect(await paid()).toBe('0.00')
    expect((await agreements.one(agreement_no)).attempts.at(-1)).toMatchObject({
      out_trade_no: 'C2',
      answer: 'ACQ.AGREEMENT_NOT_EXIST',
    })
  })
})

describe('a fault', () => {
  test.each([
    ['lost_before', '0.00'],
    ['lost_after', '15.00'],
    ['20000_before', '0.00'],
    ['20000_after', '15.00'],
    ['system_error_before', '0.00'],
    ['system_error_after', '15.00'],
    ['http_502_after', '15.00'],
  ])('%s leaves %s paid, and the same number again tells which', async (name, sum) => {
    await fault(name)
    await charge().catch(() => undefined)
    expect(await paid()).toBe(sum)
    expect(await charge()).toMatchObject(sum === '0.00' ? { code: '10000' } : { sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
    expect(await paid()).toBe('15.00')
  })

  test('can hide that a charge is in process', async () => {
    await next({ outcome: 'in_process', seconds: 60 })
    await fault('system_error_after')
    expect(await charge()).toMatchObject({ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' })
    expect(await client.status('C1')).toBe('WAIT_BUYER_PAY')
    await client.wait(60)
    expect(await client.status('C1')).toBe('TRADE_SUCCESS')
  })

  test('of a method of agreements writes its system error without a prefix', async () => {
    for (const [name, after] of [
      ['system_error_before', '10000'],
      ['system_error_after', '40004'],
    ]) {
      await client.control('/faults', { fault: name, method: 'alipay.user.agreement.unsign' })
      expect(await agreements.unsign({ agreement_no })).toMatchObject({ sub_code: 'SYSTEM_ERROR' })
      if (name === 'system_error_before')
        expect(await agreements.query({ agreement_no })).toMatchObject({ code: after })
      else
        expect(await agreements.query({ agreement_no })).toMatchObject({
          code: after,
          sub_code: 'USER_AGREEMENT_NOT_EXIST',
        })
    }
  })
})

test('what the next charges meet can be taken back, and is listed until then', async () => {
  expect(await next({ outcome: 'refuse', times: 'always' })).toMatchObject({
    body: { next_charges: { outcome: 'refuse', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', times: 'always' } },
  })
  for (const number of ['C1', 'C2']) expect(await charge(number)).toMatchObject({ code: '40004' })
  expect(await next({ outcome: 'usual' })).toMatchObject({ body: { next_charges: { outcome: 'usual' } } })
  expect(await charge('C3')).toMatchObject({ code: '10000' })
})

test.each([
  [{ outcome: 'explode' }, 'outcome', 'in_process'],
  [{ outcome: 'late' }, 'seconds', undefined],
  [{ outcome: 'refuse', sub_code: 'ACQ.NOPE' }, 'sub_code', 'ACQ.BUYER_BALANCE_NOT_ENOUGH'],
  [{ outcome: 'in_process', end: 'maybe' }, 'end', 'closed'],
  [{ outcome: 'in_process', seconds: -1 }, 'seconds', undefined],
  [{ outcome: 'refuse', external_agreement_no: 'A1' }, 'Give one of these', 'agreement_no'],
])('the control API says what is wrong with %j', async (body, reason, allowed) => {
  const answer = await next(body)
  expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(reason) } })
  if (allowed) expect(answer.body).toHaveProperty('allowed', expect.arrayContaining([allowed]))
})

test('an agreement or charge that nobody made is not found', async () => {
  for (const path of ['/agreements/unsign', '/agreements/status', '/charges/next']) {
    expect(await client.control(path, { external_agreement_no: 'NONE' })).toMatchObject({ status: 404 })
  }
  expect(await agreements.decide('NONE', 'paid')).toMatchObject({ status: 404 })
  await client.paid('P1')
  expect(await agreements.decide('P1', 'closed')).toMatchObject({ status: 404 })
})
