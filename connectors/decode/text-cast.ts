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

/**
 * SQL that gives the same as {@link castText}, and sooner where the engine reads the text by itself.
 *
 * @param text - the text as it came
 * @param trimmed - the same without surrounding blanks
 * @param tried - the value of {@link triedText}, where there is one
 */
export function castTried(text: string, trimmed: string, tried: string, cast: TextCast): string {
  const any = castText(trimmed, cast);
  const type = triedType(cast);
  if (type === undefined) return any;
  const bytes = isoBytes[type];
  const isWritten = [
    ...(bytes === undefined ? [] : [`strlen(${text}) = ${bytes}`]),
    `${tried}::varchar = ${text}`,
  ];
  return `if(${isWritten.join(' and ')}, ${inZone(tried, cast)}, ${any})`;
}

/** Length of dates and times that the engine writes with a year of four digits and no fraction. */
const isoBytes: Readonly<Partial<Record<ColumnType, number>>> = { date: 10, timestamp: 19 };

/**
 * SQL for what the engine itself reads in a text, where that is worth a try: most whole numbers, dates and times are
 * written just as the engine would write them, and are then what it reads. Of dates and times such a text has the
 * outline of one ISO format only, if its year has four digits.
 */
export function triedText(text: string, cast: TextCast): string | undefined {
  const type = triedType(cast);
  return type === undefined ? undefined : `try_cast(${text} as ${type})`;
}

function triedType({ type, formats = [] }: TextCast): ColumnType | undefined {
  if (type === 'bigint' || type === 'integer') return type;
  if (type === 'date') return formats.includes('%Y-%m-%d') ? type : undefined;
  const isTime = type === 'timestamp' || type === 'timestamptz';
  return isTime && formats.includes('%Y-%m-%d %H:%M:%S') ? 'timestamp' : undefined;
}

/** SQL that gives a text's exact value, or NULL when the text is not one. A decimal is rounded to its scale. */
export function castText(text: string, cast: TextCast): string {
  const { type, formats = [] } = cast;
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
    case 'timestamptz':
      return inZone(parsed(text, formats), cast);
    default:
      return `case when regexp_full_match(${text}, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?')
        then try_cast(${text} as ${type}) end`;
  }
}

function inZone(timestamp: string, { type, zone = 'UTC' }: TextCast): string {
  return type === 'timestamptz' ? `(${timestamp} at time zone ${literal(zone)})` : timestamp;
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
