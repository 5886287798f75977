import type { ColumnType } from '../../core/stream-contract.ts';
import type { ReasonCode } from './reasons.ts';
import { literal } from '../../core/sql-text.ts';
import { literalList } from './sql-text.ts';

/** How a text is to be understood beside its type. */
export interface TextCast {
  readonly type: ColumnType;
  readonly formats?: readonly string[];
  readonly zone?: string;
}

/** SQL that gives a text's exact value, or NULL when the text is not one. A decimal is rounded to its scale. */
export function castText(text: string, { type, formats = [], zone = 'UTC' }: TextCast): string {
  switch (type) {
    case 'varchar':
      return text;
    // DuckDB casts '1.5' to 2 and '1e3' to 1000: only digits are a whole number here. '12.0' is one.
    case 'bigint':
    case 'integer':
      return `case when regexp_full_match(${text}, '[+-]?[0-9]+([.]0*)?')
        then try_cast(split_part(${text}, '.', 1) as ${type}) end`;
    case 'boolean':
      return `case when lower(${text}) in ('1', 'true', 't') then true
        when lower(${text}) in ('0', 'false', 'f') then false end`;
    case 'date':
      return `${parsed(text, formats)}::date`;
    case 'timestamp':
      return parsed(text, formats);
    case 'timestamptz':
      return `(${parsed(text, formats)} at time zone ${literal(zone)})`;
    default:
      return `case when regexp_full_match(${text}, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?')
        then try_cast(${text} as ${type}) end`;
  }
}

/** The reason of a text that is no value of the type. */
export function invalidReason(type: ColumnType): ReasonCode {
  switch (type) {
    case 'bigint':
    case 'integer':
      return 'integer-invalid';
    case 'boolean':
      return 'boolean-invalid';
    case 'date':
      return 'date-invalid';
    case 'timestamp':
    case 'timestamptz':
      return 'timestamp-invalid';
    case 'varchar':
      return 'value-missing';
    default:
      return 'number-invalid';
  }
}

/**
 * The text must have the outline of a format before it is parsed: strptime alone takes `3/22/20` for the year 20, and
 * fewer digits than a compact spelling has. Formats with a year of two digits are tried first, for they fit no text
 * with four, while those with four take fewer.
 */
function parsed(text: string, formats: readonly string[]): string {
  if (formats.length === 0) throw new RangeError('a date needs the formats it may come in');
  const outlines = formats.map(outline).join('|');
  const inOrder = [
    ...formats.filter((format) => format.includes('%y')),
    ...formats.filter((format) => !format.includes('%y')),
  ];
  return `case when regexp_full_match(${text}, ${literal(outlines)})
    then try_strptime(${text}, ${literalList(inOrder)}) end`;
}

function outline(format: string): string {
  const isCompact = /^(%[A-Za-z])+$/.test(format);
  const digits = isCompact ? '[0-9]{2}' : '[0-9]{1,2}';
  return format.replaceAll(/%[A-Za-z]|[^%]/g, (piece) => {
    if (piece === '%Y') return '[0-9]{4}';
    if (piece === '%y') return '[0-9]{2}';
    if (piece === '%f') return '[0-9]{1,6}';
    return piece.startsWith('%') ? digits : `[${piece}]`;
  });
}
