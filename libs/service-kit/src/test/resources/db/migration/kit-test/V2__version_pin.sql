-- What io.slipway.kit.jobs.VersionPins needs of a service.
create table version_pin (
  job_id        text primary key,
  tenant        text not null,
  model_version text not null
);
