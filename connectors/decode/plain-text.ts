import { literal } from '../../core/sql-text.ts';

/**
 * Characters that stay what they are in NFC next to each other, and that no CSV needs quotes for: printable ASCII
 * without quote, comma and semicolon, and Latin with its precomposed Vietnamese letters.
 */
const plainCharacters = String.raw`!#-+\--:<-~\x{a1}-\x{24f}\x{1e00}-\x{1eff}`;

/** Pattern of a text that needs no cleaning: plain characters, blanks only between them; or nothing at all. */
const plainText = `([${plainCharacters}]([ ${plainCharacters}]*[${plainCharacters}])?)?`;

/** SQL that tells whether a text is plain. */
export function isPlain(text: string): string {
  return `regexp_full_match(${text}, ${literal(plainText)})`;
}

/** SQL that tells whether a text is `count` plain texts with the delimiter between: a line of CSV without quotes. */
export function isPlainLine(text: string, count: number, delimiter: ',' | ';' | '\t'): string {
  const pattern = `(${plainText}${delimiter}){${count - 1}}${plainText}`;
  return `regexp_full_match(${text}, ${literal(pattern)})`;
}
