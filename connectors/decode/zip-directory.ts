/** What an archive's directory says of an entry. */
export interface DirectoryEntry {
  readonly name: string;
  readonly flags: number;
  readonly compressionMethod: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly fileNameLength: number;
  readonly externalFileAttributes: number;
  readonly relativeOffsetOfLocalHeader: number;
}

const endMark = 0x06054b50;
const endBytes = 22;
const entryMark = 0x02014b50;
const entryBytes = 46;
const wide = 0xffffffff;
/** Encryption, and strong encryption. */
const encrypted = 0x41;
/** Id of the extra field that gives another name. */
const unicodePath = 0x7075;

/**
 * The directory of an archive that is written as nearly all are: without comment, ZIP64, encryption or names beyond
 * ASCII. Undefined for any other one, damaged ones included. APPNOTE.TXT 4.3.12, 4.3.16.
 */
export function plainDirectory(archive: Buffer): readonly DirectoryEntry[] | undefined {
  const end = archive.length - endBytes;
  if (end < 0 || archive.readUInt32LE(end) !== endMark || archive.readUInt16LE(end + 20) !== 0)
    return undefined;
  const count = archive.readUInt16LE(end + 10);
  const isOneDisk = archive.readUInt32LE(end + 4) === 0 && archive.readUInt16LE(end + 8) === count;
  const start = archive.readUInt32LE(end + 16);
  if (!isOneDisk || count === 0xffff || start + archive.readUInt32LE(end + 12) !== end)
    return undefined;
  const entries: DirectoryEntry[] = [];
  let at = start;
  while (at < end) {
    const entry = plainEntry(archive, at, end);
    if (entry === undefined) return undefined;
    entries.push(entry);
    at += entryBytes + entry.fileNameLength + archive.readUInt16LE(at + 30);
  }
  return entries.length === count && at === end ? entries : undefined;
}

function plainEntry(archive: Buffer, at: number, end: number): DirectoryEntry | undefined {
  if (at + entryBytes > end || archive.readUInt32LE(at) !== entryMark) return undefined;
  const fileNameLength = archive.readUInt16LE(at + 28);
  const extraAt = at + entryBytes + fileNameLength;
  const extraEnd = extraAt + archive.readUInt16LE(at + 30);
  if (extraEnd > end || archive.readUInt16LE(at + 32) !== 0) return undefined;
  const entry = {
    name: archive.toString('latin1', at + entryBytes, extraAt),
    flags: archive.readUInt16LE(at + 8),
    compressionMethod: archive.readUInt16LE(at + 10),
    crc32: archive.readUInt32LE(at + 16),
    compressedSize: archive.readUInt32LE(at + 20),
    uncompressedSize: archive.readUInt32LE(at + 24),
    fileNameLength,
    externalFileAttributes: archive.readUInt32LE(at + 38),
    relativeOffsetOfLocalHeader: archive.readUInt32LE(at + 42),
  };
  return isPlain(entry) && !renames(archive, extraAt, extraEnd) ? entry : undefined;
}

function isPlain(entry: DirectoryEntry): boolean {
  return (
    (entry.flags & encrypted) === 0 &&
    entry.compressedSize !== wide &&
    entry.uncompressedSize !== wide &&
    entry.relativeOffsetOfLocalHeader !== wide &&
    /^[ -~]+$/.test(entry.name)
  );
}

/** Whether extra fields may give another name. */
function renames(archive: Buffer, from: number, to: number): boolean {
  let at = from;
  for (; at + 4 <= to; at += 4 + archive.readUInt16LE(at + 2))
    if (archive.readUInt16LE(at) === unicodePath) return true;
  return at !== to;
}
