import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crashPoint } from '../../core/crash-point.ts';
import { objectAltered, objectMissing } from './landing-errors.ts';

/** Bytes after which a long file is sent to the disk while more of it comes: sealing then waits for the rest only. */
const syncEvery = 32 << 20;

/** Bytes that lie under their SHA-256. */
export interface LandedObject {
  readonly sha256: string;
  readonly bytes: number;
}

/** The files under `sha256/`: each holds exactly the bytes its name says, and is never changed. */
export class ObjectFiles {
  private readonly root: string;
  private readonly temporary: string;
  private readonly made = new Set<string>();

  constructor(root: string) {
    this.root = join(root, 'sha256');
    this.temporary = join(root, 'tmp');
  }

  /** Makes the directories; what an earlier process left half-written is removed. One process owns a landing store. */
  async prepare(): Promise<void> {
    await rm(this.temporary, { recursive: true, force: true });
    await mkdir(this.temporary, { recursive: true });
    await mkdir(this.root, { recursive: true });
    for (const name of await readdir(this.root)) this.made.add(join(this.root, name));
  }

  /** Where the bytes of a hash lie. Throws data `landed-object-missing` on a text that is no SHA-256. */
  path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw objectMissing(sha256);
    return join(this.root, sha256.slice(0, 2), sha256);
  }

  /**
   * Writes bytes while they come, hashing on the way, and renames them into place. They are durable once the file and
   * its directory are synced, which {@link LandingStore.seal} does. Equal bytes are kept once; if what is kept under
   * their hash has another size, it was damaged: it is replaced.
   */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<LandedObject> {
    const draft = join(this.temporary, randomUUID());
    try {
      const written = await writeHashed(draft, chunks);
      crashPoint('raw-written');
      await this.place(draft, written);
      crashPoint('raw-renamed');
      return written;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Size of a kept object. Throws data `landed-object-missing`, or `landed-object-altered` where it is not `bytes`. */
  async require(object: LandedObject): Promise<string> {
    const path = this.path(object.sha256);
    const size = await sizeOf(path);
    if (size === undefined) throw objectMissing(object.sha256);
    if (size !== object.bytes) throw objectAltered(object.sha256, object.bytes, size);
    return path;
  }

  /** Whether the kept bytes still are what their name says (L19). */
  async verify(sha256: string): Promise<boolean> {
    const path = this.path(sha256);
    if ((await sizeOf(path)) === undefined) return false;
    const hash = createHash('sha256');
    for await (const chunk of bytesOf(path)) hash.update(chunk);
    return hash.digest('hex') === sha256;
  }

  /** Opens kept bytes. Throws data `landed-object-missing`. */
  async *read(sha256: string): AsyncGenerator<Uint8Array, void> {
    const path = this.path(sha256);
    if ((await sizeOf(path)) === undefined) throw objectMissing(sha256);
    yield* bytesOf(path);
  }

  private async place(draft: string, object: LandedObject): Promise<void> {
    const path = this.path(object.sha256);
    if ((await sizeOf(path)) === object.bytes) return;
    const directory = dirname(path);
    if (!this.made.has(directory)) await mkdir(directory, { recursive: true });
    this.made.add(directory);
    await rename(draft, path);
  }
}

async function writeHashed(path: string, chunks: AsyncIterable<Uint8Array>): Promise<LandedObject> {
  const file = await open(path, 'wx', 0o640);
  const hash = createHash('sha256');
  let bytes = 0;
  let unsynced = 0;
  let syncing = Promise.resolve();
  try {
    for await (const chunk of chunks) {
      const written = writeAll(file, chunk);
      hash.update(chunk); // While the chunk is on its way to the file.
      bytes += chunk.byteLength;
      unsynced += chunk.byteLength;
      await written;
      if (unsynced < syncEvery) continue;
      await syncing;
      syncing = file.datasync();
      syncing.catch(() => undefined); // Told where it is awaited.
      unsynced = 0;
    }
  } finally {
    await syncing.finally(() => file.close());
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) {
    const { bytesWritten } = await file.write(chunk, at);
    at += bytesWritten;
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array, void> {
  const chunks: AsyncIterable<Uint8Array> = createReadStream(path, { highWaterMark: 1 << 18 });
  yield* chunks;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
