// One damaged subscription, or one with a damaged charge: it is told by charge-due and in the list, and the others go on.
import { expect, it, onTestFinished } from 'vitest'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { ENGINES, engine, IN_MEMORY } from '../../src/ledger/sqlite/engines.ts'
import { makeTables } from '../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../src/ledger/sqlite/sqlite-ledger.ts'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { listSubscriptions } from '../../src/subscriptions/list-subscriptions.ts'
import { SHOP } from '../ledger/places.ts'
import { charged, live, TERMS } from '../ledger/subscribed.ts'
import { useSubscribedShop } from './subscribed-shop.ts'

const shop = useSubscribedShop()
const openers = await Promise.all(ENGINES.map((name) => engine(name, 'memory')))

/** Two live ones, S with a charge; then something of S is damaged. */
async function damaged(sql: string) {
  const open = openers.find((one) => one !== undefined)
  if (!open) throw new Error('no engine')
  const db = new Database(open(IN_MEMORY))
  onTestFinished(() => db.close())
  makeTables(db)
  const ledger = sqliteLedger(db, SHOP, undefined)
  await live(ledger)
  await charged(ledger, 'C1', 'refused')
  await live(ledger, { external_agreement_no: 'B', token: 'TB', buyer: 'bob', terms: { ...TERMS, plan: 'other' } })
  db.run(sql)
  return { ...shop.commandCall(), ledger: async () => ledger }
}

it.each([
  ['itself', `update subscriptions set terms = '{}' where token = 'TS'`, undefined, 'the subscription "S" (terms)'],
  ['a charge of it', `update charges set planned_day = 'xx'`, 'S', 'the charge of order "C1" (planned_day)'],
])('%s', async (_, sql, number, entry) => {
  const call = await damaged(sql)
  const listed = await listSubscriptions({ limit: 20 }, call)
  expect(listed).toMatchObject({
    ...{ subscriptions: [{ external_agreement_no: 'B' }], damaged: number ? `${number}: ${entry}` : entry },
    message: expect.stringMatching(/^1 subscription\. Not shown, because the ledger is damaged there: 1/),
    message_zh: expect.stringMatching(/^共 1 个订阅。另有 1 个因账本记录损坏没有列出/),
  })
  const made = await chargeAll(call)
  expect(made.map((one) => [one.external_agreement_no, one.outcome])).toStrictEqual([
    [number, 'not_charged'],
    // Tried: the emulator knows no agreement of it.
    ['B', 'not_charged'],
  ])
  expect(made[0]).toMatchObject({ error: { problem: `ledger.db is damaged in one entry: ${entry}.` } })
})
