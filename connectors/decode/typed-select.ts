import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from './reasons.ts';
import { literal, literalList, quoted } from './sql-text.ts';
import { castText, invalidReason } from './text-cast.ts';

/** How one column of a contract is made from text. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL over the raw table that gives the text; blanks and `null` mean no value. */
  readonly from: string;
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
  const { columns } = table;
  const texts = columns.map((c) => `${cleanText(c.from)} as ${text(c)}`);
  const values = columns.map((c) => `${castText(text(c), c)} as ${value(c)}`);
  const finished = columns.map((c) => `${withBlank(c)} as ${quoted(c.name)}`);
  const malformed = table.wellFormed === true ? 'null::varchar' : '_malformed';
  return `select ${columns.map((c) => quoted(c.name)).join(', ')}, _file, _row,
    (${table.publishedAt ?? 'null'})::timestamptz as _published_at,
    case when _bad is not null then 'quarantined' end as _status,
    _bad.reason as _reason, _bad.field as _field, _bad.value as _value,
    case when _bad is not null then _raw end as _raw
  from (select *, ${finished.join(', ')}, ${firstBad(columns)} as _bad
    from (select *, ${values.join(', ')}
      from (select _file, _row, ${malformed} as _malformed, ${table.raw} as _raw, ${texts.join(', ')}
        from ${table.from})))`;
}

/** SQL for a text without surrounding blanks, in NFC; a text of blanks only is NULL. */
export function cleanText(sql: string): string {
  return `nullif(trim(nfc_normalize(${sql}), chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')`;
}

function firstBad(columns: readonly TypedColumn[]): string {
  const whens = columns.flatMap((c) =>
    troubles(c).map(([test, reason]) => `when ${test} then ${bad(c, reason)}`),
  );
  return `case when _malformed is not null
    then {'reason': _malformed, 'field': null::varchar, 'value': null::varchar} ${whens.join(' ')} end`;
}

function troubles(column: TypedColumn): readonly (readonly [string, ReasonCode])[] {
  const given = `${text(column)} is not null`;
  return [
    ...(column.required ? ([[`${text(column)} is null`, 'value-missing']] as const) : []),
    [`${given} and ${value(column)} is null`, invalidReason(column.type)],
    ...(column.oneOf
      ? ([
          [
            `${given} and not list_contains(${literalList(column.oneOf)}, ${text(column)})`,
            'code-unknown',
          ],
        ] as const)
      : []),
  ];
}

function bad(column: TypedColumn, reason: ReasonCode): string {
  return `{'reason': ${literal(reason)}, 'field': ${literal(column.name)}, 'value': ${text(column)}}`;
}

function withBlank(column: TypedColumn): string {
  return column.blank === undefined ? value(column) : `coalesce(${value(column)}, ${column.blank})`;
}

function text(column: TypedColumn): string {
  return quoted(`text ${column.name}`);
}

function value(column: TypedColumn): string {
  return quoted(`value ${column.name}`);
}
