import type { InferredStream, ReadBatch } from '../connectors/port.ts';
import type { ColumnDrift } from '../core/column-drift.ts';
import { failureOf, PhusaError, type Failure } from '../core/errors.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { usualDrift, type DriftRules } from '../core/stream-contract.ts';
import type { StagedBatch } from '../warehouse/staged-batch.ts';
import type { DecodeSession } from '../warehouse/decode-session.ts';
import { driftChecks, seenColumns } from '../workflows/activities/column-drift.ts';
import { decodeLanded } from '../workflows/activities/decode-landed.ts';
import type {
  IngestDependencies,
  SourceState,
} from '../workflows/activities/ingest-dependencies.ts';
import type { SampleOptions } from './port.ts';
import { reasonWords } from './reason-words.ts';
import { withFacts } from '../workflows/activities/receipt-facts.ts';
import { dryContext, sourceState } from '../workflows/activities/source-state.ts';

/** Pages of a slice that a test read asks for unless told otherwise. */
const samplePages = 3;

/** What a test read shows of one stream. */
interface StreamSample {
  readonly stream: string;
  readonly columns: readonly JsonObject[];
  /** What becomes of columns that change. */
  readonly rules: DriftRules;
  readonly records: readonly JsonObject[];
  readonly rejected: readonly JsonObject[];
}

/**
 * Reads the wanted batch that holds rows of the wanted stream into a scratch landing store and decodes it, without
 * publishing or journalling anything: requests and responses (secrets removed), records, rejected rows with reasons,
 * next cursor.
 */
export async function previewSource(
  deps: IngestDependencies,
  name: string,
  options: SampleOptions,
): Promise<readonly JsonObject[]> {
  const source = await sourceState(deps, name);
  const limit = Math.min(options.limit ?? 20, 200);
  let opened = 0;
  const dry = dryContext(deps, source);
  const context = {
    ...dry,
    openBatch: async (key: string) => {
      opened += 1;
      const writer = await deps.landing.open({
        batch: `preview-${opened}`,
        key,
        source: name,
        connector: source.connector.name,
        connectorVersion: source.connector.version,
      });
      return withFacts(writer, dry.files);
    },
  };
  const request = {
    cursor: undefined,
    position: undefined,
    full: false,
    sample: { pages: options.pages ?? samplePages, piece: options.piece ?? 0 },
    ...(options.stream === undefined ? {} : { streams: [options.stream] }),
  };
  let before = source.connector.samplesPieces ? 0 : (options.piece ?? 0);
  for await (const batch of source.connector.read(context, request)) {
    if (options.stream !== undefined && !batch.streams.includes(options.stream)) continue;
    before -= 1;
    if (before >= 0) continue;
    return await previewBatch(deps, source, batch, limit);
  }
  return [];
}

async function previewBatch(
  deps: IngestDependencies,
  source: SourceState,
  batch: ReadBatch,
  limit: number,
): Promise<readonly JsonObject[]> {
  await deps.landing.seal(batch.batch);
  const decoded = await decodeSample(deps, source, batch, limit);
  if (decoded.staged !== undefined) await deps.warehouse.discard(decoded.staged);
  const files = await deps.landing.files(batch.batch);
  const receipts = await Promise.all(files.map(({ n }) => deps.landing.receipt(batch.batch, n)));
  const pages = receipts.map((receipt, index) => ({
    name: receipt.name,
    bytes: receipt.bytes,
    sha256: receipt.sha256,
    request: receipt.request ?? null,
    response: receipt.response ?? null,
    records: rowsOfPage(decoded.samples, 'records', files[index]?.n),
    rejected: rowsOfPage(decoded.samples, 'rejected', files[index]?.n),
  }));
  return [
    asJson({
      key: batch.key,
      pages,
      streams: decoded.samples,
      inferred: decoded.inferred,
      drift: decoded.changes,
      counts: decoded.staged?.counts ?? {},
      findings: decoded.staged?.findings ?? [],
      failure: decoded.failure ?? null,
      nextCursor: batch.cursor,
    }),
  ];
}

/** The rows shown that came from one page, by stream. */
function rowsOfPage(
  samples: readonly StreamSample[],
  which: 'records' | 'rejected',
  n: number | undefined,
): JsonObject {
  return Object.fromEntries(
    samples.map((sample) => [
      sample.stream,
      sample[which].filter((row) => row['_file'] === String(n)),
    ]),
  );
}

/** A decoded test read; what cannot be decoded is told beside the pages rather than instead of them. */
interface DecodedSample {
  readonly staged?: StagedBatch;
  readonly samples: readonly StreamSample[];
  readonly inferred: readonly InferredStream[];
  /** How columns differ from what is declared, by the rules in force. */
  readonly changes: readonly ColumnDrift[];
  readonly failure?: Failure;
}

async function decodeSample(
  deps: IngestDependencies,
  source: SourceState,
  batch: ReadBatch,
  limit: number,
): Promise<DecodedSample> {
  const contracts = source.connector
    .streams(source.config)
    .filter(({ stream }) => batch.streams.includes(stream));
  await deps.warehouse.prepare(contracts);
  const samples: StreamSample[] = [];
  const inferred: InferredStream[] = [];
  const decode = async (session: DecodeSession) => {
    inferred.push(...((await source.connector.infer?.(session, source.config)) ?? []));
    await decodeLanded(source, session);
    for (const { stream, columns, drift } of contracts) {
      const rows = await sampleRows(session, stream, limit);
      const rules = { ...usualDrift, ...drift };
      samples.push({ stream, columns: columns.map(asJson), rules, ...rows });
    }
  };
  const staged = {
    batch: batch.batch,
    source: source.name,
    key: batch.key,
    contracts,
    files: await deps.landing.files(batch.batch),
    cursor: batch.cursor,
    declared: batch.completeness.declared ?? {},
    covers: [],
  };
  try {
    const checks = driftChecks(source, batch.streams);
    const stagedBatch = await deps.warehouse.stage(staged, decode, checks);
    const { seen, findings } = seenColumns(stagedBatch.findings);
    return { staged: { ...stagedBatch, findings }, samples, inferred, changes: seen.changes };
  } catch (error) {
    if (!(error instanceof PhusaError) || error.group !== 'data') throw error;
    return { samples, inferred, changes: [], failure: failureOf(error) };
  }
}

async function sampleRows(session: DecodeSession, stream: string, limit: number) {
  const good = `select * exclude (_status, _reason, _field, _value, _raw) from decoded_${stream} where _status is null limit ${limit}`;
  const bad = `select _file, _row, _reason as reason, _field as field, _value as value, _raw as raw from decoded_${stream} where _status = 'quarantined' limit ${limit}`;
  const rejected = await session.rows(bad);
  const told = rejected.map((row) => ({ ...row, ...reasonWords(row['reason']) }));
  return { records: await session.rows(good), rejected: told };
}
