-- What jobs have done, and what events have told: a row too many is an effect too many.
create table effect (
  subject text not null,
  attempt int  not null
);
