import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { collections, type Collection } from './collections.ts';
import type { OneRosterConfig } from './config.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';
import { RosterService, type RosterPage } from './service.ts';

/** The newest `dateLastModified` that was read, by collection. */
const cursorShape = z.object({ modified: z.record(z.string(), z.iso.datetime()) });
const positionShape = z.object({ collections: z.int() });

/** A collection whose pages are all landed. */
interface Landed {
  readonly batch: string;
  readonly total: number | undefined;
  readonly newest: string | undefined;
}

/** A collection is read again when its total moves while it is read; after so many times it is told unstable. */
const attempts = 3;

/**
 * Reads the collections in turn, one batch each: whole on a first or full reading, later what changed since some hours
 * before the newest record that was seen, by the service's own times.
 */
export async function* readService(
  context: ReadContext<OneRosterConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const service = new RosterService(context);
  const newest = { ...cursorOf(request.cursor) };
  for (const [at, collection] of restCollections(context.config, request).entries()) {
    if (at < positionOf(request.position)) continue;
    const since = changedAfter(context.config, request, newest[collection.name]);
    const key = since === undefined ? collection.name : `${collection.name}>${since}`;
    const landed = await landCollection(context, service, collection.name, key, since);
    const seen = later(newest[collection.name], landed.newest);
    if (seen !== undefined) newest[collection.name] = seen;
    yield batchOf(collection, key, since, landed, { modified: { ...newest } }, at + 1);
  }
}

function restCollections(config: OneRosterConfig, { streams }: ReadRequest): readonly Collection[] {
  const all: readonly Collection[] = collections;
  return all.filter(
    ({ name, stream, csvOnly }) =>
      csvOnly !== true &&
      config.collections.some((one) => one === name) &&
      (streams?.includes(stream) ?? true),
  );
}

function batchOf(
  { stream }: Collection,
  key: string,
  since: string | undefined,
  { batch, total }: Landed,
  cursor: ReadBatch['cursor'],
  done: number,
): ReadBatch {
  return {
    batch,
    key,
    streams: [stream],
    cursor,
    position: { collections: done },
    completeness: {
      proof: total === undefined ? 'end-marker' : 'total',
      ...(total === undefined ? {} : { declared: { [stream]: total } }),
      ...(since === undefined ? { covers: [stream] } : { emptyExpected: true }),
    },
  };
}

async function landCollection(
  context: ReadContext<OneRosterConfig>,
  service: RosterService,
  collection: string,
  key: string,
  since: string | undefined,
): Promise<Landed> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const batch = await context.openBatch(key);
    const landed = await landPages(context, service, collection, since, batch);
    if (landed !== undefined) return { batch: batch.id, ...landed };
    context.log.warn('total-changed', { key, attempt });
  }
  throw oneRosterTrouble('total-unstable', key);
}

/**
 * Gives undefined when the list moved on the way: its total changed, or a record of the page before came again. The next
 * offset counts what came, not what was asked for.
 */
async function landPages(
  context: ReadContext<OneRosterConfig>,
  service: RosterService,
  collection: string,
  since: string | undefined,
  batch: BatchWriter,
): Promise<Omit<Landed, 'batch'> | undefined> {
  const seen = new Set<string>();
  let newest: string | undefined;
  let declared: number | undefined;
  let before: ReadonlySet<string> = new Set();
  let full = context.config.pageSize;
  const ask = (offset: number) =>
    service.page(collection, {
      limit: context.config.pageSize,
      offset,
      ...(since === undefined ? {} : { changedAfter: since }),
    });
  for (let offset = 0, page = 1; ; page += 1) {
    context.signal.throwIfAborted();
    const got = await ask(offset);
    if (page > 1 && got.total !== declared) return undefined;
    if (declared !== undefined && got.ids.some((id) => before.has(id))) return undefined;
    declared = got.total;
    before = new Set(got.ids);
    if (got.records > 0) refuseRepeat(seen, got.piece.bytes, `${batch.key}, ${page}`);
    await batch.land({ ...got.piece, name: `${batch.key} ${String(page).padStart(5, '0')}.json` });
    offset += got.records;
    newest = got.modified.reduce<string | undefined>(
      (latest, time) => later(latest, plausible(time, context.now())),
      newest,
    );
    if (isLast(got, offset)) {
      if (declared !== undefined && got.records >= full && hasMore(got, await ask(offset)))
        throw oneRosterTrouble('total-too-small', `${batch.key}: ${declared}`);
      return { total: declared, newest };
    }
    if (page === 1) full = Math.max(1, got.records);
    if (got.records === 0 || (declared !== undefined && offset > declared))
      throw oneRosterTrouble('page-missing', `${batch.key}: ${offset} / ${declared ?? '?'}`);
  }
}

/** Whether records follow behind a total; a service that gives its last page again for any later one has none. */
function hasMore(last: RosterPage, next: RosterPage): boolean {
  return next.records > 0 && !Buffer.from(next.piece.bytes).equals(last.piece.bytes);
}

/** A total is reached, else no next page is linked, else a page is empty. */
function isLast(
  {
    total,
    hasNext,
    records,
  }: { total: number | undefined; hasNext: boolean | undefined; records: number },
  received: number,
): boolean {
  if (total !== undefined) return received === total;
  return hasNext === undefined ? records === 0 : !hasNext;
}

function refuseRepeat(seen: Set<string>, bytes: Uint8Array, where: string): void {
  const digest = createHash('sha256').update(bytes).digest('base64');
  if (seen.has(digest)) throw oneRosterTrouble('page-repeats', where);
  seen.add(digest);
}

function changedAfter(
  { lookBackHours }: OneRosterConfig,
  { from, full }: ReadRequest,
  newest: string | undefined,
): string | undefined {
  if (from !== undefined) return new Date(`${from}T00:00:00+07:00`).toISOString();
  if (full || newest === undefined) return undefined;
  return new Date(Date.parse(newest) - lookBackHours * 3_600_000).toISOString();
}

/** A time as an instant; one that is unreadable or in the future does not move the cursor. */
function plausible(time: string, now: Date): string | undefined {
  const instant = Date.parse(time);
  if (Number.isNaN(instant) || instant > now.getTime()) return undefined;
  return new Date(instant).toISOString();
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function cursorOf(cursor: ReadRequest['cursor']): Readonly<Record<string, string>> {
  const read = cursorShape.safeParse(cursor);
  return read.success ? read.data.modified : {};
}

function positionOf(position: ReadRequest['position']): number {
  const read = positionShape.safeParse(position);
  return read.success ? read.data.collections : 0;
}
