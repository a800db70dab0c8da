-- A hub's models as they were last seen. The mirror is the same for everybody, so its rows belong to the tenant 'public'
-- that nobody is; what a tenant has imported is its own, in imported_version.
create table hub_model (
  id                 text collate "C" primary key,
  tenant             text        not null default 'public' check (tenant = 'public'),
  sha                text        not null,
  pipeline_tag       text        not null,
  library_name       text        not null,
  license            text        not null,
  tags               text[]      not null,
  downloads          bigint      not null,
  likes              bigint      not null,
  gated              boolean     not null,
  last_modified_time timestamptz,
  description        text        not null,
  importable         boolean     not null,
  fine_tunable       boolean     not null,
  servable           boolean     not null,
  reasons            text[]      not null,
  -- The words of id, tags and description, as io.slipway.catalog.model.SearchWords cuts them.
  words              tsvector    not null,
  sync_time          timestamptz not null default now()
);
create index hub_model_listing on hub_model (downloads desc, id);
create index hub_model_by_task on hub_model (pipeline_tag, downloads desc, id);
create index hub_model_words on hub_model using gin (words);

-- Until when all of a hub's modifications are known: set by a crawl that has read its whole listing.
create table crawl_watermark (
  hub         text        primary key,
  tenant      text        not null default 'public' check (tenant = 'public'),
  known_until timestamptz not null
);

-- The registry's versions that came from the hub.
create table imported_version (
  tenant        text        not null,
  model_version text        not null,
  hub_model_id  text collate "C" not null,
  register_time timestamptz not null,
  primary key (tenant, model_version)
);
create index imported_version_by_hub_model on imported_version (hub_model_id, tenant, register_time desc);

-- The registry's models that were deleted: events about a model and about its versions come in no particular order.
create table deleted_model (
  tenant      text        not null,
  model       text        not null,
  delete_time timestamptz not null,
  primary key (tenant, model)
);
