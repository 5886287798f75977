import { isUtf8 } from 'node:buffer';
import { escapedText } from './xml-canonical.ts';
import type { XmlLimits } from './xml-limits.ts';
import { xmlLimits } from './xml-limits.ts';
import { nameAt, PlainXml } from './xml-plain.ts';
import type { PlainName, PlainTags } from './xml-plain.ts';
import { localName } from './xml-reader.ts';

/**
 * Reads a whole document if it is in the plain subset; undefined leaves it to the strict reader, which reads everything
 * and refuses what is to be refused.
 */
export function plainXml(bytes: Uint8Array, limits: XmlLimits = xmlLimits): PlainXml | undefined {
  if (bytes.length > limits.characters || !isUtf8(bytes)) return undefined;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = whole.toString('latin1');
  const tags = new PlainScan(whole, text, limits).tags();
  return tags && new PlainXml(whole, text, tags);
}

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
const blank = /^[ \t\r\n]*$/;
const blankByte = (byte: number | undefined): boolean => byte === 0x20;
/** A reference, or an ampersand that begins none. */
const anyReference = /&(?:[a-z]+|#[0-9]{2,4});|&/g;
const entities = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

/** A name, and the one that came after it last: mostly it comes again. */
interface KnownName extends PlainName {
  next: KnownName | undefined;
}

/** Names already met: documents of one kind have few. */
const knownNames = new Map<string, KnownName>();
const rememberedNames = 5000;

function knownName(name: string): KnownName {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  if (knownNames.size >= rememberedNames) knownNames.clear();
  const made = { name, local: localName(name), next: undefined };
  knownNames.set(name, made);
  return made;
}

/** Where a step found something outside the plain subset. */
const handOver = -1;

/** One pass over a document. Each step gives the offset after what it read, or {@link handOver}. */
class PlainScan {
  readonly #bytes: Buffer;
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #tags: PlainTags = {
    names: [],
    starts: [],
    ends: [],
    partners: [],
    wide: [],
    texts: new Map(),
    attributes: new Map(),
    patches: [],
    uncanonical: [],
  };
  readonly #open: number[] = [];
  #last: KnownName = { name: '', local: '', next: undefined };

  constructor(bytes: Buffer, text: string, limits: XmlLimits) {
    this.#bytes = bytes;
    this.#text = text;
    this.#limits = limits;
  }

  tags(): PlainTags | undefined {
    const head = declaration.exec(this.#text.slice(0, 200));
    if (head === null) return undefined;
    let at = this.#openTag(head[0].length);
    while (at !== handOver && this.#open.length > 0) {
      at = this.#textFrom(at);
      if (at === handOver) return undefined;
      at = this.#bytes[at + 1] === 0x2f ? this.#closeTag(at) : this.#openTag(at);
    }
    return at !== handOver && blank.test(this.#text.slice(at)) ? this.#tags : undefined;
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
    const tag = this.#tags.names.length - 1;
    this.#tags.wide[tag] = (found & beyondAscii) !== 0;
    return found <= beyondAscii || this.#keepResolved(tag, from, at) ? at : handOver;
  }

  /** Keeps a text with references or carriage returns; false if one is not plain. */
  #keepResolved(tag: number, from: number, to: number): boolean {
    const written = this.#bytes.toString('utf8', from, to);
    const resolved = resolvedText(written.replaceAll(/\r\n?/g, '\n'));
    if (resolved === undefined) return false;
    this.#tags.texts.set(tag, resolved);
    this.#tags.patches.push({ from, to, as: escapedText(resolved) });
    return true;
  }

  #closeTag(start: number): number {
    const tag = this.#open.pop() ?? 0;
    const known = nameAt(this.#tags.names, tag);
    const end = start + 3 + known.name.length;
    if (this.#bytes[end - 1] !== 0x3e || !this.#text.startsWith(known.name, start + 2))
      return handOver;
    this.#tags.partners[tag] = this.#tags.names.length;
    this.#add(known, start, end, tag);
    return end;
  }

  #openTag(start: number): number {
    const known = this.#nameFrom(start + 1);
    if (known === undefined) return handOver;
    const end = start + 1 + known.name.length;
    if (this.#open.length === 0 && /^html$/i.test(known.name)) return handOver;
    if (known.local === signature) this.#tags.uncanonical.push(start);
    this.#open.push(this.#tags.names.length);
    if (this.#open.length > this.#limits.depth) return handOver;
    this.#add(known, start, end + 1, this.#tags.names.length);
    return this.#bytes[end] === 0x3e ? end + 1 : this.#restOfTag(start, end);
  }

  #nameFrom(from: number): KnownName | undefined {
    const { next } = this.#last;
    const isNext =
      next !== undefined &&
      nameBytes[this.#bytes[from + next.name.length] ?? 0] === 0 &&
      this.#text.startsWith(next.name, from);
    if (isNext) return (this.#last = next);
    const end = this.#nameEnd(from);
    if (end === handOver) return undefined;
    const known = knownName(this.#text.slice(from, end));
    this.#last.next = known;
    return (this.#last = known);
  }

  #add(name: PlainName, start: number, end: number, partner: number): void {
    const { names, starts, ends, partners, wide } = this.#tags;
    names.push(name);
    starts.push(start);
    ends.push(end);
    partners.push(partner);
    wide.push(false);
  }

  /** Attributes, and the end of an empty element. */
  #restOfTag(start: number, from: number): number {
    const tag = this.#tags.names.length - 1;
    const at = this.#attributesFrom(tag, start, from);
    if (at === handOver || at - start > this.#limits.token) return handOver;
    const isEmpty = this.#bytes[at] === 0x2f;
    const end = isEmpty ? at + 2 : at + 1;
    if (this.#bytes[end - 1] !== 0x3e) return handOver;
    this.#tags.ends[tag] = end;
    return isEmpty ? this.#closeEmpty(tag, end) : end;
  }

  #closeEmpty(tag: number, end: number): number {
    const name = nameAt(this.#tags.names, tag);
    const slash = end - 2;
    const from = blankByte(this.#bytes[slash - 1]) ? slash - 1 : slash;
    this.#open.pop();
    this.#tags.patches.push({ from, to: end, as: `></${name.name}>` });
    this.#tags.partners[tag] = tag + 1;
    this.#add(name, end, end, tag);
    return end;
  }

  /** Reads attributes up to the `>` or `/` of a tag. */
  #attributesFrom(tag: number, start: number, from: number): number {
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    let count = 0;
    let at = from;
    for (; blankByte(this.#bytes[at]) && firstNameBytes[this.#bytes[at + 1] ?? 0] === 1;) {
      const end = this.#nameEnd(at + 1);
      const close = end === handOver ? handOver : this.#text.indexOf('"', end + 2);
      if (close < 0 || this.#text.slice(end, end + 2) !== '="') return handOver;
      const name = this.#text.slice(at + 1, end);
      const value = this.#attributeValue(end + 2, close);
      if (value === undefined || name in attributes) return handOver;
      attributes[name] = value;
      count += 1;
      if (count > 1 || /^xmlns$|:/.test(name) || this.#text.slice(end + 2, close).includes('&'))
        this.#tags.uncanonical.push(start);
      at = close + 1;
    }
    if (count > this.#limits.attributes) return handOver;
    if (count > 0) this.#tags.attributes.set(tag, attributes);
    if (!blankByte(this.#bytes[at])) return at;
    if (this.#bytes[at + 1] !== 0x2f) this.#tags.uncanonical.push(start);
    return at + 1;
  }

  #attributeValue(from: number, to: number): string | undefined {
    const written = this.#bytes.toString('utf8', from, to);
    return /[<\t\r\n\0-\x1f\uf000-\uffff]/.test(written) ? undefined : resolvedText(written);
  }

  #nameEnd(from: number): number {
    if (firstNameBytes[this.#bytes[from] ?? 0] !== 1) return handOver;
    let at = from + 1;
    while (nameBytes[this.#bytes[at] ?? 0] === 1) at += 1;
    return at - from > this.#limits.name ? handOver : at;
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
