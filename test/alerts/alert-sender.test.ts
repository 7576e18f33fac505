// Alerts: raised with what caused them, each sent until it is taken, and not more than a robot bears.
import { beforeEach, describe, expect, it } from 'vitest'
import { AlertSender } from '../../src/alerts/alert-sender.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { useReceiver } from '../emulator/receiver.ts'
import { actor, done, NOON, opened, order, refund, trade } from '../ledger/places.ts'
import { TestClock } from '../shop.ts'

const receiver = await useReceiver()
let said: string[] = []
beforeEach(() => {
  said = []
})

function sender(ledger: Ledger, on: 'problems' | 'payments' = 'problems') {
  const clock = new TestClock()
  clock.advance(NOON - clock.now())
  const call = { ledger: async () => ledger, clock, actor: () => actor(clock.now()) }
  const target = { url: new URL(receiver.url), secret: undefined, on }
  return { clock, it: new AlertSender(call, target, ({ en }) => said.push(en)) }
}

const texts = () =>
  receiver.received.map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()).text as string)
const problem = (key: string) =>
  ({ kind: 'in_doubt', key, out_trade_no: 'A', facts: { total_amount: '1.00', operation: 'refund' } }) as const

async function paid(ledger: Ledger, out_trade_no: string, changes: object = {}) {
  await ledger.reserveOrder(order(out_trade_no, changes), {}, actor())
  await ledger.recordTrade({ trade: trade(out_trade_no) }, actor(NOON + 1))
}

describe('what a person has to hear of', () => {
  it('is a payment after its close was wanted, once', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.requestClose('A', actor())
    await ledger.recordTrade({ trade: trade('A') }, actor())
    await ledger.recordTrade({ trade: trade('A') }, actor())
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toEqual(['payment', 'paid_after_close'])
  })

  it('is two payments of orders that replaced each other', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.reserveOrder(order('B', { replaces: 'A' }), {}, actor())
    await ledger.recordTrade({ trade: trade('A') }, actor())
    await ledger.recordTrade({ trade: trade('B') }, actor())
    const alerts = await ledger.unsentAlerts(9)
    expect(alerts.map(({ kind, out_trade_no }) => [kind, out_trade_no])).toEqual([
      ['payment', 'A'],
      ['paid_after_replacement', 'A'],
      ['payment', 'B'],
      ['paid_twice', 'B'],
    ])
    expect(alerts.at(-1)?.facts.others).toBe('A')
  })

  it('is another amount than the one asked, and then no payment', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.recordTrade({ trade: trade('A', 'TRADE_SUCCESS', { total_amount: '1.00' }) }, actor())
    expect(await ledger.unsentAlerts(9)).toMatchObject([{ kind: 'other_amount', facts: { other_amount: '1.00' } }])
  })

  it('is a refund that nobody here asked for, by each sum', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    const fields = {
      out_trade_no: 'A',
      trade_no: 'T-A',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '100.00',
      app_id: '1',
    }
    const refunded = (refund_fee: string) =>
      ledger.recordNotification(
        new Map(Object.entries({ ...fields, notify_id: refund_fee, refund_fee, out_biz_no: 'BY_HAND' })),
        { app_ids: ['1'], seller_id: undefined },
        actor(),
      )
    await refunded('30.00')
    await refunded('30.00')
    await refunded('50.00')
    const found = (await ledger.unsentAlerts(9)).filter(({ kind }) => kind === 'refund_elsewhere')
    expect(found.map(({ facts }) => facts.refunded)).toEqual(['30.00', '50.00'])
  })

  it('is such a refund, too, where a later one of this server was heard of first', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    await done(ledger, refund(3_000, { out_request_no: 'OURS' }))
    const fields = { out_trade_no: 'A', trade_no: 'T-A', trade_status: 'TRADE_SUCCESS', total_amount: '100.00' }
    const refunded = (refund_fee: string, out_biz_no: string) =>
      ledger.recordNotification(
        new Map(Object.entries({ ...fields, app_id: '1', notify_id: refund_fee, refund_fee, out_biz_no })),
        { app_ids: ['1'], seller_id: undefined },
        actor(),
      )
    await refunded('50.00', 'OURS')
    await refunded('20.00', 'BY_HAND')
    const found = (await ledger.unsentAlerts(9)).filter(({ kind }) => kind === 'refund_elsewhere')
    expect(found.map(({ facts }) => facts.refunded)).toEqual(['20.00'])
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({ refunded_fen: 5_000 })
  })

  it('is a payment after its close, too, of which only the refund is heard', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.requestClose('A', actor())
    const fields = { out_trade_no: 'A', trade_no: 'T-A', trade_status: 'TRADE_SUCCESS', total_amount: '100.00' }
    const refunded = { ...fields, app_id: '1', notify_id: '1', refund_fee: '30.00', out_biz_no: 'BY_HAND' }
    await ledger.recordNotification(
      new Map(Object.entries(refunded)),
      { app_ids: ['1'], seller_id: undefined },
      actor(),
    )
    const kinds = (await ledger.unsentAlerts(9)).map(({ kind }) => kind)
    expect(kinds).toEqual(['refund_elsewhere', 'payment', 'paid_after_close'])
  })

  it('is no notification of an order that another program made, and no refund of ours that is told without its number', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    await done(ledger, refund(3_000))
    const ours = { trade_no: 'T-A', trade_status: 'TRADE_SUCCESS', total_amount: '100.00', app_id: '1' }
    const tell = (fields: object) =>
      ledger.recordNotification(
        new Map(Object.entries({ ...ours, ...fields })),
        { app_ids: ['1'], seller_id: undefined },
        actor(),
      )
    expect(await tell({ out_trade_no: 'ELSEWHERE', notify_id: '1' })).toBe('of_other_order')
    expect(await tell({ out_trade_no: 'A', notify_id: '2', refund_fee: '30.00' })).toBe('agrees')
    const kinds = async () => (await ledger.unsentAlerts(9)).map(({ kind }) => kind)
    expect(await kinds()).toEqual(['payment'])
    await tell({ out_trade_no: 'A', notify_id: '3', refund_fee: '50.00' })
    expect(await kinds()).toEqual(['payment', 'refund_elsewhere'])
  })

  it('goes with its order, and loses its texts when they are erased', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    await ledger.forget('A', actor())
    expect(await ledger.unsentAlerts(9)).toMatchObject([{ kind: 'payment', facts: {} }])
  })
})

