import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { readCsv } from './csv.ts';
import type { RecordDecoder, RecordsFound, RecordsWanted } from './record-decoder.ts';

/** Reads CSV files, columns found by header text, or by the declared names where there is no header. */
export const decodeCsvRecords: RecordDecoder = (session, files, wanted) =>
  decodeTables(session, files, wanted, wanted.delimiter ?? ',');

/** Reads tab-separated files as {@link decodeCsvRecords} reads CSV. */
export const decodeTsvRecords: RecordDecoder = (session, files, wanted) =>
  decodeTables(session, files, wanted, wanted.delimiter ?? '\t');

type Delimiter = NonNullable<RecordsWanted['delimiter']>;

async function decodeTables(
  session: DecodeSession,
  files: readonly LandedFile[],
  wanted: RecordsWanted,
  delimiter: Delimiter,
): Promise<RecordsFound> {
  const texts = wanted.fields.map(({ as }) => `, ${quoted(as)} varchar`).join('');
  await session.run(`create or replace temp table ${quoted(wanted.into)}
    (_file integer, _row bigint, _malformed varchar, _raw varchar${texts})`);
  const missing: { file: string; from: string }[] = [];
  const known = new Set<string>();
  for (const file of files) {
    const names = await readOne(session, file, wanted, delimiter);
    for (const name of names) known.add(name);
    for (const { from } of wanted.fields)
      if (!names.includes(from)) missing.push({ file: file.name, from });
  }
  return { missing, names: [...known] };
}

async function readOne(
  session: DecodeSession,
  file: LandedFile,
  wanted: RecordsWanted,
  delimiter: Delimiter,
): Promise<readonly string[]> {
  const page = `${wanted.into} page`;
  const { header } = wanted;
  const names =
    header === undefined
      ? await readCsv(session, file, { into: page, delimiter, required: [] })
      : await readHeaderless(session, file, page, header, delimiter);
  const cells = wanted.fields.map(({ as, from }) =>
    names.includes(from)
      ? `, ${quoted(from)} as ${quoted(as)}`
      : `, null::varchar as ${quoted(as)}`,
  );
  const record = names.map((name) => `${literal(name)}: ${quoted(name)}`).join(', ');
  await session.run(`insert into ${quoted(wanted.into)} by name
    select _file, _row, _malformed, coalesce(_line, to_json({${record}})::varchar) as _raw${cells.join('')}
    from ${quoted(page)};
    drop table ${quoted(page)}`);
  return names;
}

/**
 * Reads a file without header. Lines with fewer cells than names are records whose last cells are empty; lines with
 * more, or with open quotes, are malformed.
 */
async function readHeaderless(
  session: DecodeSession,
  file: LandedFile,
  into: string,
  names: readonly string[],
  delimiter: Delimiter,
): Promise<readonly string[]> {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const nothing = names.map((name) => `null::varchar as ${quoted(name)}`).join(', ');
  await session.run(`create or replace temp table ${quoted(into)} as
    select *, ${file.n}::integer as _file, row_number() over () as _row,
      null::varchar as _malformed, null::varchar as _line
    from read_csv(${literal(file.path)}, columns = {${columns}}, auto_detect = false, header = false,
      delim = ${literal(delimiter)}, quote = '"', escape = '"', null_padding = true,
      store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans');
    create or replace temp table csv_bad as
    select line, row_number() over (order by line) as k, any_value(csv_line) as text from csv_rejects group by line;
    update ${quoted(into)} set _row = _row + (select count(*) from csv_bad b where b.line - b.k < ${quoted(into)}._row);
    insert into ${quoted(into)} by name select ${nothing}, ${file.n}::integer as _file, line as _row,
      'line-malformed' as _malformed, trim(text, ${literal('\r\n')}) as _line from csv_bad;
    drop table csv_bad; drop table csv_rejects; drop table csv_scans`);
  return names;
}
