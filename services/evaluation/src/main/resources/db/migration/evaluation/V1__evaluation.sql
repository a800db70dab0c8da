-- Which model version each evaluation measures, for listing them by it. The evaluation itself is its row in job.
create table evaluation_subject (
  job_id        text primary key,
  tenant        text not null,
  model_version text not null
);
create index evaluation_subject_listing on evaluation_subject (tenant, model_version, job_id desc);

-- Versions that the registry keeps on behalf of an evaluation. A row is written before the pin is asked for and removed
-- after it has been let go, so that no crash leaves a pin behind that nobody knows of.
create table version_pin (
  job_id        text primary key,
  tenant        text not null,
  model_version text not null
);
