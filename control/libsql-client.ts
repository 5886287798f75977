import { createRequire } from 'node:module';
import Database from 'libsql';
import type { Knex, knex } from 'knex';

const dialect: unknown = createRequire(import.meta.url)(
  'knex/lib/dialects/better-sqlite3/index.js',
);

function isClient(value: unknown): value is typeof knex.Client {
  return typeof value === 'function';
}

function betterSqlite3(): typeof knex.Client {
  if (isClient(dialect)) return dialect;
  throw new TypeError('knex has no better-sqlite3 dialect');
}

/**
 * knex's dialect for better-sqlite3 over `libsql`, whose binaries ship inside npm packages and so install without a
 * network or a compiler.
 */
export class LibsqlClient extends betterSqlite3() {
  /** The hook by which a knex dialect names its driver. */
  _driver(): typeof Database {
    return Database;
  }
}

/** Whether this connection, or transaction, is SQLite's. */
export function isSqlite(db: Knex): boolean {
  const client: unknown = db.client;
  return client instanceof LibsqlClient;
}
