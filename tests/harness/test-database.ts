import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { certificate } from './certificates.ts';
import { hasMariadb, startMariadb } from './mariadb.ts';
import { startPostgres } from './postgres.ts';

const authority = certificate({ name: 'CA thành phố', authority: true });
const served = certificate({ name: 'localhost', hosts: ['localhost'], by: authority });

/** PEM of the authority that test databases' certificates come from. */
export const databaseAuthority: string = authority.cert;

/** Password of the read-only account `doc` of test databases. */
export const readerPassword = 'chi-doc-thoi-9x';

/** A database with one schema `hoso`, an administrator to change it, and an account that reads. */
export interface TestDatabase {
  readonly server: 'postgres' | 'mysql';
  readonly port: number;
  readonly database: string;
  run(...statements: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The servers that can be started here. */
export const databaseKinds: readonly TestDatabase['server'][] = hasMariadb()
  ? ['postgres', 'mysql']
  : ['postgres'];

/** Starts a server of a kind, with TLS. */
export async function startDatabase(kind: TestDatabase['server']): Promise<TestDatabase> {
  return kind === 'postgres' ? await postgresDatabase() : await mariaDatabase();
}

async function postgresDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  const url = new URL(await server.database());
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const run = async (...statements: readonly string[]) => {
    for (const statement of statements) await client.query(statement);
  };
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  const directory = rows[0]?.data_directory ?? '';
  const { uid, gid } = statSync(directory);
  for (const [name, pem] of [
    ['server.crt', served.cert],
    ['server.key', served.key],
  ] as const) {
    const path = join(directory, name);
    writeFileSync(path, pem, { mode: 0o600 });
    chownSync(path, uid, gid);
  }
  await run(
    'alter system set ssl = on',
    'select pg_reload_conf()',
    `create role doc login password '${readerPassword}'`,
    'create schema hoso',
    'grant usage on schema hoso to doc',
    'alter default privileges in schema hoso grant select on tables to doc',
  );
  return {
    server: 'postgres',
    port: Number(url.port),
    database: url.pathname.slice(1),
    run,
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}

async function mariaDatabase(): Promise<TestDatabase> {
  const { port, run, stop } = await startMariadb(served);
  await run(
    'create database hoso character set utf8mb4',
    `create user doc@'%' identified by '${readerPassword}'`,
    `grant select on hoso.* to doc@'%'`,
    'use hoso',
  );
  return { server: 'mysql', port, database: 'hoso', run, stop };
}
