import { isCorrection, markCorrection } from '../../connectors/decode/correction-sheet.ts';
import type { StateRow } from '../../control/port.ts';
import { objectMember, optionalText, textMember } from '../../core/json-member.ts';
import { takesAbsence, takesTombstones } from '../../core/stream-contract.ts';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import type { BatchWriter, LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { BatchOutcome } from '../batch-outcome.ts';
import { timeOrderedId } from '../embedded/host.ts';
import { batchRef } from './batch-ref.ts';
import type { IngestDependencies, SourceState } from './ingest-dependencies.ts';
import { loadBatch, requireBatch } from './load-batch.ts';
import { fingerprint } from './read-chunk.ts';
import { chainOf, laterBatches, originOf } from './replayed-batch.ts';
import { sourceState } from './source-state.ts';

/** What to decode again. */
export interface ReplayInput {
  readonly batch: string;
  readonly run: string;
  readonly actor: string;
  /** A workbook of rejected rows that a person corrected: landed with the batch, under its own receipt. */
  readonly correction?: { readonly name: string; readonly bytes: Uint8Array };
}

/**
 * Decodes a landed batch again by the present version of its source, as a batch of its own that comes in where the first
 * reading stood. What its streams lose by deletions is settled by decoding the later batches again after it, so that
 * what comes out is what reading everything in order under the present version would give.
 */
export async function replayBatch(
  deps: IngestDependencies,
  input: ReplayInput,
): Promise<readonly BatchOutcome[]> {
  const row = await requireBatch(deps.store, input.batch);
  const source = await sourceState(deps, textMember(row.data, 'source'));
  const first = await again(deps, source, row, input);
  const outcomes = [first];
  if (first.status === 'held' || !losesRows(source, first.streams)) return outcomes;
  const { run, actor } = input;
  for (const later of await laterBatches(deps.store, row)) {
    const own = textMember(later.data, 'source') === source.name;
    const isCurrent = later.data['replayedBy'] === undefined && later.data['equalTo'] === undefined;
    if (own && isCurrent && later.id !== first.batch)
      outcomes.push(await again(deps, source, later, { run, actor }));
  }
  return outcomes;
}

function losesRows({ connector, config }: SourceState, streams: readonly string[]): boolean {
  return connector
    .streams(config)
    .some(
      (contract) =>
        streams.includes(contract.stream) && (takesAbsence(contract) || takesTombstones(contract)),
    );
}

async function again(
  deps: IngestDependencies,
  source: SourceState,
  row: StateRow,
  input: Omit<ReplayInput, 'batch'>,
): Promise<BatchOutcome> {
  const batch = await landAgain(deps, source, row, input);
  const landed = batchRef(await requireBatch(deps.store, batch));
  return await loadBatch(deps, { batch: landed, advance: false, actor: input.actor });
}

/** Lands the bytes of a batch, and the correction, under a batch of their own; bytes are kept once. */
async function landAgain(
  deps: IngestDependencies,
  source: SourceState,
  row: StateRow,
  { run, actor, correction }: Omit<ReplayInput, 'batch'>,
): Promise<string> {
  const before = await deps.landing.intact(row.id);
  const writer = await deps.landing.open({
    batch: timeOrderedId('b', deps.clock.now()),
    key: textMember(row.data, 'key'),
    source: source.name,
    connector: source.connector.name,
    connectorVersion: source.connector.version,
  });
  for (const file of before) await landSame(deps, writer, row.id, file);
  const chain = [...chainOf(row), row.id];
  if (correction) await writer.land(markCorrection(correction, chain));
  const files = await deps.landing.seal(writer.id);
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'batch.landed',
      subject: writer.id,
      actor,
      data: {
        ...keptOf(row),
        status: 'landed',
        run,
        replays: row.id,
        origin: originOf(row),
        chain,
        connector: source.connector.name,
        connectorVersion: source.connector.version,
        sourceVersion: source.version,
        fingerprint: fingerprint(
          source,
          files.filter((file) => !isCorrection(file)),
        ),
        files: files.map(({ n, name, sha256, bytes }) => ({ n, name, sha256, bytes })),
      },
    }),
  );
  return writer.id;
}

/** What a batch keeps when it is decoded again: where it comes from and why it is believed whole. */
function keptOf({ data }: StateRow) {
  const { source = null, key = null, streams = null, cursor = null, completeness = null } = data;
  return { source, key, streams, cursor, completeness };
}

/** Lands a file of another batch again, with its receipt as it was; the bytes are kept once. */
export async function landSame(
  deps: Pick<IngestDependencies, 'landing'>,
  writer: BatchWriter,
  batch: string,
  { n, sha256 }: LandedFile,
): Promise<void> {
  const { name, mediaType, request, response, receivedAt } = await deps.landing.receipt(batch, n);
  const piece: LandedPiece = {
    name,
    bytes: deps.landing.bytes(sha256),
    receivedAt,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
  };
  await writer.land(piece);
}

/** Rows of a batch that are still rejected, as the journal counts them. */
export function rejectedCount({ data }: StateRow): number {
  const counts = objectMember(data, 'counts');
  return Object.keys(counts).reduce(
    (sum, stream) => sum + Number(objectMember(counts, stream)['quarantined'] ?? 0),
    0,
  );
}

/** Whether another batch answers for a batch by now. */
export function isAnswered({ data }: StateRow): boolean {
  return optionalText(data, 'replayedBy') !== undefined;
}
