// Looks for damage in the whole ledger, as the doctor does: in the file, by SQLite's own check, and in every entry.
import { setImmediate } from 'node:timers/promises'
import { oneLine } from '../../text.ts'
import { alertOf } from './alerts.ts'
import { announcementOf } from './announcements.ts'
import { approvalOf } from './approvals.ts'
import { requestOf } from './buyer-requests.ts'
import { readCharge } from './charges.ts'
import { readCheckout } from './checkouts.ts'
import type { Database } from './database.ts'
import { deliveryOf } from './deliveries.ts'
import { readAttempt } from './intents.ts'
import { orderRow } from './orders.ts'
import { readPartition } from './partition.ts'
import { eventOf } from './reports.ts'
import { asBytes, type Row, readAll, text, whole } from './rows.ts'
import { saleOf } from './sales.ts'
import { columnsOf } from './schema.ts'
import { subscriptionOf } from './subscription-rows.ts'

/** What is read of each entry; SQLite's own check sees neither text that is no text nor sums that cannot be. */
const ENTRIES: readonly { from: string; columns: string; id?: string; read(row: Row): unknown }[] = [
  { from: 'partitions', columns: columnsOf('partitions'), read: readPartition },
  { from: 'orders', columns: `${columnsOf('orders')}, 0 as unfinished`, read: orderRow },
  {
    from: 'attempts left join intents on intents.id = intent',
    columns: `${columnsOf('intents')}, ${columnsOf('attempts')}`,
    id: 'attempts.rowid',
    read: readAttempt,
  },
  { from: 'approvals', columns: columnsOf('approvals'), read: approvalOf },
  { from: 'checkouts', columns: columnsOf('checkouts'), read: readCheckout },
  { from: 'alerts', columns: columnsOf('alerts'), read: alertOf },
  { from: 'events', columns: columnsOf('events'), read: eventOf },
  { from: 'sales', columns: columnsOf('sales'), read: saleOf },
  { from: 'deliveries', columns: columnsOf('deliveries'), read: deliveryOf },
  { from: 'buyer_requests', columns: columnsOf('buyer_requests'), read: requestOf },
  { from: 'subscriptions', columns: columnsOf('subscriptions'), read: subscriptionOf },
  { from: 'announcements', columns: columnsOf('announcements'), read: announcementOf },
  { from: 'charges', columns: columnsOf('charges'), read: readCharge },
]

const AT_ONCE = 500
const MOST_BY_SQLITE = 10

export async function findDamage(db: Database): Promise<readonly string[]> {
  const found = [...(await db.look(() => checkFile(db)))]
  for (const entries of ENTRIES) found.push(...(await damagedIn(db, entries)))
  return [...new Set(found)]
}

function checkFile(db: Database): readonly string[] {
  const rows = db.all(
    `select ${asBytes('integrity_check', 'said')} from pragma_integrity_check limit ${MOST_BY_SQLITE}`,
  )
  const said = rows.map((row) => oneLine(text(row, 'said')))
  return said.filter((line) => line !== 'ok').map((line) => `the file itself (SQLite: ${line})`)
}

/** In parts, between which others of this process go on. */
async function damagedIn(
  db: Database,
  { from, columns, id = 'id', read }: (typeof ENTRIES)[number],
): Promise<readonly string[]> {
  const found: string[] = []
  let after = 0
  for (;;) {
    const sql = `select ${columns}, ${id} as row from ${from} where ${id} > ? order by ${id} limit ${AT_ONCE}`
    const rows = await db.look(() => db.all(sql, after))
    found.push(...readAll(rows, read).damaged)
    const last = rows.at(-1)
    if (!last) return found
    after = whole(last, 'row')
    await setImmediate()
  }
}
