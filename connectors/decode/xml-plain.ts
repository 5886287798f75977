import type { XmlAttributes, XmlHandler } from './xml-reader.ts';
import type { XmlContext, XmlEvent, XmlSubtree } from './xml-subtree.ts';
import { contextInside, rootContext, xmlClose } from './xml-subtree.ts';

/** A name of a plain document. */
export interface PlainName {
  readonly name: string;
  readonly local: string;
}

/** A place in the bytes where canonical XML is written otherwise. */
export interface PlainPatch {
  readonly from: number;
  readonly to: number;
  readonly as: string;
}

/**
 * The tags of a plain document in order; position `n` of every list is the n-th tag. Offsets are bytes. An empty element
 * has two tags, the second without length.
 */
export interface PlainTags {
  readonly names: PlainName[];
  readonly starts: number[];
  readonly ends: number[];
  /** The tag that closes or opens the same element. */
  readonly partners: number[];
  /** Whether the text after the tag holds more than ASCII. */
  readonly wide: boolean[];
  /** Texts after a tag in which references were resolved or line ends normalised. */
  readonly texts: Map<number, string>;
  readonly attributes: Map<number, XmlAttributes>;
  /** Empty elements, and texts that were resolved, in order. */
  readonly patches: PlainPatch[];
  /** Where a start tag stands that is not written as canonical XML would write it, or opens a signature. */
  readonly uncanonical: number[];
}

const signature = 'Signature';
const noAttributes: XmlAttributes = {};

/**
 * A document in the plain subset of XML, read at once (`xml-plain-reader.ts`): UTF-8 without DTD, comment, CDATA section
 * or processing instruction, with names in ASCII and nothing that the strict reader would refuse.
 */
export class PlainXml {
  readonly #bytes: Buffer;
  /** One character a byte, so that offsets are the same. */
  readonly #text: string;
  readonly #tags: PlainTags;
  #at = 0;

  constructor(bytes: Buffer, text: string, tags: PlainTags) {
    this.#bytes = bytes;
    this.#text = text;
    this.#tags = tags;
  }

  /** Number of the tag that is being told. */
  get at(): number {
    return this.#at;
  }

  /** Tells a handler what the strict reader would tell it. */
  tell(handler: XmlHandler): void {
    const { names, partners } = this.#tags;
    for (let tag = 0; tag < names.length; tag += 1) {
      this.#at = tag;
      const { local, name } = nameAt(names, tag);
      if ((partners[tag] ?? 0) < tag) handler.close(local, name);
      else handler.open(local, name, this.#tags.attributes.get(tag) ?? noAttributes);
      const text = this.#textAfter(tag);
      if (text !== '') handler.text(text);
    }
  }

  /** The element that a tag opens. */
  subtree(open: number): XmlSubtree {
    return new PlainSubtree(this, open, this.#tags.partners[open] ?? open);
  }

  /** What surrounds an element. */
  contextOf(open: number): XmlContext {
    let context = rootContext;
    for (const [tag, attributes] of this.#tags.attributes)
      if (tag < open && (this.#tags.partners[tag] ?? 0) > open)
        context = contextInside(context, attributes);
    return context;
  }

  /** What the strict reader would have recorded of an element. */
  eventsOf(open: number, close: number): readonly XmlEvent[] {
    const events: XmlEvent[] = [];
    for (let tag = open; tag <= close; tag += 1) {
      events.push((this.#tags.partners[tag] ?? 0) < tag ? xmlClose : this.openEvent(tag));
      const text = tag === close ? '' : this.#textAfter(tag);
      if (text !== '') events.push(text);
    }
    return events;
  }

  /** The start of an element as an event. */
  openEvent(tag: number): Extract<XmlEvent, { kind: 'open' }> {
    const { name } = nameAt(this.#tags.names, tag);
    return { kind: 'open', name, attributes: this.#tags.attributes.get(tag) ?? noAttributes };
  }

  /** All of an element after its start tag in canonical form, unless that takes more than {@link PlainPatch}es. */
  canonicalRest(open: number, close: number): readonly (Uint8Array | string)[] | undefined {
    const start = this.#tags.ends[open] ?? 0;
    const end = this.#tags.ends[close] ?? 0;
    const { local } = nameAt(this.#tags.names, open);
    if (local === signature || this.#tags.starts[close] === end) return undefined;
    if (this.#tags.uncanonical.some((place) => place >= start && place < end)) return undefined;
    return this.#patched(start, end);
  }

  #patched(start: number, end: number): readonly (Uint8Array | string)[] {
    const pieces: (Uint8Array | string)[] = [];
    let at = start;
    for (const { from, to, as } of this.#tags.patches) {
      if (from < at || to > end) continue;
      pieces.push(this.#bytes.subarray(at, from), as);
      at = to;
    }
    return [...pieces, this.#bytes.subarray(at, end)];
  }

  /** Whether names of an element and what is inside have prefixes. */
  hasPrefixes(open: number, close: number): boolean {
    for (let tag = open; tag < close; tag += 1) {
      const { local, name } = nameAt(this.#tags.names, tag);
      if (local !== name) return true;
    }
    return false;
  }

  #textAfter(tag: number): string {
    const from = this.#tags.ends[tag] ?? 0;
    const to = this.#tags.starts[tag + 1] ?? from;
    if (from >= to) return '';
    const text = this.#tags.texts.size > 0 ? this.#tags.texts.get(tag) : undefined;
    if (text !== undefined) return text;
    return this.#tags.wide[tag] === true
      ? this.#bytes.toString('utf8', from, to)
      : this.#text.slice(from, to);
  }
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
    const rest = this.#document.canonicalRest(this.#open, this.#close);
    if (rest === undefined) return undefined;
    const prefixed = this.#document.hasPrefixes(this.#open, this.#close);
    return { apex: this.#document.openEvent(this.#open), rest, prefixed };
  }
}

/** The name of a tag. */
export function nameAt(names: readonly PlainName[], tag: number): PlainName {
  const name = names[tag];
  if (name === undefined) throw new RangeError(`no tag ${tag}`);
  return name;
}
