import { createHash } from 'node:crypto';
import type { ReadBatch, ReadContext } from '../../connectors/port.ts';
import type { JournalWriter } from '../../control/port.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { JsonObject } from '../../core/json.ts';
import type { BatchRef } from '../batch-outcome.ts';
import { timeOrderedId } from '../embedded/host.ts';
import type { ChunkRead, ReadChunk } from '../ingest-source.ts';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import type { IngestDependencies, SourceState } from './ingest-dependencies.ts';
import { withFacts } from './receipt-facts.ts';
import { dryContext, requireActive, sourceState } from './source-state.ts';

/** How much is read and handed over at once. */
export interface ChunkLimits {
  readonly batches: number;
  /** Landed bytes after which a chunk ends: large batches are loaded while the next ones are read. */
  readonly bytes: number;
}

/** Enough that reading ahead pays, few enough that a crash repeats little. */
export const usualChunk: ChunkLimits = { batches: 50, bytes: 8_000_000 };

/** How many times as many bytes a chunk has whose batches are loaded as one: statements are planned once for all. */
const togetherFactor = 6;

/** A landed batch that the journal is to know. */
interface Landed {
  readonly ref: BatchRef;
  readonly files: readonly LandedFile[];
}

/**
 * Reads and lands the next batches of a source and journals them as landed, also when reading breaks off.
 * Run again after a crash it reads the same again; what was landed before and not journalled is swept later.
 */
export async function readChunk(
  deps: IngestDependencies,
  input: ReadChunk,
  usual: ChunkLimits,
): Promise<ChunkRead> {
  const source = await sourceState(deps, input.source);
  // Columns changed, and the source asks: what was read of it stays held, nothing more is read.
  if (input.position !== undefined && source.status === 'paused' && source.hasChanges === true)
    return { batches: [], position: input.position, done: true, together: false };
  requireActive(source);
  const together = source.connector.decodesTogether === true;
  const limits = { ...usual, bytes: usual.bytes * (together ? togetherFactor : 1) };
  const landed: Landed[] = [];
  const reading = source.connector.read(readContext(deps, source), request(source, input));
  let position = input.position;
  try {
    for await (const read of reading) {
      crashPoint('after-fetch');
      const files = await deps.landing.seal(read.batch);
      landed.push({ ref: refOf(source, read), files });
      position = read.position;
      if (isFull(landed, limits)) break;
    }
  } finally {
    await journalLanded(deps, source, input, landed);
  }
  return {
    batches: landed.map(({ ref: { batch, key } }) => ({ batch, key })),
    position,
    done: !isFull(landed, limits),
    together,
  };
}

function isFull(landed: readonly Landed[], limits: ChunkLimits): boolean {
  const bytes = landed.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0);
  return landed.length >= limits.batches || bytes >= limits.bytes;
}

function request(source: SourceState, input: ReadChunk) {
  return {
    cursor: input.full ? undefined : source.cursor,
    position: input.position,
    full: input.full,
    ...(input.streams ? { streams: input.streams } : {}),
    ...(input.from === undefined ? {} : { from: input.from }),
    ...(input.to === undefined ? {} : { to: input.to }),
  };
}

function readContext(deps: IngestDependencies, source: SourceState): ReadContext<JsonObject> {
  const context = dryContext(deps, source);
  return {
    ...context,
    openBatch: async (key) => {
      const writer = await deps.landing.open({
        batch: timeOrderedId('b', deps.clock.now()),
        key,
        source: source.name,
        connector: source.connector.name,
        connectorVersion: source.connector.version,
      });
      return withFacts(writer, context.files);
    },
  };
}

function refOf(source: SourceState, read: ReadBatch): BatchRef {
  return {
    batch: read.batch,
    source: source.name,
    key: read.key,
    streams: read.streams,
    cursor: read.cursor,
    completeness: read.completeness,
  };
}

async function journalLanded(
  deps: IngestDependencies,
  source: SourceState,
  input: ReadChunk,
  landed: readonly Landed[],
): Promise<void> {
  if (landed.length === 0) return;
  await deps.store.decide(async (journal) => {
    for (const one of landed) await recordLanded(journal, source, input, one);
  });
}

async function recordLanded(
  journal: JournalWriter,
  source: SourceState,
  input: ReadChunk,
  { ref, files }: Landed,
): Promise<void> {
  await journal.record({
    kind: 'batch.landed',
    subject: ref.batch,
    actor: input.actor,
    data: {
      status: 'landed',
      source: ref.source,
      run: input.run,
      key: ref.key,
      streams: ref.streams,
      cursor: ref.cursor,
      completeness: completenessJson(ref),
      connector: source.connector.name,
      connectorVersion: source.connector.version,
      sourceVersion: source.version,
      fingerprint: fingerprint(source, files),
      files: files.map(({ n, name, sha256, bytes }) => ({ n, name, sha256, bytes })),
    },
  });
}

function completenessJson(ref: BatchRef): JsonObject {
  const { proof, declared, covers, emptyExpected } = ref.completeness;
  return {
    proof,
    ...(declared ? { declared } : {}),
    ...(covers ? { covers } : {}),
    ...(emptyExpected === undefined ? {} : { emptyExpected }),
  };
}

/** Equal for equal bytes decoded by the same connector version under the same source version. */
export function fingerprint(source: SourceState, files: readonly LandedFile[]): string {
  const hash = createHash('sha256');
  hash.update(`${source.connector.name}@${source.connector.version} ${source.version}\n`);
  for (const file of files) hash.update(`${file.n} ${file.name} ${file.sha256}\n`);
  return hash.digest('hex');
}
