import { isUtf8 } from 'node:buffer';
import { escapedText } from './xml-canonical.ts';
import type { XmlLimits } from './xml-limits.ts';
import { xmlLimits } from './xml-limits.ts';
import { PlainXml } from './xml-plain.ts';
import { PlainNames } from './xml-plain-names.ts';
import { PlainTags } from './xml-plain-tags.ts';

const signature = 'Signature';

const beyondAscii = 1;
const reference = 2;
const carriageReturn = 4;
/** Left to the strict reader: control characters, `>` in text, and what may be U+FFFE. */
const unusual = 8;
const tagStart = 16;

/** What each byte means in a text. */
const meanings = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x3c) return tagStart;
  if (byte === 0x26) return reference;
  if (byte === 0x0d) return carriageReturn;
  if (byte === 0x3e || byte === 0xef) return unusual;
  if (byte < 0x20) return byte === 0x09 || byte === 0x0a ? 0 : unusual;
  return byte < 0x80 ? 0 : beyondAscii;
});

/** Bytes that names are made of; the second list is of those that they begin with. */
const nameBytes = bytesOf(/[A-Za-z0-9_.:-]/);
const firstNameBytes = bytesOf(/[A-Za-z_]/);

function bytesOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    Number(pattern.test(String.fromCharCode(byte))),
  );
}

