// The tables of the ledger, and which files have them.
import { LedgerError } from '../../errors.ts'
import { OPEN_STATES, PAID_STATUSES } from '../order.ts'
import { type Database, quoted } from './database.ts'
import { asBytes, whole } from './rows.ts'
import { SHOP_TABLES } from './shop-tables.ts'
import { SUBSCRIPTION_TABLES } from './subscription-tables.ts'

/** As an order that waits for payment, in words that an index can be made of. */
export const UNPAID = `refunded_fen <= 0 and can_never_be_paid = 0
  and coalesce(trade_status, '') not in (${quoted([...PAID_STATUSES, 'TRADE_CLOSED'])})`

const TABLES = `
create table partitions (
  id integer primary key,
  environment text not null,
  gateway text not null,
  merchant text not null,
  app text,
  unique (environment, gateway, merchant)
) strict;

create table orders (
  id integer primary key autoincrement,
  partition integer not null,
  out_trade_no text not null,
  trade_no text,
  total_fen integer not null,
  other_fen integer,
  subject text,
  body text,
  channel text,
  pay_url text,
  token text,
  cashier_opened_at integer,
  qr_content text,
  time_expire text,
  trade_status text,
  send_pay_date text,
  checked_at integer,
  can_never_be_paid integer not null default 0,
  refunded_fen integer not null default 0,
  close_requested_at integer,
  replaces text,
  replaced_by text,
  created_at integer not null,
  day text not null,
  created_here integer not null,
  refund_quiet_from integer,
  host text,
  unique (partition, out_trade_no)
) strict;
create index orders_by_trade_no on orders (partition, trade_no);
create index orders_by_time on orders (partition, created_at, id);
create index orders_by_day on orders (partition, day, created_here, can_never_be_paid, total_fen);
create index orders_by_replaces on orders (partition, replaces) where replaces is not null;
create index orders_unpaid on orders (partition) where ${UNPAID};

create table checkouts (
  id integer primary key autoincrement,
  partition integer not null,
  token text not null,
  out_trade_no text not null,
  page_link text,
  mobile_link text,
  page_pressed_at integer,
  mobile_pressed_at integer,
  unique (partition, token)
) strict;
create index checkouts_by_order on checkouts (partition, out_trade_no);

create table intents (
  id integer primary key autoincrement,
  partition integer not null,
  kind text not null,
  out_trade_no text not null,
  trade_no text,
  number text not null,
  portion text,
  ordinal integer,
  amount_fen integer not null,
  unique (partition, out_trade_no, kind, number)
) strict;

create table attempts (
  intent integer not null,
  attempt integer not null,
  state text not null,
  owner text not null,
  lease_until integer not null,
  created_at integer not null,
  day text not null,
  reason text,
  approved_by text not null,
  sent_at integer,
  last_sent_at integer,
  unknown_since integer,
  found_empty_at integer,
  ended_at integer,
  moved text,
  gmt_refund_pay text,
  answer text,
  trace_id text,
  host text,
  primary key (intent, attempt)
) strict;
create index attempts_by_day on attempts (day);
create index attempts_open on attempts (intent) where state in (${quoted(OPEN_STATES)});

create table approvals (
  id integer primary key autoincrement,
  partition integer not null,
  approval_digest text not null,
  out_trade_no text not null,
  amount_fen integer not null,
  question text not null,
  state text not null,
  asked_at integer not null,
  expires_at integer not null,
  decided_at integer,
  decided_by text
) strict;
create index approvals_by_digest on approvals (partition, approval_digest);
create index approvals_by_order on approvals (partition, out_trade_no);

create table notifications (
  id integer primary key autoincrement,
  partition integer not null,
  notify_id text not null,
  digest text not null,
  received_at integer not null,
  out_trade_no text not null,
  trade_status text,
  outcome text not null,
  unique (partition, digest)
) strict;
create index notifications_by_order on notifications (partition, out_trade_no);

create table alerts (
  id integer primary key autoincrement,
  partition integer not null,
  key text not null,
  kind text not null,
  out_trade_no text,
  facts text not null,
  raised_at integer not null,
  sent_at integer,
  unique (partition, key)
) strict;
create index alerts_unsent on alerts (partition, id) where sent_at is null;

create table leases (
  partition integer not null,
  name text not null,
  owner text not null,
  until integer not null,
  primary key (partition, name)
) strict, without rowid;

create table query_requests (
  partition integer not null,
  out_trade_no text not null,
  asked_at integer not null,
  answered integer not null default 0,
  by_page integer not null default 0,
  primary key (partition, out_trade_no)
) strict, without rowid;

create table clocks (
  partition integer primary key,
  corrected integer not null,
  alipay_ahead integer not null
) strict;

${SHOP_TABLES}
${SUBSCRIPTION_TABLES}
create table nonces (nonce text primary key, at integer not null) strict, without rowid;

create table events (
  id integer primary key autoincrement,
  partition integer,
  at integer not null,
  host text not null,
  out_trade_no text,
  what text not null,
  why text
) strict;
create index events_by_time on events (at);
create index events_by_order on events (partition, out_trade_no);

create table freeze (id integer primary key check (id = 1), at integer not null, why text) strict;
`

/** The columns of a table, for `select`: text as bytes. */
export function columnsOf(
  table:
    | ('orders' | 'intents' | 'attempts' | 'approvals' | 'events' | 'partitions' | 'alerts' | 'checkouts')
    | ('sales' | 'deliveries' | 'buyer_requests' | 'subscriptions' | 'charges' | 'announcements'),
): string {
  const [, body = ''] = new RegExp(`create table ${table} \\(([^;]*)\\) strict`).exec(TABLES) ?? []
  const columns = body.matchAll(/^ {2}(\w+) (text|integer)\b/gm)
  return [...columns].map(([, name = '', type]) => (type === 'text' ? asBytes(name) : name)).join(', ')
}

/** One more with every change of the tables: a file of another version is refused, never guessed at. */
const VERSION = 9

/** Makes the tables in a new file. @throws LedgerError as `isNew` */
export function makeTables(db: Database): void {
  if (!isNew(db)) return
  db.decide(() => {
    // Looked at again: another process may have made them while this one waited.
    if (isNew(db)) db.script(`${TABLES} pragma user_version = ${VERSION}`)
  })
}

/** @throws LedgerError for a file that another version made; it is left as it is */
export function isNew(db: Database): boolean {
  const version = whole(db.get('pragma user_version') ?? {}, 'user_version')
  if (version !== 0 && version !== VERSION) throw ofAnotherVersion(version)
  return version === 0
}

function ofAnotherVersion(version: number): LedgerError {
  const elsewhere = 'let ALIPAY_DATA_DIR name another folder.'
  return version > VERSION
    ? new LedgerError('ledger.db was made by a newer alipay-mcp than this one.', `Use that version, or ${elsewhere}`)
    : new LedgerError(
        'ledger.db was made by an earlier alipay-mcp that was never published.',
        `Keep it, as it tells which refunds were sent, and ${elsewhere}`,
      )
}
