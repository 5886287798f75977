import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import knex, { type Knex } from 'knex';
import type Database from 'libsql';
import { LibsqlClient } from './libsql-client.ts';

/** Which database holds the control store. */
export type DatabaseChoice =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** An opened database: one connection that writes, others that read committed state meanwhile. */
export interface ControlDatabase {
  readonly kind: DatabaseChoice['kind'];
  readonly writer: Knex;
  readonly reader: Knex;
  /** Runs reads on one unchanging snapshot. */
  snapshot<T>(read: (tx: Knex) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the database; makes the SQLite file (readable by its owner only) where there is none. */
export function openDatabase(choice: DatabaseChoice): ControlDatabase {
  return choice.kind === 'sqlite' ? openSqlite(choice.path) : openPostgres(choice.url);
}

function openSqlite(path: string): ControlDatabase {
  mkdirSync(dirname(path), { recursive: true });
  const writer = sqlitePool(path, 1, (connection) => {
    chmodSync(path, 0o600);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    // What is forgotten (removable rows) is overwritten, not only unlinked.
    connection.pragma('secure_delete = ON');
  });
  const reader = sqlitePool(path, 2, (connection) => connection.pragma('query_only = ON'));
  return {
    kind: 'sqlite',
    writer,
    reader,
    snapshot: (read) => reader.transaction(read),
    close: () => closeAll(writer, reader),
  };
}

/** `busy_timeout`: a backup or a checkpoint by another process is waited for, up to 10 s, instead of failing. */
function sqlitePool(
  filename: string,
  max: number,
  prepare: (connection: Database.Database) => void,
): Knex {
  return knex({
    client: LibsqlClient,
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      min: 0,
      max,
      afterCreate: (connection: Database.Database, done: (error: unknown) => void) => {
        connection.pragma('busy_timeout = 10000');
        prepare(connection);
        done(null);
      },
    },
  });
}

function openPostgres(url: string): ControlDatabase {
  const pool = (max: number): Knex =>
    knex({ client: 'pg', connection: { connectionString: url }, pool: { min: 0, max } });
  const writer = pool(1);
  const reader = pool(4);
  return {
    kind: 'postgres',
    writer,
    reader,
    snapshot: (read) =>
      reader.transaction(read, { isolationLevel: 'repeatable read', readOnly: true }),
    close: () => closeAll(writer, reader),
  };
}

async function closeAll(...pools: readonly Knex[]): Promise<void> {
  await Promise.all(pools.map((pool) => pool.destroy()));
}
