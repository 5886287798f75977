import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { Dhis2Config } from './config.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';
import { metadataLists, type MetadataList } from './metadata-lists.ts';
import { localTime } from './local-time.ts';
import { Dhis2Service, type Dhis2Answer } from './service.ts';
import { healthAnalytics, healthValue } from './streams.ts';

const cursorShape = z.object({ updated: z.iso.datetime() });
const positionShape = z.object({ steps: z.int() });

/** One batch to read. */
interface Step {
  readonly stream: string;
  read(): Promise<ReadBatch>;
}

/** A list is read again when its total moves while it is read; after so many times it is told unstable. */
const attempts = 3;
/** Objects of metadata on a page. */
const metadataPage = 500;

/**
 * Reads the metadata lists whole, the values that changed since some hours before the newest one seen (by the server's
 * own times), and the analytics queries, in this order.
 */
export async function* readService(
  context: ReadContext<Dhis2Config>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const read = positionShape.safeParse(request.position);
  const done = read.success ? read.data.steps : 0;
  for (const [at, step] of steps(context, request).entries()) {
    if (at < done || !(request.streams?.includes(step.stream) ?? true)) continue;
    context.signal.throwIfAborted();
    yield { ...(await step.read()), position: { steps: at + 1 } };
  }
}

function steps(context: ReadContext<Dhis2Config>, request: ReadRequest): readonly Step[] {
  const service = new Dhis2Service(context);
  let cursor = request.cursor ?? null;
  const lists = metadataLists.map((list) => ({
    stream: list.stream,
    read: () => readList(context, service, list, cursor),
  }));
  const values = {
    stream: healthValue.stream,
    read: async () => {
      const batch = await readValues(context, service, request);
      ({ cursor } = batch);
      return batch;
    },
  };
  const queries = context.config.analytics.map((query) => ({
    stream: healthAnalytics.stream,
    read: () => readAnalytics(context, service, query, cursor),
  }));
  return [...lists, values, ...queries];
}

async function readList(
  context: ReadContext<Dhis2Config>,
  service: Dhis2Service,
  list: MetadataList,
  cursor: ReadBatch['cursor'],
): Promise<ReadBatch> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const batch = await context.openBatch(list.name);
    const total = await landList(context, service, list, batch);
    if (total !== undefined)
      return {
        batch: batch.id,
        key: list.name,
        streams: [list.stream],
        cursor,
        position: null,
        completeness: {
          proof: 'total',
          declared: { [list.stream]: total },
          covers: [list.stream],
        },
      };
    context.log.warn('total-changed', { list: list.name, attempt });
  }
  throw dhis2Trouble('total-unstable', list.name);
}

const pager = z.object({ pager: z.object({ total: z.int().min(0) }) });

/** Gives undefined when the list moved on the way: its total changed, or an object of the page before came again. */
async function landList(
  context: ReadContext<Dhis2Config>,
  service: Dhis2Service,
  { name, fields }: MetadataList,
  batch: BatchWriter,
): Promise<number | undefined> {
  const members = fields.map(({ json }) => json.replace(/\.(.+)$/, '[$1]'));
  const seen = new Set<string>();
  let received = 0;
  let declared: number | undefined;
  let before: ReadonlySet<string> = new Set();
  let full = metadataPage;
  const ask = (page: number) => {
    const query = new URLSearchParams({
      fields: ['id', 'lastUpdated', ...members].join(','),
      order: 'id:asc',
      page: String(page),
      pageSize: String(metadataPage),
      paging: 'true',
    });
    return service.get(`${name}.json?${query.toString()}`, { list: name });
  };
  for (let page = 1; declared === undefined || received < declared; page += 1) {
    context.signal.throwIfAborted();
    const answer = await ask(page);
    const read = pager.safeParse(answer.body);
    const records = recordsOf(answer, name);
    if (!read.success || !records) throw dhis2Trouble('page-missing', `${name}: pager`);
    declared ??= read.data.pager.total;
    const ids = idsOf(records);
    if (read.data.pager.total !== declared || ids.some((id) => before.has(id))) return undefined;
    before = new Set(ids);
    await landPage(batch, answer, records.length, page, seen);
    received += records.length;
    if (
      received === declared &&
      records.length >= full &&
      hasMore(name, answer, await ask(page + 1))
    )
      throw dhis2Trouble('total-too-small', `${name}: ${declared}`);
    if (page === 1) full = Math.max(1, records.length);
    if (records.length === 0 && received < declared)
      throw dhis2Trouble('page-missing', `${name}: ${received} / ${declared}`);
  }
  if (received === declared) return declared;
  throw dhis2Trouble('page-missing', `${name}: ${received} / ${declared}`);
}

/** Whether objects follow behind a total; a server that gives its last page again for any later one has none. */
function hasMore(name: string, last: Dhis2Answer, next: Dhis2Answer): boolean {
  const isSame = Buffer.from(next.piece.bytes).equals(last.piece.bytes);
  return (recordsOf(next, name)?.length ?? 0) > 0 && !isSame;
}

