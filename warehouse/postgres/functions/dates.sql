-- Dates. A day cut to its month is a time of that day: PostgreSQL makes a time with zone of it.
create or replace function like_duckdb.date_trunc(text, date) returns timestamp language sql immutable strict parallel safe
  return date_trunc($1, cast($2 as timestamp));
create or replace function like_duckdb.date_trunc(text, timestamp) returns timestamp language sql immutable strict parallel safe
  return date_trunc($1, $2);
create or replace function like_duckdb.date_trunc(text, timestamptz) returns timestamptz language sql stable strict parallel safe
  return date_trunc($1, $2);
