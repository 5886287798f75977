import { tcvn3Table, visciiTable, type ByteTable } from './legacy-tables.ts';
import { fromVni } from './vni-table.ts';

/** Encodings of text files that are read. `tcvn3` is also called ABC, `vni` VNI for Windows. */
export const textEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1258',
  'tcvn3',
  'viscii',
  'vni',
  'windows-1252',
  'iso-8859-15',
] as const;

/** One of {@link textEncodings}. */
export type TextEncoding = (typeof textEncodings)[number];

/** Turns bytes, piece by piece, into text, not yet normalised. Throws TypeError for bytes that are none of it. */
export interface PieceDecoder {
  /** @param last - no more bytes follow */
  text(bytes: Uint8Array, last: boolean): string;
}

/** A decoder at the start of a text; a byte order mark is left out. */
export function pieceDecoder(encoding: TextEncoding): PieceDecoder {
  if (encoding === 'tcvn3') return tableDecoder(tcvn3Table);
  if (encoding === 'viscii') return tableDecoder(visciiTable);
  return encoding === 'vni' ? vniDecoder() : platformDecoder(encoding);
}

/** Names people and files use, lower case without separators. */
const otherNames: Readonly<Record<string, TextEncoding>> = {
  utf8: 'utf-8',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  cp1258: 'windows-1258',
  windows1258: 'windows-1258',
  tcvn3: 'tcvn3',
  tcvn: 'tcvn3',
  tcvn5712: 'tcvn3',
  abc: 'tcvn3',
  viscii: 'viscii',
  vni: 'vni',
  vniwin: 'vni',
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  ansi: 'windows-1252',
  iso88591: 'windows-1252',
  latin1: 'windows-1252',
  iso885915: 'iso-8859-15',
};

/** The encoding a name means, e.g. `ISO-8859-1`, `cp1258`, `ABC`; undefined when it is not known. */
export function encodingNamed(name: string): TextEncoding | undefined {
  return otherNames[name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')];
}

function platformDecoder(encoding: string): PieceDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return { text: (bytes, last) => decoder.decode(bytes, { stream: !last }) };
}

function tableDecoder({ upper, lower }: ByteTable): PieceDecoder {
  const letters = Array.from({ length: 256 }, (_, byte) =>
    byte < 0x80 ? (lower[byte] ?? String.fromCharCode(byte)) : upper.charAt(byte - 0x80),
  );
  return {
    text: (bytes) => {
      let text = '';
      for (const byte of bytes) text += letters[byte] ?? '';
      return text;
    },
  };
}

function vniDecoder(): PieceDecoder {
  const latin = platformDecoder('windows-1252');
  let before = '';
  return {
    text: (bytes, last) => {
      const given = latin.text(bytes, last);
      const text = fromVni(given, before);
      before = given.at(-1) ?? before;
      return text;
    },
  };
}
