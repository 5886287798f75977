import { quoted } from '../core/sql-text.ts';
import { assertNever } from '../core/assert-never.ts';
import type { SqlValue } from '../warehouse/port.ts';
import type { ExtractPlan, PlannedFilter, PlannedMeasure } from './extract-plan.ts';
import { comparedType } from './filter-value.ts';

/** SQL of an extract with its bound values: identifiers come from the dataset's contract, values are parameters. */
export interface BoundSql {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Name of the column that holds a cell's number of units while it is judged; never output. */
const unitCount = '_units';

/** The protected result: one column per plain or group column, per measure, and per measure's mark where protected. */
export function extractSql(plan: ExtractPlan): BoundSql {
  const { where, values } = whereSql(plan);
  if (plan.kind === 'rows') return { sql: rowsSql(plan, where), values };
  return { sql: aggregateSql(plan, where), values };
}

/**
 * The suppressed cells: those of fewer units than the minimum, none included. That a combination of categories occurs at
 * all is never told where fewer subjects than the minimum have it.
 */
export function suppressionSql(plan: ExtractPlan): BoundSql {
  const { where, values } = whereSql(plan);
  const select = [...groupsOf(plan), `${String(plan.minimumFrequency)} as minimum`].join(', ');
  return {
    sql: `select ${select} from (${cellsSql(plan, where)}) where ${unitCount} < ${String(plan.minimumFrequency)} ${orderBy(plan)}`,
    values,
  };
}

/** How many cells a protected table has: every combination of the categories that occur. */
export function cellCountSql(plan: ExtractPlan): BoundSql {
  const { where, values } = whereSql(plan);
  const factors = groupsOf(plan).map(
    (group) => `(select greatest(count(*), 1) from (select distinct ${group} from filtered))`,
  );
  const count = ['cast(1 as hugeint)', ...factors].join(' * ');
  return { sql: `${filteredSql(plan, where)} select cast(${count} as varchar) as cells`, values };
}

function rowsSql(plan: ExtractPlan, where: string): string {
  return `select ${groupsOf(plan).join(', ')} from ${plan.dataset.key}${where} order by all`;
}

function aggregateSql(plan: ExtractPlan, where: string): string {
  const measures = plan.measures.flatMap((measure) => outputSql(measure, plan.minimumFrequency));
  return `select ${[...groupsOf(plan), ...measures].join(', ')} from (${cellsSql(plan, where)}) ${orderBy(plan)}`;
}

function cellsSql(plan: ExtractPlan, where: string): string {
  const groups = groupsOf(plan);
  const measures = plan.measures.map((m) => `${aggregate(m, plan)} as ${quoted(m.name)}`);
  const by = groups.length > 0 ? ` group by ${groups.join(', ')}` : '';
  if (plan.minimumFrequency === null)
    return `select ${[...groups, ...measures].join(', ')} from ${plan.dataset.key}${where}${by}`;
  const units = `${unitsSql(plan)} as ${unitCount}`;
  const found = `select ${[...groups, ...measures, units].join(', ')} from filtered${by}`;
  return `${filteredSql(plan, where)} ${groups.length > 0 ? everyCombination(plan, found) : found}`;
}

/** The cells found, among all combinations of the categories that occur. */
function everyCombination(plan: ExtractPlan, found: string): string {
  const groups = groupsOf(plan);
  const frame = groups
    .map((group) => `(select distinct ${group} from filtered)`)
    .join(' cross join ');
  const same = groups.map((group) => `frame.${group} is not distinct from found.${group}`);
  const columns = [
    ...groups.map((group) => `frame.${group}`),
    ...plan.measures.map(({ name }) => `found.${quoted(name)}`),
    `coalesce(found.${unitCount}, 0) as ${unitCount}`,
  ];
  return `select ${columns.join(', ')} from (select ${groups.join(', ')} from ${frame}) as frame left join (${found}) as found on ${same.join(' and ')}`;
}

function filteredSql(plan: ExtractPlan, where: string): string {
  return `with filtered as (select * from ${plan.dataset.key}${where})`;
}

function outputSql(measure: PlannedMeasure, minimum: number | null): readonly string[] {
  const name = quoted(measure.name);
  if (minimum === null) return [name];
  return [
    `case when ${unitCount} >= ${minimum} then ${name} end as ${name}`,
    `case when ${unitCount} < ${minimum} then '< ${minimum}' end as ${quoted(`${measure.name}_mark`)}`,
  ];
}

/** Units behind rows. Whoever has no identity is counted as nobody: that suppresses more, never less. */
function unitsSql({ dataset }: ExtractPlan): string {
  const unit = dataset.protected?.unitColumn;
  return unit === undefined ? '0' : `count(distinct ${unitSql(unit)})`;
}

/** A branch's tax code (10 digits, then 3) stands for its enterprise: several codes of one owner are one unit (K04). */
function unitSql(column: string): string {
  const name = quoted(column);
  return `case when regexp_matches(${name}, '^[0-9]{10}-?[0-9]{3}$') then left(${name}, 10) else nullif(${name}, '') end`;
}

function aggregate({ fn, column }: PlannedMeasure, plan: ExtractPlan): string {
  const name = quoted(column);
  switch (fn) {
    case 'count':
      return `count(${name})`;
    case 'count_distinct':
      return column === plan.dataset.protected?.unitColumn
        ? unitsSql(plan)
        : `count(distinct ${name})`;
    case 'sum':
    case 'min':
    case 'max':
      return `${fn}(${name})`;
    case 'avg':
      return `cast(sum(${name}) as decimal(38, 6)) / nullif(count(${name}), 0)`;
    default:
      return assertNever(fn);
  }
}

function groupsOf({ columns }: ExtractPlan): readonly string[] {
  return columns.map(({ name }) => quoted(name));
}

function orderBy(plan: ExtractPlan): string {
  const groups = groupsOf(plan);
  return groups.length > 0 ? `order by ${groups.join(', ')}` : '';
}

function whereSql({ filters }: ExtractPlan): {
  readonly where: string;
  readonly values: readonly SqlValue[];
} {
  const values: SqlValue[] = [];
  const terms = filters.map((filter) => termSql(filter, (value) => values.push(value)));
  return { where: terms.length > 0 ? ` where ${terms.join(' and ')}` : '', values };
}

const comparison = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/** A condition over bound values; `bind` keeps one and gives its number. */
function termSql({ column, op, values }: PlannedFilter, bind: (value: string) => number): string {
  const type = comparedType(column.type);
  const name = quoted(column.name);
  const bound = values.map((value) => `cast($${bind(value)} as ${type})`);
  switch (op) {
    case 'null':
      return `${name} is null`;
    case 'in':
      return `${name} in (${bound.join(', ')})`;
    case 'between':
      return `${name} between ${bound.join(' and ')}`;
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return `${name} ${comparison[op]} ${bound.join('')}`;
    default:
      return assertNever(op);
  }
}
