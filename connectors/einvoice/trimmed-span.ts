/** Where a text begins once the white space before it is gone, as `String.trim` sees it. */
export function trimmedStart(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  for (let width = 1; from < end && width > 0; from += width) width = whiteSpaceAt(bytes, from);
  return from;
}

/** Where a text ends before the white space that ends it. */
export function trimmedEnd(bytes: Uint8Array, from: number, end: number): number {
  let to = end;
  for (let width = 1; to > from && width > 0; to -= width) width = whiteSpaceBefore(bytes, to);
  return to;
}

function whiteSpaceBefore(bytes: Uint8Array, to: number): number {
  const last = bytes[to - 1] ?? 0;
  if (last < 0x80) return isBlank(last) ? 1 : 0;
  if (whiteSpaceAt(bytes, to - 3) === 3) return 3;
  return whiteSpaceAt(bytes, to - 2) === 2 ? 2 : 0;
}

/** Bytes of the white space character that begins at an offset; 0 = none does. */
function whiteSpaceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0xc2) return isBlank(first) ? 1 : 0;
  const second = bytes[at + 1] ?? 0;
  if (first === 0xc2) return second === 0xa0 ? 2 : 0;
  if (first < 0xe1 || first > 0xef) return 0;
  return isWideSpace((first << 16) | (second << 8) | (bytes[at + 2] ?? 0)) ? 3 : 0;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000 and U+FEFF, by their bytes. */
function isWideSpace(bytes: number): boolean {
  if (bytes >= 0xe28080 && bytes <= 0xe2808a) return true;
  return wideSpaces.has(bytes);
}

const wideSpaces: ReadonlySet<number> = new Set([
  0xe19a80, 0xe280a8, 0xe280a9, 0xe280af, 0xe2819f, 0xe38080, 0xefbbbf,
]);
