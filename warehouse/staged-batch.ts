import type { LandedFile } from './decode-session.ts';
import type { Json } from '../core/json.ts';
import type { LoadCounts } from '../core/load-counts.ts';
import type { Localized } from '../core/localized.ts';
import type { StreamContract } from '../core/stream-contract.ts';

/** A landed batch on its way into the warehouse. */
export interface DecodedBatch {
  readonly batch: string;
  readonly source: string;
  readonly key: string;
  readonly contracts: readonly StreamContract[];
  readonly files: readonly LandedFile[];
  readonly cursor: Json;
  /** Rows the source declared, per stream. */
  readonly declared: Readonly<Record<string, number>>;
  /** Streams of which the batch covers its partitions completely. */
  readonly covers: readonly string[];
  /** Set where the batch is an earlier one again, decoded anew. */
  readonly again?: AgainBatch;
}

/**
 * What a batch that is decoded again stands for. It comes in where the first reading stood: rows of later batches are
 * not touched by it, unless the source's own time says that its version is the newer one.
 */
export interface AgainBatch {
  /** Batches whose quarantined rows this one answers for: they are forgotten when it is published or held. */
  readonly answersFor: readonly string[];
  /** Batches that came after the first reading. */
  readonly later: readonly string[];
}

/** A check as SQL over `decoded_<stream>` or, for assets, over the candidate table `candidate`. */
export interface BatchCheckSql {
  readonly code: string;
  readonly severity: 'block' | 'warn';
  /** Stream or asset key. */
  readonly on: string;
  readonly label: Localized;
  readonly remedy: Localized;
  readonly sql: string;
  /** A cheaper SELECT that gives no row where the check cannot find anything; checks may share one. */
  readonly when?: string;
  /**
   * One SELECT over batches decoded together, all of whose rows are new and good, that gives a row where the check might
   * find something in one of them were they published one after the other. Without it a stream's batches are loaded alone.
   */
  readonly together?: string;
  /**
   * Instead of `together`: the check itself over batches decoded together, giving `batch`, field and value of each
   * violation. The relation `together(file, batch)` says which batch a `_file` belongs to.
   */
  readonly each?: string;
}

/** One failed check. */
export interface CheckFinding {
  readonly code: string;
  readonly severity: 'block' | 'warn';
  readonly on: string;
  readonly label: Localized;
  readonly remedy: Localized;
  /** Number of violations (bounded by the check's own LIMIT). */
  readonly count: number;
  /** The first few violations. */
  readonly sample: readonly { readonly field: string; readonly value: string }[];
}

/** A batch decoded, classified and checked; nothing of it is visible yet. */
export interface StagedBatch {
  readonly batch: string;
  readonly source: string;
  readonly key: string;
  readonly cursor: Json;
  readonly counts: Readonly<Record<string, LoadCounts>>;
  readonly findings: readonly CheckFinding[];
  /** Why it may not be published, derived from blocking findings, thresholds and the completeness proof. */
  readonly held: readonly CheckFinding[];
}
