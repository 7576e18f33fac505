// The buyer's way by plain HTTP: account, confirmation, receipt, and the signed way back.
import { describe, expect, test } from 'vitest'
import { codeOrder, mobileOrder, type Params, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()

const page = (biz: object = {}, more: Params = {}) =>
  client.cashierOf(client.link('alipay.trade.page.pay', pageOrder('C', biz), more))
const mobile = (biz: object = {}, more: Params = {}) =>
  client.cashierOf(client.link('alipay.trade.wap.pay', mobileOrder('C', biz), more))
const code = async () => String((await client.precreate(codeOrder('C'))).qr_code).slice(client.origin.length)
const get = async (path: string) => (await fetch(client.origin + path)).text()
const buyer1 = { account: 'buyer1' }

test.each([
  ['page', page],
  ['code', code],
])('an order by %s: scan or log in, confirm, receipt', async (_channel, open) => {
  const cashier = await open()
  expect(await get(cashier)).toContain('Choose a test account')
  expect(await client.status('C')).toBe('ACQ.TRADE_NOT_EXIST')
  const login = await client.post(`${cashier}/login`, buyer1)
  expect([login.status, login.headers.get('location')]).toEqual([303, `${cashier}?account=buyer1`])
  expect(await client.query('C')).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
  expect(await get(`${cashier}?account=buyer1`)).toContain('Confirm the payment')
  const pay = await client.post(`${cashier}/pay`, buyer1)
  expect([pay.status, pay.headers.get('location')]).toEqual([303, cashier])
  expect(await get(cashier)).toContain('付款成功')
  expect(await client.query('C')).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '20.00' })
})

