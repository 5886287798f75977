import { quoted } from '../../core/sql-text.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { currentKey, historyKey, retyped } from '../duckdb/contract-tables.ts';
import { columnList, engineType, tableName } from '../duckdb/sql-text.ts';
import { createTable, nameTypes, noteLayout } from './catalog-tables.ts';
import { columnType, type Shape } from './column-types.ts';
import type { Desk } from './desk.ts';
import { inTransaction, type Client, type Server } from './server.ts';

const provenance: Shape = new Map([
  ['_batch', 'VARCHAR'],
  ['_file', 'INTEGER'],
  ['_row', 'BIGINT'],
  ['_recorded_from', 'TIMESTAMP WITH TIME ZONE'],
  ['_published_at', 'TIMESTAMP WITH TIME ZONE'],
]);

/** The contract's own columns as DuckDB types them. */
export function valueShape(contract: StreamContract): Shape {
  return new Map(contract.columns.map(({ name, type }) => [name, engineType(type)]));
}

/** Columns of a published row: the contract's, and where and when it came from. */
export function currentShape(contract: StreamContract): Shape {
  return new Map([...valueShape(contract), ...provenance]);
}

/** Columns of a superseded row. */
export function historyShape(contract: StreamContract): Shape {
  return new Map([...currentShape(contract), ['_recorded_to', 'TIMESTAMP WITH TIME ZONE']]);
}

/**
 * Creates the tables of contracts or adds the columns they gained, one process at a time. Throws fatal
 * `contract-conflict` when a column changed its type. Columns that left the contract stay.
 */
export async function prepareContracts(
  server: Server,
  desk: Desk,
  contracts: readonly StreamContract[],
): Promise<void> {
  await server.use(async (client) => {
    await desk.refresh(client);
    const lacking = await allLacking(desk, client, contracts);
    if (lacking.length === 0) return;
    await inTransaction(client, async () => {
      await client.query("select pg_advisory_xact_lock(hashtextextended('phusa.schema', 0))");
      await desk.refresh(client);
      for (const contract of contracts) await prepareContract(desk, client, contract);
      await noteLayout(client);
    });
    await desk.refresh(client);
  });
}

async function allLacking(
  desk: Desk,
  client: Client,
  contracts: readonly StreamContract[],
): Promise<readonly string[]> {
  const lacking: string[] = [];
  for (const contract of contracts)
    for (const [key, shape] of tablesOf(contract)) {
      const present = await desk.shapeOf(client, key);
      if (!present || missing(key, shape, present).size > 0) lacking.push(key);
    }
  return lacking;
}

function tablesOf(contract: StreamContract): readonly (readonly [string, Shape])[] {
  const current = currentKey(contract);
  return [
    [current, currentShape(contract)],
    [historyKey(current), historyShape(contract)],
  ];
}

async function prepareContract(
  desk: Desk,
  client: Client,
  contract: StreamContract,
): Promise<void> {
  for (const [key, shape] of tablesOf(contract)) {
    const present = await desk.shapeOf(client, key);
    if (present) await addColumns(client, key, missing(key, shape, present));
    else await makeTable(client, key, shape, contract.key);
  }
}

/** The key's index finds what a batch touches; the batch's, what a trace asks for. */
async function makeTable(
  client: Client,
  key: string,
  shape: Shape,
  columns: readonly string[],
): Promise<void> {
  const table = tableName(key);
  const unique = key.startsWith('history.') ? '' : 'unique';
  await client.query(`${createTable(table, shape)};
    create ${unique} index on ${table}(${columnList(columns)}); create index on ${table}(_batch)`);
  await nameTypes(client, key, shape);
}

async function addColumns(client: Client, key: string, columns: Shape): Promise<void> {
  if (columns.size === 0) return;
  const additions = [...columns].map(
    ([name, type]) => `add column if not exists ${quoted(name)} ${columnType(type)}`,
  );
  await client.query(`alter table ${tableName(key)} ${additions.join(', ')}`);
  await nameTypes(client, key, columns);
}

/** Columns that a table lacks; refuses those that changed their type. */
function missing(key: string, wanted: Shape, present: Shape): Shape {
  const lacking = new Map<string, string>();
  for (const [name, type] of wanted) {
    const is = present.get(name);
    if (is === undefined) lacking.set(name, type);
    else if (is !== type) throw retyped(key, name, is, type);
  }
  return lacking;
}
