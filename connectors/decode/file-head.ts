import { open } from 'node:fs/promises';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';

/** Enough for any header line. */
const headBytes = 65_536;

/** What the first bytes of a text file tell. */
export interface FileHead {
  /** The first line without byte order mark and line end, in NFC. */
  readonly line: string;
}

/**
 * Reads the first line of a landed text file. Throws data `file-empty`, `file-not-utf8` (UTF-16 and legacy Vietnamese
 * encodings are told, never guessed).
 */
export async function readHead(file: LandedFile): Promise<FileHead> {
  const bytes = await firstBytes(file.path);
  const isUtf16 = bytes.length > 1 && [0xfeff, 0xfffe].includes(bytes.readUInt16BE(0));
  if (isUtf16) throw fileTrouble('file-not-utf8', file, 'UTF-16');
  const end = bytes.indexOf(0x0a);
  const line = decodeUtf8(file, end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
  if (line === '' && bytes.length < 4) throw fileTrouble('file-empty', file, '');
  return { line: line.normalize('NFC') };
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function decodeUtf8(file: LandedFile, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fileTrouble('file-not-utf8', file, '', cause);
  }
}
