import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { formatReference, type Reference } from '../core/reference.ts';
import { literal } from '../core/sql-text.ts';
import { identifier, tableName } from '../transforms/catalog/predicate.ts';
import { loadedRows } from '../trace/loaded-rows.ts';
import {
  loadedSource,
  sourceRows,
  type RowsOfFile,
  type RowsWanted,
  type SourceRows,
} from '../trace/source-rows.ts';
import { batchesOf } from '../trace/traced-batch.ts';
import { notFound } from './batch-services.ts';
import { tableOf } from './hidden-columns.ts';
import type { Depth, TraceServiceDependencies } from './trace-services.ts';

/** A row by key, loaded or derived: the row as it is now, the loaded rows it was made of, their batches and files. */
export async function traceRow(
  deps: TraceServiceDependencies,
  reference: Extract<Reference, { kind: 'row' }>,
  depth: Depth,
): Promise<JsonObject> {
  const wanted = await wantedRow(deps, reference);
  return await deps.warehouse.reading({}, async (select) => {
    const rows = await sourceRows(select, wanted, depth, '');
    if (rows.count === 0) throw notFound('dòng', 'row', formatReference(reference));
    const sources: SourceRows[] = [];
    const files: RowsOfFile[] = [];
    for (const each of loadedRows(wanted, (asset) => deps.catalog.asset(asset)?.provenance)) {
      const source = await loadedSource(select, each, depth, '');
      if (each.asset !== wanted.asset) sources.push(source.rows);
      files.push(...source.files);
    }
    return asJson({ rows, sources, batches: await batchesOf(deps, files, depth.from === 'past') });
  });
}

async function wantedRow(
  deps: TraceServiceDependencies,
  reference: Extract<Reference, { kind: 'row' }>,
): Promise<RowsWanted> {
  const { asset, key } = reference;
  const columns = await keyColumns(deps, asset);
  if (columns.length !== key.length || key.some((part) => part.includes('\0'))) {
    throw notFound('dòng', 'row', formatReference(reference));
  }
  const terms = columns.map(
    (column, index) => `cast(${identifier(column)} as varchar) = ${literal(key[index] ?? '')}`,
  );
  return { asset: tableName(asset), alias: 's', where: terms.join(' and ') };
}

async function keyColumns(
  deps: TraceServiceDependencies,
  asset: string,
): Promise<readonly string[]> {
  const derived = deps.catalog.asset(asset)?.keyColumns;
  if (derived) return derived;
  const loaded = (await deps.contracts()).find(({ contract }) => tableOf(contract) === asset);
  return loaded?.contract.key ?? [];
}
