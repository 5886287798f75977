import type { ColumnContract } from '../core/stream-contract.ts';
import type { Localized } from '../core/localized.ts';

/** A mart offered for extracts. */
export interface Dataset {
  /** `mart.<name>` */
  readonly key: string;
  readonly label: Localized;
  readonly description: Localized;
  readonly columns: readonly ColumnContract[];
  /** Present when rows are about persons or enterprises: then only protected aggregates leave. */
  readonly protected?: {
    readonly subject: 'person' | 'enterprise' | 'holding';
    /** Column that identifies the protected unit. */
    readonly unitColumn: string;
  };
}

/** The column of a dataset by name. */
export function datasetColumn(dataset: Dataset, name: string): ColumnContract | undefined {
  return dataset.columns.find((column) => column.name === name);
}
