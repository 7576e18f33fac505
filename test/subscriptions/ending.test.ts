// The end of a subscription: from the chat, from inside Alipay, and of signatures that nobody wanted any more.
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/subscriptions/charge-window.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()
const cancel = (external_agreement_no: string, buyer?: unknown) =>
  shop.callAs(buyer, 'cancel_subscription', { external_agreement_no })
const freeze = async () =>
  (await shop.ledger()).freeze(undefined, { at: shop.clock.now(), owner: 'x', host: 'a terminal' })
const inForce = async () => (await shop.agreements()).filter(({ in_force }) => in_force).length

const ends = (pattern: RegExp) => expect.stringMatching(pattern)

it('list_items shows the plans, and create_subscription names them where another is asked for', async () => {
  const listed = await shop.call('list_items', {})
  expect(listed).toMatchObject({
    plans: [
      { plan: 'news', price: '15.00', period: 'every month', period_zh: '每月' },
      { plan: 'weekly', price: '6.00', period: 'every 7 days', period_zh: '每 7 天' },
    ],
  })
  expect([listed.message, listed.message_zh]).toMatchObject([/2 subscription plans\.$/, /2 个订阅方案。$/].map(ends))
  expect(listed.next_step).toContain('offer a plan with create_subscription')
  const refused = await shop.call('create_subscription', { plan: 'gold' })
  expect(refused).toMatchObject({ error: 'invalid_input', message: expect.stringMatching(/there are news .* weekly/) })
})

describe('cancelling', () => {
  it('ends the agreement at Alipay, and nothing is charged any more', async () => {
    const number = await shop.signed()
    expect(await cancel(number)).toMatchObject({ state: 'ended' })
    expect(await inForce()).toBe(0)
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    expect(await cancel(number)).toMatchObject({ state: 'ended' })
  })

  it('works while all is frozen', async () => {
    const number = await shop.signed()
    await freeze()
    expect(await cancel(number)).toMatchObject({ state: 'ended' })
    expect(await inForce()).toBe(0)
  })

  it('stands where Alipay does not answer, and the watcher goes on', async () => {
    const number = await shop.signed()
    await shop.control('faults', { fault: 'http_502', times: 100 })
    expect(await cancel(number)).toMatchObject({ error: 'unknown', moved: 'no' })
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    await shop.control('faults/clear', {})
    expect(await inForce()).toBe(1)
    await shop.clock.sleep(61_000)
    expect(await shop.watchAgreements()).toContain(`Subscription ${number} has ended.`)
    expect(await inForce()).toBe(0)
  })

  it('on its page is carried out by the watcher, however long ago it was signed', async () => {
    const number = await shop.signed()
    await shop.clock.sleep(500 * 86_400_000)
    const ledger = await shop.ledger()
    await ledger.requestCancel(number, 'page', { at: shop.clock.now(), owner: 'front', host: 'a front' })
    expect(await shop.watchAgreements()).toContain(`Subscription ${number} has ended.`)
    expect(await inForce()).toBe(0)
  })

  it('tells of a charge that is on its way, and offers its refund', async () => {
    const number = await shop.signed()
    await shop.control('charges/next', { external_agreement_no: number, outcome: 'in_process' })
    const { out_trade_no } = await shop.charge(number)
    const told = await cancel(number)
    expect(told).toMatchObject({ state: 'ended', on_the_way: out_trade_no })
    expect(told.next_step).toMatch(/query_subscription .* offer the refund/)
  })

  it('of an offer that nobody opened ends it; one that is out is undone when it is signed', async () => {
    const [unopened, out] = [await shop.subscribe('news'), await shop.subscribe('weekly')]
    expect(await cancel(unopened)).toMatchObject({ state: 'ended' })
    const link = await shop.signLink(out)
    expect(await cancel(out)).toMatchObject({ state: 'cancelling' })
    await shop.until(addDays('2026-11-20', 30))
    await shop.control('agreements/sign', { sign_url: link, account: 'buyer1' })
    await shop.watchAgreements()
    expect(await inForce()).toBe(0)
    expect(await shop.charged(out)).toStrictEqual([])
  })
})

describe('a signature', () => {
  it('weeks after its offer is undone at once, and never charged', async () => {
    const number = await shop.subscribe()
    const link = await shop.signLink(number)
    await shop.clock.sleep(21 * 86_400_000)
    await shop.control('agreements/sign', { sign_url: link, account: 'buyer1' })
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    await shop.watchAgreements()
    expect(await inForce()).toBe(0)
    expect(await shop.query(number)).toMatchObject({ state: 'ended' })
  })

  it('beside a live one of the same payer and plan is undone, of another plan not', async () => {
    const first = await shop.signed('news', 'buyer1')
    const second = await shop.subscribe('news')
    await shop.control('agreements/sign', { sign_url: await shop.signLink(second), account: 'buyer1' })
    await shop.watchAgreements()
    expect(await shop.query(second)).toMatchObject({
      ...{ state: 'ended', message: ends(/was undone: .* same payer\. Nothing is charged\.$/) },
      message_zh: ends(/^签约已撤销：.*不会扣款。$/),
    })
    expect(await shop.query(first)).toMatchObject({ state: 'live' })
    await shop.signed('weekly', 'buyer1')
    await shop.signed('news', 'buyer2')
    expect(await inForce()).toBe(3)
  })
})

describe('an end inside Alipay', () => {
  it('is heard before each charge', async () => {
    const number = await shop.signed()
    await shop.control('agreements/unsign', { external_agreement_no: number })
    expect(await shop.charge(number)).toMatchObject({ isError: true, moved: 'no' })
    expect(await shop.query(number)).toMatchObject({ state: 'ended', message: expect.stringMatching(/in Alipay/) })
    expect(await shop.charged(number)).toStrictEqual([])
  })

  it('is heard by the watcher once a day, and at once when somebody says so', async () => {
    const number = await shop.signed()
    await shop.control('agreements/unsign', { external_agreement_no: number })
    expect(await shop.watchAgreements()).toStrictEqual([])
    const ledger = await shop.ledger()
    await ledger.requestAgreementQuery(number, { at: shop.clock.now(), owner: 'front', host: 'a front' })
    await shop.clock.sleep(5_000)
    expect(await shop.watchAgreements()).toStrictEqual([`Subscription ${number} has ended.`])
  })
})
