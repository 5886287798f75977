import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { Reference } from '../core/reference.ts';
import { identifier, literal, tableName } from '../transforms/catalog/fact-filter.ts';
import { sourceRows } from '../trace/source-rows.ts';
import { batchesOf } from '../trace/traced-batch.ts';
import { notFound } from './batch-services.ts';
import type { TraceServiceDependencies } from './trace-services.ts';

/** A loaded row by key: all its versions are in history; this shows the current one, its batch and file. */
export async function traceRow(
  deps: TraceServiceDependencies,
  reference: Extract<Reference, { kind: 'row' }>,
): Promise<JsonObject> {
  const { asset, key } = reference;
  const columns = await keyColumns(deps, asset);
  if (columns.length !== key.length) throw notFound('dòng', 'row', `${asset}/${key.join('|')}`);
  const where = columns
    .map((column, index) => `cast(${identifier(column)} as varchar) = ${literal(key[index] ?? '')}`)
    .join(' and ');
  const wanted = { asset: tableName(asset), alias: 's', where };
  const rows = await sourceRows(deps.warehouse, { ...wanted, limit: 20 }, {});
  if (rows.count === 0) throw notFound('dòng', 'row', `${asset}/${key.join('|')}`);
  return asJson({ rows, batches: await batchesOf(deps, [wanted], {}) });
}

async function keyColumns(
  deps: TraceServiceDependencies,
  asset: string,
): Promise<readonly string[]> {
  return deps.catalog.asset(asset)?.keyColumns ?? (await deps.loadedKey(asset));
}
