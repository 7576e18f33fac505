// What the attempts of one number leave uncertain, and that a new one changes nothing of those before.
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Intent, Ledger, Resolution } from '../../src/ledger/ledger.ts'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { findEngine } from '../../src/ledger/sqlite/engines.ts'
import { actor, MINUTE, NOON, opened, PLACES, paidOrder, prepared, refund, sent, tempFolder } from './places.ts'

const ENDS: Readonly<Record<string, Resolution>> = {
  done: { state: 'done' },
  refused: { state: 'refused', answer: 'no' },
  unknown: { state: 'unknown', answer: 'no answer came', empty: false },
  'not executed': { state: 'not_executed', answer: 'empty, asked twice' },
}

/** One step of one refund; what is left is taken by another process. */
async function take(ledger: Ledger, step: string, at: number): Promise<void> {
  const [intent] = await ledger.intents('A')
  const end = ENDS[step]
  if (step === 'prepared') await prepared(ledger, refund(1), at)
  else if (step === 'sent') await sent(ledger, refund(1), at)
  else if (step === 'left') await ledger.takeOver(Number(intent?.id), actor(at, 'two'))
  else if (end) await ledger.resolve(Number(intent?.id), end, actor(at, intent?.owner))
  else throw new Error(`there is no step ${step}`)
}

async function intentAfter(ledger: Ledger, steps: readonly string[]): Promise<Intent | undefined> {
  await paidOrder(ledger)
  for (const [i, step] of steps.entries()) await take(ledger, step, NOON + 2 * i * MINUTE)
  return (await ledger.intents('A'))[0]
}

// The numbers are those of steps: since then.
const TABLE: readonly [steps: string, inDoubt: number | undefined, uncertain: number | undefined][] = [
  ['prepared', undefined, undefined],
  ['sent', 0, 0],
  ['sent, unknown', 1, 1],
  ['sent, refused', undefined, undefined],
  ['sent, unknown, refused', 1, 1],
  ['sent, unknown, not executed', 2, 2],
  ['sent, unknown, done', undefined, undefined],
  ['prepared, left', undefined, 1],
  ['prepared, left, prepared, refused', undefined, 1],
  ['prepared, left, sent, refused', 1, 1],
  ['sent, refused, prepared', undefined, undefined],
  ['sent, unknown, prepared', 1, 1],
  ['sent, unknown, prepared, left', 1, 1],
  ['sent, unknown, prepared, left, not executed', 4, 4],
  ['sent, unknown, prepared, refused', 1, 1],
  ['sent, unknown, sent, refused', 1, 1],
  ['sent, unknown, sent, unknown', 3, 3],
  ['sent, unknown, sent, refused, prepared, done', undefined, undefined],
]

describe.each(PLACES)('with $name', ({ open }) => {
  it.each(TABLE)('%s: in doubt since %s, uncertain since %s', async (steps, inDoubt, uncertain) => {
    const since = (step: number | undefined) => (step === undefined ? undefined : NOON + 2 * step * MINUTE)
    const intent = await intentAfter(await open(), steps.split(', '))
    expect([intent?.in_doubt_since, intent?.uncertain_since]).toStrictEqual([since(inDoubt), since(uncertain)])
  })

  it('three seconds and what clocks differ by pass after a send of another process, of this number too', async () => {
    const ledger = await open()
    await intentAfter(ledger, ['sent', 'unknown'])
    const at = NOON + 2 * MINUTE
    const reserved = await ledger.reserveRefund(refund(1), { asks: 'never' }, undefined, actor(at, 'two'))
    const { id = 0 } = reserved.outcome === 'prepared' ? reserved.intent : {}
    const soon = { why: 'too_soon', wait: 1_000 }
    expect(await ledger.markSending(id, false, actor(at + 5_000, 'two'))).toStrictEqual(soon)
    expect(await ledger.markSending(id, false, actor(at + 6_000, 'two'))).toBe('go')
  })
})

it('a new attempt leaves the rows of those before as they were', async () => {
  const folder = tempFolder()
  const ledger = await opened({ folder })
  const db = new Database((await findEngine('file'))(join(folder, 'ledger.db')))
  onTestFinished(() => db.close())
  const rows = () => db.all('select * from attempts order by attempt').map((row) => ({ ...row }))
  await intentAfter(ledger, ['sent', 'unknown'])
  const before = rows()
  expect(before).toMatchObject([{ attempt: 1, state: 'unknown', last_sent_at: NOON }])
  await take(ledger, 'sent', NOON + 4 * MINUTE)
  await take(ledger, 'refused', NOON + 5 * MINUTE)
  const second = { attempt: 2, state: 'refused', unknown_since: null, sent_at: NOON + 4 * MINUTE }
  expect(rows()).toStrictEqual([...before, expect.objectContaining(second)])
})
