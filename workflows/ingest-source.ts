import { PhusaError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { letsPass, type BatchOutcome, type BatchRef } from './batch-outcome.ts';
import type { PipelineContext } from './pipeline.ts';
import type { RunResult } from './run-result.ts';

/** What to ingest. */
export interface IngestInput {
  readonly source: string;
  readonly actor: string;
  readonly streams?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly full: boolean;
}

/** What the ingest pipeline needs done for it. */
export interface IngestActivities {
  startRun(input: IngestInput & { readonly run: string }): Promise<void>;
  /** Reads and lands the next batches from `position`. */
  readChunk(input: ReadChunk): Promise<ChunkRead>;
  /** A head start on batches that will be loaded next, as one; changes nothing, and may do nothing. */
  decodeAhead(input: { readonly batches: readonly BatchRef[] }): Promise<void>;
  /** Decodes, checks and publishes one batch. `advance` false leaves the source's cursor where it is. */
  loadBatch(input: {
    readonly run: string;
    readonly batch: BatchRef;
    readonly advance: boolean;
  }): Promise<BatchOutcome>;
  /** Loads consecutive batches that may go together, as {@link loadBatch} would one after the other. */
  loadTogether(input: {
    readonly run: string;
    readonly batches: readonly BatchRef[];
    readonly advance: boolean;
  }): Promise<readonly BatchOutcome[]>;
  finishRun(input: {
    readonly run: string;
    readonly source: string;
    readonly cancelled: boolean;
    readonly failure: unknown;
  }): Promise<RunResult>;
}

/** Where reading goes on. */
export interface ReadChunk extends IngestInput {
  readonly run: string;
  readonly position: Json | undefined;
}

/** A chunk of landed batches. */
export interface ChunkRead {
  readonly batches: readonly BatchRef[];
  readonly position: Json | undefined;
  readonly done: boolean;
  /** Whether the batches may be loaded together. */
  readonly together: boolean;
}

/**
 * Reads a source chunk by chunk and publishes batch by batch, reading the next chunk and decoding the next
 * batch while loading this one.
 * After a batch that was not published the cursor stays, so that the next run reads it again.
 */
export async function ingestSource(
  context: PipelineContext<IngestActivities>,
  input: IngestInput,
): Promise<RunResult> {
  const { activities } = context;
  const run = context.id('run');
  await activities.startRun({ ...input, run });
  let failure: unknown;
  try {
    await readAndLoad(context, { ...input, run });
  } catch (error) {
    failure = error;
  }
  return await activities.finishRun({
    run,
    source: input.source,
    cancelled: context.cancelled(),
    failure: failure ?? null,
  });
}

async function readAndLoad(
  context: PipelineContext<IngestActivities>,
  input: IngestInput & { readonly run: string },
): Promise<void> {
  const { activities } = context;
  const next = (position: Json | undefined) => activities.readChunk({ ...input, position });
  const nextAhead = async (position: Json | undefined): Promise<ChunkRead> => {
    const chunk = await next(position);
    // What it meets, loading meets again and tells.
    if (chunk.together) void settled(activities.decodeAhead({ batches: chunk.batches }));
    return chunk;
  };
  const keys = new Set<string>();
  let chunk = await next(undefined);
  let advance = true;
  for (;;) {
    const ahead = chunk.done ? undefined : settled(nextAhead(chunk.position));
    for (const { key } of chunk.batches) {
      if (keys.has(key)) throw repeatedBatch(input.source, key);
      keys.add(key);
    }
    const load = chunk.together ? loadWhole : loadEach;
    advance = await load(context, input, chunk, {
      advance,
      done: keys.size - chunk.batches.length,
    });
    if (!ahead || context.cancelled()) return;
    chunk = await unwrapped(ahead);
  }
}

/** Where loading stands: whether the cursor still moves, and how many batches are done. */
interface LoadState {
  readonly advance: boolean;
  readonly done: number;
}

/** Loads a chunk's batches as one; says whether the cursor still moves. */
async function loadWhole(
  context: PipelineContext<IngestActivities>,
  { run, source }: IngestInput & { readonly run: string },
  { batches }: ChunkRead,
  { advance, done }: LoadState,
): Promise<boolean> {
  const last = batches.at(-1);
  if (!last || context.cancelled()) return advance;
  const outcomes = await context.activities.loadTogether({ run, batches, advance });
  context.log({ step: stepName(source, last.key), done: done + batches.length });
  return advance && outcomes.every(letsPass);
}

/** Loads a chunk's batches one by one, decoding the next while loading one; says whether the cursor still moves. */
async function loadEach(
  context: PipelineContext<IngestActivities>,
  { run, source }: IngestInput & { readonly run: string },
  { batches }: ChunkRead,
  { advance, done }: LoadState,
): Promise<boolean> {
  const { activities } = context;
  let moves = advance;
  for (const [index, batch] of batches.entries()) {
    if (context.cancelled()) return moves;
    const following = batches[index + 1];
    // What it meets, loading meets again and tells.
    if (following) void settled(activities.decodeAhead({ batches: [following] }));
    const outcome = await activities.loadBatch({ run, batch, advance: moves });
    moves &&= letsPass(outcome);
    context.log({ step: stepName(source, batch.key), done: done + index + 1 });
  }
  return moves;
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

function stepName(source: string, key: string) {
  return { vi: `Nạp ${source}: ${key}`, en: `Loading ${source}: ${key}` };
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
