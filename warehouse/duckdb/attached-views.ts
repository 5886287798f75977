import type { DuckDBConnection } from '@duckdb/node-api';
import type { Engine } from './engine.ts';
import { quoted } from '../../core/sql-text.ts';

/** A view to be made in an attached catalog, or what it gives kept as a table. */
export interface AttachedView {
  readonly schema: string;
  readonly name: string;
  readonly sql: string;
  readonly stored?: boolean;
}

/** An attached catalog of views, and the way back. */
export interface AttachedCatalog {
  readonly catalog: string;
  detach(): Promise<void>;
}

/**
 * Attaches an in-memory catalog holding views and makes it the connection's own, so that plain names
 * (`staging.dossier`) find them. Several may be open at once, each on its own connection.
 */
export async function attachViews(
  engine: Engine,
  connection: DuckDBConnection,
  views: readonly AttachedView[],
): Promise<AttachedCatalog> {
  const catalog = `past_${engine.nextCatalog()}`;
  const [before] = (await connection.runAndReadAll('select current_database()')).getRows();
  await connection.run(`attach ':memory:' as ${catalog}`);
  const attached = { catalog, detach: () => detach(engine, connection, catalog, before?.[0]) };
  try {
    await connection.run(`use ${catalog}`);
    await createViews(connection, views);
    return attached;
  } catch (error) {
    await attached.detach();
    throw error;
  }
}

/** Runs work inside an attached catalog of views. */
export async function withViews<T>(
  engine: Engine,
  connection: DuckDBConnection,
  views: readonly AttachedView[],
  work: (catalog: string) => Promise<T>,
): Promise<T> {
  const attached = await attachViews(engine, connection, views);
  try {
    return await work(attached.catalog);
  } finally {
    await attached.detach();
  }
}

/** Makes views in the catalog that the connection uses. */
export async function createViews(
  connection: DuckDBConnection,
  views: readonly AttachedView[],
): Promise<void> {
  const schemas = [...new Set(views.map((view) => view.schema))];
  for (const schema of schemas)
    await connection.run(`create schema if not exists ${quoted(schema)}`);
  for (const { schema, name, sql, stored = false } of views) {
    const kind = stored ? 'table' : 'view';
    await connection.run(`create ${kind} ${quoted(schema)}.${quoted(name)} as ${sql}`);
  }
}

async function detach(
  engine: Engine,
  connection: DuckDBConnection,
  catalog: string,
  before: unknown,
): Promise<void> {
  if (!engine.holds(connection)) return;
  await connection.run(`use ${quoted(String(before))}`);
  await connection.run(`detach ${catalog}`);
}
