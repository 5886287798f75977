import { crashPoint } from '../../core/crash-point.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { absentRows, asideTable, matchedTable, type Classified } from '../duckdb/classify.ts';
import { columnNames, currentKey, historyKey } from '../duckdb/contract-tables.ts';
import { decodedTable } from '../duckdb/decoded-shape.ts';
import { miscounted } from '../duckdb/growing.ts';
import { assertRising } from '../duckdb/ledger.ts';
import { notCommitted } from '../duckdb/publish-batch.ts';
import { columnList, equalOn, instant, tableName } from '../duckdb/sql-text.ts';
import { countsOf } from '../duckdb/stage-batch.ts';
import type { PublishedBatch } from '../port.ts';
import { createTable } from './catalog-tables.ts';
import { currentShape, historyShape, valueShape } from './contract-tables.ts';
import { sendRows } from './exchange.ts';
import { beforePublish, publications, publishedBatch, recordBatches } from './ledger.ts';
import { forgetQuarantined, keepQuarantined } from './quarantine-rows.ts';
import { changed, type Client } from './server.ts';
import { compare, type Compared, type Loader, type Staged } from './stage-batch.ts';

/**
 * Publishes a staged batch in one transaction, under a lock of each of its tables that other processes wait for. A batch
 * already in the ledger changes nothing. Another batch may have been published since staging: then the comparison is
 * made again, under the lock.
 */
export async function publishBatch(
  loader: Loader,
  staged: Staged,
  recordedAt: Date,
): Promise<PublishedBatch> {
  const client = await loader.server.connect();
  let broken = true;
  try {
    await client.query('begin');
    const published = await write(loader, staged, recordedAt, client);
    broken = false;
    return published;
  } finally {
    client.release(broken);
  }
}

async function write(
  loader: Loader,
  staged: Staged,
  recordedAt: Date,
  client: Client,
): Promise<PublishedBatch> {
  const { batch } = staged;
  const keys = batch.contracts.map(currentKey);
  await lockTables(client, keys);
  const before = await beforePublish(client, batch.batch, keys);
  if (before.published) return await alreadyPublished(client, batch.batch);
  assertRising(before, keys, recordedAt);
  const compared = await stillCompared(loader, staged, keys, client);
  try {
    for (const contract of batch.contracts) {
      const mine = compared.classified.get(contract.stream);
      if (mine) await publishStream(loader, staged, contract, mine, recordedAt, client);
    }
    return await finish(loader, staged, compared, recordedAt, client);
  } finally {
    await compared.detach();
  }
}

async function alreadyPublished(client: Client, batch: string): Promise<PublishedBatch> {
  const found = await publishedBatch(client, batch);
  await client.query('rollback');
  if (!found) throw new TypeError(`batch ${batch} is in the ledger and is not`);
  return found;
}

/** Quarantine, ledger, COMMIT. */
async function finish(
  loader: Loader,
  staged: Staged,
  compared: Compared,
  recordedAt: Date,
  client: Client,
): Promise<PublishedBatch> {
  const { batch } = staged;
  const assets = new Map(batch.contracts.map((c) => [c.stream, currentKey(c)]));
  const counts = countsOf(compared.classified);
  await forgetQuarantined(client, [batch.batch, ...(batch.again?.answersFor ?? [])]);
  await keepQuarantined(loader, staged, counts, false, client);
  const recorded = { staged: { ...staged.staged, counts }, recordedAt };
  await recordBatches(client, [recorded], assets);
  crashPoint('before-commit');
  await commit(loader, staged, recordedAt, client);
  crashPoint('after-commit');
  return { batch: batch.batch, recordedAt: recordedAt.toISOString(), counts };
}

/** In one order for all, so that two never wait for each other; given back at the end of the transaction. */
async function lockTables(client: Client, keys: readonly string[]): Promise<void> {
  for (const key of [...keys].sort())
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`phusa.${key}`]);
}

async function stillCompared(
  loader: Loader,
  staged: Staged,
  keys: readonly string[],
  client: Client,
): Promise<Compared> {
  if ((await publications(client, keys)) === staged.versions) return staged;
  await staged.detach();
  return await compare(loader, staged, client, staged.reads);
}