test('a mobile order: one confirmation', async () => {
  const cashier = await mobile()
  expect(await get(cashier)).toContain('As if the password were entered')
  expect((await client.post(`${cashier}/login`, buyer1)).status).toBe(404)
  expect(await client.query('C')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect((await client.post(`${cashier}/pay`, { account: 'buyer2' })).status).toBe(303)
  expect(await client.query('C')).toMatchObject({
    trade_status: 'TRADE_SUCCESS',
    buyer_logon_id: '159****0000',
  })
})

test('the same link opened again is the same cashier page, as a form post too', async () => {
  const { biz_content = '', ...common } = client.signed(client.params('alipay.trade.page.pay', pageOrder('C')))
  const posted = await client.post(`/gateway.do?${new URLSearchParams(common)}`, { biz_content })
  expect(posted.headers.get('location')).toBe(await page())
})

const refused = async (answer: Response, code: string) => {
  expect(answer.status).toBe(409)
  expect(await answer.text()).toContain(code)
}

describe('refused steps', () => {
  test('another account than the one that logged in first', async () => {
    const cashier = await page()
    await client.post(`${cashier}/login`, buyer1)
    await refused(await client.post(`${cashier}/login`, { account: 'buyer2' }), 'ACQ.TRADE_BUYER_NOT_MATCH')
    await refused(await client.post(`${cashier}/pay`, { account: 'buyer2' }), 'ACQ.TRADE_BUYER_NOT_MATCH')
    await refused(await fetch(`${client.origin}${cashier}?account=buyer2`), 'ACQ.TRADE_BUYER_NOT_MATCH')
    expect(await client.query('C')).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
    expect((await client.post(`${cashier}/pay`, buyer1)).status).toBe(303)
  })

  test('paying before logging in, paying twice, an unknown account, a missing balance', async () => {
    const cashier = await page()
    await refused(await client.post(`${cashier}/pay`, buyer1), 'ACQ.TRADE_NOT_EXIST')
    await refused(await client.post(`${cashier}/login`, { account: 'nobody' }), 'ACQ.BUYER_NOT_EXIST')
    await client.post(`${cashier}/login`, buyer1)
    await client.post(`${cashier}/pay`, buyer1)
    await refused(await client.post(`${cashier}/pay`, buyer1), 'ACQ.TRADE_HAS_SUCCESS')
    const other = await mobile({ out_trade_no: 'C2' })
    await refused(await client.post(`${other}/pay`, { account: 'poor' }), 'ACQ.BUYER_BALANCE_NOT_ENOUGH')
    expect(await client.query('C2')).toMatchObject({ trade_status: 'WAIT_BUYER_PAY' })
  })

  test('a trade that was closed meanwhile', async () => {
    const cashier = await page()
    await client.post(`${cashier}/login`, buyer1)
    await client.close({ out_trade_no: 'C' })
    await refused(await client.post(`${cashier}/pay`, buyer1), 'ACQ.TRADE_HAS_CLOSE')
    await refused(await fetch(client.origin + cashier), 'ACQ.TRADE_HAS_CLOSE')
  })

  test('a post from a foreign web page, while one from the cashier itself passes', async () => {
    const cashier = await page()
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example']) {
      expect((await client.post(`${cashier}/login`, buyer1, { origin })).status).toBe(403)
    }
    expect(await client.query('C')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
    expect((await client.post(`${cashier}/login`, buyer1, { origin: client.origin })).status).toBe(303)
  })

  test('an unknown page or step', async () => {
    expect((await fetch(`${client.origin}/cashier/none`)).status).toBe(404)
    expect((await client.post(`${await page()}/steal`, buyer1)).status).toBe(404)
  })
})

describe('pages', () => {
  test('each one is bilingual, plainly a simulation, phone wide and takes nothing from outside', async () => {
    const cashier = await page()
    for (const path of ['/', cashier, '/cashier/none']) {
      const answer = await fetch(client.origin + path)
      const policy = answer.headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
      const text = await answer.text()
      expect(text).toContain('本地模拟，非真实付款')
      expect(text).toContain('Local emulator, no real money')
      expect(text).toContain('name="viewport"')
      expect(text).toMatch(/<html lang="zh-CN">[\s\S]* lang="en">/)
      expect(text).toMatch(/<title>[^<]+ · alipay-mcp<\/title>\n<link rel="icon" href="data:image\/svg/)
      expect(text).not.toMatch(/ src=|@import|url\(/)
      // What the overview runs to refresh itself is in its policy by its content.
      expect(text.match(/<script>/g) ?? []).toHaveLength(path === '/' ? 1 : 0)
      expect(policy?.includes('script-src')).toBe(path === '/')
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    }
  })

  test('text of merchants is shown, never run', async () => {
    const subject = `<img onerror>'a"b`
    const cashier = await mobile({ subject })
    await client.post(`${cashier}/pay`, buyer1)
    for (const path of [cashier, '/']) {
      const text = await get(path)
      expect(text).not.toContain('<img')
      expect(text).toContain('&lt;img onerror&gt;&#39;a&quot;b')
    }
  })

  test('the overview lists trades and refunds', async () => {
    await client.paid('C')
    await client.refund({ out_trade_no: 'C', refund_amount: '3.21', out_request_no: 'RF_9' })
    const text = await get('/')
    for (const shown of ['>C</span>', 'TRADE_SUCCESS', '¥20.00', '¥3.21', 'RF_9', '<td>测试订单</td>']) {
      expect(text).toContain(shown)
    }
  })

  test('say the payee, the time with its zone, and how long it is until then', async () => {
    const left = async (timeout_express: string, out_trade_no: string) => {
      const cashier = await page({ timeout_express, out_trade_no })
      return /Beijing time, ([^<]+) left/.exec(await get(cashier))?.[1]
    }
    expect(await left('30m', 'L1')).toBe('30 minutes')
    expect(await left('2h', 'L2')).toBe('2 hours')
    expect(await left('15d', 'L3')).toBe('15 days')
    await client.wait(29 * 60 + 1)
    expect(await left('30m', 'L1')).toBe('less than a minute')
    const text = await get(await page())
    for (const shown of ['测试商家', 'Test merchant', client.emulator.seller_id]) expect(text).toContain(shown)
  })
})

describe('the refund by hand', () => {
  const pathOf = async (out_trade_no: string) => `/refund/${(await client.query(out_trade_no)).trade_no}`

  test('offers what is left, refunds what is typed, and the overview shows it', async () => {
    await client.paid('C')
    const path = await pathOf('C')
    expect(await get('/')).toContain(`href="${path}"`)
    await client.refund({ out_trade_no: 'C', refund_amount: '5.00', out_request_no: 'R1' })
    expect(await get(path)).toContain('value="15.00"')
    // Alipay wants three seconds between two of them.
    await client.wait(4)
    const done = await client.post(path, { refund_amount: ' 15 ' }, { origin: client.origin })
    expect([done.status, done.headers.get('location')]).toEqual([303, '/'])
    expect(await client.trades()).toMatchObject({ refunded: '20.00' })
    const overview = await get('/')
    expect(overview).toContain('by hand')
    expect(overview).not.toContain(`href="${path}"`)
    const again = await fetch(client.origin + path, { redirect: 'manual' })
    expect([again.status, again.headers.get('location')]).toEqual([303, '/'])
    await refused(await client.post(path, { refund_amount: '1.00' }), 'ACQ.TRADE_HAS_CLOSE')
  })

  test('is refused for too much, for what is no amount, and from a foreign web page', async () => {
    await client.paid('C')
    const path = await pathOf('C')
    await refused(await client.post(path, { refund_amount: '20.01' }), 'ACQ.REASON_TRADE_REFUND_FEE_ERR')
    for (const refund_amount of ['', '0', '-1', '1.234', 'all']) {
      await refused(await client.post(path, { refund_amount }), 'ACQ.INVALID_PARAMETER')
    }
    await refused(await client.post(path, {}), 'ACQ.INVALID_PARAMETER')
    const foreign = await client.post(path, { refund_amount: '1.00' }, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(await client.trades()).toMatchObject({ refunded: '0.00' })
  })

  test('of an unknown trade is no page', async () => {
    for (const path of ['/refund/', '/refund/1', '/refund/1/2']) {
      expect((await fetch(client.origin + path)).status).toBe(404)
      expect((await client.post(path, { refund_amount: '1.00' })).status).toBe(404)
    }
  })
})

describe('the synchronous return', () => {
  const return_url = 'https://merchant.example/return?shop=7'

  test('the receipt links to it, signed by Alipay, in the recorded field order and without a status', async () => {
    const cashier = await mobile({}, { return_url })
    await client.post(`${cashier}/pay`, buyer1)
    const href = /class="button" href="([^"]+)"/.exec(await get(cashier))?.[1]?.replaceAll('&amp;', '&') ?? ''
    const [shop, ...entries] = [...new URL(href).searchParams]
    expect(shop).toEqual(['shop', '7'])
    expect(entries.map(([key]) => key).join()).toBe(
      'charset,out_trade_no,method,total_amount,sign,trade_no,auth_app_id,version,app_id,sign_type,seller_id,timestamp',
    )
    const fields = Object.fromEntries(entries)
    expect(fields).toMatchObject({ method: 'alipay.trade.wap.pay.return', total_amount: '20.00' })
    expect(fields.seller_id).toBe(client.emulator.seller_id)
    const { sign = '', sign_type, ...rest } = fields
    const text = (changed: Params) => new URLSearchParams(Object.entries(changed).sort()).toString()
    const raw = (changed: Params) => decodeURIComponent(text(changed).replaceAll('+', ' '))
    expect(sign_type).toBe('RSA2')
    expect(client.alipayVerifies(raw(rest), sign)).toBe(true)
    expect(client.alipayVerifies(raw({ ...rest, total_amount: '2.00' }), sign)).toBe(false)
  })

  test('an address that is not http, or whose keys collide, is refused at the link', async () => {
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'merchant.example', 'https://m.example/?method=x']) {
      expect(await page({}, { return_url: bad })).toBe('')
    }
  })
})
