import { isUtf8 } from 'node:buffer';

/** Encodings that a declaration may not choose: they run or hide text. */
const refused = /^(utf-7|replacement|x-user-defined)$/i;

/**
 * The text of a feed: a byte order mark counts first, then what the transport says, then the prolog, then UTF-8; a
 * declaration that the bytes belie gives way to UTF-8 where they are valid UTF-8, else to windows-1252.
 */
export function feedText(bytes: Uint8Array, mediaType: string | undefined): string {
  const marked = byMark(bytes);
  if (marked !== undefined) return decoded(bytes, marked) ?? lenient(bytes);
  if (isUtf8(bytes)) return decoded(bytes, 'utf-8') ?? lenient(bytes);
  for (const declared of [byTransport(mediaType), byProlog(bytes)]) {
    if (declared === undefined || refused.test(declared)) continue;
    const text = decoded(bytes, declared);
    if (text !== undefined) return text;
  }
  return lenient(bytes);
}

function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le';
  return (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c) ? 'utf-16be' : undefined;
}

function byTransport(mediaType: string | undefined): string | undefined {
  return /charset\s*=\s*["']?([^\s;"']+)/i.exec(mediaType ?? '')?.[1];
}

function byProlog(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  return /<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).normalize('NFC');
  } catch {
    return undefined;
  }
}

function lenient(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252').decode(bytes).normalize('NFC');
}
