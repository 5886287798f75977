import { allRows } from '../../control/every-row.ts';
import type { ControlStore, JournalWriter, StateRow } from '../../control/port.ts';
import { optionalText, textList } from '../../core/json-member.ts';
import type { AgainBatch } from '../../warehouse/staged-batch.ts';

/**
 * A batch that is decoded again has its own id, receipts and recorded time, so that what was known before stays
 * answerable. Its journal row says `replays` (the batch it answers for), `chain` (all of them) and `origin` (the first).
 */

/** The first reading that a batch stands for: itself, unless it was made by a replay. */
export function originOf(row: StateRow): string {
  return optionalText(row.data, 'origin') ?? row.id;
}

/** The batches that a batch answers for, oldest first. */
export function chainOf(row: StateRow): readonly string[] {
  return textList(row.data, 'chain');
}

/** What the warehouse has to know of a batch that is decoded again; nothing for any other. */
export async function againBatch(
  store: ControlStore,
  row: StateRow,
): Promise<{ readonly again?: AgainBatch }> {
  if (row.data['replays'] === undefined) return {};
  const later = await laterBatches(store, row);
  return { again: { answersFor: chainOf(row), later: later.map(({ id }) => id) } };
}

/** Published batches with streams of this one whose first reading was landed after its own, in that order. */
export async function laterBatches(
  store: ControlStore,
  row: StateRow,
): Promise<readonly StateRow[]> {
  const all = await allRows(store, 'batch', { order: 'oldest' });
  const place = new Map(all.map(({ id }, index) => [id, index]));
  const placeOf = (one: StateRow) => place.get(originOf(one)) ?? -1;
  const streams = new Set(textList(row.data, 'streams'));
  return all
    .filter(
      (one) =>
        one.status === 'published' &&
        placeOf(one) > placeOf(row) &&
        textList(one.data, 'streams').some((stream) => streams.has(stream)),
    )
    .sort((one, other) => placeOf(one) - placeOf(other));
}

/** Journals that the batch which a settled one replays is answered for; a held one is held no more. */
export async function noteAnswered(
  journal: JournalWriter,
  actor: string,
  batch: string,
): Promise<void> {
  const row = await journal.get('batch', batch);
  const replays = row && optionalText(row.data, 'replays');
  const before = replays === undefined ? undefined : await journal.get('batch', replays);
  if (!before) return;
  const status = before.status === 'held' ? { status: 'replayed' } : {};
  await journal.record({
    kind: 'batch.replayed',
    subject: before.id,
    actor,
    data: { ...status, replayedBy: batch },
  });
}
