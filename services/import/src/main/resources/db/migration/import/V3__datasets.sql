create table dataset (
  id           text        primary key,
  tenant       text        not null,
  display_name text        not null,
  -- JSONL, CSV or TSV
  format       text        not null,
  columns      text[]      not null,
  row_count    bigint      not null,
  size_bytes   bigint      not null,
  sha256       text        not null,
  create_time  timestamptz not null default now()
);
create index dataset_listing on dataset (tenant, id desc);
