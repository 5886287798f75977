import { PhusaError } from '../../core/errors.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import type { ReasonCode } from './reasons.ts';
import { correctedBatches, hiddenValue } from './correction-sheet.ts';
import { readXlsxCells } from './xlsx-cells.ts';

/** Rows of a corrected workbook, by stream. */
export interface CorrectionsRead {
  /** Temporary table of texts, a column for each heading in brackets, and `sheet_row`. */
  readonly table: string;
  readonly names: readonly string[];
  readonly rows: number;
}

/**
 * Reads a corrected workbook into a temporary table. Throws data `correction-unreadable` where a sheet lacks the headings
 * that say which row is corrected, `correction-foreign` where it is about other batches than it should be.
 */
export async function readCorrections(
  session: DecodeSession,
  file: LandedFile,
  batches: readonly string[],
): Promise<CorrectionsRead> {
  const cells = `corrected cells ${file.n}`;
  await readXlsxCells(session, file, cells, ({ hidden }) => !hidden);
  const names = await headings(session, cells);
  const lacking = ['_batch', '_stream', '_file', '_row'].filter((name) => !names.has(name));
  if (lacking.length > 0) throw unreadable(file, lacking);
  const table = `corrected ${file.n}`;
  const columns = [...names].map(
    ([name, { sheet, column }]) =>
      `any_value(text) filter (where sheet = ${sheet} and col = ${column}) as ${quoted(name)}`,
  );
  await session.run(`create or replace temp table ${quoted(table)} as
    select row as sheet_row, ${columns.join(', ')} from ${quoted(cells)} where sheet = 1 and row > 1 group by row`);
  const known = batches.map(literal).join(', ');
  const [count] = await session.rows(`select count(*) as rows,
    any_value(_batch) filter (where _batch is null or _batch not in (${known})) as other from ${quoted(table)}`);
  const other = count?.['other'] ?? null;
  if (other !== null) throw foreign(file, other);
  return { table, names: [...names.keys()], rows: Number(count?.['rows'] ?? 0) };
}

/**
 * Lays the corrections of a landed workbook over the rejected rows of the batch: a row whose rejected field was changed
 * and whose cells all have their columns' types and keep their rules becomes a good row, which comes from the workbook's
 * receipt and row. Any other stays rejected; one that breaks a rule says which.
 */
export async function applyCorrections(
  session: DecodeSession,
  file: LandedFile,
  contracts: readonly StreamContract[],
): Promise<void> {
  const read = await readCorrections(session, file, correctedBatches(file));
  for (const contract of contracts) await correctStream(session, file, contract, read);
}

async function correctStream(
  session: DecodeSession,
  { n }: LandedFile,
  { stream, columns, key }: StreamContract,
  { table, names }: CorrectionsRead,
): Promise<void> {
  const given = columns.filter(({ name }) => names.includes(name));
  const decoded = quoted(`decoded_${stream}`);
  const values = given.map((column) => `${valueOf(column)} as ${quoted(column.name)}`);
  const typed = given.map((column) => {
    const cell = cellOf(column);
    return `(${cell} is null or ${cell} = ${literal(hiddenValue)} or ${valueOf(column)} is not null)`;
  });
  const keyed = key.map((name) =>
    names.includes(name) ? `${quoted(name)} is not null` : `d.${quoted(name)} is not null`,
  );
  const fixed = quoted(`fixed ${stream} ${n}`);
  await session.run(`create or replace temp table ${fixed} as
    select * from (select d._file as at_file, d._row as at_row, c.sheet_row,
      (${[...typed, changed(given)].join(' and ')}) as good, ${brokenRule(given)} as broken${values.map((value) => `, ${value}`).join('')}
      from ${decoded} d join ${quoted(table)} c
        on c._stream = ${literal(stream)} and try_cast(c._file as integer) = d._file and try_cast(c._row as bigint) = d._row
      where d._status = 'quarantined')
    where good`);
  await session.run(`update ${decoded} d set _reason = f.broken.reason, _field = f.broken.field, _value = f.broken.value
    from ${fixed} f where f.at_file = d._file and f.at_row = d._row and d._status = 'quarantined' and f.broken is not null;
    delete from ${fixed} where broken is not null`);
  const sets = given.map(({ name }) => `${quoted(name)} = f.${quoted(name)}`);
  const complete = keyed.map((test) => (test.startsWith('d.') ? test : `f.${test}`));
  await session.run(`update ${decoded} d set ${[...sets, '_status = null', '_reason = null', '_field = null', '_value = null', '_raw = null', `_file = ${n}`, '_row = f.sheet_row'].join(', ')}
    from ${fixed} f where f.at_file = d._file and f.at_row = d._row and d._status = 'quarantined'
      and ${complete.join(' and ')}`);
}

