import { createHash } from 'node:crypto';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import type { DvcConfig } from './config.ts';
import { dvcTrouble } from './dvc-trouble.ts';
import type { DvcService } from './service.ts';
import { windowKey, type Window } from './windows.ts';

/** A window whose pages are all landed. */
export interface LandedWindow {
  readonly batch: string;
  readonly total: number;
}

/** A window is read again when its total moves while it is read; after so many times the source is told unstable. */
const attempts = 3;

/** Lands all pages of a window, each as it comes. The batch is whole when as many records came as were declared. */
export async function readWindow(
  context: ReadContext<DvcConfig>,
  service: DvcService,
  window: Window,
): Promise<LandedWindow> {
  const key = windowKey(window);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const batch = await context.openBatch(key);
    const total = await landPages(context, service, window, batch);
    if (total !== undefined) return { batch: batch.id, total };
    context.log.warn('total-changed', { key, attempt });
  }
  throw dvcTrouble('total-unstable', key);
}

/** Gives the total, or undefined when it changed on the way or records went missing. */
async function landPages(
  context: ReadContext<DvcConfig>,
  service: DvcService,
  window: Window,
  batch: BatchWriter,
): Promise<number | undefined> {
  const seen = new Set<string>();
  let size = context.config.pageSize;
  let received = 0;
  let declared: number | undefined;
  for (let page = 1; declared === undefined || received < declared; page += 1) {
    context.signal.throwIfAborted();
    const { piece, records, total } = await service.get(pagePath(window, page, size));
    if (total === undefined) throw dvcTrouble('page-missing', `${batch.key}: total`);
    if (records > 0) refuseRepeat(seen, piece.bytes, `${batch.key}, ${page}`);
    declared ??= total;
    if (total !== declared) return undefined;
    await batch.land({ ...piece, name: `${batch.key} ${String(page).padStart(5, '0')}.json` });
    received += records;
    if (records === 0 && received < declared)
      throw dvcTrouble('page-missing', `${batch.key}: ${received} / ${declared}`);
    if (
      received === declared &&
      records >= size &&
      (await hasMore(service, window, page, size, piece.bytes))
    )
      throw dvcTrouble('total-too-small', `${batch.key}: ${declared}`);
    // A silently smaller page moves the borders of the following ones: go on in the size that is given.
    if (page === 1) size = Math.min(size, Math.max(1, records));
  }
  if (received === declared) return declared;
  throw dvcTrouble('page-missing', `${batch.key}: ${received} / ${declared}`);
}

/** Whether records follow behind a total; a service that gives its last page again for any later one has none. */
async function hasMore(
  service: DvcService,
  window: Window,
  page: number,
  size: number,
  last: Uint8Array,
): Promise<boolean> {
  const { piece, records } = await service.get(pagePath(window, page + 1, size));
  return records > 0 && !Buffer.from(piece.bytes).equals(last);
}

/** A page is known by its bytes from the records on: the total before them may differ. */
function refuseRepeat(seen: Set<string>, bytes: Uint8Array, where: string): void {
  const start = Buffer.from(bytes).indexOf('"data"');
  const digest = createHash('sha256').update(bytes.subarray(start)).digest('base64');
  if (seen.has(digest)) throw dvcTrouble('page-repeats', where);
  seen.add(digest);
}

function pagePath({ from, to }: Window, page: number, size: number): string {
  const query = new URLSearchParams({
    tuNgay: `${from} 00:00:00`,
    denNgay: `${to} 23:59:59`,
    trang: String(page),
    soLuong: String(size),
  });
  return `hoso?${query.toString()}`;
}
