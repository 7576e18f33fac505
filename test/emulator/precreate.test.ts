// QR codes of precreated orders: issued, scanned, repeated, expired, closed before anybody scanned.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOrder, pageOrder, type RawClient, startRaw } from './raw-client.ts'

let client: RawClient
beforeAll(async () => {
  client = await startRaw()
})
beforeEach(async () => {
  await client.control('/rules', { precreate_repeat: 'code_again', close_before_scan: 'not_exist_only' })
  await client.control('/reset', {})
})
afterAll(() => client.emulator.close())

const precreate = (more: object = {}) => client.precreate(codeOrder('Q', more))
const code = async (more: object = {}) => String((await precreate(more)).qr_code)
const pathOf = (qr_code: string) => qr_code.slice(client.origin.length)
const path = async (more: object = {}) => pathOf(await code(more))
const status = async () => (await client.query('Q')).trade_status ?? (await client.query('Q')).sub_code
const scan = (qr_code: string, account?: string) => client.control('/scan', { qr_code, account })
const pay = (qr_code: string, account?: string) => client.control('/pay', { qr_code, account })
const wait = (seconds: number) => client.control('/clock', { seconds })
const buyer1 = { account: 'buyer1' }
const NOT_EXIST = 'ACQ.TRADE_NOT_EXIST'

async function refusedPage(answer: Response, sub_code: string, words: string): Promise<void> {
  const text = await answer.text()
  expect([answer.status, text]).toEqual([409, expect.stringContaining(sub_code)])
  expect(text).toContain(words)
}

describe('from code to receipt', () => {
  test('the answer is signed, names the order and a code under this address, and no trade_no', async () => {
    const called = await client.call('alipay.trade.precreate', codeOrder('Q'))
    expect(called).toMatchObject({ root: 'alipay_trade_precreate_response', verified: true })
    expect(called.response).toStrictEqual({
      code: '10000',
      msg: 'Success',
      out_trade_no: 'Q',
      qr_code: expect.stringMatching(new RegExp(`^${client.origin}/qr/[0-9a-f]{24}$`)),
    })
    expect(await status()).toBe(NOT_EXIST)
  })

  test('a browser scans by opening it: account, confirmation, receipt', async () => {
    const cashier = await path()
    const get = async (at: string) => (await fetch(client.origin + at)).text()
    expect(await get(cashier)).toContain('Scan or log in')
    expect(await status()).toBe(NOT_EXIST)
    const login = await client.post(`${cashier}/login`, buyer1)
    expect([login.status, login.headers.get('location')]).toEqual([303, `${cashier}?account=buyer1`])
    expect(await status()).toBe('WAIT_BUYER_PAY')
    expect(await get(`${cashier}?account=buyer1`)).toContain('Confirm the payment')
    const paid = await client.post(`${cashier}/pay`, buyer1)
    expect([paid.status, paid.headers.get('location')]).toEqual([303, cashier])
    expect(await get(cashier)).toContain('付款成功')
    expect(await client.query('Q')).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '20.00' })
  })

  test('the control calls take the code or the number, and the list shows codes apart from links', async () => {
    const qr_code = await code({ timeout_express: '30m' })
    expect(await scan(qr_code, 'buyer2')).toMatchObject({
      status: 200,
      body: { trade_status: 'WAIT_BUYER_PAY', channel: 'qr', buyer: 'buyer2' },
    })
    const paid = await client.control('/pay', { out_trade_no: 'Q', account: 'buyer2' })
    expect(paid).toMatchObject({ status: 200, body: { trade_status: 'TRADE_SUCCESS' } })
    const { codes, opened_links } = (await client.trades()) as { codes: object[]; opened_links: object[] }
    expect(opened_links).toStrictEqual([])
    const until = expect.stringMatching(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/)
    const times = { scannable_until: until, time_expire: until }
    expect(codes).toStrictEqual([{ out_trade_no: 'Q', qr_code, ...times, blocked: false }])
  })

  test('whoever scans first owns the order, and nobody pays without scanning', async () => {
    const cashier = await path()
    await refusedPage(await client.post(`${cashier}/pay`, buyer1), NOT_EXIST, 'no such trade')
    await client.post(`${cashier}/login`, { account: 'buyer2' })
    const other = await client.post(`${cashier}/login`, buyer1)
    await refusedPage(other, 'ACQ.TRADE_BUYER_NOT_MATCH', 'another buyer')
  })

  test('a code is no link and a link no code', async () => {
    const cashier = await path()
    expect((await fetch(client.origin + cashier.replace('/qr/', '/cashier/'))).status).toBe(404)
    const link = await client.cashierOf(client.link('alipay.trade.page.pay', pageOrder('L')))
    expect((await fetch(client.origin + link)).status).toBe(200)
    expect((await fetch(client.origin + link.replace('/cashier/', '/qr/'))).status).toBe(404)
    const other = client.origin + link.replace('/cashier/', '/qr/')
    expect(await scan(other)).toMatchObject({ status: 400 })
  })
})

