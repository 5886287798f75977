import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from '../../core/sql-text.ts';
import { decodedTable } from './decoded-shape.ts';
import { readRows } from './result-table.ts';

/** Makes tables of the views among decoded relations: classification tells rows by their row ids. */
export async function storeViews(
  connection: DuckDBConnection,
  streams: readonly string[],
): Promise<void> {
  const rows = await readRows(
    connection,
    `select view_name from duckdb_views() where temporary and starts_with(view_name, 'decoded_')`,
  );
  const views = new Set(rows.map(([name]) => name));
  for (const stream of streams) if (views.has(`decoded_${stream}`)) await store(connection, stream);
}

async function store(connection: DuckDBConnection, stream: string): Promise<void> {
  const view = decodedTable(stream);
  const stored = quoted(`stored_${stream}`);
  await connection.run(`create temp table ${stored} as select * from ${view}`);
  await connection.run(`drop view ${view}; alter table ${stored} rename to ${view}`);
}
