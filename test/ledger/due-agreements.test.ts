// Which agreements Alipay is asked about, and how often: never too seldom after a clock was ahead, nor for ever twice a minute.
import { expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { actor, DAY, HOUR, MINUTE, NOON, opened } from './places.ts'
import { found, live, offer } from './subscribed.ts'

const due = async (ledger: Ledger, at: number) =>
  (await ledger.dueAgreements(at, 9)).map((one) => one.external_agreement_no)

it('one that was heard of while the clock was ahead is asked about at once, and its end is carried out', async () => {
  const ledger = await opened()
  await live(ledger)
  await ledger.recordAgreement('S', found('S'), actor(NOON + 365 * DAY))
  expect(await due(ledger, NOON + HOUR)).toStrictEqual(['S'])
  await ledger.recordAgreement('S', found('S'), actor(NOON + HOUR))
  expect(await due(ledger, NOON + 2 * HOUR)).toStrictEqual([])
  await ledger.requestCancel('S', 'page', actor(NOON + 2 * HOUR))
  await ledger.recordAgreement('S', found('S'), actor(NOON + 365 * DAY))
  expect(await due(ledger, NOON + 2 * HOUR)).toStrictEqual(['S'])
})

it('an end that was wanted while the clock was ahead is carried out, and asked about once a minute', async () => {
  const ledger = await opened()
  await live(ledger)
  await ledger.requestCancel('S', 'chat', actor(NOON + 365 * DAY))
  expect(await due(ledger, NOON + HOUR)).toStrictEqual(['S'])
  await ledger.recordAgreement('S', found('S'), actor(NOON + HOUR))
  expect(await due(ledger, NOON + HOUR + 10_000)).toStrictEqual([])
  expect(await due(ledger, NOON + HOUR + MINUTE)).toStrictEqual(['S'])
})

it('a link that is out is asked about often for half an hour, then once a day, withdrawn or not', async () => {
  const ledger = await opened()
  for (const no of ['S', 'W']) {
    await ledger.reserveSubscription(offer(no, { buyer: no }), actor())
    await ledger.pressSign(`T${no}`, 'page', actor())
  }
  await ledger.requestCancel('W', 'chat', actor())
  for (const [heard, asked, both] of [
    [NOON + MINUTE, NOON + MINUTE + 3_000, true],
    [NOON + HOUR, NOON + 2 * HOUR, false],
    [NOON + HOUR, NOON + DAY, false],
    [NOON + HOUR, NOON + DAY + HOUR, true],
    [NOON + DAY, NOON + 399 * DAY, true],
    [NOON + DAY, NOON + 401 * DAY, false],
  ] as const) {
    for (const no of ['S', 'W']) await ledger.recordAgreement(no, 'none', actor(heard))
    expect(await due(ledger, asked)).toStrictEqual(both ? ['S', 'W'] : [])
  }
})
