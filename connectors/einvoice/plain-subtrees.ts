import type { PlainXml } from '../decode/xml-plain.ts';
import type { XmlAttributes } from '../decode/xml-reader.ts';
import type { XmlSubtree } from '../decode/xml-subtree.ts';
import type { Subtrees } from './subtree-store.ts';
import { idOf } from './subtree-store.ts';

/** The elements with an Id of a plain document, which needs no recording: it is there as a whole. */
export class PlainSubtrees implements Subtrees {
  readonly #document: PlainXml;
  readonly #found = new Map<string, number | 'ambiguous'>();

  constructor(document: PlainXml) {
    this.#document = document;
  }

  open(_name: string, attributes: XmlAttributes, recording: boolean): void {
    const id = recording ? idOf(attributes) : undefined;
    if (id !== undefined)
      this.#found.set(id, this.#found.has(id) ? 'ambiguous' : this.#document.at);
  }

  text(): void {
    // Nothing is recorded.
  }

  instruction(): void {
    // A plain document has none.
  }

  close(): void {
    // Nothing is recorded.
  }

  byId(id: string): XmlSubtree | undefined {
    const found = this.#found.get(id);
    return typeof found === 'number' ? this.#document.subtree(found) : undefined;
  }

  forget(): void {
    this.#found.clear();
  }
}
