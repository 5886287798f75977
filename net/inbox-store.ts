import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { inboxNotes } from './inbox-transport.ts';

/** Folder, inside an inbox, of what has not come whole yet. */
const incoming = '.incoming';
/** Folder, inside an inbox, of files that a later one of the same name replaced, by their SHA-256. */
const replaced = '.replaced';

/** How names of parts begin that are written in one go: nobody goes on with one that was cut. */
const spooledPart = 'push-';

/** SHA-256 of a file as long as it stays as it is. */
interface Digest {
  readonly state: string;
  readonly sha256: string;
}

/** A file of an inbox. */
export interface InboxFile {
  readonly name: string;
  readonly bytes: number;
  readonly note: JsonObject;
}

/** What is known of a file before it is taken. */
export interface Arrival {
  readonly name: string;
  readonly sha256: string;
  readonly note: JsonObject;
}

/**
 * Inboxes of sources, one folder each. What arrives is written beside, synced, and only then renamed into its place: a
 * file of an inbox is whole, and is there after a crash once it was said to be.
 */
export class InboxStore {
  private readonly root: string;
  /** Sources whose spooled parts of an earlier process are gone. */
  private readonly clean = new Map<string, Promise<void>>();
  private readonly digests = new Map<string, Digest>();

  constructor(root: string) {
    this.root = root;
  }

  /** Bytes of a part that have come so far; undefined where none has begun. */
  async partBytes(source: string, id: string): Promise<number | undefined> {
    return (await stat(this.part(source, id)).catch(() => undefined))?.size;
  }

  /** Adds to the end of a part and syncs it; makes it if need be. */
  async append(source: string, id: string, bytes: Uint8Array): Promise<void> {
    const path = this.part(source, id);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /**
   * Writes a part of its own (its name begins with `push-`) while its bytes come, and syncs it at their end; gives how many they were. What an earlier
   * process left of such parts goes; nothing is left of bytes that break off.
   */
  async spool(source: string, id: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    await this.swept(source);
    const path = this.part(source, id);
    const file = await open(path, 'wx', 0o600);
    let written = 0;
    try {
      for await (const chunk of bytes) {
        await file.writeFile(chunk);
        written += chunk.byteLength;
      }
      await file.sync();
    } catch (cause) {
      await rm(path, { force: true });
      throw cause;
    } finally {
      await file.close();
    }
    return written;
  }

  /** SHA-256 of a part as it lies on the disk, hexadecimal. */
  async partSha256(source: string, id: string): Promise<string> {
    return await sha256Of(this.part(source, id));
  }

  async drop(source: string, id: string): Promise<void> {
    await rm(this.part(source, id), { force: true });
  }

  /** Moves a whole part into the inbox. A file of that name with other bytes is kept beside under its SHA-256. */
  async take(source: string, id: string, arrival: Arrival): Promise<void> {
    const directory = join(this.root, source);
    const path = join(directory, arrival.name);
    const before = await sha256Of(path).catch(() => undefined);
    if (before !== undefined && before !== arrival.sha256) {
      await mkdir(join(directory, replaced), { recursive: true, mode: 0o700 });
      await rename(path, join(directory, replaced, before));
    }
    const note = join(directory, inboxNotes, `${arrival.name}.json`);
    await writeSynced(note, JSON.stringify({ ...arrival.note, sha256: arrival.sha256 }));
    await rename(this.part(source, id), path);
    await syncDirectory(directory);
  }

  /** SHA-256 of a file of the inbox; undefined where there is none of this name. */
  async sha256(source: string, name: string): Promise<string | undefined> {
    const path = join(this.root, source, name);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    const { size, mtimeMs, ino } = found;
    const state = `${ino} ${size} ${mtimeMs}`;
    const known = this.digests.get(path);
    if (known?.state === state) return known.sha256;
    const sha256 = await sha256Of(path).catch(() => undefined);
    if (sha256 !== undefined) this.digests.set(path, { state, sha256 });
    return sha256;
  }

  /** The files of an inbox by name. */
  async files(source: string): Promise<readonly InboxFile[]> {
    const directory = join(this.root, source);
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((one) => one.isFile()).map(({ name }) => name);
    return await Promise.all(
      names.sort().map(async (name) => ({
        name,
        bytes: (await stat(join(directory, name))).size,
        note: await noteOf(join(directory, inboxNotes, `${name}.json`)),
      })),
    );
  }

  async remove(source: string, name: string): Promise<void> {
    await rm(join(this.root, source, name), { force: true });
    await rm(join(this.root, source, inboxNotes, `${name}.json`), { force: true });
  }

  private async swept(source: string): Promise<void> {
    const clean = this.clean.get(source) ?? this.sweep(source);
    this.clean.set(source, clean);
    await clean;
  }

  private async sweep(source: string): Promise<void> {
    const directory = join(this.root, source, incoming);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = await readdir(directory);
    for (const name of names.filter((one) => one.startsWith(spooledPart)))
      await rm(join(directory, name), { force: true });
  }

  private part(source: string, id: string): string {
    return join(this.root, source, incoming, id);
  }
}

async function noteOf(path: string): Promise<JsonObject> {
  try {
    const note: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof note === 'object' && note !== null ? (note as JsonObject) : {};
  } catch {
    return {};
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.next`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.next`, path);
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const bytes: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}
