const tones = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * A header's words as they are compared: lower case, white space and punctuation as one blank, the tone mark moved to
 * the end of its word (hoà = hòa), footnote marks and a unit in brackets left out.
 */
export function headerWords(text: string): string {
  return withoutUnit(text)
    .toLowerCase()
    .normalize('NFD')
    .split(/[^\p{L}\p{M}\p{N}%]+/u)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(tones, '') + (word.match(tones) ?? []).join(''))
    .join(' ');
}

/** A unit in brackets at the end of a header: `Sản lượng (nghìn tấn)` has `nghìn tấn`; `(1)` and `(*)` are none. */
export function headerUnit(text: string): string | undefined {
  const found = /\(([^()]+)(?:\(\*+\)\)?|\))\s*[*¹²³]*\s*$/.exec(text)?.[1]?.trim();
  return found === undefined || /^[\d*]+$/.test(found) ? undefined : found;
}

function withoutUnit(text: string): string {
  return text.normalize('NFC').replace(/\([^()]*\)\s*[*¹²³]*\s*$/, '');
}
