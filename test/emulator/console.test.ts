// States of the open platform's console: methods the app may not call, and an app nobody knows.
import { expect, test } from 'vitest'
import { codeOrder, gbkText, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()

const PRECREATE = 'alipay.trade.precreate'
const permit = (body: object) => client.control('/permissions', body)
const precreate = () => client.call(PRECREATE, codeOrder('P'))
const page = async () => gbkText(await client.open(client.link('alipay.trade.page.pay', pageOrder('P'))))

test('a method taken from the app is refused as a common error, signed, and the others are not', async () => {
  expect(await permit({ [PRECREATE]: false })).toStrictEqual({
    status: 200,
    body: { denied: { [PRECREATE]: 'isv.insufficient-isv-permissions' } },
  })
  expect(await precreate()).toMatchObject({
    verified: true,
    response: {
      code: '40006',
      msg: 'Insufficient Permissions',
      sub_code: 'isv.insufficient-isv-permissions',
      sub_msg: 'ISV权限不足，建议在开发者中心检查对应功能是否已经添加',
    },
  })
  expect(await client.query('P')).toMatchObject({ sub_code: 'ACQ.TRADE_NOT_EXIST' })
  expect(await client.trades()).toMatchObject({ codes: [], calls: { 'alipay.trade.query': 1 } })
})

test('a wrong signature is refused before a missing permission', async () => {
  await permit({ [PRECREATE]: false })
  const called = await client.send({ ...client.params(PRECREATE, codeOrder('P')), sign: 'eA==' })
  expect(called.response.sub_code).toBe('isv.invalid-signature')
})

test('or the business says that the product is not signed, with its own fields', async () => {
  await permit({ [PRECREATE]: 'ACQ.ACCESS_FORBIDDEN', 'alipay.trade.refund': 'ACQ.ACCESS_FORBIDDEN' })
  expect(await precreate()).toMatchObject({
    verified: true,
    response: { code: '40004', sub_code: 'ACQ.ACCESS_FORBIDDEN' },
  })
  await client.paid('P')
  expect(await client.refund({ out_trade_no: 'P', refund_amount: '1.00' })).toMatchObject({
    sub_code: 'ACQ.ACCESS_FORBIDDEN',
    refund_fee: '0.00',
  })
  expect(await client.trades()).toMatchObject({ refunded: '0.00' })
})

test('page methods too, on the error page', async () => {
  for (const [value, code] of [
    [false, 'insufficient-isv-permissions'],
    ['ACQ.ACCESS_FORBIDDEN', 'ACQ.ACCESS_FORBIDDEN'],
  ]) {
    await permit({ 'alipay.trade.page.pay': value })
    expect(await page()).toContain(`错误代码 ${code}`)
  }
})

test('true gives a method back, and a reset all of them', async () => {
  await permit({ [PRECREATE]: false, 'alipay.trade.query': false })
  expect(await permit({ [PRECREATE]: true })).toMatchObject({
    body: { denied: { 'alipay.trade.query': 'isv.insufficient-isv-permissions' } },
  })
  expect((await precreate()).response.code).toBe('10000')
  expect(await client.trades()).toMatchObject({ denied: { 'alipay.trade.query': expect.any(String) } })
  await client.control('/reset', {})
  expect((await client.query('P')).sub_code).toBe('ACQ.TRADE_NOT_EXIST')
})

test('one bad value sets nothing; an unknown method lists those there are', async () => {
  const bad = await permit({ [PRECREATE]: false, 'alipay.trade.query': 'no' })
  expect(bad).toMatchObject({
    status: 400,
    body: { allowed: ['true', 'false', expect.any(String), expect.any(String)] },
  })
  expect((await precreate()).response.code).toBe('10000')
  expect(await permit({ 'alipay.trade.create': false })).toMatchObject({
    status: 400,
    body: { allowed: expect.arrayContaining([PRECREATE, 'alipay.trade.wap.pay']) },
  })
})

test('an app the gateway does not know gets one answer to everything, unsigned', async () => {
  expect(await client.control('/app', { state: 'unknown' })).toMatchObject({ body: { app: 'unknown' } })
  const wrongSign = { ...client.params('alipay.trade.query', {}), sign: 'eA==' }
  for (const called of [await precreate(), await client.send(wrongSign)]) {
    expect(called).toMatchObject({ verified: undefined, response: { sub_code: 'isv.invalid-app-id' } })
  }
  expect(await page()).toContain('错误代码 invalid-app-id')
  expect(await client.trades()).toMatchObject({ app: 'unknown' })
  await client.control('/app', { state: 'online' })
  expect((await precreate()).response.code).toBe('10000')
  await client.control('/app', { state: 'unknown' })
  await client.control('/reset', {})
  expect((await precreate()).response.code).toBe('10000')
})

test('an app state that is not one of the two is refused', async () => {
  for (const body of [{}, { state: 'offline' }, { state: true }]) {
    expect(await client.control('/app', body)).toMatchObject({ status: 400 })
  }
})
