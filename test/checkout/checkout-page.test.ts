// The checkout page says of each state what is true of it and nothing more, in one language.
import { describe, expect, it } from 'vitest'
import { busyPage, checkoutPage, missingPage, troublePage } from '../../src/checkout/checkout-page.ts'
import type { CheckoutView } from '../../src/checkout/checkout-view.ts'
import { CHECKOUT_VIEWS, readable } from './checkout-views.ts'

type Name = keyof typeof CHECKOUT_VIEWS
const VIEWS: Readonly<Record<Name, CheckoutView>> = CHECKOUT_VIEWS
const NAMES = Object.keys(VIEWS) as Name[]
const inEnglish = (name: Name): CheckoutView => ({ ...VIEWS[name], language: 'en' })
const inChinese = (name: Name): CheckoutView => ({ ...VIEWS[name], language: 'zh' })

const textOf = async (view: CheckoutView) => readable(await checkoutPage(view))

const NEVER_AGAIN = /不能再付款|Nobody can pay/
const NO_STATE_OF_THIS = /已付款|已全额退款|已部分退款|Paid |Fully refunded|Partly refunded/

describe('what it says', () => {
  it.each<[Name, RegExp, RegExp]>([
    ['too-late', /付款时间即将截止/, /Less than a minute is left/],
    ['paid', /已付款 ¥ 1,256\.00.*付款时间 2026-11-20 10:13 北京时间/, /Paid ¥ 1,256\.00/],
    ['part-refunded', /已部分退款 ¥ 128\.00.*付款金额 ¥1,256\.00/, /Partly refunded ¥ 128\.00/],
    ['refunded', /已全额退款 ¥ 1,256\.00/, /Fully refunded/],
    ['closed', /订单已关闭 这笔订单不能再付款/, /This order is closed Nobody can pay it any more/],
    ['expired', /已超过付款时间 这笔订单不能再付款/, /The time to pay is over Nobody can pay it any more/],
    ['replaced', /已变更 请向商家要新的付款链接/, /has changed Ask the seller for the new link/],
    ['withdrawn', /商家已撤回这笔收款/, /The seller has withdrawn this payment/],
    ['paused', /商家暂停收款/, /takes no payments just now/],
    ['other-amount', /金额与订单不符.*应付金额 ¥1,256\.00/, /The amount is another one .*Amount due ¥1,256\.00/],
    ['asking', /正在向支付宝确认/, /Checking with Alipay/],
    ['not-known', /10:12 从这里打开过.*不清楚/, /at 10:12\. It is not known just now/],
    [
      'waits-elsewhere',
      /同一个支付宝账号/,
      /in the Alipay app with the same account, or ask the seller for a new link/,
    ],
    ['in-chat', /点右上角 ··· 选择「在浏览器打开」/, /Tap ··· at the top right Choose “Open in browser”/],
  ])('of %s, in both languages', async (name, chinese, english) => {
    expect(await textOf(inChinese(name))).toMatch(chinese)
    expect(await textOf(inEnglish(name))).toMatch(english)
  })

  it.each(NAMES)(
    'of %s: that nobody can pay it only once it is closed or expired, and no state but its own',
    async (name) => {
      const { state } = VIEWS[name]
      for (const text of [await textOf(inChinese(name)), await textOf(inEnglish(name))]) {
        expect(NEVER_AGAIN.test(text)).toBe(state === 'closed' || state === 'expired')
        expect(NO_STATE_OF_THIS.test(text)).toBe(['paid', 'refunded', 'part_refunded'].includes(state))
      }
    },
  )

  it.each<[Name, RegExp | undefined]>([
    ['replaced', /opened at 10:12 can still be paid until 10:40\. Please do not pay there/],
    ['withdrawn', /opened at 10:12 can still be paid until 10:40\. Please do not pay there/],
    ['paused', /opened at 10:12 can still be paid until 10:40\. Ask the seller/],
    ['too-late', /opened at 10:12 can still be paid until 10:40\./],
    ['paid', undefined],
    ['closed', undefined],
    ['expired', undefined],
  ])('of %s about a cashier that is open', async (name, said) => {
    const opened = await textOf({ ...inEnglish(name), cashier_opened_at: '2026-11-20 10:12:08' })
    if (said) expect(opened).toMatch(said)
    else expect(opened).not.toContain('10:12')
    expect(await textOf({ ...inEnglish(name), cashier_opened_at: undefined })).not.toContain('cashier opened')
  })

  it('to the second, where it does not end with a minute', async () => {
    const view = { ...inEnglish('withdrawn'), time_expire: '2026-11-20 10:40:07' }
    expect(await textOf(view)).toContain('can still be paid until 10:40:07.')
  })

  it('of another day, with that day', async () => {
    const view = { ...inEnglish('withdrawn'), cashier_opened_at: '2026-11-19 23:50:00' }
    expect(await textOf(view)).toContain('opened at 11-19 23:50 can still be paid until 11-20 10:40.')
  })

  it.each<[number, string, string]>([
    [59, '还剩 不到 1 分钟', 'Beijing time, less than a minute left'],
    [1_771, '还剩 29 分钟', 'Beijing time, 29 min left'],
    [5_400, '还剩 1 小时 30 分钟', 'Beijing time, 1 h 30 min left'],
    [1_000_000, '还剩 11 天 13 小时', 'Beijing time, 11 d 13 h left'],
  ])('of %i seconds that are left, never more than there are', async (seconds_left, chinese, english) => {
    const said = async (view: CheckoutView) =>
      (await textOf({ ...view, seconds_left })).replace(/(\S) +(?=left)/, '$1 ')
    expect((await said(inChinese('phone-open'))).replace(/ +/g, ' ')).toContain(chinese)
    expect((await said(inEnglish('phone-open'))).replace(/, +/g, ', ')).toContain(english)
  })

  it.each(['computer-loopback', 'computer-sandbox', 'computer-open'] as const)(
    'in %s, whether the money is real',
    async (name) => {
      const isReal = VIEWS[name].environment === 'production'
      expect((await textOf(inChinese(name))).includes('不动真钱')).toBe(!isReal)
      expect((await textOf(inEnglish(name))).includes('no real money')).toBe(!isReal)
    },
  )

  it('is in one language: nothing Chinese in an English page but what the data says', async () => {
    const payee = { name: 'Shanyue', contact: 'x', licence: 'y', refund_policy: 'z' }
    for (const name of NAMES) {
      const html = await checkoutPage({ ...inEnglish(name), payee, subject: 'Tea', body: 'Box' })
      expect([name, /\p{Script=Han}/u.exec(html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, ''))]).toStrictEqual([
        name,
        null,
      ])
      expect(html).toContain('<html lang="en">')
      const chinese = readable(
        await checkoutPage({ ...inChinese(name), payee: { name: '山月' }, subject: '茶', body: '盒' }),
      )
      expect(
        chinese.replace(/alipay-mcp|\bQQ\b|\bApp\b|https\S+|20261120\w+|[A-Z0-9]+(-[A-Z0-9]+){2,}/g, ''),
      ).not.toMatch(/[A-Za-z]{2}/)
    }
    for (const page of [missingPage, busyPage, troublePage]) {
      expect(readable(page('en'))).not.toMatch(/\p{Script=Han}/u)
      expect(readable(page('zh'))).toMatch(/\p{Script=Han}{4}/u)
    }
  })
})
