// The official and the best known SDKs of other languages: each form of request is served, each answer verifies their way.
import { AlipaySdk } from 'alipay-sdk'
import { describe, expect, test } from 'vitest'
import { isGenuine, OTHER_SDKS, type OtherSdk, type Pairs, send, signed } from './other-sdks.ts'
import { gbkText, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()
const { emulator } = client

async function call({ request, cut }: OtherSdk, method: string, biz: object) {
  const { bytes } = await send(request(method, biz, emulator), emulator)
  const root = `${method.replaceAll('.', '_')}_response`
  expect(isGenuine(cut(bytes, root), emulator), bytes).toBe(true)
  return JSON.parse(Buffer.from(bytes, 'latin1').toString())[root]
}

const order = { out_trade_no: 'O_1', total_amount: '20.00', subject: '绿茶 100%+ "a"' }

describe.each(OTHER_SDKS)('$name', (sdk) => {
  test('takes a payment from code to refund, and verifies each answer', async () => {
    const created = await call(sdk, 'alipay.trade.precreate', order)
    expect(created).toMatchObject({ code: '10000', qr_code: expect.stringContaining(`${client.origin}/qr/`) })
    await client.control('/pay', { qr_code: created.qr_code })
    const funds = { out_trade_no: 'O_1', query_options: ['fund_bill_list'] }
    expect(await call(sdk, 'alipay.trade.query', funds)).toMatchObject({ trade_status: 'TRADE_SUCCESS' })
    const refund = { out_trade_no: 'O_1', refund_amount: 5, out_request_no: 'R/1', refund_reason: '退货 /"\\ {' }
    expect(await call(sdk, 'alipay.trade.refund', refund)).toMatchObject({ fund_change: 'Y', refund_fee: '5.00' })
    const { out_trade_no, out_request_no, refund_reason } = refund
    const found = await call(sdk, 'alipay.trade.fastpay.refund.query', { out_trade_no, out_request_no })
    expect(found).toMatchObject({ refund_status: 'REFUND_SUCCESS', out_request_no, refund_reason })
  })

  test('verifies refusals, those of the common errors and those that echo the text to sign', async () => {
    const unknown = await call(sdk, 'alipay.trade.close', { out_trade_no: 'NONE' })
    expect(unknown).toMatchObject({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', out_trade_no: 'NONE' })
    const wrong: OtherSdk = {
      ...sdk,
      request(method, biz, { ...known }) {
        const wire = sdk.request(method, biz, known)
        return { ...wire, target: wire.target.replace(/sign=[^&]{9}/, 'sign=AAAAAAAAA'), body: forge(wire.body) }
      },
    }
    expect(await call(wrong, 'alipay.trade.query', { out_trade_no: 'O' })).toMatchObject({
      sub_code: 'isv.invalid-signature',
      sub_msg: expect.stringContaining('&amp;charset='),
    })
  })
})

const forge = (body: Buffer | string = '') => String(body).replace(/&sign=[^&]{9}/, '&sign=AAAAAAAAA')

describe('links', () => {
  const wapOf = (product_code?: string) => ({ ...order, product_code })
  const params = (biz: object, more: Pairs = {}): Pairs => ({
    ...client.params('alipay.trade.wap.pay', biz, { format: 'json', charset: 'UTF-8' }),
    return_url: 'https://m.example/back?a=1&b=中',
    ...more,
  })

  test('with any product code that the SDKs send open the cashier, as address and as form', async () => {
    for (const product_code of ['QUICK_WAP_WAY', 'QUICK_WAP_PAY', undefined]) {
      const all = params(wapOf(product_code))
      const fields = new URLSearchParams({ ...all, sign: signed(all, emulator) })
      expect((await client.open(`${emulator.gateway}?${fields}`)).status).toBe(302)
      const posted = { method: 'POST', body: fields, redirect: 'manual' } as const
      expect((await fetch(`${emulator.gateway}?charset=UTF-8`, posted)).status).toBe(302)
    }
  })

  test('with common parameters in the action and biz_content in the form, as Java and Python build them', async () => {
    const { biz_content = '', ...query } = params(wapOf('QUICK_WAP_WAY'))
    const action = new URLSearchParams({ ...query, sign: signed({ ...query, biz_content }, emulator) })
    const posted = { method: 'POST', body: new URLSearchParams({ biz_content }), redirect: 'manual' } as const
    expect((await fetch(`${emulator.gateway}?${action}`, posted)).status).toBe(302)
  })

  test('with blanks as a value: SDKs leave it out of what they sign', async () => {
    const all = params(wapOf('QUICK_WAP_WAY'))
    const fields = new URLSearchParams({ ...all, notify_url: ' ', app_auth_token: '', sign: signed(all, emulator) })
    expect((await client.open(`${emulator.gateway}?${fields}`)).status).toBe(302)
  })
})

test('bytes that a client left unescaped in the body are read as they are', async () => {
  const { biz_content = '', ...query } = client.params('alipay.trade.query', { out_trade_no: '茶 100%' })
  const target = `/gateway.do?${new URLSearchParams({ ...query, sign: signed({ ...query, biz_content }, emulator) })}`
  const { bytes } = await send({ target, method: 'POST', body: `biz_content=${biz_content}` }, emulator)
  expect(bytes).toContain('ACQ.TRADE_NOT_EXIST')
})

describe('alipay-sdk', () => {
  test('verifies a code, whose slashes are escaped', async () => {
    const { app_id: appId, private_key: privateKey, gateway, alipay_public_key: alipayPublicKey } = emulator
    const sdk = new AlipaySdk({ appId, privateKey, keyType: 'PKCS8', gateway, alipayPublicKey, camelcase: false })
    const created = await sdk.exec('alipay.trade.precreate', { bizContent: order }, { validateSign: true })
    expect(created).toMatchObject({ code: '10000', qr_code: expect.stringContaining(`${client.origin}/qr/`) })
  })
})

describe('GBK', () => {
  // A trail byte of 乗 is a backslash.
  const GBK: Pairs = { 绿: '\xc2\xcc', 茶: '\xb2\xe8', 乗: '\x81\x5c', 退: '\xcd\xcb' }
  const gbk = (text: string) =>
    Buffer.from(
      text.replace(/[^\0-\x7f]/g, (char) => GBK[char] ?? '??'),
      'latin1',
    )
  const escaped = (text: string) => gbk(text).toString('latin1').replace(/[^\w]/g, escapeByte)
  const escapeByte = (byte: string) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
  const gbkForm = (pairs: Pairs) =>
    Object.entries(pairs)
      .map(([key, value]) => `${key}=${escaped(value)}`)
      .join('&')

  async function callInGbk(method: string, biz: object) {
    const { biz_content = '', ...query } = client.params(method, biz, { charset: 'GBK', format: 'json' })
    const signature = signed({ ...query, biz_content }, emulator, gbk)
    const wire = { target: `/gateway.do?${gbkForm({ ...query, sign: signature })}`, body: gbkForm({ biz_content }) }
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=GBK' }
    const { bytes, content_type } = await send({ ...wire, method: 'POST', headers }, emulator)
    expect(content_type).toBe('text/html;charset=GBK')
    const [, content = '', sign = ''] = /^\{"\w+":(\{.*\}),"sign":"([^"]+)"\}$/.exec(bytes) ?? []
    expect(isGenuine({ content, sign }, emulator), bytes).toBe(true)
    return {
      content,
      answer: JSON.parse(new TextDecoder('gbk', { fatal: true }).decode(Buffer.from(content, 'latin1'))),
    }
  }

  test('requests are verified and answered in their own bytes', async () => {
    const { answer } = await callInGbk('alipay.trade.precreate', { ...order, subject: '绿茶乗' })
    await client.control('/pay', { qr_code: answer.qr_code })
    const { trades } = (await client.trades()) as { trades: object[] }
    expect(trades).toMatchObject([{ subject: '绿茶乗', trade_status: 'TRADE_SUCCESS' }])
    await callInGbk('alipay.trade.refund', { out_trade_no: 'O_1', refund_amount: '20.00', refund_reason: '退乗' })
    const find = { out_trade_no: 'O_1', out_request_no: 'O_1' }
    const found = await callInGbk('alipay.trade.fastpay.refund.query', find)
    expect(found.answer).toMatchObject({ refund_reason: '退乗' })
    expect(found.content).toContain('"refund_reason":"\xcd\xcb\x81\x5c"')
    const refused = await callInGbk('alipay.trade.close', { out_trade_no: 'NONE' })
    expect(refused.answer).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在' })
  })

  test('what GBK lacks is escaped in the answer', async () => {
    await client.paid('E')
    const reason = { out_trade_no: 'E', refund_amount: '20.00', refund_reason: '🍵' }
    expect((await client.call('alipay.trade.refund', reason)).response).toMatchObject({ fund_change: 'Y' })
    const found = await callInGbk('alipay.trade.fastpay.refund.query', { out_trade_no: 'E', out_request_no: 'E' })
    expect(found.answer.refund_reason).toBe('🍵')
    expect(found.content).toContain('"\\ud83c\\udf75"')
  })

  test('a link in GBK opens the cashier with its subject', async () => {
    const all = client.params('alipay.trade.page.pay', pageOrder('G', { subject: '绿茶' }), { charset: 'gbk' })
    const link = `${emulator.gateway}?${gbkForm({ ...all, sign: signed(all, emulator, gbk) })}`
    const cashier = await client.open(link)
    expect(cashier.status).toBe(302)
    expect(await (await fetch(client.origin + cashier.headers.get('location'))).text()).toContain('绿茶')
    expect(await client.control('/pay', { pay_url: link })).toMatchObject({ status: 200, body: { subject: '绿茶' } })
    const wrong = await client.open(link.replace('sign=', 'sign=AAAA'))
    expect(await gbkText(wrong)).toContain('invalid-signature')
  })
})
