import type { ColumnType } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { ReasonCode } from './reasons.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { castText, invalidReason } from './text-cast.ts';

/** How one column of a contract is made from text. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL over the raw table that gives the text; blanks and `null` mean no value. */
  readonly from: string;
  /** `clean`: `from` gives a text that was cleaned before; `value`: it gives a value of the type. */
  readonly form?: 'clean' | 'value';
  /** A missing value sends the row to quarantine (`value-missing`). */
  readonly required?: boolean;
  /** Spellings of dates and times (strptime), tried in order; the text must fit one exactly. */
  readonly formats?: readonly string[];
  /** Zone in which the text tells an instant (`timestamptz` only), e.g. `UTC`. */
  readonly zone?: string;
  /** SQL value for a missing text, e.g. `''` in keys. */
  readonly blank?: string;
  /** The only texts that are known (`code-unknown` otherwise). */
  readonly oneOf?: readonly string[];
}

/** A text table and what is to become of it. */
export interface TypedTable {
  /** A table with `_file`, `_row`, `_malformed` and what the columns' expressions read. */
  readonly from: string;
  readonly columns: readonly TypedColumn[];
  /** SQL for the record as received, for quarantined rows. */
  readonly raw: string;
  /** SQL for the source's own time of a version, over the finished columns; absent = unknown. */
  readonly publishedAt?: string;
  /** Set where the raw table has no malformed rows. */
  readonly wellFormed?: true;
}

/**
 * SQL that types a table of texts: the contract's columns and the bookkeeping columns of a decode session. A row with
 * a bad value is quarantined by its first bad field, with its reason, its text and the record as received; no value
 * is rounded or guessed on the way. Text comes out trimmed and in NFC.
 */
export function typedSelect(table: TypedTable): string {
  return `select ${finished(table)},
    _bad.reason as _reason, _bad.field as _field, _bad.value as _value,
    case when _bad is not null then _raw end as _raw
  from (${checked(table, firstBad(table.columns), `, ${table.raw} as _raw`, ', _raw')})`;
}

/**
 * Types a table of texts, as {@link typedSelect} does, into a temporary table. Reasons and records are worked out in a
 * second pass over the rows that need them, for they cost more than the values and most batches have none.
 */
export async function typeTable(
  session: DecodeSession,
  into: string,
  table: TypedTable,
): Promise<void> {
  await session.run(`create or replace temp table ${quoted(into)} as
    select ${finished(table)}, null::varchar as _reason, null::varchar as _field, null::varchar as _value,
      null::varchar as _raw
    from (${checked(table, anyBad(table.columns), '', '')})`);
  const [found] = await session.rows(
    `select count(*) as bad from ${quoted(into)} where _status is not null`,
  );
  if (found?.['bad'] !== '0') await explainBad(session, into, table);
}

async function explainBad(session: DecodeSession, into: string, table: TypedTable): Promise<void> {
  const bad = quoted(`${into} bad`);
  const from = `(select * from ${table.from} semi join ${bad} using (_file, _row))`;
  await session.run(`create or replace temp table ${bad} as
      select _file, _row from ${quoted(into)} where _status is not null;
    delete from ${quoted(into)} where _status is not null;
    insert into ${quoted(into)} by name ${typedSelect({ ...table, from })};
    drop table ${bad}`);
}

/** SQL for a text without surrounding blanks, in NFC; a text of blanks only is NULL. */
export function cleanText(sql: string): string {
  return trimmed(`nfc_normalize(${sql})`);
}

/** Space, tab, line ends, no-break space and byte order mark. */
const blanks = literal(' \t\n\r\u00a0\ufeff');

function trimmed(sql: string): string {
  return `nullif(trim(${sql}, ${blanks}), '')`;
}

/** The finished columns up to `_status`, over {@link checked}. */
function finished({ columns, publishedAt = 'null' }: TypedTable): string {
  return `${columns.map((c) => quoted(c.name)).join(', ')}, _file, _row,
    (${publishedAt})::timestamptz as _published_at,
    case when _bad is not null then 'quarantined' end as _status`;
}

/** Texts, then values, then columns with `_bad`, which is NULL for good rows. */
function checked(table: TypedTable, bad: string, raw: string, kept: string): string {
  const { columns } = table;
  const named = columns.map((c) => `${withBlank(c)} as ${quoted(c.name)}`);
  const cast = columns
    .filter((c) => !isReady(c))
    .map((c) => `, ${castText(text(c), c)} as ${value(c)}`);
  const malformed = table.wellFormed === true ? 'null::varchar' : '_malformed';
  return `select _file, _row, ${named.join(', ')}, ${bad} as _bad${kept}
    from (select *${cast.join('')}
      from (select _file, _row, ${malformed} as _malformed, ${columns.map(given).join(', ')}${raw}
        from ${table.from}))`;
}

/** What a column is made from: a value as it is, or a text. NFC changes no text that is a number or a time. */
function given(column: TypedColumn): string {
  const { from, type, form } = column;
  if (form !== undefined) return `${from} as ${text(column)}`;
  return `${type === 'varchar' ? cleanText(from) : trimmed(from)} as ${text(column)}`;
}

function anyBad(columns: readonly TypedColumn[]): string {
  const tests = columns.flatMap((c) => troubles(c).map(([test]) => test));
  return `case when ${['_malformed is not null', ...tests].join(' or ')} then true end`;
}

function firstBad(columns: readonly TypedColumn[]): string {
  const whens = columns.flatMap((c) =>
    troubles(c).map(([test, reason]) => `when ${test} then ${bad(c, reason)}`),
  );
  return `case when _malformed is not null
    then {'reason': _malformed, 'field': null::varchar, 'value': null::varchar} ${whens.join(' ')} end`;
}

function troubles(column: TypedColumn): readonly (readonly [string, ReasonCode])[] {
  const { required, oneOf, type } = column;
  const missing = `${text(column)} is null`;
  const invalid = `${text(column)} is not null and ${value(column)} is null`;
  return [
    ...(required === true ? ([[missing, 'value-missing']] as const) : []),
    ...(isReady(column) ? [] : ([[invalid, invalidReason(type)]] as const)),
    ...(oneOf ? ([[`${text(column)} not in ${inList(oneOf)}`, 'code-unknown']] as const) : []),
  ];
}

function inList(texts: readonly string[]): string {
  return texts.length === 0 ? `('')` : `(${texts.map(literal).join(', ')})`;
}

function bad(column: TypedColumn, reason: ReasonCode): string {
  return `{'reason': ${literal(reason)}, 'field': ${literal(column.name)}, 'value': ${text(column)}::varchar}`;
}

function withBlank(column: TypedColumn): string {
  return column.blank === undefined ? value(column) : `coalesce(${value(column)}, ${column.blank})`;
}

/** Whether a column needs no cast: a text, or a value already. */
function isReady({ type, form }: TypedColumn): boolean {
  return type === 'varchar' || form === 'value';
}

function text(column: TypedColumn): string {
  return quoted(`text ${column.name}`);
}

function value(column: TypedColumn): string {
  return isReady(column) ? text(column) : quoted(`value ${column.name}`);
}
