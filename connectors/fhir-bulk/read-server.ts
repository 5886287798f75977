import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';
import { saysItsEnd } from '../body-end.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { BulkServer, errorsIn, expired, type ManifestAnswer } from './bulk-server.ts';
import type { FhirConfig } from './config.ts';
import type { ExportFile } from './export-manifest.ts';
import { fhirTrouble } from './fhir-trouble.ts';
import { fhirStreams } from './streams.ts';

const cursorShape = z.object({ transactionTime: z.iso.datetime({ offset: true }) });

/** How often an export is asked for anew when its results expired, and a file when its body broke off. */
const attempts = 3;

/**
 * Reads one export: everything, or what changed since the `transactionTime` of the last one (the server's own clock).
 * All its files are one batch, so that the cursor moves only when all of them are published. The export is ended at the
 * server when it was read, given up or cancelled.
 */
export async function* readServer(
  context: ReadContext<FhirConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const streams = fhirStreams(context.config).map(({ stream }) => stream);
  const isWanted = streams.some((stream) => request.streams?.includes(stream) ?? true);
  if (!isWanted || request.position !== undefined) return;
  const server = new BulkServer(context);
  const since = sinceOf(context.config, request);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const landed = await readExport(context, server, since);
    if (landed === expired) {
      context.log.warn('export-expired', { attempt });
      continue;
    }
    const isWhole = since === undefined && landed.errors === 0;
    yield {
      batch: landed.batch.id,
      key: landed.batch.key,
      streams,
      cursor: { transactionTime: later(landed.transactionTime, request.cursor) },
      position: 'done',
      completeness: {
        proof: landed.counted ? 'total' : 'end-marker',
        emptyExpected: since !== undefined,
        ...(isWhole ? { covers: streams } : {}),
      },
    };
    return;
  }
  throw fhirTrouble('export-expired', String(attempts));
}

interface LandedExport {
  readonly batch: BatchWriter;
  readonly transactionTime: string;
  /** Whether every file said how many resources it has. */
  readonly counted: boolean;
  readonly errors: number;
}

async function readExport(
  context: ReadContext<FhirConfig>,
  server: BulkServer,
  since: string | undefined,
): Promise<LandedExport | typeof expired> {
  const statusUrl = await server.begin(since);
  try {
    let answer: ManifestAnswer | typeof expired | undefined = await server.finished(statusUrl);
    if (answer === expired) return expired;
    const batch = await context.openBatch(`export:${since ?? 'all'}`);
    const { transactionTime } = answer.manifest;
    const seen = { files: 0, counted: true, errors: 0 };
    while (answer !== undefined) {
      context.signal.throwIfAborted();
      await batch.land({ name: `manifest ${seen.files}.json`, ...answer.piece });
      if ((await landFiles(context, server, batch, answer, seen)) === expired) return expired;
      answer = await server.next(answer);
      if (answer === expired) return expired;
    }
    return { batch, transactionTime, counted: seen.counted, errors: seen.errors };
  } finally {
    await server.end(statusUrl);
  }
}

interface SeenFiles {
  files: number;
  counted: boolean;
  errors: number;
}

async function landFiles(
  context: ReadContext<FhirConfig>,
  server: BulkServer,
  batch: BatchWriter,
  answer: ManifestAnswer,
  seen: SeenFiles,
): Promise<typeof expired | undefined> {
  const { output, deleted, error } = answer.manifest;
  const wanted = output.filter(({ type }) => context.config.types.some((one) => one === type));
  const parts = [
    ...error.map((file) => ({ file, part: 'error' })),
    ...wanted.map((file) => ({ file, part: 'output' })),
    ...deleted.map((file) => ({ file, part: 'deleted' })),
  ];
  for (const { file, part } of parts) {
    context.signal.throwIfAborted();
    seen.files += 1;
    seen.counted &&= file.count !== undefined;
    const name = `${String(seen.files).padStart(5, '0')} ${file.type ?? part}.ndjson`;
    const errors = await landFile(server, batch, answer, { file, part, name });
    if (errors === expired) return expired;
    seen.errors += errors;
    if (errors > 0 && !context.config.acceptErrors)
      throw fhirTrouble('export-has-errors', String(errors));
  }
  return undefined;
}

interface PartOfExport {
  readonly file: ExportFile;
  readonly part: string;
  readonly name: string;
}

