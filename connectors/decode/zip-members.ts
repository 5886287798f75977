import { readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readMember, refuseArchive } from './zip-member.ts';
import type { ZipLimits } from './zip-limits.ts';
import { zipLimits } from './zip-limits.ts';
import type { ZipMember } from './zip-reader.ts';

/** A member with its bytes. */
export interface ReadMember {
  readonly member: ZipMember;
  readonly bytes: Uint8Array;
}

/** Unpacked bytes that are read at once. */
const atOnce = 1 << 20;
/** Bytes between two members that are read along. */
const gap = 1 << 12;

/**
 * Reads members that fit in memory, in order; neighbours in one go. Length and CRC are enforced, not believed; throws as
 * {@link readMember} does.
 */
export function* readMembers(
  fd: number,
  members: readonly ZipMember[],
  file: string,
  limits: ZipLimits = zipLimits,
): Generator<ReadMember> {
  for (const group of neighbours(members)) {
    const unpacked = group.length > 1 ? unpackedTogether(fd, group) : undefined;
    let at = 0;
    for (const member of group) {
      const bytes = unpacked?.subarray(at, at + member.bytes);
      at += member.bytes;
      if (bytes === undefined) yield { member, bytes: readMember(fd, member, file, limits) };
      else {
        refuseArchive(bytes, member, file, limits);
        yield { member, bytes };
      }
    }
  }
}

/** Runs of deflated members that stand one after the other. */
function neighbours(members: readonly ZipMember[]): readonly (readonly ZipMember[])[] {
  const groups: ZipMember[][] = [];
  let bytes = 0;
  let last: ZipMember | undefined;
  for (const member of members) {
    const joins =
      last?.deflated === true &&
      member.deflated &&
      bytes + member.bytes <= atOnce &&
      isNext(last, member);
    if (!joins) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(member);
    bytes += member.bytes;
    last = member;
  }
  return groups;
}

function isNext(before: ZipMember, member: ZipMember): boolean {
  const distance = member.offset - before.offset - before.compressedBytes;
  return distance > 0 && distance < gap;
}

const localHeaderBytes = 30;
const localMark = 0x04034b50;
/** Deflated, no name, no time: RFC 1952. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const gzipTail = 8;

/**
 * Unpacks members as one gzip file of several members: the library then checks each length and CRC itself. Undefined where
 * anything is wrong with one of them.
 */
function unpackedTogether(fd: number, group: readonly ZipMember[]): Buffer | undefined {
  const packed = gzipOf(fd, group);
  const bytes = group.reduce((sum, member) => sum + member.bytes, 0);
  if (packed === undefined || bytes === 0) return undefined;
  try {
    const unpacked = gunzipSync(packed, { maxOutputLength: bytes, chunkSize: bytes + 64 });
    return unpacked.length === bytes ? unpacked : undefined;
  } catch {
    // The member at fault is found by reading them one by one.
    return undefined;
  }
}

function gzipOf(fd: number, group: readonly ZipMember[]): Buffer | undefined {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const size = last.offset + localHeaderBytes + gap + last.compressedBytes - first.offset;
  const region = Buffer.allocUnsafe(size);
  const read = readSync(fd, region, 0, size, first.offset);
  const packed = group.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
  const all = Buffer.allocUnsafe(packed + group.length * (gzipHead.length + gzipTail));
  let at = 0;
  for (const member of group) {
    const start = dataStart(region, member.offset - first.offset);
    const end = start + member.compressedBytes;
    if (start < 0 || end > read) return undefined;
    all.set(gzipHead, at);
    all.set(region.subarray(start, end), at + gzipHead.length);
    at += gzipHead.length + member.compressedBytes;
    all.writeUInt32LE(member.crc32, at);
    all.writeUInt32LE(member.bytes, at + 4);
    at += gzipTail;
  }
  return all;
}

/** Where a member's data begin; -1 without a local header. */
function dataStart(region: Buffer, header: number): number {
  if (header + localHeaderBytes > region.length || region.readUInt32LE(header) !== localMark)
    return -1;
  return (
    header + localHeaderBytes + region.readUInt16LE(header + 26) + region.readUInt16LE(header + 28)
  );
}