/** A COMMIT that raised may have been durable (C17): the ledger decides. */
async function commit(
  { server, desk }: Loader,
  { batch }: Staged,
  recordedAt: Date,
  client: Client,
): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    const found = await server.transaction(async (fresh) => {
      // Its connection may be gone and the transaction still at work: the locks say when it is over.
      await lockTables(fresh, batch.contracts.map(currentKey));
      return await publishedBatch(fresh, batch.batch);
    });
    if (found?.recordedAt !== recordedAt.toISOString()) throw notCommitted(batch, error);
    desk.engine.options.log.warn('warehouse.commit-recovered', { batch: batch.batch });
  }
}

async function publishStream(
  loader: Loader,
  staged: Staged,
  contract: StreamContract,
  { counts, absent, older }: Classified,
  recordedAt: Date,
  client: Client,
): Promise<void> {
  const { connection, batch } = staged;
  const leaving = counts.changed - older + absent;
  const arriving = counts.new + counts.changed - older - (counts.deleted - absent);
  const current = tableName(currentKey(contract));
  const history = tableName(historyKey(currentKey(contract)));
  const send = async (table: string, select: string, shape = currentShape(contract)) =>
    await sendRows(connection, { select, shape, file: loader.desk.scratch() }, client, table);
  const incoming = incomingRows(contract, batch.batch, recordedAt);
  if (leaving > 0) {
    const keys = leavingKeys(
      contract,
      absent > 0 ? absentRows(contract, batch.again?.later) : undefined,
    );
    await retire(contract, leaving, recordedAt, client, (table, shape) => send(table, keys, shape));
  }
  if (older > 0)
    assertCount(history, older, await send(history, incoming.older, historyShape(contract)));
  if (arriving > 0) assertCount(current, arriving, await send(current, incoming.current));
}

/** Moves the current rows of some keys, which `send` brings, to history. */
async function retire(
  contract: StreamContract,
  leaving: number,
  recordedAt: Date,
  client: Client,
  send: (table: string, shape: ReadonlyMap<string, string>) => Promise<number>,
): Promise<void> {
  const current = tableName(currentKey(contract));
  const history = tableName(historyKey(currentKey(contract)));
  const types = valueShape(contract);
  const shape = new Map(contract.key.map((name) => [name, types.get(name) ?? 'VARCHAR']));
  const table = quoted(`leaving_${contract.stream}`);
  await client.query(
    `${createTable(table, shape).replace('create table', 'create temp table')} on commit drop`,
  );
  await send(table, shape);
  await client.query(`analyze ${table}`);
  const columns = columnList([...currentShape(contract).keys()]);
  const isLeaving = equalOn(contract.key, 'l', 't');
  const kept = await changed(
    client,
    `with left_rows as (delete from ${current} t using ${table} l where ${isLeaving} returning t.*)
     insert into ${history}(${columns}, _recorded_to)
     select ${columns}, ${instant(recordedAt)} from left_rows`,
  );
  assertCount(history, leaving, kept);
}

/** SELECT of the keys whose current rows leave: replaced, deleted, or absent from a partition that is covered. */
function leavingKeys(contract: StreamContract, absentFrom: string | undefined): string {
  const { stream, key } = contract;
  const replaced = `select ${columnList(key, 'd')} from ${decodedTable(stream)} d
    semi join (select rid from ${matchedTable(stream)} where class in ('replacing', 'deleted')) r
      on r.rid = d.rowid`;
  return absentFrom === undefined
    ? replaced
    : `${replaced} union all select ${columnList(key, 't')} ${absentFrom}`;
}

/** SELECTs of decoded rows as they are published: older versions for history, the others as current. */
function incomingRows(
  contract: StreamContract,
  batch: string,
  recordedAt: Date,
): { readonly older: string; readonly current: string } {
  const row = `select ${columnList(columnNames(contract), 'd')}, ${literal(batch)} as _batch, d._file, d._row,
    ${instant(recordedAt)} as _recorded_from, d._published_at`;
  const from = `from ${decodedTable(contract.stream)} d`;
  const aside = `${asideTable(contract.stream)} a on a.rid = d.rowid`;
  return {
    older: `${row}, ${instant(recordedAt)} as _recorded_to ${from} join ${aside} and a.class = 'older'`,
    current: `${row} ${from} anti join ${aside}`,
  };
}

function assertCount(table: string, expected: number, found: number): void {
  if (expected !== found) throw miscounted(table, expected, found);
}
