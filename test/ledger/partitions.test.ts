// Several merchants or environments in one file: none sees the ledger of another, and a freeze stops them all.
import { expect, it } from 'vitest'
import type { PartitionKey } from '../../src/ledger/ledger.ts'
import {
  actor,
  done,
  NOON,
  opened,
  order,
  paidOrder,
  refund,
  SHOP,
  tempFolder,
  trade,
  UNASKED,
  unknown,
} from './places.ts'

const FOREIGN: readonly PartitionKey[] = [
  { ...SHOP, merchant: 'another shop' },
  { ...SHOP, gateway: 'http://127.0.0.2' },
  { ...SHOP, environment: 'sandbox' },
]

const two = async (partition: PartitionKey) => {
  const folder = tempFolder()
  return { ours: await opened({ folder }), theirs: await opened({ folder, partition }) }
}

it.each(FOREIGN)(
  'orders, refunds, requests and record stay apart: $environment $gateway $merchant',
  async (partition) => {
    const { ours, theirs } = await two(partition)
    await paidOrder(ours)
    await done(ours, refund(1))
    const { id } = await unknown(ours, refund(2), NOON + 3_000)
    const request = await ours.requestApproval(
      { approvalDigest: 'x', out_trade_no: 'A', amount_fen: 1, question: '?' },
      actor(),
    )
    expect([await theirs.order({ out_trade_no: 'A' }), await theirs.order({ trade_no: 'T-A' })]).toStrictEqual([
      undefined,
      undefined,
    ])
    const empty = {
      ...{ orders: [], damaged: [], next: undefined, not_summed: 0, count: 0 },
      ...{ paid_count: 0, paid_fen: 0, refunded_fen: 0, alarm_fen: 0, alarm_refunded_fen: 0 },
    }
    expect(await theirs.list({ limit: 1 })).toStrictEqual(empty)
    const lists = [theirs.intents('A'), theirs.inDoubt(), theirs.events({}), theirs.approvals({}), theirs.days()]
    expect((await Promise.all([...lists, theirs.openApprovals(NOON)])).flat()).toStrictEqual([])
    expect(await theirs.approval(request.id)).toBeUndefined()
    expect(await theirs.decide(request.id, true, 'page', actor())).toBe(false)
    expect(await theirs.takeOver(id, actor())).toBeUndefined()
    expect(await theirs.markSending(id, false, actor())).toStrictEqual({ why: 'lease_lost' })
    await expect(theirs.resolve(id, { state: 'done' }, actor())).rejects.toThrow('an operation on an order')
    expect([await theirs.forget('A', actor()), await theirs.prune(NOON + 1, actor())]).toStrictEqual([false, 0])
  },
)

it.each(FOREIGN)('limits, numbers and sums stay apart: $environment $gateway $merchant', async (partition) => {
  const { ours, theirs } = await two(partition)
  await paidOrder(ours)
  await done(ours, refund(3_000))
  const limited = { daily_payments_fen: 10_000 }
  expect(await theirs.reserveOrder(order('A'), limited, actor())).toMatchObject({
    outcome: 'made',
    similar_orders: [],
  })
  await theirs.recordTrade({ trade: trade('A') }, actor())
  const rules = { ...UNASKED, daily_refunds_fen: 10_000 }
  const whole = await theirs.reserveRefund(refund(10_000), rules, undefined, actor())
  expect(whole).toMatchObject({ outcome: 'prepared', intent: { attempt: 1 } })
  expect(await ours.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 3_000 })
})

it('a freeze, and its end, is about all of them, and all of them have it in their record', async () => {
  const { ours, theirs } = await two({ ...SHOP, environment: 'production' })
  expect(await ours.frozen()).toBeUndefined()
  await theirs.freeze('a thief', actor())
  await theirs.freeze('again', actor(NOON + 1))
  expect(await ours.frozen()).toStrictEqual({ at: NOON, why: 'a thief' })
  expect(await ours.reserveOrder(order('A'), {}, actor())).toMatchObject({
    outcome: 'blocked',
  })
  await ours.unfreeze(actor())
  expect(await theirs.frozen()).toBeUndefined()
  const what = (await ours.events({})).map((event) => event.what)
  expect(what).toStrictEqual(['freeze', 'freeze', 'unfreeze'])
})

it('the same partition opened twice is one', async () => {
  const folder = tempFolder()
  await paidOrder(await opened({ folder }))
  expect(await (await opened({ folder })).order({ out_trade_no: 'A' })).toMatchObject({
    total_amount: '100.00',
  })
})

