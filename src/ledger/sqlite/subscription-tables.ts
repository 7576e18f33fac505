// The tables of subscriptions: offers and agreements, announcements, and the charges of each period.

export const SUBSCRIPTION_TABLES = `
create table subscriptions (
  id integer primary key autoincrement,
  partition integer not null,
  external_agreement_no text not null,
  plan text not null,
  terms text not null,
  items_hash text not null,
  buyer text,
  token text not null,
  page_link text,
  mobile_link text,
  created_at integer not null,
  offer_until integer not null,
  opened_at integer,
  agreement_no text,
  payer text,
  buyer_logon_id text,
  signed_at integer,
  paused_at integer,
  planned_day text,
  last_charged_day text,
  checked_at integer,
  query_wanted_at integer,
  postponing_until integer,
  put_off_from text,
  put_off_to text,
  cancel_at integer,
  cancel_by text,
  ended_at integer,
  unique (partition, external_agreement_no)
) strict;
create index subscriptions_by_token on subscriptions (partition, token);
create index subscriptions_by_agreement on subscriptions (partition, agreement_no);
create index subscriptions_by_payer on subscriptions (partition, payer, plan);
create index subscriptions_to_ask on subscriptions (partition, id) where ended_at is null or query_wanted_at is not null;

create table announcements (
  id integer primary key autoincrement,
  partition integer not null,
  external_agreement_no text not null,
  planned_day text not null,
  amount_fen integer not null,
  text text not null,
  channel text not null,
  at integer not null,
  unique (partition, external_agreement_no, planned_day, amount_fen)
) strict;

create table charges (
  id integer primary key autoincrement,
  partition integer not null,
  external_agreement_no text not null,
  planned_day text not null,
  attempt integer not null,
  out_trade_no text not null,
  amount_fen integer not null,
  notice text not null,
  announced_at integer,
  absent_at integer,
  is_over integer not null default 0,
  unique (partition, external_agreement_no, planned_day, attempt)
) strict;
create index charges_by_order on charges (partition, out_trade_no);
`
