import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** One file of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: number;
}

const block = 512;

/**
 * The head of an entry in the POSIX ustar form, which every `tar` reads. Sizes from 8 GiB on are written in base 256, as
 * GNU tar does. Throws RangeError where a path does not fit (155 + 100 bytes).
 */
export function tarHeader({ path, bytes }: TarEntry): Buffer {
  const header = Buffer.alloc(block);
  const [prefix, name] = splitPath(path);
  header.write(name, 0, 'utf8');
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  writeSize(header, bytes);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345, 'utf8');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** What fills an entry up to whole blocks. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * block);

/** Reads the head of an entry; undefined at the end of the archive. Throws RangeError on what is no head. */
export function readTarHeader(header: Buffer): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== Number.parseInt(text(header, 148, 8).trim(), 8)) throw new RangeError('tar checksum');
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return { path: prefix === '' ? name : `${prefix}/${name}`, bytes: readSize(header) };
}

/** Reads exactly `length` bytes at a place of a file. Throws RangeError where it ends before. */
export async function readExactly(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  if (bytesRead < length) throw new RangeError('tar ends early');
  return buffer;
}

/** The bytes of a file from a place on. */
export function bytesFrom(path: string, start: number, bytes: number): AsyncIterable<Uint8Array> {
  if (bytes === 0) return nothing();
  return createReadStream(path, { start, end: start + bytes - 1 });
}

/** Where the next head stands after an entry whose head stands at `at`. */
export function nextHeader(at: number, { bytes }: TarEntry): number {
  return at + block + Math.ceil(bytes / block) * block;
}

/** Where the bytes of an entry begin. */
export function bodyOf(at: number): number {
  return at + block;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function splitPath(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const prefix = path.slice(0, at);
    const name = path.slice(at + 1);
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name];
  }
  throw new RangeError(`path too long for a tar archive: ${path}`);
}

function writeSize(header: Buffer, bytes: number): void {
  if (bytes < 8 ** 11) {
    header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
    return;
  }
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(BigInt(bytes), 128);
}

function readSize(header: Buffer): number {
  if (header.readUInt8(124) === 0x80) return Number(header.readBigUInt64BE(128));
  const size = Number.parseInt(text(header, 124, 12).trim(), 8);
  if (Number.isNaN(size)) throw new RangeError('tar size');
  return size;
}

function text(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}
