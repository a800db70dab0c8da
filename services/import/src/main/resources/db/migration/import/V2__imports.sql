-- What an import came to: written in the transaction in which it succeeds.
create table import_result (
  tenant        text not null,
  -- imports/{id}
  import_name   text not null,
  -- A version that it made, or that held the same content before.
  model_version text not null,
  primary key (tenant, import_name)
);
