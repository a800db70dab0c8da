-- What a job holds outside this schema until it has ended: a pin on its base version, and its last checkpoint.
create table run_holding (
  job_id       text primary key references job (id),
  tenant       text not null,
  base_version text not null
);
