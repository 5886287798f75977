import { allRows } from '../control/every-row.ts';
import type { StateRow } from '../control/port.ts';
import { textList } from '../core/json-member.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import { isAnswered, replayBatch } from '../workflows/activities/replay-batch.ts';
import { requireActive, sourceState } from '../workflows/activities/source-state.ts';
import type { BatchOutcome } from '../workflows/batch-outcome.ts';
import { timeOrderedId } from '../workflows/embedded/host.ts';
import { summarizeRun } from '../workflows/run-result.ts';
import type { Call, IngestResult } from './port.ts';

/**
 * Decodes every landed batch of a source again by its present version, oldest first: a column that was declared only now
 * gets the values that the landed bytes have had all along. What was known before stays in history. Throws fatal
 * `source-not-active`.
 */
export async function backFill(
  deps: IngestDependencies,
  call: Call,
  name: string,
  stream: string | undefined,
): Promise<IngestResult> {
  const source = await sourceState(deps, name);
  requireActive(source);
  const run = timeOrderedId('replay', deps.clock.now());
  const rows = await landedBefore(deps, name, source.version, stream);
  const outcomes: BatchOutcome[] = [];
  for (const [index, { id }] of rows.entries()) {
    if (call.signal.aborted) break;
    const row = await deps.store.get('batch', id);
    // Deletions settle later batches with an earlier one.
    if (row && !isAnswered(row)) {
      const input = { batch: id, run, actor: call.person.actor };
      outcomes.push(...(await replayBatch(deps, input)));
    }
    call.progress({
      step: { vi: 'Nạp bù từ dữ liệu gốc', en: 'Back-filling from landed bytes' },
      done: index + 1,
      total: rows.length,
    });
  }
  const streams = [...new Set(outcomes.flatMap((outcome) => outcome.streams))];
  const summary = { source: name, run, cursor: source.cursor ?? null };
  return summarizeRun(summary, streams, outcomes, undefined, call.signal.aborted);
}

/** Published batches that an earlier version decoded, and that nothing answers for since. */
async function landedBefore(
  { store }: Pick<IngestDependencies, 'store'>,
  source: string,
  version: number,
  stream: string | undefined,
): Promise<readonly StateRow[]> {
  const rows = await allRows(store, 'batch', {
    where: { source },
    status: ['published'],
    order: 'oldest',
  });
  return rows.filter(
    (row) =>
      !isAnswered(row) &&
      row.data['equalTo'] === undefined &&
      Number(row.data['sourceVersion'] ?? 1) < version &&
      (stream === undefined || textList(row.data, 'streams').includes(stream)),
  );
}
