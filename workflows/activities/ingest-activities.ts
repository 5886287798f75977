import { z } from 'zod';
import { failureOf, PhusaError, type Failure } from '../../core/errors.ts';
import { allRows } from '../../control/every-row.ts';
import type { ControlStore, StateRow } from '../../control/port.ts';
import { asJson, textList, textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import { addCounts, noRows } from '../../core/load-counts.ts';
import type { BatchOutcome, BatchRef } from '../batch-outcome.ts';
import type { IngestActivities, IngestInput } from '../ingest-source.ts';
import { summarizeRun, type RunResult } from '../run-result.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';
import { decodeAhead } from './decode-ahead.ts';
import { loadBatch, outcomeOf } from './load-batch.ts';
import { loadTogether } from './load-together.ts';
import { readChunk } from './read-chunk.ts';
import { requireActive, sourceState } from './source-state.ts';

/** The activities of the ingest pipeline over their dependencies. */
export function createIngestActivities(deps: IngestDependencies): IngestActivities {
  return {
    startRun: (input) => startRun(deps, input),
    readChunk: (input) => readChunk(deps, input),
    decodeAhead: ({ batches }) => decodeAhead(deps, batches),
    loadBatch: ({ run, batch, advance }) =>
      loadBatch(deps, { batch, advance, actor: `run:${run}` }),
    loadTogether: ({ run, batches, advance }) =>
      loadTogether(deps, { batches, advance, actor: `run:${run}` }),
    finishRun: (input) => finishRun(deps, input),
  };
}

async function startRun(
  deps: IngestDependencies,
  input: IngestInput & { readonly run: string },
): Promise<void> {
  const source = await sourceState(deps, input.source);
  requireActive(source);
  const known = source.connector.streams(source.config).map(({ stream }) => stream);
  const unknown = (input.streams ?? []).filter((stream) => !known.includes(stream));
  if (unknown.length > 0) throw unknownStream(source.name, unknown, known);
  await deps.store.decide((journal) =>
    journal.record({
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
      },
    }),
  );
}

async function finishRun(
  deps: IngestDependencies,
  input: Parameters<IngestActivities['finishRun']>[0],
): Promise<RunResult> {
  const run = await deps.store.get('run', input.run);
  const source = await sourceState(deps, input.source);
  const failure = input.failure === null ? undefined : failureOf(input.failure);
  await giveUpLanded(deps.store, input.run);
  const outcomes = await runOutcomes(deps.store, input.run);
  const result = summarizeRun(
    { source: input.source, run: input.run, cursor: source.cursor ?? null },
    run ? textList(run.data, 'streams') : [],
    outcomes,
    failure,
    input.cancelled,
  );
  await recordFinished(deps.store, result, failure);
  return result;
}

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

/** Why a batch was believed to be whole, as `batch.landed` keeps it. */
const completenessSchema = z.object({
  proof: z.enum(['total', 'end-marker', 'digest', 'recount']),
  declared: z.record(z.string(), z.number()).exactOptional(),
  covers: z.array(z.string()).exactOptional(),
  emptyExpected: z.boolean().exactOptional(),
});

/** The reference of a journalled batch. */
export function batchRef(row: StateRow): BatchRef {
  return {
    batch: row.id,
    source: textMember(row.data, 'source'),
    key: textMember(row.data, 'key'),
    streams: textList(row.data, 'streams'),
    cursor: row.data['cursor'] ?? null,
    completeness: completenessSchema.parse(row.data['completeness']),
  };
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