describe('sending', () => {
  it('sends each once, the oldest first', async () => {
    const ledger = await opened()
    for (const key of ['1', '2']) await ledger.raiseAlert(problem(key), actor())
    const { it } = sender(ledger)
    expect([await it.step(), await it.step(), await it.step()]).toEqual([0, 0, 1_000])
    expect(texts()).toHaveLength(2)
    expect(await ledger.unsentAlerts(9)).toEqual([])
  })

  it('keeps payments back unless they are wanted, and old ones always', async () => {
    const ledger = await opened()
    await paid(ledger, 'A')
    await sender(ledger).it.step()
    expect([texts(), await ledger.unsentAlerts(9)]).toEqual([[], []])
    await paid(ledger, 'B')
    const { it, clock } = sender(ledger, 'payments')
    await it.step()
    expect(texts()).toMatchObject([expect.stringContaining('已付款：订单 B，100.00 元。')])
    await paid(ledger, 'C')
    clock.advance(2 * 3_600_000)
    await it.step()
    expect(texts()).toHaveLength(1)
  })

  it('goes on until it is taken, more and more seldom, and says so once', async () => {
    const ledger = await opened()
    await ledger.raiseAlert(problem('1'), actor())
    const { it } = sender(ledger)
    receiver.answer = () => [500, 'no']
    const pauses = [await it.step(), await it.step(), await it.step()]
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(said).toEqual([
      'Alerts are not taken by ALIPAY_ALERT_URL (HTTP 500); they stay in the ledger and are sent later.',
    ])
    receiver.answer = () => [200, '']
    await it.step()
    expect(said.at(-1)).toBe('Alerts are taken again.')
    expect(await ledger.unsentAlerts(9)).toEqual([])
  })

  it('one that is refused again and again keeps no other one back', async () => {
    const ledger = await opened()
    for (const out_trade_no of ['FORBIDDEN', 'B', 'C']) {
      await ledger.raiseAlert({ ...problem(out_trade_no), out_trade_no }, actor())
    }
    const { it } = sender(ledger)
    receiver.answer = ({ body }) => (body.includes('FORBIDDEN') ? [500, 'a forbidden word'] : [200, ''])
    for (let n = 0; n < 4; n++) await it.step()
    expect((await ledger.unsentAlerts(9)).map(({ out_trade_no }) => out_trade_no)).toEqual(['FORBIDDEN'])
  })

  it('never names its address, which is a secret', async () => {
    const ledger = await opened()
    await ledger.raiseAlert(problem('1'), actor())
    receiver.answer = () => 'hang up'
    await sender(ledger).it.step()
    expect(said.join()).not.toContain(new URL(receiver.url).host)
  })

  it('at most twenty a minute, the last of them about several others, each with its order', async () => {
    const ledger = await opened()
    const orders = Array.from({ length: 39 }, (_, n) => `ORDER_${n}`)
    for (const out_trade_no of orders) await ledger.raiseAlert({ ...problem(out_trade_no), out_trade_no }, actor())
    const { it, clock } = sender(ledger)
    for (let n = 0; n < 30; n++) await it.step()
    expect(texts()).toHaveLength(20)
    expect(texts().at(-1)).toContain('20 more alerts')
    for (const out_trade_no of orders) expect(texts().join()).toMatch(new RegExp(`\\b${out_trade_no}\\b`))
    expect(await ledger.unsentAlerts(99)).toEqual([])
    await ledger.raiseAlert(problem('later'), actor())
    await it.step()
    expect(texts()).toHaveLength(20)
    clock.advance(60_000)
    await it.step()
    expect(texts()).toHaveLength(21)
  })
})