it('orders made before the merchant was named stay theirs: found, counted, and refunded once', async () => {
  const folder = tempFolder()
  const before = await opened({ folder, partition: { ...SHOP, merchant: '9021000000000001' } })
  await paidOrder(before)
  await done(before, refund(3_000))
  const named = { ...SHOP, merchant: '2088000000000001', merchant_before: '9021000000000001' }
  const after = await opened({ folder, partition: named })
  expect(await after.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 3_000, created_here: true })
  expect(await after.ordersElsewhere()).toBe(0)
  const limited = { ...UNASKED, daily_refunds_fen: 5_000 }
  expect(
    await after.evaluateRefund(refund(3_000, { out_request_no: 'X' }), limited, actor(NOON + 9_000)),
  ).toMatchObject({
    block: { why: 'daily_refunds', used_fen: 3_000 },
  })
  // A server that still runs with the settings of before goes on in the same partition.
  await before.reserveOrder(order('B'), {}, actor())
  expect(await after.order({ out_trade_no: 'B' })).toBeDefined()
  expect(await (await opened({ folder, partition: named })).order({ out_trade_no: 'B' })).toBeDefined()
})

it('an app is taken over by the merchant only, and only where the merchant has no orders of its own', async () => {
  const folder = tempFolder()
  const app = { ...SHOP, merchant: '9021000000000001' }
  const merchant = { ...SHOP, merchant: '2088000000000001', merchant_before: app.merchant }
  await paidOrder(await opened({ folder, partition: { ...SHOP, merchant: merchant.merchant } }), 'OWN')
  await paidOrder(await opened({ folder, partition: app }))
  const after = await opened({ folder, partition: merchant })
  expect([await after.order({ out_trade_no: 'OWN' }), await after.order({ out_trade_no: 'A' })]).toMatchObject([
    {},
    undefined,
  ])
  expect(await after.ordersElsewhere()).toBe(1)
})

const APP = { ...SHOP, merchant: '9021000000000001' }
const merchant = (number: string) => ({ ...SHOP, merchant: number, merchant_before: APP.merchant })

it('a server that starts without the merchant id after the takeover goes on in the same partition', async () => {
  const folder = tempFolder()
  await paidOrder(await opened({ folder, partition: APP }))
  const named = await opened({ folder, partition: merchant('2088000000000001') })
  const unnamed = await opened({ folder, partition: APP })
  expect(await unnamed.order({ out_trade_no: 'A' })).toBeDefined()
  await unnamed.reserveOrder(order('B'), {}, actor())
  expect(await named.order({ out_trade_no: 'B' })).toBeDefined()
})

it('a merchant id that was wrong, and is set right, loses no order', async () => {
  const folder = tempFolder()
  await paidOrder(await opened({ folder, partition: APP }))
  await opened({ folder, partition: merchant('2088000000000009') })
  const right = await opened({ folder, partition: merchant('2088000000000001') })
  expect(await right.order({ out_trade_no: 'A' })).toBeDefined()
  expect(await right.ordersElsewhere()).toBe(0)
})

it('who cannot know for whom the app acts takes nothing over', async () => {
  const folder = tempFolder()
  const acting = { ...APP, merchant: `${APP.merchant}/0a1b2c3d` }
  await paidOrder(await opened({ folder, partition: APP }), 'OWN')
  await paidOrder(await opened({ folder, partition: acting }))
  const front = { ...merchant('2088000000000001'), takes_over: false }
  await expect(opened({ folder, partition: front })).rejects.toThrow('orders from before ALIPAY_SELLER_ID was set')
  const server = { ...SHOP, merchant: '2088000000000001', merchant_before: acting.merchant }
  expect(await (await opened({ folder, partition: server })).order({ out_trade_no: 'A' })).toBeDefined()
  expect(await (await opened({ folder, partition: front })).order({ out_trade_no: 'A' })).toBeDefined()
  expect(await (await opened({ folder, partition: APP })).order({ out_trade_no: 'OWN' })).toBeDefined()
})

it('a no holds for every server of the partition, with or without the merchant id', async () => {
  const folder = tempFolder()
  const unnamed = await opened({ folder, partition: APP })
  await paidOrder(unnamed)
  const named = await opened({ folder, partition: merchant('2088000000000001') })
  const request = async (ledger: typeof named) => {
    const { approvalDigest } = await ledger.evaluateRefund(refund(3_000), UNASKED, actor())
    return ledger.requestApproval({ approvalDigest, out_trade_no: 'A', amount_fen: 3_000, question: '?' }, actor())
  }
  const { id } = await request(unnamed)
  await named.decide(id, false, 'terminal', actor(NOON + 1))
  expect([(await request(unnamed)).state, (await request(named)).state]).toEqual(['denied', 'denied'])
})
