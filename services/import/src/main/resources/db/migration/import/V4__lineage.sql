-- Projection of all event topics; it can be emptied and rebuilt by reading them again.

create table lineage_event (
  id              text        primary key,
  tenant          text        not null,
  subject         text        not null,
  subject_version bigint      not null,
  time            timestamptz not null,
  -- slipway.events.v1.Event
  payload         bytea       not null
);
create index lineage_event_order on lineage_event (tenant, time, subject_version, id);
create index lineage_event_subject on lineage_event (tenant, subject);

create table lineage_edge (
  tenant   text not null,
  subject  text not null,
  -- MADE_FROM: the subject exists because of the object. ABOUT: the subject tells something of the object.
  relation text not null check (relation in ('MADE_FROM', 'ABOUT')),
  object   text not null,
  primary key (tenant, subject, relation, object)
);
create index lineage_edge_object on lineage_edge (tenant, object, relation);
