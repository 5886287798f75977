import type { DuckDBConnection } from '@duckdb/node-api';
import { crashPoint } from '../../core/crash-point.ts';
import { PhusaError } from '../../core/errors.ts';
import type { LoadCounts } from '../../core/load-counts.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { PublishedBatch } from '../port.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { absentRows, asideMark, asideTable, matchedTable, type Classified } from './classify.ts';
import {
  columnNames,
  currentKey,
  fingerprintColumn,
  historyKey,
  provenance,
} from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { isFatal, wordsOf } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { growing, miscounted } from './growing.ts';
import { assertRising, beforePublish, publishedBatch, recordBatches } from './ledger.ts';
import { forgetQuarantined, keepQuarantined } from './quarantine-rows.ts';
import { literal } from '../../core/sql-text.ts';
import { columnList, equalOn, instant, tableName } from './sql-text.ts';
import { classifyBatch, countsOf, upToDate, type Staged } from './stage-batch.ts';

/** Publishes a staged batch in one transaction. A batch already in the ledger changes nothing. */
export async function publishBatch(
  engine: Engine,
  staged: Staged,
  recordedAt: Date,
): Promise<PublishedBatch> {
  const { connection, batch } = staged;
  const classified = await stillClassified(engine, staged);
  await connection.run('begin transaction');
  const counts = await write(engine, staged, classified, recordedAt).catch(
    async (error: unknown) => {
      await connection.run('rollback').catch(() => undefined);
      throw error;
    },
  );
  if (counts === undefined) return await alreadyPublished(connection, batch.batch);
  await commit(engine, staged, recordedAt);
  engine.publications.note(batch.contracts.map(currentKey));
  crashPoint('after-commit');
  return { batch: batch.batch, recordedAt: recordedAt.toISOString(), counts };
}

async function alreadyPublished(
  connection: DuckDBConnection,
  batch: string,
): Promise<PublishedBatch> {
  await connection.run('rollback');
  const found = await publishedBatch(connection, batch);
  if (found === undefined) throw new TypeError(`batch ${batch} is in the ledger and is not`);
  return found;
}

/** Everything the transaction holds; gives the counts as published, or undefined when the ledger has the batch. */
async function write(
  engine: Engine,
  staged: Staged,
  classified: ReadonlyMap<string, Classified>,
  recordedAt: Date,
): Promise<Readonly<Record<string, LoadCounts>> | undefined> {
  const { connection, batch } = staged;
  const assets = new Map(batch.contracts.map((c) => [c.stream, currentKey(c)]));
  const before = await beforePublish(connection, batch.batch, [...assets.values()]);
  if (before.published) return undefined;
  assertRising(before, [...assets.values()], recordedAt);
  for (const contract of batch.contracts) {
    const mine = classified.get(contract.stream);
    if (mine !== undefined) {
      const columns = await engine.columnsOf(currentKey(contract));
      await publishStream(staged, contract, mine, columns, recordedAt);
    }
  }
  const counts = countsOf(classified);
  if (before.quarantined) await forgetQuarantined(connection, [batch.batch]);
  if (batch.again) await forgetQuarantined(connection, batch.again.answersFor);
  await keepQuarantined(connection, batch, counts, false);
  const recorded = { staged: { ...staged.staged, counts }, recordedAt };
  await recordBatches(connection, [recorded], assets);
  crashPoint('before-commit');
  return counts;
}

/** Another batch may have been published since staging: then the comparison is made again. */
async function stillClassified(
  engine: Engine,
  staged: Staged,
): Promise<ReadonlyMap<string, Classified>> {
  const now = await upToDate(engine, staged);
  return now === staged ? staged.classified : await classifyBatch(now);
}

/** A COMMIT that raised may have been durable (finding 1): the ledger decides. */
async function commit(engine: Engine, staged: Staged, recordedAt: Date): Promise<void> {
  try {
    await staged.connection.run('commit');
  } catch (error) {
    if (isFatal(error)) await engine.reopen(error);
    const found = await engine.use((fresh) => publishedBatch(fresh, staged.batch.batch));
    if (found?.recordedAt !== recordedAt.toISOString()) throw notCommitted(staged.batch, error);
    engine.options.log.warn('warehouse.commit-recovered', { batch: staged.batch.batch });
  }
}

