import type { ControlStore, JournalWriter, StateRow } from '../../control/port.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { failureOf, type Failure } from '../../core/errors.ts';
import {
  asJson,
  objectMember,
  optionalLocalized,
  optionalText,
  textMember,
} from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  addCounts,
  noRows,
  readCounts,
  type LoadCounts,
  type LoadStatus,
} from '../../core/load-counts.ts';
import type { Localized } from '../../core/localized.ts';
import type {
  BatchCheckSql,
  CheckFinding,
  DecodedBatch,
  StagedBatch,
} from '../../warehouse/staged-batch.ts';
import type { BatchOutcome, BatchRef } from '../batch-outcome.ts';
import {
  driftChecks,
  heldReasons,
  noteDrifted,
  refusedColumns,
  seenColumns,
  type SeenColumns,
} from './column-drift.ts';
import type { IngestDependencies, SourceState } from './ingest-dependencies.ts';
import { decodeLanded } from './decode-landed.ts';
import { againBatch, noteAnswered } from './replayed-batch.ts';
import { pinnedSource } from './source-state.ts';

/** What to load. */
export interface LoadInput {
  readonly batch: BatchRef;
  /** Move the source's cursor once the batch is published. */
  readonly advance: boolean;
  readonly actor: string;
}

type CountsByStream = Readonly<Record<string, LoadCounts>>;

/**
 * Publishes one landed batch by the two-store protocol: journal `intended(recordedAt)` → one warehouse transaction →
 * journal `published`. Idempotent: looks first in the journal, then in the warehouse, whether its effect is there.
 */
export async function loadBatch(deps: IngestDependencies, input: LoadInput): Promise<BatchOutcome> {
  return await deps.exclusive(() => loadAlone(deps, input), input.batch.streams);
}

async function loadAlone(deps: IngestDependencies, input: LoadInput): Promise<BatchOutcome> {
  const row = await requireBatch(deps.store, input.batch.batch);
  if (isSettled(row)) return outcomeOf(row, input.batch);
  const source = await pinnedSource(deps, row);
  if (row.status === 'intended') return await redo(deps, source, input, row);
  const equal = await equalPublished(deps.store, row);
  if (equal) return await publishEqual(deps, input, equal);
  return await loadNew(deps, source, input, row);
}

/** Journal states after which a batch is not touched again. */
function isSettled(row: StateRow): boolean {
  return ['published', 'held', 'failed'].includes(row.status);
}

/** The journalled batch. */
export async function requireBatch(store: ControlStore, batch: string): Promise<StateRow> {
  const row = await store.get('batch', batch);
  if (!row) throw new TypeError(`batch ${batch} was never journalled`);
  return row;
}

async function loadNew(
  deps: IngestDependencies,
  source: SourceState,
  input: LoadInput,
  row: StateRow,
): Promise<BatchOutcome> {
  const staged = await stageOrHold(deps, source, input, row);
  if ('outcome' in staged) return staged.outcome;
  const recordedAt = await deps.store.decide((journal) =>
    noteIntended(journal, input.actor, input.batch),
  );
  return await publish(deps, input, staged.staged, recordedAt);
}

async function redo(
  deps: IngestDependencies,
  source: SourceState,
  input: LoadInput,
  row: StateRow,
): Promise<BatchOutcome> {
  const recordedAt = new Date(row.updatedAt);
  const there = await deps.warehouse.published(row.id);
  if (there) return await recordPublished(deps, input, there.counts, recordedAt);
  const staged = await stage(deps, source, input.batch, row);
  return await publish(deps, input, staged, recordedAt);
}

async function stageOrHold(
  deps: IngestDependencies,
  source: SourceState,
  input: LoadInput,
  row: StateRow,
): Promise<{ readonly staged: StagedBatch } | { readonly outcome: BatchOutcome }> {
  try {
    const staged = await stage(deps, source, input.batch, row);
    if (staged.held.length === 0) return { staged };
    await deps.warehouse.hold(staged);
    const { counts } = staged;
    const { seen } = seenColumns(staged.findings);
    const findings = heldReasons(staged.held, seen);
    const reason = findingReason(findings, namingStreams(source));
    const held = { counts, reason, findings, seen };
    return { outcome: await recordHeld(deps, input, held) };
  } catch (error) {
    const failure = failureOf(error);
    if (!isOfTheData(failure)) throw error;
    const seen = refusedColumns(source, input.batch, failure);
    const findings = [asJson(failure)];
    const held = { counts: {}, reason: failureReason(failure), findings, seen };
    return { outcome: await recordHeld(deps, input, held) };
  }
}

/** Whether a failure tells of the batch itself. A lack of memory is of group data for people's queries, not for a load. */
export function isOfTheData({ group, code }: Failure): boolean {
  return group === 'data' && code !== 'warehouse-out-of-memory';
}

