import { open } from 'node:fs/promises';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { pieceDecoder, type TextEncoding } from './text-encoding.ts';
import { vietnameseShare } from './vietnamese-words.ts';

/** What a text file's encoding is, and how that is known. */
export interface FoundEncoding {
  readonly encoding: TextEncoding;
  readonly because: 'byte-order-mark' | 'ascii' | 'valid-utf-8' | 'declared' | 'vietnamese-words';
  /** The source declared another one, and the bytes say it is not so. */
  readonly lied: boolean;
}

/** So many bytes around letters that are not ASCII are looked at. */
const sampleBytes = 262_144;

/** Share of words that have to be Vietnamese for an encoding to be believed. */
const believable = 0.7;

/** Share by which another encoding has to be better than the declared one. */
const clearly = 0.15;

/** Legacy encodings, the likeliest first: the first of equals is taken. */
const candidates = ['windows-1258', 'tcvn3', 'viscii', 'vni'] as const;

/**
 * Finds a file's encoding from its bytes: a byte order mark, else valid UTF-8 (hardly ever an accident), else the
 * declared encoding unless another gives clearly more Vietnamese words, else the one that gives them. A declaration is
 * believed only as far as the bytes allow.
 *
 * Throws data `encoding-unknown` when nothing fits.
 */
export async function detectEncoding(
  file: LandedFile,
  declared?: TextEncoding,
): Promise<FoundEncoding> {
  const head = await bytesFrom(file.path, 0, 4096);
  const marked = byMark(head) ?? byZeros(head);
  if (marked !== undefined) return found(marked, 'byte-order-mark', declared);
  const survey = await surveyBytes(file.path);
  if (survey.isUtf8) return found('utf-8', survey.from < 0 ? 'ascii' : 'valid-utf-8', declared);
  return byWords(file, await bytesFrom(file.path, survey.from, sampleBytes), declared);
}

function found(
  encoding: TextEncoding,
  because: FoundEncoding['because'],
  declared: TextEncoding | undefined,
): FoundEncoding {
  const lied = because !== 'ascii' && declared !== undefined && declared !== encoding;
  return { encoding, because, lied };
}

function byMark(head: Uint8Array): TextEncoding | undefined {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

/** UTF-16 without a mark: a text begins with ASCII more often than not, so that every second byte is zero. */
function byZeros(head: Uint8Array): TextEncoding | undefined {
  const pairs = Math.floor(head.length / 2);
  if (pairs < 2) return undefined;
  const zeros = (from: number) =>
    head.filter((byte, index) => index % 2 === from && byte === 0).length / pairs;
  if (zeros(1) > 0.4 && zeros(0) < 0.1) return 'utf-16le';
  return zeros(0) > 0.4 && zeros(1) < 0.1 ? 'utf-16be' : undefined;
}

/** Whether the whole file is UTF-8, and where the first byte beyond ASCII is (−1: nowhere). */
async function surveyBytes(
  path: string,
): Promise<{ readonly isUtf8: boolean; readonly from: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let from = -1;
  let at = 0;
  let isUtf8 = true;
  const handle = await open(path);
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      const bytes = Buffer.from(chunk);
      const first = from < 0 ? bytes.findIndex((byte) => byte > 0x7f) : -1;
      if (first >= 0) from = at + first;
      at += bytes.length;
      isUtf8 = isUtf8 && decodes(decoder, bytes, true);
      if (!isUtf8 && from >= 0) break;
    }
    return { isUtf8: isUtf8 && decodes(decoder, new Uint8Array(), false), from };
  } finally {
    await handle.close();
  }
}

function decodes(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): boolean {
  try {
    decoder.decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}

function byWords(
  file: LandedFile,
  sample: Uint8Array,
  declared: TextEncoding | undefined,
): FoundEncoding {
  const shares = candidates
    .map((encoding) => ({ encoding, share: shareOf(sample, encoding) }))
    .toSorted((a, b) => b.share - a.share);
  const [best] = shares;
  const stated = declared === undefined ? undefined : readable(sample, declared);
  if (declared !== undefined && stated !== undefined) {
    const share = vietnameseShare(stated, declared === 'tcvn3') ?? 0;
    const beaten = best !== undefined && best.share >= believable && best.share > share + clearly;
    if (!beaten) return { encoding: declared, because: 'declared', lied: false };
  }
  if (best === undefined || best.share < believable) {
    throw fileTrouble('encoding-unknown', file, declared ?? '');
  }
  return found(best.encoding, 'vietnamese-words', declared);
}

function shareOf(sample: Uint8Array, encoding: TextEncoding): number {
  const text = readable(sample, encoding);
  return text === undefined ? 0 : (vietnameseShare(text, encoding === 'tcvn3') ?? 0);
}

/** The sample as text; undefined when its bytes are not of the encoding. */
function readable(sample: Uint8Array, encoding: TextEncoding): string | undefined {
  try {
    return pieceDecoder(encoding).text(sample, false);
  } catch {
    return undefined;
  }
}

async function bytesFrom(path: string, from: number, length: number): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
