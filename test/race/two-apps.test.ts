// Two apps of one merchant, each with its own server and key: one ledger, so that one request is one operation for both.
import { afterAll, describe, expect, it } from 'vitest'
import { World } from '../crash/world.ts'
import type { Env } from '../e2e/hosts.ts'

const worlds: World[] = []
afterAll(() => Promise.all(worlds.map((world) => world.close())))

const EACH = 5

async function opened(settings: Env = {}) {
  const world = await World.open(settings, 2)
  worlds.push(world)
  await world.untilNoon()
  const { seller_id, apps } = world.emulator
  const [first, second] = await Promise.all(
    apps.map((app) => world.server(world.env({ ALIPAY_SELLER_ID: seller_id }, app))),
  )
  if (!first || !second) throw new Error('two apps were to be made')
  return { world, first, second }
}

describe.concurrent('two apps of one merchant', () => {
  it('make one refund of one request', async () => {
    const { world, first, second } = await opened()
    await world.paidOrder(first, 'SHARED')
    const request = { out_trade_no: 'SHARED', refund_amount: '30.00' }
    const asked = [first, second].flatMap((server) =>
      Array.from({ length: EACH }, () => server.call('refund_payment', request)),
    )
    const answers = await Promise.all(asked)
    expect(answers.filter(({ error }) => error !== undefined && error !== 'not_sent')).toStrictEqual([])
    const { refunds } = await world.trade('SHARED')
    expect(refunds.map(({ refund_amount }) => refund_amount)).toStrictEqual(['30.00'])
    expect((await world.trades()).calls['alipay.trade.refund']).toBe(1)
  })

  it('know the orders of each other, and share the limit of a day', async () => {
    const { world, first, second } = await opened({ ALIPAY_DAILY_REFUNDS: '50.00' })
    await world.paidOrder(first, 'OF_THE_FIRST')
    await world.paidOrder(second, 'OF_THE_SECOND')
    expect(await first.call('list_payments', { text: 'OF_THE_SECOND' })).toMatchObject({ count: 1 })
    expect(await second.call('list_payments', { text: 'OF_THE_FIRST' })).toMatchObject({ count: 1 })
    const refund = (server: typeof first, out_trade_no: string, refund_amount: string) =>
      server.call('refund_payment', { out_trade_no, refund_amount })
    expect(await refund(first, 'OF_THE_FIRST', '30.00')).toMatchObject({ moved: 'now' })
    expect(await refund(second, 'OF_THE_SECOND', '20.01')).toMatchObject({ variable: 'ALIPAY_DAILY_REFUNDS' })
    expect(await refund(second, 'OF_THE_SECOND', '20.00')).toMatchObject({ moved: 'now' })
    expect(await refund(first, 'OF_THE_SECOND', '0.01')).toMatchObject({ variable: 'ALIPAY_DAILY_REFUNDS' })
    expect((await world.trades()).refunded).toBe('50.00')
  })
})
