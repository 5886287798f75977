import { literal } from '../../core/sql-text.ts';
import { isoInstant } from '../decode/iso-instant.ts';
import { vietnameseNumber } from '../decode/number-text.ts';
import { castText } from '../decode/text-cast.ts';
import type { TypedColumn } from '../decode/typed-select.ts';
import type { ManifestColumn } from './schema/column-schema.ts';

/** Where wall times without a zone are, unless a column says otherwise; also the zone of `timestamp` columns. */
const vietnam = 'Asia/Ho_Chi_Minh';

/** A code list by code. */
export type Dictionary = Readonly<Record<string, string>>;

/**
 * How a column is made from the text of its field: blanks taken away, pattern cut out, codes translated, numbers and
 * times brought to one spelling; `factor` is SQL for what a printed unit multiplies with. What cannot be understood stays as it is, so that the typed columns refuse it.
 */
export function typedColumn(
  column: ManifestColumn,
  field: string,
  dictionaries: Readonly<Record<string, Dictionary>>,
  factor?: string,
): TypedColumn {
  const { name, type, required, oneOf } = column;
  const list =
    typeof column.dictionary === 'string' ? dictionaries[column.dictionary] : column.dictionary;
  const text = translated(cutOut(withoutBlanks(`trim(${field})`, column), column), list);
  const known = list === undefined ? oneOf : Object.values(list);
  return {
    name,
    type,
    required,
    from: spelled(text, column, factor),
    ...(isTime(type) ? { cast: (given: string) => time(given, column) } : {}),
    ...(known === undefined ? {} : { oneOf: known }),
  };
}

function withoutBlanks(text: string, { blanks }: ManifestColumn): string {
  if (blanks === undefined) return text;
  return `case when ${text} in (${blanks.map(literal).join(', ')}) then null else ${text} end`;
}

function cutOut(text: string, { extract }: ManifestColumn): string {
  if (extract === undefined) return text;
  const pattern = literal(extract);
  return `case when regexp_matches(${text}, ${pattern}) then regexp_extract(${text}, ${pattern}, 1) else ${text} end`;
}

function translated(text: string, list: Dictionary | undefined): string {
  if (list === undefined) return text;
  const cases = Object.entries(list).map(
    ([code, word]) => `when ${literal(code)} then ${literal(word)}`,
  );
  return `case ${text} ${cases.join(' ')} else ${text} end`;
}

function spelled(text: string, column: ManifestColumn, factor: string | undefined): string {
  const { type } = column;
  if (isTime(type) || type === 'varchar' || type === 'boolean') return text;
  const number = column.numbers === 'vi' ? vietnameseNumber(text) : text;
  const times = column.times === undefined ? number : multiplied(number, String(column.times));
  return factor === undefined ? times : multiplied(times, factor);
}

function multiplied(text: string, factor: string): string {
  return `coalesce((try_cast(${text} as decimal(28,9)) * ${factor})::varchar, ${text})`;
}

function isTime(type: ManifestColumn['type']): boolean {
  return type === 'date' || type === 'timestamp' || type === 'timestamptz';
}

/** The value of a time in any of its spellings. */
function time(text: string, { type, formats, zone = vietnam }: ManifestColumn): string {
  const instants = (formats ?? usualFormats(type)).map((format) => instantOf(text, format, zone));
  const instant = `coalesce(${instants.join(', ')})`;
  if (type === 'timestamptz') return instant;
  const wall = `(${instant} at time zone ${literal(type === 'timestamp' ? vietnam : zone)})`;
  return type === 'date' ? `${wall}::date` : wall;
}

function usualFormats(type: ManifestColumn['type']): readonly string[] {
  return type === 'date' ? ['iso', '%d/%m/%Y'] : ['iso'];
}

/** Days between 1899-12-30 and 1970-01-01: where the serial dates of Excel count from. */
const excelEpochDays = 25_569;

/** Seconds from 1970 to the first and past the last year of four digits. */
const firstSecond = -62_135_596_800;
const pastSecond = 253_402_300_800;

function instantOf(text: string, format: string, zone: string): string {
  switch (format) {
    case 'iso':
      return isoInstant(text, zone);
    case 'epoch':
      return `make_timestamptz((${seconds(text, '* 1')} * 1000000)::bigint)`;
    case 'epoch-ms':
      return `make_timestamptz((${seconds(text, '/ 1000')} * 1000)::bigint)`;
    case 'excel':
      return `make_timestamp(((${seconds(text, `* 86400 - ${excelEpochDays * 86_400}`)} - ${excelEpochDays}) * 86400000000)::bigint) at time zone ${literal(zone)}`;
    default:
      return castText(text, { type: 'timestamptz', formats: [format], zone });
  }
}

/** SQL for the number of a text, if it stands for a second of a year with four digits once it is turned into seconds. */
function seconds(text: string, turned: string): string {
  const number = `try_cast(${text} as decimal(28,9))`;
  return `case when regexp_full_match(${text}, '-?[0-9]{1,16}([.][0-9]+)?')
    and ${number}::double ${turned} >= ${firstSecond} and ${number}::double ${turned} < ${pastSecond} then ${number} end`;
}