/** Decodes, classifies and checks a landed batch; publishes nothing. */
export async function stage(
  deps: IngestDependencies,
  source: SourceState,
  ref: BatchRef,
  row: StateRow,
): Promise<StagedBatch> {
  const batch = await decodedBatch(deps, source, ref, row);
  await deps.warehouse.prepare(batch.contracts);
  return await deps.warehouse.stage(
    batch,
    (session) => decodeLanded(source, session),
    checksOf(source, ref),
  );
}

/** A landed batch as the warehouse takes it. */
export async function decodedBatch(
  deps: IngestDependencies,
  source: SourceState,
  ref: BatchRef,
  row: StateRow,
): Promise<DecodedBatch> {
  return {
    batch: ref.batch,
    source: ref.source,
    key: ref.key,
    contracts: source.connector
      .streams(source.config)
      .filter((contract) => ref.streams.includes(contract.stream)),
    files: await deps.landing.files(ref.batch),
    cursor: row.data['cursor'] ?? null,
    declared: ref.completeness.declared ?? {},
    covers: ref.completeness.covers ?? [],
    ...(await againBatch(deps.store, row)),
  };
}

/** The connector's checks on the streams of a batch. */
export function checksOf(source: SourceState, ref: BatchRef): readonly BatchCheckSql[] {
  const own = source.connector.checks
    .filter((check) => ref.streams.includes(check.stream))
    .map(({ stream, ...check }) => ({ ...check, on: stream }));
  return [...own, ...driftChecks(source, ref.streams)];
}

/** The recorded time is the journal's own time of this entry: strictly rising, whatever the machine's clock does. */
export async function noteIntended(
  journal: JournalWriter,
  actor: string,
  { batch }: BatchRef,
): Promise<Date> {
  const { at } = await journal.record({
    kind: 'batch.intended',
    subject: batch,
    actor,
    data: { status: 'intended' },
  });
  return new Date(at);
}

async function publish(
  deps: IngestDependencies,
  input: LoadInput,
  staged: StagedBatch,
  recordedAt: Date,
): Promise<BatchOutcome> {
  const published = await deps.warehouse.publish(staged, recordedAt);
  crashPoint('after-commit');
  const { findings, seen } = seenColumns(staged.findings);
  return await recordPublished(deps, input, published.counts, recordedAt, { findings, seen });
}

async function recordPublished(
  deps: IngestDependencies,
  input: LoadInput,
  counts: CountsByStream,
  recordedAt: Date,
  more: Pick<Published, 'equalTo' | 'findings' | 'seen'> = {},
): Promise<BatchOutcome> {
  const published: Published = { batch: input.batch, counts, recordedAt, ...more };
  return await deps.store.decide(async (journal) => {
    const outcome = await notePublished(journal, input.actor, published);
    if (input.advance) await noteAdvanced(journal, input.actor, input.batch);
    return outcome;
  });
}

/** A batch that the warehouse holds, or that equals one it holds. */
export interface Published {
  readonly batch: BatchRef;
  readonly counts: CountsByStream;
  readonly recordedAt: Date;
  /** The published batch that it equals. */
  readonly equalTo?: string | undefined;
  /** What its checks warn of. */
  readonly findings?: readonly CheckFinding[];
  /** What it shows of its source's columns. */
  readonly seen?: SeenColumns;
}

/** Journals that a batch is published. */
export async function notePublished(
  journal: JournalWriter,
  actor: string,
  { batch, counts, recordedAt, equalTo, findings = [], seen }: Published,
): Promise<BatchOutcome> {
  await journal.record({
    kind: 'batch.published',
    subject: batch.batch,
    actor,
    data: {
      status: 'published',
      recordedAt: recordedAt.toISOString(),
      counts: countsJson(counts),
      ...(equalTo === undefined ? {} : { equalTo }),
      ...(findings.length === 0 ? {} : { findings: findings.map(asJson) }),
    },
  });
  if (seen) await noteDrifted(journal, actor, batch, seen);
  await noteAnswered(journal, actor, batch.batch);
  return { ...identity(batch), status: statusOf(counts), counts, reason: null };
}

/** Journals that a source's cursor stands after a batch. */
export async function noteAdvanced(
  journal: JournalWriter,
  actor: string,
  batch: BatchRef,
): Promise<void> {
  await journal.record({
    kind: 'source.advanced',
    subject: batch.source,
    actor,
    data: { cursor: batch.cursor, lastBatch: batch.batch },
  });
}

/** Why a batch is held, and what it shows. */
interface Held {
  readonly counts: CountsByStream;
  readonly reason: Localized;
  readonly findings: readonly (CheckFinding | JsonObject)[];
  readonly seen: SeenColumns;
}