async function publishStream(
  { connection, batch: { batch, again }, fingerprinted }: Staged,
  contract: StreamContract,
  classified: Classified,
  columns: readonly string[],
  recordedAt: Date,
): Promise<void> {
  const { counts, absent, older, compared, marked } = classified;
  const leaving = counts.changed - older + absent;
  const arriving = counts.new + counts.changed - older - (counts.deleted - absent);
  const current = tableName(currentKey(contract));
  const history = tableName(historyKey(currentKey(contract)));
  const isFingerprinted = fingerprinted.has(contract.stream);
  const incoming = incomingRows(contract, batch, recordedAt, isFingerprinted, marked);
  const changed = async (sql: string) => (await connection.run(sql)).rowsChanged;
  if (leaving > 0) {
    const absentFrom = absent > 0 ? absentRows(contract, again?.later) : undefined;
    const leave = { absentFrom, compared, columns, recordedAt };
    const sql = await retiring(connection, contract, leave);
    await growing(connection, history, leaving, () => changed(sql));
    const gone = await changed(`delete from ${current} where rowid in (select rid from leaving)`);
    if (gone !== leaving) throw miscounted(current, -leaving, -gone);
  }
  if (older > 0) await growing(connection, history, older, () => changed(incoming.older(history)));
  if (arriving > 0) {
    const sql = incoming.current(current, arriving === counts.received);
    await growing(connection, current, arriving, () => changed(sql));
  }
}

/** INSERTs of decoded rows as they are published: older versions into history, the others as current. */
function incomingRows(
  contract: StreamContract,
  batch: string,
  recordedAt: Date,
  isFingerprinted: boolean,
  marked: boolean,
): { older(into: string): string; current(into: string, all: boolean): string } {
  const columns = columnNames(contract);
  const fingerprint = isFingerprinted ? [fingerprintColumn] : [];
  const into = columnList([...columns, ...provenance, ...fingerprint]);
  const row = `${columnList(columns, 'd')}, ${literal(batch)}, d._file, d._row,
    ${[instant(recordedAt), 'd._published_at', columnList(fingerprint, 'd')].filter(Boolean).join(', ')}`;
  const from = `from ${decodedTable(contract.stream)} d`;
  const aside = `${asideTable(contract.stream)} a on a.rid = d.rowid`;
  return {
    older: (history) => `insert into ${history}(${into}, _recorded_to)
      select ${row}, ${instant(recordedAt)} ${from} join ${aside} and a.class = 'older'
      ${marked ? `where ${asideMark}` : ''}`,
    current: (current, all) => `insert into ${current}(${into})
      select ${row} ${from}
      ${marked ? `where ${asideMark} is null` : all ? '' : `anti join ${aside}`}`,
  };
}

/** What rows leave a table of current rows, and how. */
interface Leaving {
  /** FROM and WHERE of rows that leave because the batch no longer holds them. */
  readonly absentFrom: string | undefined;
  /** See {@link Classified}. */
  readonly compared: string;
  readonly columns: readonly string[];
  readonly recordedAt: Date;
}

/**
 * Notes the row ids of the rows that leave in `leaving` and gives the INSERT that copies them to history. Row ids are
 * looked up inside the transaction, where no checkpoint can move them.
 */
async function retiring(
  connection: DuckDBConnection,
  contract: StreamContract,
  { absentFrom, compared, columns, recordedAt }: Leaving,
): Promise<string> {
  const key = currentKey(contract);
  const current = tableName(key);
  const stream = contract.stream;
  const replaced = `semi join (
      select ${columnList(contract.key, 'd')} from ${decodedTable(stream)} d
      semi join (select rid from ${matchedTable(stream)} where class in ('replacing', 'deleted')) r
        on r.rid = d.rowid) d on ${equalOn(contract.key, 't', 'd')}`;
  await connection.run(`create or replace temp table leaving as
    select t.rowid as rid from ${current} t ${replaced}
    ${absentFrom === undefined ? '' : `union all select t.rowid ${absentFrom}`}`);
  const list = columnList(columns);
  const left =
    compared === current || absentFrom !== undefined
      ? `${current} where rowid in (select rid from leaving)`
      : `${compared} t ${replaced}`;
  return `insert into ${tableName(historyKey(key))}(${list}, _recorded_to)
    select ${list}, ${instant(recordedAt)} from ${left}`;
}

/** The error of a COMMIT after which the ledger does not hold the batch. */
export function notCommitted(batch: DecodedBatch, cause: unknown): PhusaError {
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
