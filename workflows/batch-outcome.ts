import type { Completeness } from '../connectors/port.ts';
import type { Json } from '../core/json.ts';
import type { LoadCounts, LoadStatus } from '../core/load-counts.ts';
import type { Localized } from '../core/localized.ts';

/** A landed batch by reference: what travels between activities. */
export interface BatchRef {
  readonly batch: string;
  readonly source: string;
  readonly key: string;
  readonly streams: readonly string[];
  readonly cursor: Json;
  readonly completeness: Completeness;
}

/** How one batch ended. */
export interface BatchOutcome {
  readonly batch: string;
  readonly key: string;
  readonly streams: readonly string[];
  readonly status: LoadStatus;
  readonly counts: Readonly<Record<string, LoadCounts>>;
  readonly reason: Localized | null;
}

/** Whether the cursor may move past a batch that ended so. */
export function letsPass({ status }: Pick<BatchOutcome, 'status'>): boolean {
  return status === 'ok' || status === 'empty';
}
