-- The models that the platform holds.

create table model (
  tenant      text        not null,
  -- namespace/model
  id          text        not null,
  -- The highest version number ever given out: a number is not used again after deletion.
  last_number int         not null default 0,
  create_time timestamptz not null default now(),
  -- Set while the model has no versions because it was deleted.
  delete_time timestamptz,
  primary key (tenant, id)
);

create table model_version (
  tenant          text        not null,
  model_id        text        not null,
  number          int         not null,
  task            text        not null,
  architecture    text        not null,
  labels          text[]      not null,
  parameter_count bigint      not null,
  size_bytes      bigint      not null,
  -- imports/{id}
  import_name     text        not null,
  -- Where it came from: either the hub's columns are filled, or those of the fine-tuning job.
  hub_model_id    text        not null default '',
  hub_revision    text        not null default '',
  hub_commit      text        not null default '',
  fine_tune_job   text        not null default '',
  base_version    text        not null default '',
  dataset         text        not null default '',
  -- SHA-256 over the paths and digests of its files.
  content_digest  text        not null,
  create_time     timestamptz not null default now(),
  primary key (tenant, model_id, number),
  foreign key (tenant, model_id) references model (tenant, id),
  -- The same content of the same origin is one version.
  unique (tenant, model_id, hub_commit, fine_tune_job, content_digest)
);

create table model_file (
  tenant     text   not null,
  model_id   text   not null,
  number     int    not null,
  path       text   not null,
  sha256     text   not null,
  size_bytes bigint not null,
  primary key (tenant, model_id, number, path),
  foreign key (tenant, model_id, number) references model_version (tenant, model_id, number) on delete cascade
);

-- Who needs a version. No cascade: a version with a pin cannot be deleted.
create table version_pin (
  tenant      text        not null,
  model_id    text        not null,
  number      int         not null,
  holder      text        not null,
  create_time timestamptz not null default now(),
  primary key (tenant, model_id, number, holder),
  foreign key (tenant, model_id, number) references model_version (tenant, model_id, number)
);
