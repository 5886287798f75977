import type { Progress } from '../../core/progress.ts';
import { letsPass, type BatchOutcome, type BatchRef } from '../batch-outcome.ts';
import type { ChunkLoaded, LoadChunk } from '../ingest-source.ts';
import { decodeAhead } from './decode-ahead.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';
import { batchRef } from './batch-ref.ts';
import { loadBatch, requireBatch } from './load-batch.ts';
import { loadTogether } from './load-together.ts';

/**
 * Publishes the batches of a chunk in their order, as one where they may go together, else one by one, decoding the next
 * while loading one. Stops between two batches when the run is cancelled. Run again it finds what is done and goes on.
 */
export async function loadChunk(
  deps: IngestDependencies,
  input: LoadChunk,
  progress: Progress,
): Promise<ChunkLoaded> {
  const batches = await refsOf(deps, input.batches);
  return input.together
    ? await loadWhole(deps, input, batches, progress)
    : await loadEach(deps, input, batches, progress);
}

/** The references of landed batches, from the journal. */
export async function refsOf(
  deps: Pick<IngestDependencies, 'store'>,
  batches: readonly { readonly batch: string }[],
): Promise<readonly BatchRef[]> {
  const refs: BatchRef[] = [];
  for (const { batch } of batches) refs.push(batchRef(await requireBatch(deps.store, batch)));
  return refs;
}

/** Batches that are loaded as one; a larger chunk is loaded in such groups. */
const groupSize = 50;

async function loadWhole(
  deps: IngestDependencies,
  { run, advance, done, source }: LoadChunk,
  batches: readonly BatchRef[],
  progress: Progress,
): Promise<ChunkLoaded> {
  let moves = advance;
  for (let at = 0; at < batches.length && !deps.signal.aborted; at += groupSize) {
    const group = batches.slice(at, at + groupSize);
    const following = batches.slice(at + groupSize, at + 2 * groupSize);
    void decodeAhead(deps, following).catch(() => undefined);
    const load = { batches: group, advance: moves, actor: `run:${run}` };
    const outcomes = await loadTogether(deps, load);
    moves &&= outcomes.every(letsPass);
    const last = group.at(-1);
    if (last) progress({ step: stepName(source, last.key), done: done + at + group.length });
  }
  return { advance: moves };
}

async function loadEach(
  deps: IngestDependencies,
  { run, advance, done, source }: LoadChunk,
  batches: readonly BatchRef[],
  progress: Progress,
): Promise<ChunkLoaded> {
  let moves = advance;
  for (const [index, batch] of batches.entries()) {
    if (deps.signal.aborted) break;
    const following = batches[index + 1];
    // What it meets, loading meets again and tells.
    if (following) void decodeAhead(deps, [following]).catch(() => undefined);
    const outcome: BatchOutcome = await loadBatch(deps, {
      batch,
      advance: moves,
      actor: `run:${run}`,
    });
    moves &&= letsPass(outcome);
    progress({ step: stepName(source, batch.key), done: done + index + 1 });
  }
  return { advance: moves };
}

function stepName(source: string, key: string) {
  return { vi: `Nạp ${source}: ${key}`, en: `Loading ${source}: ${key}` };
}
