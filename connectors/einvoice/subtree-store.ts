import type { XmlAttributes } from '../decode/xml-reader.ts';
import type { XmlContext, XmlEvent, XmlSubtree } from '../decode/xml-subtree.ts';
import { contextInside, rootContext, xmlClose } from '../decode/xml-subtree.ts';

/** Elements with an Id, as references find them. */
export interface Subtrees {
  /** The element with that Id; undefined when there is none, or more than one. */
  byId(id: string): XmlSubtree | undefined;
  /** Drops what was kept: between two invoices. */
  forget(): void;
}

interface Recording {
  readonly id: string;
  readonly start: number;
  readonly depth: number;
  readonly context: XmlContext;
}

/** Events after which recording stops; a digest of such a document is unsupported rather than memory unbounded. */
const maxEvents = 4_000_000;

/**
 * Keeps the events of every element with an Id until {@link forget}, so that references can be resolved wherever in
 * the document the signature stands. Follows namespaces through the whole document.
 */
export class SubtreeStore implements Subtrees {
  #events: XmlEvent[] = [];
  #open: Recording[] = [];
  readonly #contexts: XmlContext[] = [];
  #context = rootContext;
  readonly #found = new Map<string, XmlSubtree | 'ambiguous'>();

  /** @param recording - whether the element may be referred to */
  open(name: string, attributes: XmlAttributes, recording: boolean): void {
    const id = recording ? idOf(attributes) : undefined;
    if (id !== undefined)
      this.#open.push({
        id,
        start: this.#events.length,
        depth: this.#contexts.length,
        context: this.#context,
      });
    if (this.#open.length > 0) this.#add({ kind: 'open', name, attributes });
    this.#contexts.push(this.#context);
    this.#context = contextInside(this.#context, attributes);
  }

  text(text: string): void {
    if (this.#open.length > 0) this.#add(text);
  }

  instruction(target: string, body: string): void {
    if (this.#open.length > 0) this.#add({ kind: 'instruction', target, body });
  }

  close(): void {
    this.#context = this.#contexts.pop() ?? rootContext;
    if (this.#open.length === 0) return;
    this.#add(xmlClose);
    const last = this.#open.at(-1);
    if (last?.depth !== this.#contexts.length) return;
    this.#open.pop();
    this.#keep(last);
  }

  byId(id: string): XmlSubtree | undefined {
    const found = this.#found.get(id);
    return found === 'ambiguous' ? undefined : found;
  }

  forget(): void {
    this.#events = [];
    this.#open = [];
    this.#found.clear();
  }

  #add(event: XmlEvent): void {
    if (this.#events.length < maxEvents) this.#events.push(event);
  }

  #keep({ id, start, context }: Recording): void {
    const whole = this.#events.length < maxEvents;
    const subtree: XmlSubtree = { events: whole ? this.#events.slice(start) : [], context };
    this.#found.set(id, this.#found.has(id) ? 'ambiguous' : subtree);
  }
}

/** Names under which an Id is met, the first one that is there counts. */
export const idNames = ['Id', 'ID', 'id'] as const;

/** The Id of an element. */
export function idOf(attributes: XmlAttributes): string | undefined {
  for (const name of idNames) if (attributes[name] !== undefined) return attributes[name];
  return undefined;
}
