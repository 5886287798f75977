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

/** How many cells there are and how many are suppressed. */
export function suppressionSql(plan: ExtractPlan): BoundSql {
  const { where, values } = whereSql(plan);
  const groups = plan.columns.map(({ name }) => quoted(name));
  const select = [...groups, `${String(plan.minimumFrequency)} as minimum`].join(', ');
  return {
    sql: `select ${select} from (${cellsSql(plan, where)}) where ${unitCount} < ${String(plan.minimumFrequency)} ${orderBy(plan)}`,
    values,
  };
}

function rowsSql(plan: ExtractPlan, where: string): string {
  const columns = plan.columns.map(({ name }) => quoted(name)).join(', ');
  return `select ${columns} from ${plan.dataset.key}${where} order by all`;
}

function aggregateSql(plan: ExtractPlan, where: string): string {
  const groups = plan.columns.map(({ name }) => quoted(name));
  const measures = plan.measures.flatMap((measure) => outputSql(measure, plan.minimumFrequency));
  return `select ${[...groups, ...measures].join(', ')} from (${cellsSql(plan, where)}) ${orderBy(plan)}`;
}

function cellsSql(plan: ExtractPlan, where: string): string {
  const groups = plan.columns.map(({ name }) => quoted(name));
  const measures = plan.measures.map((m) => `${aggregate(m)} as ${quoted(m.name)}`);
  const unit = plan.dataset.protected;
  const units = unit ? [`count(distinct ${quoted(unit.unitColumn)}) as ${unitCount}`] : [];
  const by = groups.length > 0 ? ` group by ${groups.join(', ')}` : '';
  return `select ${[...groups, ...measures, ...units].join(', ')} from ${plan.dataset.key}${where}${by}`;
}

function outputSql(measure: PlannedMeasure, minimum: number | null): readonly string[] {
  const name = quoted(measure.name);
  if (minimum === null) return [name];
  return [
    `case when ${unitCount} >= ${minimum} then ${name} end as ${name}`,
    `case when ${unitCount} < ${minimum} then '< ${minimum}' end as ${quoted(`${measure.name}_mark`)}`,
  ];
}

function aggregate({ fn, column }: PlannedMeasure): string {
  const name = quoted(column);
  switch (fn) {
    case 'count':
      return `count(${name})`;
    case 'count_distinct':
      return `count(distinct ${name})`;
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

function orderBy(plan: ExtractPlan): string {
  const groups = plan.columns.map(({ name }) => quoted(name));
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

/** An identifier from a contract, quoted. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
