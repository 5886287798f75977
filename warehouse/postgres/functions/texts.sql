-- Texts. Letters beyond ASCII change case by Unicode's simple mapping, whatever the database's locale says.
create or replace function like_duckdb.lower(text) returns text language sql immutable strict parallel safe
  return lower($1 collate /* letters */ "default");
create or replace function like_duckdb.upper(text) returns text language sql immutable strict parallel safe
  return upper($1 collate /* letters */ "default");

-- DuckDB trims every space separator of Unicode, no-break spaces among them, and nothing else.
create or replace function like_duckdb.trim(text) returns text language sql immutable strict parallel safe
  return btrim($1, U&' \00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\202F\205F\3000');
create or replace function like_duckdb.ltrim(text) returns text language sql immutable strict parallel safe
  return ltrim($1, U&' \00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\202F\205F\3000');
create or replace function like_duckdb.rtrim(text) returns text language sql immutable strict parallel safe
  return rtrim($1, U&' \00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\202F\205F\3000');

create or replace function like_duckdb.contains(text, text) returns boolean language sql immutable strict parallel safe
  return strpos($1, $2) > 0;
create or replace function like_duckdb.ends_with(text, text) returns boolean language sql immutable strict parallel safe
  return right($1, length($2)) = $2 or $2 = '';

-- đ and Đ are letters of their own and stay.
create or replace function like_duckdb.strip_accents(text) returns text language sql immutable strict parallel safe
  return regexp_replace(normalize($1, NFD), U&'[\0300-\036F\1AB0-\1AFF\1DC0-\1DFF\20D0-\20FF\FE20-\FE2F]', '', 'g');

-- A dot is no line break; nothing found is the empty text.
create or replace function like_duckdb.regexp_matches(text, text) returns boolean language sql immutable strict parallel safe
  return $1 collate "C" ~ ('(?p)' || $2);
create or replace function like_duckdb.regexp_extract(text, text) returns text language sql immutable strict parallel safe
  return coalesce((regexp_match($1 collate "C", '(?p)(' || $2 || ')'))[1], '');
create or replace function like_duckdb.regexp_extract(text, text, integer) returns text language sql immutable strict parallel safe
  return coalesce((regexp_match($1 collate "C", '(?p)(' || $2 || ')'))[$3 + 1], '');
