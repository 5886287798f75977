import { assertNever } from '../../core/assert-never.ts';
import { literal } from '../../core/sql-text.ts';

/** A literal a filter compares with. */
export type FilterValue = string | number | boolean;

/** One condition on a column of a fact. */
export type FactCondition =
  | { readonly column: string; readonly op: 'eq' | 'ne' | 'lt' | 'le'; readonly value: FilterValue }
  | { readonly column: string; readonly op: 'gt' | 'ge'; readonly value: FilterValue }
  | { readonly column: string; readonly op: 'in'; readonly values: readonly FilterValue[] }
  | {
      readonly column: string;
      readonly op: 'between';
      readonly from: FilterValue;
      readonly to: FilterValue;
    }
  | { readonly column: string; readonly op: 'null' | 'not-null' };

/** Conditions that must all hold. */
export type FactFilter = readonly FactCondition[];

/** Equality on columns: `equals({period_id: '2026-10@nd09', agency_code: 'H31.10'})`; null means IS NULL. */
export function equals(values: Readonly<Record<string, FilterValue | null>>): FactFilter {
  return Object.entries(values).map(([column, value]) =>
    value === null ? { column, op: 'null' } : { column, op: 'eq', value },
  );
}

/** The filter as a predicate with its literals bound in print: what `phusa trace` shows and runs. `true` when empty. */
export function predicateOf(filter: FactFilter): string {
  return filter.length === 0 ? 'true' : filter.map(conditionSql).join(' and ');
}

function conditionSql(condition: FactCondition): string {
  const column = identifier(condition.column);
  switch (condition.op) {
    case 'eq':
      return `${column} = ${valueLiteral(condition.value)}`;
    case 'ne':
      return `${column} <> ${valueLiteral(condition.value)}`;
    case 'lt':
      return `${column} < ${valueLiteral(condition.value)}`;
    case 'le':
      return `${column} <= ${valueLiteral(condition.value)}`;
    case 'gt':
      return `${column} > ${valueLiteral(condition.value)}`;
    case 'ge':
      return `${column} >= ${valueLiteral(condition.value)}`;
    case 'in':
      return condition.values.length === 0
        ? 'false'
        : `${column} in (${condition.values.map(valueLiteral).join(', ')})`;
    case 'between':
      return `${column} between ${valueLiteral(condition.from)} and ${valueLiteral(condition.to)}`;
    case 'null':
      return `${column} is null`;
    case 'not-null':
      return `${column} is not null`;
    default:
      return assertNever(condition);
  }
}

/** A column or table part: lower-case names only, so that nothing but a name can stand there. Throws RangeError. */
export function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new RangeError(`not a column name: ${name}`);
  return name;
}

/** A table `layer.name`. Throws RangeError on anything else. */
export function tableName(key: string): string {
  if (!/^(staging|mart|dim|history)\.[a-z_][a-z0-9_]*$/.test(key)) {
    throw new RangeError(`not a table: ${key}`);
  }
  return key;
}

/** A value as a SQL literal: text in single quotes, doubled inside. Throws RangeError on a number that is none. */
function valueLiteral(value: FilterValue): string {
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`not a number: ${value}`);
  }
  return String(value);
}
