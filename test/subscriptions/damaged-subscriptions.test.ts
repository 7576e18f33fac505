// One damaged subscription, or one with a damaged charge: it is told by charge-due and in the list, and the others go on.
import { expect, it } from 'vitest'
import { chargeAll } from '../../src/subscriptions/charge-all.ts'
import { listSubscriptions } from '../../src/subscriptions/list-subscriptions.ts'
import { useSubscribedShop } from './subscribed-shop.ts'
import { twoLive } from './two-live.ts'

const shop = useSubscribedShop()

/** Something of S is damaged. */
async function damaged(sql: string) {
  const { db, ledger } = await twoLive()
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
