// A payer signs the same plan again: beside one that Alipay has ended already, that is paid up, or that lives on.
import { describe, expect, it } from 'vitest'
import { NEWS, useSubscribedShop, WEEKLY } from './subscribed-shop.ts'

const ONCE = { ...WEEKLY, id: 'once', payments: 1 }

describe('in the merchant’s role', () => {
  const shop = useSubscribedShop(() => [NEWS, ONCE])
  const signs = async (number: string) => {
    await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account: 'buyer1' })
    return number
  }
  const signedAgain = async (plan: string) => signs(await shop.subscribe(plan))
  const inForce = async () => {
    const all = await shop.agreements()
    return all.filter(({ in_force }) => in_force).map((one) => one.external_agreement_no)
  }

  it.each(['is asked about', 'is watched'])(
    'after an end inside Alipay that nobody heard of, the new one %s and lives',
    async (how) => {
      const first = await shop.signed('news')
      await shop.control('agreements/unsign', { external_agreement_no: first })
      const second = await signedAgain('news')
      if (how === 'is watched') await shop.watchAgreements()
      expect(await shop.query(second)).toMatchObject({ state: 'live' })
      expect(await shop.query(first)).toMatchObject({ state: 'ended' })
      expect(await shop.charge(second)).toMatchObject({ moved: 'now' })
      expect(await inForce()).toStrictEqual([second])
    },
  )

  it('nothing is decided about the new one while Alipay does not say how the first stands', async () => {
    const first = await shop.signed('news')
    await shop.control('agreements/unsign', { external_agreement_no: first })
    const second = await signedAgain('news')
    const { agreements } = shop.gateway
    if (!agreements) throw new Error('no agreements')
    const ask = agreements.agreement.bind(agreements)
    agreements.agreement = async (name, ...rest) =>
      'agreement_no' in name ? { outcome: 'unknown', why: 'it is silent' } : ask(name, ...rest)
    const said = await shop.query(second)
    agreements.agreement = ask
    expect(said).toMatchObject({ state: 'offered', message: expect.stringMatching(/did not say now: it is silent/) })
    expect(await shop.watchAgreements()).toContain(`Subscription ${second} is signed.`)
    expect(await shop.query(second)).toMatchObject({ state: 'live' })
  })

  it('beside one that lives on it is undone', async () => {
    const first = await shop.signed('news')
    const second = await signedAgain('news')
    expect(await shop.query(second)).toMatchObject({
      ...{ state: 'cancelling', message: expect.stringMatching(/^The signature is being undone/) },
      message_zh: expect.stringMatching(/^正在撤销签约/),
    })
    await shop.watchAgreements()
    expect(await shop.query(second)).toMatchObject({
      ...{ state: 'ended', message: expect.stringMatching(/^The signature was undone/) },
      message_zh: expect.stringMatching(/^签约已撤销/),
    })
    expect(await inForce()).toStrictEqual([first])
  })

  it('beside one whose payments are all made it lives', async () => {
    const first = await shop.signed('once')
    expect(await shop.charge(first)).toMatchObject({ moved: 'now' })
    const second = await signedAgain('once')
    expect(await shop.query(second)).toMatchObject({ state: 'live' })
    expect(await shop.charge(second)).toMatchObject({ moved: 'now' })
  })
})

describe('in the buyer’s role', () => {
  const shop = useSubscribedShop(() => [NEWS, ONCE], {}, { role: 'buyer' })
  const offered = (plan: string) => shop.callAs('b1', 'create_subscription', { plan })
  const live = async (plan: string) => {
    const number = await shop.subscribe(plan, 'b1')
    await shop.control('agreements/sign', { sign_url: await shop.signLink(number), account: 'buyer1' })
    const query = { external_agreement_no: number }
    expect(await shop.callAs('b1', 'query_subscription', query)).toMatchObject({ state: 'live' })
    return number
  }

  it('one that was ended inside Alipay is not said to live: the plan is offered again', async () => {
    const first = await live('news')
    await shop.control('agreements/unsign', { external_agreement_no: first })
    const again = await offered('news')
    expect(again).toMatchObject({ state: 'offered' })
    expect(again.external_agreement_no).not.toBe(first)
  })

  it('one that lives is said to, once Alipay says so', async () => {
    const first = await live('news')
    expect(await offered('news')).toMatchObject({ state: 'live', external_agreement_no: first })
    await shop.control('faults', { fault: 'http_502', times: 100 })
    const unheard = await offered('news')
    await shop.control('faults/clear', {})
    expect(unheard).toMatchObject({ isError: true, moved: 'no' })
  })

  it('one whose payments are all made does not keep the plan from being offered again', async () => {
    const first = await live('once')
    const { chargeSubscription } = await import('../../src/subscriptions/charge-subscription.ts')
    expect(await chargeSubscription(first, shop.commandCall())).toMatchObject({ moved: 'now' })
    expect(await offered('once')).toMatchObject({ state: 'offered' })
  })
})
