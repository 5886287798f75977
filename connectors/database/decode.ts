import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { decodeLineRecords } from '../decode/line-records.ts';
import { typeTable, type TypedColumn } from '../decode/typed-select.ts';
import type { DatabaseConfig, DatabaseStream } from './config.ts';

const timeFormats = ['%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%d %H:%M:%S'];

/** Decodes the landed rows of one stream: texts to the declared types; a value that is none goes to quarantine. */
export async function decodeDatabase(
  session: DecodeSession,
  { streams, timeZone }: DatabaseConfig,
): Promise<void> {
  for (const stream of streams) {
    if (!session.streams.includes(stream.stream)) continue;
    const into = `rows ${stream.stream}`;
    const fields = stream.columns.map(({ name }) => ({ as: name, from: name }));
    await decodeLineRecords(session, session.files, { into, records: '', fields });
    await typeTable(session, `decoded_${stream.stream}`, {
      from: quoted(into),
      columns: stream.columns.map((column) => typed(column, stream, timeZone)),
      raw: '_raw',
      ...versionOf(stream),
    });
  }
}

/** A cursor that is an instant also says which of two versions of a row is the newer. */
function versionOf({ cursor, columns }: DatabaseStream): { readonly publishedAt?: string } {
  const column = columns.find(({ name }) => name === cursor?.column);
  return column?.type === 'timestamptz' ? { publishedAt: quoted(column.name) } : {};
}

function typed(
  { name, type }: DatabaseStream['columns'][number],
  { key }: DatabaseStream,
  zone: string,
): TypedColumn {
  const isTime = type === 'timestamp' || type === 'timestamptz';
  return {
    name,
    type,
    from: isTime ? wallTime(quoted(name), zone) : quoted(name),
    required: key.includes(name),
    ...(type === 'date' ? { formats: ['%Y-%m-%d'] } : {}),
    ...(isTime ? { formats: timeFormats, zone } : {}),
  };
}

/** SQL: an instant (`…+00`, as sessions are in UTC) as wall time in the zone; a time without a zone as it is. */
function wallTime(text: string, zone: string): string {
  const instant = `try_cast(${text} as timestamptz)`;
  return `case when ${text} like '%+00' and ${instant} is not null and isfinite(${instant})
    then strftime(${instant} at time zone ${literal(zone)}, '%Y-%m-%d %H:%M:%S.%f') else ${text} end`;
}
