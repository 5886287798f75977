import type { PlainXml } from '../decode/xml-plain.ts';
import type { XmlSubtree } from '../decode/xml-subtree.ts';
import type { Subtrees } from './subtree-store.ts';
import { idNames, idOf } from './subtree-store.ts';

/** The elements with an Id of a plain document, which needs no recording: it is there as a whole. */
export class PlainSubtrees implements Subtrees {
  readonly #document: PlainXml;
  /** The first tag that may be referred to; undefined before it. */
  #first: number | undefined;
  #last = 0;

  constructor(document: PlainXml) {
    this.#document = document;
  }

  /** Says which tag is being read, and whether its element may be referred to. */
  at(tag: number, recording: boolean): void {
    this.#last = tag;
    if (recording) this.#first ??= tag;
  }

  byId(id: string): XmlSubtree | undefined {
    if (this.#first === undefined) return undefined;
    const [tag, ...others] = this.#document
      .tagsWith(idNames, id, this.#first, this.#last)
      .filter((one) => idOf(this.#document.attributesOf(one)) === id);
    const isOne = tag !== undefined && others.every((other) => other === tag);
    return isOne ? this.#document.subtree(tag) : undefined;
  }

  forget(): void {
    this.#first = undefined;
  }
}
