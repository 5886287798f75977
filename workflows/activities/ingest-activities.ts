import { z } from 'zod';
import { PhusaError, type Failure } from '../../core/errors.ts';
import { allRows } from '../../control/every-row.ts';
import type { ControlStore, StateRow } from '../../control/port.ts';
import { asJson, textList } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import { addCounts, noRows } from '../../core/load-counts.ts';
import type { Progress } from '../../core/progress.ts';
import type { BatchOutcome } from '../batch-outcome.ts';
import type { IngestActivities, IngestInput, RunEnd } from '../ingest-source.ts';
import { summarizeRun, type RunResult } from '../run-result.ts';
import { batchRef } from './batch-ref.ts';
import { decodeAhead } from './decode-ahead.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';
import { keptFailure } from './kept-failure.ts';
import { outcomeOf } from './load-batch.ts';
import { loadChunk, refsOf } from './load-chunk.ts';
import { followRelease } from './pinned-release.ts';
import { readChunk, usualChunk, type ChunkLimits } from './read-chunk.ts';
import { requireActive, sourceState } from './source-state.ts';

/** The activities of the ingest pipeline over their dependencies; each may be run again after its effect. */
export function createIngestActivities(
  deps: IngestDependencies,
  progress: Progress = () => undefined,
  chunk: ChunkLimits = usualChunk,
): IngestActivities {
  return {
    startRun: (input) => startRun(deps, input),
    readChunk: (input) => readChunk(deps, input, chunk),
    decodeAhead: async ({ batches }) =>
      await decodeAhead(
        deps,
        await refsOf(
          deps,
          batches.map((batch) => ({ batch })),
        ),
      ),
    loadChunk: (input) => loadChunk(deps, input, progress),
    finishRun: (input) => finishRun(deps, input),
  };
}

async function startRun(
  deps: IngestDependencies,
  input: IngestInput & { readonly run: string },
): Promise<void> {
  await followRelease(deps, input.source);
  const source = await sourceState(deps, input.source);
  requireActive(source);
  const known = source.connector.streams(source.config).map(({ stream }) => stream);
  const unknown = (input.streams ?? []).filter((stream) => !known.includes(stream));
  if (unknown.length > 0) throw unknownStream(source.name, unknown, known);
  await deps.store.decide(async (journal) => {
    if (await journal.get('run', input.run)) return;
    await journal.record({
      kind: 'run.started',
      subject: input.run,
      actor: input.actor,
      data: {
        status: 'running',
        source: source.name,
        sourceVersion: source.version,
        connector: source.connector.name,
        connectorVersion: source.connector.version,
        streams: input.streams ?? known,
        full: input.full,
        ...(deps.workflow ? { workflow: { ...deps.workflow } } : {}),
      },
    });
  });
}

async function finishRun(
  deps: IngestDependencies,
  input: Parameters<IngestActivities['finishRun']>[0],
): Promise<RunEnd> {
  const run = await deps.store.get('run', input.run);
  if (!run) throw new TypeError(`run ${input.run} was never journalled`);
  if (run.status !== 'running') {
    const { source, status } = runResultOf(run);
    return { source, run: input.run, status };
  }
  const source = await sourceState(deps, input.source);
  const failure = input.failure ? await keptFailure(deps.store, input.failure) : undefined;
  await giveUpLanded(deps.store, input.run);
  const outcomes = await runOutcomes(deps.store, input.run);
  const result = summarizeRun(
    { source: input.source, run: input.run, cursor: source.cursor ?? null },
    textList(run.data, 'streams'),
    outcomes,
    failure,
    input.cancelled,
  );
  await recordFinished(deps.store, result, failure);
  return { source: result.source, run: result.run, status: result.status };
}

/** What a finished run came to, as the journal has it. */
export async function runResult(store: ControlStore, run: string): Promise<RunResult> {
  const row = await store.get('run', run);
  if (!row) throw new TypeError(`run ${run} was never journalled`);
  const batches = (await runOutcomes(store, run)).map(({ batch }) => batch);
  return { ...runResultOf(row), batches };
}

function runResultOf(row: StateRow): Omit<RunResult, 'batches'> {
  const { source, status, results } = finished.parse({ ...row.data, status: row.status });
  return { source, run: row.id, status, streams: results };
}

const text = z.object({ vi: z.string(), en: z.string() });
const loadStatus = z.enum(['ok', 'empty', 'partial', 'held', 'failed', 'cancelled']);
const count = z.int();

/** A finished run's row; one that broke off with its process has no results. */
const finished = z.object({
  source: z.string(),
  status: loadStatus,
  results: z
    .array(
      z.object({
        stream: z.string(),
        cursor: z.json(),
        status: loadStatus,
        reason: text.nullable(),
        received: count,
        new: count,
        changed: count,
        unchanged: count,
        duplicate: count,
        filtered: count,
        quarantined: count,
        deleted: count,
      }),
    )
    .default([]),
});

/** Batches that were landed before the run broke off are read again by the next, from the cursor. */
async function giveUpLanded(store: ControlStore, run: string): Promise<void> {
  const rows = await allRows(store, 'batch', { where: { run }, status: ['landed'] });
  if (rows.length === 0) return;
  await store.decide(async (journal) => {
    for (const { id } of rows) {
      const data = { status: 'abandoned' };
      await journal.record({ kind: 'batch.abandoned', subject: id, actor: `run:${run}`, data });
    }
  });
}

async function recordFinished(
  store: ControlStore,
  result: RunResult,
  failure: Failure | undefined,
): Promise<void> {
  await store.decide(async (journal) => {
    const { at } = await journal.record({
      kind: 'run.finished',
      subject: result.run,
      actor: `run:${result.run}`,
      data: {
        status: result.status,
        streams: result.streams.map(({ stream }) => stream),
        results: result.streams.map(asJson),
        batches: result.batches.length,
        ...(failure ? { failure: asJson(failure) } : {}),
      },
    });
    await journal.record({
      kind: 'source.ran',
      subject: result.source,
      actor: `run:${result.run}`,
      data: { lastRun: lastRun(result, at) },
    });
  });
}

/** What a source tells of its last run: when it ended, how, and what came of it. */
function lastRun({ run, status, streams }: RunResult, at: string): JsonObject {
  const { received, new: added, changed, quarantined } = streams.reduce(addCounts, noRows);
  return { run, status, at, received, new: added, changed, quarantined };
}

/** The batches of a run, in the order they were landed. */
async function runOutcomes(store: ControlStore, run: string): Promise<readonly BatchOutcome[]> {
  const rows = await allRows(store, 'batch', { where: { run }, order: 'oldest' });
  return rows
    .filter(({ status }) => status !== 'landed' && status !== 'abandoned')
    .map(outcomeOfRow);
}

function outcomeOfRow(row: StateRow): BatchOutcome {
  return outcomeOf(row, batchRef(row));
}

function unknownStream(
  source: string,
  unknown: readonly string[],
  known: readonly string[],
): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'stream-unknown',
    message: {
      vi: `Nguồn “${source}” không có luồng ${unknown.join(', ')}.`,
      en: `Source “${source}” has no stream ${unknown.join(', ')}.`,
    },
    remedy: { vi: `Các luồng: ${known.join(', ')}.`, en: `Streams: ${known.join(', ')}.` },
    place: { source },
  });
}
