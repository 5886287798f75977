import { VIETNAM_ZONE, instantOf } from '../core/calendar-zone.ts';
import { addDays } from '../core/calendar-date.ts';
import { formatPeriod } from '../core/period.ts';
import { assetsInForce, knownSince } from '../transforms/catalog/assets-in-force.ts';
import type { SelectOptions } from '../warehouse/port.ts';
import { completenessOf } from './completeness.ts';
import { contentSha256, type SourceCompleteness } from './edition.ts';
import type { EditionDependencies } from './edition-dependencies.ts';
import type { Report, ReportContent, ReportTime } from './report.ts';

/** Figures of one report for one period as known at one time. */
export interface ComputedEdition {
  readonly time: ReportTime;
  readonly period: string;
  readonly content: ReportContent;
  readonly completeness: readonly SourceCompleteness[];
  /** ISO instant. */
  readonly asOf: string;
  readonly areasAsOf: string;
  readonly contentSha256: string;
}

/**
 * Computes a report. Without `asOf` it reads the present tables and calls the time since which nothing they rest on has
 * changed its as-of; with it, it reads everything as recorded then, through the SQL then in force.
 */
export async function computeEdition(
  deps: EditionDependencies,
  report: Report,
  wanted: { readonly period: string; readonly asOf?: string; readonly areasAsOf?: string },
): Promise<ComputedEdition> {
  const period = deps.periods.parse(wanted.period);
  const { to } = deps.periods.window(period);
  const areasAsOf = wanted.areasAsOf ?? to;
  const time: ReportTime = { period, periods: deps.periods, language: deps.language };
  const options = await selectOptions(deps, wanted.asOf);
  const asOf = wanted.asOf ?? (await knownSince(deps.store, deps.warehouse));
  const content = await report.compute({
    ...time,
    areasAsOf,
    province: (await deps.profile()).province,
    select: (sql) => deps.warehouse.select(sql, options),
  });
  const periodEnd = instantOf({ date: addDays(to, 1), time: '00:00' }, VIETNAM_ZONE);
  const completeness = await completenessOf(
    deps.store,
    await deps.sources(),
    loadedInputs(deps, report),
    periodEnd,
  );
  const complete = completeness.every((source) => source.complete);
  return {
    time,
    period: formatPeriod(period),
    content,
    completeness,
    asOf,
    areasAsOf,
    contentSha256: contentSha256({
      reportVersion: report.version,
      areasAsOf,
      tables: content.tables,
      language: deps.language,
      complete,
    }),
  };
}

async function selectOptions(
  deps: EditionDependencies,
  asOf: string | undefined,
): Promise<SelectOptions> {
  return asOf === undefined ? {} : { asOf, assets: await assetsInForce(deps.store, asOf) };
}

/** The loaded tables that a report's facts are made of. */
function loadedInputs(deps: EditionDependencies, report: Report): ReadonlySet<string> {
  const assets = deps.catalog.closure(report.facts);
  const derived = new Set(assets.map(({ key }) => key));
  return new Set(assets.flatMap(({ dependsOn }) => dependsOn).filter((key) => !derived.has(key)));
}
