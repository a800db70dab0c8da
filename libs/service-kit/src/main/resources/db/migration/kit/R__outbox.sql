-- Tables of the outbox's library (io.namastack:namastack-outbox, its documented PostgreSQL schema). Made here, once: the library
-- would run this at every start, and each index then waits for whoever has a transaction open on its table, a stopped process too.
create table if not exists outbox_record (
  id             varchar(255)  primary key,
  status         varchar(20)   not null,
  record_key     varchar(255)  not null,
  record_type    varchar(255)  not null,
  payload        text          not null,
  context        text,
  created_at     timestamptz   not null,
  completed_at   timestamptz,
  failure_count  int           not null,
  failure_reason varchar(1000),
  next_retry_at  timestamptz   not null,
  partition_no   int           not null,
  handler_id     varchar(1000) not null
);
create index if not exists idx_outbox_record_record_key_created on outbox_record (record_key, created_at);
create index if not exists idx_outbox_record_partition_status_retry on outbox_record (partition_no, status, next_retry_at);
create index if not exists idx_outbox_record_status_retry on outbox_record (status, next_retry_at);

create table if not exists outbox_instance (
  instance_id    varchar(255) primary key,
  hostname       varchar(255) not null,
  port           int          not null,
  status         varchar(50)  not null,
  started_at     timestamptz  not null,
  last_heartbeat timestamptz  not null,
  created_at     timestamptz  not null,
  updated_at     timestamptz  not null
);

create table if not exists outbox_partition (
  partition_number int         primary key,
  instance_id      varchar(255),
  version          bigint      not null default 0,
  updated_at       timestamptz not null
);
create index if not exists idx_outbox_partition_instance_id on outbox_partition (instance_id);
