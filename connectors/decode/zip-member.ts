import { createReadStream, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ZipLimits } from './zip-limits.ts';
import { zipLimits } from './zip-limits.ts';
import type { ZipMember } from './zip-reader.ts';
import { zipError } from './zip-trouble.ts';

const localHeaderBytes = 30;
const localSignature = 0x04034b50;

/**
 * The whole bytes of a member, for members that fit in memory. Length and CRC are enforced, not believed.
 * @param fd - the open archive
 * @param file - what a person would call the archive
 */
export function readMember(
  fd: number,
  member: ZipMember,
  file: string,
  limits: ZipLimits = zipLimits,
): Uint8Array {
  const packed = packedBytes(fd, member, file);
  const bytes = member.deflated ? inflated(packed, member, file) : packed;
  if (bytes.length !== member.bytes)
    throw zipError('zip-size-differs', file, `${member.name}: ${bytes.length}`);
  if (crc32(bytes) !== member.crc32) throw zipError('zip-damaged', file, `${member.name}: CRC`);
  refuseArchive(bytes, member, file, limits);
  return bytes;
}

/**
 * The bytes of a member as a stream, for members of any size: counted while they come, so that a lying size ends
 * the reading at the declared length.
 */
export async function* streamMember(
  path: string,
  fd: number,
  member: ZipMember,
  file: string,
  limits: ZipLimits = zipLimits,
): AsyncGenerator<Uint8Array> {
  if (member.compressedBytes === 0) return;
  const start = dataStart(fd, member, file);
  const raw = createReadStream(path, { start, end: start + member.compressedBytes - 1 });
  let count = 0;
  let sum = 0;
  const content: AsyncIterable<Uint8Array> = member.deflated ? inflating(raw) : raw;
  for await (const bytes of content) {
    if (count === 0) refuseArchive(bytes, member, file, limits);
    count += bytes.length;
    if (count > member.bytes)
      throw zipError('zip-size-differs', file, `${member.name}: > ${member.bytes}`);
    sum = crc32(bytes, sum);
    yield bytes;
  }
  if (count !== member.bytes) throw zipError('zip-size-differs', file, `${member.name}: ${count}`);
  if (sum !== member.crc32) throw zipError('zip-damaged', file, `${member.name}: CRC`);
}

/** Room for the local header's extra field, so that one read usually takes header and data together. */
const extraGuess = 64;

function packedBytes(fd: number, member: ZipMember, file: string): Uint8Array {
  const { nameBytes, compressedBytes, offset } = member;
  const whole = Buffer.allocUnsafe(localHeaderBytes + nameBytes + extraGuess + compressedBytes);
  const read = readSync(fd, whole, 0, whole.length, offset);
  const start = headerBytes(whole.subarray(0, read), member, file);
  if (start + compressedBytes <= read) return whole.subarray(start, start + compressedBytes);
  const packed = Buffer.allocUnsafe(compressedBytes);
  if (readSync(fd, packed, 0, compressedBytes, offset + start) !== compressedBytes)
    throw zipError('zip-truncated', file, member.name);
  return packed;
}

function dataStart(fd: number, member: ZipMember, file: string): number {
  const header = Buffer.allocUnsafe(localHeaderBytes);
  const read = readSync(fd, header, 0, localHeaderBytes, member.offset);
  return member.offset + headerBytes(header.subarray(0, read), member, file);
}

/** The local header repeats name and extra field with lengths of its own. */
function headerBytes(header: Buffer, member: ZipMember, file: string): number {
  if (header.length < localHeaderBytes) throw zipError('zip-truncated', file, member.name);
  if (header.readUInt32LE(0) !== localSignature) throw zipError('zip-damaged', file, member.name);
  return localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Inflates a stream; an error of either stream ends the reading. */
function inflating(raw: Readable): Readable {
  const inflate = createInflateRaw();
  pipeline(raw, inflate, () => undefined);
  return inflate;
}

/** Bytes inflated at a time at most: a size is declared before it is proved. */
const largestChunk = 1 << 20;

function inflated(packed: Uint8Array, member: ZipMember, file: string): Uint8Array {
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(1, member.bytes),
      // One buffer of the right size: the default of 16 KB would be garbage for a member of 4 KB.
      chunkSize: Math.min(largestChunk, Math.max(64, member.bytes + 1)),
    });
  } catch (error) {
    const long = error instanceof RangeError;
    throw zipError(long ? 'zip-size-differs' : 'zip-damaged', file, member.name, error);
  }
}

/** Refuses a member that is itself an archive, unless that is allowed. */
export function refuseArchive(
  bytes: Uint8Array,
  member: ZipMember,
  file: string,
  limits: ZipLimits,
): void {
  const [p, k, kind] = bytes;
  const zip = p === 0x50 && k === 0x4b && (kind === 3 || kind === 5);
  if (zip && !limits.nested) throw zipError('zip-nested', file, member.name);
}
