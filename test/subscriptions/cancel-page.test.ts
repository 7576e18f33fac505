// The page of a subscription that is live: what it says, the button that ends it, and whatever must not end it.
import { describe, expect, it } from 'vitest'
import { CHECKOUT_CSP } from '../../src/checkout/style-page.ts'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'
import { type Coming, links, pathOf, textOf, visitorsOf } from './visitors.ts'

const FEW = { ...NEWS, id: 'few', payments: 2 }
const shop = useSubscribedShop(() => [NEWS, WEEKLY, FEW])
const { visit, live, offer, found, wantsQuery, watched, freeze } = visitorsOf(shop)
const inForce = async (number: string) =>
  (await shop.agreements()).some((one) => one.external_agreement_no === number && one.in_force)

describe('a live one', () => {
  it('says that it is, when it is charged next, how often it was, and who can end it', async () => {
    const { url, number } = await live('few')
    const text = textOf(await visit(url))
    const { planned_day } = await found(number)
    for (const part of [
      ...[
        'Your subscription is active',
        '15.00',
        'every month, renewed automatically',
        `Next charge ${planned_day} as planned; it may come from now on`,
      ],
      ...['Charged so far 0 of 2 times', 'Cancel the subscription', 'Whoever has the link of this page can cancel'],
    ])
      expect(text).toContain(part)
    await shop.charge(number)
    await shop.query(number)
    const paid = textOf(await visit(url, { language: 'zh' }))
    expect(paid).toContain('已扣款 1 期，共 2 期')
    const { planned_day: next = '' } = await found(number)
    expect(paid).toContain(`下次扣款 ${next} 计划日期，最早 ${addDays(next, -2)} 扣款`)
  })

  it('has Alipay asked for whoever looks, once a minute at most: it may have been ended there', async () => {
    const { url, number } = await live()
    await visit(url)
    expect(await wantsQuery(number)).toBe(false)
    await shop.clock.sleep(61_000)
    await visit(`${url}/state`)
    expect(await wantsQuery(number)).toBe(true)
    await shop.control('agreements/unsign', { external_agreement_no: number })
    await shop.watchAgreements()
    expect(textOf(await visit(url))).toMatch(/This subscription has ended .* in Alipay/)
  })

  it('names no next charge where none is to come: all were made, or the window was missed', async () => {
    const few = await live('few')
    await shop.charge(few.number)
    const { planned_day: next = '' } = await shop.query(few.number)
    await shop.until(String(next))
    await shop.charge(few.number)
    await shop.query(few.number)
    const text = textOf(await visit(few.url))
    expect(text).toContain('Charged so far 2 of 2 times')
    expect(text).not.toContain('Next charge')
    const weekly = await live('weekly')
    shop.clock.advance(5 * 86_400_000)
    expect(textOf(await visit(weekly.url))).not.toContain('Next charge')
  })

  it('turns by itself: its state is another one after the end', async () => {
    const { url, number } = await live()
    const before = (await visit(`${url}/state`)).text
    expect((await visit(url)).text).toContain(`data-state-key="${before}"`)
    await shop.call('cancel_subscription', { external_agreement_no: number })
    expect((await visit(`${url}/state`)).text).not.toBe(before)
    const page = await visit(url)
    expect(textOf(page)).toMatch(/has ended Nothing more is charged.* in the chat/)
    expect(page.text).not.toMatch(/http-equiv="refresh"|data-state-path="/)
    expect(links(page)).toStrictEqual([])
  })
})

describe('the button', () => {
  it('asks first, by a form that leads back to here alone; then the wish is committed, and the watcher ends it', async () => {
    const { url, number } = await live()
    const cancel = `${pathOf(url)}/cancel`
    expect(links(await visit(url))).toStrictEqual([cancel])
    const asked = await visit(`${url}/cancel`)
    expect(textOf(asked)).toMatch(/Cancel this subscription\? Nothing more is charged\. What was paid stays paid\./)
    expect(asked.text).toContain(`<form method="post" action="${cancel}">`)
    const csp = asked.headers['content-security-policy']
    expect(csp).toBe(CHECKOUT_CSP.replace("form-action 'none'", "form-action 'self'"))
    expect((await visit(url)).headers['content-security-policy']).toBe(CHECKOUT_CSP)
    expect(await visit(`${url}/cancel`, { method: 'POST' })).toMatchObject({
      status: 303,
      headers: { location: pathOf(url) },
    })
    expect(await found(number)).toMatchObject({ cancel: { by: 'page' }, ended_at: undefined })
    expect(textOf(await visit(url))).toMatch(/Cancelled: nothing more is charged .* on this page/)
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    await shop.clock.sleep(61_000)
    expect(await shop.watchAgreements()).toContain(`Subscription ${number} has ended.`)
    expect(await inForce(number)).toBe(false)
    expect(textOf(await visit(url))).toContain('This subscription has ended')
  })

  it('works while all is frozen', async () => {
    const { url, number } = await live()
    await freeze()
    expect(textOf(await visit(url))).toContain('Cancel the subscription')
    await visit(`${url}/cancel`, { method: 'POST' })
    await shop.watchAgreements()
    expect(await inForce(number)).toBe(false)
  })

  it('pressed twice, and once more after the end, changes nothing more', async () => {
    const { url, number } = await live()
    await visit(`${url}/cancel`, { method: 'POST' })
    const { cancel } = await found(number)
    shop.clock.advance(60_000)
    expect((await visit(`${url}/cancel`, { method: 'POST' })).status).toBe(303)
    expect((await found(number)).cancel).toStrictEqual(cancel)
    await shop.watchAgreements()
    const { ended_at } = await found(number)
    expect((await visit(`${url}/cancel`, { method: 'POST' })).status).toBe(303)
    expect(await found(number)).toMatchObject({ cancel, ended_at })
    expect((await visit(`${url}/cancel`)).headers.location).toBe(pathOf(url))
  })

  it.each<[string, Coming, string?]>([
    ['a look', {}],
    ['a look at the head', { method: 'HEAD' }],
    ['a prefetch', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['a prefetch that posts', { method: 'POST', headers: { purpose: 'prefetch' } }],
    ['another method', { method: 'DELETE' }],
    ['a post to the page itself', { method: 'POST' }, ''],
    ['a post to another step', { method: 'POST' }, '/return'],
  ])('is not pressed by %s', async (_, coming, step = '/cancel') => {
    const { url, number } = await live()
    const { status } = await visit(`${url}${step}`, coming)
    expect([200, 405, 503]).toContain(status)
    expect(await found(number)).toMatchObject({ cancel: undefined })
    expect(await inForce(number)).toBe(true)
  })

  it('says of a charge that is on its way what may come of it', async () => {
    const { url, number } = await live()
    await shop.control('charges/next', { external_agreement_no: number, outcome: 'in_process' })
    await shop.charge(number)
    await visit(`${url}/cancel`, { method: 'POST' })
    expect(textOf(await visit(url))).toContain('A charge of ¥15.00 was on its way before the cancellation.')
  })

  it('can be reached where Alipay was opened, and nobody has heard of the signature yet', async () => {
    const { url, number } = await offer()
    const sign_url = await shop.signLink(number)
    await shop.control('agreements/sign', { sign_url, account: 'buyer1' })
    expect(links(await visit(url))).toContain(`${pathOf(url)}/cancel`)
    await visit(`${url}/cancel`, { method: 'POST' })
    await shop.watchAgreements()
    expect(await inForce(number)).toBe(false)
    expect(textOf(await visit(url))).toContain('This subscription has ended')
  })
})

it('a link that is not known says so, and counts as one that was guessed', async () => {
  const { url } = await live()
  const guessed = await visit(`${url.slice(0, -22)}${'Z'.repeat(22)}`)
  expect([guessed.status, guessed.isKnown]).toStrictEqual([404, false])
  expect(textOf(guessed)).toContain('This link of a subscription is not known here')
  const posted = await visit(`${url.slice(0, -22)}${'Z'.repeat(22)}/cancel`, { method: 'POST' })
  expect([posted.status, posted.isKnown]).toStrictEqual([404, false])
})

it('where the ledger cannot be used, nothing is said to be cancelled, and the operator hears why', async () => {
  const { url } = await live()
  await watched()
  const ledger = await shop.ledger()
  const lines: string[] = []
  const broken = new Proxy(ledger, {
    get: (target, name) =>
      name === 'requestCancel' ? () => Promise.reject(new Error('The disk is full.')) : Reflect.get(target, name),
  })
  const side = { ledger: broken, say: ({ en }: { en: string }) => void lines.push(en) }
  const answer = await visit(`${url}/cancel`, { method: 'POST', side })
  expect([answer.status, lines]).toStrictEqual([503, ['The page of a subscription failed: The disk is full.']])
  expect(textOf(answer)).toContain('it is not cancelled yet')
})
