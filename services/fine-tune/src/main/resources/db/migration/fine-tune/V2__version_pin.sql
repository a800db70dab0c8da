-- The kit's name for it. The last checkpoint, which is let go of with the pin, is found in the job itself.
alter table run_holding rename to version_pin;
alter table version_pin rename column base_version to model_version;
