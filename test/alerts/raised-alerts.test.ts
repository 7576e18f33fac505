// What a person has to hear of is written with what caused it.
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { actor, done, NOON, opened, order, refund, trade } from '../ledger/places.ts'

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

  it('is a payment after Alipay had closed the order, and none of an order that another program made', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    await ledger.recordTrade({ out_trade_no: 'A', certainlyUnpaid: true }, actor())
    await ledger.recordTrade({ trade: trade('A') }, actor(NOON + 1))
    await ledger.recordTrade({ trade: trade('THEIRS') }, actor(NOON + 1), true)
    const kinds = (await ledger.unsentAlerts(9)).map(({ kind, out_trade_no }) => [kind, out_trade_no])
    expect(kinds).toEqual([
      ['payment', 'A'],
      ['paid_after_close', 'A'],
    ])
  })

  it('is no second payment where the first one was given back', async () => {
    const ledger = await opened()
    await paid(ledger, 'OLD')
    await done(ledger, refund(10_000, { out_trade_no: 'OLD', trade_no: 'T-OLD' }))
    await paid(ledger, 'NEW', { replaces: 'OLD' })
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).not.toContain('paid_twice')
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

  it('is a genuine notification that differs, once for its order', async () => {
    const ledger = await opened()
    await ledger.reserveOrder(order('A'), {}, actor())
    const told = {
      out_trade_no: 'A',
      trade_no: 'T-A',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '1.00',
      app_id: '1',
    }
    for (const notify_id of ['1', '2']) {
      const fields = new Map(Object.entries({ ...told, notify_id }))
      expect(await ledger.recordNotification(fields, { app_ids: ['1'], seller_id: undefined }, actor())).toBe('differs')
    }
    expect((await ledger.unsentAlerts(9)).map(({ kind }) => kind)).toEqual(['notification_differs'])
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
