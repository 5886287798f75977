import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { EinvoiceConfig } from './config.ts';
import { einvoiceError } from './einvoice-trouble.ts';
import { coveredStreams } from './covered-streams.ts';
import { readStates } from './read-states.ts';
import type { IndexEntry } from './sharing-service.ts';
import { SharingService } from './sharing-service.ts';
import type { SourcePosition } from './source-position.ts';
import { positionOf } from './source-position.ts';
import { fileStreams } from './streams.ts';

/** Reads the sharing service: new files in the order of their publishing, then states month by month. */
export async function* readService(
  context: ReadContext<EinvoiceConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const service = new SharingService(context);
  let position = positionOf(request.position ?? (request.full ? undefined : request.cursor));
  if (position.month === undefined && coveredStreams(request, fileStreams).length > 0)
    for await (const batch of readFiles(context, request, service, position)) {
      position = positionOf(batch.position);
      yield batch;
    }
  yield* readStates(context, request, service, position);
}

async function* readFiles(
  context: ReadContext<EinvoiceConfig>,
  request: ReadRequest,
  service: SharingService,
  start: SourcePosition,
): AsyncGenerator<ReadBatch> {
  const bounded = request.from !== undefined || request.to !== undefined;
  const listed = await service.index(bounded ? undefined : start.since);
  const wanted = listed.filter((entry) =>
    bounded ? overlaps(entry, request) : !isDone(entry, start),
  );
  let position = start;
  for (const [at, entry] of wanted.entries()) {
    context.signal.throwIfAborted();
    const after = advanced(position, entry, wanted[at + 1]?.published_at);
    const batch = await readFile(context, request, service, entry);
    // A re-read of chosen days leaves the cursor where it was.
    if (!bounded) position = after;
    yield { ...batch, cursor: position, position: after };
  }
}

function overlaps(entry: IndexEntry, { from, to }: ReadRequest): boolean {
  return (
    (to === undefined || entry.issued_from <= to) && (from === undefined || entry.issued_to >= from)
  );
}

function isDone(entry: IndexEntry, { at, done }: SourcePosition): boolean {
  return entry.published_at === at && (done ?? []).includes(entry.name);
}

/** The position after a file: its time is entirely done when the next file has another. */
function advanced(
  { since, at, done, firstMonth }: SourcePosition,
  { name, published_at, issued_from }: IndexEntry,
  next: string | undefined,
): SourcePosition {
  const month = issued_from.slice(0, 7);
  const first = firstMonth === undefined || month < firstMonth ? month : firstMonth;
  if (next !== published_at) return { since: published_at, firstMonth: first };
  const names = at === published_at ? (done ?? []) : [];
  return {
    ...(since === undefined ? {} : { since }),
    at: published_at,
    done: [...names, name],
    firstMonth: first,
  };
}

async function readFile(
  context: ReadContext<EinvoiceConfig>,
  request: ReadRequest,
  service: SharingService,
  entry: IndexEntry,
): Promise<Omit<ReadBatch, 'cursor' | 'position'>> {
  const { name, published_at, sha256, size } = entry;
  const writer = await context.openBatch(name);
  const answer = await service.file(name);
  const mediaType = answer.headers['content-type'];
  const landed = await writer.land({
    name,
    bytes: answer.body,
    ...(mediaType === undefined ? {} : { mediaType }),
    request: { method: 'GET', url: service.address(`/files/${name}`), publishedAt: published_at },
    response: { status: answer.status, headers: answer.headers },
  });
  if ((sha256 ?? landed.sha256) !== landed.sha256 || (size ?? landed.bytes) !== landed.bytes)
    throw einvoiceError('einvoice-file-differs', name, { file: name });
  return {
    batch: writer.id,
    key: name,
    streams: coveredStreams(request, fileStreams),
    completeness: { proof: sha256 === null ? 'end-marker' : 'digest' },
  };
}
