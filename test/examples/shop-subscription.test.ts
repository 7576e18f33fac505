// Subscriptions in the example of a shop: a card that says by itself when it is signed and cancelled, and is its buyer's own.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedModel, startScriptedModel } from '../../examples/scripted-model/scripted-model.js'
import type { Fields } from '../e2e/hosts.ts'
import { puppet } from './puppet-model.ts'
import { requireInstalled, ShopProcess } from './shop-process.ts'
import { type Entry, sign, Visitor } from './shop-visitor.ts'

const LONG = 60_000
const UNKNOWN = '20261130203030000000000000000000'
const DAY = /^20\d\d-\d\d-\d\d$/

/** As a press on its page does. */
async function cancelOn(page: unknown): Promise<void> {
  const { status } = await fetch(`${page}/cancel`, { method: 'POST', redirect: 'manual' })
  expect(status).toBe(303)
}

describe('a subscriber at the shop', { timeout: LONG }, () => {
  let model: ScriptedModel
  let shop: ShopProcess
  let address: string
  let buyer: Visitor

  beforeAll(async () => {
    requireInstalled()
    model = await startScriptedModel(puppet)
    const settings = { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'test' }
    shop = new ShopProcess({ ...settings, ALIPAY_TOOLSETS: 'payments,subscriptions' })
    address = await shop.address()
  })
  beforeEach(async () => {
    model.requests.length = 0
    buyer = await Visitor.at(address)
    return async () => {
      buyer.leave()
      // A payer has one subscription to a plan: the next signature would be undone.
      for (const { link } of buyer.of('subscription')) if (link) await cancelOn(link)
    }
  })
  afterAll(async () => {
    await shop?.end()
    await model?.close()
  })

  const calls = (who: Visitor, tool: string, args: Fields) => who.says(`${tool} ${JSON.stringify(args)}`)

  async function subscribes(who: Visitor): Promise<Entry & { number: string; link: string }> {
    await calls(who, 'create_subscription', { plan: 'letter' })
    return (await who.sees('subscription', { state: 'offered' })) as Entry & { number: string; link: string }
  }

  async function signed(who: Visitor): Promise<Entry & { number: string; link: string }> {
    const { number, link } = await subscribes(who)
    await sign(link)
    return (await who.sees('subscription', { number, state: 'live' })) as Entry & { number: string; link: string }
  }

  const hasAgreement = async (number: string) => (await shop.agreements()).includes(number)

  it('signs on the page: the card says so by itself, and the model hears of it once', async () => {
    const offer = await subscribes(buyer)
    expect(offer).toMatchObject({
      ...{ subject: '每周茶信 The weekly tea letter', amount: '6.00', period: 'every 7 days', period_zh: '每 7 天' },
      ...{ link: /\/s\/\w{22}$/, isHere: true },
    })
    expect(offer.code ?? offer.next).toBeUndefined()
    await sign(offer.link)
    const { number, id, link } = offer
    expect(await buyer.sees('subscription', { number, state: 'live' })).toMatchObject({ id, link, next: DAY })
    expect(buyer.of('notice')).toMatchObject([{ says: 'signed' }])
    await calls(buyer, 'query_subscription', { external_agreement_no: number })
    const notes = buyer.of('assistant').filter(({ text }) => String(text).startsWith('heard: <shop-note>'))
    expect(notes).toMatchObject([{ text: RegExp(`^heard: <shop-note>Subscription ${number}: Live: 6\\.00 yuan`) }])
    expect(buyer.of('subscription')).toHaveLength(1)
  })

  it('signs with an account that has it already: it is undone, and the model hears why', async () => {
    const { number } = await signed(buyer)
    const other = await Visitor.at(address)
    const second = await subscribes(other)
    await sign(second.link)
    await other.sees('subscription', { number: second.number, state: 'ended' })
    const said = async () => (await other.sees('assistant')) && other.of('assistant').at(-1)?.text
    expect(await said()).toMatch(
      RegExp(`<shop-note>Subscription ${second.number}: The signature (is being|was) undone`),
    )
    expect(await shop.agreements()).toStrictEqual([number])
    other.leave()
  })

  it('cancels in the chat: the agreement ends, and the card has no link any more', async () => {
    const { number } = await signed(buyer)
    expect(await hasAgreement(number)).toBe(true)
    await calls(buyer, 'cancel_subscription', { external_agreement_no: number })
    const ended = await buyer.sees('subscription', { number })
    expect([ended.state, ended.link, ended.next]).toStrictEqual(['ended', undefined, undefined])
    expect(buyer.of('notice')).toMatchObject([{ says: 'signed' }])
    expect(await hasAgreement(number)).toBe(false)
  })

  it('cancels on the page: the card says so by itself', async () => {
    const { number, link } = await signed(buyer)
    await cancelOn(link)
    await buyer.sees('notice', { says: 'ended' })
    await buyer.sees('subscription', { number, state: 'ended' })
    expect(await hasAgreement(number)).toBe(false)
  })

  it('has one card of an offer, which comes to the end when it is asked for again', async () => {
    const { number, link } = await subscribes(buyer)
    await buyer.says('where is the link?')
    expect(await subscribes(buyer)).toMatchObject({ number, link })
    expect(buyer.of('subscription')).toHaveLength(1)
    expect(buyer.entries.slice(-2).map(({ kind }) => kind)).toStrictEqual(['subscription', 'assistant'])
  })

  it('is alone with a subscription: another buyer learns nothing of it, and cannot cancel it', async () => {
    const { number } = await signed(buyer)
    const answers: unknown[] = []
    for (const external_agreement_no of [number, UNKNOWN]) {
      const thief = await Visitor.at(address)
      for (const tool of ['query_subscription', 'cancel_subscription'])
        answers.push((await calls(thief, tool, { external_agreement_no })).at(-1)?.text)
      expect(thief.of('subscription')).toStrictEqual([])
      thief.leave()
    }
    expect(answers.slice(0, 2)).toStrictEqual(answers.slice(2))
    expect(answers[0]).toMatch(/no subscription of this buyer/i)
    expect(await hasAgreement(number)).toBe(true)
  })

  it('the model knows the subscriptions of this chat, and no tool that charges one', async () => {
    const { number } = await subscribes(buyer)
    await buyer.says('hello')
    const { tools = [], messages } = model.requests.at(-1) ?? { messages: [] }
    const names = tools.map((tool) => tool.function.name)
    expect(names).toContain('cancel_subscription')
    expect(names.filter((name) => /charge|announce|postpone|list_sub/.test(name))).toStrictEqual([])
    expect(messages[0]).toMatchObject({
      content: RegExp(`- subscription ${number}: .*6\\.00 yuan every 7 days, offered`),
    })
  })

  it('suggests it on the page, where there is a plan', async () => {
    expect(await (await fetch(`${address}/`)).text()).toContain('<button type="button">The weekly tea letter</button>')
  })
})
