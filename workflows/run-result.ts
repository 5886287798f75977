import type { Json } from '../core/json.ts';
import { addCounts, noRows, type LoadCounts, type LoadStatus } from '../core/load-counts.ts';
import type { Localized } from '../core/localized.ts';
import type { BatchOutcome } from './batch-outcome.ts';

/** What `phusa ingest --json` prints. */
export interface RunResult {
  readonly source: string;
  readonly run: string;
  readonly status: LoadStatus;
  readonly batches: readonly string[];
  readonly streams: readonly StreamRunResult[];
}

/** Counts of one stream over the batches of a run. */
export interface StreamRunResult extends LoadCounts {
  readonly stream: string;
  readonly cursor: Json;
  readonly status: LoadStatus;
  readonly reason: Localized | null;
}

/** Sums the batches of a run per stream; status is derived from outcomes, never set. */
export function summarizeRun(
  run: { readonly source: string; readonly run: string; readonly cursor: Json },
  streams: readonly string[],
  outcomes: readonly BatchOutcome[],
  failure: { readonly message: Localized } | undefined,
  cancelled: boolean,
): RunResult {
  const results = streams.map((stream) => summarizeStream(stream, run.cursor, outcomes, failure));
  return {
    source: run.source,
    run: run.run,
    status: cancelled ? 'cancelled' : runStatus(outcomes, failure !== undefined),
    batches: outcomes.map((outcome) => outcome.batch),
    streams: results,
  };
}

function summarizeStream(
  stream: string,
  cursor: Json,
  outcomes: readonly BatchOutcome[],
  failure: { readonly message: Localized } | undefined,
): StreamRunResult {
  const own = outcomes.filter((outcome) => outcome.streams.includes(stream));
  const counts = own.map((outcome) => outcome.counts[stream] ?? noRows).reduce(addCounts, noRows);
  const reason = own.find((outcome) => outcome.reason !== null)?.reason ?? failure?.message ?? null;
  return { stream, ...counts, cursor, status: runStatus(own, failure !== undefined), reason };
}

/** ok: all published · empty: nothing came · held: all held · partial: some of each · failed: reading broke. */
function runStatus(outcomes: readonly BatchOutcome[], failed: boolean): LoadStatus {
  const has = (status: LoadStatus) => outcomes.some((outcome) => outcome.status === status);
  const published = has('ok') || has('partial');
  if (failed || has('failed')) return published ? 'partial' : 'failed';
  if (has('held')) return published || has('empty') ? 'partial' : 'held';
  if (has('partial')) return 'partial';
  return has('ok') ? 'ok' : 'empty';
}
