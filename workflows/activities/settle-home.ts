import { allRows } from '../../control/every-row.ts';
import type { StateRow } from '../../control/port.ts';
import { PhusaError } from '../../core/errors.ts';
import { optionalText, textMember } from '../../core/json-member.ts';
import type { Progress } from '../../core/progress.ts';
import { batchRef } from './batch-ref.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';
import { loadBatch, stage } from './load-batch.ts';
import { pinnedSource } from './source-state.ts';

/** What opening a home had to repair. */
export interface SettleReport {
  readonly settled: number;
  readonly reapplied: number;
  readonly abandoned: number;
}

/**
 * Brings journal and warehouse together before the home serves: batches intended and not known to be published are
 * settled with their own recorded time; batches that the journal has published and the warehouse has lost (its file
 * gone, cut or restored from an older copy: C23–C25, R6) are applied again from their landed bytes, in order; batches
 * landed by a killed run are given up, for the next run reads their source again from its cursor. Bytes that were altered
 * since they were landed are not loaded: opening ends in data `landed-object-altered` (L19). Under a `durable` host runs
 * outlive the process: what belongs to them is left to them.
 */
export async function settleHome(
  deps: IngestDependencies,
  progress: Progress,
  durable = false,
): Promise<SettleReport> {
  const reapplied = await reapplyLost(deps, progress);
  const intended = await batchesIn(deps, 'intended');
  for (const row of intended) {
    await deps.landing.intact(row.id);
    await loadBatch(deps, { batch: batchRef(row), advance: false, actor: 'system' });
  }
  const runs = await allRows(deps.store, 'run', { status: ['running'] });
  const living = runs.filter(({ data }) => durable && data['workflow'] !== undefined);
  const kept = new Set(living.map(({ id }) => id));
  const all = await batchesIn(deps, 'landed');
  const landed = all.filter(({ data }) => !kept.has(optionalText(data, 'run') ?? ''));
  await abandon(deps, landed);
  await closeRuns(
    deps,
    runs.filter(({ id }) => !kept.has(id)),
  );
  await deps.landing.sweep(async (batch) => (await deps.store.get('batch', batch)) !== undefined);
  return { settled: intended.length, reapplied, abandoned: landed.length };
}

async function reapplyLost(deps: IngestDependencies, progress: Progress): Promise<number> {
  const ledger = await deps.warehouse.ledger();
  const held = new Set(ledger.map(({ batch }) => batch));
  const newest = ledger.at(-1)?.recordedAt ?? '';
  const published = await batchesIn(deps, 'published');
  const lost = published
    .filter((row) => row.data['equalTo'] === undefined && !held.has(row.id))
    .sort((a, b) => (recordedAt(a) < recordedAt(b) ? -1 : 1));
  const first = lost[0];
  if (first && recordedAt(first) <= newest) throw diverged(first);
  for (const [index, row] of lost.entries()) {
    await reapply(deps, row);
    progress({ step: reapplying, done: index + 1, total: lost.length });
  }
  return lost.length;
}

const reapplying = {
  vi: 'Dựng lại kho từ dữ liệu gốc đã lưu',
  en: 'Rebuilding the warehouse from landed bytes',
};

async function reapply(deps: IngestDependencies, row: StateRow): Promise<void> {
  const ref = batchRef(row);
  await deps.landing.intact(ref.batch);
  const source = await pinnedSource({ ...deps, store: unremoved(deps) }, row);
  const staged = await stage(deps, source, ref, row);
  await deps.warehouse.publish(staged, new Date(recordedAt(row)));
}

/** Removed sources still own their published batches. */
function unremoved(deps: IngestDependencies): IngestDependencies['store'] {
  return {
    ...deps.store,
    get: async (kind, id) => {
      const row = await deps.store.get(kind, id);
      return row && { ...row, status: row.status === 'removed' ? 'paused' : row.status };
    },
  };
}

/** A batch that was being replayed is held as before; any other is read again by the next run. */
async function abandon(
  deps: Pick<IngestDependencies, 'store'>,
  rows: readonly StateRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await deps.store.decide(async (journal) => {
    for (const row of rows) {
      await journal.record({
        kind: 'batch.abandoned',
        subject: row.id,
        actor: 'system',
        data: { status: row.data['replay'] === undefined ? 'abandoned' : 'held' },
      });
    }
  });
}

/** Ends runs whose workflow is gone, with the batches they landed and never loaded. */
export async function closeOrphans(
  deps: Pick<IngestDependencies, 'store'>,
  runs: readonly StateRow[],
): Promise<void> {
  const ids = new Set(runs.map(({ id }) => id));
  const landed = await allRows(deps.store, 'batch', { status: ['landed'] });
  await abandon(
    deps,
    landed.filter(({ data }) => ids.has(optionalText(data, 'run') ?? '')),
  );
  await closeRuns(deps, runs);
}

async function closeRuns(
  deps: Pick<IngestDependencies, 'store'>,
  open: readonly StateRow[],
): Promise<void> {
  if (open.length === 0) return;
  await deps.store.decide(async (journal) => {
    for (const run of open) {
      await journal.record({
        kind: 'run.interrupted',
        subject: run.id,
        actor: 'system',
        data: { status: 'failed', failure: { code: 'interrupted' } },
      });
    }
  });
}

async function batchesIn(deps: IngestDependencies, status: string): Promise<readonly StateRow[]> {
  return await allRows(deps.store, 'batch', { status: [status], order: 'oldest' });
}

function recordedAt(row: StateRow): string {
  return textMember(row.data, 'recordedAt');
}

function diverged(row: StateRow): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'warehouse-diverged',
    message: {
      vi: `Kho thiếu lô ${row.id} (ghi nhận ${recordedAt(row)}) nhưng lại có lô mới hơn.`,
      en: `The warehouse lacks batch ${row.id} (recorded ${recordedAt(row)}) but holds newer ones.`,
    },
    remedy: {
      vi: 'Cất tệp warehouse.duckdb đi nơi khác: lần mở sau dựng lại toàn bộ kho từ dữ liệu gốc đã lưu.',
      en: 'Move warehouse.duckdb away: the next opening builds the whole warehouse again from landed bytes.',
    },
  });
}
