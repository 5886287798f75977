import { literal } from '../../core/sql-text.ts';

/**
 * SQL for the instant of an ISO 8601 text, NULL when it is none: with `Z` or an offset (`+07:00`, `+0000`) as it says,
 * without one, or a date alone, in `zone`.
 */
export function isoInstant(sql: string, zone: string): string {
  const text = `trim(${sql})`;
  const time = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?';
  // the engine reads no offset without a colon; most have one
  const withColon = `if(ends_with(${text}, 'Z') or ${text}[-3] = ':', ${text}, regexp_replace(${text}, '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2'))`;
  return `case
    when regexp_full_match(${text}, '${time}(Z|[+-][0-9]{2}(:?[0-9]{2})?)') then try_cast(${withColon} as timestamptz)
    when regexp_full_match(${text}, '${time}|[0-9]{4}-[0-9]{2}-[0-9]{2}')
      then try_cast(${text} as timestamp) at time zone ${literal(zone)} end`;
}
