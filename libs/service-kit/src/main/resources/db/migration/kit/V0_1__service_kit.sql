-- Tables that every service with a database has, in its own schema.

-- Commands that have taken effect, by the caller's request id.
create table command (
  tenant      text        not null,
  request_id  text        not null,
  fingerprint bytea       not null,
  resource    text,
  create_time timestamptz not null default now(),
  primary key (tenant, request_id)
);

-- Jobs: the row is the job's state, its queue entry and its lease. See io.slipway.kit.jobs.
create table job (
  id               text        primary key,
  tenant           text        not null,
  collection       text        not null,
  -- What was asked: the service's own protobuf message.
  spec             bytea       not null,
  -- Progress and result so far: the service's own protobuf message.
  detail           bytea       not null default ''::bytea,
  state            text        not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  -- How often a process has taken the job; the fence of every write of a run.
  attempt          int         not null default 0,
  lease_owner      text,
  lease_until      timestamptz,
  not_before       timestamptz not null default now(),
  cancel_requested boolean     not null default false,
  -- google.rpc.Status
  error            bytea,
  traceparent      text        not null default '',
  create_time      timestamptz not null default now(),
  start_time       timestamptz,
  end_time         timestamptz,
  update_time      timestamptz not null default now(),
  version          bigint      not null default 1
);
create index job_claimable on job (collection, not_before) where state in ('QUEUED', 'RUNNING');
create index job_listing on job (tenant, collection, id desc);

-- The last version that each subject's events have reached.
create table event_sequence (
  subject text   primary key,
  version bigint not null
);

-- Events that have been consumed, by consumer.
create table consumed_event (
  consumer     text        not null,
  event_id     text        not null,
  consume_time timestamptz not null default now(),
  primary key (consumer, event_id)
);