/** The first rule that a corrected row breaks, as a reason; NULL where it keeps them all. */
function brokenRule(given: readonly ColumnContract[]): string {
  const cases = given.flatMap((column) =>
    rulesOf(column).map(
      ([test, reason]) =>
        `when ${test} then {'reason': ${literal(reason)}, 'field': ${literal(column.name)}, 'value': ${cellOf(column)}}`,
    ),
  );
  const nothing = `null::struct(reason varchar, field varchar, value varchar)`;
  return cases.length === 0 ? nothing : `case ${cases.join(' ')} else ${nothing} end`;
}

/** What the rule of a column refuses of its corrected value. */
function rulesOf(column: ColumnContract): readonly (readonly [string, ReasonCode])[] {
  const { required, min, max, matches, oneOf } = column.rule ?? {};
  const value = valueOf(column);
  const text = `(${value})::varchar`;
  return [
    ...(required === true ? ([[`${value} is null`, 'value-missing']] as const) : []),
    ...(min === undefined ? [] : ([[`${value} < ${min}`, 'value-outside']] as const)),
    ...(max === undefined ? [] : ([[`${value} > ${max}`, 'value-outside']] as const)),
    ...(matches === undefined
      ? []
      : ([[`not regexp_full_match(${text}, ${literal(matches)})`, 'value-pattern']] as const)),
    ...(oneOf === undefined || oneOf.length === 0
      ? []
      : ([[`${text} not in (${oneOf.map(literal).join(', ')})`, 'code-unknown']] as const)),
  ];
}

function cellOf({ name }: ColumnContract): string {
  return `nullif(trim(c.${quoted(name)}), '')`;
}

/** A cell in the column's type; days also as they are written in Vietnam; a hidden one as it was decoded. */
function valueOf(column: ColumnContract): string {
  const cell = cellOf(column);
  const cast =
    column.type === 'varchar'
      ? translated(cell, column)
      : column.type === 'date'
        ? `coalesce(try_cast(${cell} as date), try_strptime(${cell}, '%d/%m/%Y')::date)`
        : `try_cast(${cell} as ${column.type})`;
  return `if(${cell} is not distinct from ${literal(hiddenValue)}, d.${quoted(column.name)}, ${cast})`;
}

/** A code stands for its word. */
function translated(cell: string, { rule: { codes = {} } = {} }: ColumnContract): string {
  const words = Object.entries(codes).map(
    ([code, word]) => `when ${literal(code)} then ${literal(word)}`,
  );
  return words.length === 0 ? cell : `case ${cell} ${words.join(' ')} else ${cell} end`;
}

/** Whether the field that was rejected says something else now; true where the fault was of no one field. */
function changed(given: readonly ColumnContract[]): string {
  const cases = given.map(
    (column) =>
      `when ${literal(column.name)} then ${cellOf(column)} is distinct from nullif(trim(d._value), '') and ${cellOf(column)} is distinct from ${literal(hiddenValue)}`,
  );
  return cases.length === 0 ? 'true' : `case d._field ${cases.join(' ')} else true end`;
}

interface Place {
  readonly sheet: number;
  readonly column: number;
}

/** Headings by the name in their brackets. */
async function headings(
  session: DecodeSession,
  cells: string,
): Promise<ReadonlyMap<string, Place>> {
  const rows = await session.rows(
    `select sheet, col, text from ${quoted(cells)} where sheet = 1 and row = 1 order by col`,
  );
  return new Map(
    rows.flatMap(({ sheet, col, text }) => {
      const name = /\[([a-z0-9_]+)\]\s*$/.exec(text ?? '')?.[1];
      return name === undefined ? [] : [[name, { sheet: Number(sheet), column: Number(col) }]];
    }),
  );
}

function unreadable(file: LandedFile, lacking: readonly string[]): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'correction-unreadable',
    message: {
      vi: `Bảng sửa ${file.name} thiếu các cột ${lacking.join(', ')} ở dòng đầu.`,
      en: `The corrected sheet ${file.name} lacks ${lacking.join(', ')} in its first row.`,
    },
    remedy: {
      vi: 'Sửa ngay trong bảng đã gửi, giữ nguyên dòng tiêu đề.',
      en: 'Correct the very sheet that was sent; keep its headings.',
    },
    place: { file: file.name },
  });
}

function foreign(file: LandedFile, other: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'correction-foreign',
    message: {
      vi: `Bảng sửa ${file.name} có dòng của lô khác (“${other}”).`,
      en: `The corrected sheet ${file.name} has rows of another batch (“${other}”).`,
    },
    remedy: {
      vi: 'Gửi mỗi bảng sửa cho đúng lô của nó.',
      en: 'Send each corrected sheet for the batch it is about.',
    },
    place: { file: file.name, value: other },
  });
}
