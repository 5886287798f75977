import { literal, quoted } from '../../core/sql-text.ts';
import { isMade } from './made-column.ts';
import type { ReasonCode } from '../decode/reasons.ts';
import type { FieldCondition } from './schema/condition-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** SQL that is true for a raw record meeting a condition on a field. */
export function conditionSql(
  { not, in: among, equals, matches, present }: FieldCondition,
  text: string,
): string {
  const value = `trim(${text})`;
  const tests = [
    ...(equals === undefined ? [] : [`${value} = ${literal(String(equals))}`]),
    ...(not === undefined ? [] : [`${value} is distinct from ${literal(String(not))}`]),
    ...(among === undefined
      ? []
      : [`${value} in (${among.map((one) => literal(String(one))).join(', ')})`]),
    ...(matches === undefined ? [] : [`regexp_matches(${value}, ${literal(matches)})`]),
    ...(present === undefined ? [] : [`(coalesce(${value}, '') <> '') = ${present}`]),
  ];
  return `coalesce(${tests.length === 0 ? 'true' : tests.join(' and ')}, false)`;
}

/** One statement for each rule on values that typing does not know: ranges, patterns, and fractions written foreign. */
export function ruleStatements(
  { stream, columns }: ManifestStream,
  raw: string,
): readonly string[] {
  const table = quoted(`decoded_${stream}`);
  return columns.flatMap((own, n) => {
    const { name, min, max, matches, numbers } = own;
    const column = quoted(name);
    const given = (test: string, reason: ReasonCode, text = `${column}::varchar`) =>
      setAside({ table, raw, name, test, reason, text });
    const outside = [
      ...(min === undefined ? [] : [`${column} < ${min}`]),
      ...(max === undefined ? [] : [`${column} > ${max}`]),
    ].join(' or ');
    const field = `trim(r.${quoted(`c${n}`)})`;
    return [
      ...(outside === '' ? [] : [given(outside, 'value-outside')]),
      ...(matches === undefined
        ? []
        : [
            given(
              `not regexp_full_match(${column}::varchar, ${literal(matches)})`,
              'value-pattern',
            ),
          ]),
      ...(numbers === 'vi' && !isMade(own)
        ? [given(foreignFraction(field), 'number-invalid', field)]
        : []),
    ];
  });
}

/** Where numbers are Vietnamese, a point before other than three digits is an error, not a fraction. */
function foreignFraction(text: string): string {
  return `regexp_full_match(${text}, '[+-]?[0-9]+[.][0-9]+') and not regexp_full_match(${text}, '[+-]?[0-9]{1,3}([.][0-9]{3})+')`;
}

/** Rows that fail a test over their values, or over their raw record `r`. */
interface SetAside {
  readonly table: string;
  readonly raw: string;
  readonly name: string;
  readonly test: string;
  readonly reason: ReasonCode;
  readonly text: string;
}

/** One statement that sends rows which fail a test to quarantine; those that are there already stay as they are. */
export function setAside({ table, raw, name, test, reason, text }: SetAside): string {
  return `update ${table} set _status = 'quarantined', _reason = ${literal(reason)}, _field = ${literal(name)},
    _value = ${text}, _raw = r._raw from ${raw} r
    where r._file = ${table}._file and r._row = ${table}._row and ${table}._status is null and (${test})`;
}
