// An unknown refund whose next attempt never left is ended by reading only, however much time passed.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Trade } from '../../src/gateway/gateway.ts'
import { YES } from '../../src/guard/approval-chat.ts'
import type { Intent } from '../../src/ledger/ledger.ts'
import { openShop, type Shop } from '../shop.ts'
import { MINUTE, Refunding } from './refunding.ts'

const SECOND = 1_000
let shop: Shop
let order: Refunding
let questions: string[] = []
let whileAsked = () => {}
beforeAll(async () => {
  const answer = (question: string) => {
    questions.push(question)
    whileAsked()
    return YES
  }
  shop = await openShop({ answer, rules: { limits: { callsPerMinute: 0, dailyRefundsFen: 5_000 } } })
  order = new Refunding(shop)
})
beforeEach(async () => {
  await order.begin()
  questions = []
  whileAsked = () => {}
})
afterEach(() => void vi.restoreAllMocks())
afterAll(() => shop.close())

async function row(): Promise<Intent> {
  const intents = await (await shop.ledger()).intents(order.out_trade_no)
  const refund = intents.find(({ kind }) => kind === 'refund')
  if (!refund) throw new Error('there is no refund in the ledger')
  return refund
}

async function tradeOf(out_trade_no = order.out_trade_no): Promise<Trade> {
  const asked = await shop.gateway.query({ out_trade_no })
  if (asked.outcome !== 'done') throw new Error('the order is not there')
  return asked.answer
}

/** What was sent long ago is done only now. */
async function carriedOutLate(refund_amount: string): Promise<string> {
  const { trade_no } = await tradeOf()
  const { number } = await row()
  expect(await shop.gateway.refund({ trade_no }, { out_request_no: number, refund_amount })).toMatchObject({
    outcome: 'done',
  })
  return number
}

const known = async () => (await (await shop.ledger()).order(order))?.refunded_fen

it('an unknown refund, asked for again while the computer sleeps for an hour, is unknown until it is read', async () => {
  expect(await order.unknown('30.00')).toMatchObject({ error: 'unknown' })
  const ledger = await shop.ledger()
  const mark = ledger.markSending.bind(ledger)
  vi.spyOn(ledger, 'markSending').mockImplementationOnce((id, repeat, act) => {
    shop.clock.advance(60 * MINUTE)
    return mark(id, repeat, { ...act, at: shop.clock.now() })
  })
  expect(await order.refund('30.00')).toMatchObject({ error: 'refused', isError: true })
  expect(await row()).toMatchObject({ state: 'unknown', attempt: 2 })
  await carriedOutLate('30.00')
  shop.clock.advance(71 * SECOND)
  expect(await order.refund('20.00')).toMatchObject({ moved: 'now' })
  expect(await row()).toMatchObject({ state: 'done' })
  expect(await known()).toBe(5_000)
})
