import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../../core/sql-text.ts';
import type { AssetSql, SqlValue } from '../port.ts';
import { attachViews, type AttachedView } from '../duckdb/attached-views.ts';
import { boundValues } from '../duckdb/bound-values.ts';
import { bare } from '../duckdb/check-findings.ts';
import { historyKey } from '../duckdb/contract-tables.ts';
import { pastViews } from '../duckdb/past-views.ts';
import { columnsOf } from '../duckdb/result-table.ts';
import { parseSelect, tableKeys } from '../duckdb/select-tree.ts';
import { columnList, instant, tableName } from '../duckdb/sql-text.ts';
import { layers } from './catalog-tables.ts';
import type { Shape } from './column-types.ts';
import type { Desk } from './desk.ts';
import type { Columns } from './typed-select.ts';

/** What stands for a table of a SELECT: the table itself, rows of the server's, or a SELECT in DuckDB's words. */
export interface Relation {
  readonly key: string;
  readonly shape: Shape;
  /** Name of the temporary relation that stands for the table; absent where it is the table itself. */
  readonly name?: string;
  /** A SELECT of the server's that gives its rows. */
  readonly rows?: string;
  /** The SQL of a derived asset as it was, over other relations. */
  readonly derived?: string;
}

/** A SELECT understood: what it reads, and what it gives. */
export interface Understood {
  readonly relations: readonly Relation[];
  readonly columns: Columns;
}

/** When a SELECT reads. */
export interface AtTime {
  readonly asOf?: string | undefined;
  readonly assets?: readonly AssetSql[] | undefined;
}

/**
 * Understands a SELECT at the desk, as DuckDB would: the tables it reads, at the time it reads them, and the names and
 * types of its columns. Throws data `sql-invalid`, `sql-failed`, `past-sql-missing`.
 */
export async function understand(
  desk: Desk,
  sql: string,
  values: readonly SqlValue[] | undefined,
  time: AtTime,
): Promise<Understood> {
  return await desk.withTables(async (connection) => {
    const keys = tableKeys(await parseSelect(connection, sql)).filter(isOfLayer);
    const views = await viewsAt(desk, connection, keys, time);
    const attached = await attachViews(desk.engine, connection, views);
    try {
      const relations: Relation[] = [];
      for (const view of views) relations.push(await relationOf(connection, view, time));
      const columns = await columnsOfSelect(connection, sql, values);
      return { relations, columns };
    } finally {
      await attached.detach();
    }
  });
}

/** Whether a name is that of a table of ours: not a WITH clause, not the server's own catalog. */
function isOfLayer(key: string): boolean {
  return layers.some((layer) => key.startsWith(`${layer}.`));
}

/** Views over the desk's empty tables, in order of need. */
async function viewsAt(
  desk: Desk,
  connection: DuckDBConnection,
  keys: readonly string[],
  { asOf, assets = [] }: AtTime,
): Promise<readonly AttachedView[]> {
  if (asOf !== undefined) return await pastViews(desk.engine, connection, keys, asOf, assets);
  return keys.map((key) => {
    const dot = key.indexOf('.');
    const sql = `select * from ${desk.engine.catalog}.${tableName(key)}`;
    return { schema: key.slice(0, dot), name: key.slice(dot + 1), sql };
  });
}

async function relationOf(
  connection: DuckDBConnection,
  { schema, name }: AttachedView,
  { asOf, assets = [] }: AtTime,
): Promise<Relation> {
  const key = `${schema}.${name}`;
  const columns = await columnsOfSelect(connection, `select * from ${tableName(key)}`);
  const shape = new Map(columns.map((column) => [column.name, column.type]));
  if (asOf === undefined) return { key, shape };
  const derived = assets.find((asset) => asset.key === key)?.sql;
  if (derived !== undefined) return { key, shape, name: key, derived: bare(derived) };
  return { key, shape, name: key, rows: pastRows(key, shape, asOf) };
}

/** SELECT of a loaded table's rows as recorded at an instant. */
function pastRows(key: string, shape: Shape, asOf: string): string {
  const at = instant(asOf);
  const list = columnList([...shape.keys()]);
  const from = `select ${list} from ${tableName(key)}`;
  if (key.startsWith('meta.')) return from;
  if (key.startsWith('history.')) return `${from} where _recorded_to <= ${at}`;
  return `${from} where _recorded_from <= ${at} union all
    select ${list} from ${tableName(historyKey(key))} where _recorded_from <= ${at} and ${at} < _recorded_to`;
}

/** Names and types of a SELECT's columns, found out on empty tables. */
export async function columnsOfSelect(
  connection: DuckDBConnection,
  sql: string,
  given?: readonly SqlValue[],
): Promise<Columns> {
  const { values, types } = boundValues(given);
  const result = await connection.run(`select * from (${bare(sql)}) limit 0`, values, types);
  return columnsOf(result);
}

/** Where a relation is found on the server, as SQL. */
export function placeOf({ key, name }: Relation): string {
  return name === undefined ? tableName(key) : `pg_temp.${quoted(name)}`;
}
