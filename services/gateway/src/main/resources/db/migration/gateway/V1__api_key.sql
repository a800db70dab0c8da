-- Keys that let programs in. The secret itself is nowhere.
create table api_key (
  id           text        primary key,
  tenant       text        not null,
  display_name text        not null,
  -- Lower-case hex SHA-256 of the secret.
  hash         text        not null unique,
  create_time  timestamptz not null,
  -- A revoked key stays, so that it never comes back.
  revoke_time  timestamptz
);
create index api_key_listing on api_key (tenant, id) where revoke_time is null;
