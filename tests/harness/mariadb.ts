import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Certified } from './certificates.ts';

/** A MariaDB server for tests. */
export interface TestMariadb {
  readonly port: number;
  /** Runs statements as its administrator. */
  readonly run: (...statements: readonly string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Whether the server's programs are installed; where they are not and this is CI, that is an error. */
export function hasMariadb(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v mariadbd && command -v mariadb-install-db']);
    return true;
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error('MariaDB is not installed', { cause });
    console.warn('MariaDB is not installed: its tests are skipped');
    return false;
  }
}

/** Starts a server of our own on loopback, in a temporary directory, with this certificate. */
export async function startMariadb(certificate: Certified): Promise<TestMariadb> {
  const directory = mkdtempSync(join(tmpdir(), 'phusa-mariadb-'));
  const data = join(directory, 'data');
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(cert, certificate.cert);
  writeFileSync(key, certificate.key);
  const user = userInfo().username;
  execFileSync('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    `--user=${user}`,
  ]);
  const port = await freePort();
  const server = spawn(
    'mariadbd',
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${user}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(directory, 'socket')}`,
      `--pid-file=${join(directory, 'pid')}`,
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
      `--ssl-cert=${cert}`,
      `--ssl-key=${key}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const connection = await connected(join(directory, 'socket'));
  return {
    port,
    run: async (...statements) => {
      for (const statement of statements) await connection.query(statement);
    },
    stop: async () => {
      await connection.end().catch(() => undefined);
      server.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function connected(socketPath: string) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await createConnection({ socketPath, user: 'root' });
    } catch (cause) {
      if (tries > 300) throw cause;
      await delay(100);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}
