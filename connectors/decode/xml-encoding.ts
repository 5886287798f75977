import { isUtf8 } from 'node:buffer';
import { xmlError } from './xml-trouble.ts';

/** Turns the bytes of a document, piece by piece, into text. */
export interface XmlDecoder {
  /** @param last - no more bytes follow */
  text(bytes: Uint8Array, last: boolean): string;
}

/** How far the XML declaration may reach: so many first bytes are looked at. */
export const declarationBytes = 256;

/**
 * A decoder for the encoding that a byte order mark, the shape of the first bytes or the XML declaration states
 * (XML 1.0 appendix F); UTF-8 when none does. The first piece must hold the declaration.
 * Throws `xml-encoding` for an unknown encoding and, while decoding, for bytes that are not of it.
 */
export function xmlDecoder(first: Uint8Array, file: string): XmlDecoder {
  const encoding = encodingOf(first);
  const decoder = textDecoder(encoding, file);
  return {
    text: (bytes, last) => {
      try {
        return decoder.decode(bytes, { stream: !last });
      } catch (error) {
        throw xmlError('xml-encoding', file, 1, encoding, error);
      }
    },
  };
}

/** The text of a whole document, as {@link xmlDecoder} would give it. */
export function wholeText(bytes: Uint8Array, file: string): string {
  if (encodingOf(bytes) !== 'utf-8') return xmlDecoder(bytes, file).text(bytes, true);
  if (!isUtf8(bytes)) throw xmlError('xml-encoding', file, 1, 'utf-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function textDecoder(encoding: string, file: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw xmlError('xml-encoding', file, 1, encoding, error);
  }
}

function encodingOf(first: Uint8Array): string {
  const [a, b, c] = first;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be';
  const declaration = Buffer.from(first.subarray(0, declarationBytes)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(declaration)?.[1];
  return declared?.toLowerCase() ?? 'utf-8';
}
