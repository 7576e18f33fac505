// The tables of a shop: what was sold, its codes, what was handed out, and what buyers ask back.

export const SHOP_TABLES = `
create table sales (
  id integer primary key autoincrement,
  partition integer not null,
  out_trade_no text not null,
  buyer text,
  item text,
  quantity integer not null,
  items_hash text not null,
  terms text not null,
  claim_code text,
  created_at integer not null,
  unique (partition, out_trade_no)
) strict;
create index sales_by_buyer on sales (partition, buyer, created_at);
create index sales_by_item on sales (partition, item);
create index sales_by_claim on sales (partition, claim_code);

create table removed_sales (
  partition integer not null,
  item text not null,
  quantity integer not null,
  primary key (partition, item)
) strict, without rowid;

create table codes (
  partition integer not null,
  hash text not null,
  item text not null,
  code text,
  place integer,
  out_trade_no text,
  given_at integer,
  forgotten integer not null default 0,
  primary key (partition, hash)
) strict, without rowid;
create index codes_by_item on codes (partition, item, place);
create index codes_by_order on codes (partition, out_trade_no);

create table deliveries (
  id integer primary key autoincrement,
  partition integer not null,
  out_trade_no text not null,
  given_at integer not null,
  given_by text not null,
  confirmed integer not null,
  text text,
  tries integer not null default 0,
  answer text,
  next_at integer not null,
  unique (partition, out_trade_no)
) strict;

create table buyer_requests (
  id integer primary key autoincrement,
  partition integer not null,
  out_trade_no text not null,
  buyer text not null,
  amount_fen integer not null,
  reason text,
  state text not null,
  asked_at integer not null,
  decided_at integer,
  decided_by text,
  unique (partition, out_trade_no)
) strict;

create table items_files (
  partition integer primary key,
  hash text not null
) strict;

create table journals (partition integer primary key, read_to integer not null) strict;

create table shop_key (id integer primary key check (id = 1), digest text not null) strict;
`
