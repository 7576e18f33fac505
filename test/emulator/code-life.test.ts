// How long a QR code can be scanned, and what a close does to it before and after the scan.
import { describe, expect, test } from 'vitest'
import { buyer1, expectRefusedPage, NOT_EXIST, useCodes } from './code-order.ts'
import { codeOrder, pageOrder } from './raw-client.ts'

const { client, precreate, code, pathOf, status, close, scan, pay, wait } = await useCodes()

describe('time', () => {
  const tooLate = { status: 409, body: { sub_code: 'ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR' } }

  test('a code dies after two hours, or sooner if the merchant says so; a scanned order goes on', async () => {
    for (const [more, seconds] of [
      [{ timeout_express: '1d' }, 7200],
      [{ qr_code_timeout_express: '5h' }, 7200],
      [{ qr_code_timeout_express: '5m' }, 300],
      [{ timeout_express: '2m' }, 120],
    ] as const) {
      await client.control('/reset', {})
      const [qr_code, scanned] = [await code(more), String((await client.precreate(codeOrder('Q2', more))).qr_code)]
      await wait(seconds - 1)
      expect((await scan(scanned)).status).toBe(200)
      await wait(1)
      expect(await scan(qr_code)).toMatchObject(tooLate)
      await expectRefusedPage(await fetch(qr_code), tooLate.body.sub_code, 'time allowed')
      await expectRefusedPage(await client.post(`${pathOf(qr_code)}/login`, buyer1), tooLate.body.sub_code, '')
      expect(await status()).toBe(NOT_EXIST)
      expect((await pay(scanned)).status).toBe(seconds === 120 ? 409 : 200)
    }
  })

  test('the page of a dead code says so, while its order could still get another one', async () => {
    const qr_code = await code()
    await wait(7200)
    await expectRefusedPage(await fetch(qr_code), tooLate.body.sub_code, '二维码已过期')
    expect(await precreate()).toMatchObject({ code: '10000' })
    await wait(3600)
    expect(await precreate()).toMatchObject({ sub_code: tooLate.body.sub_code })
  })

  test('a dead code cannot be scanned again even by its owner, who can go on with the page that is open', async () => {
    const cashier = await code()
    await scan(cashier)
    await wait(7200)
    await expectRefusedPage(await fetch(cashier), tooLate.body.sub_code, '二维码已过期')
    expect((await fetch(`${cashier}?account=buyer1`)).status).toBe(200)
    expect((await client.post(`${pathOf(cashier)}/pay`, buyer1)).status).toBe(303)
  })

  test('without a time the order lives three hours; scanned and unpaid it then closes', async () => {
    await scan(await code())
    await wait(3 * 3600 - 1)
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await wait(1)
    expect(await status()).toBe('TRADE_CLOSED')
  })

  test('in the sandbox an order may live fifteen hours at most', async () => {
    await client.control('/sandbox', { on: true })
    expect(await precreate({ timeout_express: '16h' })).toMatchObject({ sub_code: 'ACQ.INVALID_PARAMETER' })
    expect(await precreate({ timeout_express: '15h' })).toMatchObject({ code: '10000' })
    await client.control('/sandbox', { on: false })
  })
})

describe('closing', () => {
  test('a scanned order closes; a new code comes but cannot be paid', async () => {
    await scan(await code())
    expect(await close()).toMatchObject({ code: '10000' })
    const again = await code()
    await expectRefusedPage(await fetch(again), 'ACQ.TRADE_HAS_CLOSE', '交易已经关闭')
    expect(await pay(again)).toMatchObject({ status: 409, body: { sub_code: 'ACQ.TRADE_HAS_CLOSE' } })
  })

  test('before the scan it closes nothing: the code can still be paid', async () => {
    const qr_code = await code()
    expect(await close()).toMatchObject({ code: '40004', sub_code: NOT_EXIST, out_trade_no: 'Q' })
    expect((await pay(qr_code)).status).toBe(200)
    expect(await status()).toBe('TRADE_SUCCESS')
  })

  test('or, by the switch, blocks the number: the scanner is told so, and a trade waits that can be closed', async () => {
    await client.control('/rules', { close_before_scan: 'blocks' })
    const qr_code = await code()
    expect(await close()).toMatchObject({ sub_code: NOT_EXIST })
    expect(await client.trades()).toMatchObject({ codes: [{ blocked: true }] })
    const cashier = pathOf(qr_code)
    await expectRefusedPage(await client.post(`${cashier}/login`, buyer1), 'ACQ.TRADE_HAS_CLOSE', '本笔交易已关闭')
    expect(await status()).toBe('WAIT_BUYER_PAY')
    expect(await pay(qr_code)).toMatchObject({ status: 409 })
    expect(await pay(await code())).toMatchObject({ status: 409 })
    expect(await close()).toMatchObject({ code: '10000' })
    expect(await status()).toBe('TRADE_CLOSED')
  })

  test('a blocked code leaves a page link of the same number alone', async () => {
    await client.control('/rules', { close_before_scan: 'blocks' })
    await code()
    await close()
    const pay_url = client.link('alipay.trade.page.pay', pageOrder('Q'))
    expect((await client.control('/pay', { pay_url })).status).toBe(200)
  })

  test('the switch touches neither page links nor numbers without a code', async () => {
    await client.control('/rules', { close_before_scan: 'blocks' })
    const pay_url = client.link('alipay.trade.page.pay', pageOrder('Q'))
    await client.open(pay_url)
    expect(await close()).toMatchObject({ sub_code: NOT_EXIST })
    expect((await client.control('/pay', { pay_url })).status).toBe(200)
  })
})

test('a reset forgets codes and blocks, and keeps the switches, which the help shows', async () => {
  await client.control('/rules', { close_before_scan: 'blocks' })
  const first = await code()
  await close()
  await client.control('/reset', {})
  expect((await fetch(first)).status).toBe(404)
  expect((await pay(await code())).status).toBe(200)
  expect(await client.trades()).toMatchObject({
    precreate_repeat: 'code_again',
    close_before_scan: 'blocks',
  })
  expect(await (await fetch(client.emulator.control_url)).text()).toContain(
    'close_before_scan: not_exist_only or blocks (now blocks)',
  )
})
