// The checkout page leads to Alipay only where it may, its code is the link, no text acts as markup, and nothing is loaded.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { busyPage, CHECKOUT_CSP, checkoutPage, missingPage, troublePage } from '../../src/checkout/checkout-page.ts'
import type { CheckoutView } from '../../src/checkout/checkout-view.ts'
import { ADDRESS, CHECKOUT_VIEWS, OWN_PATH, readable } from './checkout-views.ts'

// Its types take it for an ES module.
const jsqr: (data: Uint8ClampedArray, width: number, height: number) => { data: string; version: number } | null =
  createRequire(import.meta.url)('jsqr')

type Name = keyof typeof CHECKOUT_VIEWS
const VIEWS: Readonly<Record<Name, CheckoutView>> = CHECKOUT_VIEWS
const NAMES = Object.keys(VIEWS) as Name[]
const linksIn = (html: string) => [...html.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>/g)].map(([, href]) => href)
const pressesIn = (html: string) => linksIn(html).filter((href) => href?.startsWith(OWN_PATH))

describe('the way to pay', () => {
  it.each<[Name, CheckoutView['presses'], readonly string[]]>([
    ['phone-open', { mobile: '/p/x/mobile', page: '/p/x/page' }, ['/p/x/mobile']],
    ['phone-open', { page: '/p/x/page' }, ['/p/x/page']],
    ['in-alipay', { mobile: '/p/x/mobile', page: '/p/x/page' }, ['/p/x/mobile']],
    ['computer-open', { mobile: '/p/x/mobile', page: '/p/x/page' }, ['/p/x/page']],
    ['computer-open', { mobile: '/p/x/mobile' }, ['/p/x/mobile']],
    ['phone-open', {}, []],
    ['in-chat', { mobile: '/p/x/mobile' }, []],
    ['not-known', { page: '/p/x/page' }, ['/p/x/page']],
    ['asking', { page: '/p/x/page' }, []],
    ['withdrawn', { page: '/p/x/page' }, []],
    ['paid', { mobile: '/p/x/mobile' }, []],
  ])('of %s with %j is %j', async (name, presses, expected) => {
    const html = await checkoutPage({ ...VIEWS[name], presses })
    expect(linksIn(html).filter((href) => href?.startsWith('/p/'))).toStrictEqual(expected)
    for (const [link] of html.matchAll(/<a\b[^>]*class="button"[^>]*>/g))
      expect(link).toContain('rel="nofollow noreferrer"')
  })

  it('is the code of the address, of version 4 for a host of 29 characters', async () => {
    expect(new URL(ADDRESS).hostname).toHaveLength(29)
    const code = decoded(await checkoutPage(VIEWS['computer-open']))
    expect([code?.data, code?.version]).toStrictEqual([ADDRESS, 4])
  })

  it.each(['http://127.0.0.1:8421', 'http://localhost:8421', 'http://[::1]:8421'])(
    'has no code at %s',
    async (origin) => {
      const html = await checkoutPage({ ...VIEWS['computer-open'], address: origin + OWN_PATH })
      expect(html).not.toContain('<img')
      expect(html).toContain('这个链接只能在本机打开')
      expect(pressesIn(html)).toHaveLength(1)
    },
  )

  it('has a code on computers only, and only where the order can be paid', async () => {
    const withCode = []
    for (const name of NAMES) if ((await checkoutPage(VIEWS[name])).includes('<img')) withCode.push(name)
    expect(withCode).toStrictEqual([
      'computer-open',
      'computer-opened-before',
      'computer-open-english',
      'computer-sandbox',
    ])
  })
})