test('orders that Alipay would not take are refused with their code', async () => {
  const cases: [object, string][] = [
    [{ out_trade_no: undefined }, 'ACQ.INVALID_PARAMETER'],
    [{ out_trade_no: 'a-b' }, 'ACQ.INVALID_PARAMETER'],
    [{ total_amount: undefined }, 'ACQ.INVALID_PARAMETER'],
    [{ total_amount: '1.005' }, 'ACQ.INVALID_PARAMETER'],
    [{ total_amount: '0.00' }, 'ACQ.TOTAL_FEE_EXCEED'],
    [{ subject: undefined }, 'ACQ.INVALID_PARAMETER'],
    [{ subject: 'a&b' }, 'ACQ.INVALID_PARAMETER'],
    [{ product_code: undefined }, 'ACQ.INVALID_PARAMETER'],
    [{ product_code: 'FAST_INSTANT_TRADE_PAY' }, 'ACQ.ACCESS_FORBIDDEN'],
    [{ timeout_express: '16d' }, 'ACQ.INVALID_PARAMETER'],
    [{ timeout_express: '1.5h' }, 'ACQ.INVALID_PARAMETER'],
    [{ qr_code_timeout_express: '90s' }, 'ACQ.INVALID_PARAMETER'],
    [{ time_expire: '2026-11-20 11:00' }, 'ACQ.INVALID_PARAMETER'],
    [{ time_expire: '2000-01-01 00:00:00' }, 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR'],
  ]
  for (const [more, sub_code] of cases) {
    expect([more, await precreate(more)]).toMatchObject([more, { code: '40004', sub_code }])
  }
  expect(await precreate({ product_code: 'FACE_TO_FACE_PAYMENT' })).toMatchObject({ code: '10000' })
  expect(await client.trades()).toMatchObject({ codes: [{ out_trade_no: 'Q' }] })
})

describe('the same number again', () => {
  test('is the same code while it lives, then a new one for the same order', async () => {
    const first = await code()
    expect(await code()).toBe(first)
    await wait(2 * 3600)
    const second = await code()
    expect(second).not.toBe(first)
    expect((await pay(second)).status).toBe(200)
  })

  test('is still the same code after the scan, and goes on with the same trade', async () => {
    const first = await code()
    await scan(first)
    expect(await code()).toBe(first)
    expect(await pay(first)).toMatchObject({ body: { trade_status: 'TRADE_SUCCESS' } })
  })

  test('with another amount or subject is refused, scanned or not', async () => {
    const first = await code()
    const inconsistent = { sub_code: 'ACQ.CONTEXT_INCONSISTENT' }
    for (const more of [{ total_amount: '20.01' }, { subject: '别的' }]) {
      expect(await precreate(more)).toMatchObject(inconsistent)
    }
    await scan(first)
    expect(await precreate({ total_amount: '20.01' })).toMatchObject(inconsistent)
  })

  test('is refused once paid, and after a full refund', async () => {
    await pay(await code())
    expect(await precreate()).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
    await client.refund({ out_trade_no: 'Q', refund_amount: '20.00' })
    expect(await precreate()).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_CLOSE' })
  })

  test('is refused altogether where the switch says so', async () => {
    await client.control('/rules', { precreate_repeat: 'refused' })
    const first = await code()
    expect(await precreate()).toMatchObject({ sub_code: 'ACQ.APPLY_PC_MERCHANT_CODE_ERROR' })
    expect(await precreate({ subject: '别的' })).toMatchObject({ sub_code: 'ACQ.CONTEXT_INCONSISTENT' })
    expect((await pay(first)).status).toBe(200)
    expect(await precreate()).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
  })
})
