import type { Client } from './server.ts';
import { readTexts } from './server.ts';
import { columnType, type Shape } from './column-types.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { tableName } from '../duckdb/sql-text.ts';

/** Schemas that people's and our own SQL reads. */
export const layers = ['staging', 'dim', 'history', 'mart', 'meta'] as const;

/**
 * Tables of the ledger and of quarantine, and the schemas people read. `ledger.layout` counts changes of tables: a
 * process that knows its count knows every table. The lock lets one of several processes that open a new database make it.
 */
export const baseSchema = `
  select pg_advisory_xact_lock(hashtextextended('phusa.schema', 0));
  ${[...layers, 'ledger', 'quarantine'].map((name) => `create schema if not exists ${name}`).join('; ')};
  create table if not exists ledger.batch(
    batch text primary key, source text, key text, recorded_at timestamptz, counts text, cursor text);
  create table if not exists ledger.stream(batch text, asset text, recorded_at timestamptz, touched boolean);
  create index if not exists stream_asset on ledger.stream(asset, recorded_at);
  create table if not exists ledger.materialization(
    key text primary key, sql_sha256 text, inputs text, content_sha256 text, rows bigint, built_at timestamptz);
  create table if not exists ledger.layout(changes bigint);
  insert into ledger.layout select 0 where not exists (select 1 from ledger.layout);
  create table if not exists quarantine.row(
    batch text, source text, stream text, file integer, row bigint,
    reason text, field text, value text, raw text, held boolean);
  create index if not exists row_batch on quarantine.row(batch)`;

/** The view under which people see quarantined rows, with the types it has in DuckDB. */
export const quarantineShape: Shape = new Map([
  ...['batch', 'source', 'stream'].map((name) => [name, 'VARCHAR'] as const),
  ['file', 'INTEGER'],
  ['row', 'BIGINT'],
  ...['reason', 'field', 'value', 'raw'].map((name) => [name, 'VARCHAR'] as const),
  ['held', 'BOOLEAN'],
]);

/** Makes the view over quarantined rows; inside the transaction that makes the schemas. */
export async function createQuarantineView(client: Client): Promise<void> {
  const found = await readTexts(client, "select to_regclass('meta.quarantine')");
  if (found[0]?.[0] !== null) return;
  await client.query('create view meta.quarantine as select * from quarantine.row');
  await nameTypes(client, 'meta.quarantine', quarantineShape);
  await noteLayout(client);
}

/** CREATE TABLE of a shape. */
export function createTable(name: string, shape: Shape): string {
  const columns = [...shape].map(([column, type]) => `${quoted(column)} ${columnType(type)}`);
  return `create table ${name}(${columns.join(', ')})`;
}

/** Keeps the types that DuckDB gives to a table's columns: `numeric` alone would not tell them. */
export async function nameTypes(client: Client, key: string, shape: Shape): Promise<void> {
  const comments = [...shape].map(
    ([name, type]) => `comment on column ${tableName(key)}.${quoted(name)} is ${literal(type)}`,
  );
  await client.query(comments.join('; '));
}

/** Says that a table changed its columns; the last statement of a transaction, for it makes others wait. */
export async function noteLayout(client: Client): Promise<void> {
  await client.query('update ledger.layout set changes = changes + 1');
}

/** How often tables changed their columns. */
export async function layoutOf(client: Client): Promise<string> {
  const [row] = await readTexts(client, 'select changes from ledger.layout');
  return row?.[0] ?? '';
}

/** Every table of the layers with its columns as DuckDB types them. */
export async function readShapes(client: Client): Promise<ReadonlyMap<string, Shape>> {
  const rows = await readTexts(
    client,
    `select n.nspname || '.' || c.relname, a.attname, col_description(c.oid, a.attnum)
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname in (${layers.map(literal).join(', ')}) and c.relkind in ('r', 'v')
     order by 1, a.attnum`,
  );
  const shapes = new Map<string, Map<string, string>>();
  for (const [key = '', name = '', type = ''] of rows) {
    const shape = shapes.get(String(key)) ?? new Map<string, string>();
    shape.set(String(name), type ?? 'VARCHAR');
    shapes.set(String(key), shape);
  }
  return shapes;
}
