// One number opened by two products, page and mobile: whether the second goes on with the trade that the first began.
import { beforeEach, describe, expect, test } from 'vitest'
import { buyer1, expectRefusedPage } from './code-order.ts'
import { codeOrder, gbkText, mobileOrder, pageOrder, useRaw } from './raw-client.ts'

const client = await useRaw()
beforeEach(() => client.control('/rules', { two_products: 'continued' }))

const INCONSISTENT = 'ACQ.CONTEXT_INCONSISTENT'
const refuse = () => client.control('/rules', { two_products: 'refused' })
const page = (more: object = {}) => client.link('alipay.trade.page.pay', pageOrder('T', more))
const mobile = (more: object = {}) => client.link('alipay.trade.wap.pay', mobileOrder('T', more))
const status = () => client.status('T')
const login = (cashier: string) => client.post(`${cashier}/login`, buyer1)
const pay = (cashier: string) => client.post(`${cashier}/pay`, buyer1)
const byNumber = (step: 'scan' | 'pay') => client.control(`/${step}`, { out_trade_no: 'T' })
const overview = async () => (await fetch(client.origin)).text()
const refused = (sub_code: string) => ({ status: 409, body: { sub_code } })

async function expectErrorPage(link: string, sub_code: string): Promise<void> {
  const answer = await client.open(link)
  expect([answer.status, await gbkText(answer)]).toEqual([200, expect.stringContaining(sub_code)])
}

/** Both cashiers of the number, opened before anybody logged in or paid. */
async function openBoth() {
  return { onPage: await client.cashierOf(page()), onMobile: await client.cashierOf(mobile()) }
}

describe('where a trade waits that page began', () => {
  test('a mobile link goes on with it', async () => {
    await login(await client.cashierOf(page()))
    const { trade_no } = await client.query('T')
    expect((await pay(await client.cashierOf(mobile()))).status).toBe(303)
    expect(await client.query('T')).toMatchObject({ trade_no, trade_status: 'TRADE_SUCCESS' })
  })

  test('or, by the switch, is turned away when it is opened, while page goes on', async () => {
    await refuse()
    const cashier = await client.cashierOf(page())
    await login(cashier)
    await expectErrorPage(mobile(), INCONSISTENT)
    expect(await client.control('/pay', { pay_url: mobile() })).toMatchObject(refused(INCONSISTENT))
    expect(await client.cashierOf(page())).toBe(cashier)
    expect((await pay(cashier)).status).toBe(303)
  })

  test('a mobile cashier that was opened before pays it, or is turned away with the payment', async () => {
    for (const two_products of ['continued', 'refused']) {
      await client.control('/reset', {})
      await client.control('/rules', { two_products })
      const { onPage, onMobile } = await openBoth()
      await login(onPage)
      if (two_products === 'continued') expect((await pay(onMobile)).status).toBe(303)
      else {
        await expectRefusedPage(await pay(onMobile), INCONSISTENT, 'other content')
        expect(await status()).toBe('WAIT_BUYER_PAY')
        expect((await pay(onPage)).status).toBe(303)
      }
      expect(await status()).toBe('TRADE_SUCCESS')
    }
  })
})

describe('where a trade waits that mobile began', () => {
  const begin = () => client.control('/pay', { pay_url: mobile(), account: 'poor' })
  const poor = { account: 'poor' }

  test('a page link goes on with it, with the same buyer', async () => {
    const onPage = await client.cashierOf(page())
    await begin()
    expect((await client.post(`${onPage}/login`, poor)).status).toBe(303)
    expect(await client.cashierOf(page())).toBe(onPage)
    expect(await client.control('/scan', { pay_url: page(), ...poor })).toMatchObject({ body: { channel: 'mobile' } })
  })

  test('or, by the switch, is turned away at each step', async () => {
    await refuse()
    const onPage = await client.cashierOf(page())
    await begin()
    expect(await status()).toBe('WAIT_BUYER_PAY')
    await expectErrorPage(page(), INCONSISTENT)
    for (const answer of [
      await client.post(`${onPage}/login`, poor),
      await fetch(`${client.origin}${onPage}?account=poor`),
      await client.post(`${onPage}/pay`, poor),
    ]) {
      await expectRefusedPage(answer, INCONSISTENT, 'other content')
    }
  })
})

describe.each(['continued', 'refused'])('by either setting (%s)', (two_products) => {
  beforeEach(() => client.control('/rules', { two_products }))

  test('both links open before there is a trade, and once mobile is paid page shows it', async () => {
    const { onPage, onMobile } = await openBoth()
    expect((await pay(onMobile)).status).toBe(303)
    expect(await (await fetch(client.origin + onPage)).text()).toContain('付款成功')
    await expectRefusedPage(await login(onPage), 'ACQ.TRADE_HAS_SUCCESS', 'already paid')
    await expectErrorPage(page(), 'ACQ.TRADE_HAS_SUCCESS')
  })

  test('of a trade that was closed both say so', async () => {
    const { onPage, onMobile } = await openBoth()
    await login(onPage)
    await client.close({ out_trade_no: 'T' })
    await expectRefusedPage(await pay(onMobile), 'ACQ.TRADE_HAS_CLOSE', 'closed')
    for (const link of [page(), mobile()]) await expectErrorPage(link, 'ACQ.TRADE_HAS_CLOSE')
  })

  test('a code goes on with what a link began, and a link with what a code began', async () => {
    await login(await client.cashierOf(page()))
    const qr_code = String((await client.precreate(codeOrder('T'))).qr_code)
    expect((await client.control('/pay', { qr_code })).status).toBe(200)
    const scanned = String((await client.precreate(codeOrder('T2'))).qr_code)
    await client.control('/scan', { qr_code: scanned })
    for (const link of [page({ out_trade_no: 'T2' }), mobile({ out_trade_no: 'T2' })]) {
      expect((await client.open(link)).status).toBe(302)
    }
    expect((await client.control('/pay', { out_trade_no: 'T2' })).status).toBe(200)
  })

  test('a number of which both links were opened is paid through the one that can be', async () => {
    const { onPage } = await openBoth()
    await login(onPage)
    expect(await byNumber('pay')).toMatchObject({ status: 200, body: { trade_status: 'TRADE_SUCCESS' } })
    const { opened_links } = (await client.trades()) as { opened_links: object[] }
    expect(opened_links).toMatchObject([{ channel: 'page' }, { channel: 'mobile' }])
  })

  test('the list of trades and the help say which one holds', async () => {
    expect(await client.trades()).toMatchObject({ two_products })
    expect(await (await fetch(client.emulator.control_url)).text()).toContain(
      `two_products: continued or refused (now ${two_products})`,
    )
  })
})

test('a number leads to the link that was opened last, even if it was opened before', async () => {
  await openBoth()
  expect(await byNumber('scan')).toMatchObject({ status: 400 })
  await client.open(page())
  expect(await byNumber('scan')).toMatchObject({ status: 200, body: { channel: 'page' } })
})

test('the overview offers only what can be paid', async () => {
  const { onPage, onMobile } = await openBoth()
  const other = await client.cashierOf(page({ total_amount: '21.00' }))
  const offered = async () => {
    const text = await overview()
    return [onPage, onMobile, other].map((cashier) => text.includes(`href="${cashier}"`))
  }
  expect(await offered()).toStrictEqual([true, true, true])
  await login(onPage)
  expect(await offered()).toStrictEqual([true, true, false])
  await refuse()
  expect(await offered()).toStrictEqual([true, false, false])
})
