import type { ColumnContract } from '../../core/stream-contract.ts';
import type { Localized } from '../../core/localized.ts';
import type { RowProvenance } from './row-provenance.ts';

/** A check on an asset's built rows, before they replace the old ones. */
interface AssetCheck {
  readonly code: string;
  readonly severity: 'block' | 'warn';
  readonly label: Localized;
  readonly remedy: Localized;
  /** One SELECT over `candidate` and published tables: (field, value) for each violation. */
  readonly sql: string;
}

/** A derived table: one SQL file. */
export interface Asset {
  /** `staging.x` or `mart.x`. */
  readonly key: string;
  readonly label: Localized;
  readonly description: Localized;
  readonly owner: string;
  readonly grain: Localized;
  readonly columns: readonly ColumnContract[];
  readonly keyColumns: readonly string[];
  readonly subject: 'person' | 'enterprise' | 'holding' | undefined;
  readonly unitColumn: string | undefined;
  /** Of protected rows: columns that may be counted, and those that may be grouped and filtered by. */
  readonly countedColumns: readonly string[];
  readonly dimensions: readonly string[];
  /** Columns whose header says why they may be less strict than what they are made of. */
  readonly declassified: readonly string[];
  readonly provenance: readonly RowProvenance[];
  readonly checks: readonly AssetCheck[];
  /** The SELECT with its header comment, as stored. */
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  readonly file: string;
  /** Every table it reads, assets and loaded ones, sorted. */
  readonly dependsOn: readonly string[];
}

/** The assembled graph. */
export interface Catalog {
  /** In dependency order: inputs first. */
  readonly assets: readonly Asset[];
  /** By key. */
  asset(key: string): Asset | undefined;
  /** Loaded tables (not assets) that some asset reads, sorted. */
  readonly inputs: readonly string[];
  /** The assets that must be built for these, in dependency order, themselves included. */
  closure(keys: readonly string[]): readonly Asset[];
}

/** Something wrong with a file of the catalogue. */
export interface CatalogProblem {
  readonly file: string;
  readonly asset: string | undefined;
  readonly problem: string;
}
