// Charges of agreements by alipay.trade.pay: when one may be made, how it ends, and what its number is afterwards.
import { beforeEach, describe, expect, test } from 'vitest'
import { AgreementClient, MONTHLY, USUAL_RULES, WEEKLY } from './agreement-client.ts'
import { mobileOrder, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()
const agreements = new AgreementClient(client)
const DAY_S = 24 * 3600

/** Its plan begins some days after today, whatever day the clock has reached: the tests go on with one clock. */
async function signedFor(days: number, plan: object = {}, more: object = {}, account?: string): Promise<string> {
  const period_rule_params = { ...WEEKLY, period: '30', execute_time: await dayIn(days), ...plan }
  return agreements.signed(`A${++count}`, { period_rule_params, ...more }, account)
}
let count = 0

async function dayIn(days: number): Promise<string> {
  const { now } = (await client.trades()) as { now: string }
  return new Date(Date.parse(`${now.slice(0, 10)}T00:00:00Z`) + days * DAY_S * 1000).toISOString().slice(0, 10)
}

const refused = (sub_code: string) => ({ code: '40004', sub_code })
const planned = async (agreement_no: string) => (await agreements.one(agreement_no)).planned_day

beforeEach(() => agreements.rules(USUAL_RULES))

test('a charge is paid at once, and the plan goes on by one period', async () => {
  const agreement_no = await signedFor(3)
  const answer = await agreements.charge(agreement_no, 'C1')
  expect(answer).toMatchObject({ code: '10000', total_amount: '15.00', buyer_pay_amount: '15.00', out_trade_no: 'C1' })
  expect(await client.query('C1')).toMatchObject({ trade_status: 'TRADE_SUCCESS', trade_no: answer.trade_no })
  const { next_deduct_time, last_deduct_time } = await agreements.query({ agreement_no })
  expect([next_deduct_time, last_deduct_time]).toEqual([await dayIn(33), await dayIn(0)])
  expect(await agreements.one(agreement_no)).toMatchObject({
    attempts: [{ out_trade_no: 'C1', answer: '10000', planned_day: await dayIn(3) }],
    charges: [{ out_trade_no: 'C1', trade_status: 'TRADE_SUCCESS', channel: 'agreement', planned_day: await dayIn(3) }],
  })
  expect(await client.trades()).toMatchObject({ paid: '15.00' })
})

describe('the window', () => {
  test.each([
    ['five_days', -6, 'CYCLE_PAY_DATE_NOT_MATCH'],
    ['five_days', -5, undefined],
    ['five_days', 0, undefined],
    ['five_days', 1, 'CYCLE_PAY_DATE_NOT_MATCH'],
    ['three_days', -4, 'CYCLE_PAY_DATE_NOT_MATCH'],
    ['three_days', -3, undefined],
  ])('by %s on day %i', async (charge_window, day, code) => {
    await agreements.rules({ charge_window })
    const agreement_no = await signedFor(-day)
    const expected = code ? refused(`ACQ.${code}`) : { code: '10000' }
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(expected)
    if (code) expect(await client.status('C1')).toBe('ACQ.TRADE_NOT_EXIST')
  })

  test('lasts until midnight in Beijing', async () => {
    const agreement_no = await signedFor(1)
    await agreements.until(`${await dayIn(1)} 23:59:59`)
    expect(await agreements.charge(agreement_no, 'C1', { total_amount: '15.01' })).toMatchObject(
      refused('ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED'),
    )
    await client.wait(1)
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(refused('ACQ.CYCLE_PAY_DATE_NOT_MATCH'))
  })

  test('that was missed stays missed until the day is put off, or, by the switch, the next one comes', async () => {
    const agreement_no = await signedFor(1)
    const first = await dayIn(1)
    await client.wait(30 * DAY_S)
    expect(await agreements.query({ agreement_no })).toMatchObject({ next_deduct_time: first })
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(refused('ACQ.CYCLE_PAY_DATE_NOT_MATCH'))
    await agreements.modify({ agreement_no, deduct_time: await dayIn(2) })
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject({ code: '10000' })
    await agreements.rules({ missed_window: 'skips' })
    await client.wait(61 * DAY_S)
    expect(await planned(agreement_no)).toBe(await dayIn(1))
  })
})

describe('is refused', () => {
  test.each([
    ['without an agreement', { agreement_params: undefined }, 'ACQ.AUTH_TOKEN_IS_NOT_EXIST'],
    ['with a payment code', { agreement_params: undefined, auth_code: '28' }, 'ACQ.PAYMENT_AUTH_CODE_INVALID'],
    ['without a product', { product_code: undefined }, 'ACQ.INVALID_PARAMETER'],
    ['of a product of links', { product_code: 'FAST_INSTANT_TRADE_PAY' }, 'ACQ.ACCESS_FORBIDDEN'],
    ['of another product than was signed', { product_code: 'CYCLE_PAY_AUTH' }, 'ACQ.AGREEMENT_ERROR'],
    ['of an unknown agreement', { agreement_params: { agreement_no: '2026' } }, 'ACQ.AGREEMENT_NOT_EXIST'],
    ['above the ceiling', { total_amount: '15.01' }, 'ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED'],
    ['for nothing', { total_amount: '0.00' }, 'ACQ.TOTAL_FEE_EXCEED'],
    ['without a subject', { subject: '' }, 'ACQ.INVALID_PARAMETER'],
    ['under an odd number', { out_trade_no: 'C-1' }, 'ACQ.INVALID_PARAMETER'],
    ['after its own expiry', { time_expire: '2026-11-20 09:59:59' }, 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR'],
    ['for more than 15 days', { timeout_express: '16d' }, 'ACQ.INVALID_PARAMETER'],
  ])('%s', async (_, more, sub_code) => {
    const agreement_no = await signedFor(2)
    expect(await agreements.charge(agreement_no, 'C1', more)).toMatchObject(refused(sub_code))
    expect(await client.status('C1')).toBe('ACQ.TRADE_NOT_EXIST')
    expect(await planned(agreement_no)).toBe(await dayIn(2))
  })

  test.each(['STOP', 'TEMP'])('while it is %s', async (status) => {
    const agreement_no = await signedFor(2)
    await client.control('/agreements/status', { agreement_no, status })
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(refused('ACQ.AGREEMENT_STATUS_NOT_NORMAL'))
    await client.control('/agreements/status', { agreement_no, status: 'NORMAL' })
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject({ code: '10000' })
  })

  test('after it was unsigned, by either side, and after its validity', async () => {
    const one = await signedFor(2)
    await agreements.unsign({ agreement_no: one })
    const other = await signedFor(2)
    await client.control('/agreements/unsign', { agreement_no: other })
    for (const agreement_no of [one, other]) {
      expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(refused('ACQ.AGREEMENT_NOT_EXIST'))
      expect((await agreements.one(agreement_no)).attempts).toMatchObject([{ answer: 'ACQ.AGREEMENT_NOT_EXIST' }])
    }
    const over = await signedFor(3, {}, { sign_validity_period: '1d' })
    await client.wait(DAY_S)
    expect(await agreements.charge(over, 'C1')).toMatchObject(refused('ACQ.AGREEMENT_INVALID'))
  })

  test('above the total, and after the last payment', async () => {
    const some = await signedFor(2, { period: '7', total_payments: '2' })
    const sum = await signedFor(2, { period: '7', total_amount: '20.00' })
    for (const agreement_no of [some, sum]) {
      expect(await agreements.charge(agreement_no, `C${agreement_no}`)).toMatchObject({ code: '10000' })
    }
    await client.wait(7 * DAY_S)
    expect(await agreements.charge(some, 'C3')).toMatchObject({ code: '10000' })
    expect(await agreements.charge(sum, 'C4')).toMatchObject(refused('ACQ.CYCLE_PAY_TOTAL_FEE_EXCEED'))
    expect(await agreements.charge(sum, 'C5', { total_amount: '5.00' })).toMatchObject({ code: '10000' })
    await client.wait(7 * DAY_S)
    expect(await agreements.charge(some, 'C6')).toMatchObject(refused('ACQ.CYCLE_PAY_TOTAL_TIMES_EXCEED'))
  })

  test('for want of money by the buyer who has none', async () => {
    const agreement_no = await signedFor(2, {}, {}, 'poor')
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(refused('ACQ.BUYER_BALANCE_NOT_ENOUGH'))
  })
})

describe('a number', () => {
  test('that was paid is not charged again, whatever is asked', async () => {
    const agreement_no = await signedFor(2, { period: '7' })
    await agreements.charge(agreement_no, 'C1')
    await client.wait(5 * DAY_S)
    for (const more of [{}, { total_amount: '1.00' }]) {
      expect(await agreements.charge(agreement_no, 'C1', more)).toMatchObject(refused('ACQ.TRADE_HAS_SUCCESS'))
    }
    expect(await client.trades()).toMatchObject({ paid: '15.00' })
  })

  test('that waits is inconsistent with another amount, subject or agreement, and with a link', async () => {
    const [agreement_no, other] = [await signedFor(2), await signedFor(2)]
    await agreements.next(agreement_no, { outcome: 'in_process' })
    await agreements.charge(agreement_no, 'C1')
    for (const more of [{ total_amount: '1.00' }, { subject: '别的' }]) {
      expect(await agreements.charge(agreement_no, 'C1', more)).toMatchObject(refused('ACQ.CONTEXT_INCONSISTENT'))
    }
    expect(await agreements.charge(other, 'C1')).toMatchObject(refused('ACQ.CONTEXT_INCONSISTENT'))
    const pay_url = client.link(
      'alipay.trade.wap.pay',
      mobileOrder('C1', { total_amount: '15.00', subject: '会员月费' }),
    )
    expect(await client.control('/pay', { pay_url })).toMatchObject({ body: { sub_code: 'ACQ.CONTEXT_INCONSISTENT' } })
    // And the other way round: a trade that a link began.
    await client.control('/scan', {
      pay_url: client.link('alipay.trade.page.pay', pageOrder('C2', { total_amount: '15.00' })),
    })
    const same = { subject: '测试订单' }
    expect(await agreements.charge(agreement_no, 'C2', same)).toMatchObject(refused('ACQ.CONTEXT_INCONSISTENT'))
  })

  test.each([
    ['closed', 'TRADE_CLOSED', refused('ACQ.TRADE_HAS_CLOSE')],
    ['absent', 'ACQ.TRADE_NOT_EXIST', { code: '10000' }],
    ['waiting', 'WAIT_BUYER_PAY', { code: '10000' }],
  ])('of a failed charge is %s, by the switch', async (failed_charge, status, again) => {
    await agreements.rules({ failed_charge })
    const agreement_no = await signedFor(2)
    const sub_code = 'ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE'
    await agreements.next(agreement_no, { outcome: 'refuse', sub_code })
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject({ ...refused(sub_code), out_trade_no: 'C1' })
    expect(await client.status('C1')).toBe(status)
    expect(await planned(agreement_no)).toBe(await dayIn(2))
    expect(await agreements.charge(agreement_no, 'C1')).toMatchObject(again)
    if (failed_charge === 'closed') expect(await agreements.charge(agreement_no, 'C2')).toMatchObject({ code: '10000' })
    expect(await client.trades()).toMatchObject({ paid: '15.00' })
  })
})

test('a charge can be refunded, in part and in full, and its place in the plan stays used', async () => {
  const agreement_no = await signedFor(2)
  await agreements.charge(agreement_no, 'C1')
  expect(await client.refund({ out_trade_no: 'C1', refund_amount: '5.00', out_request_no: 'R1' })).toMatchObject({
    fund_change: 'Y',
  })
  await client.wait(3)
  expect(await client.refund({ out_trade_no: 'C1', refund_amount: '10.00', out_request_no: 'R2' })).toMatchObject({
    refund_fee: '15.00',
  })
  expect(await client.status('C1')).toBe('TRADE_CLOSED')
  expect(await planned(agreement_no)).toBe(await dayIn(32))
})

test('what may be charged next is listed, and a plan of months is kept on its day', async () => {
  const agreement_no = await agreements.signed('M1', {
    period_rule_params: { ...MONTHLY, execute_time: '2028-01-28', period: '1' },
  })
  for (const day of ['2028-01-28', '2028-02-28', '2028-03-28', '2028-04-28']) {
    await agreements.until(day)
    expect(await planned(agreement_no)).toBe(day)
    expect(await agreements.charge(agreement_no, `C${day.replaceAll('-', '')}`)).toMatchObject({ code: '10000' })
  }
})
