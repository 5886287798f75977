import { readFile, stat } from 'node:fs/promises';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { DirectoryEntry } from './zip-directory.ts';
import { plainDirectory } from './zip-directory.ts';
import type { ZipLimits } from './zip-limits.ts';
import { zipLimits } from './zip-limits.ts';
import { zipError } from './zip-trouble.ts';

/** One file inside an archive whose directory passed every check of {@link listZip}. Plain data. */
export interface ZipMember {
  readonly name: string;
  /** Ordinal in the archive's directory, from 1. */
  readonly ordinal: number;
  readonly deflated: boolean;
  readonly compressedBytes: number;
  /** As declared; reading enforces it. */
  readonly bytes: number;
  readonly crc32: number;
  /** Offset of the local header in the archive. */
  readonly offset: number;
  readonly nameBytes: number;
}

/**
 * The files of an archive, in directory order; directories are left out.
 * Refuses (group `data`) a truncated or damaged archive, too many or too big entries, overlapping ones, names that
 * leave the archive, links, equal names, encrypted entries and methods other than stored and DEFLATE.
 * @param file - what a person would call the archive
 */
export async function listZip(
  path: string,
  file: string,
  limits: ZipLimits = zipLimits,
): Promise<readonly ZipMember[]> {
  const { size } = await stat(path);
  const whole = size <= inMemoryBytes ? await readFile(path) : undefined;
  const plain = whole && plainDirectory(whole);
  if (plain) return checkedTogether(plainMembers(plain, file, limits), size, file, limits);
  const zip = await opened(path, whole, file);
  try {
    if (zip.entryCount > limits.entries)
      throw zipError('zip-too-many-entries', file, String(zip.entryCount));
    return checkedTogether(await entries(zip, file, limits), zip.fileSize, file, limits);
  } finally {
    zip.close();
  }
}

/** Archives up to this size are listed from memory: reading the directory entry by entry is slow. */
const inMemoryBytes = 32 << 20;
const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false } as const;

async function opened(path: string, whole: Buffer | undefined, file: string): Promise<ZipFile> {
  try {
    return whole
      ? await yauzl.fromBufferPromise(whole, options)
      : await yauzl.openPromise(path, options);
  } catch (error) {
    throw damaged(error, file);
  }
}

function plainMembers(
  entries: readonly DirectoryEntry[],
  file: string,
  limits: ZipLimits,
): ZipMember[] {
  if (entries.length > limits.entries)
    throw zipError('zip-too-many-entries', file, String(entries.length));
  const names = new Set<string>();
  return entries.flatMap((entry, index) => {
    checkName(entry.name, file, names);
    checkEntry(entry, entry.name, file, limits);
    return entry.name.endsWith('/') ? [] : [memberOf(entry, entry.name, index + 1)];
  });
}

async function entries(zip: ZipFile, file: string, limits: ZipLimits): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let ordinal = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      checkName(name, file, names);
      if (entry.isEncrypted()) throw zipError('zip-encrypted', file, name);
      checkEntry(entry, name, file, limits);
      ordinal += 1;
      if (!name.endsWith('/')) members.push(memberOf(entry, name, ordinal));
    }
  } catch (error) {
    throw damaged(error, file);
  }
  return members;
}

/** What is the same in both readers' entries. */
type EntryFacts = Omit<DirectoryEntry, 'name' | 'flags'>;

function memberOf(entry: EntryFacts, name: string, ordinal: number): ZipMember {
  return {
    name,
    ordinal,
    deflated: entry.compressionMethod === 8,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
    offset: entry.relativeOffsetOfLocalHeader,
    nameBytes: entry.fileNameLength,
  };
}

function nameOf(entry: Entry): string {
  return yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );
}

function checkName(name: string, file: string, names: Set<string>): void {
  const why = yauzl.validateFileName(name) ?? (name.includes('\0') ? 'NUL' : null);
  if (why !== null || /^[a-z]:|\\/i.test(name)) throw zipError('zip-unsafe-name', file, name);
  const folded = name.normalize('NFC').toLowerCase();
  if (names.has(folded)) throw zipError('zip-duplicate-name', file, name);
  names.add(folded);
}

const typeMask = 0o170000;
const plainTypes: readonly number[] = [0, 0o100000, 0o040000];

function checkEntry(entry: EntryFacts, name: string, file: string, limits: ZipLimits): void {
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  if (!plainTypes.includes(type)) throw zipError('zip-link', file, name);
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw zipError('zip-method', file, `${name}: ${entry.compressionMethod}`);
  if (entry.uncompressedSize > limits.entryBytes)
    throw zipError('zip-too-big', file, `${name}: ${entry.uncompressedSize}`);
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > limits.ratioFrom && ratio > limits.ratio)
    throw zipError('zip-ratio', file, `${name}: ${Math.round(ratio)}:1`);
}

const localHeaderBytes = 30;

/** Entries that share bytes are how a small file unpacks to petabytes without any single odd ratio. */
function checkedTogether(
  members: ZipMember[],
  fileBytes: number,
  file: string,
  limits: ZipLimits,
): readonly ZipMember[] {
  const total = members.reduce((sum, member) => sum + member.bytes, 0);
  if (total > limits.totalBytes) throw zipError('zip-too-big', file, String(total));
  let end = 0;
  for (const member of [...members].sort((a, b) => a.offset - b.offset)) {
    if (member.offset < end) throw zipError('zip-overlap', file, member.name);
    end = member.offset + localHeaderBytes + member.nameBytes + member.compressedBytes;
  }
  if (end > fileBytes) throw zipError('zip-truncated', file, `${end} > ${fileBytes}`);
  return members;
}

function damaged(error: unknown, file: string): Error {
  if (error instanceof Error && error.name === 'PhusaError') return error;
  const detail = error instanceof Error ? error.message : String(error);
  const cut = /end of central directory|unexpected EOF/i.test(detail);
  return zipError(cut ? 'zip-truncated' : 'zip-damaged', file, detail, error);
}
