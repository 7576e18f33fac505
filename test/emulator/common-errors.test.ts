// The common errors of /gateway.do: their order, their words, and which answers are signed.
import { describe, expect, test } from 'vitest'
import { gbkText, type Params, pageOrder, startRaw, useRaw } from './raw-client.ts'

const client = await useRaw()

const QUERY = 'alipay.trade.query'
const query = (more: Params = {}) => client.params(QUERY, { out_trade_no: 'NONE_1' }, more)

function without(params: Params, ...keys: string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([key]) => !keys.includes(key)))
}

async function subCode(params: Params) {
  const { response } = await client.send(params)
  return response.sub_code
}

describe('the order of checks', () => {
  test('an unknown app comes before everything else, unsigned under the own key of the method', async () => {
    const called = await client.send({ app_id: '9021000000000001', method: QUERY })
    expect(called.text).toBe(
      '{"alipay_trade_query_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id","sub_msg":"无效的AppID参数"}}',
    )
  })

  test('a missing app id is refused unsigned', async () => {
    const called = await client.send(without(query(), 'app_id'))
    expect(called.response).toMatchObject({ code: '40001', sub_code: 'isv.missing-app-id' })
    expect(called.verified).toBeUndefined()
  })

  test('each fault yields to the one checked before it', async () => {
    const bad: Params = { ...query(), charset: 'latin1', format: 'XML', version: '2.0', timestamp: 'now' }
    const steps: [Params, string][] = [
      [without(bad, 'method', 'sign_type'), 'isv.missing-method'],
      [without(bad, 'sign_type', 'timestamp'), 'isv.missing-signature'],
      [{ ...without(bad, 'sign_type', 'version'), sign: 'x' }, 'isv.missing-signature-type'],
      [{ ...without(bad, 'timestamp', 'version'), sign: 'x' }, 'isv.missing-timestamp'],
      [{ ...without(bad, 'version'), sign: 'x' }, 'isv.missing-version'],
      [{ ...bad, sign: 'x' }, 'isv.invalid-charset'],
      [{ ...bad, sign: 'x', charset: 'utf-8' }, 'isv.invalid-format'],
      [{ ...bad, sign: 'x', charset: 'UTF-8', format: 'json', sign_type: 'RSA' }, 'isv.invalid-signature-type'],
      [{ ...bad, sign: 'x', charset: 'utf-8', format: 'JSON' }, 'isv.invalid-parameter'],
      [{ ...query({ timestamp: '2026/11/20 10:00' }), sign: 'x', method: 'a.b' }, 'isv.invalid-timestamp'],
      [{ ...query({ timestamp: '2026-02-30 10:00:00' }), sign: 'x' }, 'isv.invalid-timestamp'],
      [{ ...query({ method: 'a.b' }), sign: 'x' }, 'isv.invalid-method'],
      [{ ...query({ biz_content: '[' }), sign: 'x' }, 'isv.invalid-signature'],
      [client.signed(query({ biz_content: '[' })), 'isv.illegal-json'],
      [client.signed(query({ biz_content: '[]' })), 'isv.illegal-json'],
      [client.signed(query({ encrypt_type: 'AES' })), 'isv.decryption-error-unknown'],
      [client.signed(query({ biz_content: '{}' })), 'ACQ.INVALID_PARAMETER'],
      [client.signed(query()), 'ACQ.TRADE_NOT_EXIST'],
    ]
    for (const [params, sub_code] of steps) expect(await subCode(params)).toBe(sub_code)
  })
})

describe('answers', () => {
  test('once the app is known every refusal under an own key is signed', async () => {
    for (const params of [without(query(), 'version'), { ...query(), sign: 'eA==' }, client.signed(query())]) {
      expect((await client.send(params)).verified).toBe(true)
    }
  })

  test('without a method the answer is an unsigned error_response', async () => {
    const called = await client.send(without(query(), 'method'))
    expect(called).toMatchObject({ root: 'error_response', verified: undefined })
    expect(called.response.sub_code).toBe('isv.missing-method')
  })

  test('a method name that cannot be a key is an unsigned error_response', async () => {
    const called = await client.call('"><x>', {})
    expect(called).toMatchObject({ root: 'error_response', verified: undefined })
    expect(called.response.sub_code).toBe('isv.invalid-method')
  })

  test('a method that is not emulated says so in both languages, signed', async () => {
    const { root, verified, response } = await client.call('alipay.trade.create', {})
    expect([root, verified]).toEqual(['alipay_trade_create_response', true])
    expect(response).toMatchObject({ code: '40002', sub_code: 'isv.invalid-method' })
    expect(response.sub_msg).toContain('本地模拟网关没有模拟接口 alipay.trade.create')
    expect(response.sub_msg).toContain('does not emulate the method alipay.trade.create')
  })

  test('status, content type, Date and trace_id are as from the gateway', async () => {
    const { status, headers } = await client.send(client.signed(query()))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html;charset=utf-8')
    expect(headers.get('trace_id')).toMatch(/^[0-9a-f]{32}$/)
    expect(headers.get('date')).toBe('Fri, 20 Nov 2026 02:00:00 GMT')
  })
})

