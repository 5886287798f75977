import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { asUtf8 } from '../decode/transcode.ts';
import { unpackGzip, unpackZip } from '../decode/unpack.ts';
import { formatFacts } from './format-facts.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** The files that hold records, unpacked and in UTF-8. Throws data `file-cut`. */
export async function readableFiles(
  session: DecodeSession,
  stream: ManifestStream,
): Promise<readonly LandedFile[]> {
  const { format, unpack, members = '.*' } = stream.decoding;
  const holding = session.files.filter(({ request }) => request?.['empty'] !== true);
  const files: LandedFile[] = [];
  for (const file of holding) {
    const listed = file.request?.['listedBytes'];
    if (typeof listed === 'number' && listed !== file.bytes)
      throw manifestTrouble('end-unproved', `${file.name}: ${file.bytes} ≠ ${listed}`);
    const parts =
      unpack === 'zip'
        ? await unpackZip(session, file, new RegExp(members, 'u'))
        : [unpack === 'gzip' ? await unpackGzip(session, file) : file];
    const isText = formatFacts[format].bytes === 'text';
    for (const part of parts) files.push(isText ? await asUtf8(session, part) : part);
  }
  return files;
}
