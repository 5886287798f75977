import { asJson } from '../../core/json-member.ts';
import { formatPeriod } from '../../core/period.ts';
import { literal } from '../../core/sql-text.ts';
import {
  computeTable,
  type FigureRow,
  type FigureTable,
  type FigureTableSpec,
} from '../../transforms/catalog/figure-table.ts';
import { inForceOn } from '../layout/in-force.ts';
import type { ReportContent, ReportContext } from '../report.ts';
import { changeRules } from './change-rules.ts';
import { handlingRules } from './handling-rules.ts';
import { readNames, type Agency, type ProcedureNames } from './names.ts';
import { rankRules, scoreRules, weightRules } from './score-rules.ts';
import { agencyKeys, CITY, groupKey, TOTAL } from './row-keys.ts';

/** Computes every table of the report for its period. */
export async function computeProcedures(context: ReportContext): Promise<ReportContent> {
  const { to } = context.periods.window(context.period);
  const names = await readNames(context, to);
  const period = formatPeriod(context.period);
  const handling = await computeTable(context, handlingTable(period, names.agencies));
  const tables = [
    await computeTable(context, changeTable(period, previousPeriod(context))),
    handling,
    ...(await scoreTables(context, period, names, agencyKeys(handling))),
  ];
  return { tables, names: asJson(names) };
}

function previousPeriod({ periods, period }: ReportContext): string {
  const previous = periods.previous(period);
  return previous ? formatPeriod(previous) : '';
}

function changeTable(period: string, previous: string): FigureTableSpec {
  return {
    id: 'summary',
    rules: changeRules(period, previous),
    groupBy: [],
    filter: `period_id in (${literal(period)}, ${literal(previous)})`,
    rows: [{ key: TOTAL, filter: 'true' }],
  };
}

function handlingTable(period: string, agencies: readonly Agency[]): FigureTableSpec {
  return {
    id: 'handling',
    rules: handlingRules,
    groupBy: ['agency_code'],
    filter: `period_id = ${literal(period)}`,
    rows: [...subtotals(agencies), { key: TOTAL, filter: 'true' }],
    members: listedKeys(agencies),
  };
}

function subtotals(agencies: readonly Agency[]): readonly FigureRow[] {
  const codesOf = (group: Agency['group']) =>
    agencies.filter((agency) => agency.group === group).map(({ code }) => code);
  const [provincial, local] = [codesOf('provincial'), codesOf('local')];
  const elsewhere = `(agency_code is null or not ${oneOf([...provincial, ...local])})`;
  return [
    { key: groupKey('provincial'), filter: oneOf(provincial) },
    { key: groupKey('local'), filter: oneOf(local) },
    { key: groupKey('other'), filter: elsewhere },
  ];
}

function oneOf(codes: readonly string[]): string {
  return codes.length === 0 ? '(1 = 0)' : `(agency_code in (${codes.map(literal).join(', ')}))`;
}

function listedKeys(agencies: readonly Agency[]): readonly (readonly string[])[] {
  return agencies.filter(({ listed }) => listed).map(({ code }) => [code]);
}

/** Scores, ranks and weights; every agency of biểu 1 has a row, with or without a score. */
async function scoreTables(
  context: ReportContext,
  period: string,
  { scoreGroups }: ProcedureNames,
  members: readonly (readonly string[])[],
): Promise<readonly FigureTable[]> {
  const { to } = context.periods.window(context.period);
  const filter = `period_id = ${literal(period)}`;
  const byAgency = { groupBy: ['agency_code'], filter, rows: [] };
  const scores = { ...byAgency, id: 'scores', rules: scoreRules(scoreGroups) };
  const weights: FigureTableSpec = {
    id: 'weights',
    rules: weightRules,
    groupBy: ['group_code'],
    filter: inForceOn(to),
    rows: [{ key: TOTAL, filter: 'true' }],
  };
  return [
    await computeTable(context, { ...scores, members: [...members, CITY] }),
    await computeTable(context, {
      ...byAgency,
      id: 'ranks',
      rules: rankRules(previousPeriod(context)),
      members,
    }),
    await computeTable(context, weights),
  ];
}