const declaration =
  /^(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'][uU][tT][fF]-8["'])?(?: standalone=["'](?:yes|no)["'])? ?\?>)?[ \t\r\n]*(?=<)/;
/** Bytes in which a declaration ends. */
const headBytes = 200;
const blank = /^[ \t\r\n]*$/;
const space = 0x20;
const slash = 0x2f;
const tagEnd = 0x3e;
const quote = 0x22;
/** A reference, or an ampersand that begins none. */
const anyReference = /&(?:[a-z]+|#[0-9]{2,4});|&/g;
const entities = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

/** Where a step found something outside the plain subset. */
const handOver = -1;

/**
 * Reads whole documents that are in the plain subset, in one pass over their bytes. Each step gives the offset after
 * what it read, or {@link handOver}.
 */
export class PlainXmlReader {
  readonly #limits: XmlLimits;
  readonly #names = new PlainNames();
  readonly #tags = new PlainTags(this.#names);
  readonly #open: number[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the name ends that was read last. */
  #nameEnd = 0;

  constructor(limits: XmlLimits = xmlLimits) {
    this.#limits = limits;
  }

  /**
   * Reads a document if it is plain; undefined leaves it to the strict reader, which reads everything and refuses what is
   * to be refused. What it gives holds until the next document.
   */
  read(bytes: Uint8Array): PlainXml | undefined {
    if (bytes.length > this.#limits.characters || !isUtf8(bytes)) return undefined;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names.tidy();
    this.#tags.clear();
    this.#open.length = 0;
    return this.#whole() ? new PlainXml(this.#bytes, this.#tags) : undefined;
  }

  #whole(): boolean {
    const head = declaration.exec(this.#bytes.toString('latin1', 0, headBytes));
    if (head === null) return false;
    let at = this.#openTag(head[0].length);
    while (at !== handOver && this.#open.length > 0) {
      at = this.#textFrom(at);
      if (at === handOver) return false;
      at = this.#bytes[at + 1] === slash ? this.#closeTag(at) : this.#openTag(at);
    }
    return at !== handOver && blank.test(this.#bytes.toString('latin1', at));
  }

  #textFrom(from: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    let found = 0;
    let at = from;
    for (; at < length; at += 1) {
      const meaning = meanings[bytes[at] ?? 0] ?? unusual;
      if (meaning === tagStart) break;
      found |= meaning;
    }
    if (at >= length || (found & unusual) !== 0 || at - from > this.#limits.token) return handOver;
    return found <= beyondAscii || this.#keepResolved(from, at) ? at : handOver;
  }

  /** Keeps a text with references or carriage returns; false if one is not plain. */
  #keepResolved(from: number, to: number): boolean {
    const written = this.#bytes.toString('utf8', from, to);
    const resolved = resolvedText(written.replaceAll(/\r\n?/g, '\n'));
    if (resolved === undefined) return false;
    this.#tags.texts.set(this.#tags.count - 1, resolved);
    this.#tags.patches.push({ from, to, as: escapedText(resolved) });
    return true;
  }

  #closeTag(start: number): number {
    const tag = this.#open.pop() ?? 0;
    const number = this.#tags.nameNumbers[tag] ?? 0;
    const end = start + 2 + this.#names.at(number).bytes.length;
    if (this.#bytes[end] !== tagEnd || !this.#names.isAt(number, this.#bytes, start + 2, end))
      return handOver;
    this.#tags.partners[tag] = this.#tags.count;
    this.#tags.add(number, start, end + 1, tag);
    return end + 1;
  }

  #openTag(start: number): number {
    const number = this.#nameFrom(start + 1);
    if (number === handOver) return handOver;
    const end = this.#nameEnd;
    const { local, name } = this.#names.at(number);
    if (this.#open.length === 0 && /^html$/i.test(name)) return handOver;
    if (local === signature) this.#tags.uncanonical.push(start);
    this.#open.push(this.#tags.count);
    if (this.#open.length > this.#limits.depth) return handOver;
    this.#tags.add(number, start, end + 1, this.#tags.count);
    return this.#bytes[end] === tagEnd ? end + 1 : this.#restOfTag(start, end);
  }

  /** The number of the name that begins at `from`. */
  #nameFrom(from: number): number {
    const bytes = this.#bytes;
    if (firstNameBytes[bytes[from] ?? 0] !== 1) return handOver;
    let hash = 0;
    let at = from;
    for (; nameBytes[bytes[at] ?? 0] === 1; at += 1) hash = (hash * 31 + (bytes[at] ?? 0)) | 0;
    this.#nameEnd = at;
    if (at - from > this.#limits.name || this.#names.isFull) return handOver;
    return this.#names.number(bytes, from, at, hash);
  }

  /** Attributes, and the end of an empty element. */
  #restOfTag(start: number, from: number): number {
    const tag = this.#tags.count - 1;
    const at = this.#attributesFrom(tag, start, from);
    if (at === handOver || at - start > this.#limits.token) return handOver;
    const isEmpty = this.#bytes[at] === slash;
    const end = isEmpty ? at + 2 : at + 1;
    if (this.#bytes[end - 1] !== tagEnd) return handOver;
    this.#tags.ends[tag] = end;
    return isEmpty ? this.#closeEmpty(tag, end) : end;
  }

  #closeEmpty(tag: number, end: number): number {
    const from = this.#bytes[end - 3] === space ? end - 3 : end - 2;
    this.#open.pop();
    this.#tags.patches.push({ from, to: end, as: `></${this.#tags.name(tag).name}>` });
    this.#tags.partners[tag] = tag + 1;
    this.#tags.add(this.#tags.nameNumbers[tag] ?? 0, end, end, tag);
    return end;
  }

  /** Reads attributes up to the `>` or `/` of a tag. */
  #attributesFrom(tag: number, start: number, from: number): number {
    const bytes = this.#bytes;
    const first = this.#tags.attributes.length;
    let at = from;
    for (; bytes[at] === space && firstNameBytes[bytes[at + 1] ?? 0] === 1;) {
      at = this.#attribute(tag, first, start, at + 1);
      if (at === handOver) return handOver;
    }
    if (this.#tags.attributes.length - first > this.#limits.attributes) return handOver;
    if (bytes[at] !== space) return at;
    if (bytes[at + 1] !== slash) this.#tags.uncanonical.push(start);
    return at + 1;
  }

  #attribute(tag: number, first: number, start: number, from: number): number {
    const number = this.#nameFrom(from);
    const end = this.#nameEnd;
    if (number === handOver || this.#bytes[end] !== 0x3d || this.#bytes[end + 1] !== quote)
      return handOver;
    const close = this.#bytes.indexOf(quote, end + 2);
    if (close < 0) return handOver;
    const { name, local } = this.#names.at(number);
    const { attributes, uncanonical } = this.#tags;
    for (let i = first; i < attributes.length; i += 1)
      if (attributes[i]?.name === name) return handOver;
    const found = this.#attributeMeaning(end + 2, close);
    if ((found & unusual) !== 0) return handOver;
    const text = found < reference ? undefined : this.#resolvedAttribute(end + 2, close);
    if (found >= reference && text === undefined) return handOver;
    if (attributes.length > first || name === 'xmlns' || local !== name || found >= reference)
      uncanonical.push(start);
    attributes.push({ tag, name, from: end + 2, to: close, text });
    return close + 1;
  }

  #resolvedAttribute(from: number, to: number): string | undefined {
    return resolvedText(this.#bytes.toString('utf8', from, to));
  }

  /** Meanings of the bytes of an attribute's value; white space but the blank, and `<`, are unusual there. */
  #attributeMeaning(from: number, to: number): number {
    let found = 0;
    for (let at = from; at < to; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      const meaning = byte === tagEnd ? 0 : (meanings[byte] ?? unusual);
      found |= byte < space || meaning === tagStart ? unusual : meaning;
    }
    return found;
  }
}

/** A text with its references resolved; undefined where one is not plain. */
function resolvedText(text: string): string | undefined {
  if (!text.includes('&')) return text;
  const references = text.match(anyReference) ?? [];
  if (!references.every((one) => characterOf(one) !== undefined)) return undefined;
  return text.replaceAll(anyReference, (one) => characterOf(one) ?? '');
}

function characterOf(reference: string): string | undefined {
  if (!reference.startsWith('&#')) return entities.get(reference);
  const code = Number(reference.slice(2, -1));
  return code < 0x20 ? undefined : String.fromCharCode(code);
}