/** Lands one file; a body that breaks off is asked for again. Gives how many errors an error file tells of. */
async function landFile(
  server: BulkServer,
  batch: BatchWriter,
  answer: ManifestAnswer,
  { file, part, name }: PartOfExport,
): Promise<number | typeof expired> {
  for (let attempt = 1; ; attempt += 1) {
    const opened = await server.file(file, answer);
    if (opened === expired) return expired;
    const counter = new LineCounter(part === 'error');
    try {
      await batch.land({
        name,
        bytes: counter.counted(opened.answer.body, () =>
          refuseCut(file, counter, opened.answer, name),
        ),
        mediaType: 'application/fhir+ndjson',
        request: {
          ...publicRequest(opened.request),
          part,
          resourceType: file.type ?? '',
          transactionTime: answer.manifest.transactionTime,
        },
        response: { status: opened.answer.status, headers: opened.answer.headers },
      });
      return errorsIn(counter.text);
    } catch (cause) {
      if (!mayPass(cause) || attempt === attempts) throw cause;
    }
  }
}

/** Whether asking again may help: the connection broke, or fewer resources came than were declared. */
function mayPass(cause: unknown): boolean {
  if (!(cause instanceof PhusaError)) return false;
  return (
    cause.group === 'retriable' || cause.code === 'file-miscounted' || cause.code === 'file-cut'
  );
}

/**
 * A file is whole when it has the declared number of resources. Where none is declared, its last line has to be one, and
 * its end has to be said by the transport: lines of a body that ends with the connection may be cut after any of them.
 */
function refuseCut(
  { count }: ExportFile,
  { lines, endsWithin }: LineCounter,
  { headers }: HttpAnswer,
  name: string,
): void {
  if (count !== undefined && count !== lines)
    throw fhirTrouble('file-miscounted', `${name}: ${lines} / ${count}`);
  if (count === undefined && (endsWithin || !saysItsEnd(headers)))
    throw fhirTrouble('file-cut', name);
}

/** The longest text of an error file, and of a last line, that is looked at. */
const longestText = 1 << 20;

/** Counts the lines that hold anything while bytes pass by. */
class LineCounter {
  lines = 0;
  text = '';
  private inLine = false;
  private last: Buffer[] = [];
  private lastBytes = 0;
  private readonly keeps: boolean;

  constructor(keeps: boolean) {
    this.keeps = keeps;
  }

  /** Whether the bytes end in the middle of a resource. A last line that is very long is believed. */
  get endsWithin(): boolean {
    const line = Buffer.concat(this.last).toString('utf8').trim();
    return this.lastBytes <= longestText && line !== '' && parsedLine(line) === undefined;
  }

  async *counted(body: AsyncIterable<Uint8Array>, ended: () => void): AsyncGenerator<Uint8Array> {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      this.count(chunk);
      this.keepLast(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (this.keeps && this.text.length < longestText)
        this.text += decoder.decode(chunk, { stream: true });
      yield chunk;
    }
    ended();
  }

  private count(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === 10) this.inLine = false;
      else if (byte > 32 && !this.inLine) {
        this.inLine = true;
        this.lines += 1;
      }
    }
  }

  private keepLast(chunk: Buffer): void {
    const end = chunk.lastIndexOf(10);
    if (end >= 0) [this.last, this.lastBytes] = [[], 0];
    const rest = chunk.subarray(end + 1);
    this.lastBytes += rest.length;
    if (this.lastBytes <= longestText) this.last.push(Buffer.from(rest));
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function sinceOf(
  { lookBackMinutes }: FhirConfig,
  { from, full, cursor }: ReadRequest,
): string | undefined {
  if (from !== undefined) return new Date(`${from}T00:00:00+07:00`).toISOString();
  const read = cursorShape.safeParse(cursor);
  if (full || !read.success) return undefined;
  return new Date(Date.parse(read.data.transactionTime) - lookBackMinutes * 60_000).toISOString();
}

/** The cursor never goes back, whatever the server's clock does. */
function later(transactionTime: string, cursor: ReadRequest['cursor']): string {
  const now = new Date(transactionTime).toISOString();
  const read = cursorShape.safeParse(cursor);
  return read.success && read.data.transactionTime > now ? read.data.transactionTime : now;
}
