import type { ControlStore, StateRow } from '../control/port.ts';
import { textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { LandingStore } from '../warehouse/landing/port.ts';
import type { Warehouse } from '../warehouse/port.ts';
import type { RowsOfFile } from './source-rows.ts';

/** What tracing works with. */
export interface TraceDependencies {
  readonly warehouse: Warehouse;
  readonly store: ControlStore;
  readonly landing: Pick<LandingStore, 'receipt' | 'verify'>;
  /** Path of a receipt's bytes inside the home, as people are told it. */
  landingUri(sha256: string): string;
}

/** A batch that contributing rows came in, with the receipts of the files they stand in. */
export interface TracedBatch {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly readAt: string;
  readonly recordedAt: string;
  readonly receipts: readonly TracedReceipt[];
}

/** One landed file: its name at the source, the request that fetched it, its hash, where its bytes lie. */
export interface TracedReceipt {
  readonly n: number;
  readonly name: string;
  readonly sha256: string;
  readonly uri: string;
  /** Without secrets; null where the bytes were not asked for (a file in a directory). */
  readonly request: JsonObject | null;
  readonly rows: number;
  /** Whether the landed bytes still have this hash; null where they were not read again. */
  readonly intact: boolean | null;
}

/** The batches and landed files that rows stand in; the files' bytes are hashed again where that is asked for. */
export async function batchesOf(
  deps: Pick<TraceDependencies, 'store' | 'landing' | 'landingUri'>,
  files: readonly RowsOfFile[],
  rehash: boolean,
): Promise<readonly TracedBatch[]> {
  const byBatch = new Map<string, Map<number, number>>();
  for (const { batch, file, rows } of files) {
    const ofBatch = byBatch.get(batch) ?? new Map<number, number>();
    ofBatch.set(file, (ofBatch.get(file) ?? 0) + rows);
    byBatch.set(batch, ofBatch);
  }
  const traced: TracedBatch[] = [];
  for (const [batch, rowsByFile] of byBatch) {
    const row = await deps.store.get('batch', batch);
    if (row) traced.push(await tracedBatch(deps, row, rowsByFile, rehash));
  }
  return traced;
}

async function tracedBatch(
  deps: Pick<TraceDependencies, 'landing' | 'landingUri'>,
  row: StateRow,
  rowsByFile: ReadonlyMap<number, number>,
  rehash: boolean,
): Promise<TracedBatch> {
  const receipts: TracedReceipt[] = [];
  for (const [n, rows] of rowsByFile) {
    const { name, sha256, request } = await deps.landing.receipt(row.id, n);
    receipts.push({
      n,
      name,
      sha256,
      uri: deps.landingUri(sha256),
      request: request ?? null,
      rows,
      intact: rehash ? await deps.landing.verify(sha256) : null,
    });
  }
  return {
    id: row.id,
    source: textMember(row.data, 'source'),
    key: textMember(row.data, 'key'),
    readAt: row.createdAt,
    recordedAt: textMember(row.data, 'recordedAt'),
    receipts,
  };
}
