import type { ColumnContract } from '../core/stream-contract.ts';
import type { Localized } from '../core/localized.ts';

/** A mart offered for extracts. */
export interface Dataset {
  /** `mart.<name>` */
  readonly key: string;
  readonly label: Localized;
  readonly description: Localized;
  readonly columns: readonly ColumnContract[];
  /** Present when persons or enterprises stand behind the rows: then only protected aggregates leave. */
  readonly protected?: Protection;
}

/** How the subjects behind a dataset's rows are protected. */
export interface Protection {
  readonly subject: 'person' | 'enterprise' | 'holding';
  /**
   * Column that identifies the protected unit. Undefined where rows are themselves sums over subjects that nobody can
   * count any more: then nothing leaves.
   */
  readonly unitColumn: string | undefined;
  /** Columns present in every row: their count is a number of rows and hides no filter. */
  readonly counted: readonly string[];
  /** The only columns to group and filter by. */
  readonly dimensions: readonly string[];
}

/** The column of a dataset by name. */
export function datasetColumn(dataset: Dataset, name: string): ColumnContract | undefined {
  return dataset.columns.find((column) => column.name === name);
}
