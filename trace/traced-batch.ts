import type { ControlStore, StateRow } from '../control/port.ts';
import { textMember } from '../core/json-member.ts';
import type { SelectOptions, Warehouse } from '../warehouse/port.ts';
import type { RowsWanted } from './source-rows.ts';

/** A batch that contributing rows came in, with the receipts of the files they stand in. */
export interface TracedBatch {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly readAt: string;
  readonly recordedAt: string;
  readonly receipts: readonly TracedReceipt[];
}

/** One landed file: its name at the source, its hash, where its bytes lie. */
export interface TracedReceipt {
  readonly n: number;
  readonly name: string;
  readonly sha256: string;
  readonly uri: string;
  readonly rows: number;
}

/** The batches and files of all rows of these conditions. */
export async function batchesOf(
  deps: {
    readonly warehouse: Warehouse;
    readonly store: ControlStore;
    landingUri(sha256: string): string;
  },
  sources: readonly RowsWanted[],
  options: SelectOptions,
): Promise<readonly TracedBatch[]> {
  const files = new Map<string, Map<number, number>>();
  for (const { asset, alias, where } of sources) {
    const table = await deps.warehouse.select(
      `select _batch, _file, count(*) from ${asset} ${alias} where ${where} group by all order by all`,
      options,
    );
    for (const [batch, file, count] of table.rows) {
      const ofBatch = files.get(String(batch)) ?? new Map<number, number>();
      ofBatch.set(Number(file), (ofBatch.get(Number(file)) ?? 0) + Number(count));
      files.set(String(batch), ofBatch);
    }
  }
  const traced: TracedBatch[] = [];
  for (const [batch, rowsByFile] of files) {
    const row = await deps.store.get('batch', batch);
    if (row) traced.push(tracedBatch(deps, row, rowsByFile));
  }
  return traced;
}

function tracedBatch(
  deps: { landingUri(sha256: string): string },
  row: StateRow,
  rowsByFile: ReadonlyMap<number, number>,
): TracedBatch {
  return {
    id: row.id,
    source: textMember(row.data, 'source'),
    key: textMember(row.data, 'key'),
    readAt: row.createdAt,
    recordedAt: textMember(row.data, 'recordedAt'),
    receipts: landedFiles(row)
      .filter(({ n }) => rowsByFile.has(n))
      .map(({ n, name, sha256 }) => ({
        n,
        name,
        sha256,
        uri: deps.landingUri(sha256),
        rows: rowsByFile.get(n) ?? 0,
      })),
  };
}

interface JournalledFile {
  readonly n: number;
  readonly name: string;
  readonly sha256: string;
}

function landedFiles(row: StateRow): readonly JournalledFile[] {
  return (row.data['files'] ?? []) as unknown as readonly JournalledFile[];
}
