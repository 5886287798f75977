import type { DuckDBConnection } from '@duckdb/node-api';
import { crashPoint } from '../../core/crash-point.ts';
import { PhusaError } from '../../core/errors.ts';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { PublishedBatch } from '../port.ts';
import { absentRows, asideTable, replacingTable, type Classified } from './classify.ts';
import {
  columnNames,
  currentKey,
  historyKey,
  provenance,
  tableColumns,
} from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { wordsOf } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { assertRising, publishedBatch, recordBatch, streamVersions } from './ledger.ts';
import { keepQuarantined } from './quarantine-rows.ts';
import { columnList, equalOn, instant, literal, tableName } from './sql-text.ts';
import { classifyBatch, countsOf, type Staged } from './stage-batch.ts';

/** Publishes a staged batch in one transaction, or finds it published before. */
export async function publishBatch(
  engine: Engine,
  staged: Staged,
  recordedAt: Date,
): Promise<PublishedBatch> {
  const { connection, batch } = staged;
  const before = await publishedBatch(connection, batch.batch);
  if (before !== undefined) return before;
  await connection.run('begin transaction');
  const counts = await write(staged, recordedAt).catch(async (error: unknown) => {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  });
  await commit(engine, staged, recordedAt);
  crashPoint('after-commit');
  return { batch: batch.batch, recordedAt: recordedAt.toISOString(), counts };
}

/** Everything the transaction holds; gives the counts as published. */
async function write(
  staged: Staged,
  recordedAt: Date,
): Promise<Readonly<Record<string, LoadCounts>>> {
  const { connection, batch } = staged;
  const assets = new Map(batch.contracts.map((c) => [c.stream, currentKey(c)]));
  await assertRising(connection, [...assets.values()], recordedAt);
  const classified = await stillClassified(staged);
  for (const contract of batch.contracts) {
    const mine = classified.get(contract.stream);
    if (mine !== undefined) await publishStream(staged, contract, mine, recordedAt);
  }
  await keepQuarantined(connection, batch, false);
  const counts = countsOf(classified);
  await recordBatch(connection, { ...staged.staged, counts }, assets, recordedAt);
  crashPoint('before-commit');
  return counts;
}

/** Another batch may have been published since staging: then the comparison is made again. */
async function stillClassified(staged: Staged): Promise<ReadonlyMap<string, Classified>> {
  const { connection, batch, versions, classified } = staged;
  const now = await streamVersions(connection, batch.contracts.map(currentKey));
  return now === versions ? classified : await classifyBatch(connection, batch);
}

/** A COMMIT that raised may have been durable (finding 1): the ledger decides. */
async function commit(engine: Engine, staged: Staged, recordedAt: Date): Promise<void> {
  try {
    await staged.connection.run('commit');
  } catch (error) {
    await engine.reopen(error);
    const found = await engine.use((fresh) => publishedBatch(fresh, staged.batch.batch));
    if (found?.recordedAt !== recordedAt.toISOString()) throw notCommitted(staged, error);
    engine.options.log.warn('warehouse.commit-recovered', { batch: staged.batch.batch });
  }
}

async function publishStream(
  { connection, batch }: Staged,
  contract: StreamContract,
  classified: Classified,
  recordedAt: Date,
): Promise<void> {
  const { counts, absent, older } = classified;
  const leaving = counts.changed - older + absent;
  if (leaving > 0) await retire(connection, contract, leaving, absent > 0, recordedAt);
  const columns = columnNames(contract);
  const into = columnList([...columns, ...provenance]);
  const row = `${columnList(columns, 'd')}, ${literal(batch.batch)}, d._file, d._row,
    ${instant(recordedAt)}, d._published_at`;
  const from = `from ${decodedTable(contract.stream)} d`;
  const aside = `${asideTable(contract.stream)} a on a.rid = d.rowid`;
  if (older > 0) {
    await insert(
      connection,
      `insert into ${tableName(historyKey(currentKey(contract)))}(${into}, _recorded_to)
       select ${row}, ${instant(recordedAt)} ${from} join ${aside} and a.class = 'older'`,
      older,
    );
  }
  const arriving = counts.new + counts.changed - older - (counts.deleted - absent);
  if (arriving === 0) return;
  const others = arriving === counts.received ? '' : `anti join ${aside}`;
  await insert(
    connection,
    `insert into ${tableName(currentKey(contract))}(${into}) select ${row} ${from} ${others}`,
    arriving,
  );
}

/** Moves current rows to history. Row ids are looked up inside the transaction, where they cannot move. */
async function retire(
  connection: DuckDBConnection,
  contract: StreamContract,
  leaving: number,
  withAbsent: boolean,
  recordedAt: Date,
): Promise<void> {
  const key = currentKey(contract);
  const current = tableName(key);
  const decoded = decodedTable(contract.stream);
  const rows = `select rid from ${replacingTable(contract.stream)}
    union all select rid from ${asideTable(contract.stream)} where class = 'deleted'`;
  await connection.run(`create or replace temp table leaving as
    select t.rowid as rid from ${current} t
    join (select d.* from ${decoded} d semi join (${rows}) r on r.rid = d.rowid) d
      on ${equalOn(contract.key, 't', 'd')}
    ${withAbsent ? `union all select t.rowid ${absentRows(contract)}` : ''}`);
  const columns = columnList([...(await tableColumns(connection, key)).keys()]);
  await insert(
    connection,
    `insert into ${tableName(historyKey(key))}(${columns}, _recorded_to)
     select ${columns}, ${instant(recordedAt)} from ${current}
     where rowid in (select rid from leaving)`,
    leaving,
  );
  await connection.run(`delete from ${current} where rowid in (select rid from leaving)`);
}

/** Inserts and holds the engine to the number of rows that were counted. */
async function insert(connection: DuckDBConnection, sql: string, expected: number): Promise<void> {
  const { rowsChanged } = await connection.run(sql);
  if (rowsChanged !== expected) throw miscounted(sql, expected, rowsChanged);
}

function miscounted(sql: string, expected: number, found: number): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'counts-unbalanced',
    message: {
      vi: `Công bố lẽ ra ghi ${expected} dòng nhưng ghi ${found}: ${sql}`,
      en: `Publishing should have written ${expected} rows but wrote ${found}: ${sql}`,
    },
    remedy: {
      vi: 'Không có gì được công bố; giữ lại lô và báo người phát triển.',
      en: 'Nothing was published; keep the batch and tell the developers.',
    },
  });
}

function notCommitted({ batch }: Staged, cause: unknown): PhusaError {
  const words = wordsOf(cause);
  return new PhusaError({
    group: 'retriable',
    code: 'publish-not-committed',
    message: {
      vi: `Lô ${batch.batch} chưa được công bố: ${words}`,
      en: `Batch ${batch.batch} was not published: ${words}`,
    },
    remedy: {
      vi: 'Chạy lại lô với cùng thời điểm ghi nhận.',
      en: 'Run the batch again with the same recorded time.',
    },
    place: { batch: batch.batch, source: batch.source },
    cause,
  });
}
