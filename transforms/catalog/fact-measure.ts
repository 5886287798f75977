import { assertNever } from '../../core/assert-never.ts';
import type { Localized } from '../../core/localized.ts';
import { identifier, predicateOf, tableName, type FactFilter } from './fact-filter.ts';

/** How rows become a figure. A sum over no rows is 0. */
export type Aggregate =
  | { readonly kind: 'count' }
  | { readonly kind: 'sum'; readonly column: string }
  | { readonly kind: 'count-distinct'; readonly column: string };

/**
 * A figure over the rows of one fact table: the numerator or denominator of an indicator.
 * `where` is a SQL predicate over the fact's columns, written by us, never by a user.
 */
export interface Measure {
  /** snake_case; the column's name in {@link tableSql}. */
  readonly name: string;
  /** `mart.…` or `staging.…`. */
  readonly fact: string;
  readonly aggregate: Aggregate;
  readonly where?: string;
  readonly unit: string;
  readonly label: Localized;
  /** In words, as printed beside a trace. */
  readonly formula: Localized;
}

/** The predicate of the rows that make up a figure: for the row listing of a trace. */
export function rowsPredicate(measure: Measure, filter: FactFilter): string {
  const own = measure.where === undefined ? [] : [`(${measure.where})`];
  const given = filter.length === 0 ? [] : [predicateOf(filter)];
  const all = [...given, ...own];
  return all.length === 0 ? 'true' : all.join(' and ');
}

/**
 * One grouped SELECT that gives all figures of a table: the group columns, then a column per measure, ordered by group.
 * Each cell equals the total row of the same measure with the group's values added to the filter.
 * Throws RangeError when the measures are not all over one fact.
 */
export function tableSql(
  measures: readonly Measure[],
  groupBy: readonly string[],
  filter: FactFilter,
): string {
  const groups = groupBy.map(identifier);
  const columns = measures.map((m) => `${measureColumn(m)} as ${identifier(m.name)}`);
  const lines = [
    `select\n  ${[...groups, ...columns].join(',\n  ')}`,
    `from ${tableName(oneFact(measures))}`,
    `where ${predicateOf(filter)}`,
  ];
  if (groups.length > 0) {
    lines.push(`group by ${groups.join(', ')}`, `order by ${groups.join(', ')}`);
  }
  return lines.join('\n');
}

function measureColumn(measure: Measure): string {
  const { aggregate, where } = measure;
  if (where === undefined) return aggregateSql(aggregate);
  return aggregateSql(aggregate, ` filter (where ${where})`);
}

function aggregateSql(aggregate: Aggregate, filter = ''): string {
  switch (aggregate.kind) {
    case 'count':
      return `count(*)${filter}`;
    case 'sum':
      return `coalesce(sum(${identifier(aggregate.column)})${filter}, 0)`;
    case 'count-distinct':
      return `count(distinct ${identifier(aggregate.column)})${filter}`;
    default:
      return assertNever(aggregate);
  }
}

function oneFact(measures: readonly Measure[]): string {
  const [fact, ...others] = new Set(measures.map((m) => m.fact));
  if (fact === undefined || others.length > 0) {
    throw new RangeError(`measures of one table share one fact, not ${others.length + 1}`);
  }
  return fact;
}
