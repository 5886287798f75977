import type { JsonObject } from '../../core/json.ts';
import { PhusaError } from '../../core/errors.ts';
import type { BatchWriter, LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { Completeness } from '../port.ts';
import { valueAt } from '../decode/document-path.ts';
import { textOf } from './answer-judgement.ts';
import { buildRequest } from './build-request.ts';
import { runJob } from './export-job.ts';
import { formatFacts } from './format-facts.ts';
import type { ManifestService, ServiceAnswer } from './manifest-service.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { readPages, type PagesRead } from './read-pages.ts';
import type { CompletenessProof } from './schema/reading-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import type { SliceValues } from './slices.ts';
import type { Scope } from './template.ts';

/** One batch to be read: a window of a stream, or all of it, with all its slices. */
export interface BatchWanted {
  readonly key: string;
  readonly scope: Scope;
  readonly slices: readonly SliceValues[];
  readonly note: (answer: ServiceAnswer) => void;
  /** Records of one slice at which the source cuts off. */
  readonly cap?: number;
  /** For a test read: pages of each slice. */
  readonly sample?: number;
}

/** A batch whose bytes are landed; `full` when the source's cap was reached, so that it has to be read in parts. */
export type BatchLanded =
  | { readonly full: true }
  | { readonly full: false; readonly batch: string; readonly completeness: Completeness };

/** Reads of a batch whose source does not stand still. */
const attempts = 3;

/** Lands a batch; a source that changes meanwhile is read again from the start (B11, B19). */
export async function landBatch(
  service: ManifestService,
  stream: ManifestStream,
  wanted: BatchWanted,
): Promise<BatchLanded> {
  let reason: 'total-unstable' | 'page-missing' = 'total-unstable';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const batch = await service.context.openBatch(wanted.key);
    const landed = await landOnce(service, stream, wanted, batch);
    if (typeof landed !== 'string') return landed;
    reason = landed;
    service.context.log.warn(landed, { key: wanted.key, attempt });
  }
  throw manifestTrouble(reason, wanted.key);
}

async function landOnce(
  service: ManifestService,
  stream: ManifestStream,
  wanted: BatchWanted,
  batch: BatchWriter,
): Promise<BatchLanded | 'total-unstable' | 'page-missing'> {
  let total = 0;
  for (const slice of wanted.slices) {
    const read = await landSlice(service, stream, wanted, batch, slice);
    if (read.unstable !== undefined) return read.unstable;
    if (wanted.cap !== undefined && read.records >= wanted.cap) return { full: true };
    total += read.total ?? 0;
  }
  return { full: false, batch: batch.id, completeness: completenessOf(stream, wanted, total) };
}

async function landSlice(
  service: ManifestService,
  stream: ManifestStream,
  wanted: BatchWanted,
  batch: BatchWriter,
  slice: SliceValues,
): Promise<PagesRead> {
  const scope: Scope = { ...wanted.scope, slice };
  const name = [wanted.key, ...Object.values(slice).map(String)].join(' ');
  const job =
    stream.job === undefined ? undefined : await runJob(service, stream, stream.job, scope, name);
  if (job !== undefined && job.files.length > 0)
    return await landFiles(service, stream, batch, name, slice, job.files);
  const all: Scope = job === undefined ? scope : { ...scope, job: job.scope };
  if (isFile(stream)) return await landFile(service, stream, batch, name, slice, all);
  const before = await recount(service, stream, all);
  const most = wanted.sample === undefined ? {} : { most: wanted.sample };
  const read = await readPages(
    service,
    stream,
    { scope: all, slice, ...most },
    async (answer, page) => {
      wanted.note(answer);
      await landPage(batch, answer, `${name} ${String(page).padStart(5, '0')}`, slice, page);
    },
  );
  if (before === undefined || wanted.sample !== undefined) return read;
  return recounted(stream.completeness, read, before, await recount(service, stream, all));
}

