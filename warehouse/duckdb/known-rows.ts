import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../../core/sql-text.ts';
import { takesAbsence, type StreamContract } from '../../core/stream-contract.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { columnNames, currentKey, fingerprintColumn, historyKey } from './contract-tables.ts';
import { decodedTable } from './decoded-shape.ts';
import { miscounted } from './growing.ts';
import { readCount, readRows } from './result-table.ts';
import { columnList, equalOn, tableName } from './sql-text.ts';

/**
 * Rows of a batch that decode did not make because a current row has their fingerprint. They stand in
 * `known_<stream>(_file, _row, _fingerprint)` and count as unchanged, repeats of them as duplicates. The same comes out
 * as if they had been made (docs/decisions/0007), for a row of a key that the batch also holds in another form is made
 * after all, and all are where the stream was published to since decoding.
 */
export interface KnownRows {
  readonly unchanged: number;
  readonly duplicate: number;
  /** Table of the current rows that the made rows are compared with. */
  readonly compared: string;
}

/** Of a stream without known rows: the made rows are compared with all current ones. */
export function nothingKnown(contract: StreamContract): KnownRows {
  return { unchanged: 0, duplicate: 0, compared: tableName(currentKey(contract)) };
}

/** SELECT of the fingerprints of a stream's current rows; see `DecodeSession.fingerprints`. */
export async function fingerprintsOf(
  connection: DuckDBConnection,
  { contracts, covers }: DecodedBatch,
  stream: string,
): Promise<string | undefined> {
  const contract = contracts.find((one) => one.stream === stream);
  if (contract === undefined || contract.parent !== undefined) return undefined;
  if (takesAbsence(contract) && covers.includes(stream)) return undefined;
  const select = `select ${fingerprintColumn} from ${tableName(currentKey(contract))} where ${fingerprintColumn} is not null`;
  return (await readCount(connection, `select count(*) from (${select} limit 1)`)) > 0
    ? select
    : undefined;
}

/** Those of some streams that have known rows. */
export async function streamsWithKnown(
  connection: DuckDBConnection,
  asked: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (asked.size === 0) return asked;
  const rows = await readRows(
    connection,
    `select table_name from duckdb_tables() where temporary and starts_with(table_name, 'known_') and estimated_size > 0`,
  );
  const tables = new Set(rows.map(([name]) => name));
  return new Set([...asked].filter((stream) => tables.has(`known_${stream}`)));
}

/**
 * Makes the known rows whose key the batch holds in another form too, and counts the others. The current rows of the
 * batch's keys, a few of many, are looked up once and kept for what follows.
 */
export async function settleKnown(
  connection: DuckDBConnection,
  contract: StreamContract,
): Promise<KnownRows> {
  const compared = quoted(`compared_${contract.stream}`);
  await connection.run(`create or replace temp table ${compared} as
    select t.* from ${tableName(currentKey(contract))} t
    semi join ${decodedTable(contract.stream)} d on ${equalOn(contract.key, 'd', 't')}`);
  const shared = `select ${fingerprintColumn} from ${compared} where ${fingerprintColumn} is not null`;
  await recall(connection, contract, compared, shared);
  const [row] = await readRows(
    connection,
    `select count(distinct ${fingerprintColumn}), count(*) from ${knownTable(contract)}`,
  );
  const unchanged = Number(row?.[0]);
  return { unchanged, duplicate: Number(row?.[1]) - unchanged, compared };
}

/** Makes all known rows: what is not current any more is in history. */
export async function recallAll(
  connection: DuckDBConnection,
  contract: StreamContract,
): Promise<void> {
  const key = currentKey(contract);
  const columns = columnList([...columnNames(contract), '_published_at', fingerprintColumn]);
  const kept = `(select distinct on (${fingerprintColumn}) * from (
      select ${columns} from ${tableName(key)} union all select ${columns} from ${tableName(historyKey(key))})
    where ${fingerprintColumn} in (select ${fingerprintColumn} from ${knownTable(contract)}))`;
  await recall(
    connection,
    contract,
    kept,
    `select ${fingerprintColumn} from ${knownTable(contract)}`,
  );
}

/** Runs work to which `decoded_<stream>` shows the known rows too. */
export async function withKnown<T>(
  connection: DuckDBConnection,
  contracts: readonly StreamContract[],
  work: () => Promise<T>,
): Promise<T> {
  for (const contract of contracts) await connection.run(showKnown(contract));
  const result = await work();
  for (const contract of contracts) await connection.run(hideKnown(contract));
  return result;
}

function knownTable({ stream }: StreamContract): string {
  return quoted(`known_${stream}`);
}

/** Moves known rows of some fingerprints among the decoded ones, with the values of `kept`. */
async function recall(
  connection: DuckDBConnection,
  contract: StreamContract,
  kept: string,
  fingerprints: string,
): Promise<void> {
  const known = knownTable(contract);
  const using = `using (${fingerprintColumn})`;
  const wanted = await readCount(
    connection,
    `create or replace temp table recalled as
      select k.* from ${known} k semi join (${fingerprints}) f ${using}`,
  );
  if (wanted === 0) return;
  const { rowsChanged } = await connection.run(`insert into ${decodedTable(contract.stream)} by name
    select ${columnList(columnNames(contract), 't')}, r._file, r._row, t._published_at, r.${fingerprintColumn}
    from ${kept} t join recalled r ${using}`);
  if (rowsChanged !== wanted) throw miscounted(decodedTable(contract.stream), wanted, rowsChanged);
  await connection.run(`delete from ${known}
    where ${fingerprintColumn} in (select ${fingerprintColumn} from recalled)`);
}

function showKnown(contract: StreamContract): string {
  const decoded = decodedTable(contract.stream);
  const made = quoted(`made_${contract.stream}`);
  return `alter table ${decoded} rename to ${made};
    create temp view ${decoded} as select * from ${made} union all by name
      select ${columnList(columnNames(contract), 't')}, k._file, k._row, t._published_at
      from ${knownTable(contract)} k join ${tableName(currentKey(contract))} t using (${fingerprintColumn})`;
}

function hideKnown(contract: StreamContract): string {
  const decoded = decodedTable(contract.stream);
  return `drop view ${decoded}; alter table ${quoted(`made_${contract.stream}`)} rename to ${decoded}`;
}
