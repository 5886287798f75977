import { asJson } from '../../core/json-member.ts';
import { formatPeriod } from '../../core/period.ts';
import { literal } from '../../core/sql-text.ts';
import { computeTable, type FigureTableSpec } from '../../transforms/catalog/figure-table.ts';
import type { ReportContent, ReportContext } from '../report.ts';
import { boundariesAt, type Boundaries } from './boundaries.ts';
import { communeRules, weekRules } from './commune-rules.ts';
import { correctionRules } from './correction-rules.ts';
import { readNames, type BulletinNames } from './names.ts';
import { TOTAL } from './row-keys.ts';
import { chartWeeks } from './weeks.ts';

/** Computes every table of the bulletin for its week. */
export async function computeBulletin(context: ReportContext): Promise<ReportContent> {
  const { to } = context.periods.window(context.period);
  const names = await readNames(context, to);
  const boundaries = await boundariesAt(context);
  const specs = [
    communeTable(context, boundaries, names),
    weekTable(context, boundaries, names),
    correctionTable(context, boundaries),
  ];
  const tables = [];
  for (const spec of specs) tables.push(await computeTable(context, spec));
  return { tables, names: asJson(names) };
}

function communeTable(
  { period, province }: ReportContext,
  boundaries: Boundaries,
  names: BulletinNames,
): FigureTableSpec {
  const listed = names.communes.filter((commune) => commune.listed);
  return {
    id: 'communes',
    rules: communeRules(names),
    groupBy: [boundaries.commune],
    filter: `period_id = ${literal(formatPeriod(period))} and ${boundaries.province} = ${literal(province)}`,
    rows: [{ key: TOTAL, filter: 'true' }],
    members: listed.map(({ code }) => [code]),
  };
}

function weekTable(
  { period, periods, province }: ReportContext,
  boundaries: Boundaries,
  names: BulletinNames,
): FigureTableSpec {
  const weeks = chartWeeks(period, periods).map(formatPeriod);
  return {
    id: 'weeks',
    rules: weekRules(names),
    groupBy: ['period_id'],
    filter: `period_id in (${weeks.map(literal).join(', ')}) and ${boundaries.province} = ${literal(province)}`,
    rows: [],
    members: weeks.map((week) => [week]),
  };
}

function correctionTable(
  { period, province }: ReportContext,
  boundaries: Boundaries,
): FigureTableSpec {
  return {
    id: 'corrections',
    rules: correctionRules,
    groupBy: ['commune_code', 'report_date'],
    filter: `week_id = ${literal(formatPeriod(period))} and is_correction and ${boundaries.province} = ${literal(province)}`,
    rows: [],
  };
}
