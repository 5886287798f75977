import { failureOf, PhusaError, type Failure } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { LoadStatus } from '../core/load-counts.ts';
import type { PipelineContext } from './pipeline.ts';

/** What to ingest. */
export interface IngestInput {
  readonly source: string;
  readonly actor: string;
  readonly streams?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly full: boolean;
  /** Leaves the source's cursor where it is: older periods are read beside what is read day by day. */
  readonly keepCursor?: boolean;
}

/** What the ingest pipeline needs done for it. Batches travel by name: their rows and bytes stay where they are. */
export interface IngestActivities {
  startRun(input: IngestInput & { readonly run: string }): Promise<void>;
  /** Reads and lands the next batches from `position`. */
  readChunk(input: ReadChunk): Promise<ChunkRead>;
  /** A head start on batches that will be loaded next, as one; changes nothing, and may do nothing. */
  decodeAhead(input: { readonly batches: readonly string[] }): Promise<void>;
  /** Decodes, checks and publishes a chunk's batches in their order. */
  loadChunk(input: LoadChunk): Promise<ChunkLoaded>;
  finishRun(input: {
    readonly run: string;
    readonly source: string;
    readonly cancelled: boolean;
    readonly failure: Failure | null;
  }): Promise<RunEnd>;
}

/** Where reading goes on. */
export interface ReadChunk extends IngestInput {
  readonly run: string;
  readonly position: Json | undefined;
}

/** A landed batch by name. */
export interface LandedBatch {
  readonly batch: string;
  readonly key: string;
}

/** A chunk of landed batches. */
export interface ChunkRead {
  readonly batches: readonly LandedBatch[];
  readonly position: Json | undefined;
  readonly done: boolean;
  /** Whether the batches may be loaded together. */
  readonly together: boolean;
}

/** What to load. */
export interface LoadChunk {
  readonly run: string;
  readonly source: string;
  readonly batches: readonly LandedBatch[];
  readonly together: boolean;
  /** False leaves the source's cursor where it is. */
  readonly advance: boolean;
  /** Batches of this run that were loaded before. */
  readonly done: number;
}

/** Whether the cursor may move on past what was loaded. */
export interface ChunkLoaded {
  readonly advance: boolean;
}

/** How a run ended; the control store has the rest under its name. */
export interface RunEnd {
  readonly source: string;
  readonly run: string;
  readonly status: LoadStatus;
}

/**
 * Reads a source chunk by chunk and publishes batch by batch, reading the next chunk and decoding the next
 * batch while loading this one.
 * After a batch that was not published the cursor stays, so that the next run reads it again.
 */
export async function ingestSource(
  context: PipelineContext<IngestActivities>,
  input: IngestInput,
): Promise<RunEnd> {
  const { activities } = context;
  const run = context.id('run');
  await activities.startRun({ ...input, run });
  let failure: Failure | null = null;
  try {
    await readAndLoad(context, { ...input, run });
  } catch (error) {
    failure = failureOf(error);
  }
  const cancelled = context.cancelled();
  return await activities.finishRun({ run, source: input.source, cancelled, failure });
}

async function readAndLoad(
  context: PipelineContext<IngestActivities>,
  input: IngestInput & { readonly run: string },
): Promise<void> {
  const { activities } = context;
  const { run, source } = input;
  const next = (position: Json | undefined) => activities.readChunk({ ...input, position });
  const nextAhead = async (position: Json | undefined): Promise<ChunkRead> => {
    const chunk = await next(position);
    // What it meets, loading meets again and tells.
    if (chunk.together) void settled(activities.decodeAhead({ batches: namesOf(chunk) }));
    return chunk;
  };
  const keys = new Set<string>();
  let chunk = await next(undefined);
  let advance = input.keepCursor !== true;
  for (;;) {
    const ahead = chunk.done ? undefined : settled(nextAhead(chunk.position));
    const { batches, together } = chunk;
    const done = keys.size;
    for (const { key } of batches) {
      if (keys.has(key)) throw repeatedBatch(source, key);
      keys.add(key);
    }
    if (batches.length > 0 && !context.cancelled()) {
      const load = { run, source, batches, together, advance, done };
      advance = (await activities.loadChunk(load)).advance;
      context.log({ step: readingStep(source), done: keys.size });
    }
    if (!ahead || context.cancelled()) return;
    chunk = await unwrapped(ahead);
  }
}

function namesOf({ batches }: ChunkRead): readonly string[] {
  return batches.map(({ batch }) => batch);
}

function readingStep(source: string) {
  return { vi: `Nạp ${source}`, en: `Loading ${source}` };
}

/** A connector that does not go on from its position would be read for ever. */
function repeatedBatch(source: string, key: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'batch-repeated',
    message: {
      vi: `Nguồn “${source}” trả lại lô “${key}” hai lần trong một lượt đọc.`,
      en: `Source “${source}” gave batch “${key}” twice in one run.`,
    },
    remedy: {
      vi: 'Báo cho người phụ trách bộ kết nối: vị trí đọc không tiến lên.',
      en: 'Tell the owner of the connector: its position does not move on.',
    },
    place: { source },
  });
}

type Settled<T> = Promise<{ readonly value: T } | { readonly error: unknown }>;

// The read-ahead may fail while batches are still loading: its error waits here until it is asked for.
function settled<T>(promise: Promise<T>): Settled<T> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

async function unwrapped<T>(settledPromise: Settled<T>): Promise<T> {
  const result = await settledPromise;
  if ('error' in result) throw result.error;
  return result.value;
}
