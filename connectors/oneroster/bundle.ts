import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, openSync, closeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { streamMember } from '../decode/zip-member.ts';
import { listZip } from '../decode/zip-reader.ts';
import type { FileEntry } from '../../net/file-transport.ts';
import type { ReadContext } from '../port.ts';
import type { OneRosterConfig } from './config.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';

/** A set of CSV files with a manifest: a zip, or the loose files of a directory. */
export interface Bundle {
  readonly name: string;
  /** Opens the bundle for the time of `work`. */
  use<T>(work: (open: OpenBundle) => Promise<T>): Promise<T>;
}

/** A bundle whose files can be read. */
export interface OpenBundle {
  readonly manifest: Manifest;
  /** SHA-256 of the archive as it came; undefined for loose files. */
  readonly archiveSha256: string | undefined;
  /** Members by their names in lower case, without `.csv`. */
  readonly members: ReadonlyMap<string, BundleMember>;
}

/** One file of a bundle, readable as often as needed. */
export interface BundleMember {
  readonly name: string;
  bytes(): AsyncIterable<Uint8Array>;
}

/** Largest manifest that is read, in characters. */
const largestManifest = 1 << 20;

/** The bundles of a directory by name: its zips, and its loose CSV files where a manifest is among them. */
export async function bundlesOf({
  files,
  config,
}: ReadContext<OneRosterConfig>): Promise<readonly Bundle[]> {
  const zips = await files.list(config.base, /\.zip$/i);
  const loose = await files.list(config.base, /\.csv$/i);
  const bundles = zips.map((entry) => zipBundle(entry, () => files.open(entry.path)));
  if (!loose.some(({ name }) => /^manifest\.csv$/i.test(name))) return bundles;
  return [...bundles, looseBundle(loose, (path) => files.open(path))];
}

function looseBundle(
  entries: readonly FileEntry[],
  open: (path: string) => AsyncIterable<Uint8Array>,
): Bundle {
  const members = entries.map(({ name, path }) => ({ name, bytes: () => open(path) }));
  return {
    name: 'manifest.csv',
    use: async (work) => work(await opened('manifest.csv', members, undefined)),
  };
}

/**
 * A zip may hold passwords, so it is spooled to a private directory that is removed before the reading goes on; only
 * members without them are landed.
 */
function zipBundle({ name }: FileEntry, open: () => AsyncIterable<Uint8Array>): Bundle {
  return {
    name,
    use: async (work) => {
      const directory = await mkdtemp(join(tmpdir(), 'phusa-roster-'));
      try {
        const path = join(directory, 'bundle.zip');
        await pipeline(open(), createWriteStream(path, { mode: 0o600 }));
        return await withMembers(path, name, work);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

async function withMembers<T>(
  path: string,
  file: string,
  work: (open: OpenBundle) => Promise<T>,
): Promise<T> {
  const listed = await listZip(path, file);
  const fd = openSync(path, 'r');
  try {
    const members = listed.map((member) => ({
      name: member.name,
      bytes: () => streamMember(path, fd, member, file),
    }));
    return await work(await opened(file, members, await sha256Of(createReadStream(path))));
  } finally {
    closeSync(fd);
  }
}

async function opened(
  bundle: string,
  all: readonly BundleMember[],
  archiveSha256: string | undefined,
): Promise<OpenBundle> {
  const manifests = all.filter(({ name }) => /^manifest\.csv$/i.test(basename(name)));
  const [found] = manifests;
  if (found === undefined || manifests.length > 1)
    throw oneRosterTrouble('manifest-missing', bundle);
  const beside = all.filter(({ name }) => dirname(name) === dirname(found.name));
  return {
    manifest: parseManifest(await textOf(found), bundle),
    archiveSha256,
    members: new Map(
      beside.map((member) => [
        basename(member.name)
          .toLowerCase()
          .replace(/\.csv$/, ''),
        member,
      ]),
    ),
  };
}

async function textOf(member: BundleMember): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of member.bytes()) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestManifest) throw oneRosterTrouble('manifest-missing', member.name);
  }
  return text;
}

/** SHA-256 of some bytes, hexadecimal. */
export async function sha256Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}
