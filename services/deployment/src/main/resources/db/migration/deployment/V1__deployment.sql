-- What users call. Unique over all tenants, since the name is the key of a route.
create table endpoint (
  name         text        primary key,
  tenant       text        not null,
  display_name text        not null default '',
  -- Hidden from the API; the row goes when its deployments have gone.
  deleted      boolean     not null default false,
  create_time  timestamptz not null default now()
);
create index endpoint_listing on endpoint (tenant, name);

-- A model version behind an endpoint.
create table deployment (
  name           text        primary key,
  tenant         text        not null,
  endpoint       text        not null references endpoint (name),
  -- slipway.registry.v1.ModelVersion, as the registry gave it when the deployment was made
  model_version  bytea       not null,
  replicas       int         not null,
  device         text        not null,
  state          text        not null default 'PENDING' check (state in ('PENDING', 'READY', 'FAILED', 'DELETING')),
  ready_replicas int         not null default 0,
  -- google.rpc.Status
  error          bytea,
  -- Whether the registry has been told to keep the version.
  pinned         boolean     not null default false,
  -- Whether DeploymentReady has been published.
  announced      boolean     not null default false,
  create_time    timestamptz not null default now(),
  update_time    timestamptz not null default now(),
  version        bigint      not null default 1
);
create index deployment_listing on deployment (endpoint, name);

create table traffic (
  endpoint   text not null references endpoint (name) on delete cascade,
  deployment text not null references deployment (name) on delete cascade,
  tenant     text not null,
  percent    int  not null check (percent between 0 and 100),
  primary key (endpoint, deployment)
);

-- The last route of each endpoint that went to the outbox. Never deleted: versions grow for ever, also when an endpoint's
-- name is used again.
create table route_version (
  endpoint text   primary key,
  tenant   text   not null,
  version  bigint not null,
  -- slipway.deployment.v1.Route; null when the endpoint is gone
  route    bytea
);

-- Compute for work that is not an endpoint.
create table compute_grant (
  id          text        primary key,
  tenant      text        not null,
  holder      text        not null,
  attempt     int         not null,
  -- slipway.deployment.v1.AcquireGrantRequest
  request     bytea       not null,
  state       text        not null default 'PENDING' check (state in ('PENDING', 'READY', 'FAILED', 'ENDED')),
  -- The trainer that was given the run; never another one for the same attempt.
  worker_id   text,
  -- slipway.deployment.v1.GrantedReplicas
  replicas    bytea       not null default ''::bytea,
  -- google.rpc.Status
  error       bytea,
  expire_time timestamptz not null,
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  version     bigint      not null default 1,
  unique (tenant, holder, attempt)
);
create index compute_grant_live on compute_grant (expire_time) where state <> 'ENDED';

-- Workers that died by themselves, with the models that may be to blame.
create table model_crash (
  id         bigint      generated always as identity primary key,
  -- The platform's own: workers serve many tenants.
  tenant     text        not null default '',
  model      text        not null,
  worker_id  text        not null,
  crash_time timestamptz not null default now(),
  unique (model, worker_id)
);
create index model_crash_recent on model_crash (crash_time);
