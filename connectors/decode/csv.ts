import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { splitCsvLine } from './csv-line.ts';
import { fileTrouble } from './decode-trouble.ts';
import { readHead } from './file-head.ts';
import type { ReasonCode } from './reasons.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { literalList } from './sql-text.ts';
import { fewestForeign, knownUtf8, likelyUtf8 } from './transcode.ts';

/** How a CSV file is read. */
export interface CsvOptions {
  /** Name of the temporary table to make. */
  readonly into: string;
  readonly delimiter?: ',' | ';' | '\t';
  /** Gives the name under which a header cell is known; its own name by default. */
  readonly rename?: (header: string) => string;
  /** Names that the header has to have. */
  readonly required: readonly string[];
}

/**
 * Reads one CSV file into a temporary table of texts: a column for each header cell, found by name and never by
 * position, and `_file`, `_row` (ordinal of the record, from 1), `_malformed` (reason of a line that is no record) and
 * `_line` (its text). Malformed lines are rows too, so nothing is lost. Gives the column names in file order.
 *
 * A file in UTF-16 or in a legacy Vietnamese encoding is turned into UTF-8 first.
 *
 * Throws data `file-empty`, `encoding-broken`, `file-not-utf8`, `file-not-csv`, `header-missing-column`,
 * `header-duplicate`.
 */
export async function readCsv(
  session: DecodeSession,
  landed: LandedFile,
  options: CsvOptions,
): Promise<readonly string[]> {
  const into = quoted(options.into);
  const names = await readInUtf8(session, landed, async (file) => {
    const header = await headerOf(file, options);
    await session.run(`create or replace temp table ${into} as
      ${csvRecords(file, header, options.delimiter)}`);
    return header;
  });
  const rejected = await placeRows(session, into, landed.n, names);
  if (rejected !== undefined) await session.run(`insert into ${into} by name ${rejected}`);
  return names;
}

/**
 * Reads {@link csvRecords} of a file in UTF-8, whatever it is written in. The first bytes tell nearly always; where the
 * reader meets foreign bytes further on, the file is turned into UTF-8 after all and read again, if its encoding can be
 * known; if not, the lines are rejected one by one.
 */
export async function readInUtf8<T>(
  session: DecodeSession,
  landed: LandedFile,
  read: (file: LandedFile) => Promise<T>,
): Promise<T> {
  const likely = await likelyUtf8(session, landed);
  const found = await read(likely);
  if (likely !== landed || !(await metForeignBytes(session))) return found;
  const file = await knownUtf8(session, landed);
  if (file === landed) return found;
  await session.run('drop table csv_rejects; drop table csv_scans');
  return read(file);
}

/** Whether enough lines have foreign bytes to be of another encoding, rather than slips in UTF-8. */
async function metForeignBytes(session: DecodeSession): Promise<boolean> {
  const [met] = await session.rows(`select count(distinct line) >= ${fewestForeign} as many
    from csv_rejects where error_type = 'INVALID ENCODING'`);
  return met?.['many'] === 'true';
}

/** SELECT of the records of a CSV file, as {@link readCsv} gives them, still without `_row`; an empty field is NULL. */
export function csvRecords(file: LandedFile, names: readonly string[], delimiter = ','): string {
  return `select * exclude (_path), ${file.n}::integer as _file, null::bigint as _row,
      null::varchar as _malformed, null::varchar as _line
    from ${reader([file], names, delimiter)}`;
}

/**
 * Numbers the records in a table that was just made of {@link csvRecords}: rows of a fresh table lie in the order of the
 * file, and numbering them afterwards leaves the reader all its threads. Gives a SELECT of the lines that the reader
 * rejected, where there are any; their ordinals are left free.
 */
export async function placeRows(
  session: DecodeSession,
  into: string,
  n: number,
  names: readonly string[],
): Promise<string | undefined> {
  await session.run(`update ${into} set _row = rowid + 1`);
  const [rejected] = await session.rows('select count(*) as lines from csv_rejects');
  const isWhole = rejected?.['lines'] === '0';
  if (!isWhole) await placeRejects(session, into, names.length);
  await session.run('drop table csv_rejects; drop table csv_scans');
  return isWhole ? undefined : rejectedRecords(n, names);
}

/**
 * Reads several CSV files of one header as {@link readCsv} reads one: `_file` tells them apart, `_row` counts in each.
 * Throws data `files-unlike` where their headers differ, two hold the same bytes, or one has malformed lines: what it
 * takes to place such lines is known of one file only.
 */
export async function readCsvFiles(
  session: DecodeSession,
  files: readonly LandedFile[],
  options: CsvOptions,
): Promise<readonly string[]> {
  const [first, ...others] = files;
  if (first === undefined) throw fileTrouble('file-empty', { name: '' }, '');
  if (others.length === 0) return await readCsv(session, first, options);
  const names = await headerOf(first, options);
  for (const file of others) {
    const own = await headerOf(file, options);
    if (own.join('\n') !== names.join('\n')) throw fileTrouble('files-unlike', file, '');
  }
  if (new Set(files.map(({ path }) => path)).size < files.length)
    throw fileTrouble('files-unlike', first, '');
  await readTogether(session, files, names, options);
  return names;
}

