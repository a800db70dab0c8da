-- What was made sure of before a version was registered, as the API names it.

alter table model_version add column verification text not null default 'VERIFICATION_UNSPECIFIED';
