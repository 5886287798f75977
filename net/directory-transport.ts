import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PhusaError } from '../core/errors.ts';
import type { FileEntry, FileTransport } from './file-transport.ts';

/** Bytes read at a time: each piece costs several turns of the event loop. */
const chunkBytes = 1 << 20;

/**
 * Reads files under the allowed roots. A path is resolved, links and all, before it is judged: a link that leads out
 * of its root is refused like any other path outside. Throws fatal `path-refused`, data `file-not-found`.
 */
export function directoryTransport(roots: readonly string[]): FileTransport {
  return {
    async list(directory, pattern) {
      const inside = await confine(roots, directory);
      const names = (await readdir(inside)).filter((name) => pattern.test(name)).sort(byCodeUnit);
      const entries = await Promise.all(names.map((name) => entryOf(roots, directory, name)));
      return entries.flatMap((entry) => (entry ? [entry] : []));
    },
    async *open(path) {
      const inside = await confine(roots, path);
      const bytes: AsyncIterable<Uint8Array> = createReadStream(inside, {
        highWaterMark: chunkBytes,
      });
      yield* bytes;
    },
  };
}

async function entryOf(
  roots: readonly string[],
  directory: string,
  name: string,
): Promise<FileEntry | undefined> {
  const path = join(directory, name);
  const found = await stat(await confine(roots, path));
  if (!found.isFile()) return undefined;
  return { name, path, bytes: found.size, modifiedAt: found.mtime.toISOString() };
}

async function confine(roots: readonly string[], path: string): Promise<string> {
  const real = await existing(path);
  const inside = await Promise.all(roots.map(async (root) => contains(await existing(root), real)));
  if (!inside.includes(true)) throw pathRefused(path);
  return real;
}

async function existing(path: string): Promise<string> {
  try {
    return await realpath(resolve(path));
  } catch (cause) {
    throw new PhusaError({
      group: 'data',
      code: 'file-not-found',
      message: { vi: `Không tìm thấy: ${path}`, en: `Not found: ${path}` },
      place: { file: path },
      cause,
    });
  }
}

function contains(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function pathRefused(path: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'path-refused',
    message: {
      vi: `Đường dẫn nằm ngoài thư mục được phép: ${path}`,
      en: `The path lies outside of the allowed directory: ${path}`,
    },
    remedy: {
      vi: 'Đặt tệp vào thư mục của nguồn; liên kết ra ngoài không được đi theo.',
      en: 'Put the file into the directory of the source; links that lead out are not followed.',
    },
    place: { file: path },
  });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
