import { textOf } from './answer-judgement.ts';
import { valueAt } from '../decode/document-path.ts';
import type { ManifestService, ServiceAnswer } from './manifest-service.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { nextPage, firstPage, type PagePlace } from './page-place.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import type { SliceValues } from './slices.ts';
import type { Scope } from './template.ts';

/** What is to be read: one slice of one window. */
export interface PagesWanted {
  readonly scope: Scope;
  readonly slice: SliceValues;
  /** For a test read: no more pages than this. */
  readonly most?: number;
}

/** How a slice was read. */
export interface PagesRead {
  readonly records: number;
  /** What the source said there is; undefined where it says nothing. */
  readonly total: number | undefined;
  /** The source changed on the way: what was read is not one state of it. */
  readonly unstable?: 'total-unstable' | 'page-missing';
}

/** Takes a page; the ordinal counts from 1. */
export type TakePage = (answer: ServiceAnswer, page: number) => Promise<void>;

/**
 * Reads a slice page by page. A page that comes twice is asked for once more, past caches, and never taken twice; a
 * way that leads back to where it has been ends the read (B14–B16). Throws data `page-repeats`, `total-missing`.
 */
export async function readPages(
  service: ManifestService,
  stream: ManifestStream,
  wanted: PagesWanted,
  take: TakePage,
): Promise<PagesRead> {
  const visited = new Set<string>();
  const digests = new Set<string>();
  let place: PagePlace | undefined = firstPage(stream.pagination);
  let received = 0;
  let total: number | undefined;
  for (let page = 1; place !== undefined; page += 1) {
    service.context.signal.throwIfAborted();
    if (visited.has(place.token)) throw manifestTrouble('page-repeats', place.token);
    visited.add(place.token);
    const answer: ServiceAnswer = await fresh(service, stream, wanted, place, digests);
    const said = totalOf(stream, answer);
    total ??= said;
    if (said !== total) return { records: received, total, unstable: 'total-unstable' };
    await take(answer, page);
    received += answer.facts.records;
    if (page === wanted.most) break;
    const next = nextPage(stream.pagination, place, { answer, received, total });
    if (next === undefined && missing(stream, received, total))
      return { records: received, total, unstable: 'page-missing' };
    place = next;
  }
  return { records: received, total };
}

async function fresh(
  service: ManifestService,
  stream: ManifestStream,
  wanted: PagesWanted,
  place: PagePlace,
  digests: Set<string>,
): Promise<ServiceAnswer> {
  for (let asked = 1; ; asked += 1) {
    const answer = await askFor(service, stream, wanted, place, asked > 1);
    const { digest, records } = answer.facts;
    if (records === 0) return answer;
    if (!digests.has(digest)) {
      digests.add(digest);
      return answer;
    }
    const where = `${stream.stream}: ${place.token}`;
    if (asked === 2) throw manifestTrouble('page-repeats', where);
    service.context.log.warn('page-repeated', { stream: stream.stream, page: place.token });
  }
}

async function askFor(
  service: ManifestService,
  stream: ManifestStream,
  { scope, slice }: PagesWanted,
  { url, page }: PagePlace,
  pastCaches: boolean,
): Promise<ServiceAnswer> {
  if (url !== undefined) return await service.linked(stream, url);
  const { request } = stream;
  if (request === undefined) throw manifestTrouble('reference-empty', `${stream.stream}.request`);
  const again = { ...request, headers: { ...request.headers, 'cache-control': 'no-cache' } };
  return await service.page(stream, pastCaches ? again : request, { ...scope, slice, page });
}

function totalOf(stream: ManifestStream, answer: ServiceAnswer): number | undefined {
  const { completeness: proof } = stream;
  if (proof.proof !== 'total') return undefined;
  if (answer.empty) return 0;
  const { path, header } = proof;
  const text =
    path === undefined
      ? answer.headers[header?.toLowerCase() ?? '']
      : textOf(valueAt(answer.facts.document, path));
  const total = Number(text);
  if (text === undefined || !Number.isInteger(total) || total < 0)
    throw manifestTrouble('total-missing', `${stream.stream}: ${path ?? header ?? ''}`);
  return total;
}

function missing(
  { completeness }: ManifestStream,
  received: number,
  total: number | undefined,
): boolean {
  if (completeness.proof !== 'total' || total === undefined) return false;
  return Math.abs(received - total) > completeness.tolerance;
}
