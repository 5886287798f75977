import { spawn } from 'node:child_process';
import { constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { z } from 'zod';
import type { EnvironmentVariables } from '../core/configuration.ts';
import { PhusaError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

/** A Temporal server of this home's own. */
export interface OwnServer {
  readonly address: string;
  close(): Promise<void>;
}

/** File in a home that says where its own server listens; a server that outlived its owner is used again. */
export const temporalPlaceName = 'temporal-server.json';

/** File in a home with what its own server knows. */
export const temporalFileName = 'temporal.db';

/** Longest that getting the program over the network may take, in milliseconds. */
const downloadMs = 20_000;

/**
 * Starts a development server for the home, on loopback: the `temporal` program on PATH or where `go install` puts it,
 * else the one that the Temporal SDK fetches within 20 seconds. Throws fatal `temporal-missing` with the ways to get it.
 */
export async function openOwnServer(
  directory: string,
  environment: EnvironmentVariables,
  log: Logger,
): Promise<OwnServer> {
  const running = await stillRunning(directory);
  if (running !== undefined) return { address: running, close: () => Promise.resolve() };
  const program = await findTemporal(environment);
  return program === undefined
    ? await fetchedServer(directory, log)
    : await startServer(directory, program);
}

/** The `temporal` program, where it is installed. */
export async function findTemporal(environment: EnvironmentVariables): Promise<string | undefined> {
  const goPath = environment['GOPATH'] ?? path.join(homedir(), 'go');
  const directories = [
    ...(environment['PATH'] ?? '').split(path.delimiter),
    path.join(goPath, 'bin'),
  ];
  for (const directory of directories.filter((name) => name !== '')) {
    const program = path.join(directory, 'temporal');
    const usable = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return program;
  }
  return undefined;
}

async function stillRunning(directory: string): Promise<string | undefined> {
  const file = path.join(directory, temporalPlaceName);
  if (!existsSync(file)) return undefined;
  const place = placeSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!place.success) return undefined;
  return (await answers(place.data.address)) ? place.data.address : undefined;
}

const placeSchema = z.object({ address: z.string() });

async function startServer(directory: string, program: string): Promise<OwnServer> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const words = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  const file = ['--db-filename', path.join(directory, temporalFileName), '--log-level', 'error'];
  const child = spawn(program, [...words, ...file], { stdio: 'ignore' });
  const gone = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const deadline = Date.now() + 60_000;
  while (!(await answers(address))) {
    if (child.exitCode !== null || Date.now() > deadline) throw notStarted(program);
    await delay(100);
  }
  writeFileSync(path.join(directory, temporalPlaceName), JSON.stringify({ address }));
  return {
    address,
    close: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The Temporal SDK fetches the program itself, into the system's temporary directory. */
async function fetchedServer(directory: string, log: Logger): Promise<OwnServer> {
  log.warn('temporal-fetched', { seconds: downloadMs / 1000 });
  try {
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const making = TestWorkflowEnvironment.createLocal({
      server: { dbFilename: path.join(directory, temporalFileName), ip: '127.0.0.1' },
    });
    const late = delay(downloadMs, undefined, { ref: false }).then(() => {
      throw new Error(`not fetched within ${downloadMs / 1000} s`);
    });
    const made = await Promise.race([making, late]);
    return { address: made.address, close: () => made.teardown() };
  } catch (cause) {
    throw temporalMissing(cause);
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

function temporalMissing(cause: unknown): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'temporal-missing',
    message: {
      vi: 'PHUSA_RUNNER=temporal nhưng không có máy chủ Temporal nào, và không tải được chương trình temporal.',
      en: 'PHUSA_RUNNER=temporal, but there is no Temporal server, and the temporal program could not be fetched.',
    },
    remedy: {
      vi: 'Đặt TEMPORAL_ADDRESS=máy:7233; hoặc cài: go install github.com/temporalio/cli/cmd/temporal@v1.5.1; hoặc đặt tệp temporal vào PATH; hoặc bỏ PHUSA_RUNNER.',
      en: 'Set TEMPORAL_ADDRESS=host:7233; or go install github.com/temporalio/cli/cmd/temporal@v1.5.1; or put temporal on PATH; or unset PHUSA_RUNNER.',
    },
    cause,
  });
}

function notStarted(program: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'temporal-not-started',
    message: {
      vi: `Không khởi động được máy chủ Temporal: ${program}.`,
      en: `The Temporal server did not start: ${program}.`,
    },
    remedy: {
      vi: `Thử: ${program} server start-dev --headless`,
      en: `Try: ${program} server start-dev --headless`,
    },
  });
}
