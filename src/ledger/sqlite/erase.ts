// What the ledger lets go of: free text of one order, and old orders that are over.

import { DAY_MS } from '../../clock.ts'
import { DamagedEntry } from '../../errors.ts'
import type { Actor, Intent } from '../ledger.ts'
import { isOpenIntent, OPEN_STATES } from '../order.ts'
import { withdraw } from './checkouts.ts'
import { RELEASED } from './codes.ts'
import { quoted } from './database.ts'
import { UNDELIVERED } from './deliveries.ts'
import { intentsOf } from './intents.ts'
import { orderRow, STATE_SQL } from './orders.ts'
import { dayOf, note, type Partition } from './partition.ts'
import { type Row, readAll } from './rows.ts'
import { columnsOf } from './schema.ts'

// A nonce is worth nothing long before; it only must not be taken twice.
const NONCES_MS = 30 * DAY_MS

const OF_ORDER = 'partition = ? and out_trade_no = ?'
const OF_ITS_INTENTS = `intent in (select id from intents where ${OF_ORDER})`

const FORGET_CODES = `update codes set code = null, forgotten = 1 where ${OF_ORDER} and given_at is not null`

const ERASE = [
  `update orders set subject = null, body = null, pay_url = null, token = null, qr_content = null,
    host = null where ${OF_ORDER}`,
  `delete from checkouts where ${OF_ORDER}`,
  // The answer of an open attempt stays: it says why nobody knows how it ended.
  `update attempts set answer = null where ${OF_ITS_INTENTS} and (state not in (${quoted(OPEN_STATES)})
    or attempt < (select max(attempt) from attempts as others where others.intent = attempts.intent))`,
  `update attempts set reason = null, host = null where ${OF_ITS_INTENTS}`,
  // Nobody can say yes to a question that is gone, and a yes to it is worth nothing.
  `update approvals set question = '', expires_at = iif(state in ('asked', 'approved'),
    min(expires_at, coalesce(decided_at, asked_at)), expires_at) where ${OF_ORDER}`,
  `update alerts set facts = '{}' where ${OF_ORDER}`,
  `update sales set buyer = null, claim_code = null, terms = json_remove(terms, '$.text') where ${OF_ORDER}`,
  `update deliveries set text = null, answer = null where ${OF_ORDER}`,
  `update buyer_requests set reason = null where ${OF_ORDER}`,
  // That it was handed out stays known, by its hash alone.
  FORGET_CODES,
  `update events set host = '', why = null where ${OF_ORDER}`,
]

const removeFrom = (table: string) => `delete from ${table} where ${OF_ORDER}`

const REMOVE = [
  `delete from attempts where ${OF_ITS_INTENTS}`,
  // What was sold of an item stays counted.
  `insert into removed_sales (partition, item, quantity) select sales.partition, item, quantity from sales
    join orders on orders.partition = sales.partition and orders.out_trade_no = sales.out_trade_no
    where sales.partition = ? and sales.out_trade_no = ? and item is not null and not (${RELEASED})
    on conflict do update set quantity = removed_sales.quantity + excluded.quantity`,
  FORGET_CODES,
  `update codes set out_trade_no = null where ${OF_ORDER} and given_at is null`,
  ...['intents', 'checkouts', 'approvals', 'notifications', 'query_requests', 'alerts', 'events'].map(removeFrom),
  ...['sales', 'deliveries', 'buyer_requests', 'charges', 'orders'].map(removeFrom),
]

export function forget(partition: Partition, out_trade_no: string, actor: Actor): boolean {
  // Not read: erasing may be what mends it.
  const { db, id } = partition
  if (!db.get(`select id from orders where ${OF_ORDER}`, id, out_trade_no)) return false
  withdrawIfReadable(partition, out_trade_no, actor)
  for (const erase of ERASE) partition.db.run(erase, partition.id, out_trade_no)
  note(partition, actor, 'order forgotten', out_trade_no)
  return true
}

/** Its page goes, too: one that nobody pressed is over by that. */
function withdrawIfReadable(partition: Partition, out_trade_no: string, actor: Actor): void {
  try {
    withdraw(partition, out_trade_no, actor)
  } catch (error) {
    if (!(error instanceof DamagedEntry)) throw error
  }
}

export function prune(partition: Partition, createdBefore: number, actor: Actor): number {
  const over = overBefore(partition, createdBefore, actor.at)
  for (const out_trade_no of over) {
    for (const remove of REMOVE) partition.db.run(remove, partition.id, out_trade_no)
  }
  partition.db.run('delete from nonces where at < ?', actor.at - NONCES_MS)
  if (over.length > 0) note(partition, actor, `${over.length} orders removed`)
  return over.length
}

/** How often it was charged, and whether ever, decides what may be charged next. */
const OF_SUBSCRIPTION = `exists (select 1 from charges join subscriptions on subscriptions.partition = charges.partition
  and subscriptions.external_agreement_no = charges.external_agreement_no where charges.partition = orders.partition
  and charges.out_trade_no = orders.out_trade_no and ended_at is null)`

/** What counts against a limit of today stays, however old the order is. */
function overBefore(partition: Partition, createdBefore: number, at: number): readonly string[] {
  const rows = partition.db.all(
    `select ${columnsOf('orders')}, 0 as unfinished from orders where partition = ? and created_at < ? and day < ? and ${STATE_SQL} <> 'waiting' and not (${UNDELIVERED})
      and not ${OF_SUBSCRIPTION}`,
    ...[partition.id, createdBefore, dayOf(at)],
  )
  const isOver = (intent: Intent) => !isOpenIntent(intent) && !counts(intent, createdBefore, at)
  // What is damaged, or has a damaged step, is kept.
  const over = (row: Row) => {
    const { out_trade_no } = orderRow(row)
    return intentsOf(partition, out_trade_no).every(isOver) ? [out_trade_no] : []
  }
  return readAll(rows, over).entries.flat()
}

/** Of today or made lately, or the next refund is to ask because of it. */
function counts({ kind, day, created_at, uncertain_since }: Intent, createdBefore: number, at: number): boolean {
  const asks = kind === 'refund' && uncertain_since !== undefined
  return asks || day >= dayOf(at) || created_at >= createdBefore
}
