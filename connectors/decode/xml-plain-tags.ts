import type { PlainName, PlainNames } from './xml-plain-names.ts';

/** A place in the bytes where canonical XML is written otherwise. */
export interface PlainPatch {
  readonly from: number;
  readonly to: number;
  readonly as: string;
}

/** A stretch of a document's bytes. */
export interface PlainSpan {
  readonly from: number;
  readonly to: number;
}

/** An attribute of a tag. */
export interface PlainAttribute extends PlainSpan {
  readonly tag: number;
  readonly name: string;
  /** The value where its bytes are not it: it has references. */
  readonly text: string | undefined;
}

const firstRoom = 1024;

/**
 * The tags of one document in order; tag `n` has its place in every list. Offsets are bytes. An empty element has two
 * tags, the second without length. The lists are used again for the next document.
 */
export class PlainTags {
  readonly #names: PlainNames;
  count = 0;
  nameNumbers = new Int32Array(firstRoom);
  starts = new Int32Array(firstRoom);
  ends = new Int32Array(firstRoom);
  /** The tag that closes or opens the same element. */
  partners = new Int32Array(firstRoom);
  /** Texts after a tag in which references were resolved or line ends normalised. */
  readonly texts = new Map<number, string>();
  /** In order. */
  readonly attributes: PlainAttribute[] = [];
  /** Empty elements, and texts that were resolved, in order. */
  readonly patches: PlainPatch[] = [];
  /** Where a start tag stands that is not written as canonical XML would write it, or opens a signature. */
  readonly uncanonical: number[] = [];

  constructor(names: PlainNames) {
    this.#names = names;
  }

  clear(): void {
    this.count = 0;
    this.texts.clear();
    this.attributes.length = 0;
    this.patches.length = 0;
    this.uncanonical.length = 0;
  }

  add(nameNumber: number, start: number, end: number, partner: number): void {
    const at = this.count;
    if (at === this.starts.length) this.#grow();
    this.nameNumbers[at] = nameNumber;
    this.starts[at] = start;
    this.ends[at] = end;
    this.partners[at] = partner;
    this.count = at + 1;
  }

  name(tag: number): PlainName {
    return this.#names.at(this.nameNumbers[tag] ?? -1);
  }

  start(tag: number): number {
    return this.starts[tag] ?? 0;
  }

  end(tag: number): number {
    return this.ends[tag] ?? 0;
  }

  partner(tag: number): number {
    return this.partners[tag] ?? 0;
  }

  /** Whether a tag ends an element. */
  closes(tag: number): boolean {
    return (this.partners[tag] ?? 0) < tag;
  }

  #grow(): void {
    this.nameNumbers = grown(this.nameNumbers);
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    this.partners = grown(this.partners);
  }
}

function grown(list: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}
