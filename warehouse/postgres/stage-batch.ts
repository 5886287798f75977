import { crashPoint } from '../../core/crash-point.ts';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { DecodeSession } from '../decode-session.ts';
import type { BatchCheckSql, CheckFinding, DecodedBatch, StagedBatch } from '../staged-batch.ts';
import { runChecks } from '../duckdb/check-findings.ts';
import type { Classified } from '../duckdb/classify.ts';
import { currentKey } from '../duckdb/contract-tables.ts';
import { parseSelect, tableKeys } from '../duckdb/select-tree.ts';
import {
  classifyBatch,
  decodeBatch,
  release,
  summary,
  type Decoded,
} from '../duckdb/stage-batch.ts';
import { storeViews } from '../duckdb/stored-views.ts';
import { fetchCompared } from './compared-rows.ts';
import { attachWork, type Desk } from './desk.ts';
import { publications } from './ledger.ts';
import type { Replicas } from './replicas.ts';
import type { Client, Server } from './server.ts';

/** What a load works with. */
export interface Loader {
  readonly server: Server;
  readonly desk: Desk;
  readonly replicas: Replicas;
}

/** A decoded batch compared with what the server held at `versions`. */
export interface Compared {
  readonly classified: ReadonlyMap<string, Classified>;
  readonly versions: string;
  /** Ends the connection's own catalog. */
  readonly detach: () => Promise<void>;
}

/** A staged batch with what publishing it needs. */
export interface Staged extends Decoded, Compared {
  readonly staged: StagedBatch;
  /** Loaded tables that its checks read. */
  readonly reads: readonly string[];
}

/** Decodes a batch at the desk. What comes out depends on the landed bytes alone. */
export async function decodeAtDesk(
  { desk }: Loader,
  batch: DecodedBatch,
  decode: (session: DecodeSession) => Promise<void>,
): Promise<Decoded> {
  const decoded = await decodeBatch(desk.engine, batch, decode, false);
  return await orRelease(desk, decoded, async () => {
    await storeViews(decoded.connection, decoded.session.streams);
    return decoded;
  });
}

/** Classifies and checks a decoded batch. Nothing of it is visible to others. */
export async function stageBatch(
  loader: Loader,
  decoded: Decoded,
  checks: readonly BatchCheckSql[],
): Promise<Staged> {
  const { batch, connection } = decoded;
  return await orRelease(loader.desk, decoded, async () => {
    const mine = checks.filter(({ on }) => batch.contracts.some(({ stream }) => stream === on));
    const reads = await tablesRead(decoded, mine);
    // One snapshot: the versions are those of the rows.
    const compared = await loader.server.transaction(
      (client) => compare(loader, decoded, client, reads),
      'begin isolation level repeatable read',
    );
    const findings: readonly CheckFinding[] = await runChecks(connection, mine);
    crashPoint('audited');
    const staged = summary(batch, compared.classified, findings);
    return { ...decoded, ...compared, reads, staged };
  });
}

/** Compares a batch with what the server holds now, and classifies its rows. */
export async function compare(
  { desk, replicas }: Loader,
  { batch, connection }: Decoded,
  client: Client,
  reads: readonly string[],
): Promise<Compared> {
  const versions = await publications(client, batch.contracts.map(currentKey));
  const { detach } = await attachWork(desk.engine, connection, bytesOf(batch));
  try {
    for (const key of reads) await replicas.show(client, connection, key);
    await fetchCompared({ desk, connection, batch, client }, new Set(reads));
    const classified = await classifyBatch({ connection, batch, known: new Set() });
    return { classified, versions, detach };
  } catch (error) {
    await detach();
    throw error;
  }
}

/** Bytes that what a batch is compared with may come to: its own, unpacked, or more where whole partitions come too. */
function bytesOf({ files, covers }: DecodedBatch): number | undefined {
  if (covers.length > 0) return undefined;
  return files.reduce((sum, { bytes }) => sum + unpacked * bytes, 0);
}

/** How much larger than its file a batch may be. */
const unpacked = 16;

/** Ends a decoded or staged batch: its rows and files go. */
export async function releaseBatch(desk: Desk, staged: Decoded & Partial<Compared>): Promise<void> {
  await staged.detach?.();
  release(desk.engine, staged);
}

/** The counts of all streams. */
export type Counts = Readonly<Record<string, LoadCounts>>;

async function tablesRead(
  { connection }: Decoded,
  checks: readonly BatchCheckSql[],
): Promise<readonly string[]> {
  const asked = new Set(
    checks.flatMap(({ sql, when }) => (when === undefined ? [sql] : [sql, when])),
  );
  const keys = new Set<string>();
  for (const sql of asked)
    for (const key of tableKeys(await parseSelect(connection, sql)))
      if (/^(staging|dim)\./.test(key)) keys.add(key);
  return [...keys];
}

async function orRelease<T>(desk: Desk, decoded: Decoded, work: () => Promise<T>): Promise<T> {
  try {
    return await desk.engine.guard(work);
  } catch (error) {
    release(desk.engine, decoded);
    throw error;
  }
}
