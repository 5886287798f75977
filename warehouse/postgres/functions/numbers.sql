-- Numbers. `//` cuts towards zero and is NULL over zero.
create or replace function like_duckdb.integer_quotient(numeric, numeric) returns numeric language sql immutable strict parallel safe
  return div($1, nullif($2, 0));

-- Halves go away from zero for every type.
create or replace function like_duckdb.round(numeric) returns numeric language sql immutable strict parallel safe
  return round($1);
create or replace function like_duckdb.round(numeric, integer) returns numeric language sql immutable strict parallel safe
  return round($1, $2);
create or replace function like_duckdb.round(bigint) returns bigint language sql immutable strict parallel safe
  return $1;
create or replace function like_duckdb.round(integer) returns integer language sql immutable strict parallel safe
  return $1;
create or replace function like_duckdb.round(double precision) returns double precision language sql immutable strict parallel safe
  return sign($1) * floor(abs($1) + 0.5);

-- PostgreSQL's sign() of an integer is a float, and all that is multiplied by it.
create or replace function like_duckdb.sign(bigint) returns integer language sql immutable strict parallel safe
  return case when $1 > 0 then 1 when $1 < 0 then -1 else 0 end;
create or replace function like_duckdb.sign(integer) returns integer language sql immutable strict parallel safe
  return case when $1 > 0 then 1 when $1 < 0 then -1 else 0 end;
create or replace function like_duckdb.sign(numeric) returns integer language sql immutable strict parallel safe
  return case when $1 > 0 then 1 when $1 < 0 then -1 else 0 end;
create or replace function like_duckdb.sign(double precision) returns integer language sql immutable strict parallel safe
  return case when $1 > 0 then 1 when $1 < 0 then -1 else 0 end;

create or replace function like_duckdb.median_of(double precision[]) returns double precision language sql immutable parallel safe
  return (select percentile_cont(0.5) within group (order by n) from unnest($1) as n);
create or replace aggregate like_duckdb.median(double precision) (
  sfunc = array_append, stype = double precision[], finalfunc = like_duckdb.median_of, parallel = safe
);
