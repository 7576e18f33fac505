// Damage in what the watcher works by stops one entry at most.
import { expect, it, onTestFinished } from 'vitest'
import { Database } from '../../../src/ledger/sqlite/database.ts'
import { ENGINES, engine, IN_MEMORY } from '../../../src/ledger/sqlite/engines.ts'
import { makeTables } from '../../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../../src/ledger/sqlite/sqlite-ledger.ts'
import { actor, done, paidOrder, refund, SHOP } from '../places.ts'

const NO_TEXT = `cast(x'41c328' as text)`

async function shop() {
  const opener = (await Promise.all(ENGINES.map((name) => engine(name, 'memory')))).find((one) => one !== undefined)
  if (!opener) throw new Error('this runtime has no engine')
  const db = new Database(opener(IN_MEMORY))
  onTestFinished(() => db.close())
  makeTables(db)
  return { db, ledger: sqliteLedger(db, SHOP, undefined) }
}

it('a request for a look that cannot be read keeps no other one back', async () => {
  const { db, ledger } = await shop()
  for (const name of ['A', 'B']) await paidOrder(ledger, name)
  await ledger.requestQuery('A', actor(1), 60_000)
  await ledger.requestQuery('B', actor(2), 60_000)
  db.run(`update query_requests set out_trade_no = ${NO_TEXT} where out_trade_no = 'A'`)
  expect(await ledger.queryRequests()).toEqual([{ out_trade_no: 'B', asked_at: 2 }])
})

it('a turn that cannot be read is nobody’s', async () => {
  const { db, ledger } = await shop()
  expect(await ledger.takeLease('watcher', 1_000, actor(1, 'one'))).toBe(true)
  db.run(`update leases set owner = ${NO_TEXT}`)
  expect(await ledger.takeLease('watcher', 1_000, actor(2, 'two'))).toBe(true)
  expect(await ledger.takeLease('watcher', 1_000, actor(3, 'one'))).toBe(false)
})

it('a notification is written, whatever is damaged of the refunds of its order', async () => {
  const { db, ledger } = await shop()
  await paidOrder(ledger)
  await done(ledger, refund(1_000))
  db.run(`update attempts set day = ${NO_TEXT}`)
  const fields = {
    out_trade_no: 'A',
    trade_no: 'T-A',
    trade_status: 'TRADE_SUCCESS',
    total_amount: '100.00',
    app_id: '1',
  }
  const refunded = { ...fields, notify_id: '1', refund_fee: '30.00', out_biz_no: 'BY_HAND' }
  const recipient = { app_ids: ['1'], seller_id: undefined }
  expect(await ledger.recordNotification(new Map(Object.entries(refunded)), recipient, actor())).toBe('agrees')
})
