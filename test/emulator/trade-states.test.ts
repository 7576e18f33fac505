// When a trade exists, what closes it, and what each call says in each state.
import { describe, expect, test } from 'vitest'
import { gbkText, mobileOrder, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()

const page = (more: object = {}) => client.link('alipay.trade.page.pay', pageOrder('T', more))
const mobile = (more: object = {}) => client.link('alipay.trade.wap.pay', mobileOrder('T', more))
const close = () => client.close({ out_trade_no: 'T' })
const status = () => client.status('T')
const scan = (pay_url: string, account?: string) => client.control('/scan', { pay_url, account })
const pay = (pay_url: string, account?: string) => client.control('/pay', { pay_url, account })
const errorPage = async (link: string) => {
  const answer = await client.open(link)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html;charset=GBK'])
  return gbkText(answer)
}
/** Beijing time, some minutes from the emulator's now. */
async function inMinutes(minutes: number): Promise<string> {
  const { now } = (await client.trades()) as { now: string }
  const ms = Date.parse(`${now.replace(' ', 'T')}+08:00`) + (minutes + 480) * 60_000
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

describe('coming to exist', () => {
  test('an opened page link is no trade yet and closing it closes nothing', async () => {
    await client.open(page())
    expect(await status()).toBe('ACQ.TRADE_NOT_EXIST')
    expect(await close()).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST', out_trade_no: 'T' })
    expect((await pay(page())).status).toBe(200)
    expect(await status()).toBe('TRADE_SUCCESS')
  })

  test('a page order exists once scanned, with a trade number of 28 digits', async () => {
    const { body } = await scan(page())
    expect((body as { trade_no: string }).trade_no).toMatch(/^20\d{6}220014\d{14}$/)
    expect(await status()).toBe('WAIT_BUYER_PAY')
  })

  test('a mobile order exists only once the password was confirmed, and can then be closed', async () => {
    await client.open(mobile())
    expect((await scan(mobile())).status).toBe(400)
    expect(await status()).toBe('ACQ.TRADE_NOT_EXIST')
    expect(await pay(mobile(), 'poor')).toMatchObject({
      status: 409,
      body: { sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' },
    })
    expect(await status()).toBe('WAIT_BUYER_PAY')
    expect(await close()).toMatchObject({ code: '10000', out_trade_no: 'T' })
  })
})

describe('closing', () => {
  test('a waiting trade closes and its link leads to an error page', async () => {
    await scan(page())
    expect(await close()).toMatchObject({ code: '10000' })
    expect(await status()).toBe('TRADE_CLOSED')
    expect(await close()).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    expect(await errorPage(page())).toContain('ACQ.TRADE_HAS_CLOSE')
    expect(await client.refund({ out_trade_no: 'T', refund_amount: '20.00' })).toMatchObject({
      sub_code: 'ACQ.TRADE_HAS_CLOSE',
    })
  })

  test('a paid trade does not close, its link leads to an error page', async () => {
    await client.paid('T')
    expect(await close()).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    expect(await errorPage(page())).toContain('ACQ.TRADE_HAS_SUCCESS')
    await client.wait(366 * 24 * 3600)
    expect(await close()).toMatchObject({ sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  })

  test('neither number is an invalid parameter; a wrong trade_no wins over a right out_trade_no', async () => {
    await scan(page())
    expect(await client.close({})).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' })
    expect(await client.close({ out_trade_no: '', trade_no: '' })).toMatchObject({
      sub_code: 'ACQ.INVALID_PARAMETER',
    })
    expect(await client.close({ out_trade_no: 'T', trade_no: '9' })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    })
  })
})

describe('opening the same number again', () => {
  test('the same basics go on with the same trade, other ones are inconsistent', async () => {
    const { body } = await scan(page())
    expect((await scan(page())).body).toStrictEqual(body)
    expect(await errorPage(page({ total_amount: '21.00' }))).toContain('ACQ.CONTEXT_INCONSISTENT')
    expect(await errorPage(page({ subject: '别的' }))).toContain('ACQ.CONTEXT_INCONSISTENT')
  })

  test('of two opened links of one number the first scanned wins', async () => {
    const other = await client.cashierOf(page({ total_amount: '21.00' }))
    await scan(page())
    const answer = await client.post(`${other}/login`, { account: 'buyer1' })
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('CONTEXT_INCONSISTENT')])
  })
})

describe('expiry', () => {
  test('at time_expire a waiting trade closes to the second', async () => {
    await scan(page({ time_expire: await inMinutes(10), timeout_express: '1m' }))
    await client.control('/clock', { ms: 599_999 })
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await client.control('/clock', { ms: 1 })
    expect(await status()).toBe('TRADE_CLOSED')
    expect(await client.query('T')).not.toHaveProperty('send_pay_date')
  })

  test('a link never scanned cannot be opened or paid after its time_expire and stays unknown', async () => {
    const link = page({ time_expire: await inMinutes(10) })
    const cashier = await client.cashierOf(link)
    await client.wait(600)
    expect(await errorPage(link)).toContain('NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
    expect((await client.post(`${cashier}/login`, { account: 'buyer1' })).status).toBe(409)
    expect(await status()).toBe('ACQ.TRADE_NOT_EXIST')
  })

  test('timeout_express counts from the first opening, in minutes, hours, days or to midnight', async () => {
    for (const [timeout_express, seconds] of [
      ['2m', 120],
      ['2h', 7200],
      ['15d', 15 * 86_400],
      ['1c', 86_400],
    ] as const) {
      await client.control('/reset', {})
      await client.open(page({ timeout_express }))
      await client.wait(seconds - 1)
      if (timeout_express !== '1c') await scan(page({ timeout_express }))
      await client.wait(1)
      expect(await errorPage(page({ timeout_express }))).toMatch(/TRADE_HAS_CLOSE|NOW_TIME_AFTER_EXPIRE/)
    }
  })

  test('without either the link lives fifteen days', async () => {
    await scan(page())
    await client.wait(15 * 86_400 - 1)
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await client.wait(1)
    expect(await status()).toBe('TRADE_CLOSED')
  })

  test('bad expiries are error pages', async () => {
    const bad = [
      { timeout_express: '16d' },
      { timeout_express: '1.5h' },
      { timeout_express: '0m' },
      { timeout_express: '2c' },
      { time_expire: '2026-11-20 11:00' },
      { time_expire: await inMinutes(15 * 1440 + 1) },
    ]
    for (const more of bad) expect(await errorPage(page(more))).toContain('ACQ.INVALID_PARAMETER')
    expect(await errorPage(page({ time_expire: await inMinutes(0) }))).toContain('NOW_TIME_AFTER_EXPIRE_TIME_ERROR')
  })
})

test('wap.pay takes the product codes that SDKs in use send, and none', async () => {
  for (const product_code of ['QUICK_WAP_WAY', 'QUICK_WAP_PAY', undefined]) {
    expect((await client.open(mobile({ product_code }))).status).toBe(302)
  }
  expect(await errorPage(mobile({ product_code: 'FAST_INSTANT_TRADE_PAY' }))).toContain('ACQ.ACCESS_FORBIDDEN')
})

test('orders that Alipay would not take are error pages with their code', async () => {
  const cases: [object, string][] = [
    [{ total_amount: '0.00' }, 'ACQ.TOTAL_FEE_EXCEED'],
    [{ total_amount: '100000000.01' }, 'ACQ.TOTAL_FEE_EXCEED'],
    [{ total_amount: '1.005' }, 'ACQ.INVALID_PARAMETER'],
    [{ subject: 'a=b' }, 'ACQ.INVALID_PARAMETER'],
    [{ subject: 'x'.repeat(257) }, 'ACQ.INVALID_PARAMETER'],
    [{ out_trade_no: 'a-b' }, 'ACQ.INVALID_PARAMETER'],
    [{ out_trade_no: 'x'.repeat(65) }, 'ACQ.INVALID_PARAMETER'],
    [{ product_code: undefined }, 'ACQ.INVALID_PARAMETER'],
    [{ product_code: 'QUICK_WAP_WAY' }, 'ACQ.ACCESS_FORBIDDEN'],
  ]
  for (const [more, code] of cases) expect(await errorPage(page(more))).toContain(code)
  expect((await client.open(page({ total_amount: '100000000.00' }))).status).toBe(302)
})
