import { canonicalJson, type Json } from '../core/json.ts';
import type { ExtractFilter, ExtractRequest } from './extract-request.ts';

/** An earlier answer from the same dataset. */
export interface EarlierExtract {
  readonly id: string;
  readonly request: ExtractRequest;
  readonly suppressed: number;
}

/**
 * Earlier answers that, held against this one, could let a suppressed or small group be computed. Until differencing
 * control exists such an extract is refused. Harmless are: the same definition; groups that cannot overlap (a column
 * filtered to different values in each); roll-ups of one another over the same filters in which nothing was suppressed.
 */
export function differencingRisks(
  request: ExtractRequest,
  suppressed: number,
  earlier: readonly EarlierExtract[],
): readonly EarlierExtract[] {
  return earlier.filter(
    (other) =>
      !sameDefinition(request, other.request) &&
      !cannotOverlap(request.filters, other.request.filters) &&
      !(sameFilters(request, other.request) && suppressed === 0 && other.suppressed === 0),
  );
}

function sameDefinition(a: ExtractRequest, b: ExtractRequest): boolean {
  const shape = ({ groupBy, measures, asOf }: ExtractRequest) =>
    text({ groupBy: [...groupBy].sort(), measures, asOf: asOf ?? null });
  return sameFilters(a, b) && shape(a) === shape(b);
}

function sameFilters(a: ExtractRequest, b: ExtractRequest): boolean {
  const filters = (request: ExtractRequest) =>
    text([...request.filters].map(text).sort()) + (request.asOf ?? '');
  return filters(a) === filters(b);
}

function cannotOverlap(a: readonly ExtractFilter[], b: readonly ExtractFilter[]): boolean {
  return a.some((left) =>
    b.some((right) => left.column === right.column && disjoint(valuesOf(left), valuesOf(right))),
  );
}

function valuesOf({ op, value }: ExtractFilter): readonly string[] | undefined {
  if (op === 'eq' && value !== undefined && !Array.isArray(value)) return [String(value)];
  if (op === 'in' && Array.isArray(value)) return value.map(String);
  return undefined;
}

function disjoint(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}

function text(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
}
