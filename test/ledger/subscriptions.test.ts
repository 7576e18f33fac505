// Subscriptions in the ledger: offers and signatures, the wish to end one, and at most one charge of a period.
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { actor, DAY, HOUR, MINUTE, NOON, PLACES, trade } from './places.ts'
import { blocked, charge, charged, found, live, offer, TERMS } from './subscribed.ts'

describe.each(PLACES)('$name', ({ open }) => {
  it('the same buyer is offered the same plan once, until the offer is over', async () => {
    const ledger = await open()
    expect(await ledger.reserveSubscription(offer('S'), actor())).toMatchObject({ outcome: 'made' })
    expect(await ledger.reserveSubscription(offer('R'), actor(NOON + MINUTE))).toMatchObject({
      ...{ outcome: 'known', subscription: { external_agreement_no: 'S' } },
    })
    expect(await ledger.reserveSubscription(offer('B', { buyer: 'bob' }), actor())).toMatchObject({ outcome: 'made' })
    const limits = { open: 1 }
    const other = offer('X', { terms: { ...TERMS, plan: 'other' }, limits })
    expect(await ledger.reserveSubscription(other, actor())).toMatchObject({
      outcome: 'blocked',
      block: { why: 'buyer_open', limit: 1 },
    })
    const later = offer('R', { offer_until: NOON + 2 * HOUR })
    expect(await ledger.reserveSubscription(later, actor(NOON + HOUR))).toMatchObject({ outcome: 'made' })
  })

  it('its link leaves by a press while the offer stands, and all is not frozen', async () => {
    const ledger = await open()
    await ledger.reserveSubscription(offer('S'), actor())
    await ledger.freeze(undefined, actor())
    expect(await ledger.pressSign('TS', 'page', actor())).toStrictEqual({ outcome: 'frozen' })
    await ledger.unfreeze(actor())
    expect(await ledger.pressSign('TS', 'page', actor())).toStrictEqual({
      outcome: 'go',
      link: 'https://pay.example/?sign',
    })
    expect(await ledger.pressSign('TS', 'page', actor(NOON + 31 * MINUTE))).toStrictEqual({ outcome: 'over' })
    expect(await ledger.pressSign('other', 'page', actor())).toStrictEqual({ outcome: 'over' })
  })

  it('a signature makes it live, with the planned day that Alipay tells', async () => {
    const ledger = await open()
    await live(ledger)
    expect(await ledger.subscription({ agreement_no: 'AS' })).toMatchObject({
      ...{ external_agreement_no: 'S', planned_day: '2026-03-03', signed_at: Date.parse('2026-03-02T12:01:00+08:00') },
      ...{ cancel: undefined, ended_at: undefined, buyer_logon_id: '159****0000' },
    })
    expect((await ledger.subscription({ agreement_no: 'AS' }))?.payer).not.toContain('2088alice')
    expect(await ledger.pressSign('TS', 'page', actor())).toStrictEqual({ outcome: 'signed' })
  })

  it.each([
    ['weeks after the offer', async () => {}, { sign_time: '2026-03-22 12:00:00' }],
    [
      'beside a live one of the same payer and plan',
      async (ledger: Ledger) => {
        await ledger.reserveSubscription(offer('E', { buyer: undefined, token: 'TE' }), actor())
        await ledger.pressSign('TE', 'page', actor())
        await ledger.recordAgreement('E', found('E'), actor())
      },
      {},
    ],
  ] as const)('a signature %s is to be undone at once, and is never charged', async (_, before, more) => {
    const ledger = await open()
    await before(ledger)
    await ledger.reserveSubscription(offer('S'), actor())
    await ledger.pressSign('TS', 'page', actor())
    const seen = await ledger.recordAgreement('S', found('S', more), actor(NOON + 20 * DAY))
    expect(seen?.cancel).toMatchObject({ by: 'undue' })
    expect(await ledger.reserveCharge(charge('C1'), {}, actor())).toMatchObject(blocked('cancelled'))
    const due = await ledger.dueAgreements(NOON + 21 * DAY, 9)
    expect(due.map((one) => one.external_agreement_no)).toContain('S')
  })

  it('one that Alipay knows no more has ended, by the wallet where nobody here wished it', async () => {
    const ledger = await open()
    await live(ledger)
    expect(await ledger.recordAgreement('S', 'none', actor(NOON + DAY))).toMatchObject({
      ...{ cancel: { by: 'wallet' }, ended_at: NOON + DAY },
    })
    expect(await ledger.reserveCharge(charge('C1'), {}, actor())).toMatchObject(blocked('not_live'))
    expect(await ledger.subscriptions({ ended: false })).toMatchObject({ subscriptions: [], damaged: [] })
    expect(await ledger.subscriptions({ ended: true })).toMatchObject({
      subscriptions: [{ external_agreement_no: 'S' }],
    })
  })

  it('one that was never opened is over once Alipay knows none after the wish; a link that is out is asked about', async () => {
    const ledger = await open()
    await ledger.reserveSubscription(offer('S'), actor())
    await ledger.reserveSubscription(offer('B', { buyer: 'bob' }), actor())
    await ledger.pressSign('TB', 'mobile', actor())
    for (const no of ['S', 'B'])
      expect(await ledger.requestCancel(no, 'chat', actor())).toMatchObject({ subscription: { ended_at: undefined } })
    expect(await ledger.dueAgreements(NOON + HOUR, 9)).toHaveLength(2)
    expect(await ledger.pressSign('TS', 'page', actor())).toStrictEqual({ outcome: 'over' })
    expect(await ledger.recordAgreement('S', 'none', actor(NOON + HOUR))).toMatchObject({ ended_at: NOON + HOUR })
    expect(await ledger.recordAgreement('B', 'none', actor(NOON + HOUR))).toMatchObject({ ended_at: undefined })
  })

  describe('a charge', () => {
    it('is written with its order and its attempt, once in a period', async () => {
      const ledger = await open()
      await live(ledger)
      await charged(ledger, 'C1', 'done')
      expect(await ledger.reserveCharge(charge('C2'), {}, actor())).toMatchObject(blocked('charged'))
      expect(await ledger.order({ out_trade_no: 'C1' })).toMatchObject({ total_amount: '15.00', created_here: true })
      await ledger.recordAgreement('S', found('S', { next_deduct_time: '2026-04-03' }), actor())
      expect(await ledger.reserveCharge(charge('C2'), {}, actor())).toMatchObject(blocked('other_day'))
      const next = charge('C2', { planned_day: '2026-04-03' })
      expect(await ledger.reserveCharge(next, {}, actor())).toMatchObject({ outcome: 'prepared' })
    })

    it.each([
      ['above the ceiling', 'ceiling', { amount_fen: 2_001 }, {}],
      ['above the limit of the day', 'daily_charges', {}, { daily_charges_fen: 1_499 }],
      ['for another day', 'other_day', { planned_day: '2026-03-04' }, {}],
    ])('%s is refused', async (_, why, changes, rules) => {
      const ledger = await open()
      await live(ledger)
      expect(await ledger.reserveCharge(charge('C1', changes), rules, actor())).toMatchObject(blocked(why))
      expect(await ledger.order({ out_trade_no: 'C1' })).toBeUndefined()
    })

    it.each(['sent', 'unknown'] as const)('that is %s lets no other through, of no period', async (state) => {
      const ledger = await open()
      await live(ledger)
      await charged(ledger, 'C1', state)
      await ledger.recordAgreement('S', found('S', { next_deduct_time: '2026-04-03' }), actor())
      const next = charge('C2', { planned_day: '2026-04-03' })
      expect(await ledger.reserveCharge(next, {}, actor())).toMatchObject(blocked('in_doubt'))
    })

    it('that was refused is tried again once its number is over, three times in all', async () => {
      const ledger = await open()
      await live(ledger)
      for (const number of ['C1', 'C2', 'C3']) {
        await charged(ledger, number, 'refused')
        expect(await ledger.reserveCharge(charge('C9'), {}, actor())).toMatchObject(blocked('still_payable'))
        await ledger.noteChargeAbsent(number, false, Date.parse('2026-03-02T12:20:00+08:00'), actor())
        await ledger.noteChargeAbsent(number, false, Date.parse('2026-03-02T12:26:00+08:00'), actor())
        expect(await ledger.reserveCharge(charge('C9'), {}, actor())).toMatchObject(blocked('still_payable'))
        await ledger.noteChargeAbsent(number, false, Date.parse('2026-03-02T12:28:00+08:00'), actor())
      }
      expect(await ledger.reserveCharge(charge('C9'), {}, actor())).toMatchObject(blocked('attempts'))
    })

    it('pays its period under a later day, too, also after Alipay has refused the day of the next one', async () => {
      const ledger = await open()
      await live(ledger)
      const id = await charged(ledger, 'C1', 'refused')
      const putOff = { from: '2026-03-03', to: '2026-03-05', isNext: false }
      expect(await ledger.beginPostpone('S', putOff, actor())).toBeUndefined()
      await ledger.endPostpone('S', false, actor())
      await ledger.recordAgreement('S', found('S', { next_deduct_time: '2026-03-05' }), actor())
      await ledger.resolve(id, { state: 'done', moved: 'now' }, actor())
      const next = { from: '2026-03-05', to: '2026-04-05', isNext: true }
      expect(await ledger.beginPostpone('S', next, actor())).toBeUndefined()
      await ledger.endPostpone('S', true, actor())
      const again = charge('C2', { planned_day: '2026-03-05' })
      expect(await ledger.reserveCharge(again, {}, actor())).toMatchObject(blocked('charged'))
    })

    it('that never left is made again under its number, and counts; one that was sent is not', async () => {
      const ledger = await open()
      await live(ledger)
      await live(ledger, { external_agreement_no: 'B', token: 'TB', buyer: 'bob', terms: { ...TERMS, plan: 'other' } })
      const first = await ledger.reserveCharge(charge('C1'), {}, actor())
      if (first.outcome !== 'prepared') throw new Error(first.outcome)
      await ledger.markSending(first.charge.intent.id, false, actor())
      const neverLeft = { state: 'not_executed', answer: 'x', never_sent: true } as const
      await ledger.resolve(first.charge.intent.id, neverLeft, actor())
      const other = charge('C9', { external_agreement_no: 'B' })
      await charged(ledger, 'C1', 'refused', NOON + 24 * 60 * MINUTE)
      expect(await ledger.charges('S')).toMatchObject([{ attempt: 1, intent: { attempt: 2, state: 'refused' } }])
      const limit = { daily_charges_fen: 2_999 }
      const nextDay = actor(NOON + 24 * 60 * MINUTE)
      // On the day on which it left.
      expect(await ledger.reserveCharge(other, limit, nextDay)).toMatchObject(blocked('daily_charges'))
      await ledger.noteChargeAbsent('C1', true, NOON, actor())
      expect(await ledger.reserveCharge(charge('C1'), {}, actor())).toMatchObject(blocked('just_tried'))
      const second = await ledger.reserveCharge(charge('C2'), {}, actor())
      expect(second).toMatchObject({ outcome: 'prepared', charge: { attempt: 2 } })
    })

    it('whose number was closed is over at once; one that nobody said no to is never tried again', async () => {
      const ledger = await open()
      await live(ledger)
      await charged(ledger, 'C1', 'refused')
      const closed = trade('C1', 'TRADE_CLOSED', { total_amount: '15.00' })
      await ledger.recordTrade({ trade: closed }, actor())
      const id = await charged(ledger, 'C2', 'unknown')
      await ledger.resolve(id, { state: 'not_executed', answer: 'x' }, actor())
      await ledger.noteChargeAbsent('C2', true, NOON, actor())
      expect(await ledger.reserveCharge(charge('C3'), {}, actor())).toMatchObject(blocked('unproven'))
    })

    it('leaves no more once somebody wished the subscription ended, and that is told with what is on its way', async () => {
      const ledger = await open()
      await live(ledger)
      const reserved = await ledger.reserveCharge(charge('C1'), {}, actor())
      if (reserved.outcome !== 'prepared') throw new Error(reserved.outcome)
      expect(await ledger.requestCancel('S', 'page', actor())).toMatchObject({ on_the_way: [] })
      expect(await ledger.markSending(reserved.charge.intent.id, false, actor())).toMatchObject({ why: 'cancelled' })
    })

    it('that is on its way is named to who wishes it ended', async () => {
      const ledger = await open()
      await live(ledger)
      await charged(ledger, 'C1', 'sent')
      expect(await ledger.requestCancel('S', 'chat', actor())).toMatchObject({ on_the_way: [{ out_trade_no: 'C1' }] })
    })

    it('of a plan with a number of payments ends with the last of them', async () => {
      const ledger = await open()
      await live(ledger, { terms: { ...TERMS, payments: 1 } })
      await charged(ledger, 'C1', 'done')
      await ledger.recordAgreement('S', found('S', { next_deduct_time: '2026-04-03' }), actor())
      const next = charge('C2', { planned_day: '2026-04-03' })
      expect(await ledger.reserveCharge(next, {}, actor())).toMatchObject(blocked('payments'))
    })
  })
})