describe('parameters', () => {
  test('they count wherever they come: all in the query, split, or in a multipart body', async () => {
    const params = client.signed(query())
    const all = await client.read(await fetch(`${client.emulator.gateway}?${new URLSearchParams(params)}`))
    const { biz_content = '', ...common } = params
    const url = `${client.emulator.gateway}?${new URLSearchParams(common)}`
    const split = await client.read(await fetch(url, { method: 'POST', body: new URLSearchParams({ biz_content }) }))
    const form = new FormData()
    form.set('biz_content', biz_content)
    const multipart = await client.read(await fetch(url, { method: 'POST', body: form }))
    for (const called of [all, split, multipart]) expect(called.response.sub_code).toBe('ACQ.TRADE_NOT_EXIST')
  })

  test('a key that comes twice with one value is taken: the official PHP SDK sends charset in query and body', async () => {
    const params = client.signed(query())
    for (const keys of [['charset'], Object.keys(params)]) {
      const again = new URLSearchParams(keys.map((key): [string, string] => [key, params[key] ?? '']))
      const across = `${client.emulator.gateway}?${again}`
      const called = await client.read(await fetch(across, { method: 'POST', body: new URLSearchParams(params) }))
      expect(called.response.sub_code).toBe('ACQ.TRADE_NOT_EXIST')
    }
  })

  test('a key that comes twice with two values is refused, within the body or across body and query', async () => {
    const body = new URLSearchParams(client.signed(query()))
    const across = `${client.emulator.gateway}?version=1.1`
    const twice = new URLSearchParams([...body, ['biz_content', '{}']])
    for (const [url, form] of [
      [across, body],
      [client.emulator.gateway, twice],
    ] as const) {
      const called = await client.read(await fetch(url, { method: 'POST', body: form }))
      expect(called.response).toMatchObject({ code: '40002', sub_code: 'isv.invalid-parameter' })
    }
  })

  test('empty values are left out of the signed text', async () => {
    const called = await client.send({ ...client.signed(query()), app_auth_token: '', notify_url: '' })
    expect(called.response.sub_code).toBe('ACQ.TRADE_NOT_EXIST')
  })

  test('any changed byte, an added value or the key of somebody else breaks the signature', async () => {
    const params = client.signed(query())
    const other = await startRaw()
    const foreign = other.signed(query())
    await other.emulator.close()
    for (const bad of [{ ...params, biz_content: '{"out_trade_no":"NONE_2"}' }, { ...params, a: '1' }, foreign]) {
      expect(await subCode(bad)).toBe('isv.invalid-signature')
    }
  })
})

describe('page methods', () => {
  const open = (params: Params) => client.open(`${client.emulator.gateway}?${new URLSearchParams(params)}`)

  test('a bad link gives the GBK error page, HTTP 200, code without isv.', async () => {
    const params = client.params('alipay.trade.page.pay', pageOrder('BAD_1'))
    const answer = await open({ ...client.signed(params), app_id: '9021000000000001' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html;charset=GBK'])
    const text = await gbkText(answer)
    expect(text).toContain(
      '调试错误，请回到请求来源地，重新发起请求。错误代码 invalid-app-id 错误原因: 无效的AppID参数',
    )
    expect(text).toContain('Local emulator, no real money')
    expect(text).not.toContain('isv.')
  })

  test('a wrong signature shows the built text as text, never as markup', async () => {
    const params = client.params('alipay.trade.page.pay', pageOrder('BAD_2', { subject: '<b>x' }))
    const text = await gbkText(await open({ ...params, sign: 'eA==' }))
    expect(text).toContain('错误代码 invalid-signature')
    expect(text).not.toContain('<b>')
  })

  test('a good link leads to the cashier', async () => {
    const answer = await client.open(client.link('alipay.trade.page.pay', pageOrder('GOOD_1')))
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toMatch(/^\/cashier\/[0-9a-f]{24}$/)
  })
})
