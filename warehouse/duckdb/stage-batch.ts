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
import { openDecodeSession, type OpenSession } from './duckdb-decode-session.ts';
import type { Engine } from './engine.ts';
import { holdFindings } from './hold-findings.ts';

/** A decoded batch with the private connection that holds its rows. */
export interface Decoded {
  readonly batch: DecodedBatch;
  readonly connection: DuckDBConnection;
  readonly session: OpenSession;
}

/** A staged batch with what publishing it needs. */
export interface Staged extends Decoded {
  readonly staged: StagedBatch;
  readonly classified: ReadonlyMap<string, Classified>;
  /** Versions of the tables that the classification compared with. */
  readonly versions: string;
}

/** Decodes a batch on a connection of its own. It depends on the landed bytes alone, not on what is published. */
export async function decodeBatch(
  engine: Engine,
  batch: DecodedBatch,
  decode: (session: DecodeSession) => Promise<void>,
): Promise<Decoded> {
  const connection = await engine.connect();
  const session = openDecodeSession(connection, batch, engine.options.spool, engine.options.log);
  return await orRelease(engine, { batch, connection, session }, async (decoded) => {
    await decode(session);
    crashPoint('staging');
    await assertDecoded(connection, batch.contracts);
    return decoded;
  });
}

/** Classifies and checks a decoded batch. Nothing of it is visible to others. */
export async function stageBatch(
  engine: Engine,
  decoded: Decoded,
  checks: readonly BatchCheckSql[],
): Promise<Staged> {
  return await orRelease(engine, decoded, async () => {
    const versions = engine.publications.of(decoded.batch.contracts.map(currentKey));
    return await classifyAndCheck({ ...decoded, versions }, checks);
  });
}

/** Ends a decoded batch: its rows and scratch files go. */
export function release(engine: Engine, { session, connection }: Decoded): void {
  session.end();
  engine.release(connection);
}

async function orRelease<T>(
  engine: Engine,
  decoded: Decoded,
  work: (decoded: Decoded) => Promise<T>,
): Promise<T> {
  try {
    return await engine.guard(() => work(decoded));
  } catch (error) {
    release(engine, decoded);
    throw error;
  }
}

/** Classifies all streams of a batch, parents first. Outside a transaction (see `growing.ts`). */
export async function classifyBatch(
  connection: DuckDBConnection,
  batch: DecodedBatch,
): Promise<ReadonlyMap<string, Classified>> {
  const classified = new Map<string, Classified>();
  for (const contract of parentsFirst(batch.contracts)) {
    const parent = batch.contracts.find((other) => other.stream === contract.parent);
    const covered = takesAbsence(contract) && batch.covers.includes(contract.stream);
    const result = await classify(connection, contract, parent, covered);
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

async function classifyAndCheck(
  open: Pick<Staged, 'connection' | 'session' | 'batch' | 'versions'>,
  checks: readonly BatchCheckSql[],
): Promise<Staged> {
  const { connection, batch } = open;
  const classified = await classifyBatch(connection, batch);
  const streams = new Set(batch.contracts.map((contract) => contract.stream));
  const findings = await runChecks(
    connection,
    checks.filter((check) => streams.has(check.on)),
  );
  crashPoint('audited');
  return { ...open, classified, staged: summary(batch, classified, findings) };
}

function summary(
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
