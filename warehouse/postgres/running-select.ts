import type { DuckDBConnection } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import { quoted } from '../../core/sql-text.ts';
import type { SqlValue } from '../port.ts';
import { bare } from '../duckdb/check-findings.ts';
import { historyKey } from '../duckdb/contract-tables.ts';
import { parseSelect, tableKeys } from '../duckdb/select-tree.ts';
import { tableName } from '../duckdb/sql-text.ts';
import { createTable } from './catalog-tables.ts';
import { attachWork, emptyTable, type Desk } from './desk.ts';
import { fetchRows, sendRows } from './exchange.ts';
import { placeOf, type Relation, type Understood } from './relations.ts';
import { readTexts, type Client } from './server.ts';
import { withTypes } from './sql-values.ts';
import type { Transpiler } from './transpile/transpiler.ts';
import { named, typedSelect } from './typed-select.ts';
import { readWholeTables } from './whole-tables.ts';

/** What runs SELECTs: the server where they carry over, the desk where they do not. */
export interface Reader {
  readonly desk: Desk;
  readonly transpiler: Transpiler;
}

/** A SELECT with what it was understood to be. */
export interface ReadySelect extends Understood {
  readonly sql: string;
  readonly values?: readonly SqlValue[] | undefined;
}

/**
 * The SELECT in the server's words, typed; undefined where it does not carry over with equal results: then its tables
 * are fetched and it runs at the desk.
 */
export function onServer({ transpiler }: Reader, select: ReadySelect): string | undefined {
  const names = new Map(select.relations.map(({ key, name }) => [key, name]));
  try {
    const sql = transpiler.transpile(select.sql, { relationOf: (key) => names.get(key) });
    return typedSelect(withTypes(sql, select.values), select.columns);
  } catch (error) {
    if (carriesOver(error)) throw error;
    return undefined;
  }
}

function carriesOver(error: unknown): boolean {
  return !(
    error instanceof PhusaError &&
    ['sql-not-portable', 'sql-invalid', 'type-not-portable'].includes(error.code)
  );
}

/** How relations are made. */
export interface Making {
  /** Whether what derived ones give is computed once and kept. */
  readonly stored: boolean;
  /** Relations that are there already. */
  readonly made?: readonly Relation[];
}

/** Makes the relations that are not tables, inputs first. */
export async function makeRelations(
  reader: Reader,
  client: Client,
  relations: readonly Relation[],
  { stored, made = [] }: Making,
): Promise<void> {
  const before: Relation[] = [...made];
  for (const relation of relations) {
    if (relation.name !== undefined) await makeRelation(reader, client, relation, before, stored);
    before.push(relation);
  }
}

async function makeRelation(
  reader: Reader,
  client: Client,
  relation: Relation,
  inputs: readonly Relation[],
  stored: boolean,
): Promise<void> {
  const { key, shape, rows, derived } = relation;
  const name = quoted(relation.name ?? key);
  if (derived === undefined) {
    await client.query(`create temp view ${name} as ${rows ?? ''}`);
    return;
  }
  await readWholeTables(client);
  const columns = [...shape].map(([column, type]) => ({ name: column, type }));
  const select = { sql: derived, relations: inputs, columns };
  const sql = onServer(reader, select);
  if (sql === undefined) {
    await client.query(createTable(name, shape).replace('create table', 'create temp table'));
    const relations = await readBy(reader.desk, derived, inputs);
    await atDesk(reader.desk, client, { relations }, async (connection) => {
      await sendRows(
        connection,
        { select: bare(derived), shape, file: reader.desk.scratch() },
        client,
        placeOf(relation),
      );
    });
    return;
  }
  await client.query(
    `create temp ${stored ? 'table' : 'view'} ${name} as select ${named(columns)} from (${sql}) q`,
  );
}

async function readBy(
  desk: Desk,
  sql: string,
  inputs: readonly Relation[],
): Promise<readonly Relation[]> {
  const tree = await desk.engine.use((connection) => parseSelect(connection, sql));
  const keys = new Set(tableKeys(tree));
  return inputs.filter(({ key }) => keys.has(key));
}

/** Runs work on a connection whose own catalog holds the rows of a SELECT's tables, fetched from the server. */
export async function atDesk<T>(
  desk: Desk,
  client: Client,
  { relations }: Pick<ReadySelect, 'relations'>,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return await desk.engine.use(async (connection) => {
    const bytes = await bytesOf(
      client,
      relations.map(({ key }) => key),
    );
    const { detach } = await attachWork(desk.engine, connection, bytes);
    try {
      for (const relation of relations) await fetchRelation(desk, client, connection, relation);
      return await work(connection);
    } finally {
      await detach();
    }
  });
}

/** Bytes that tables and their history take on the server. */
export async function bytesOf(client: Client, keys: readonly string[]): Promise<number> {
  const tables = keys.flatMap((key) => [key, historyKey(key)]);
  const [row] = await readTexts(
    client,
    `select coalesce(sum(pg_table_size(c.oid)), 0) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname || '.' || c.relname = any($1)`,
    [tables],
  );
  return Number(row?.[0] ?? 0);
}

/** Fetches a relation's rows into the connection's own catalog, under the name of its table. */
export async function fetchRelation(
  desk: Desk,
  client: Client,
  connection: DuckDBConnection,
  relation: Relation,
): Promise<void> {
  const { key, shape } = relation;
  await connection.run(emptyTable(key, shape));
  await fetchRows(
    client,
    { select: `select * from ${placeOf(relation)}`, shape, file: desk.scratch() },
    connection,
    tableName(key),
  );
}
