import { readHead } from '../decode/file-head.ts';
import { splitCsvLine } from '../decode/csv-line.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { readJsonPages } from '../decode/json.ts';
import { typeTable } from '../decode/typed-select.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { Dhis2Config } from './config.ts';
import type { MetadataField, MetadataList } from './metadata-lists.ts';

/** Types one list of JSON pages. */
export async function decodeJsonList(
  session: DecodeSession,
  files: readonly LandedFile[],
  list: MetadataList,
  { zone }: Dhis2Config,
): Promise<void> {
  const members = new Set(list.fields.map(({ json }) => json.split('.')[0] ?? json));
  const shape = ['id', 'lastUpdated', ...members].map(
    (name) => [name, 'VARCHAR' as const] as const,
  );
  await readJsonPages(session, files, {
    into: 'list_records',
    records: list.name,
    shape: Object.fromEntries(shape),
  });
  await typeList(session, list, 'list_records', 'record::varchar', zone, {
    id: 'r.id',
    updated: 'r.lastUpdated',
    textOf: ({ json }) => {
      const [member = '', inner] = json.split('.');
      const text = `r.${quoted(member)}`;
      return inner === undefined
        ? text
        : `case when ${text}[1] = '{' then json_extract_string(${text}, ${literal(`$.${inner}`)}) end`;
    },
  });
}

/** Types one list of a CSV export, whose rows may end early and whose ids may be left to DHIS2: the code stands in. */
export async function decodeCsvList(
  session: DecodeSession,
  file: LandedFile,
  list: MetadataList,
  { zone }: Dhis2Config,
): Promise<void> {
  const names = csvNames((await readHead(file)).line);
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  await session.run(`create or replace temp table list_lines as
    select *, ${file.n}::integer as _file, row_number() over () as _row, null::varchar as _malformed
    from read_csv(${literal(file.path)}, columns = {${columns}}, auto_detect = false, header = true, delim = ',',
      quote = '"', escape = '"', null_padding = true)`);
  const text = (name: string) => (names.includes(name) ? quoted(name) : 'null::varchar');
  const members = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  await typeList(session, list, 'list_lines', `to_json({${members}})::varchar`, zone, {
    id: `coalesce(nullif(trim(${text('uid')}), ''), ${text('code')})`,
    updated: text('lastupdated'),
    textOf: ({ csv }) => text(csv ?? ''),
  });
}

/** Headers of a CSV export as they are known: `Short name` and `shortName` are `shortname`. */
export function csvNames(line: string): readonly string[] {
  return splitCsvLine(line).map(
    (cell, at) => cell.toLowerCase().replaceAll(/[^a-z]/g, '') || `_unnamed_${at + 1}`,
  );
}

/** Where a list's record has its texts. */
interface ListTexts {
  readonly id: string;
  readonly updated: string;
  readonly textOf: (field: MetadataField) => string;
}

async function typeList(
  session: DecodeSession,
  { stream, fields }: MetadataList,
  from: string,
  raw: string,
  zone: string,
  { id, updated, textOf }: ListTexts,
): Promise<void> {
  await typeTable(session, `decoded_${stream}`, {
    from,
    columns: [
      { name: 'id', type: 'varchar', from: id, required: true },
      ...fields.map((field) => ({
        name: field.column,
        type: field.type,
        // Days come as `2020-04-05T00:00:00.000` of the server's own clock.
        from: field.type === 'date' ? `left(${textOf(field)}, 10)` : textOf(field),
        ...(field.type === 'date' ? { formats: ['%Y-%m-%d'] } : {}),
      })),
      { name: 'updated_at', type: 'timestamptz', from: isoInstant(updated, zone), form: 'value' },
    ],
    raw,
    publishedAt: 'updated_at',
  });
}
