-- Casts of texts that may be no such value: NULL then.
create or replace function like_duckdb.try_cast_decimal(text, integer, integer) returns numeric
language plpgsql immutable strict parallel safe as $$
declare
  n numeric;
begin
  if $1 !~ '^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*$' then
    return null;
  end if;
  n := round(cast($1 as numeric), $3);
  return case when abs(n) < power(cast(10 as numeric), $2 - $3) then n end;
end $$;

create or replace function like_duckdb.try_cast_big_int(text) returns bigint
language plpgsql immutable strict parallel safe as $$
declare
  n numeric := like_duckdb.try_cast_decimal($1, 38, 0);
begin
  return case when n between -9223372036854775808 and 9223372036854775807 then cast(n as bigint) end;
end $$;

create or replace function like_duckdb.try_cast_int(text) returns integer
language plpgsql immutable strict parallel safe as $$
declare
  n numeric := like_duckdb.try_cast_decimal($1, 38, 0);
begin
  return case when n between -2147483648 and 2147483647 then cast(n as integer) end;
end $$;

create or replace function like_duckdb.try_cast_date(text) returns date
language plpgsql immutable strict parallel safe as $$
begin
  if $1 !~ '^\s*[0-9]{4,6}[-/][0-9]{1,2}[-/][0-9]{1,2}\s*$' then
    return null;
  end if;
  return make_date(
    cast(substring($1 from '^\s*([0-9]+)') as integer),
    cast(substring($1 from '^\s*[0-9]+[-/]([0-9]+)') as integer),
    cast(substring($1 from '([0-9]+)\s*$') as integer));
exception when datetime_field_overflow then
  return null;
end $$;

create or replace function like_duckdb.try_cast_timestamp(text) returns timestamp
language plpgsql immutable strict parallel safe as $$
begin
  if $1 !~ '^\s*[0-9]{4,6}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,9})?)?)?\s*$' then
    return null;
  end if;
  return cast($1 as timestamp);
exception when datetime_field_overflow or invalid_datetime_format then
  return null;
end $$;
