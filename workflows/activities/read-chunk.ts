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
import { dryContext, requireActive, sourceState } from './source-state.ts';

/** Batches handed over at once: enough that reading ahead pays, few enough that a crash repeats little. */
const chunkSize = 50;

/** Landed bytes after which a chunk ends: large batches are loaded while the next ones are read. */
const chunkBytes = 8_000_000;

/**
 * Reads and lands the next batches of a source and journals each as landed.
 * Run again after a crash it reads the same again; what was landed before and not journalled is swept later.
 */
export async function readChunk(deps: IngestDependencies, input: ReadChunk): Promise<ChunkRead> {
  const source = await sourceState(deps, input.source);
  requireActive(source);
  const batches: BatchRef[] = [];
  let bytes = 0;
  let position = input.position;
  for await (const read of source.connector.read(
    readContext(deps, source),
    request(source, input),
  )) {
    crashPoint('after-fetch');
    const files = await deps.landing.seal(read.batch);
    batches.push(await landed(deps, source, input, read, files));
    bytes += files.reduce((sum, file) => sum + file.bytes, 0);
    position = read.position;
    if (batches.length >= chunkSize || bytes >= chunkBytes)
      return { batches, position, done: false };
  }
  return { batches, position, done: true };
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
  return {
    ...dryContext(deps, source),
    openBatch: (key) =>
      deps.landing.open({
        batch: timeOrderedId('b', deps.clock.now()),
        key,
        source: source.name,
        connector: source.connector.name,
        connectorVersion: source.connector.version,
      }),
  };
}

async function landed(
  deps: IngestDependencies,
  source: SourceState,
  input: ReadChunk,
  read: ReadBatch,
  files: readonly LandedFile[],
): Promise<BatchRef> {
  const ref: BatchRef = {
    batch: read.batch,
    source: source.name,
    key: read.key,
    streams: read.streams,
    cursor: read.cursor,
    completeness: read.completeness,
  };
  await deps.store.decide((journal) => recordLanded(journal, source, input, ref, files));
  return ref;
}

async function recordLanded(
  journal: JournalWriter,
  source: SourceState,
  input: ReadChunk,
  ref: BatchRef,
  files: readonly LandedFile[],
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
function fingerprint(source: SourceState, files: readonly LandedFile[]): string {
  const hash = createHash('sha256');
  hash.update(`${source.connector.name}@${source.connector.version} ${source.version}\n`);
  for (const file of files) hash.update(`${file.n} ${file.name} ${file.sha256}\n`);
  return hash.digest('hex');
}
