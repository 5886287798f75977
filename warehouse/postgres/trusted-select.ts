import type { DuckDBConnection } from '@duckdb/node-api';
import { boundValues } from '../duckdb/bound-values.ts';
import { cellsOf as deskCells, columnsOf } from '../duckdb/result-table.ts';
import type { ReadingOptions, ResultTable, Select, SelectOptions, SqlValue } from '../port.ts';
import { understand, type Relation } from './relations.ts';
import {
  atDesk,
  makeRelations,
  onServer,
  type Reader,
  type ReadySelect,
} from './running-select.ts';
import { asText, type Client, type Server, type Text } from './server.ts';
import { boundTexts } from './sql-values.ts';
import { cellsOf, named, written, type Columns } from './typed-select.ts';

/** What reading works with. */
export interface Reading extends Reader {
  readonly server: Server;
}

/** Rows that a stream holds at once. */
const atOnce = 5000;

const oneView = 'begin isolation level repeatable read';

/** Runs our own SELECT and reads its whole result. */
export async function selectTable(
  reading: Reading,
  sql: string,
  options: SelectOptions,
): Promise<ResultTable> {
  const select = {
    ...(await understand(reading.desk, sql, options.values, options)),
    sql,
    values: options.values,
  };
  return await withRelations(reading, select.relations, (client) => run(reading, client, select));
}

/** Runs work on one view of the server in which the relations are there; nothing of it stays. */
async function withRelations<T>(
  reading: Reading,
  relations: readonly Relation[],
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return await passing(reading.server, async (client) => {
    await makeRelations(reading, client, relations, { stored: false });
    return await work(client);
  });
}

/** Runs work in a transaction that leaves nothing behind. */
export async function passing<T>(server: Server, work: (client: Client) => Promise<T>): Promise<T> {
  return await server.use(async (client) => {
    await client.query(oneView);
    try {
      return await work(client);
    } finally {
      await client.query('rollback').catch(() => undefined);
    }
  });
}

/** Runs a SELECT whose relations are there. */
export async function run(
  reading: Reading,
  client: Client,
  select: ReadySelect,
): Promise<ResultTable> {
  const sql = onServer(reading, select);
  if (sql === undefined) return await runAtDesk(reading, client, select);
  const { columns } = select;
  return { columns, rows: cellsOf(await texts(client, sql, columns, select.values), columns) };
}

async function runAtDesk(
  { desk }: Reading,
  client: Client,
  select: ReadySelect,
): Promise<ResultTable> {
  desk.engine.options.log.debug('warehouse.select-at-desk', {
    tables: select.relations.map(({ key }) => key),
  });
  return await atDesk(desk, client, select, (connection) =>
    wholeResult(connection, select.sql, select.values),
  );
}

async function wholeResult(
  connection: DuckDBConnection,
  sql: string,
  given: readonly SqlValue[] | undefined,
): Promise<ResultTable> {
  const { values, types } = boundValues(given);
  const result = await connection.run(sql, values, types);
  const chunks = await result.fetchAllChunks();
  return { columns: columnsOf(result), rows: chunks.flatMap(deskCells) };
}

/** The rows of a typed SELECT, as the server writes them. */
export async function texts(
  client: Client,
  sql: string,
  columns: Columns,
  values: readonly SqlValue[] | undefined,
): Promise<readonly (readonly Text[])[]> {
  const result = await client.query<Text[]>({
    text: `select ${written(columns)} from (${sql}) q`,
    values: boundTexts(values),
    rowMode: 'array',
    types: asText,
  });
  return result.rows;
}

/** Runs selects on one view of the warehouse; what derived assets held at a past time is computed once and kept. */
export async function readAtOnce<T>(
  reading: Reading,
  options: ReadingOptions,
  work: (select: Select) => Promise<T>,
): Promise<T> {
  return await passing(reading.server, async (client) => {
    const made = new Map<string, Relation>();
    return await work(async (sql) => {
      const understood = await understand(reading.desk, sql, undefined, options);
      const fresh = understood.relations.filter(({ key }) => !made.has(key));
      await makeRelations(reading, client, fresh, { stored: true, made: [...made.values()] });
      for (const relation of fresh) made.set(relation.key, relation);
      return await run(reading, client, { ...understood, sql });
    });
  });
}

/** Runs our own SELECT and gives its rows as they come. */
export async function* streamTables(
  reading: Reading,
  sql: string,
  options: SelectOptions,
): AsyncGenerator<ResultTable> {
  const { values } = options;
  const understood = await understand(reading.desk, sql, values, options);
  const select = { ...understood, sql, values };
  const client = await reading.server.connect();
  let broken = true;
  try {
    await client.query(oneView);
    await makeRelations(reading, client, select.relations, { stored: false });
    yield* chunks(reading, client, select);
    await client.query('rollback');
    broken = false;
  } finally {
    client.release(broken);
  }
}

async function* chunks(
  reading: Reading,
  client: Client,
  select: ReadySelect,
): AsyncGenerator<ResultTable> {
  const sql = onServer(reading, select);
  if (sql === undefined) {
    yield await runAtDesk(reading, client, select);
    return;
  }
  const { columns, values } = select;
  await client.query({
    text: `declare rows no scroll cursor for select ${written(columns)} from (${sql}) q`,
    values: boundTexts(values),
  });
  for (;;) {
    const part = await client.query<Text[]>({
      text: `fetch ${atOnce} from rows`,
      rowMode: 'array',
      types: asText,
    });
    if (part.rows.length > 0) yield { columns, rows: cellsOf(part.rows, columns) };
    if (part.rows.length < atOnce) return;
  }
}

/** Keeps the rows of a SELECT, under its own column names, in a temporary table of the transaction. */
export async function keepRows(
  reading: Reading,
  client: Client,
  select: ReadySelect,
  table: string,
): Promise<boolean> {
  const sql = onServer(reading, select);
  if (sql === undefined) return false;
  await client.query(
    `create temp table ${table} on commit drop as select ${named(select.columns)} from (${sql}) q`,
    boundTexts(select.values),
  );
  return true;
}