/** Lands one answer as a page of a batch. */
export async function landPage(
  batch: BatchWriter,
  { piece }: ServiceAnswer,
  name: string,
  slice: SliceValues,
  page: number,
): Promise<void> {
  await batch.land({ ...piece, name, request: { ...piece.request, ...marks(slice, page) } });
}

function marks(slice: SliceValues, page: number): JsonObject {
  return { page, ...(Object.keys(slice).length === 0 ? {} : { slice }) };
}

/** Whether a stream's answer is one file that goes to landing as it comes, whatever its size. */
function isFile({ pagination, decoding, answers, completeness }: ManifestStream): boolean {
  const packed = decoding.unpack !== 'none';
  const unexamined = answers.length === 0 && completeness.proof === 'end-marker';
  return (
    pagination.kind === 'none' && (packed || (formatFacts[decoding.format].streams && unexamined))
  );
}

async function landFile(
  service: ManifestService,
  stream: ManifestStream,
  batch: BatchWriter,
  name: string,
  slice: SliceValues,
  scope: Scope,
): Promise<PagesRead> {
  if (stream.request === undefined)
    throw manifestTrouble('reference-empty', `${stream.stream}.request`);
  const request = buildRequest(
    service.manifest,
    stream.request,
    await service.filling(stream, scope),
  );
  await landWhole(batch, name, slice, () => service.stream(stream, request), service);
  return { records: 0, total: undefined };
}

async function landFiles(
  service: ManifestService,
  stream: ManifestStream,
  batch: BatchWriter,
  name: string,
  slice: SliceValues,
  files: readonly string[],
): Promise<PagesRead> {
  const { manifest } = service;
  for (const [index, file] of files.entries()) {
    const spec = { method: 'GET', path: file, headers: {}, query: {}, idempotent: true } as const;
    const request = buildRequest(manifest, spec, await service.filling(stream, {}));
    const own = files.length === 1 ? name : `${name} ${index + 1}`;
    await landWhole(batch, own, slice, () => service.stream(stream, request), service);
  }
  return { records: 0, total: undefined };
}

/** Bodies that broke off on their way to landing are fetched again from the start. */
const fileTries = 3;

async function landWhole(
  batch: BatchWriter,
  name: string,
  slice: SliceValues,
  fetchFile: () => Promise<Omit<LandedPiece, 'name'>>,
  service: ManifestService,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      const piece = await fetchFile();
      await batch.land({ ...piece, name, request: { ...piece.request, ...marks(slice, 1) } });
      return;
    } catch (error) {
      const passing = error instanceof PhusaError && error.group === 'retriable';
      if (!passing || tried === fileTries) throw error;
      await service.context.http.pause(500 * tried);
    }
  }
}

async function recount(
  service: ManifestService,
  stream: ManifestStream,
  scope: Scope,
): Promise<number | undefined> {
  const { completeness: proof } = stream;
  if (proof.proof !== 'recount') return undefined;
  const { document } = await service.ask(stream, proof.request, scope);
  const count = Number(textOf(valueAt(document, proof.path)));
  if (!Number.isInteger(count))
    throw manifestTrouble('total-missing', `${stream.stream}: ${proof.path}`);
  return count;
}

function recounted(
  proof: CompletenessProof,
  read: PagesRead,
  before: number,
  after: number | undefined,
): PagesRead {
  const tolerance = proof.proof === 'recount' ? proof.tolerance : 0;
  if (before !== after) return { ...read, unstable: 'total-unstable' };
  if (Math.abs(read.records - before) > tolerance) return { ...read, unstable: 'page-missing' };
  return { ...read, total: before };
}

function completenessOf(
  stream: ManifestStream,
  { sample }: BatchWanted,
  total: number,
): Completeness {
  const { completeness: proof, deletes, incremental, stream: name } = stream;
  const counted =
    sample === undefined &&
    proof.proof !== 'end-marker' &&
    proof.tolerance === 0 &&
    !stream.records.includes('[]');
  const whole = deletes === 'absence' && incremental === undefined;
  return {
    proof: proof.proof,
    ...(counted ? { declared: { [name]: total } } : {}),
    ...(whole ? { covers: [name] } : {}),
  };
}
