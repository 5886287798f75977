import type { ColumnType } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { ReasonCode } from './reasons.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { isPlain } from './plain-text.ts';
import { castTried, invalidReason, triedText } from './text-cast.ts';

/** How one column of a contract is made from text. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL over the raw table that gives the text; blanks and `null` mean no value. */
  readonly from: string;
  /** `clean`: `from` gives a text that was cleaned before; `value`: it gives a value of the type. */
  readonly form?: 'clean' | 'value';
  /** SQL for the value of a text without surrounding blanks, NULL where it is none; the type's own cast otherwise. */
  readonly cast?: (text: string) => string;
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
  /** SQL that is true of a row whose texts are clean as they came: {@link cleanText} would change none of them. */
  readonly clean?: string;
  /** Columns of the raw table that hold NULL, and never an empty text. */
  readonly neverEmpty?: readonly string[];
  /** SQL for the fingerprint of a row's text (see `DecodeSession`); bad rows have none. */
  readonly fingerprint?: string;
}

/**
 * SQL that types a table of texts: the contract's columns and the bookkeeping columns of a decode session. A row with
 * a bad value is quarantined by its first bad field, with its reason, its text and the record as received; no value
 * is rounded or guessed on the way. Text comes out trimmed and in NFC. Reasons and records, which cost more than the
 * values, are worked out for bad rows only.
 */
export function typedSelect(table: TypedTable): string {
  const { columns, publishedAt = 'null', fingerprint } = table;
  return `select ${columns.map((c) => quoted(c.name)).join(', ')}, _file, _row,
    (${publishedAt})::timestamptz as _published_at,
    case when _bad is not null then 'quarantined' end as _status,
    _bad.reason as _reason, _bad.field as _field, _bad.value as _value, _raw
    ${fingerprint === undefined ? '' : ', _fingerprint'}
  from (${checked(table)})`;
}

/** Types a table of texts, as {@link typedSelect} does, into a temporary table. */
export async function typeTable(
  session: DecodeSession,
  into: string,
  table: TypedTable,
): Promise<void> {
  await session.run(`create or replace temp table ${quoted(into)} as ${typedSelect(table)}`);
}

/** SQL for a text without surrounding blanks, in NFC; a text of blanks only is NULL. Most texts are plain: that is cheaper to see. */
export function cleanText(sql: string): string {
  return `if(${isPlain(sql)}, nullif(${sql}, ''), ${trimmed(`nfc_normalize(${sql})`)})`;
}

/** Space, tab, line ends, no-break space and byte order mark. */
const blanks = literal(' \t\n\r\u00a0\ufeff');

function trimmed(sql: string): string {
  return `nullif(trim(${sql}, ${blanks}), '')`;
}

/** Texts, then what the engine reads in them, then values, then finished columns with `_bad`, which is NULL for good rows. */
function checked(table: TypedTable): string {
  const { columns, raw, fingerprint } = table;
  const texts = columns.map((column) => given(table, column));
  const named = columns.map((c) => `${withBlank(c)} as ${quoted(c.name)}`);
  const toCast = columns.filter((c) => !isReady(c));
  const tries = toCast.flatMap((c) =>
    c.cast === undefined ? (triedText(text(c), c)?.concat(` as ${tried(c)}`) ?? []) : [],
  );
  const casts = toCast.map((c) => `${castOf(c)} as ${value(c)}`);
  const marked =
    fingerprint === undefined ? '' : `, if(_is_bad, null, ${fingerprint}) as _fingerprint`;
  return `select _file, _row, ${named.join(', ')}, case when _is_bad then ${firstBad(table)} end as _bad,
      case when _is_bad then ${raw} end as _raw${marked}
    from (select *, ${anyBad(table)} as _is_bad
      from (${also(casts, `(${also(tries, `(${also(texts, table.from)})`)})`)}))`;
}

function castOf(column: TypedColumn): string {
  return (
    column.cast?.(known(column)) ?? castTried(text(column), known(column), tried(column), column)
  );
}

function also(columns: readonly string[], from: string): string {
  return `select ${['*', ...columns].join(', ')} from ${from}`;
}

/**
 * What a column is made from: a value or a clean text as it is, or a text. NFC changes no text that is a number or a
 * time, and most of those need no trimming either: {@link known} does it where it is looked at.
 */
function given({ clean, neverEmpty = [] }: TypedTable, column: TypedColumn): string {
  const { from, type, form } = column;
  if (form !== undefined || type !== 'varchar') return `${from} as ${text(column)}`;
  const cleaned = cleanText(from);
  const asItCame = neverEmpty.includes(from) ? from : `nullif(${from}, '')`;
  return `${clean === undefined ? cleaned : `if(${clean}, ${asItCame}, ${cleaned})`} as ${text(column)}`;
}

function anyBad({ columns, wellFormed }: TypedTable): string {
  const tests = columns.flatMap((c) => troubles(c).map(([test]) => test));
  if (wellFormed !== true) tests.unshift('_malformed is not null');
  return tests.length === 0 ? 'false' : `coalesce(${tests.join(' or ')}, false)`;
}

function firstBad({ columns, wellFormed }: TypedTable): string {
  const whens = columns.flatMap((c) =>
    troubles(c).map(([test, reason]) => `when ${test} then ${bad(c, reason)}`),
  );
  const malformed = wellFormed === true ? 'null::varchar' : '_malformed';
  return `case when ${malformed} is not null
    then {'reason': ${malformed}, 'field': null::varchar, 'value': null::varchar} ${whens.join(' ')} end`;
}

function troubles(column: TypedColumn): readonly (readonly [string, ReasonCode])[] {
  const { required, oneOf, type } = column;
  const missing = `if(${value(column)} is null, ${known(column)} is null, false)`;
  const invalid = `if(${value(column)} is null, ${known(column)} is not null, false)`;
  return [
    ...(required === true ? ([[missing, 'value-missing']] as const) : []),
    ...(isReady(column) ? [] : ([[invalid, invalidReason(type)]] as const)),
    ...(oneOf ? ([[`${known(column)} not in ${inList(oneOf)}`, 'code-unknown']] as const) : []),
  ];
}

function inList(texts: readonly string[]): string {
  return texts.length === 0 ? `('')` : `(${texts.map(literal).join(', ')})`;
}

function bad(column: TypedColumn, reason: ReasonCode): string {
  return `{'reason': ${literal(reason)}, 'field': ${literal(column.name)}, 'value': ${known(column)}::varchar}`;
}

function withBlank(column: TypedColumn): string {
  return column.blank === undefined ? value(column) : `coalesce(${value(column)}, ${column.blank})`;
}

/** Whether a column needs no cast: a text, or a value already. */
function isReady({ type, form }: TypedColumn): boolean {
  return type === 'varchar' || form === 'value';
}

/** The text of a column without surrounding blanks; NULL where nothing is left. */
function known(column: TypedColumn): string {
  const { form, type } = column;
  return form !== undefined || type === 'varchar' ? text(column) : trimmed(text(column));
}

function text(column: TypedColumn): string {
  return quoted(`text ${column.name}`);
}

function tried(column: TypedColumn): string {
  return quoted(`tried ${column.name}`);
}

function value(column: TypedColumn): string {
  return isReady(column) ? text(column) : quoted(`value ${column.name}`);
}
