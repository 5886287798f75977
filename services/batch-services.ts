import type { StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { isObject, objectMember, textList, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { BatchServices, Call, Page, PageRequest, QuarantineQuery } from './port.ts';
import type { ResultTable, SqlValue } from '../warehouse/port.ts';
import { hiddenColumns, tableOf, type ClassifiedTables } from './hidden-columns.ts';
import { allowAgency } from './permission.ts';
import { reasonWords } from './reason-words.ts';
import { rejectedSheet, type RejectedSheetDependencies } from './rejected-sheet.ts';
import { correctRejected, replayable, replayQuarantine } from './replay-quarantine.ts';

/** What looking into batches works with. */
export interface BatchServiceDependencies extends RejectedSheetDependencies, ClassifiedTables {
  /** File of landed bytes by SHA-256. */
  landedPath(sha256: string): string;
}

/** Batches, quarantined rows, replay, landed bytes. */
export function createBatchServices(deps: BatchServiceDependencies): BatchServices {
  const wanted = async (
    call: Call,
    target: { readonly batch?: string; readonly source?: string },
  ) =>
    target.batch === undefined
      ? await replayable(deps, await visibleSources(deps, call), target.source)
      : [await visibleBatch(deps, call, target.batch)];
  return {
    list: (call, query) => listBatches(deps, call, query),
    show: async (call, id) =>
      maskFindings(batchView(await visibleBatch(deps, call, id)), await maskedStreams(deps, call)),
    reasons: (call, query) => quarantineReasons(deps, call, query),
    quarantine: (call, query) => listQuarantine(deps, call, query),
    quarantined: (call, id) => showQuarantined(deps, call, id),
    replay: async (call, target) => await replayQuarantine(deps, call, await wanted(call, target)),
    correct: async (call, { batch, ...workbook }) =>
      await correctRejected(deps, call, await visibleBatch(deps, call, batch), workbook),
    rejected: async (call, batch, stream) => {
      const row = await visibleBatch(deps, call, batch);
      const hidden = await hiddenColumns(deps, call.person);
      return await rejectedSheet(deps, row, stream, hidden);
    },
    landed: async (call, batch, n) => {
      await visibleBatch(deps, call, batch);
      const receipt = await deps.landing.receipt(batch, n);
      return {
        name: receipt.name.split('/').at(-1) ?? receipt.name,
        mediaType: receipt.mediaType ?? 'application/octet-stream',
        path: deps.landedPath(receipt.sha256),
      };
    },
  };
}

async function listBatches(
  deps: BatchServiceDependencies,
  call: Call,
  query: PageRequest & { readonly source?: string },
): Promise<Page<JsonObject>> {
  const page = await deps.store.list('batch', {
    limit: Math.min(query.limit ?? 50, 500),
    ...(query.after === undefined ? {} : { after: query.after }),
    ...(query.source === undefined ? {} : { where: { source: query.source } }),
  });
  const seen = await visibleSources(deps, call);
  const masked = await maskedStreams(deps, call);
  const items = page.rows
    .filter((row) => seen(textMember(row.data, 'source')))
    .map((row) => maskFindings(batchView(row), masked));
  return { items, ...(page.next === undefined ? {} : { next: page.next }) };
}

function batchView(row: StateRow): JsonObject {
  const counts = objectMember(row.data, 'counts');
  const streams = textList(row.data, 'streams').map((stream) => ({
    stream,
    ...objectMember(counts, stream),
  }));
  return { id: row.id, status: row.status, ...row.data, streams, updatedAt: row.updatedAt };
}

async function visibleBatch(
  deps: BatchServiceDependencies,
  call: Call,
  id: string,
): Promise<StateRow> {
  const row = await deps.store.get('batch', id);
  if (!row) throw notFound('lô', 'batch', id);
  const source = await deps.store.get('source', textMember(row.data, 'source'));
  if (source) allowAgency(call.person, textMember(source.data, 'owner'));
  return row;
}

async function visibleSources(
  deps: BatchServiceDependencies,
  { person }: Call,
): Promise<(source: string) => boolean> {
  if (person.roles.some((role) => role !== 'department')) return () => true;
  const page = await deps.store.list('source', { limit: 1000 });
  const own = new Set(
    page.rows.filter((row) => textMember(row.data, 'owner') === person.agency).map(({ id }) => id),
  );
  return (source) => own.has(source);
}

const quarantineColumns = 'batch, source, stream, file, row, reason, field, value, raw';

/** The condition of a question on quarantined rows. */
function quarantineWhere(query: QuarantineQuery): {
  readonly where: string;
  readonly values: readonly SqlValue[];
} {
  const values: SqlValue[] = [];
  const terms = (['source', 'batch', 'stream', 'reason'] as const).flatMap((name) => {
    const value = query[name];
    if (value === undefined) return [];
    values.push(value);
    return [`${name} = $${values.length}`];
  });
  return { where: terms.length > 0 ? `where ${terms.join(' and ')}` : '', values };
}

async function listQuarantine(
  deps: BatchServiceDependencies,
  call: Call,
  query: PageRequest & QuarantineQuery,
): Promise<Page<JsonObject>> {
  const limit = Math.min(query.limit ?? 50, 500);
  const offset = Number(query.after ?? 0);
  const { where, values } = quarantineWhere(query);
  const table = await deps.warehouse.select(
    `select ${quarantineColumns} from meta.quarantine ${where} order by batch desc, stream, file, row limit ${limit + 1} offset ${offset}`,
    { values },
  );
  const seen = await visibleSources(deps, call);
  const mask = await quarantineMask(deps, call);
  const items = records(table)
    .filter((row) => seen(textMember(row, 'source')))
    .map((row) => ({
      id: quarantineId(row),
      ...reasonWords(textMember(row, 'reason')),
      ...mask(row),
    }));
  const shown = items.slice(0, limit);
  const names = await fileNames(deps, shown);
  return {
    items: shown.map((row) => ({ ...row, fileName: names.get(fileOf(row)) ?? null })),
    ...(table.rows.length > limit ? { next: String(offset + limit) } : {}),
  };
}

/** Names of the files that rows came in. */
async function fileNames(
  { landing }: BatchServiceDependencies,
  rows: readonly JsonObject[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const row of rows) {
    if (names.has(fileOf(row))) continue;
    const receipt = await landing.receipt(textMember(row, 'batch'), Number(row['file']));
    names.set(fileOf(row), receipt.name);
  }
  return names;
}

function fileOf(row: JsonObject): string {
  return `${textMember(row, 'batch')} ${Number(row['file'])}`;
}

/** How many rows each reason sent to quarantine, by source, stream and field, the most first. */
async function quarantineReasons(
  deps: BatchServiceDependencies,
  call: Call,
  query: QuarantineQuery,
): Promise<readonly JsonObject[]> {
  const { where, values } = quarantineWhere(query);
  const table = await deps.warehouse.select(
    `select source, stream, reason, field, count(*) as rows, count(distinct batch) as batches
     from meta.quarantine ${where} group by all order by count(*) desc, source, stream, reason, field limit 500`,
    { values },
  );
  const seen = await visibleSources(deps, call);
  return records(table)
    .filter((row) => seen(textMember(row, 'source')))
    .map((row) => ({ ...row, ...reasonWords(textMember(row, 'reason')) }));
}

async function showQuarantined(
  deps: BatchServiceDependencies,
  call: Call,
  id: string,
): Promise<JsonObject> {
  const [batch = '', stream = '', file = '', row = ''] = id.split('.');
  await visibleBatch(deps, call, batch);
  const table = await deps.warehouse.select(
    `select ${quarantineColumns} from meta.quarantine where batch = $1 and stream = $2 and file = cast($3 as integer) and row = cast($4 as bigint)`,
    { values: [batch, stream, file, row] },
  );
  const [found] = records(table);
  if (!found) throw notFound('dòng cách ly', 'quarantined row', id);
  const receipt = await deps.landing.receipt(batch, Number(file));
  const mask = await quarantineMask(deps, call);
  return {
    id,
    ...reasonWords(textMember(found, 'reason')),
    ...mask(found),
    fileName: receipt.name,
    sha256: receipt.sha256,
  };
}

/** Hides the values of rows whose table has a column that this person may not see: any value may stand in them. */
async function quarantineMask(
  deps: BatchServiceDependencies,
  call: Call,
): Promise<(row: JsonObject) => JsonObject> {
  const masked = await maskedStreams(deps, call);
  return (row) =>
    masked.has(textMember(row, 'stream')) ? { ...row, value: '***', raw: '***' } : row;
}

/** The values that a check found at fault, hidden where its stream has a column that this person may not see. */
function maskFindings(batch: JsonObject, masked: ReadonlySet<string>): JsonObject {
  const findings = batch['findings'];
  if (!Array.isArray(findings)) return batch;
  const shown = findings.filter(isObject).map((finding) => {
    if (!masked.has(textMember(finding, 'on'))) return finding;
    const sample = Array.isArray(finding['sample']) ? finding['sample'].filter(isObject) : [];
    return { ...finding, sample: sample.map((one) => ({ ...one, value: '***' })) };
  });
  return { ...batch, findings: shown };
}

/** Streams of which this person may not see every column. */
async function maskedStreams(
  deps: BatchServiceDependencies,
  { person }: Call,
): Promise<ReadonlySet<string>> {
  const hidden = [...(await hiddenColumns(deps, person))];
  const contracts = await deps.contracts();
  return new Set(
    contracts
      .filter(({ contract }) => hidden.some((name) => name.startsWith(`${tableOf(contract)}.`)))
      .map(({ contract }) => contract.stream),
  );
}

function quarantineId(row: JsonObject): string {
  return [row['batch'], row['stream'], row['file'], row['row']].map(String).join('.');
}

/** The rows of a result as objects. */
export function records(table: ResultTable): readonly JsonObject[] {
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

/** The error for a thing that is not there. */
export function notFound(vi: string, en: string, id: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'not-found',
    message: { vi: `Không có ${vi} “${id}”.`, en: `There is no ${en} “${id}”.` },
  });
}
