import { escapedAttribute } from './xml-canonical.ts';
import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import type { PlainName } from './xml-plain-names.ts';
import type { PlainAttribute, PlainTags } from './xml-plain-tags.ts';
import type { XmlContext, XmlEvent, XmlSubtree } from './xml-subtree.ts';
import { contextInside, rootContext, xmlClose } from './xml-subtree.ts';

const signature = 'Signature';
const noAttributes: XmlAttributes = {};

/**
 * A document in the plain subset of XML, read at once (`xml-plain-reader.ts`): UTF-8 without DTD, comment, CDATA section
 * or processing instruction, with names in ASCII and nothing that the strict reader would refuse. Its tags have numbers,
 * in order; each text stands after a tag.
 */
export class PlainXml {
  readonly bytes: Buffer;
  readonly #tags: PlainTags;

  constructor(bytes: Buffer, tags: PlainTags) {
    this.bytes = bytes;
    this.#tags = tags;
  }

  /** How many tags there are. */
  get count(): number {
    return this.#tags.count;
  }

  /** Whether a tag ends an element. */
  closes(tag: number): boolean {
    return this.#tags.closes(tag);
  }

  /** Whether a tag opens an element that holds no other: the next tag closes it. */
  isLeaf(tag: number): boolean {
    return this.#tags.partner(tag) === tag + 1;
  }

  name(tag: number): PlainName {
    return this.#tags.name(tag);
  }

  /** Where the text after a tag begins: up to {@link textEnd} it is written as it is meant, if not {@link resolved}. */
  textStart(tag: number): number {
    return this.#tags.end(tag);
  }

  textEnd(tag: number): number {
    return this.#tags.start(tag + 1);
  }

  /** The text after a tag, where references were resolved or line ends normalised. */
  resolved(tag: number): string | undefined {
    return this.#tags.texts.size > 0 ? this.#tags.texts.get(tag) : undefined;
  }

  /** The attributes of a tag, by place in the list of all. */
  attribute(tag: number, name: string): PlainAttribute | undefined {
    const { attributes } = this.#tags;
    for (let at = firstOf(attributes, tag); attributes[at]?.tag === tag; at += 1)
      if (attributes[at]?.name === name) return attributes[at];
    return undefined;
  }

  /** The tags from `first` to `last` that have one of some attributes with a value. */
  tagsWith(
    names: readonly string[],
    value: string,
    first: number,
    last: number,
  ): readonly number[] {
    const { attributes } = this.#tags;
    const found: number[] = [];
    for (let at = firstOf(attributes, first); at < attributes.length; at += 1) {
      const attribute = attributes[at];
      if (attribute === undefined || attribute.tag > last) break;
      if (names.includes(attribute.name) && this.valueOf(attribute) === value)
        found.push(attribute.tag);
    }
    return found;
  }

  valueOf({ text, from, to }: PlainAttribute): string {
    return text ?? this.bytes.toString('utf8', from, to);
  }

  /** Tells a handler what the strict reader would tell it. */
  tell(handler: XmlHandler): void {
    for (let tag = 0; tag < this.count; tag += 1) {
      const { local, name } = this.name(tag);
      if (this.closes(tag)) handler.close(local, name);
      else handler.open(local, name, this.attributesOf(tag));
      const text = this.textAfter(tag);
      if (text !== '') handler.text(text);
    }
  }

  attributesOf(tag: number): XmlAttributes {
    const { attributes } = this.#tags;
    let at = firstOf(attributes, tag);
    if (attributes[at]?.tag !== tag) return noAttributes;
    const own: Record<string, string> = Object.create(null) as Record<string, string>;
    for (let one = attributes[at]; one?.tag === tag; one = attributes[at]) {
      own[one.name] = this.valueOf(one);
      at += 1;
    }
    return own;
  }

