import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fitsSocket, socketName, socketPointerName } from '../core/socket-place.ts';

/** A socket that is being listened on. */
export interface LocalSocket {
  readonly path: string;
  /** Takes the socket's files away; the server is closed by its owner. */
  remove(): Promise<void>;
}

/**
 * Listens on the home's socket, mode 0600. The caller owns the home exclusively, so that a file in its place is a
 * leftover. A home whose path is too long gets a 0700 directory under the temporary directory, named in the home.
 */
export async function listenLocal(server: Server, home: string): Promise<LocalSocket> {
  const place = join(resolve(home), socketName);
  if (fitsSocket(place)) {
    await rm(place, { force: true });
    await listen(server, place);
    return { path: place, remove: () => rm(place, { force: true }) };
  }
  const directory = await mkdtemp(join(tmpdir(), 'phusa-'));
  const path = join(directory, socketName);
  await listen(server, path);
  const pointer = join(dirname(place), socketPointerName);
  await writeFile(pointer, path, { mode: 0o600 });
  return { path, remove: () => removeAll([directory, pointer]) };
}

/** The mask is set around the bind, which happens at once: the socket is never open to others. */
async function listen(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  try {
    const listening = new Promise<void>((done, failed) => {
      server.once('error', failed).listen(path, done);
    });
    process.umask(mask);
    await listening;
  } finally {
    process.umask(mask);
  }
  await chmod(path, 0o600);
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}
