import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { failureOf } from '../../core/errors.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { detectEncoding } from './detect-encoding.ts';
import { pieceDecoder, type TextEncoding } from './text-encoding.ts';

/**
 * The same file as DuckDB can read it: UTF-8. A file that is UTF-8 already is given back as it is; another is written,
 * streaming, to a scratch file in NFC, and a declaration that its bytes belie is logged. Throws data
 * `encoding-unknown`, and `encoding-broken` for bytes that are not of the encoding found.
 */
export async function asUtf8(
  session: Pick<DecodeSession, 'scratch' | 'log'>,
  file: LandedFile,
  declared?: TextEncoding,
): Promise<LandedFile> {
  const { encoding, because, lied } = await detectEncoding(file, declared);
  if (lied) {
    session.log.warn('decode.encoding-lied', {
      file: file.name,
      declared: declared ?? '',
      encoding,
      because,
    });
  }
  if (encoding === 'utf-8') return file;
  const path = session.scratch(`${file.n}.utf8`);
  try {
    await pipeline(utf8Pieces(createReadStream(file.path), encoding), createWriteStream(path));
  } catch (cause) {
    if (cause instanceof TypeError) throw fileTrouble('encoding-broken', file, encoding, cause);
    throw cause;
  }
  return { ...file, path, bytes: (await stat(path)).size };
}

/** First bytes that say whether a file needs to be looked at any closer. */
const headBytes = 65_536;
/** Fewer bytes beyond ASCII are a slip in a UTF-8 file rather than another encoding: no words to know it by. */
export const fewestForeign = 8;

/**
 * {@link asUtf8} for files that are nearly always UTF-8: one whose first bytes are is given back without a further look,
 * and so is one whose encoding nobody knows, for its lines are then told one by one.
 */
export async function likelyUtf8(session: DecodeSession, file: LandedFile): Promise<LandedFile> {
  return (await beginsAsUtf8(file)) ? file : knownUtf8(session, file);
}

/** {@link asUtf8}, but a file whose encoding nobody knows is given back as it is. */
export async function knownUtf8(session: DecodeSession, file: LandedFile): Promise<LandedFile> {
  try {
    return await asUtf8(session, file);
  } catch (error) {
    if (failureOf(error).code === 'encoding-unknown') return file;
    throw error;
  }
}

async function beginsAsUtf8(file: LandedFile): Promise<boolean> {
  const handle = await open(file.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.includes(0)) return false;
    if (head.filter((byte) => byte > 0x7f).length < fewestForeign) return true;
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    await handle.close();
  }
}

/** Text of any encoding as UTF-8 in NFC, piece by piece; no letter is cut from its marks. */
export async function* utf8Pieces(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<Uint8Array> {
  const decoder = pieceDecoder(encoding);
  let held = '';
  for await (const piece of bytes) {
    const text = held + decoder.text(piece, false);
    const cut = lastAscii(text);
    yield Buffer.from(text.slice(0, cut).normalize('NFC'));
    held = text.slice(cut);
  }
  yield Buffer.from((held + decoder.text(new Uint8Array(), true)).normalize('NFC'));
}

/** Where a text can be cut: before its last ASCII character, for marks follow letters and ASCII begins anew. */
function lastAscii(text: string): number {
  let at = text.length - 1;
  while (at > 0 && text.charCodeAt(at) > 0x7f) at -= 1;
  return Math.max(0, at);
}
