import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExportTarget, ReadingOptions, ResultTable, Select, SelectOptions } from '../port.ts';
import {
  attachViews,
  createViews,
  type AttachedCatalog,
  type AttachedView,
} from './attached-views.ts';
import { boundValues } from './bound-values.ts';
import { bare } from './check-findings.ts';
import { engineError } from './engine-error.ts';
import type { Engine } from './engine.ts';
import { pastViews } from './past-views.ts';
import { cellsOf, columnsOf, readCount } from './result-table.ts';
import { parseSelect, tableKeys } from './select-tree.ts';
import { literal } from '../../core/sql-text.ts';

/** Makes plain names mean the warehouse as of `options.asOf`; nothing to leave when it is the present. */
async function enterTime(
  engine: Engine,
  connection: DuckDBConnection,
  sql: string,
  options: SelectOptions,
): Promise<AttachedCatalog> {
  if (options.asOf === undefined) {
    return { catalog: engine.catalog, detach: () => Promise.resolve() };
  }
  const tables = tableKeys(await parseSelect(connection, sql));
  const views = await pastViews(engine, connection, tables, options.asOf, options.assets ?? []);
  return await attachViews(engine, connection, views);
}

/** Runs work with plain names meaning the present, or the warehouse as of `options.asOf`. */
export async function atTime<T>(
  engine: Engine,
  connection: DuckDBConnection,
  sql: string,
  options: SelectOptions,
  work: (catalog: string) => Promise<T>,
): Promise<T> {
  const entered = await enterTime(engine, connection, sql, options);
  try {
    return await work(entered.catalog);
  } finally {
    await entered.detach();
  }
}

/** Runs our own SELECT and reads its whole result. */
export async function selectTable(
  engine: Engine,
  connection: DuckDBConnection,
  sql: string,
  options: SelectOptions,
): Promise<ResultTable> {
  return await atTime(engine, connection, sql, options, () =>
    wholeResult(connection, sql, options.values),
  );
}

async function wholeResult(
  connection: DuckDBConnection,
  sql: string,
  bound?: SelectOptions['values'],
): Promise<ResultTable> {
  const { values, types } = boundValues(bound);
  const result = await connection.run(sql, values, types);
  const chunks = await result.fetchAllChunks();
  return { columns: columnsOf(result), rows: chunks.flatMap(cellsOf) };
}

/** Runs selects on one view of the warehouse; what derived assets held at a past time is computed once and kept. */
export async function readAtOnce<T>(
  engine: Engine,
  connection: DuckDBConnection,
  { asOf, assets = [] }: ReadingOptions,
  work: (select: Select) => Promise<T>,
): Promise<T> {
  if (asOf === undefined) return await work((sql) => wholeResult(connection, sql));
  const attached = await attachViews(engine, connection, []);
  const made = new Set<string>();
  const prepare = async (sql: string) => {
    // On a connection of its own: on this one plain names mean the past already.
    const views = await engine.use(async (present) => {
      const tables = tableKeys(await parseSelect(present, sql));
      return await pastViews(engine, present, tables, asOf, assets);
    });
    const missing = views.filter((view) => !made.has(keyOf(view)));
    await createViews(
      connection,
      missing.map((view) => ({ ...view, stored: assets.some(({ key }) => key === keyOf(view)) })),
    );
    for (const view of missing) made.add(keyOf(view));
  };
  try {
    return await work(async (sql) => {
      await prepare(sql);
      return await wholeResult(connection, sql);
    });
  } finally {
    await attached.detach();
  }
}

function keyOf({ schema, name }: AttachedView): string {
  return `${schema}.${name}`;
}

/** Runs our own SELECT and gives its chunks as they come; the connection lives as long as the reader. */
export async function* streamTables(
  engine: Engine,
  sql: string,
  options: SelectOptions,
): AsyncGenerator<ResultTable> {
  const connection = await engine.connect();
  try {
    const entered = await enterTime(engine, connection, sql, options);
    const { values, types } = boundValues(options.values);
    const result = await connection.stream(sql, values, types);
    const columns = columnsOf(result);
    for await (const chunk of result) yield { columns, rows: cellsOf(chunk) };
    await entered.detach();
  } catch (error) {
    throw engineError(error);
  } finally {
    engine.release(connection);
  }
}

/** Writes a SELECT's result to a file and counts the file's rows again. */
export async function exportFile(
  engine: Engine,
  connection: DuckDBConnection,
  sql: string,
  target: ExportTarget,
  options: SelectOptions,
): Promise<{ readonly rows: number }> {
  return await atTime(engine, connection, sql, options, () =>
    copyToFile(connection, sql, target, options.values),
  );
}

/** Writes what a connection selects to a file and counts the file's rows again. */
export async function copyToFile(
  connection: DuckDBConnection,
  sql: string,
  target: ExportTarget,
  bound?: SelectOptions['values'],
): Promise<{ readonly rows: number }> {
  const path = literal(target.path);
  const { values, types } = boundValues(bound);
  await connection.run(`copy (${bare(sql)}) to ${path} (${formats[target.format]})`, values, types);
  return {
    rows: await readCount(connection, `select count(*) from ${readers[target.format](path)}`),
  };
}

const formats: Readonly<Record<ExportTarget['format'], string>> = {
  csv: 'format csv, header true',
  parquet: 'format parquet, compression zstd',
};

const readers: Readonly<Record<ExportTarget['format'], (path: string) => string>> = {
  csv: (path) =>
    `read_csv(${path}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
  parquet: (path) => `read_parquet(${path})`,
};
