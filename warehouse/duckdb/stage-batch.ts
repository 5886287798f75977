import type { DuckDBConnection } from '@duckdb/node-api';
import { crashPoint } from '../../core/crash-point.ts';
import { PhusaError } from '../../core/errors.ts';
import { balances, type LoadCounts } from '../../core/load-counts.ts';
import { takesAbsence, type StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../decode-session.ts';
import type { BatchCheckSql, CheckFinding, DecodedBatch, StagedBatch } from '../staged-batch.ts';
import { runChecks } from './check-findings.ts';
import { classify, type Classified } from './classify.ts';
import { currentKey } from './contract-tables.ts';
import { assertDecoded } from './decoded-shape.ts';
import { nothingKnown, recallAll, settleKnown, streamsWithKnown, withKnown } from './known-rows.ts';
import { storeViews } from './stored-views.ts';
import { openDecodeSession, type OpenSession } from './duckdb-decode-session.ts';
import type { Engine } from './engine.ts';
import { holdFindings } from './hold-findings.ts';

/** A decoded batch with the private connection that holds its rows. */
export interface Decoded {
  readonly batch: DecodedBatch;
  readonly connection: DuckDBConnection;
  readonly session: OpenSession;
  /** Streams whose rows have fingerprints. */
  readonly fingerprinted: ReadonlySet<string>;
  /** Streams of which some rows are known to be current (`known-rows.ts`), as of `versions`. */
  readonly known: ReadonlySet<string>;
  /** Versions of the tables that known rows, or the classification, were compared with. */
  readonly versions: string;
}

/** A staged batch with what publishing it needs. */
export interface Staged extends Decoded {
  readonly staged: StagedBatch;
  readonly classified: ReadonlyMap<string, Classified>;
}

/**
 * Decodes a batch on a connection of its own. What comes out depends on the landed bytes alone; `remembering`, it may
 * leave out rows that are current already, as of `versions`, and its rows are stored: it is loaded alone.
 */
export async function decodeBatch(
  engine: Engine,
  batch: DecodedBatch,
  decode: (session: DecodeSession) => Promise<void>,
  remembering = true,
): Promise<Decoded> {
  const versions = engine.publications.of(batch.contracts.map(currentKey));
  const connection = await engine.connect();
  const { spool, log } = engine.options;
  const session = openDecodeSession(connection, batch, spool, log, remembering);
  return await orRelease(engine, { batch, connection, session }, async (open) => {
    await decode(session);
    crashPoint('staging');
    const fingerprinted = await assertDecoded(connection, batch.contracts);
    if (remembering) await storeViews(connection, session.streams);
    const known = await streamsWithKnown(connection, session.asked);
    return { ...open, fingerprinted, known, versions };
  });
}

/** Classifies and checks a decoded batch. Nothing of it is visible to others. */
export async function stageBatch(
  engine: Engine,
  decoded: Decoded,
  checks: readonly BatchCheckSql[],
): Promise<Staged> {
  return await orRelease(
    engine,
    decoded,
    async () => await classifyAndCheck(await upToDate(engine, decoded), checks),
  );
}

/** Known rows of tables that were published to since are made after all: they may not be current any more. */
export async function upToDate<Batch extends Decoded>(
  engine: Engine,
  decoded: Batch,
): Promise<Batch> {
  const versions = engine.publications.of(decoded.batch.contracts.map(currentKey));
  if (versions === decoded.versions) return decoded;
  for (const contract of knownContracts(decoded)) await recallAll(decoded.connection, contract);
  return { ...decoded, versions, known: new Set() };
}

function knownContracts({ batch, known }: Decoded): readonly StreamContract[] {
  return batch.contracts.filter(({ stream }) => known.has(stream));
}

/** Ends a decoded batch: its rows and scratch files go. */
export function release(
  engine: Engine,
  { session, connection }: Pick<Decoded, 'session' | 'connection'>,
): void {
  session.end();
  engine.release(connection);
}

async function orRelease<Open extends Pick<Decoded, 'session' | 'connection'>, T>(
  engine: Engine,
  open: Open,
  work: (open: Open) => Promise<T>,
): Promise<T> {
  try {
    return await engine.guard(() => work(open));
  } catch (error) {
    release(engine, open);
    throw error;
  }
}

/** Classifies all streams of a batch, parents first. Outside a transaction (see `growing.ts`). */
export async function classifyBatch({
  connection,
  batch,
  known,
}: Pick<Decoded, 'connection' | 'batch' | 'known'>): Promise<ReadonlyMap<string, Classified>> {
  const classified = new Map<string, Classified>();
  for (const contract of parentsFirst(batch.contracts)) {
    const parent = batch.contracts.find((other) => other.stream === contract.parent);
    const covered = takesAbsence(contract) && batch.covers.includes(contract.stream);
    const counted = known.has(contract.stream)
      ? await settleKnown(connection, contract)
      : nothingKnown(contract);
    const result = await classify(
      connection,
      contract,
      parent,
      covered,
      counted,
      batch.again?.later,
    );
    assertBalanced(batch, contract, result.counts);
    classified.set(contract.stream, result);
  }
  return classified;
}

/** The counts of all streams. */
export function countsOf(
  classified: ReadonlyMap<string, Classified>,
): Readonly<Record<string, LoadCounts>> {
  return Object.fromEntries([...classified].map(([stream, { counts }]) => [stream, counts]));
}

async function classifyAndCheck(open: Decoded, checks: readonly BatchCheckSql[]): Promise<Staged> {
  const { connection, batch } = open;
  const classified = await classifyBatch(open);
  const streams = new Set(batch.contracts.map((contract) => contract.stream));
  const mine = checks.filter((check) => streams.has(check.on));
  const findings =
    mine.length === 0
      ? []
      : await withKnown(connection, knownContracts(open), () => runChecks(connection, mine));
  crashPoint('audited');
  return { ...open, classified, staged: summary(batch, classified, findings) };
}

/** How a batch stands once it is classified and checked. */
export function summary(
  batch: DecodedBatch,
  classified: ReadonlyMap<string, Classified>,
  findings: readonly CheckFinding[],
): StagedBatch {
  const counts = countsOf(classified);
  const byCounts = batch.contracts.flatMap((contract) => {
    const mine = counts[contract.stream];
    return mine === undefined ? [] : holdFindings(batch, contract, mine);
  });
  return {
    batch: batch.batch,
    source: batch.source,
    key: batch.key,
    cursor: batch.cursor,
    counts,
    findings,
    held: [...byCounts, ...findings.filter((finding) => finding.severity === 'block')],
  };
}

function parentsFirst(contracts: readonly StreamContract[]): readonly StreamContract[] {
  const placed: StreamContract[] = [];
  const place = (contract: StreamContract, above: readonly StreamContract[]): void => {
    if (placed.includes(contract) || above.includes(contract)) return;
    const parent = contracts.find((other) => other.stream === contract.parent);
    if (parent !== undefined) place(parent, [...above, contract]);
    placed.push(contract);
  };
  for (const contract of contracts) place(contract, []);
  return placed;
}

function assertBalanced(batch: DecodedBatch, contract: StreamContract, counts: LoadCounts): void {
  if (balances(counts)) return;
  const text = JSON.stringify(counts);
  throw new PhusaError({
    group: 'fatal',
    code: 'counts-unbalanced',
    message: {
      vi: `Phân loại của ${contract.stream} không cân: ${text}`,
      en: `The classification of ${contract.stream} does not balance: ${text}`,
    },
    remedy: {
      vi: 'Đây là lỗi của chương trình; giữ lại lô và báo người phát triển.',
      en: 'This is a fault of the program; keep the batch and tell its developers.',
    },
    place: { batch: batch.batch, source: batch.source, stream: contract.stream },
  });
}