  /** The element that a tag opens. */
  subtree(open: number): XmlSubtree {
    return new PlainSubtree(this, open, this.#tags.partner(open));
  }

  /** What surrounds an element. */
  contextOf(open: number): XmlContext {
    let context = rootContext;
    let last = -1;
    for (const { tag, name } of this.#tags.attributes) {
      if (tag >= open) break;
      if (tag === last || !name.startsWith('xml') || this.#tags.partner(tag) <= open) continue;
      last = tag;
      context = contextInside(context, this.attributesOf(tag));
    }
    return context;
  }

  /** What the strict reader would have recorded of an element. */
  eventsOf(open: number, close: number): readonly XmlEvent[] {
    const events: XmlEvent[] = [];
    for (let tag = open; tag <= close; tag += 1) {
      events.push(this.closes(tag) ? xmlClose : this.openEvent(tag));
      const text = tag === close ? '' : this.textAfter(tag);
      if (text !== '') events.push(text);
    }
    return events;
  }

  /** The start of an element as an event. */
  openEvent(tag: number): Extract<XmlEvent, { kind: 'open' }> {
    return { kind: 'open', name: this.name(tag).name, attributes: this.attributesOf(tag) };
  }

  /** All of an element after its start tag in canonical form, unless that takes more than patches. */
  canonicalRest(open: number, close: number): readonly (Uint8Array | string)[] | undefined {
    const start = this.#tags.end(open);
    const end = this.#tags.end(close);
    if (this.name(open).local === signature || this.#tags.start(close) === end) return undefined;
    for (const place of this.#tags.uncanonical) if (place >= start && place < end) return undefined;
    return this.#patched(start, end);
  }

  /** A start tag in canonical form, if it is written so and inherits nothing but a default namespace. */
  canonicalStart(open: number): readonly (Uint8Array | string)[] | undefined {
    const start = this.#tags.start(open);
    if (this.#tags.uncanonical.includes(start)) return undefined;
    const namespace = this.#defaultNamespace(open);
    if (namespace === undefined) return undefined;
    const end = this.#tags.end(open);
    const { name } = this.name(open);
    const rest = start + 1 + name.length;
    if (namespace === '') return [this.bytes.subarray(start, end)];
    return [`<${name} xmlns="${escapedAttribute(namespace)}"`, this.bytes.subarray(rest, end)];
  }

  /** The default namespace around an element; undefined where it inherits anything else. */
  #defaultNamespace(open: number): string | undefined {
    let namespace = '';
    for (const attribute of this.#tags.attributes) {
      if (attribute.tag >= open) break;
      if (!attribute.name.startsWith('xml') || this.#tags.partner(attribute.tag) <= open) continue;
      if (attribute.name !== 'xmlns') return undefined;
      namespace = this.valueOf(attribute);
    }
    return namespace;
  }

  #patched(start: number, end: number): readonly (Uint8Array | string)[] {
    const pieces: (Uint8Array | string)[] = [];
    let at = start;
    for (const { from, to, as } of this.#tags.patches) {
      if (from < at || to > end) continue;
      pieces.push(this.bytes.subarray(at, from), as);
      at = to;
    }
    pieces.push(this.bytes.subarray(at, end));
    return pieces;
  }

  /** Whether names of an element and what is inside have prefixes. */
  hasPrefixes(open: number, close: number): boolean {
    for (let tag = open; tag < close; tag += 1) {
      const { local, name } = this.name(tag);
      if (local !== name) return true;
    }
    return false;
  }

  /** The text after a tag; '' where there is none. */
  textAfter(tag: number): string {
    const from = this.textStart(tag);
    const to = tag + 1 < this.count ? this.textEnd(tag) : from;
    if (from >= to) return '';
    return this.resolved(tag) ?? this.bytes.toString('utf8', from, to);
  }
}

/** The place of the first attribute of a tag, or of the next that has one. */
function firstOf(attributes: readonly PlainAttribute[], tag: number): number {
  let low = 0;
  let high = attributes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((attributes[middle]?.tag ?? 0) < tag) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An element of a plain document; its events are made only if somebody asks. */
class PlainSubtree implements XmlSubtree {
  readonly #document: PlainXml;
  readonly #open: number;
  readonly #close: number;

  constructor(document: PlainXml, open: number, close: number) {
    this.#document = document;
    this.#open = open;
    this.#close = close;
  }

  get context(): XmlContext {
    return this.#document.contextOf(this.#open);
  }

  get events(): readonly XmlEvent[] {
    return this.#document.eventsOf(this.#open, this.#close);
  }

  get asWritten(): XmlSubtree['asWritten'] {
    const document = this.#document;
    const rest = document.canonicalRest(this.#open, this.#close);
    if (rest === undefined) return undefined;
    return {
      apex: () => document.openEvent(this.#open),
      start: () => document.canonicalStart(this.#open),
      rest,
      prefixed: () => document.hasPrefixes(this.#open, this.#close),
    };
  }
}
