import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import {
  findHeader,
  headerGrid,
  withOthers,
  type HeaderBlock,
  type HeaderNames,
} from './header-block.ts';
import { readXlsxCells, type ReadSheet } from './xlsx-cells.ts';
import { columnLetters, sheetRows } from './xlsx-sheet.ts';

/** How the tables of a workbook are read. */
export interface XlsxOptions extends HeaderNames {
  /** Name of the temporary table to make. */
  readonly into: string;
  /** Sheets that hold the table; all visible ones by default. */
  readonly sheet?: (name: string) => boolean;
  /** Columns the table has beside those that a sheet names; they are NULL where it does not. */
  readonly optional?: readonly string[];
  /** Names the columns of the header that nobody wants; without it they are left out. */
  readonly others?: (path: readonly string[]) => string;
}

/** A sheet whose table was found. */
export interface XlsxSheet {
  readonly n: number;
  readonly name: string;
  readonly header: HeaderBlock;
  /** Texts above the header, from top to bottom: title, unit line, period. */
  readonly above: readonly string[];
}

/** First rows and columns in which a header is looked for. */
const headerRows = 60;
const headerColumns = 150;

/**
 * Reads one table of each wanted sheet into a temporary table of texts, columns found by header text: a column for each
 * name, and `_file`, `_row`, `_malformed` (NULL), `_line` (the row's cells as JSON by address, with sheet and row).
 * `_row` is the row of the sheet, plus 1,048,576 for each sheet before it. Rows with none of the named columns, and a
 * row that numbers the columns (`A B 1 2 3=2/1`), are left out; text kinds are kept in `_kinds` (column name → kind).
 *
 * Throws data `sheet-missing`, `header-not-found`, `header-ambiguous`, and what {@link readXlsxCells} throws.
 */
export async function readXlsx(
  session: DecodeSession,
  file: LandedFile,
  options: XlsxOptions,
): Promise<readonly XlsxSheet[]> {
  const cells = `${options.into} cells`;
  const wanted = options.sheet;
  const read = await readXlsxCells(session, file, cells, ({ name, hidden }) =>
    wanted ? wanted(name) : !hidden,
  );
  if (read.length === 0) throw fileTrouble('sheet-missing', file, '');
  const sheets: XlsxSheet[] = [];
  for (const sheet of read) {
    const found = await headerOf(session, cells, sheet, options);
    if (found !== undefined) sheets.push(checked(file, found));
  }
  if (sheets.length === 0) throw fileTrouble('header-not-found', file, options.required.join(', '));
  await pivot(session, file, cells, sheets, options);
  return sheets;
}

/** A name of a row in `_row` terms back as sheet ordinal and row. */
export function sheetPlace(row: number): { readonly sheet: number; readonly row: number } {
  const sheet = Math.floor((row - 1) / sheetRows);
  return { sheet: sheet + 1, row: row - sheet * sheetRows };
}

async function headerOf(
  session: DecodeSession,
  cells: string,
  sheet: ReadSheet,
  options: XlsxOptions,
): Promise<XlsxSheet | undefined> {
  const found = await session.rows(`select row, col, text from ${quoted(cells)}
    where sheet = ${sheet.n} and row <= ${headerRows} and col <= ${headerColumns} order by row, col`);
  const texts = found.map((cell) => ({
    row: Number(cell['row']),
    column: Number(cell['col']),
    text: (cell['text'] ?? '').normalize('NFC').replaceAll(/\s+/g, ' '),
  }));
  const grid = headerGrid(texts, sheet.merged, headerRows, headerColumns);
  const block = findHeader(grid, options);
  if (block === undefined) return undefined;
  const { others } = options;
  const header = others === undefined ? block : withOthers(grid, block, others);
  const above = texts.filter(({ row }) => row < header.from).map(({ text }) => text.trim());
  return { n: sheet.n, name: sheet.name, header, above };
}

function checked(file: LandedFile, sheet: XlsxSheet): XlsxSheet {
  const { columns } = sheet.header;
  const twice = columns.find(
    (one, index) => columns.findIndex(({ name }) => name === one.name) < index,
  );
  if (twice === undefined) return sheet;
  const places = columns
    .filter(({ name }) => name === twice.name)
    .map(({ column, path }) => `${columnLetters(column)} (${path.join(' / ')})`);
  throw fileTrouble('header-ambiguous', file, `${sheet.name}: ${twice.name}: ${places.join(', ')}`);
}

async function pivot(
  session: DecodeSession,
  file: LandedFile,
  cells: string,
  sheets: readonly XlsxSheet[],
  { into, required, optional = [] }: XlsxOptions,
): Promise<void> {
  const given = sheets.flatMap(({ header }) => header.columns.map(({ name }) => name));
  const names = [...new Set([...required, ...optional, ...given])];
  const widths = await session.rows(
    `select sheet, max(col) as width from ${quoted(cells)} group by sheet`,
  );
  const parts = sheets.map((sheet) => {
    const width = Number(widths.find((one) => one['sheet'] === String(sheet.n))?.['width']);
    return sheetSelect(sheet, names, cells, Math.min(width, headerColumns));
  });
  await session.run(`create or replace temp table ${quoted(into)} as
    select *, ${file.n}::integer as _file, null::varchar as _malformed
    from (${parts.join(' union all by name ')}) order by _row;
    drop table ${quoted(cells)}`);
}

function sheetSelect(
  { n, name, header }: XlsxSheet,
  names: readonly string[],
  cells: string,
  width: number,
): string {
  const columnOf = new Map(header.columns.map((one) => [one.name, one.column]));
  const columns = Array.from({ length: width }, (_, index) => index + 1);
  const wide = columns.map(
    (column) => `any_value(text) filter (where col = ${column}) as c${column}`,
  );
  const kinds = header.columns.map(
    ({ column }) => `any_value(kind) filter (where col = ${column}) as k${column}`,
  );
  const numbering = `bool_and(${numberingTest('text')}) filter (where row = ${header.to + 1})`;
  const texts = names.map((one) => {
    const column = columnOf.get(one);
    return `${column === undefined ? 'null::varchar' : `c${column}`} as ${quoted(one)}`;
  });
  const kindOf = header.columns.map((one) => `${literal(one.name)}: k${one.column}`);
  const addresses = columns.map((column) => `${literal(columnLetters(column))}: c${column}`);
  return `select ${texts.join(', ')}, ${(n - 1) * sheetRows} + row::bigint as _row, ${n}::integer as _sheet,
      to_json({${kindOf.join(', ')}}) as _kinds,
      to_json({'sheet': ${literal(name)}, 'row': row, 'cells': {${addresses.join(', ')}}})::varchar as _line
    from (select row, ${[...wide, ...kinds].join(', ')} from ${quoted(cells)}
      where sheet = ${n} and row > ${header.to}
      group by row
      having count(*) filter (where col in (${header.columns.map(({ column }) => column).join(', ')})) > 0
        and not coalesce(${numbering}, false))`;
}

/** SQL for a cell of a numbering row: `A`, `1`, `(3)`, `6=4/5`. */
function numberingTest(text: string): string {
  return `regexp_full_match(trim(${text}), ${literal(String.raw`\(?([A-Z]|\d{1,2})(\s*=\s*[\d\s+\-*/x:()]+)?\)?`)})`;
}