async function recordHeld(
  deps: IngestDependencies,
  { actor, batch }: LoadInput,
  { counts, reason, findings, seen }: Held,
): Promise<BatchOutcome> {
  await deps.store.decide(async (journal) => {
    await journal.record({
      kind: 'batch.held',
      subject: batch.batch,
      actor,
      data: {
        status: 'held',
        counts: countsJson(counts),
        reason: { ...reason },
        findings: findings.map(asJson),
      },
    });
    // What a held batch has of new names counts as seen only once rows of it are published.
    await noteDrifted(journal, actor, batch, { ...seen, fields: {} });
    await noteAnswered(journal, actor, batch.batch);
  });
  return { ...identity(batch), status: 'held', counts, reason };
}

/**
 * The newest published batch of the same key, if it held the same bytes under the same versions (B36). A batch that is
 * decoded again is equal to none: that is what it is for.
 */
export async function equalPublished(
  store: ControlStore,
  row: StateRow,
): Promise<StateRow | undefined> {
  if (row.data['replays'] !== undefined) return undefined;
  const page = await store.list('batch', {
    where: { source: textMember(row.data, 'source'), key: textMember(row.data, 'key') },
    status: ['published'],
    order: 'newest',
    limit: 1,
  });
  const newest = page.rows[0];
  return newest?.data['fingerprint'] === row.data['fingerprint'] ? newest : undefined;
}

async function publishEqual(
  deps: IngestDependencies,
  input: LoadInput,
  equal: StateRow,
): Promise<BatchOutcome> {
  const { counts, recordedAt, equalTo } = sameAs(equal, input.batch);
  return await recordPublished(deps, input, counts, recordedAt, { equalTo });
}

/** How a batch stands that holds the same bytes as a published one: nothing of it changes anything. */
export function sameAs(equal: StateRow, batch: BatchRef): Published {
  const counts = Object.entries(countsOf(equal)).map(
    ([stream, before]) => [stream, allUnchanged(before)] as const,
  );
  return {
    batch,
    counts: Object.fromEntries(counts),
    recordedAt: new Date(textMember(equal.data, 'recordedAt')),
    equalTo: optionalText(equal.data, 'equalTo') ?? equal.id,
  };
}

/** What the same rows count as when the same bytes come again. */
function allUnchanged(before: LoadCounts): LoadCounts {
  const known = before.new + before.changed + before.unchanged;
  return { ...before, new: 0, changed: 0, unchanged: known, deleted: 0 };
}

/** Per-stream counts kept with a batch. */
export function countsOf(row: StateRow): CountsByStream {
  const counts = objectMember(row.data, 'counts');
  return Object.fromEntries(
    Object.keys(counts).map((stream) => [stream, readCounts(objectMember(counts, stream))]),
  );
}

function countsJson(counts: CountsByStream): JsonObject {
  return Object.fromEntries(Object.entries(counts).map(([stream, c]) => [stream, { ...c }]));
}

/** How a settled batch ended, from its journal state. */
export function outcomeOf(row: StateRow, batch: BatchRef): BatchOutcome {
  const counts = countsOf(row);
  const reason = optionalLocalized(row.data, 'reason') ?? null;
  const status: LoadStatus =
    row.status === 'published' ? statusOf(counts) : row.status === 'held' ? 'held' : 'failed';
  return { ...identity(batch), status, counts, reason };
}

function statusOf(counts: CountsByStream): LoadStatus {
  const sum = Object.values(counts).reduce(addCounts, noRows);
  return sum.received === 0 && sum.deleted === 0 ? 'empty' : 'ok';
}

function identity(batch: BatchRef): Pick<BatchOutcome, 'batch' | 'key' | 'streams'> {
  return { batch: batch.batch, key: batch.key, streams: batch.streams };
}

/** Why a batch is held; the first value at fault is told only of streams that hold nothing about persons. */
function findingReason(findings: readonly CheckFinding[], naming: ReadonlySet<string>): Localized {
  const told = (one: CheckFinding) => (naming.has(one.on) ? '' : example(one));
  const join = (language: 'vi' | 'en') =>
    findings.map((f) => `${f.label[language]} (${f.code}, ${f.count}${told(f)})`).join('; ');
  return { vi: join('vi'), en: join('en') };
}

/** Streams with a personal or sensitive column: any value may stand in their rejected rows. */
function namingStreams({ connector, config }: SourceState): ReadonlySet<string> {
  const naming = connector
    .streams(config)
    .filter(({ columns }) =>
      columns.some(({ classification }) => ['personal', 'sensitive'].includes(classification)),
    );
  return new Set(naming.map(({ stream }) => stream));
}

function example({ sample: [first] }: CheckFinding): string {
  return first ? `: ${first.field} = “${first.value}”` : '';
}

function failureReason({ message, remedy }: Failure): Localized {
  if (!remedy) return message;
  return {
    vi: `${sentence(message.vi)} ${remedy.vi}`,
    en: `${sentence(message.en)} ${remedy.en}`,
  };
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
