// The page of a subscription that is offered: what it says before a press, what a press opens on which device, and the way back.
import { describe, expect, it } from 'vitest'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'
import { links, pathOf, textOf, visitorsOf } from './visitors.ts'

const TRIAL = { ...NEWS, id: 'trial', trial_days: 30, ceiling: '20.00', payments: 12 }
const shop = useSubscribedShop(() => [NEWS, WEEKLY, TRIAL])
const { visit, offer, found, wantsQuery, watched, freeze } = visitorsOf(shop)

/** As the signed link of another offer of the same plan and day asks Alipay for it. */
async function plannedDay(plan: string): Promise<string> {
  const { number } = await offer(plan)
  const content = new URL(await shop.signLink(number)).searchParams.get('biz_content') ?? ''
  return JSON.parse(content).period_rule_params.execute_time
}

describe('an offer', () => {
  it('says what is subscribed, for how much, when, and that it renews by itself, all before the press', async () => {
    const { url, number } = await offer('trial')
    const page = await visit(url)
    const text = textOf(page)
    const [before = ''] = text.split('Sign in Alipay')
    for (const part of [
      ...['A letter a month', '茶铺', '15.00', 'every month, renewed automatically', 'the first 30 days', '12 at most'],
      ...[
        `First charge ${await plannedDay('trial')}`,
        'as planned; at the earliest on 20',
        'Limit of one charge ¥20.00',
        number,
      ],
      ...['Sign before', 'Beijing time, 29 min left', 'You can cancel on this page at any time'],
    ])
      expect(before).toContain(part)
    expect(page.status).toBe(200)
    expect(links(page)).toStrictEqual([`${pathOf(url)}/mobile`])
    expect(await found(number)).toMatchObject({ opened_at: undefined })
  })

  it('says so in Chinese for whoever reads Chinese, with 自动续费', async () => {
    const text = textOf(await visit((await offer('weekly')).url, { language: 'zh' }))
    for (const part of [
      '每 7 天，自动续费',
      '首次扣款',
      '计划日期，签约后即可扣款',
      '直到您取消',
      '随时在本页取消',
      '打开支付宝签约',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/免费试用|单次上限/)
  })

  it('on a phone a press opens Alipay itself, and is written down first', async () => {
    const { url, number } = await offer()
    const pressed = await visit(`${url}/mobile`)
    expect([pressed.status, pressed.headers.location]).toStrictEqual([303, expect.stringMatching(/^alipays:\/\//)])
    expect(await found(number)).toMatchObject({ opened_at: expect.any(Number) })
    const text = textOf(await visit(url))
    expect(text).toContain('Go on in Alipay')
    expect(text).toMatch(/Alipay was opened at \d\d-\d\d \d\d:\d\d/)
  })

  it.each([
    ['prefetched', { headers: { 'sec-purpose': 'prefetch' } }],
    ['previewed', { headers: { 'x-purpose': 'preview' } }],
    ['only its head', { method: 'HEAD' }],
  ] as const)('opens nothing where the link is %s', async (_, coming) => {
    const { url, number } = await offer()
    expect(await visit(`${url}/mobile`, coming)).toMatchObject({ status: 503 })
    expect(await found(number)).toMatchObject({ opened_at: undefined })
  })

  it('on a computer is a code of the page, and no link of Alipay’s can be had', async () => {
    const { url, number } = await offer()
    const page = await visit(url, { device: 'computer' })
    expect(page.text).toContain('<figure class="scan"><img src="data:image/svg+xml,')
    expect(textOf(page)).toContain('Scan with your phone to sign')
    expect(links(page)).toStrictEqual([])
    for (const step of ['page', 'mobile'])
      expect((await visit(`${url}/${step}`, { device: 'computer' })).headers.location).toBe(pathOf(url))
    expect(await found(number)).toMatchObject({ opened_at: undefined })
  })

  it('at an address of this computer alone, to which no phone comes, opens Alipay’s page with its own code', async () => {
    const { url } = await offer()
    const side = { at: 'http://127.0.0.1:8421' }
    const page = await visit(url, { device: 'computer', side })
    expect(page.text).not.toContain('<figure')
    expect(links(page)).toStrictEqual([`${pathOf(url)}/page`])
    expect((await visit(`${url}/page`, { device: 'computer', side })).headers.location).toContain('gateway.do?')
  })

  it('in WeChat shows the way out of it, and opens nothing', async () => {
    const { url, number } = await offer()
    const page = await visit(url, { device: 'in_chat' })
    expect(textOf(page)).toContain('Open this page in your browser')
    expect(page.text).toContain(`<code class="address" id="address">${url}</code>`)
    expect((await visit(`${url}/mobile`, { device: 'in_chat' })).headers.location).toBe(pathOf(url))
    expect(await found(number)).toMatchObject({ opened_at: undefined })
  })

  it('while all is frozen cannot be signed, and the page says so', async () => {
    const { url, number } = await offer()
    await freeze()
    expect(textOf(await visit(url))).toContain('The seller takes no signatures just now')
    expect((await visit(`${url}/mobile`)).headers.location).toBe(pathOf(url))
    expect(await found(number)).toMatchObject({ opened_at: undefined })
  })

  it('is over when its time is, and a late signature is undone', async () => {
    const { url } = await offer()
    shop.clock.advance(3 * 86_400_000)
    const page = await visit(url)
    expect(textOf(page)).toMatch(/The time to sign is over A late signature is undone/)
    expect(page.text).not.toMatch(/http-equiv="refresh"|data-state-path="/)
    expect((await visit(`${url}/mobile`)).headers.location).toBe(pathOf(url))
  })

  it('that was opened and is over goes on asking: it may have been signed in time', async () => {
    const { url, number } = await offer()
    const sign_url = await shop.signLink(number)
    await shop.control('agreements/sign', { sign_url, account: 'buyer1' })
    shop.clock.advance(31 * 60_000)
    const before = await visit(url)
    expect(textOf(before)).toContain('The time to sign is over')
    expect(before.text).toContain('data-state-path="')
    await shop.watchAgreements()
    expect(textOf(await visit(url))).toContain('Your subscription is active')
  })

  it('that was taken back says so', async () => {
    const { url, number } = await offer()
    await shop.call('cancel_subscription', { external_agreement_no: number })
    expect(textOf(await visit(url))).toContain('This subscription is offered no more')
  })
})

describe('the way back from Alipay', () => {
  it('has Alipay asked, says that it is being confirmed, and then how it stands', async () => {
    const { url, number } = await offer()
    const link = await shop.signLink(number)
    await shop.watchAgreements()
    await shop.clock.sleep(60 * 60_000)
    expect(await wantsQuery(number)).toBe(false)
    await watched()
    const back = await visit(`${url}/return`)
    expect(textOf(back)).toContain('Being confirmed with Alipay')
    expect(back.text).toContain(`<meta http-equiv="refresh" content="2; url=${pathOf(url)}">`)
    expect(await wantsQuery(number)).toBe(true)
    await shop.control('agreements/sign', { sign_url: link, account: 'buyer1' }).catch(() => {})
    await shop.watchAgreements()
    expect((await visit(`${url}/return`)).headers.location).toBe(pathOf(url))
  })

  it('where nobody asks Alipay, leads to the page, which does not say that it updates', async () => {
    const { url, number } = await offer()
    await shop.signLink(number)
    expect((await visit(`${url}/return`)).headers.location).toBe(pathOf(url))
    expect(textOf(await visit(url))).toContain('Tell the seller after you sign.')
    await watched()
    expect(textOf(await visit(url))).toContain('This page updates by itself after you sign.')
  })

  it('of an offer that nobody opened has nobody asked', async () => {
    const { url, number } = await offer()
    await watched()
    expect((await visit(`${url}/return`)).headers.location).toBe(pathOf(url))
    expect(await wantsQuery(number)).toBe(false)
  })
})
