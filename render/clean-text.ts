/** Controls (all but tab and line feed), bidi overrides and isolates, zero-width joiners, BOM. */
const UNPRINTABLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/**
 * Text fit to print: composed (NFC, so that `ế` is one glyph however it arrived), without control
 * or direction-changing characters, without lone surrogates.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '')
    .normalize('NFC');
}
