import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../../core/sql-text.ts';
import { takesAbsence, type StreamContract } from '../../core/stream-contract.ts';
import { currentKey, historyKey } from '../duckdb/contract-tables.ts';
import { decodedTable } from '../duckdb/decoded-shape.ts';
import { readRows } from '../duckdb/result-table.ts';
import { columnList, equalOn, tableName } from '../duckdb/sql-text.ts';
import type { DecodedBatch } from '../staged-batch.ts';
import { createTable } from './catalog-tables.ts';
import type { Shape } from './column-types.ts';
import { currentShape, historyShape, valueShape } from './contract-tables.ts';
import { emptyTable, type Desk } from './desk.ts';
import { fetchRows, sendRows } from './exchange.ts';
import { readTexts, type Client } from './server.ts';

/** A decoded batch at the desk, and the server it is compared with. */
export interface Comparing {
  readonly desk: Desk;
  readonly connection: DuckDBConnection;
  readonly batch: DecodedBatch;
  readonly client: Client;
}

/**
 * Fetches what a batch is compared with into `staging.<stream>` and `history.<stream>` of the connection's own catalog:
 * the current rows of its keys and of the partitions it covers, and the superseded rows of its keys where an older
 * version might be known already. Runs in a transaction, for the keys travel in temporary tables.
 *
 * @param whole - tables that are there in full already
 */
export async function fetchCompared(
  comparing: Comparing,
  whole: ReadonlySet<string>,
): Promise<void> {
  for (const contract of comparing.batch.contracts) {
    const current = currentKey(contract);
    if (!whole.has(current)) {
      await comparing.connection.run(emptyTable(current, currentShape(contract)));
      await fetchCurrent(comparing, contract);
    }
    await comparing.connection.run(emptyTable(historyKey(current), historyShape(contract)));
    if (await mayBeOlder(comparing, contract)) await fetchHistory(comparing, contract);
  }
}

async function fetchCurrent(comparing: Comparing, contract: StreamContract): Promise<void> {
  const { desk, connection, client, batch } = comparing;
  const table = tableName(currentKey(contract));
  if (!(await hasRows(client, table))) return;
  const covered = takesAbsence(contract) && batch.covers.includes(contract.stream);
  const into = (select: string): Promise<number> => {
    const shape = currentShape(contract);
    return fetchRows(client, { select, shape, file: desk.scratch() }, connection, table);
  };
  const { partition = [] } = contract;
  if (covered && partition.length === 0) {
    await into(`select * from ${table}`);
    return;
  }
  const wanted = await sendDistinct(comparing, contract, contract.key, 'wanted');
  const ofKeys = `select t.* from ${table} t join ${wanted} w on ${equalOn(contract.key, 'w', 't')}`;
  if (!covered) {
    await into(ofKeys);
    return;
  }
  const parts = await sendDistinct(comparing, contract, partition, 'part');
  const inParts = equalOn(partition, 'p', 't');
  await into(`select t.* from ${table} t join ${parts} p on ${inParts}`);
  await into(`${ofKeys} where not exists (select 1 from ${parts} p where ${inParts})`);
}

async function hasRows(client: Client, table: string): Promise<boolean> {
  const [row] = await readTexts(client, `select exists (select 1 from ${table})`);
  return row?.[0] === 't';
}

/** Sends the different values of some columns of a batch to a temporary table; gives its name. */
async function sendDistinct(
  { desk, connection, client }: Comparing,
  contract: StreamContract,
  columns: readonly string[],
  kind: string,
): Promise<string> {
  const table = quoted(`${kind}_${contract.stream}`);
  const types = valueShape(contract);
  const shape: Shape = new Map(columns.map((name) => [name, types.get(name) ?? 'VARCHAR']));
  await client.query(
    `${createTable(table, shape).replace('create table', 'create temp table')} on commit drop`,
  );
  const present = columns.map((name) => `${quoted(name)} is not null`).join(' and ');
  const select = `select distinct ${columnList(columns)} from ${decodedTable(contract.stream)} where ${present}`;
  await sendRows(connection, { select, shape, file: desk.scratch() }, client, table);
  await client.query(`analyze ${table}`);
  return table;
}

/**
 * Whether a row of the batch may turn out older than another version of its key: then history tells whether that older
 * version is known. Keys that repeat, source times that go back, and batches that are decoded again.
 */
async function mayBeOlder(
  { connection, batch }: Comparing,
  contract: StreamContract,
): Promise<boolean> {
  if ((batch.again?.later.length ?? 0) > 0) return true;
  const decoded = decodedTable(contract.stream);
  const [row] = await readRows(
    connection,
    `select exists (select 1 from ${decoded} where _status is distinct from 'filtered'
         group by ${columnList(contract.key)} having count(*) > 1),
       exists (select 1 from ${decoded} d join ${tableName(currentKey(contract))} t
         on ${equalOn(contract.key, 't', 'd')} where d._published_at < t._published_at)`,
  );
  return row?.includes(true) ?? false;
}

async function fetchHistory(comparing: Comparing, contract: StreamContract): Promise<void> {
  const { desk, connection, client } = comparing;
  const table = tableName(historyKey(currentKey(contract)));
  if (!(await hasRows(client, table))) return;
  const wanted = await sendDistinct(comparing, contract, contract.key, 'past');
  const select = `select t.* from ${table} t join ${wanted} w on ${equalOn(contract.key, 'w', 't')}`;
  const shape = historyShape(contract);
  await fetchRows(client, { select, shape, file: desk.scratch() }, connection, table);
}
