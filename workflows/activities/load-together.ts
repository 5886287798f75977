import type { StateRow } from '../../control/port.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { failureOf } from '../../core/errors.ts';
import type { PublishedBatch } from '../../warehouse/port.ts';
import type { StagedBatch } from '../../warehouse/staged-batch.ts';
import { letsPass, type BatchOutcome, type BatchRef } from '../batch-outcome.ts';
import { decodeAhead } from './decode-ahead.ts';
import { seenColumns } from './column-drift.ts';
import { decodeLanded } from './decode-landed.ts';
import type { IngestDependencies } from './ingest-dependencies.ts';
import {
  checksOf,
  decodedBatch,
  equalPublished,
  isOfTheData,
  loadBatch,
  noteAdvanced,
  noteIntended,
  notePublished,
  requireBatch,
  sameAs,
  type Published,
} from './load-batch.ts';
import { sourceState } from './source-state.ts';

/** Consecutive landed batches of one source. */
export interface TogetherInput {
  readonly batches: readonly BatchRef[];
  /** Move the source's cursor as far as batches are published. */
  readonly advance: boolean;
  readonly actor: string;
}

/** A batch with its journalled state. */
interface Journalled {
  readonly batch: BatchRef;
  readonly row: StateRow;
}

/**
 * Publishes consecutive batches of one source. Where all are equal to published ones, or all bring nothing but new rows,
 * they share the three steps of the two-store protocol: journal `intended` of each, one warehouse transaction, journal
 * `published` of each. Anything else in them is found by halving, down to the batch that is loaded alone; a large group
 * is not decoded again and again, but loaded one by one. Each batch keeps its own recorded time, ledger row, receipts and status either way.
 */
export async function loadTogether(
  deps: IngestDependencies,
  input: TogetherInput,
): Promise<readonly BatchOutcome[]> {
  const [first, ...others] = input.batches;
  if (!first) return [];
  if (others.length === 0) return [await loadBatch(deps, { ...input, batch: first })];
  const whole = await deps.exclusive(() => loadAsOne(deps, input), first.streams);
  if (whole) return whole;
  return (await isLarge(deps, input)) ? await loadEach(deps, input) : await loadHalves(deps, input);
}

/** Landed bytes from which decoding a group again and again costs more than loading its batches alone. */
const largeGroup = 500_000;

async function isLarge(deps: IngestDependencies, { batches }: TogetherInput): Promise<boolean> {
  const files = await Promise.all(batches.map(({ batch }) => deps.landing.files(batch)));
  return files.flat().reduce((sum, { bytes }) => sum + bytes, 0) >= largeGroup;
}

/** Loads the batches one by one, decoding the next while loading one. */
async function loadEach(
  deps: IngestDependencies,
  input: TogetherInput,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (const [index, batch] of input.batches.entries()) {
    // What it meets, loading meets again and tells.
    void decodeAhead(deps, input.batches.slice(index + 1, index + 2)).catch(() => undefined);
    const advance = input.advance && outcomes.every(letsPass);
    outcomes.push(await loadBatch(deps, { ...input, batch, advance }));
  }
  return outcomes;
}

async function loadHalves(
  deps: IngestDependencies,
  input: TogetherInput,
): Promise<readonly BatchOutcome[]> {
  const middle = Math.ceil(input.batches.length / 2);
  const before = await loadTogether(deps, { ...input, batches: input.batches.slice(0, middle) });
  const advance = input.advance && before.every(letsPass);
  const after = { ...input, batches: input.batches.slice(middle), advance };
  return [...before, ...(await loadTogether(deps, after))];
}

/** Undefined, with nothing done, where the batches are not all alike. */
async function loadAsOne(
  deps: IngestDependencies,
  input: TogetherInput,
): Promise<readonly BatchOutcome[] | undefined> {
  const rows: Journalled[] = [];
  const equals: Published[] = [];
  for (const batch of input.batches) {
    const row = await requireBatch(deps.store, batch.batch);
    if (row.status !== 'landed') return undefined;
    const equal = await equalPublished(deps.store, row);
    if (equal) equals.push(sameAs(equal, batch));
    rows.push({ batch, row });
  }
  if (equals.length === rows.length) return await recordAll(deps, input, equals);
  if (equals.length > 0) return undefined;
  const published = await publishNew(deps, input, rows);
  return published && (await recordAll(deps, input, published));
}

async function publishNew(
  deps: IngestDependencies,
  { batches, actor }: TogetherInput,
  rows: readonly Journalled[],
): Promise<readonly Published[] | undefined> {
  const staged = await stageAsOne(deps, rows);
  if (!staged) return undefined;
  const times = await deps.store.decide(async (journal) => {
    const noted: Date[] = [];
    for (const batch of batches) noted.push(await noteIntended(journal, actor, batch));
    return noted;
  });
  const published = await deps.warehouse.publishTogether(staged, times);
  crashPoint('after-commit');
  return published && batches.map((batch) => publishedAs(batch, published, staged));
}

/** A file that cannot be decoded, or not with the others, breaks the group, not the run: it is met again alone. */
async function stageAsOne(
  deps: IngestDependencies,
  rows: readonly Journalled[],
): Promise<readonly StagedBatch[] | undefined> {
  const [first] = rows;
  if (!first) return undefined;
  const source = await sourceState(deps, first.batch.source);
  const batches = await Promise.all(
    rows.map(({ batch, row }) => decodedBatch(deps, source, batch, row)),
  );
  for (const { contracts } of batches) await deps.warehouse.prepare(contracts);
  try {
    return await deps.warehouse.stageTogether(
      batches,
      (session) => decodeLanded(source, session),
      checksOf(source, first.batch),
    );
  } catch (error) {
    if (isOfTheData(failureOf(error))) return undefined;
    throw error;
  }
}

function publishedAs(
  batch: BatchRef,
  all: readonly PublishedBatch[],
  staged: readonly StagedBatch[],
): Published {
  const own = all.find((one) => one.batch === batch.batch);
  if (!own) throw new TypeError(`batch ${batch.batch} was published with none of its group`);
  const raised = staged.find((one) => one.batch === batch.batch)?.findings ?? [];
  const { findings } = seenColumns(raised);
  return { batch, counts: own.counts, recordedAt: new Date(own.recordedAt), findings };
}

async function recordAll(
  deps: IngestDependencies,
  { batches, actor, advance }: TogetherInput,
  published: readonly Published[],
): Promise<readonly BatchOutcome[]> {
  const last = batches.at(-1);
  return await deps.store.decide(async (journal) => {
    const outcomes: BatchOutcome[] = [];
    for (const one of published) outcomes.push(await notePublished(journal, actor, one));
    if (advance && last) await noteAdvanced(journal, actor, last);
    return outcomes;
  });
}