const identified = z.object({ id: z.string() });

function idsOf(records: readonly unknown[]): readonly string[] {
  return records.flatMap((one) => {
    const read = identified.safeParse(one);
    return read.success ? [read.data.id] : [];
  });
}

/** Values are asked for in pages up to an empty one: the API tells no total. */
async function readValues(
  context: ReadContext<Dhis2Config>,
  service: Dhis2Service,
  request: ReadRequest,
): Promise<ReadBatch> {
  const { config } = context;
  const since = changedSince(config, request);
  const key = `dataValueSets:${since}`;
  const batch = await context.openBatch(key);
  const seen = new Set<string>();
  let newest = newestOf(request);
  for (let offset = 0, page = 1; ; page += 1) {
    context.signal.throwIfAborted();
    const answer = await service.get(`dataValueSets.json?${valueQuery(config, since, offset)}`, {
      list: 'dataValues',
    });
    const records = recordsOf(answer, 'dataValues') ?? [];
    await landPage(batch, answer, records.length, page, seen);
    newest = records.reduce<string | undefined>(
      (latest, record) => later(latest, updatedAt(record, config, context.now())),
      newest,
    );
    offset += records.length;
    if (records.length === 0) break;
  }
  return {
    batch: batch.id,
    key,
    streams: [healthValue.stream],
    cursor: newest === undefined ? null : { updated: newest },
    position: null,
    completeness: { proof: 'end-marker', declared: {}, emptyExpected: true },
  };
}

function valueQuery(config: Dhis2Config, since: string, offset: number): string {
  const query = new URLSearchParams([
    ...config.dataSets.map((id) => ['dataSet', id]),
    ...config.orgUnits.map((id) => ['orgUnit', id]),
    ['children', 'true'],
    ['includeDeleted', 'true'],
    ['lastUpdated', since],
    ['limit', String(config.pageSize)],
    ['offset', String(offset)],
  ]);
  return query.toString();
}

async function readAnalytics(
  context: ReadContext<Dhis2Config>,
  service: Dhis2Service,
  { name, dimension, filter }: Dhis2Config['analytics'][number],
  cursor: ReadBatch['cursor'],
): Promise<ReadBatch> {
  const query = new URLSearchParams([
    ...dimension.map((one) => ['dimension', one]),
    ...filter.map((one) => ['filter', one]),
    ['skipMeta', 'true'],
    ['skipRounding', 'true'],
  ]);
  const answer = await service.get(`analytics.json?${query.toString()}`, { query: name });
  const rows = recordsOf(answer, 'rows');
  const { height } = answer.body;
  if (!rows || (typeof height === 'number' && height !== rows.length))
    throw dhis2Trouble(
      'page-missing',
      `analytics ${name}: ${rows?.length ?? '?'} / ${String(height)}`,
    );
  const key = `analytics:${name}`;
  const batch = await context.openBatch(key);
  await batch.land({ ...answer.piece, name: `${key}.json` });
  const { stream } = healthAnalytics;
  return {
    batch: batch.id,
    key,
    streams: [stream],
    cursor,
    position: null,
    completeness: { proof: 'end-marker', declared: { [stream]: rows.length }, covers: [stream] },
  };
}

async function landPage(
  batch: BatchWriter,
  { piece }: Dhis2Answer,
  records: number,
  page: number,
  seen: Set<string>,
): Promise<void> {
  const digest = createHash('sha256').update(piece.bytes).digest('base64');
  if (records > 0 && seen.has(digest)) throw dhis2Trouble('page-repeats', `${batch.key}, ${page}`);
  seen.add(digest);
  await batch.land({
    ...piece,
    name: `${batch.key} ${String(page).padStart(5, '0')}.json`,
    request: { ...piece.request, records },
  });
}

function recordsOf({ body }: Dhis2Answer, member: string): readonly unknown[] | undefined {
  const records = body[member];
  return Array.isArray(records) ? records : undefined;
}

const updated = z.object({ lastUpdated: z.string() });

/** A value's time as an instant; one that is unreadable or in the future does not move the cursor. */
function updatedAt(record: unknown, { zone }: Dhis2Config, now: Date): string | undefined {
  const read = updated.safeParse(record);
  if (!read.success) return undefined;
  const instant = localTime(read.data.lastUpdated, zone);
  return instant === undefined || instant > now ? undefined : instant.toISOString();
}

function newestOf({ cursor, full }: ReadRequest): string | undefined {
  const read = cursorShape.safeParse(cursor);
  return read.success && !full ? read.data.updated : undefined;
}

/** The server takes times of its own clock. */
function changedSince(config: Dhis2Config, request: ReadRequest): string {
  const newest = newestOf(request);
  if (request.from !== undefined) return request.from;
  if (newest === undefined) return config.from;
  const from = new Date(Date.parse(newest) - config.lookBackHours * 3_600_000);
  return wallTime(from, config.zone);
}

/** An instant on the clock of a zone, `yyyy-MM-ddTHH:mm:ss`. */
function wallTime(instant: Date, zone: string): string {
  return instant.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T');
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
