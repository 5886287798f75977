import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PhusaError } from '../core/errors.ts';
import { fitsSocket, socketName, socketPointerName } from '../core/socket-place.ts';

/**
 * Path of the home's socket, or undefined when the home names none (no server has run). A socket outside the home must
 * lie in a directory of our own: throws PhusaError `socket-not-ours` otherwise.
 */
export async function findSocket(home: string): Promise<string | undefined> {
  const place = join(resolve(home), socketName);
  if (fitsSocket(place)) return place;
  const pointer = join(resolve(home), socketPointerName);
  const path = await readFile(pointer, 'utf8').catch(() => undefined);
  if (path !== undefined) await checkOwner(path);
  return path;
}

async function checkOwner(path: string): Promise<void> {
  const directory = await lstat(dirname(path)).catch(() => undefined);
  if (!directory || directory.uid === process.getuid?.()) return;
  throw new PhusaError({
    group: 'fatal',
    code: 'socket-not-ours',
    message: {
      vi: `Thư mục chứa socket (${dirname(path)}) thuộc người dùng khác.`,
      en: `The socket's directory (${dirname(path)}) belongs to another user.`,
    },
    place: { file: path },
  });
}
