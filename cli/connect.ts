import { connect as connectSocket } from 'node:net';
import { failureOf } from '../core/errors.ts';
import { PhusaError } from '../core/errors.ts';
import type { CliEnvironment } from './environment.ts';
import { findSocket } from './find-socket.ts';

/** A reachable home. */
export interface Connection {
  readonly socketPath: string;
  /** Ends the server when it was made for this command. */
  close(): Promise<void>;
}

/** How long to wait for another process that owns the home to start listening, in milliseconds. */
const patience = 10_000;

/** Reaches the home's server, or serves the home for the life of the command. One code path for both. */
export async function connectHome(
  home: string,
  { serveHome }: Pick<CliEnvironment, 'serveHome'>,
): Promise<Connection> {
  const running = await runningServer(home);
  if (running !== undefined) return { socketPath: running, close: () => Promise.resolve() };
  try {
    const served = await serveHome(home);
    return { socketPath: await socketOf(home), close: () => served.close() };
  } catch (error) {
    if (failureOf(error).code !== 'home-in-use') throw error;
    return { socketPath: await waitForServer(home, error), close: () => Promise.resolve() };
  }
}

async function runningServer(home: string): Promise<string | undefined> {
  const path = await findSocket(home);
  return path !== undefined && (await answers(path)) ? path : undefined;
}

async function waitForServer(home: string, reason: unknown): Promise<string> {
  for (let waited = 0; waited < patience; waited += 250) {
    await new Promise((done) => setTimeout(done, 250));
    const path = await runningServer(home);
    if (path !== undefined) return path;
  }
  throw reason;
}

async function socketOf(home: string): Promise<string> {
  const path = await findSocket(home);
  if (path !== undefined) return path;
  throw new PhusaError({
    group: 'fatal',
    code: 'socket-missing',
    message: { vi: `Kho “${home}” không mở socket.`, en: `The home “${home}” opened no socket.` },
  });
}

/** A leftover socket file refuses; only a living server answers. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connectSocket(path);
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
