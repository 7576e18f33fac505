// The tools of a shop, for buyers and for the merchant: what models see of them, how much it costs, and which are offered.
import { describe, expect, it, vi } from 'vitest'
import { LedgerError } from '../../src/errors.ts'
import { instructionsFor, instructionsForBuyers } from '../../src/server/instructions.ts'
import { BUYER_TOOLS, ITEM_TOOLS, MERCHANT_TOOLS } from '../../src/tools/index.ts'
import { offerOf, TOOL_NAMES } from '../../src/tools/offers.ts'
import { SUBSCRIPTION_TOOLS } from '../../src/tools/subscriptions/index.ts'
import { itemsFolder, POEM } from '../buyer/items.ts'
import { useShop } from '../shop.ts'

const { itemsFile } = itemsFolder([POEM])
const OFFERS = [
  ['buyer', BUYER_TOOLS],
  ['merchant with items', [...MERCHANT_TOOLS, ...ITEM_TOOLS]],
  ['merchant with subscriptions', [...MERCHANT_TOOLS, ...ITEM_TOOLS, ...SUBSCRIPTION_TOOLS.merchant]],
  ['buyer with subscriptions', [...BUYER_TOOLS, ...SUBSCRIPTION_TOOLS.buyer]],
] as const

describe.each(OFFERS)('of the %s', (_, tools) => {
  it('cost a model at most 320 tokens on average, and none more than 420', () => {
    const sizes = tools.map((tool) => {
      const { name, title, description, hints } = tool
      const { input, output } = offerOf(tool)
      const listed = { name, title, description, inputSchema: input, annotations: hints, outputSchema: output }
      return Buffer.byteLength(JSON.stringify(listed)) / 4
    })
    expect(Math.max(...sizes)).toBeLessThanOrEqual(420)
    expect(sizes.reduce((sum, size) => sum + size) / sizes.length).toBeLessThanOrEqual(320)
    expect(tools.length).toBeLessThanOrEqual(20)
  })

  it.each(tools.map((tool) => [tool.name, tool] as const))(
    '%s has a title of its own, all hints, and described fields',
    (name, tool) => {
      const { input } = offerOf(tool)
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(tool.title).toMatch(/[a-z].*[\u4e00-\u9fff]/)
      expect(Object.values(tool.hints).map((hint) => typeof hint)).toStrictEqual([
        'boolean',
        'boolean',
        'boolean',
        'boolean',
      ])
      expect(input).toMatchObject({ type: 'object', additionalProperties: false })
      for (const schema of Object.values(input.properties ?? {}))
        expect(typeof Object(schema).description).toBe('string')
    },
  )
})

it('no two tools have the same title', () => {
  const titles = [...MERCHANT_TOOLS, ...ITEM_TOOLS, ...BUYER_TOOLS].map(({ title }) => title)
  // Two are offered to both.
  expect(new Set(titles).size).toBe(titles.length - 2)
})

it('what a buyer may name is an item, how many, and of a tip how much; no order has another name than its number', () => {
  const fields = Object.fromEntries(
    BUYER_TOOLS.map((tool) => [tool.name, Object.keys(offerOf(tool).input.properties ?? {}).join()]),
  )
  expect(fields).toStrictEqual({
    list_items: '',
    create_payment: 'item,quantity,total_amount',
    wait_for_payment: 'out_trade_no,seconds',
    query_payment: 'out_trade_no,claim_code',
    request_refund: 'out_trade_no,reason',
    deliver_order: 'out_trade_no',
    close_payment: 'out_trade_no',
  })
})

describe('the instructions', () => {
  it('for buyers name no tool that is not offered, and none of the merchant', () => {
    const text = instructionsForBuyers(TOOL_NAMES.buyer.payments)
    expect(text.length).toBeLessThan(2_000)
    expect(text).not.toMatch(/refund_payment|list_payments|query_refund|sell_item|trade_no\b(?<!out_trade_no)/)
    expect(instructionsForBuyers(['query_payment'])).not.toMatch(
      /list_items,|create_payment|deliver_order|request_refund/,
    )
  })

  it('for the merchant tell of items only where there are some', () => {
    expect(instructionsFor(TOOL_NAMES.merchant.payments)).toMatch(/What list_items shows is sold with sell_item/)
    expect(instructionsFor(MERCHANT_TOOLS.map(({ name }) => name))).not.toMatch(/sell_item/)
  })
})

describe('a server', () => {
  const merchant = useShop({ sells: { itemsFile } })
  const buyers = useShop({ role: 'buyer', sells: { itemsFile } })

  it('of the merchant sells an item at its price, hands it out once, and says that of a refund', async () => {
    const made = await merchant.call('sell_item', { item: 'poem' })
    expect(made).toMatchObject({ total_amount: '9.90', subject: 'A poem' })
    const { out_trade_no } = made
    expect(await merchant.call('deliver_order', { out_trade_no })).toMatchObject({ error: 'declined' })
    await merchant.control('pay', { pay_url: made.pay_url })
    expect(await merchant.call('deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
    expect(await merchant.call('list_payments', { state: 'undelivered' })).toMatchObject({ count: 0 })
    // A client without forms: in local nobody was asked before there were deliveries.
    expect(await merchant.call('refund_payment', { out_trade_no })).toMatchObject({ error: 'waiting_for_approval' })
    const [{ question } = { question: '' }] = await (await merchant.ledger()).openApprovals(merchant.clock.now())
    expect(question).toMatch(/What was sold was delivered on \d{4}-/)
  })

  it('says what it has written down as handed out, though the ledger cannot be read right after', async () => {
    const { out_trade_no, pay_url } = await merchant.call('sell_item', { item: 'poem' })
    await merchant.control('pay', { pay_url })
    const ledger = await merchant.ledger()
    const reserve = ledger.reserveDelivery.bind(ledger)
    vi.spyOn(ledger, 'reserveDelivery').mockImplementation(async (...asked) => {
      const reserved = await reserve(...asked)
      vi.spyOn(ledger, 'order').mockRejectedValue(new LedgerError('the ledger is busy.', 'Try again.'))
      return reserved
    })
    expect(await merchant.call('deliver_order', { out_trade_no })).toMatchObject({ first_time: true })
  })

  it('of the merchant says of another order that it is none of an item', async () => {
    const { out_trade_no } = await merchant.call('create_payment', { subject: 'Tea', total_amount: '1.00' })
    expect(await merchant.call('deliver_order', { out_trade_no })).toMatchObject({ error: 'invalid_input' })
  })

  it.each(['refund_payment', 'query_refund', 'list_payments', 'sell_item'])('of buyers has no %s', async (tool) => {
    await expect(buyers.callAs('alice', tool, {})).rejects.toThrow(/not found|unknown/i)
  })
})
