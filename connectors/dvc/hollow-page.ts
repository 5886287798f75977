/** An answer without its records, which are counted and left to the warehouse to parse. */
export interface HollowPage {
  /** The answer as JSON text, its list of records emptied. */
  readonly text: string;
  readonly records: number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Cuts the records out of a page by its brackets alone: a page of thousands of dossiers is megabytes, of which reading
 * needs three numbers. Undefined where the brackets do not close, as in a body that was cut. What stands between them
 * is parsed when the page is decoded.
 */
export function hollowPage(bytes: Buffer, member: string): HollowPage | undefined {
  const list = listOf(bytes, member);
  if (list === undefined) return { text: bytes.toString('utf8'), records: 0 };
  const found = scanList(bytes, list);
  if (!found) return undefined;
  const text = bytes.toString('utf8', 0, list + 1) + bytes.toString('utf8', found.end);
  return { text, records: found.records };
}

/** Where the list of a member of the page itself begins; undefined where there is none. */
function listOf(bytes: Buffer, member: string): number | undefined {
  const name = Buffer.from(`"${member}"`);
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
    const begin = at + name.length;
    const [opening] = /^\s*:\s*\[/.exec(bytes.toString('latin1', begin, begin + 32)) ?? [];
    if (opening !== undefined && depthAt(bytes, at) === 1) return begin + opening.length - 1;
    // Only what stands before the list is looked through: the list is nearly all of a page.
    if (at > 65_536) return undefined;
  }
  return undefined;
}

/** How many brackets are open before a place; 0 inside a text. */
function depthAt(bytes: Buffer, end: number): number {
  let depth = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = textEnd(bytes, at);
    else if (byte === openList || byte === openObject) depth += 1;
    else if (byte === closeList || byte === closeObject) depth -= 1;
    if (at > end) return 0;
  }
  return depth;
}

interface ScannedList {
  readonly records: number;
  /** Place of the closing bracket. */
  readonly end: number;
}

function scanList(bytes: Buffer, begin: number): ScannedList | undefined {
  let depth = 0;
  let commas = 0;
  let isEmpty = true;
  for (let at = begin; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = textEnd(bytes, at);
    else if (byte === openList || byte === openObject) depth += 1;
    else if (byte === closeList || byte === closeObject) {
      depth -= 1;
      if (depth === 0) return { records: isEmpty ? 0 : commas + 1, end: at };
    } else if (byte === comma && depth === 1) commas += 1;
    if (isEmpty && at > begin && byte > 0x20) isEmpty = false;
  }
  return undefined;
}

/** Place of the quote that ends a text; past the end where none does. */
function textEnd(bytes: Buffer, begin: number): number {
  let at = begin + 1;
  for (let byte = bytes[at]; byte !== undefined && byte !== quote; byte = bytes[at])
    at += byte === backslash ? 2 : 1;
  return at;
}
