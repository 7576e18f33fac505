// QR codes of precreated orders: issued, scanned, repeated, expired, closed before anybody scanned.
import { describe, expect, test } from 'vitest'
import { buyer1, expectRefusedPage, NOT_EXIST, useCodes } from './code-order.ts'
import { codeOrder, pageOrder } from './raw-client.ts'

const { client, precreate, code, pathOf, status, scan, pay, wait } = await useCodes()
const path = async (more: object = {}) => pathOf(await code(more))

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
    expect(called.text).toContain(`"qr_code":"${client.origin.replaceAll('/', '\\/')}\\/qr\\/`)
    expect(await status()).toBe(NOT_EXIST)
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
    await expectRefusedPage(await client.post(`${cashier}/pay`, buyer1), NOT_EXIST, 'no such trade')
    await client.post(`${cashier}/login`, { account: 'buyer2' })
    const other = await client.post(`${cashier}/login`, buyer1)
    await expectRefusedPage(other, 'ACQ.TRADE_BUYER_NOT_MATCH', 'another buyer')
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
  // EasySDK and others name none: then it is the face-to-face product.
  for (const product_code of ['FACE_TO_FACE_PAYMENT', undefined, '']) {
    expect(await precreate({ product_code })).toMatchObject({ code: '10000' })
  }
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

describe('with many live codes', () => {
  const numbers = Array.from({ length: 201 }, (_, at) => `M_${at}`)
  const text = async (at: string) => (await fetch(client.origin + at)).text()

  test('the overview shows the newest 200 of each kind and says how many there are', async () => {
    for (const out_trade_no of numbers) await client.precreate(codeOrder(out_trade_no))
    const page = await text('/')
    expect(page.match(/>M_\d+<\/span>/g)).toHaveLength(200)
    expect(page).toContain('只显示最新 200 条，共 201 条')
    const { codes } = JSON.parse(await text('/control/trades'))
    expect(codes).toHaveLength(201)
    const unknown = (await client.control('/pay', { out_trade_no: 'NONE' })).body as { allowed: string[] }
    expect(unknown.allowed).toHaveLength(20)
  })

  test('each code of one order is found by its expiry, and the number leads to the newest', async () => {
    const times = Array.from({ length: 30 }, (_, at) => `${30 + at}m`)
    const codes = []
    for (const timeout_express of times) codes.push(await code({ timeout_express }))
    expect(new Set(codes).size).toBe(30)
    for (const at of [0, 15, 29]) expect(await code({ timeout_express: times[at] })).toBe(codes[at])
    const listed = ((await client.trades()) as { codes: { time_expire: string }[] }).codes
    await client.control('/pay', { out_trade_no: 'Q' })
    expect(await client.trades()).toMatchObject({ trades: [{ time_expire: listed.at(-1)?.time_expire }] })
    expect(await scan(codes[3] ?? '')).toMatchObject({ status: 409 })
  })
})
