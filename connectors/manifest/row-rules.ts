import { literal, quoted } from '../../core/sql-text.ts';
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

/** One statement for each rule on values that typing does not know: ranges and patterns. */
export function ruleStatements(
  { stream, columns }: ManifestStream,
  raw: string,
): readonly string[] {
  const table = quoted(`decoded_${stream}`);
  return columns.flatMap(({ name, min, max, matches }) => {
    const column = quoted(name);
    const outside = [
      ...(min === undefined ? [] : [`${column} < ${min}`]),
      ...(max === undefined ? [] : [`${column} > ${max}`]),
    ];
    return [
      ...(outside.length === 0
        ? []
        : [setAside(table, raw, name, outside.join(' or '), 'value-outside')]),
      ...(matches === undefined
        ? []
        : [
            setAside(
              table,
              raw,
              name,
              `not regexp_full_match(${column}::varchar, ${literal(matches)})`,
              'value-pattern',
            ),
          ]),
    ];
  });
}

function setAside(
  table: string,
  raw: string,
  name: string,
  test: string,
  reason: ReasonCode,
): string {
  const column = quoted(name);
  return `update ${table} set _status = 'quarantined', _reason = ${literal(reason)}, _field = ${literal(name)},
    _value = ${column}::varchar, _raw = (select r._raw from ${raw} r where r._file = ${table}._file and r._row = ${table}._row)
    where _status is null and (${test})`;
}