/** Draws what stands in the page: rows of dark modules, each as a move and a length. */
function decoded(html: string): ReturnType<typeof jsqr> {
  const svg = decodeURIComponent(/<img src="data:image\/svg\+xml,([^"]+)"/.exec(html)?.[1] ?? '')
  const modules = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1])
  const scale = 4
  const width = modules * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  let [column, line] = [0, 0]
  for (const [, command, first, second] of (/stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '').matchAll(
    /([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g,
  )) {
    const length = Number(first)
    if (command === 'M') [column, line] = [length, Math.floor(Number(second))]
    else if (command === 'm') column += length
    else {
      for (let y = line * scale; y < (line + 1) * scale; y++) {
        for (let x = column * scale; x < (column + length) * scale; x++)
          pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
      }
      column += length
    }
  }
  return jsqr(pixels, width, width)
}

describe('what it loads and does', () => {
  const hashOf = (text: string | undefined) =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`

  it('is its own style and its own script, by their hashes, on every page', async () => {
    const pages = [
      ...(await Promise.all(NAMES.map((name) => checkoutPage(VIEWS[name])))),
      missingPage('zh'),
      busyPage('en'),
      troublePage('zh'),
    ]
    for (const html of pages) {
      const [styles, scripts] = ['style', 'script'].map((tag) => [
        ...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g')),
      ])
      expect([styles?.length, scripts?.length]).toStrictEqual([1, 1])
      expect(CHECKOUT_CSP).toContain(`style-src ${hashOf(styles?.[0]?.[1])};`)
      expect(CHECKOUT_CSP).toContain(`script-src ${hashOf(scripts?.[0]?.[1])};`)
      expect(html).not.toMatch(/<form|<script [^>]|\bstyle=|<[^>]+\son\w+=|(src|<link[^>]*href)="(https?:)?\/\//)
      expect(html).toContain('<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">')
    }
    const rules = CHECKOUT_CSP.replace(/'sha256-[^']+'/g, 'HASH')
    expect(rules).toBe(
      "default-src 'none'; style-src HASH; script-src HASH; img-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    )
  })

  it('loads again without a script, and asks by one, while it may change; it stays still once it cannot', async () => {
    const open = await checkoutPage(VIEWS['phone-open'])
    expect(open).toContain('<noscript><meta http-equiv="refresh" content="15"></noscript>')
    expect(open).toContain(`data-state-path="${OWN_PATH}/state" data-state-key="open-1"`)
    expect(await checkoutPage(VIEWS.paid)).not.toMatch(/http-equiv="refresh"|data-state-path="/)
    const asking = await checkoutPage(VIEWS.asking)
    expect(asking).toContain('\n<meta http-equiv="refresh" content="2">\n')
    expect(asking).not.toMatch(/<noscript|data-state-path="/)
  })

  it.each(NAMES)('lets no text of %s act as markup', async (name) => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;`
    const html = await checkoutPage({
      ...VIEWS[name],
      payee: { name: evil, licence: evil, contact: evil, icp: evil, refund_policy: evil },
      subject: evil,
      body: evil,
      out_trade_no: evil,
      state_key: evil,
    })
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<img src=x|<[^>]*\sonerror/)
    expect(readable(html)).toContain(evil)
  })

  it('makes a link of a refund policy only where it is a web address', async () => {
    const policy = async (refund_policy: string) =>
      linksIn(await checkoutPage({ ...VIEWS.paid, payee: { name: 'x', refund_policy } }))
    expect(await policy('https://shop.example/refunds')).toStrictEqual(['https://shop.example/refunds'])
    expect(await policy('javascript:alert(1)')).toStrictEqual([])
    expect(await policy('7 日内可退 https://shop.example')).toStrictEqual([])
  })

  it('has in its foot what is given and nothing else', async () => {
    const foot = async (payee: CheckoutView['payee']) =>
      /<footer>([\s\S]*)<\/footer>/.exec(await checkoutPage({ ...VIEWS.paid, payee }))?.[1] ?? ''
    expect(readable(await foot({ name: '山月' })).trim()).toBe('alipay-mcp')
    const whole = await foot(VIEWS.paid.payee)
    for (const part of ['91330106MA2H00000X', '0571-8800 0000', '未拆封 7 日内可退', '浙ICP备2026000000号-1'])
      expect(whole).toContain(part)
    expect(whole).toContain('<a href="https://beian.miit.gov.cn/" rel="noreferrer">')
  })
})
