// A ledger with two live subscriptions, S with a charge and B, whose rows a test damages.
import { onTestFinished } from 'vitest'
import { Database } from '../../src/ledger/sqlite/database.ts'
import { ENGINES, engine, IN_MEMORY } from '../../src/ledger/sqlite/engines.ts'
import { makeTables } from '../../src/ledger/sqlite/schema.ts'
import { sqliteLedger } from '../../src/ledger/sqlite/sqlite-ledger.ts'
import { SHOP } from '../ledger/places.ts'
import { charged, live, TERMS } from '../ledger/subscribed.ts'

const openers = await Promise.all(ENGINES.map((name) => engine(name, 'memory')))

export async function twoLive() {
  const open = openers.find((one) => one !== undefined)
  if (!open) throw new Error('no engine')
  const db = new Database(open(IN_MEMORY))
  onTestFinished(() => db.close())
  makeTables(db)
  const ledger = sqliteLedger(db, SHOP, undefined)
  await live(ledger)
  await charged(ledger, 'C1', 'refused')
  await live(ledger, { external_agreement_no: 'B', token: 'TB', buyer: 'bob', terms: { ...TERMS, plan: 'other' } })
  return { db, ledger }
}
