// The demo of the shop, without a model: typical sentences in both languages, from the first question to the refund.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pay } from '../e2e/hosts.ts'
import { requireInstalled, ShopProcess } from './shop-process.ts'
import { sign, Visitor } from './shop-visitor.ts'

const LONG = 60_000

describe('without a model', { timeout: LONG }, () => {
  let shop: ShopProcess
  let address: string

  beforeAll(async () => {
    requireInstalled()
    // No setting of the merchant's own may reach a script.
    const own = { ALIPAY_ENV: 'production', ALIPAY_ROLE: 'merchant', ALIPAY_ITEMS_FILE: '/nowhere.json' }
    shop = new ShopProcess(own)
    address = await shop.address()
  })
  afterAll(() => shop?.end())

  const payLast = async (buyer: Visitor) => pay((await buyer.sees('order', { state: 'open' })).link)

  it.each([
    {
      list: ['What do you have?', /A poem about tea: 9\.90 yuan/],
      buy: ['Two ticket codes, please', /30\.00 yuan/],
      bought: /in the box above/,
      tip: ['A tip of 6.66 yuan', /6\.66 yuan/],
      thanks: /Thank you for the tea/,
      refund: ['I want my money back, wrong button', /Refund accepted: 6\.66 yuan/],
      poem: ['A poem please', /9\.90 yuan/],
      verses: /Steam lifts the morning/,
      back: ['refund the poem', /no refund was asked for/],
      other: ['How is the weather?', /I am a script/],
    },
    {
      list: ['有什么商品？', /一首茶诗 A poem about tea：9\.90 元/],
      buy: ['买两个入场码', /30\.00 元/],
      bought: /在上面的方框里/,
      tip: ['打赏 6.66 元', /6\.66 元/],
      thanks: /谢谢您请的茶/,
      refund: ['我要退款，点错了', /退款 6\.66 元已受理/],
      poem: ['来一首诗', /9\.90 元/],
      verses: /一壶春水/,
      back: ['我要退款', /没有提交退款申请/],
      other: ['今天天气怎么样', /我是脚本/],
    },
  ] as const)('a script sells, delivers and refunds: $list.0', async (says) => {
    const buyer = await Visitor.at(address)
    const hears = async ([sentence, answer]: readonly [string, RegExp]) =>
      expect((await buyer.says(sentence)).at(-1)).toMatchObject({ kind: 'assistant', text: answer })
    await hears(says.list)
    await hears(says.buy)
    await payLast(buyer)
    expect((await buyer.sees('goods')).codes).toHaveLength(2)
    expect(buyer.of('assistant').at(-1)?.text).toMatch(says.bought)
    await hears(says.tip)
    await payLast(buyer)
    await buyer.sees('order', { amount: '6.66', state: 'paid' })
    await hears(says.refund)
    expect(buyer.of('assistant').at(-2)?.text).toMatch(says.thanks)
    expect(await buyer.sees('order', { amount: '6.66' })).toMatchObject({ state: 'refunded' })
    await hears(says.poem)
    await payLast(buyer)
    await buyer.sees('order', { amount: '9.90', state: 'delivered' })
    expect(buyer.of('assistant').at(-1)?.text).toMatch(says.verses)
    await hears(says.back)
    await hears(says.other)
    const sums = (await shop.trades()).trades.map(({ refunded }) => refunded)
    expect(sums.filter((refunded) => refunded === '9.90')).toStrictEqual([])
    buyer.leave()
  })

  it.each([
    {
      list: ['What do you have?', /The weekly tea letter: 6\.00 yuan every 7 days, until you cancel/],
      none: ['Cancel my subscription', /no subscription in this chat/],
      subscribe: ['The weekly tea letter, please', /6\.00 yuan every 7 days.*charges nothing yet/],
      signed: /Thank you for subscribing/,
      query: ['How is my subscription?', /^Live: 6\.00 yuan every 7 days\. Next planned charge: 20/],
      cancel: ['Please cancel my subscription', /^Ended on .* Nothing more is charged/],
    },
    {
      list: ['有什么商品？', /每周茶信 The weekly tea letter：每 7 天 6\.00 元，可随时取消/],
      none: ['取消订阅', /还没有订阅/],
      subscribe: ['我想订阅每周茶信', /每 7 天 6\.00 元.*签约本身不扣款/],
      signed: /谢谢订阅/,
      query: ['我的订阅怎么样了', /^订阅生效中（每 7 天 6\.00 元）。下次计划扣款日 20/],
      cancel: ['取消订阅', /^订阅已结束，此后不再扣款/],
    },
  ] as const)('a script offers a subscription, hears that it is signed, and cancels it: $subscribe.0', async (says) => {
    const buyer = await Visitor.at(address)
    const hears = async ([sentence, answer]: readonly [string, RegExp]) =>
      expect((await buyer.says(sentence)).at(-1)).toMatchObject({ kind: 'assistant', text: answer })
    await hears(says.list)
    await hears(says.none)
    await hears(says.subscribe)
    await sign((await buyer.sees('subscription', { state: 'offered' })).link)
    await buyer.sees('subscription', { state: 'live' })
    await buyer.sees('assistant', { text: buyer.of('assistant').at(-1)?.text })
    expect(buyer.of('assistant').at(-1)?.text).toMatch(says.signed)
    await hears(says.query)
    await hears(says.cancel)
    expect(await buyer.sees('subscription')).toMatchObject({ state: 'ended' })
    expect(await shop.agreements()).toStrictEqual([])
    buyer.leave()
  })

  it('gives a paid order back to a buyer who brings its claim code, in another browser', async () => {
    const [lost, found] = [await Visitor.at(address), await Visitor.at(address)]
    await lost.says('How do I brew it? The guide, please')
    const { number, link } = await lost.sees('order')
    await pay(link)
    await lost.sees('goods', { number })
    const paidPage = await (await fetch(String(link))).text()
    const [claim_code] = /\b\w{4}(-\w{4}){3}\b/.exec(paidPage) ?? []
    expect((await found.says(`claim ${number} AAAA-BBBB-CCCC-DDDD`)).at(-1)?.text).toMatch(/^No order of this buyer/)
    await found.says(`Claim code ${claim_code} of ${number}`)
    expect(await found.sees('order', { number })).toMatchObject({ amount: '3.00', state: 'delivered' })
    await found.says('Show it again')
    expect(await found.sees('goods', { number })).toMatchObject({ text: expect.stringMatching(/green tea/) })
    for (const visitor of [lost, found]) visitor.leave()
  })

  it('cancels an order, and shows many buyers their own orders only', async () => {
    const buyers = await Promise.all(Array.from({ length: 8 }, () => Visitor.at(address)))
    await Promise.all(buyers.map((buyer) => buyer.says('买一个入场码')))
    await Promise.all(buyers.slice(1).map(payLast))
    const goods = await Promise.all(buyers.slice(1).map((buyer) => buyer.sees('goods')))
    expect(new Set(goods.flatMap(({ codes }) => codes)).size).toBe(7)
    expect((await buyers[0]?.says('取消订单'))?.at(-1)?.text).toContain('订单已关闭')
    expect(await buyers[0]?.sees('order')).toMatchObject({ state: 'over' })
    for (const buyer of buyers) {
      expect(buyer.of('order')).toHaveLength(1)
      buyer.leave()
    }
  })
})
