import type { ColumnContract } from '../core/stream-contract.ts';
import type { Dataset } from './dataset.ts';
import type { ExtractMeasure } from './extract-request.ts';
import { isNumeric } from './filter-value.ts';

/** What may be asked of a dataset: what a form shows, and what a plan accepts. */
export interface Offer {
  /** Columns that may leave row by row; empty where only aggregates leave. */
  readonly columns: readonly string[];
  /** Columns to group and filter by. */
  readonly dimensions: readonly string[];
  readonly measures: readonly ExtractMeasure[];
}

/** What a dataset offers. Personal and sensitive columns are never output, grouped or filtered by. */
export function offered(dataset: Dataset): Offer {
  const { protected: protection } = dataset;
  if (protection) {
    const { unitColumn, counted, dimensions } = protection;
    if (unitColumn === undefined) return { columns: [], dimensions: [], measures: [] };
    return { columns: [], dimensions, measures: unitMeasures(unitColumn, counted) };
  }
  const open = dataset.columns.filter(isOpen);
  const columns = open.map(({ name }) => name);
  return { columns, dimensions: columns, measures: open.flatMap(openMeasures) };
}

/** Whether a column may be shown at all. */
export function isOpen({ classification }: ColumnContract): boolean {
  return classification === 'public' || classification === 'internal';
}

function unitMeasures(unit: string, counted: readonly string[]): readonly ExtractMeasure[] {
  const rows = counted.map((column) => ({ column, fn: 'count' as const }));
  return [{ column: unit, fn: 'count_distinct' }, ...rows];
}

function openMeasures({ name, type }: ColumnContract): readonly ExtractMeasure[] {
  const fns = isNumeric(type)
    ? (['sum', 'avg', 'min', 'max', 'count', 'count_distinct'] as const)
    : (['count', 'count_distinct', 'min', 'max'] as const);
  return fns.map((fn) => ({ column: name, fn }));
}
