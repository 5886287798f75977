import { canonicalJson, type Json } from '../core/json.ts';
import { asJson } from '../core/json-member.ts';
import type { Dataset } from './dataset.ts';
import { planFilter, type PlannedFilter } from './extract-plan.ts';
import type { ExtractRequest } from './extract-request.ts';

/** An answer given, or about to be given, from a dataset: its effective definition, as-of time included. */
export interface GivenExtract {
  readonly id: string;
  readonly request: ExtractRequest;
  readonly suppressed: number;
}

/**
 * Answers that, held against this one, could let a suppressed or small group be computed. Until differencing control
 * exists such an extract is refused. Harmless are: the same definition of the same data; groups that cannot overlap (a
 * column filtered to different values in each); tables of plain counts over the same filters and the same data in which
 * nothing was suppressed.
 */
export function differencingRisks(
  datasets: readonly Dataset[],
  wanted: Pick<GivenExtract, 'request' | 'suppressed'>,
  given: readonly GivenExtract[],
): readonly GivenExtract[] {
  return given.filter(
    (other) =>
      !sameDefinition(wanted.request, other.request) &&
      !cannotOverlap(filtersOf(wanted, datasets), filtersOf(other, datasets)) &&
      !onlySafeCounts(wanted, other),
  );
}

function sameDefinition(a: ExtractRequest, b: ExtractRequest): boolean {
  const shape = ({ groupBy, measures }: ExtractRequest) =>
    text({ groupBy: groupBy.toSorted(), measures: texts(measures) });
  return sameRows(a, b) && shape(a) === shape(b);
}

/** Equal filters over one dataset as known at the same time. */
function sameRows(a: ExtractRequest, b: ExtractRequest): boolean {
  const rows = ({ dataset, filters, asOf }: ExtractRequest) =>
    text({ dataset, filters: texts(filters), asOf: asOf ?? null });
  return rows(a) === rows(b);
}

/** Distinct counts do not add up: two of them can single out what is in one group and in no other. */
function onlySafeCounts(
  a: Pick<GivenExtract, 'request' | 'suppressed'>,
  b: Pick<GivenExtract, 'request' | 'suppressed'>,
): boolean {
  const safe = ({ request, suppressed }: Pick<GivenExtract, 'request' | 'suppressed'>) =>
    suppressed === 0 && request.measures.every(({ fn }) => fn === 'count');
  return sameRows(a.request, b.request) && safe(a) && safe(b);
}

function filtersOf(
  { request }: Pick<GivenExtract, 'request'>,
  datasets: readonly Dataset[],
): readonly PlannedFilter[] {
  const dataset = datasets.find(({ key }) => key === request.dataset);
  if (!dataset) return [];
  return request.filters.flatMap((filter) => planFilter(filter, dataset) ?? []);
}

function cannotOverlap(a: readonly PlannedFilter[], b: readonly PlannedFilter[]): boolean {
  const listing = ({ op }: PlannedFilter) => op === 'eq' || op === 'in';
  return a.filter(listing).some((left) =>
    b
      .filter(listing)
      .filter(({ column }) => column.name === left.column.name)
      .some((right) => !left.values.some((value) => right.values.includes(value))),
  );
}

function texts(items: readonly object[]): readonly string[] {
  return items.map(text).sort();
}

function text(value: object): string {
  const json: Json = asJson(value);
  return canonicalJson(json);
}
