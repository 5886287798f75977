import { XmlReader, type XmlAttributes, type XmlHandler } from './xml-reader.ts';

/** An element: attributes under `@name`, its text under `#text`, children by name, repeated ones as lists. */
export type XmlNode = Record<string, unknown>;

/** Collects the elements at one path while the document streams by; holds no more than one of them. */
export class XmlElements implements XmlHandler {
  rootFits = false;
  private readonly wanted: readonly string[];
  private readonly path: string[] = [];
  private readonly stack: { readonly node: XmlNode; text: string }[] = [];
  private elements: XmlNode[] = [];

  constructor(wanted: readonly string[]) {
    this.wanted = wanted;
  }

  open(_local: string, name: string, attributes: XmlAttributes): void {
    this.path.push(name);
    if (this.path.length === 1) this.rootFits = name === this.wanted[0];
    if (this.stack.length === 0 && !this.isWanted()) return;
    const node: XmlNode = {};
    for (const attribute in attributes) node[`@${attribute}`] = attributes[attribute];
    this.stack.push({ node, text: '' });
  }

  text(text: string): void {
    const here = this.stack.at(-1);
    if (here !== undefined) here.text += text;
  }

  close(): void {
    const name = this.path.pop() ?? '';
    const ended = this.stack.pop();
    if (ended === undefined) return;
    const around = this.stack.at(-1);
    if (around === undefined) this.elements.push(withText(ended));
    else put(around.node, name, plain(ended));
  }

  instruction(): void {
    // Style sheets and the like say nothing about records.
  }

  /** The elements since the last call. */
  taken(): readonly XmlNode[] {
    const { elements } = this;
    this.elements = [];
    return elements;
  }

  private isWanted(): boolean {
    return (
      this.path.length === this.wanted.length &&
      this.path.every((name, index) => name === this.wanted[index])
    );
  }
}

interface Ended {
  readonly node: XmlNode;
  readonly text: string;
}

function plain(ended: Ended): unknown {
  return Object.keys(ended.node).length === 0 ? ended.text : withText(ended);
}

function withText({ node, text }: Ended): XmlNode {
  return text.trim() === '' ? node : { ...node, '#text': text };
}

function put(node: XmlNode, name: string, value: unknown): void {
  const before = Object.hasOwn(node, name) ? node[name] : undefined;
  const shape = { writable: true, enumerable: true, configurable: true };
  if (before === undefined) Object.defineProperty(node, name, { ...shape, value });
  else node[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}

/** The elements at a path of a document that is in memory. Throws what the XML reader throws. */
export function elementsAt(
  bytes: Uint8Array,
  file: string,
  path: readonly string[],
): readonly XmlNode[] {
  const elements = new XmlElements(path);
  const reader = new XmlReader(elements, file);
  reader.write(bytes);
  reader.end();
  return elements.taken();
}

/** The name of a document's root element. */
export function rootOf(bytes: Uint8Array, file: string): string {
  let root: string | undefined;
  const nothing = () => undefined;
  const reader = new XmlReader(
    {
      open: (_local, name) => (root ??= name),
      close: nothing,
      text: nothing,
      instruction: nothing,
    },
    file,
  );
  reader.write(bytes);
  reader.end();
  return root ?? '';
}
