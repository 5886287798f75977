import { valueAt } from '../decode/document-path.ts';
import { recordMeets, textOf } from './answer-judgement.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { Revisit } from './schema/reading-schema.ts';

/** Records that are still open, as the pages of this run and earlier ones tell. */
export class OpenRecords {
  private readonly open: Set<string>;
  /** Open before this run, and not shown by any page of it so far. */
  private readonly waiting: Set<string>;
  private readonly spec: Revisit;

  constructor(spec: Revisit, open: readonly string[], waiting: readonly string[]) {
    this.spec = spec;
    this.open = new Set(open);
    this.waiting = new Set(waiting);
  }

  /** Notes which records of a page are open and which are not any more. */
  note(items: readonly unknown[]): void {
    for (const item of items) {
      const id = textOf(valueAt(item, this.spec.field));
      if (id === undefined) continue;
      this.waiting.delete(id);
      if (recordMeets(this.spec.when, item)) this.open.add(id);
      else this.open.delete(id);
    }
  }

  /** A record that the source does not have any more. */
  gone(id: string): void {
    this.open.delete(id);
    this.waiting.delete(id);
  }

  /** Open records that no page of this run has shown. Throws data `revisit-limit`. */
  unseen(): readonly string[] {
    const ids = [...this.waiting].filter((id) => this.open.has(id)).sort();
    if (ids.length > this.spec.most)
      throw manifestTrouble('revisit-limit', `${ids.length} > ${this.spec.most}`);
    return ids;
  }

  /** What a cursor keeps of them. */
  kept(): { readonly open: string[]; readonly waiting: string[] } {
    return { open: [...this.open].sort(), waiting: [...this.waiting].sort() };
  }
}
