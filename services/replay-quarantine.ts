import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCorrections } from '../connectors/decode/corrected-rows.ts';
import { allRows } from '../control/every-row.ts';
import type { StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { optionalText, textMember } from '../core/json-member.ts';
import type { BatchOutcome } from '../workflows/batch-outcome.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import { isAnswered, rejectedCount, replayBatch } from '../workflows/activities/replay-batch.ts';
import { chainOf } from '../workflows/activities/replayed-batch.ts';
import { timeOrderedId } from '../workflows/embedded/host.ts';
import { summarizeRun } from '../workflows/run-result.ts';
import type { Call, IngestResult } from './port.ts';

/** What replaying works with. */
export interface ReplayDependencies extends IngestDependencies {
  /** Makes an empty directory of its own inside the home. */
  scratchDirectory(): Promise<string>;
}

/** Batches of the sources one may see that were held, or that have rejected rows, and that no other answers for yet. */
export async function replayable(
  deps: Pick<IngestDependencies, 'store' | 'warehouse'>,
  seen: (source: string) => boolean,
  source: string | undefined,
): Promise<readonly StateRow[]> {
  const where = source === undefined ? {} : { where: { source } };
  const status = ['held', 'published'];
  const rows = await allRows(deps.store, 'batch', { ...where, status, order: 'oldest' });
  const { rows: kept } = await deps.warehouse.select('select distinct batch from meta.quarantine');
  const rejected = new Set(kept.map(([batch]) => batch));
  return rows.filter(
    (row) =>
      seen(textMember(row.data, 'source')) &&
      !isAnswered(row) &&
      (row.status === 'held' || rejected.has(row.id)),
  );
}

/**
 * Decodes batches again from their landed bytes by the present version of their source: after a rule was edited, what it
 * rejected comes in. Throws data `batch-not-held` for a batch that has nothing to be replayed.
 */
export async function replayQuarantine(
  deps: IngestDependencies,
  call: Call,
  rows: readonly StateRow[],
): Promise<IngestResult> {
  const run = timeOrderedId('replay', deps.clock.now());
  const outcomes: BatchOutcome[] = [];
  for (const [index, row] of rows.entries()) {
    const newest = await newestOf(deps, row);
    if (newest.id !== row.id && rows.length > 1) continue;
    requireReplayable(newest);
    outcomes.push(
      ...(await replayBatch(deps, { batch: newest.id, run, actor: call.person.actor })),
    );
    call.progress({
      step: { vi: 'Nạp lại', en: 'Replaying' },
      done: index + 1,
      total: rows.length,
    });
  }
  return resultOf(run, rows[0], outcomes, call);
}

/**
 * Takes in the corrected workbook of a batch's rejected rows. It is landed under its own receipt with the batch's bytes,
 * and corrected rows say that they come from it. Throws data `correction-unreadable`, `correction-foreign`.
 */
export async function correctRejected(
  deps: ReplayDependencies,
  call: Call,
  row: StateRow,
  correction: { readonly name: string; readonly bytes: Uint8Array },
): Promise<IngestResult> {
  const newest = await newestOf(deps, row);
  requireReplayable(newest);
  await refuseUnreadable(deps, newest, correction);
  const run = timeOrderedId('replay', deps.clock.now());
  const { actor } = call.person;
  const outcomes = await replayBatch(deps, { batch: newest.id, run, actor, correction });
  return resultOf(run, newest, outcomes, call);
}

/** Reads the workbook once before anything is landed: a wrong one changes nothing. */
async function refuseUnreadable(
  deps: ReplayDependencies,
  row: StateRow,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  const directory = await deps.scratchDirectory();
  const path = join(directory, 'correction.xlsx');
  await writeFile(path, bytes);
  const file = {
    ...{ n: 0, name, path, sha256: '', bytes: bytes.length, mediaType: undefined },
    ...{ request: undefined, receivedAt: deps.clock.now().toISOString() },
  };
  const batch = {
    ...{ batch: timeOrderedId('reading', deps.clock.now()), key: name, files: [file] },
    ...{ source: textMember(row.data, 'source'), contracts: [], cursor: null },
    ...{ declared: {}, covers: [] },
  };
  try {
    const decode = async (session: Parameters<typeof readCorrections>[0]) => {
      await readCorrections(session, file, [...chainOf(row), row.id]);
    };
    await deps.warehouse.discard(await deps.warehouse.stage(batch, decode, []));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The batch that answers for a batch by now. */
async function newestOf(
  { store }: Pick<IngestDependencies, 'store'>,
  row: StateRow,
): Promise<StateRow> {
  const next = optionalText(row.data, 'replayedBy') ?? optionalText(row.data, 'equalTo');
  const found = next === undefined ? undefined : await store.get('batch', next);
  return found ? await newestOf({ store }, found) : row;
}

function resultOf(
  run: string,
  row: StateRow | undefined,
  outcomes: readonly BatchOutcome[],
  call: Call,
): IngestResult {
  const streams = [...new Set(outcomes.flatMap((outcome) => outcome.streams))];
  const source = row ? textMember(row.data, 'source') : '';
  const aborted = call.signal.aborted;
  return summarizeRun({ source, run, cursor: null }, streams, outcomes, undefined, aborted);
}

function requireReplayable(row: StateRow): void {
  if (row.status === 'held' || (row.status === 'published' && rejectedCount(row) > 0)) return;
  const { id, status } = row;
  throw new PhusaError({
    group: 'data',
    code: 'batch-not-held',
    message: {
      vi: `Lô ${id} (trạng thái “${status}”) không bị giữ và không có dòng nào bị cách ly.`,
      en: `Batch ${id} (“${status}”) is not held and has no quarantined rows.`,
    },
    place: { batch: id },
  });
}
