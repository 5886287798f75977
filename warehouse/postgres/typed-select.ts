import { quoted } from '../../core/sql-text.ts';
import type { ResultTable } from '../port.ts';
import { isInstant, serverType } from './column-types.ts';
import type { Text } from './server.ts';

/** Name and DuckDB type of each column of a SELECT, in order; names may repeat. */
export type Columns = ResultTable['columns'];

/**
 * A SELECT of the server's whose columns have the types that DuckDB gives them: a sum of decimals its scale, a quotient
 * its float. Throws fatal `type-not-portable`.
 */
export function typedSelect(sql: string, columns: Columns): string {
  const places = columns.map((_, index) => `c${index}`);
  const casts = columns.map(
    ({ type }, index) => `cast(c${index} as ${serverType(type)}) as c${index}`,
  );
  return `select ${casts.join(', ')} from (${sql}\n) typed(${places.join(', ')})`;
}

/** The columns of a typed SELECT under their own names. */
export function named(columns: Columns): string {
  return columns.map(({ name }, index) => `c${index} as ${quoted(name)}`).join(', ');
}

/** The columns of a typed SELECT as they are written out: instants in UTC, whatever the session's zone. */
export function written(columns: Columns): string {
  return columns
    .map(({ type }, index) => (isInstant(type) ? `c${index} at time zone 'UTC'` : `c${index}`))
    .join(', ');
}

/** Rows of a typed SELECT as the port gives them. */
export function cellsOf(rows: readonly (readonly Text[])[], columns: Columns): ResultTable['rows'] {
  const readers = columns.map(({ type }) => readerOf(type));
  return rows.map((row) =>
    row.map((text, index) => (text === null ? null : (readers[index]?.(text) ?? text))),
  );
}

function readerOf(type: string): (text: string) => string | boolean {
  if (isInstant(type)) return zoned;
  if (type === 'TIMESTAMP') return wallTime;
  if (type === 'BOOLEAN') return (text) => text === 't';
  if (type === 'DOUBLE' || type === 'FLOAT') return (text) => String(Number(text));
  return (text) => text;
}

function wallTime(text: string): string {
  return text.replace(' ', 'T');
}

/** An instant written in UTC, as ISO with the offset of Việt Nam: +07:00, whatever the zone was called then. */
function zoned(text: string): string {
  const [, second = text, fraction = ''] = /^([^.]*)(\.\d+)?$/.exec(text) ?? [];
  const shifted = new Date(Date.parse(`${second.replace(' ', 'T')}Z`) + 7 * 3_600_000);
  return Number.isNaN(shifted.getTime())
    ? text
    : `${shifted.toISOString().slice(0, 19)}${fraction}+07:00`;
}
