import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { zipLimits } from './zip-limits.ts';
import { streamMember } from './zip-member.ts';
import { listZip } from './zip-reader.ts';

/** A file out of a landed one: its bytes lie in the scratch directory, its number is the landed file's. */
export type UnpackedFile = LandedFile;

/** The file inside a gzip file, bounded in size and ratio. Throws data `gzip-damaged`, `gzip-too-big`. */
export async function unpackGzip(session: DecodeSession, file: LandedFile): Promise<UnpackedFile> {
  const path = session.scratch(`${file.n}.gunzip`);
  const bounded = boundedBy(file);
  try {
    await pipeline(createReadStream(file.path), createGunzip(), bounded, createWriteStream(path));
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PhusaError') throw cause;
    throw fileTrouble('gzip-damaged', file, cause instanceof Error ? cause.message : '', cause);
  }
  return { ...file, path, bytes: (await stat(path)).size };
}

/** The members of an archive whose names fit, in order; every cap of the zip reader holds. */
export async function unpackZip(
  session: DecodeSession,
  file: LandedFile,
  wanted: RegExp,
): Promise<readonly UnpackedFile[]> {
  const members = (await listZip(file.path, file.name)).filter(({ name }) => wanted.test(name));
  if (members.length === 0) throw fileTrouble('archive-member-missing', file, wanted.source);
  const handle = await open(file.path);
  const unpacked: UnpackedFile[] = [];
  try {
    for (const member of members) {
      const path = session.scratch(`${file.n}-${member.ordinal}.member`);
      const name = `${file.name}/${member.name}`;
      await pipeline(
        streamMember(file.path, handle.fd, member, file.name),
        createWriteStream(path),
      );
      unpacked.push({ ...file, name, path, bytes: member.bytes });
    }
  } finally {
    await handle.close();
  }
  return unpacked;
}

/** Passes bytes on until they are more than an archive's entry may hold, or grow out of proportion. */
function boundedBy(file: LandedFile) {
  const most = Math.min(
    zipLimits.entryBytes * 8,
    Math.max(zipLimits.ratioFrom, file.bytes * zipLimits.ratio),
  );
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > most) throw fileTrouble('gzip-too-big', file, `> ${most}`);
      yield chunk;
    }
  };
}