async function readTogether(
  session: DecodeSession,
  files: readonly LandedFile[],
  names: readonly string[],
  { into, delimiter = ',' }: CsvOptions,
): Promise<void> {
  const numbers = files.map(({ n, path }) => `(${n}::integer, ${literal(path)})`).join(', ');
  const columns = names.map(quoted).join(', ');
  await session.run(`create or replace temp table ${quoted(into)} as
    select ${columns}, _file, _place - min(_place) over (partition by _file) + 1 as _row,
      null::varchar as _malformed, null::varchar as _line
    from (select *, row_number() over () as _place from ${reader(files, names, delimiter)}) r
    join (values ${numbers}) f(_file, path) on f.path = r._path`);
  const [rejected] = await session.rows('select count(*) as lines from csv_rejects');
  await session.run('drop table csv_rejects; drop table csv_scans');
  const [first] = files;
  if (first && rejected?.['lines'] !== '0') throw fileTrouble('files-unlike', first, '');
}

/** Names of the columns of a CSV file. Throws what {@link readCsv} throws. */
export async function headerOf(file: LandedFile, options: CsvOptions): Promise<readonly string[]> {
  const { line } = await readHead(file);
  if (/^\s*[<{[]/.test(line)) throw fileTrouble('file-not-csv', file, line.slice(0, 200));
  const cells = splitCsvLine(line, options.delimiter).map((cell) => cell.trim());
  const names = cells.map((cell, index) =>
    cell === '' ? `_unnamed_${index + 1}` : (options.rename?.(cell) ?? cell),
  );
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw fileTrouble('header-duplicate', file, twice.join(', '));
  const missing = options.required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw fileTrouble(
      'header-missing-column',
      file,
      `${missing.join(', ')} (${line.slice(0, 300)})`,
    );
  }
  return names;
}

function reader(files: readonly LandedFile[], names: readonly string[], delimiter: string): string {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literalList(files.map(({ path }) => path))}, filename = '_path', columns = {${columns}}, auto_detect = false, header = true,
    delim = ${literal(delimiter)}, quote = '"', escape = '"', strict_mode = true,
    store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans')`;
}

/** Leaves the rejected lines their places among the records; a line is counted once. */
async function placeRejects(session: DecodeSession, into: string, columns: number): Promise<void> {
  await session.run(`create or replace temp table csv_bad as
    select *, row_number() over (order by line) as k, ${fieldsOf(columns)} as fields from (
      select line - 1 as line, arg_min(error_type, column_idx)::varchar as error,
        regexp_replace(any_value(csv_line), '^[\\r\\n]+|[\\r\\n]+$', '', 'g') as text
      from csv_rejects group by line)`);
  // The i-th good record is the i-th ordinal that no bad line has.
  await session.run(`update ${into} set _row = _row + (
      select count(*) from csv_bad b where b.line - b.k < ${into}._row)`);
}

function rejectedRecords(n: number, names: readonly string[]): string {
  const fields = names.map((name, index) => `fields[${index + 1}] as ${quoted(name)}`);
  return `select ${fields.join(', ')}, ${n}::integer as _file, line as _row,
      case when fields is null then ${reasonCase} end as _malformed,
      case when fields is null then text end as _line from csv_bad`;
}

/**
 * SQL for the fields of a rejected line that is whole after all, else NULL: the reader takes the one kind of line end
 * it met first, and rejects a quoted last field before another kind (files of CRLF whose last line ends with LF).
 */
function fieldsOf(count: number): string {
  const field = ',("([^"]|"")*"|[^",\\r\\n]*)';
  return `case when error = 'UNQUOTED VALUE' and regexp_full_match(',' || text, ${literal(`(${field}){${count}}`)})
    then list_transform(regexp_extract_all(',' || text, ${literal(field)}, 1),
      lambda f: nullif(case when f[1] = '"' then replace(f[2:-2], '""', '"') else f end, '')) end`;
}

/** The reader's kinds of trouble as reason codes. */
const reasonByError: Readonly<Record<string, ReasonCode>> = {
  'MISSING COLUMNS': 'line-missing-columns',
  'TOO MANY COLUMNS': 'line-extra-columns',
  'UNQUOTED VALUE': 'line-quotes',
  'INVALID ENCODING': 'line-not-utf8',
  'LINE SIZE OVER MAXIMUM': 'line-too-long',
};

const reasonCase = `case error ${Object.entries(reasonByError)
  .map(([error, reason]) => `when ${literal(error)} then ${literal(reason)}`)
  .join(' ')} else 'line-malformed' end`;
