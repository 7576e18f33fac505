// Looking back: what was done and by whom, the sums of days, and what is let go of.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import {
  actor,
  DAY,
  done,
  MINUTE,
  NOON,
  opened,
  order,
  PLACES,
  paidOrder,
  prepared,
  refund,
  SENT_PAY,
  sent,
  tempFolder,
  trade,
  UNASKED,
  unknown,
} from './places.ts'

describe.each(PLACES)('with $name', ({ open }) => {
  const told = async (ledger: Ledger) =>
    (await ledger.events({})).map(({ what, why }) => (why ? `${what}: ${why}` : what))

  it('each step is told in plain words, oldest first', async () => {
    const ledger = await open()
    await paidOrder(ledger)
    const { id } = await sent(ledger, refund(1))
    await ledger.markSending(id, true, actor())
    await ledger.resolve(id, { state: 'unknown', answer: 'no answer came', empty: false }, actor())
    await ledger.takeOver(id, actor())
    await ledger.resolve(id, { state: 'done' }, actor())
    await ledger.foundRefund(refund(2), {}, actor())
    await ledger.freeze('a thief', actor())
    await ledger.unfreeze(actor())
    expect(await told(ledger)).toStrictEqual([
      'order made',
      'order is TRADE_SUCCESS',
      'refund prepared',
      'refund sent',
      'refund sent again',
      'refund unknown: no answer came',
      'refund taken over',
      'refund done',
      'refund found made',
      'freeze: a thief',
      'unfreeze',
    ])
  })

  it('an event says when, by whom and of which order', async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A'), {}, actor(NOON))
    await ledger.reserveOrder(order('B'), {}, actor(NOON + 1))
    const b = {
      id: 2,
      at: NOON + 1,
      host: 'a host 1.0',
      out_trade_no: 'B',
      what: 'order made',
      why: undefined,
    }
    expect(await ledger.events({ since: NOON + 1 })).toStrictEqual([b])
    expect(await ledger.events({ out_trade_no: 'B' })).toStrictEqual([b])
  })

  it('days are summed, newest first: made, paid on the day of payment, refunded, unknown', async () => {
    const ledger = await open()
    for (const name of ['A', 'B']) await ledger.reserveOrder(order(name), {}, actor(NOON - DAY))
    await ledger.reserveOrder(order('C'), {}, actor())
    for (const name of ['A', 'B']) await ledger.recordTrade({ trade: trade(name) }, actor())
    await ledger.recordTrade({ trade: trade('elsewhere') }, actor(), true)
    await done(ledger, refund(100), NOON)
    await done(ledger, refund(200), NOON + 4_000)
    await unknown(ledger, refund(50, { out_trade_no: 'B' }))
    const today = {
      ...{ day: '2026-03-02', orders: 1, created_fen: 10_000, paid_fen: 20_000, alarm_fen: 0 },
      ...{ refunds: 2, refunded_fen: 300, unknown_fen: 50 },
    }
    const none = { paid_fen: 0, alarm_fen: 0, refunds: 0, refunded_fen: 0, unknown_fen: 0 }
    const yesterday = { day: '2026-03-01', orders: 2, created_fen: 20_000, ...none }
    expect(await ledger.days()).toStrictEqual([today, yesterday])
    expect(await ledger.days(NOON)).toStrictEqual([today])
    expect(SENT_PAY.startsWith(today.day)).toBe(true)
  })

  it('an order is forgotten but for its numbers, amounts and times', async () => {
    const ledger = await open()
    await ledger.reserveOrder(order('A', { body: 'gift for Anna' }), {}, actor())
    await ledger.reserveOrder(order('B'), {}, actor())
    await unknown(ledger, refund(1, { reason: 'Anna is ill' }))
    const request = { approvalDigest: 'x', out_trade_no: 'A', amount_fen: 1, question: 'Refund Anna?' }
    const { id } = await ledger.requestApproval(request, actor())
    expect(await ledger.forget('not here', actor())).toBe(false)
    expect(await ledger.forget('A', { ...actor(), host: 'terminal' })).toBe(true)
    const gone = {
      subject: undefined,
      body: undefined,
      pay_url: undefined,
      qr_content: undefined,
      host: undefined,
    }
    expect(await ledger.order({ out_trade_no: 'A' })).toMatchObject({
      ...gone,
      total_amount: '100.00',
      created_at: NOON,
    })
    expect(await ledger.intents('A')).toMatchObject([{ reason: undefined, host: undefined, state: 'unknown' }])
    expect(await ledger.approval(id)).toMatchObject({ question: '', amount_fen: 1, expires_at: NOON })
    expect(await ledger.openApprovals(NOON)).toStrictEqual([])
    const events = await ledger.events({ out_trade_no: 'A' })
    expect(new Set(events.slice(0, -1).map(({ host, why }) => `${host}|${why}`))).toStrictEqual(new Set(['|undefined']))
    expect(events.at(-1)).toMatchObject({ what: 'order forgotten', host: 'terminal' })
    expect(await ledger.order({ out_trade_no: 'B' })).toMatchObject({ subject: 'A cup of tea' })
  })

  it('old orders that are over are removed with all that belongs to them', async () => {
    const ledger = await open()
    const names = ['waiting', 'paid', 'refunded', 'unknown', 'refunded today', 'young']
    const old = NOON - 10 * DAY
    for (const name of names) {
      const at = name === 'young' ? NOON - DAY : old
      await ledger.reserveOrder(order(name), {}, actor(at))
      if (name !== 'waiting') await ledger.recordTrade({ trade: trade(name) }, actor(at))
    }
    await done(ledger, refund(10_000, { out_trade_no: 'refunded' }), old)
    await unknown(ledger, refund(1, { out_trade_no: 'unknown' }), old)
    await done(ledger, refund(1, { out_trade_no: 'refunded today' }), NOON)
    expect(await ledger.prune(NOON - DAY, actor())).toBe(2)
    const left = (await ledger.list({ limit: 9 })).orders.map(({ out_trade_no }) => out_trade_no)
    expect(left.sort()).toStrictEqual(['refunded today', 'unknown', 'waiting', 'young'])
    expect(await ledger.intents('refunded')).toStrictEqual([])
    expect(await ledger.events({ out_trade_no: 'paid' })).toStrictEqual([])
    const rules = { ...UNASKED, daily_refunds_fen: 1 }
    const evaluation = await ledger.evaluateRefund(refund(1, { out_trade_no: 'young' }), rules, actor())
    expect(evaluation.block).toMatchObject({ why: 'daily_refunds', used_fen: 1 })
    expect((await ledger.events({})).at(-1)).toMatchObject({ what: '2 orders removed' })
    expect(await ledger.prune(NOON - DAY, actor())).toBe(0)
    await paidOrder(ledger, 'today')
    expect(await ledger.prune(NOON + 1, actor(NOON + 2))).toBe(1)
    expect(await ledger.order({ out_trade_no: 'today' })).toBeDefined()
  })
})

it('what was erased is in no file any more', async () => {
  const folder = tempFolder()
  const ledger = await opened({ folder })
  await ledger.reserveOrder(order('A', { subject: 'Secret tea for Anna' }), {}, actor())
  await ledger.recordTrade({ trade: trade('A') }, actor())
  const first = await sent(ledger, refund(1, { reason: 'Secret illness' }))
  await ledger.resolve(first.id, { state: 'unknown', answer: 'Secret fault', empty: true }, actor())
  await prepared(ledger, refund(1, { reason: 'Secret again' }), NOON + MINUTE)
  const files = () =>
    readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'latin1'))
      .join('')
  for (const word of ['tea', 'illness', 'fault', 'again']) expect(files()).toContain(`Secret ${word}`)
  await ledger.forget('A', actor())
  expect(files()).not.toContain('Secret')
})
